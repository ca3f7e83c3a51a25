"""Releases that are frozen graphs: one GraphDef message whose variables became constants."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from inspector.core.errors import ReleaseError, ReleaseMissingError, first_line
from inspector.engine.batches import run_batch
from inspector.engine.classifier import Outputs
from inspector.engine.frozen_ends import find_input, find_output, missing_inputs
from inspector.engine.picture_shape import as_input, dimensions, picture_size, require_whole_range
from inspector.engine.safety import require_safe_graph
from inspector.engine.weight_graph import graph_weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.core.pairs import ReleaseSpec
    from inspector.core.weights.tensors import NamedWeight


class FrozenGraphClassifier:
    """A frozen graph, pruned to what leads from the pictures to the scores."""

    def __init__(self, spec: ReleaseSpec, graph_def: Any) -> None:
        self._spec = spec
        imported = _imported(spec, graph_def)
        graph = imported.graph
        source = find_input(spec.name, graph, spec.source.option("input"))
        result = find_output(spec.name, graph, spec.source.option("output"))
        missing_inputs(spec.name, graph, source, result)
        shape = dimensions(source.shape)
        self._size = None if shape is None else picture_size(spec.name, shape)
        self._batch = None if shape is None else shape[0]
        self._dtype = source.dtype
        if source.dtype.is_integer:
            require_whole_range(spec.name, source.dtype.name, spec.range)
        self._ends = (source.name, result.name)
        self._call = imported.prune(source, result)

    @property
    def spec(self) -> ReleaseSpec:
        """Its declared conventions."""
        return self._spec

    @property
    def ends(self) -> tuple[str, str]:
        """Names of the tensors that take the pictures and give the scores."""
        return self._ends

    @property
    def function(self) -> Any:
        """The pruned graph as a TensorFlow function of one batch."""
        return self._call

    @property
    def size(self) -> tuple[int, int] | None:
        """Height and width that the model fixes, or None where it takes any."""
        return self._size

    def run(self, batch: NDArray[np.float32]) -> Outputs:
        """Run a batch, float32 (batch, height, width, 3), in inference mode."""
        import tensorflow as tf

        try:
            (raw,) = run_batch(self._run_once, batch, self._batch)
        except (ValueError, TypeError, tf.errors.OpError) as error:
            raise ReleaseError(
                f"{self._spec.name} cannot take an input of shape {list(batch.shape)}: "
                f"{first_line(error)}",
                "Check 'size' in the pair's entry, and ?input= and ?output= after its path.",
            ) from error
        return Outputs(raw)

    def _run_once(self, batch: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        import tensorflow as tf

        if self._size is not None and batch.shape[1:3] != self._size:
            raise ValueError(f"it takes {self._size[0]} × {self._size[1]} pixels")
        return [np.asarray(self.trace(tf.constant(batch)), dtype=np.float32)]

    def trace(self, batch: Any) -> Any:
        """Give the output for a TensorFlow tensor, to be traced into a graph of another's."""
        return self._call(as_input(batch, self._dtype))

    def weights(self) -> tuple[NamedWeight, ...]:
        """Read every large floating-point constant, in the order of the graph."""
        return graph_weights(_OneFunction(self._call))


class _OneFunction:
    """A function in the form in which a SavedModel holds its signatures."""

    def __init__(self, function: Any) -> None:
        self.signatures = {"serving_default": function}


def load_frozen_graph_release(spec: ReleaseSpec) -> FrozenGraphClassifier:
    """Load a ``frozen-graph`` release.

    Raises
    ------
    ReleaseMissingError
        Where its file is not here.
    UntrustedModelError
        Where it would run code or touch files, and the user does not trust it.
    ReleaseError
        Where it cannot be opened, or its input or output has to be named.
    """
    path = Path(spec.source.target)
    if not path.is_file():
        raise ReleaseMissingError(
            f"The graph {path} is not there.", "Check 'source' in the pair's entry."
        )
    graph_def, _ = require_safe_graph(path)
    return FrozenGraphClassifier(spec, graph_def)


def _imported(spec: ReleaseSpec, graph_def: Any) -> Any:
    """Import a graph without the devices that it was made for."""
    import tensorflow as tf

    for nodes in (graph_def.node, *(body.node_def for body in graph_def.library.function)):
        for node in nodes:
            node.device = ""
    try:
        return tf.compat.v1.wrap_function(
            lambda: tf.graph_util.import_graph_def(graph_def, name=""), []
        )
    except (ValueError, TypeError, LookupError, RuntimeError, tf.errors.OpError) as error:
        raise ReleaseError(
            f"{spec.name} could not be imported as a TensorFlow graph: {first_line(error)}",
            "The file may be damaged, or made by a TensorFlow that this one does not know.",
        ) from error
