from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from inspector.core.errors import PairFileError
from inspector.core.labels import Labels, imagenet_labels, load_labels

if TYPE_CHECKING:
    from pathlib import Path


def test_imagenet() -> None:
    labels = load_labels("imagenet", 1000)
    assert labels is imagenet_labels()
    assert len(set(labels.names)) == len(set(labels.wordnet_ids)) == 1000
    assert (labels.name(0), labels.wordnet_id(0)) == ("tench", "n01440764")
    assert (labels.name(285), labels.wordnet_id(285)) == ("Egyptian cat", "n02124075")
    assert labels.name(574) == "golf ball"
    assert labels.name(134).startswith("crane (n0")
    assert labels.name(999).startswith("toilet tissue")


def test_every_wordnet_id_has_its_form() -> None:
    assert all(
        len(i) == 9 and i[0] == "n" and i[1:].isdigit() for i in imagenet_labels().wordnet_ids
    )


def test_indices() -> None:
    labels = load_labels("indices", 3)
    assert labels.names == ("class 0", "class 1", "class 2")
    assert labels.wordnet_id(0) is None


def test_past_the_end() -> None:
    labels = Labels(("a",), ("n1",))
    assert labels.name(5) == "class 5"
    assert labels.wordnet_id(5) is None


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "labels.txt"
    path.write_bytes("\ufeffKatze\r\nHäschen \n\n猫\n".encode())
    assert load_labels(str(path), 3).names == ("Katze", "Häschen", "猫")


@pytest.mark.parametrize("first", ["background", "Background", "dummy"])
def test_a_background_class_at_the_head_of_a_file_is_left_out(tmp_path: Path, first: str) -> None:
    """Lists of TF Hub's and slim's ImageNet models have 1001 lines."""
    path = tmp_path / "labels.txt"
    path.write_text(f"{first}\ncat\ndog\n")
    assert load_labels(str(path), 2).names == ("cat", "dog")
    assert load_labels(str(path), 3).names == (first, "cat", "dog")


def test_one_label_too_many_that_is_no_background_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "labels.txt"
    path.write_text("cat\ndog\nowl\n")
    with pytest.raises(PairFileError, match="3 labels"):
        load_labels(str(path), 2)


def test_labels_packed_into_a_model(tmp_path: Path) -> None:
    model = tmp_path / "model.tflite"
    model.write_bytes(b"\x1c\0\0\0TFL3" + bytes(200))
    with pytest.raises(PairFileError, match=r"No labels are packed into model\.tflite"):
        load_labels(str(model), 2)
    with zipfile.ZipFile(model, "a") as archive:
        archive.writestr("labels.txt", "background\ncat\nHäschen\n")
    assert load_labels(str(model), 2).names == ("cat", "Häschen")
    gone = tmp_path / "gone.tflite"
    with pytest.raises(PairFileError, match=r"gone\.tflite.*No such file"):
        load_labels(str(gone), 2)


def test_equal_names_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "labels.txt"
    path.write_text("crane\ncat\ncrane\n")
    assert load_labels(str(path), 3).names == ("crane (class 0)", "cat", "crane (class 2)")


@pytest.mark.parametrize("classes", [1001, 999])
def test_another_number_of_classes(classes: int) -> None:
    with pytest.raises(PairFileError, match=f"1000 labels.*share {classes}") as caught:
        load_labels("imagenet", classes)
    assert "background" in caught.value.mend


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    binary = tmp_path / "binary.txt"
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "none.txt", tmp_path, binary, "a\0b"):
        with pytest.raises(PairFileError, match="could not be read"):
            load_labels(str(path), 3)
