"""A description as JSON and as text."""

from __future__ import annotations

import json
from dataclasses import replace

from inspector.core.description import (
    Description,
    FileFacts,
    GraphFacts,
    LayerFacts,
    SignatureFacts,
    TensorFacts,
    WeightFacts,
)
from inspector.core.endpoints import Endpoint, EndpointKind
from inspector.core.quantisation import TensorQuantisation
from inspector.core.reports.description_report import (
    SCHEMA,
    description_json,
    description_text,
)

LEVELS = TensorQuantisation("images", "uint8", (1, 4, 4, 3), (0.5,), (7,))
IMAGES = TensorFacts("images", "uint8", (None, 4, 4, 3), LEVELS)
OUTPUTS = tuple(TensorFacts(f"out_{k}", "float32", (None, k)) for k in range(1, 7))
DESCRIPTION = Description(
    source="hub:/m?tags=train",
    kind="TensorFlow Hub module in TF1's format",
    files=(FileFacts("/m/saved_model.pb", 1234567, "graph"), FileFacts("/m/readme", 3, "")),
    size=(4, 5),
    inputs=(IMAGES,),
    outputs=(TensorFacts("", "float32", None),),
    graphs=(
        GraphFacts((), (SignatureFacts("default", (IMAGES,), OUTPUTS),), (("Conv2D", 3),)),
        GraphFacts(("train",), (), tuple((f"Op{k}", 20 - k) for k in range(15))),
    ),
    layers=tuple(LayerFacts(f"layer_{k}", "Conv2D", (None, 2), 1000) for k in range(10)),
    weights=WeightFacts(2, 3456),
    endpoints=(
        Endpoint("conv", (2, None, 3), EndpointKind.LAYER, "Conv2D", ends_block=False),
        Endpoint("relu", (2, 2, 3), EndpointKind.LAYER, "ReLU"),
    ),
    call="the signature 'default'",
    quantised=(LEVELS,),
    notes=("It was not opened.",),
)


def test_json_has_everything() -> None:
    found = description_json(DESCRIPTION)
    json.dumps(found, allow_nan=False)
    assert found["schema"] == SCHEMA == "twin-inspector/description/1"
    assert found["size"] == [4, 5]
    assert [graph["tags"] for graph in found["graphs"]] == [[], ["train"]]
    assert len(found["graphs"][0]["signatures"][0]["outputs"]) == 6
    assert found["graphs"][1]["ops"]["Op14"] == 6
    assert found["inputs"][0]["quantisation"]["zero_points"] == [7]
    assert found["inputs"][0]["shape"] == [None, 4, 4, 3]
    assert found["outputs"][0] == {
        "name": None,
        "dtype": "float32",
        "shape": None,
        "quantisation": None,
    }
    assert len(found["layers"]) == 10
    assert found["weights"] == {"tensors": 2, "numbers": 3456}
    assert [endpoint["ends_block"] for endpoint in found["endpoints"]] == [False, True]
    assert found["files"][1]["role"] is None
    assert found["notes"] == ["It was not opened."]


def test_text_shows_the_first_few() -> None:
    text = description_text(DESCRIPTION)
    assert text.startswith("TensorFlow Hub module in TF1's format: hub:/m?tags=train\n")
    for part in (
        "The program calls the signature 'default'.",
        "takes images uint8 [any, 4, 4, 3] (uint8, scale 0.5, zero point 7)",
        "gives float32 of any shape",
        "expects 4 × 5 pixels",
        "3,456 numbers in 2 weights",
        "1,234,567 bytes  /m/saved_model.pb  graph",
        "Graph tagged nothing (inference)",
        "Graph tagged train",
        "gives out_4 float32 [any, 4]",
        "… and 2 more (--all lists them)",
        "and 3 more kinds",
        "10 layers, 10,000 parameters",
        "2 endpoints, 1 of them at the end of a block",
        "1 constants are stored as whole numbers",
        "It was not opened.",
    ):
        assert part in text, part
    assert "out_5" not in text
    assert "layer_9" not in text
    assert "\n  conv " not in text, "a convolution before its activation is not shown"
    assert max(map(len, text.splitlines())) <= 100


def test_all_shows_all() -> None:
    text = description_text(DESCRIPTION, everything=True)
    for part in ("out_6", "layer_9", "Op14 6", "\n  conv "):
        assert part in text, part
    assert "[2, any, 3]" in text
    assert "--all" not in text


def test_a_model_that_takes_any_size() -> None:
    bare = Description(source="hub:/m", kind="SavedModel of TF2", files=())
    assert description_text(bare) == "SavedModel of TF2: hub:/m\n  takes any size"
    unknown = replace(bare, size_is_known=False)
    assert description_text(unknown).endswith("\n  its files do not tell which size it takes")
    assert description_json(bare)["size_known"]
    assert not description_json(unknown)["size_known"]
