"""Which release is meant by what somebody writes after ``describe``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from inspector.core.catalogue import STARTER, choose_pair
from inspector.core.description import (
    DescribeTask,
    TensorFacts,
    picture_sizes,
    release_to_describe,
)
from inspector.core.errors import InspectorError, PairFileError, ReleaseMissingError, UsageError
from inspector.core.resources import resource_path
from inspector.core.sources import SourceKind

if TYPE_CHECKING:
    from pathlib import Path


def test_a_side_of_a_shipped_pair() -> None:
    pair = choose_pair(STARTER)
    assert release_to_describe("starter/left") == pair.left
    assert release_to_describe("starter/right") == pair.right


def test_a_side_of_a_pair_file() -> None:
    path = resource_path("pairs.toml")
    assert release_to_describe(f"{path}#{STARTER}/right") == choose_pair(STARTER).right
    first = release_to_describe(f"{path}/left")
    assert first == choose_pair(str(path)).left


def test_a_source_line(tmp_path: Path) -> None:
    found = release_to_describe(f"hub:{tmp_path}?tags=train&signature=default").source
    assert (found.kind, found.target) == (SourceKind.HUB, str(tmp_path))
    assert found.options == (("tags", "train"), ("signature", "default"))


def test_a_handle() -> None:
    handle = "https://tfhub.dev/google/imagenet/inception_v3/feature_vector/1"
    found = release_to_describe(handle).source
    assert (found.kind, found.target) == (SourceKind.HUB, handle)


def test_a_folder_on_this_machine_comes_first(tmp_path: Path) -> None:
    """Also one whose name is that of a side."""
    folder = tmp_path / "left"
    folder.mkdir()
    (folder / "saved_model.pb").write_bytes(b"\x08\x01\x12\x00")
    (folder / "tfhub_module.pb").write_bytes(b"\x08\x03")
    found = release_to_describe(str(folder)).source
    assert (found.kind, found.target) == (SourceKind.HUB, str(folder))


def test_a_path_relative_to_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.tflite").write_bytes(b"\x1c\x00\x00\x00TFL3")
    for name in ("model.tflite", "./model.tflite", "tflite:model.tflite"):
        found = release_to_describe(name).source
        assert (found.kind, found.target) == (
            SourceKind.TFLITE,
            str(tmp_path / "model.tflite"),
        )


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("startr/left", UsageError, "'starter'"),
        ("starter", UsageError, "starter/left"),
        ("", InspectorError, ""),
        ("/none/model.keras", ReleaseMissingError, "/none/model.keras"),
        ("hub:", PairFileError, "hub:"),
        ("hub:/m?tags=a&signatur=b", PairFileError, "'signature'"),
        ("/none/pairs.toml/left", PairFileError, "/none/pairs.toml"),
    ],
)
def test_what_nobody_can_find(text: str, kind: type[InspectorError], said: str) -> None:
    with pytest.raises(kind) as caught:
        release_to_describe(text)
    assert said in str(caught.value)
    assert caught.value.mend


def test_a_task_tells_what_it_needs() -> None:
    release = choose_pair(STARTER).left
    assert DescribeTask(release).releases == (release,)


@pytest.mark.parametrize(
    ("shape", "sizes"),
    [
        ((None, 12, 8, 3), {(12, 8)}),
        ((1, 12, 8, None), {(12, 8)}),
        ((None, 3, 12, 8), {(12, 8)}),
        ((None, 12, 8, 1), {(12, 8)}),
        ((None, None, None, 3), {(None, None)}),
        ((None, 12, 8, 5), set()),
        ((None, 12), set()),
        ((), set()),
        (None, set()),
    ],
)
def test_sizes_of_inputs(
    shape: tuple[int | None, ...] | None, sizes: set[tuple[int | None, int | None]]
) -> None:
    other = TensorFacts("other", "float32", (None, 7, 7, 3))
    assert picture_sizes([TensorFacts("given", "float32", shape)]) == sizes
    assert picture_sizes([TensorFacts("given", "float32", shape), other]) == sizes | {(7, 7)}
