from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from inspector.core.errors import PairFileError, UsageError
from inspector.core.input_range import CAFFE, SYMMETRIC, TORCH, UNIT
from inspector.core.pairs import OutputKind, Side, find_pair, parse_pairs, read_pairs

LEFT = """
source = "keras-file:keras.keras"
mode = "keras"
range = [-1.0, 1.0]
output = "probabilities"
background = false
"""
RIGHT = """
source = "hub:hub"
mode = "hub"
range = [0, 1]
output = "logits"
background = true
"""


def pair_text(head: str = 'id = "a"', left: str = LEFT, right: str = RIGHT) -> str:
    return f"[[pair]]\n{head}\n[pair.left]{left}[pair.right]{right}"


def read(folder: Path, text: str | bytes) -> Any:
    path = folder / "pairs.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_pairs(path)


def refuse(folder: Path, text: str | bytes) -> PairFileError:
    with pytest.raises(PairFileError) as caught:
        read(folder, text)
    assert caught.value.message
    assert caught.value.mend
    return caught.value


def test_a_pair(tmp_path: Path) -> None:
    (pair,) = read(tmp_path, pair_text('id = "a"\ntitle = "A pair"\nlabels = "imagenet"\nnote="n"'))
    assert (pair.id, pair.title, pair.labels, pair.note) == ("a", "A pair", "imagenet", "n")
    assert pair.release(Side.LEFT) is pair.left
    assert pair.release(Side.LEFT.other) is pair.right
    assert pair.left.source.target == str(tmp_path / "keras.keras")
    assert (pair.left.range, pair.right.range) == (SYMMETRIC, UNIT)
    assert tuple(pair.left.range) == (-1.0, 1.0)
    assert pair.right.output is OutputKind.LOGITS
    assert pair.right.background
    assert (pair.left.name, pair.right.name) == ("keras.keras", "hub")
    assert pair.left.size is None


def test_what_may_be_left_out_has_a_default(tmp_path: Path) -> None:
    (pair,) = read(tmp_path, pair_text())
    assert (pair.title, pair.labels, pair.note) == ("a", "indices", "")


def test_paths_are_resolved_from_the_file(tmp_path: Path) -> None:
    folder = tmp_path / "Modelle ½"
    folder.mkdir()
    (pair,) = read(folder, pair_text('id = "ä"\nlabels = "../labels.txt"'))
    assert pair.labels == str(tmp_path / "labels.txt")
    assert pair.right.source.target == str(folder / "hub")
    assert pair.id == "ä"


def test_a_byte_order_mark_is_no_matter(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbf" + pair_text().encode())[0].id == "a"


def test_several_pairs_are_found_by_id(tmp_path: Path) -> None:
    pairs = read(tmp_path, pair_text() + pair_text('id = "bcd"'))
    assert find_pair(pairs, "bcd").id == "bcd"
    with pytest.raises(UsageError) as caught:
        find_pair(pairs, "bce")
    assert "'bcd'" in caught.value.mend


def test_titles_of_known_sources(tmp_path: Path) -> None:
    left = LEFT.replace("keras-file:keras.keras", "keras-application:MobileNetV2")
    handle = "https://tfhub.dev/google/tf2-preview/mobilenet_v2/classification/4"
    (pair,) = read(tmp_path, pair_text(left=left, right=RIGHT.replace("hub:hub", f"hub:{handle}")))
    assert pair.left.name == "keras.applications.MobileNetV2"
    assert pair.right.name == "TF Hub tf2-preview/mobilenet_v2/classification/4"
    (pair,) = read(tmp_path, pair_text(left=LEFT + 'title = "Mine"\n'))
    assert pair.left.name == "Mine"


@pytest.mark.parametrize(("name", "known"), [("caffe", CAFFE), ("torch", TORCH)])
def test_a_range_may_have_a_name(tmp_path: Path, name: str, known: object) -> None:
    (pair,) = read(tmp_path, pair_text(left=LEFT.replace("[-1.0, 1.0]", f'"{name}"')))
    assert pair.left.range == known


def features(text: str) -> str:
    for kind in ("probabilities", "logits"):
        text = text.replace(f'output = "{kind}"', 'output = "features"')
    return text.replace("background = true", "background = false")


def test_features_on_both_sides(tmp_path: Path) -> None:
    (pair,) = read(tmp_path, pair_text(left=features(LEFT), right=features(RIGHT)))
    assert {side.output for side in (pair.left, pair.right)} == {OutputKind.FEATURES}


@pytest.mark.parametrize(
    ("head", "left", "right", "message", "mend"),
    [
        ("", features(LEFT), RIGHT, "one side gives features", "both sides"),
        ("", LEFT, features(RIGHT), "one side gives features", "both sides"),
        (
            *("", features(LEFT), features(RIGHT).replace("ground = false", "ground = true")),
            *("no background class", "background = false"),
        ),
        (
            *("\nlabels = 'imagenet'", features(LEFT), features(RIGHT)),
            *("no class labels", 'labels = "indices"'),
        ),
    ],
)
def test_features_that_are_not_comparable(
    tmp_path: Path, head: str, left: str, right: str, message: str, mend: str
) -> None:
    error = refuse(tmp_path, pair_text(f"id = 'a'{head}", left, right))
    assert message in error.message
    assert "'a'" in error.message
    assert mend in error.mend


def test_a_pair_may_be_listed_under_a_family(tmp_path: Path) -> None:
    assert read(tmp_path, pair_text("id = 'a'\nfamily = 'ResNet'"))[0].family == "ResNet"


def test_size(tmp_path: Path) -> None:
    (pair,) = read(tmp_path, pair_text(left=LEFT + "size = [96, 128]\n"))
    assert pair.left.size == (96, 128)


@pytest.mark.parametrize(
    ("old", "new", "message", "mend"),
    [
        ('mode = "keras"', 'mod = "keras"', "unknown key 'mod'", "'mode'"),
        ('mode = "keras"', 'mode = "kers"', "'kers' is not known", "'keras'"),
        ('mode = "keras"', 'mode = "bgr"', "'bgr' is not known", "mode"),
        ('mode = "keras"', "mode = 3", "mode is not a text", "mode"),
        ('output = "probabilities"', 'output = "logit"', "'logit'", "'logits'"),
        ("background = false", "background = 0", "not true or false", "true"),
        ("background = false\n", "\n", "has no 'background'", "never guesses"),
        ("range = [-1.0, 1.0]\n", "\n", "has no 'range'", "Add range"),
        ("[-1.0, 1.0]", "[-1.0, 2.0]", "[-1, 2] is not known", "[0, 255]"),
        ("[-1.0, 1.0]", "[-1.0]", "neither two numbers nor a name", "[0, 255]"),
        ("[-1.0, 1.0]", '["-1", "1"]', "neither two numbers nor a name", "[0, 255]"),
        ("[-1.0, 1.0]", '"cafe"', "range 'cafe' is not known", '"caffe", "torch"'),
        ("[-1.0, 1.0]", '""', "range '' is not known", "[0, 255]"),
        ("[-1.0, 1.0]", "[false, true]", "neither two numbers nor a name", "[0, 255]"),
        ("[-1.0, 1.0]", "[nan, 1.0]", "is not known", "[0, 255]"),
        ("[-1.0, 1.0]", "1.0", "neither two numbers nor a name", "[0, 255]"),
        ('"keras-file:keras.keras"', '"keras-fil:x"', "unknown kind", "'keras-file'"),
        ('"keras-file:keras.keras"', '"keras-file:"', "names nothing", "keras-file:"),
        ('"keras-file:keras.keras"', '["x"]', "source is not a text", "source"),
    ],
)
def test_wrong_keys_of_a_side(tmp_path: Path, old: str, new: str, message: str, mend: str) -> None:
    assert old in LEFT
    error = refuse(tmp_path, pair_text(left=LEFT.replace(old, new)))
    assert message in error.message
    assert mend in error.mend


@pytest.mark.parametrize("size", ["224", "[224]", "[224, 0]", "[224.0, 224.0]", "[true, 1]", '"x"'])
def test_wrong_sizes(tmp_path: Path, size: str) -> None:
    error = refuse(tmp_path, pair_text(left=f"{LEFT}size = {size}\n"))
    assert "size = [height, width]" in error.mend


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has no [[pair]]"),
        ("pair = 3", "has no [[pair]]"),
        ("pair = [3]", "is not a table"),
        ("[pair]\nid = 'a'", "has no [[pair]]"),
        ("[[pairs]]", "unknown key 'pairs'"),
        ("[[pair]]\nid = 'a'", "has no 'left'"),
        ("[[pair]]\nid = 'a'\nleft = 1\nright = 2", "is not a table"),
        (pair_text(""), "has no 'id'"),
        (pair_text("id = 7"), "id is not a text"),
        (pair_text("id = ''"), "empty id"),
        (pair_text("id = 'a'\nlables = 'imagenet'"), "unknown key 'lables'"),
        (pair_text("id = 'a'\ntitle = []"), "title is not a text"),
        (pair_text("id = 'a'\nlabels = \"a\\u0000b\""), "cannot be a path"),
        (pair_text() + pair_text(), "two pairs with the id 'a'"),
        ("[[pair]", "is not valid TOML"),
        ("a = 1\na = 2", "is not valid TOML"),
        ("a = " + "[" * 5000, "nested too deeply"),
        (b"\xff\xfe\x00", "not UTF-8"),
    ],
)
def test_wrong_files(tmp_path: Path, text: str | bytes, message: str) -> None:
    assert message in refuse(tmp_path, text).message


def test_an_unknown_key_names_file_and_pair(tmp_path: Path) -> None:
    error = refuse(tmp_path, pair_text("id = 'mine'\nlables = 'imagenet'"))
    assert "pairs.toml" in error.message
    assert "'mine'" in error.message
    assert "'labels'" in error.mend


def test_missing_file_folder_and_senseless_path(tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path, Path("/" + "x" * 5000), Path("a\0b.toml")):
        with pytest.raises(PairFileError, match="could not be read"):
            read_pairs(path)


def test_parse_pairs_takes_no_file() -> None:
    with pytest.raises(PairFileError, match="settings"):
        parse_pairs({}, Path("/"), "settings")


def test_reading_pairs_imports_nothing_large() -> None:
    import subprocess

    code = (
        "import sys; import inspector.core.catalogue, inspector.session, inspector.engine.client;"
        "sys.exit(any(m in sys.modules for m in "
        "('tensorflow', 'keras', 'PIL', 'PySide6', 'tensorflow_hub')))"
    )
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
