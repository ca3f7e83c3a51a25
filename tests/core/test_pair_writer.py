from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.core.errors import ExportError
from inspector.core.input_range import CAFFE, LEVELS, SYMMETRIC, UNIT
from inspector.core.pair_writer import Comments, comments_of, pair_text, save_pair
from inspector.core.pairs import OutputKind, PairSpec, ReleaseSpec, Side, read_pairs
from inspector.core.proposing import ConventionProposal, known
from inspector.core.proposing_notes import unsettled_note, with_range
from inspector.core.resources import resource_path
from inspector.core.sources import Source, SourceKind
from tests.support.proposals import make_proposal, make_side


def release(kind: SourceKind, target: str, **changes: object) -> ReleaseSpec:
    plain = ReleaseSpec(
        Source(kind, target), "keras", LEVELS, OutputKind.PROBABILITIES, background=False
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def pair(folder: Path) -> PairSpec:
    left = release(
        SourceKind.KERAS_APPLICATION,
        "MobileNetV2",
        source=Source(
            SourceKind.KERAS_APPLICATION,
            "MobileNetV2",
            (("alpha", "0.35"), ("weights", str(folder / "w" / "x.h5"))),
        ),
        title='A "title" with \\ and ü',
    )
    right = release(
        SourceKind.SAVED_MODEL,
        str(folder / "~odd"),
        range=CAFFE,
        size=(160, 192),
        background=True,
        output=OutputKind.LOGITS,
    )
    return PairSpec("mine", "My pair", str(folder / "imagenet"), left, right, "A note", "Family")


def test_is_read_back_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    save_pair(file, pair(tmp_path))
    assert read_pairs(file) == (pair(tmp_path),)
    text = file.read_text(encoding="utf-8")
    assert "weights=w/x.h5" in text
    assert 'labels = "./imagenet"' in text
    assert str(tmp_path) not in text


def test_what_lies_elsewhere_stays_absolute(tmp_path: Path) -> None:
    file = tmp_path / "sub" / "mine.toml"
    file.parent.mkdir()
    save_pair(file, pair(tmp_path))
    assert read_pairs(file) == (pair(tmp_path),)
    assert str(tmp_path / "w" / "x.h5") in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("number", [0, 1])
def test_shipped_pairs_survive(number: int, tmp_path: Path) -> None:
    shipped = read_pairs(resource_path("pairs.toml"))[number]
    save_pair(tmp_path / "copy.toml", shipped)
    assert read_pairs(tmp_path / "copy.toml") == (shipped,)


def test_comments_stand_above_their_lines_and_cannot_break_out(tmp_path: Path) -> None:
    comments = Comments(
        head=("Made\nby = 'nobody'",), sides={Side.LEFT: {"range": ("word " * 60,)}}
    )
    text = pair_text(pair(tmp_path), tmp_path, comments)
    lines = text.splitlines()
    assert lines[0] == "# Made by = 'nobody'"
    above = lines[lines.index("range = [0.0, 255.0]") - 1]
    assert above.startswith("# word")
    assert all(len(line) <= 100 for line in lines if line.startswith("#"))


def test_refuses_what_is_there_and_other_names(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("old", encoding="utf-8")
    with pytest.raises(ExportError, match="is there already"):
        save_pair(file, pair(tmp_path))
    assert file.read_text(encoding="utf-8") == "old"
    save_pair(file, pair(tmp_path), force=True)
    assert read_pairs(file) == (pair(tmp_path),)
    with pytest.raises(ExportError, match="no name of a pair file"):
        save_pair(tmp_path / "mine.txt", pair(tmp_path))
    with pytest.raises(ExportError, match="could not be written"):
        save_pair(tmp_path / "missing" / "mine.toml", pair(tmp_path))


def test_a_name_that_would_be_read_otherwise_is_refused(tmp_path: Path) -> None:
    odd = replace(pair(tmp_path), right=release(SourceKind.HUB, str(tmp_path / "x?tags=train")))
    with pytest.raises(ExportError, match="read back"):
        pair_text(odd, tmp_path)


_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1)


@given(title=_TEXTS, note=_TEXTS, pair_id=_TEXTS.filter(lambda text: text.strip()))
def test_any_text_survives(title: str, note: str, pair_id: str) -> None:
    base = Path("/models")
    made = replace(pair(base), title=title, note=note, id=pair_id)
    assert pair_text(made, base)


def test_reasons_of_a_range_go_with_it() -> None:
    wanted = ConventionProposal(SYMMETRIC, 0.59, ("Its layers.",))
    note = unsettled_note(wanted)
    found = make_proposal(left=make_side(range=wanted, notes=("Keep this.", note)))
    assert comments_of(found, found.to_pair()).of(Side.LEFT, "source") == ("Keep this.", note)
    proposed = found.to_pair()
    chosen = replace(proposed, left=replace(proposed.left, range=CAFFE))
    comments = comments_of(found, chosen)
    assert comments.of(Side.LEFT, "range") == ("Chosen by the user.",)
    assert comments.of(Side.LEFT, "source") == ("Keep this.",)


def test_a_range_that_the_user_names_brings_its_own_reason() -> None:
    wanted = ConventionProposal(UNIT, 0.59, ("Its layers.",))
    side = make_side(range=wanted, notes=(unsettled_note(wanted),))
    settled = with_range(side, known(CAFFE, "Named by the user."))
    assert settled.notes == ()
    assert settled.channels.value == "bgr"
    said = comments_of(make_proposal(left=settled))
    assert said.of(Side.LEFT, "range") == ("Known: Named by the user.",)
