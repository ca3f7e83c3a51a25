"""What the details say, without widgets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inspector.core.description import Description
from inspector.gui.model_details.entries import Entry, bytes_text, entries_of, shape_text
from tests.gui.model_details.made_up import make_description


def group(entries: tuple[Entry, ...], start: str) -> Entry:
    [found] = [entry for entry in entries if entry.name.startswith(start)]
    return found


def test_every_group_of_a_description_is_told() -> None:
    entries = entries_of(make_description())
    assert [entry.name for entry in entries] == [
        *("Overview", "Input", "Output", "Files"),
        *("Graph tagged serve", "Graph tagged nothing (inference)"),
        *("Layers (1)", "Endpoints at the ends of blocks (1)", "Other endpoints (1)"),
        "Constants in whole numbers (1)",
    ]
    overview = {entry.name: entry.what for entry in entries[0].inside}
    assert overview == {
        "Kind": "SavedModel of TF2",
        "Source": "hub:/models/hub",
        "The program calls": "the signature 'serving_default'",
        "Picture size": "8 × 8 pixels",
        "Weights": "34,567 numbers in 12 tensors",
        "Parameters": "168",
        "Quantisation": "int8 weights per channel",
    }


def test_rows_of_each_group() -> None:
    entries = entries_of(make_description())
    [file] = group(entries, "Files").inside
    assert file.cells == ("saved_model.pb", "graph", "", "1.5 MB")
    assert file.tip == "/models/hub/saved_model.pb"
    signature, operations = group(entries, "Graph tagged serve").inside
    assert signature.unfolded
    assert [row.cells[:3] for row in signature.inside] == [
        ("takes picture", "float32", "any × 8 × 8 × 3"),
        ("gives scores", "float32", "any × 5"),
    ]
    assert operations.cells[:2] == ("Operations (1,235)", "2 kinds")
    assert not operations.unfolded
    [many] = group(entries, "Graph tagged nothing").inside
    assert many.what == "1 in, 6 out"
    assert not many.unfolded
    assert many.inside[1].shape == "any shape"
    assert group(entries, "Layers").inside[0].cells == ("first", "Conv2D", "any × 4 × 4 × 6", "168")
    assert group(entries, "Other endpoints").inside[0].what == "named output"


def test_empty_groups_are_left_out() -> None:
    entries = entries_of(Description("tflite:/a.tflite", "TFLite file", ()))
    assert [entry.name for entry in entries] == ["Overview"]
    assert ("Picture size", "any") in {(row.name, row.what) for row in entries[0].inside}
    unknown = entries_of(Description("hub:/m", "SavedModel", (), size_is_known=False))
    told = ("Picture size", "its files do not tell")
    assert told in {(row.name, row.what) for row in unknown[0].inside}
    only = replace(make_description(), graphs=make_description().graphs[1:])
    assert "Graph" in {entry.name for entry in entries_of(only)}


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 bytes"), (999, "999 bytes"), (14_500, "14.5 kB"), (7.2e6, "7.2 MB")]
)
def test_bytes(size: int, text: str) -> None:
    assert bytes_text(size) == text


def test_a_shape_without_axes_is_one_number() -> None:
    assert shape_text(()) == "one number"
