from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.core.errors import PairFileError
from inspector.core.sources import Source, SourceKind, nearest_hint, parse_source

BASE = Path("/pairs")
HANDLE = "https://tfhub.dev/google/tf2-preview/mobilenet_v2/classification/4"


def test_keras_application() -> None:
    text = "keras-application:MobileNetV2?alpha=1.0&size=224&weights=imagenet"
    source = parse_source(text, BASE)
    assert source.kind is SourceKind.KERAS_APPLICATION
    assert source.target == "MobileNetV2"
    assert source.option("alpha") == "1.0"
    assert source.option("classes", "1000") == "1000"
    assert source.is_remote
    assert str(source) == text


@pytest.mark.parametrize(
    ("text", "target", "remote"),
    [
        ("keras-file:m.keras", "/pairs/m.keras", False),
        ("keras-file:/abs/m.keras", "/abs/m.keras", False),
        ("keras-file:../up/m.keras", "/up/m.keras", False),
        ("saved-model:große Modelle/hub", "/pairs/große Modelle/hub", False),
        ("hub:hub", "/pairs/hub", False),
        (f"hub:{HANDLE}", HANDLE, True),
        (f"hub:{HANDLE}/", f"{HANDLE}/", True),
        ("keras-file:a?b=c.keras", "/pairs/a?b=c.keras", False),
    ],
)
def test_paths_and_handles(text: str, target: str, remote: bool) -> None:
    source = parse_source(text, BASE)
    assert (source.target, source.is_remote) == (target, remote)


def test_home_is_expanded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    assert parse_source("keras-file:~/m.keras", BASE).target == "/home/somebody/m.keras"


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ("w.h5", "/pairs/w.h5"),
        ("a+b.h5", "/pairs/a+b.h5"),
        ("a b.h5", "/pairs/a b.h5"),
        ("a%20b%26c.h5", "/pairs/a b&c.h5"),
        ("100%.h5", "/pairs/100%.h5"),
        ("a=b.h5", "/pairs/a=b.h5"),
        ("none", "none"),
        ("imagenet", "imagenet"),
    ],
)
def test_weights_may_be_a_path(weights: str, expected: str) -> None:
    source = parse_source(f"keras-application:MobileNetV2?weights={weights}", BASE)
    assert source.option("weights") == expected
    assert source.is_remote == (weights == "imagenet")


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("keras-aplication:MobileNetV2", "'keras-application'"),
        ("saved_model:x", "'saved-model'"),
        ("", "Use one of the known kinds"),
        ("zzz:x", "Use one of the known kinds"),
        ("hub", "Write hub:"),
        ("hub:", "Write hub:"),
        ("keras-application:MobileNetV2?aplha=1.0", "'alpha'"),
        ("keras-application:MobileNetV2?alpha=inf", "alpha=1.0"),
        ("keras-application:MobileNetV2?alpha=nan", "alpha=1.0"),
        ("keras-application:MobileNetV2?alpha=-1", "alpha=1.0"),
        ("keras-application:MobileNetV2?size=2.5", "size=224"),
        ("keras-application:MobileNetV2?size=", "size=224"),
        ("keras-application:MobileNetV2?classes=0", "classes=224"),
        ("keras-file:a\0b", "Correct it"),
    ],
)
def test_errors_name_the_mend(text: str, mend: str) -> None:
    with pytest.raises(PairFileError) as caught:
        parse_source(text, BASE)
    assert mend in caught.value.mend


names = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/"), min_size=1, max_size=30
).filter(lambda name: not name.startswith("~") and name not in {".", "..", "none", "imagenet"})


@given(names)
def test_a_source_reads_back_what_it_writes(name: str) -> None:
    source = Source(
        SourceKind.KERAS_APPLICATION, "MobileNetV2", (("alpha", "0.35"), ("weights", f"/{name}"))
    )
    assert parse_source(str(source), BASE) == source


@given(st.text(max_size=40))
def test_any_text_gives_a_source_or_one_error(text: str) -> None:
    with contextlib.suppress(PairFileError):
        assert str(parse_source(text, BASE))


def test_nearest_hint_lists_all_where_none_is_near() -> None:
    assert nearest_hint("zzzz", ("left", "right"), "side") == (
        "Use one of the known sides: left, right."
    )


@pytest.mark.parametrize(
    ("kind", "mend"),
    [
        ("saved-model", "Use one of the known options: tags, signature, output"),
        ("keras-file", "takes no options"),
    ],
)
def test_an_unknown_option_after_a_path_that_is_there(tmp_path: Path, kind: str, mend: str) -> None:
    (tmp_path / "model").mkdir()
    with pytest.raises(PairFileError, match="unknown option 'blub'") as caught:
        parse_source(f"{kind}:model?blub=1", tmp_path)
    assert mend in caught.value.mend
    (tmp_path / "model?blub=1").mkdir()
    assert parse_source(f"{kind}:model?blub=1", tmp_path).target.endswith("model?blub=1")


def test_a_misspelt_option_alone_is_named(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    with pytest.raises(PairFileError) as caught:
        parse_source("saved-model:model?signatur=x", tmp_path)
    assert caught.value.mend == "Did you mean 'signature'?"
