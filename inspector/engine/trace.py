"""Traces one picture through both releases of a pair."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.endpoints import Activation
from inspector.core.facts import unit_input
from inspector.core.metrics import centred
from inspector.core.pairs import OutputKind
from inspector.core.scores import OutputSwitches
from inspector.core.trace import Trace, input_endpoint, output_endpoint, trace_path
from inspector.engine.endpoints import endpoints_of
from inspector.engine.messages import CompareRequest

if TYPE_CHECKING:
    from inspector.core.result import SideResult, SideSettings
    from inspector.core.trace import TraceTask
    from inspector.engine.classifier import Classifier
    from inspector.engine.engine import Engine
    from inspector.engine.watcher import Watcher


def do_trace(engine: Engine, task: TraceTask, watcher: Watcher) -> Trace:
    """Compare a picture, then read and compare what is inside of both networks.

    Raises
    ------
    PictureError, ReleaseMissingError, ReleaseError
        As for a comparison, and where nothing inside a release can be read.
    """
    request = CompareRequest(0, task.picture, task.pair, _plain(task.left), _plain(task.right))
    result = engine.compare(request, watcher)
    pair = engine.load(task.pair, watcher)
    times = [time.perf_counter()]
    sides = []
    for model, side in ((pair.left, result.left), (pair.right, result.right)):
        watcher.stage(f"Reading the endpoints of {model.spec.name}", None)
        sides.append(_activations(model, side))
        times.append(time.perf_counter())
    watcher.stage("Comparing the endpoints", None)
    path = trace_path(*sides)
    times.append(time.perf_counter())
    spent = np.diff(times) * 1e3
    milliseconds = dict(zip(("left", "right", "compare"), map(float, spent), strict=True))
    return Trace(result, path, milliseconds)


def _plain(settings: SideSettings) -> SideSettings:
    """Take away what has no part in a trace: switches of the output, and further runs."""
    return replace(settings, output=OutputSwitches(), training=None, auxiliary=None)


def _activations(model: Classifier, side: SideResult) -> list[Activation]:
    """Give the model input as pixels, all endpoints that end a block, and the output."""
    reader = endpoints_of(model)
    endpoints = [endpoint for endpoint in reader.endpoints if endpoint.ends_block]
    values = reader.read(side.model_input[None], [endpoint.name for endpoint in endpoints])
    inner = [
        Activation(endpoint, each[0]) for endpoint, each in zip(endpoints, values, strict=True)
    ]
    pixels = unit_input(side)
    return [
        Activation(input_endpoint(pixels.shape), pixels),
        *(activation for activation in inner if not _is_answer(activation, side)),
        _output(side),
    ]


def _is_answer(activation: Activation, side: SideResult) -> bool:
    """Tell whether an activation is the output row, or what it is made of at once.

    Rows of classes are compared in the common form alone: one side may give logits where the other
    gives probabilities, or count a background class.
    """
    return activation.compact.shape == side.raw.shape


def _output(side: SideResult) -> Activation:
    """Give centred logits, or the features of a release that gives features."""
    row = side.raw if side.release.output is OutputKind.FEATURES else centred(side.scores.logits)
    values = np.asarray(row, dtype=np.float32)
    return Activation(output_endpoint(values.size), values)
