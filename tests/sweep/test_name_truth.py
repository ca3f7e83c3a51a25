from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from inspector.core.errors import InputError
from inspector.core.labels import Labels
from inspector.sweep.class_lookup import Scheme
from inspector.sweep.listing import Listing
from inspector.sweep.name_truth import FROM_NAMES, detect_names
from inspector.sweep.truth import AUTO, FOLDERS, NAMES, choose_truth

if TYPE_CHECKING:
    from pathlib import Path

LABELS = Labels(
    ("tench", "great white shark", "crane (n3)", "7"),
    ("n00000001", "n00000002", "n00000003", "n00000004"),
)


def paths(*names: str) -> list[str]:
    return [f"/data/set/{name}" for name in names]


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("n00000002_hammerhead.JPEG", 1),
        ("n00000003.jpg", 2),
        ("ILSVRC2012_val_00000293_n00000004.JPEG", 3),
        ("n00000009_unknown.JPEG", None),
        ("n000000021.jpg", None),
        ("tench.jpg", None),
    ],
)
def test_wordnet_ids(name: str, index: int | None) -> None:
    truth = detect_names(paths("n00000001_a.jpg", name), LABELS, asked=True)
    assert truth is not None
    assert truth.scheme is Scheme.WORDNET
    assert truth.truth_of(f"/data/set/{name}") == index


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("tench.jpg", 0),
        ("Great_White-Shark.png", None),
        ("Great_White_Shark.png", 1),
        ("great white shark (12).jpg", 1),
        ("tench_007.jpg", 0),
        ("tench pond.jpg", None),
    ],
)
def test_labels(name: str, index: int | None) -> None:
    truth = detect_names(paths("tench.jpg", "tench 2.jpg", name), LABELS, asked=True)
    assert truth is not None
    assert truth.scheme is Scheme.LABELS
    assert truth.truth_of(f"/data/set/{name}") == index


def test_part_of_the_names_is_told() -> None:
    truth = detect_names(paths("n00000001_a.jpg", "holiday.jpg"), LABELS, asked=True)
    assert truth is not None
    assert truth.origin == FROM_NAMES
    assert truth.note.startswith("1 of 2 pictures have a true class by their name")
    assert "'holiday.jpg'" in truth.note


def test_names_without_a_class_are_an_error() -> None:
    with pytest.raises(InputError, match="No file's name"):
        detect_names(paths("a.jpg", "b.jpg"), LABELS, asked=True)


@pytest.mark.parametrize(
    "names",
    [
        ("n00000001_a.jpg", "b.jpg"),
        ("tench.jpg", "great white shark.jpg"),
        ("n00000009_a.jpg",),
        (),
    ],
    ids=["one without", "labels", "another class", "none"],
)
def test_unasked_every_name_must_have_a_wordnet_id(names: tuple[str, ...]) -> None:
    assert detect_names(paths(*names), LABELS) is None


def test_unasked_the_first_without_is_the_last_that_is_read() -> None:
    read = iter(paths("n00000001_a.jpg", "b.jpg", "n00000001_c.jpg"))
    assert detect_names(read, LABELS) is None
    assert len(list(read)) == 1


def test_without_wordnet_ids_nothing_is_taken_unasked() -> None:
    assert detect_names(paths("n00000001_a.jpg"), Labels(("tench", "shark"))) is None


def test_choices(tmp_path: Path) -> None:
    for name in ("n00000001_a.jpg", "n00000002_b.jpg"):
        (tmp_path / name).touch()
    listing = Listing(tmp_path)
    for asked in (AUTO, NAMES):
        truth = choose_truth(asked, listing, LABELS)
        assert truth is not None
        assert truth.origin == NAMES
        assert [item.truth for item in listing.items(truth)] == [0, 1]
    with pytest.raises(InputError, match="No folder's name"):
        choose_truth(FOLDERS, listing, LABELS)


def test_folders_go_before_names(tmp_path: Path) -> None:
    folder = tmp_path / "n00000003"
    folder.mkdir()
    (folder / "n00000001_a.jpg").touch()
    truth = choose_truth(AUTO, Listing(tmp_path), LABELS)
    assert truth is not None
    assert truth.origin == FOLDERS


def test_names_inside_an_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as made:
        made.writestr("n00000002_a.jpg", b"")
        made.writestr("x/n00000003_b.jpg", b"")
    listing = Listing(tmp_path / "set.zip")
    truth = choose_truth(NAMES, listing, LABELS)
    assert sorted(item.truth or 0 for item in listing.items(truth)) == [1, 2]
