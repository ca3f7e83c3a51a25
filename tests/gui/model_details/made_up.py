"""Made-up descriptions and traces: no engine."""

from __future__ import annotations

import numpy as np

from inspector.core.description import (
    Description,
    FileFacts,
    GraphFacts,
    LayerFacts,
    SignatureFacts,
    TensorFacts,
    WeightFacts,
)
from inspector.core.endpoints import Activation, Endpoint, EndpointKind
from inspector.core.quantisation import TensorQuantisation
from inspector.core.trace import Trace, input_endpoint, output_endpoint, trace_path
from tests.support.results import make_result

PICTURE = TensorFacts("picture", "float32", (None, 8, 8, 3))
SCORES = TensorFacts("scores", "float32", (None, 5))


def make_description(kind: str = "SavedModel of TF2", notes: tuple[str, ...] = ()) -> Description:
    """Give a description with something in every group."""
    asides = tuple(TensorFacts(f"aside_{place}", "float32", None) for place in range(5))
    quantised = TensorQuantisation("kernel", "int8", (3, 3, 3, 4), (0.1, 0.2), (0, 0), axis=3)
    return Description(
        source="hub:/models/hub",
        kind=kind,
        files=(FileFacts("/models/hub/saved_model.pb", 1_500_000, "graph"),),
        size=(8, 8),
        inputs=(PICTURE,),
        outputs=(SCORES,),
        graphs=(
            GraphFacts(
                ("serve",),
                (SignatureFacts("serving_default", (PICTURE,), (SCORES,)),),
                (("Conv2D", 35), ("Const", 1200)),
            ),
            GraphFacts((), (SignatureFacts("large", (PICTURE,), (*asides, SCORES)),), ()),
        ),
        layers=(LayerFacts("first", "Conv2D", (None, 4, 4, 6), 168),),
        weights=WeightFacts(12, 34_567),
        endpoints=(
            Endpoint("block", (4, 4, 6), EndpointKind.LAYER, "ReLU"),
            Endpoint("inner", (4, 4, 6), EndpointKind.NAMED_OUTPUT, ends_block=False),
        ),
        call="the signature 'serving_default'",
        quantised=(quantised,),
        notes=notes,
    )


def make_trace(parting: bool = True) -> Trace:
    """Give a trace of five endpoints: the last but one departs, and left has one of its own."""
    random = np.random.default_rng(1)
    shapes = {"one": (4, 4, 6), "two": (2, 2, 9), "three": (7,)}
    values = {name: random.random(shape, np.float32) for name, shape in shapes.items()}
    picture, row = random.random((8, 8, 3), np.float32), random.random(5, np.float32)

    def side(prefix: str, change: float) -> list[Activation]:
        inner = [
            Activation(Endpoint(f"{prefix}/{name}", each.shape, EndpointKind.LAYER), each)
            for name, each in values.items()
        ]
        inner[-1] = Activation(inner[-1].endpoint, inner[-1].values + np.float32(change))
        first = Activation(input_endpoint(picture.shape), picture)
        last = Activation(output_endpoint(row.size), row + np.float32(change) * row[::-1])
        return [first, *inner, last]

    left, right = side("left", 0.0), side("right", 0.5 if parting else 0.0)
    alone = random.random((3, 3, 2), np.float32)
    left.insert(2, Activation(Endpoint("left/alone", alone.shape, EndpointKind.LAYER), alone))
    return Trace(make_result(), trace_path(left, right), {"left": 1.0, "right": 2.0})
