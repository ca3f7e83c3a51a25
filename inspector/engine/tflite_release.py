"""Releases that are TFLite files, run by the interpreter of LiteRT (``ai_edge_litert``).

A quantised model takes and gives whole numbers. Its declared range is that of the real numbers
they stand for: the model input is brought to the nearest whole numbers by the scale and zero point
of the input, clipped to what their type holds, and the output is brought back, as TFLite's guide
to post-training quantisation does it. Declared as [0, 255], a uint8 input is given the levels of
the pixels as they are, as TFLite's ``label_image`` does it.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from inspector.core.errors import NoGraphError, ReleaseError, ReleaseMissingError, first_line
from inspector.core.input_range import LEVELS
from inspector.core.quantisation import ModelQuantisation
from inspector.core.sources import nearest_hint
from inspector.engine.batches import run_batch
from inspector.engine.classifier import Outputs
from inspector.engine.picture_shape import picture_size, require_whole_range
from inspector.engine.safety import require_safe_tflite
from inspector.engine.tflite_graph import read_graph
from inspector.engine.weight_tflite import tflite_weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.core.pairs import ReleaseSpec
    from inspector.core.weights.tensors import NamedWeight
    from inspector.engine.tflite_graph import Tensor, TFLiteGraph

THREADS = 2
"""Threads of the interpreter's kernels."""

USUAL_SIZE = (224, 224)
"""Height and width that a model of any size is tried with."""

_RUN_ERRORS = (RuntimeError, ValueError, TypeError, MemoryError)
_INPUT_TYPES = {"float32", "float16", "uint8", "int8", "int16"}


class TFLiteClassifier:
    """A TFLite model.

    An interpreter keeps its tensors in itself, so that it serves one run at a time: runs from
    several threads wait for each other.
    """

    def __init__(self, spec: ReleaseSpec, graph: TFLiteGraph, interpreter: Any) -> None:
        self._graph = graph
        self._interpreter = interpreter
        self._lock = threading.Lock()
        self._input = _only_input(spec, graph)
        self._output_index = _output_of(spec, graph)
        self._output = graph.tensors[self._output_index]
        shape = [None if length < 0 else length for length in self._input.shape]
        self._size = picture_size(spec.name, shape)
        self._batch = shape[0]
        self._raw_levels = _takes_levels(spec, self._input)
        self._current: tuple[int, ...] | None = None
        self._spec = _telling(spec, self._input)

    @property
    def spec(self) -> ReleaseSpec:
        """Its declared conventions; the title says where its input is quantised."""
        return self._spec

    @property
    def size(self) -> tuple[int, int] | None:
        """Height and width that the model fixes, or None where it takes any."""
        return self._size

    @property
    def notes(self) -> tuple[str, ...]:
        """Say what is done to its input and output, one sentence each."""
        notes = []
        given = self._input.quantisation
        if self._raw_levels:
            notes.append(f"input given as {self._input.dtype} levels")
        elif given is not None:
            notes.append(f"input quantised to {given.text}")
        if self._output.quantisation is not None:
            notes.append(f"output dequantised from {self._output.quantisation.text}")
        return tuple(notes)

    def quantisation(self) -> ModelQuantisation:
        """Tell how its input, output and constants are quantised."""
        return ModelQuantisation(
            self._input.quantisation,
            self._output.quantisation,
            tuple(
                tensor.quantisation
                for tensor in self._graph.tensors
                if tensor.data and tensor.quantisation is not None
            ),
        )

    def run(self, batch: NDArray[np.float32]) -> Outputs:
        """Run a batch, float32 (batch, height, width, 3); one by one where the model fixes it."""
        if self._size is not None and batch.shape[1:3] != self._size:
            raise self._wrong_shape(batch)
        try:
            with self._lock:
                (raw,) = run_batch(self._run_once, batch, self._batch)
        except _RUN_ERRORS as error:
            raise self._wrong_shape(batch, first_line(error)) from error
        return Outputs(raw, step=self._step)

    @property
    def _step(self) -> float:
        return 0.0 if self._output.quantisation is None else self._output.quantisation.step

    def _run_once(self, batch: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        interpreter = self._interpreter
        index = self._graph.inputs[0]
        if self._current != batch.shape:
            self._current = None
            interpreter.resize_tensor_input(index, list(batch.shape))
            interpreter.allocate_tensors()
            self._current = batch.shape
        interpreter.set_tensor(index, self._whole(batch))
        interpreter.invoke()
        given = interpreter.get_tensor(self._output_index)
        if self._output.quantisation is not None:
            return [self._output.quantisation.dequantise(given)]
        return [np.asarray(given, dtype=np.float32)]

    def _whole(self, batch: NDArray[np.float32]) -> NDArray[Any]:
        """Turn a batch into the type that the model takes."""
        if self._input.quantisation is not None and not self._raw_levels:
            return self._input.quantisation.quantise(batch)
        dtype = np.dtype(self._input.dtype)
        if not np.issubdtype(dtype, np.integer):
            return batch.astype(dtype)
        limits = np.iinfo(dtype)
        return np.clip(np.rint(batch), limits.min, limits.max).astype(dtype)

    def _wrong_shape(self, batch: NDArray[np.float32], reason: str = "") -> ReleaseError:
        return ReleaseError(
            f"{self._spec.name} cannot take an input of shape {list(batch.shape)}"
            f"{': ' + reason if reason else '.'}",
            "Check 'size' in the pair's entry.",
        )

    def trace(self, batch: Any) -> Any:
        """Refuse: the interpreter is no part of a TensorFlow graph.

        Raises
        ------
        NoGraphError
            Always.
        """
        raise NoGraphError(
            f"{self._spec.name} is run by TFLite's interpreter, which cannot be part of a "
            "TensorFlow graph.",
            "Choose the Keras model or SavedModel that it was converted from.",
        )

    def weights(self) -> tuple[NamedWeight, ...]:
        """Read every kernel, bias and large constant as real numbers."""
        return tflite_weights(self._graph)


def load_tflite_release(spec: ReleaseSpec) -> TFLiteClassifier:
    """Load a ``tflite`` release.

    Raises
    ------
    ReleaseMissingError
        Where its file is not here.
    UntrustedModelError
        Where it holds operators that are not TFLite's own, and the user does not trust it.
    ReleaseError
        Where the interpreter is not installed, or the file cannot be opened.
    """
    path = Path(spec.source.target)
    if not path.is_file():
        raise ReleaseMissingError(
            f"The TFLite file {path} is not there.", "Check 'source' in the pair's entry."
        )
    require_safe_tflite(path)
    graph = read_graph(path)
    _only_input(spec, graph)
    return TFLiteClassifier(spec, graph, _interpreter(spec, path, graph))


def _interpreter(spec: ReleaseSpec, path: Path, graph: TFLiteGraph) -> Any:
    """Open a file, and plan its tensors for one picture, which finds operators that are missing."""
    try:
        from ai_edge_litert.interpreter import Interpreter
    except ImportError as error:
        raise ReleaseError(
            f"{spec.name} needs TFLite's interpreter, which is not installed.",
            "Install it with: pip install 'twin-inspector[tflite]'",
        ) from error
    try:
        interpreter = Interpreter(model_path=str(path), num_threads=THREADS)
        shape = graph.tensors[graph.inputs[0]].shape
        if min(shape, default=0) < 0:
            interpreter.resize_tensor_input(graph.inputs[0], _filled(shape, spec.size))
        interpreter.allocate_tensors()
    except _RUN_ERRORS as error:
        raise ReleaseError(
            f"{spec.name} could not be opened as a TFLite model: {first_line(error)}",
            "Convert it again, or fetch it again from its publisher.",
        ) from error
    return interpreter


def _filled(shape: tuple[int, ...], size: tuple[int, int] | None) -> list[int]:
    """Fill the free axes of an input for one picture: the file's own filling is one pixel."""
    usual = (1, *(size or USUAL_SIZE), 3)
    return [
        usual[axis] if length < 0 and axis < len(usual) else max(length, 1)
        for axis, length in enumerate(shape)
    ]


def _only_input(spec: ReleaseSpec, graph: TFLiteGraph) -> Tensor:
    if len(graph.inputs) != 1:
        listed = ", ".join(graph.tensors[index].described for index in graph.inputs[:6])
        raise ReleaseError(
            f"{spec.name} takes {len(graph.inputs)} inputs: {listed or 'none'}.",
            "Choose a model that takes one picture.",
        )
    tensor = graph.tensors[graph.inputs[0]]
    if tensor.dtype not in _INPUT_TYPES:
        raise ReleaseError(
            f"{spec.name} takes {tensor.dtype}, not pixels: {tensor.described}.",
            "Choose a model that takes one picture.",
        )
    return tensor


def _output_of(spec: ReleaseSpec, graph: TFLiteGraph) -> int:
    names = {graph.tensors[index].name: index for index in graph.outputs}
    names |= {name: index for name, index in graph.output_names.items() if index in graph.outputs}
    wanted = spec.source.option("output")
    if wanted in names:
        return names[wanted]
    if wanted:
        raise ReleaseError(
            f"{spec.name} has no output {wanted!r}.",
            nearest_hint(wanted, tuple(names), "output"),
        )
    if len(graph.outputs) == 1:
        return graph.outputs[0]
    listed = ", ".join(graph.tensors[index].described for index in graph.outputs[:6])
    raise ReleaseError(
        f"{spec.name} gives {len(graph.outputs)} outputs: {listed or 'none'}.",
        "Write ?output=NAME after its path.",
    )


def _takes_levels(spec: ReleaseSpec, tensor: Tensor) -> bool:
    """Tell whether a whole-number input is given the levels of the pixels as they are."""
    if tensor.dtype.startswith("float"):
        return False
    if tensor.quantisation is None:
        require_whole_range(spec.name, tensor.dtype, spec.range)
        return True
    # Numbers up to 255 would all be clipped to the highest: the levels themselves are meant.
    saturates = 2 * tensor.quantisation.reach[1] < LEVELS.high
    return tensor.dtype == "uint8" and spec.range == LEVELS and saturates


def _telling(spec: ReleaseSpec, tensor: Tensor) -> ReleaseSpec:
    if tensor.dtype.startswith("float"):
        return spec
    return replace(spec, title=f"{spec.name} ({tensor.dtype} input)")
