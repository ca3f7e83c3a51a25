from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from inspector.core.errors import InputError
from inspector.core.labels import Labels
from inspector.sweep.class_lookup import ClassNames, Scheme
from inspector.sweep.folder_truth import FROM_FOLDERS, detect_folders
from inspector.sweep.listing import Listing
from inspector.sweep.table_truth import read_truth
from inspector.sweep.truth import choose_truth

if TYPE_CHECKING:
    from pathlib import Path

LABELS = Labels(
    ("tench", "great white shark", "crane (n3)", "7"),
    ("n00000001", "n00000002", "n00000003", "n00000004"),
)
ROOT = "/data/set"


def detect(*folders: str, asked: bool = False):  # type: ignore[no-untyped-def]
    paths = [f"{ROOT}/{folder}/{n}.jpg" for folder in folders for n in range(3)]
    return detect_folders(paths, [ROOT], LABELS, asked)


@pytest.mark.parametrize(
    ("folders", "scheme", "classes"),
    [
        (("n00000001", "n00000003"), Scheme.WORDNET, (0, 2)),
        (("n00000002_shark", "train/n00000004/images"), Scheme.WORDNET, (1, 3)),
        (("Tench", "great_white_shark"), Scheme.LABELS, (0, 1)),
        (("0", "003"), Scheme.INDICES, (0, 3)),
    ],
)
def test_schemes_are_found(
    folders: tuple[str, ...], scheme: Scheme, classes: tuple[int, ...]
) -> None:
    truth = detect(*folders)
    assert truth is not None
    assert (truth.scheme, truth.coverage, truth.origin) == (scheme, 1.0, FROM_FOLDERS)
    for folder, index in zip(folders, classes, strict=True):
        assert truth.truth_of(f"{ROOT}/{folder}/any.jpg") == index


def test_part_of_the_folders_is_enough_and_the_rest_is_named() -> None:
    truth = detect("tench", "great white shark", "odds and ends")
    assert truth is not None
    assert truth.coverage == pytest.approx(2 / 3)
    assert truth.unknown == ("odds and ends",)
    assert truth.truth_of(f"{ROOT}/odds and ends/1.jpg") is None


@pytest.mark.parametrize(
    "folders", [("1", "2", "3"), ("holiday", "home"), ("tench", "a", "b"), ("0", "2024")]
)
def test_folders_that_may_mean_anything_are_no_classes(folders: tuple[str, ...]) -> None:
    assert detect(*folders) is None


def test_asked_for_they_are_and_none_at_all_is_an_error() -> None:
    truth = detect("1", "2", asked=True)
    assert truth is not None
    assert truth.truth_of(f"{ROOT}/2/x.jpg") == 2
    with pytest.raises(InputError, match="No folder's name is a class"):
        detect("holiday", asked=True)


def test_folders_above_what_was_named_are_no_classes() -> None:
    paths = ["/home/tench/set/1.jpg", "/home/tench/set/2.jpg"]
    assert detect_folders(paths, ["/home/tench/set"], LABELS) is None
    # The folder itself may be a class's, where its name cannot be chance.
    found = detect_folders(["/x/n00000002/1.jpg"], ["/x/n00000002"], LABELS)
    assert found is not None
    assert found.truth_of("/x/n00000002/1.jpg") == 1


def test_folders_in_archives() -> None:
    paths = ["/x/set.zip!/n00000001/1.jpg", "/x/set.zip!/n00000002/1.jpg"]
    found = detect_folders(paths, ["/x/set.zip"], LABELS)
    assert found is not None
    assert [found.truth_of(path) for path in paths] == [0, 1]


def test_a_label_goes_before_an_index_and_indices_have_an_end() -> None:
    names = ClassNames(LABELS)
    assert names.find("7") == 3
    assert names.find("2") == 2
    assert names.find("4") is None
    assert names.find("²") is None
    assert names.find("-1") is None


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_table(tmp_path: Path) -> None:
    table = write(
        tmp_path / "truth.csv", "path,label\na/1.jpg,tench\nb.jpg,n00000003\n./c/2.jpg,1\nd.jpg,\n"
    )
    truth = read_truth(table, LABELS, [ROOT])
    assert truth.truth_of(f"{tmp_path}/a/1.jpg") == 0
    assert truth.truth_of(f"{ROOT}/a/1.jpg") == 0
    assert truth.truth_of(f"{ROOT}/deep/in/b.jpg") == 2
    assert truth.truth_of(f"{ROOT}/c/2.jpg") == 1
    assert truth.truth_of(f"{ROOT}/other/1.jpg") is None
    assert truth.truth_of(f"{ROOT}/d.jpg") is None
    assert truth.origin == table


def test_a_table_for_an_archive(tmp_path: Path) -> None:
    table = write(tmp_path / "truth.tsv", "a/1.jpg\ttench\n")
    truth = read_truth(table, LABELS, ["/x/set.zip"])
    assert truth.truth_of("/x/set.zip!/a/1.jpg") == 0


@pytest.mark.parametrize(
    ("label", "hint"),
    [("tensh", "'tench'"), ("4", "0 to 3"), ("no such thing at all", "WordNet ids")],
)
def test_an_unknown_class_is_named_with_its_line(tmp_path: Path, label: str, hint: str) -> None:
    table = write(tmp_path / "truth.csv", f"path,label\na.jpg,tench\nb.jpg,{label}\n")
    with pytest.raises(InputError, match=f"Line 3 .*{label}") as caught:
        read_truth(table, LABELS, [ROOT])
    assert hint in caught.value.mend


def test_two_classes_for_one_picture_are_an_error(tmp_path: Path) -> None:
    twice = "path,label\na.jpg,tench\nb.jpg,7\na.jpg,tench\n"
    assert len(read_truth(write(tmp_path / "same.csv", twice), LABELS, [ROOT])) > 0
    table = write(tmp_path / "other.csv", f"{twice}./a.jpg,n00000003\n")
    with pytest.raises(InputError, match=r"Line 5 .*another class"):
        read_truth(table, LABELS, [ROOT])


def test_an_empty_table_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no true class"):
        read_truth(write(tmp_path / "truth.csv", "path,label\n"), LABELS, [ROOT])


def test_what_the_user_asks_for(tmp_path: Path) -> None:
    for name in ("n00000001/1.jpg", "n00000002/2.jpg"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(b"x")
    listing = Listing(tmp_path)
    assert choose_truth("none", listing, LABELS) is None
    for asked in ("auto", "folders"):
        truth = choose_truth(asked, listing, LABELS)
        assert [item.truth for item in listing.items(truth)] == [0, 1]
    table = write(tmp_path / "list.csv", "path,label\nn00000001/1.jpg,great white shark\n")
    own = Listing(table)
    assert [item.truth for item in own.items(choose_truth("auto", own, LABELS))] == [1]
    truth = choose_truth(table, listing, LABELS)
    assert [item.truth for item in listing.items(truth)] == [1, None]


def plant(folder: Path, *names: str) -> Listing:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x")
    return Listing(folder)


def test_a_table_that_has_none_of_the_pictures_says_so(tmp_path: Path) -> None:
    listing = plant(tmp_path / "set", "1.jpg", "2.jpg")
    table = write(tmp_path / "truth.csv", "path,label\nelse/3.jpg,tench\n")
    with pytest.raises(InputError, match="has none of the pictures") as caught:
        choose_truth(table, listing, LABELS)
    assert table in caught.value.message


def test_a_table_tells_of_how_many_pictures_it_has_the_class(tmp_path: Path) -> None:
    listing = plant(tmp_path / "set", "1.jpg", "2.jpg", "3.jpg")
    table = write(tmp_path / "truth.csv", "path,label\n2.jpg,tench\n1.jpg,7\n")
    truth = choose_truth(table, listing, LABELS)
    assert truth is not None
    assert truth.note == ""
    list(listing.items(truth))
    assert truth.note == f"2 of 3 pictures have a true class in {table}."
    truth = choose_truth(table, listing, LABELS)
    assert truth is not None
    list(listing.items(truth, limit=2))
    assert truth.note == ""


def test_folders_tell_of_how_many_pictures_they_name_the_class() -> None:
    truth = detect("tench", "great white shark", "odds and ends")
    assert truth is not None
    assert truth.note.startswith("6 of 9 pictures have a true class by their folder")
    assert "'odds and ends'" in truth.note
    whole = detect("tench")
    assert whole is not None
    assert whole.note == ""


@pytest.mark.parametrize(
    ("labels", "label", "ids"),
    [
        (
            Labels(("maillot (n01)", "x", "maillot (n02)"), ("n01", "n00", "n02")),
            "Maillot",
            "n01 or n02",
        ),
        (Labels(("a b", "A_b", "a  b")), "a b", "0, 1 or 2"),
        (Labels(("crane (class 0)", "crane (class 1)")), "crane", "0 or 1"),
    ],
)
def test_an_ambiguous_label_is_answered_with_what_it_may_mean(
    tmp_path: Path, labels: Labels, label: str, ids: str
) -> None:
    table = write(tmp_path / "truth.csv", f"path,label\na.jpg,{label}\n")
    with pytest.raises(InputError, match="more than one class") as caught:
        read_truth(table, labels, [ROOT])
    assert caught.value.mend == f"{label!r} is ambiguous: write {ids}."


def test_a_table_knows_the_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    table = write(tmp_path / "truth.csv", "path,label\n~/in/1.jpg,tench\n")
    truth = read_truth(table, LABELS, [ROOT])
    assert truth.truth_of(str(tmp_path / "home" / "in" / "1.jpg")) == 0
