"""Releases that Keras loads: applications and model files."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from inspector.core.errors import ReleaseError, ReleaseMissingError
from inspector.core.file_marks import Mark, mark_of
from inspector.core.model_files import folder_instead, no_keras_file, weights_stem
from inspector.core.pairs import OutputKind
from inspector.core.sources import SourceKind
from inspector.engine.batches import run_batch
from inspector.engine.classifier import Outputs
from inspector.engine.keras_application import build_application
from inspector.engine.picture_shape import as_input, picture_size, require_whole_range
from inspector.engine.safety import require_safe_file
from inspector.engine.scan_keras import keras_config
from inspector.engine.scan_legacy import LOAD_ERRORS, load_fault
from inspector.engine.weight_keras import keras_weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.core.pairs import ReleaseSpec
    from inspector.core.weights.tensors import NamedWeight

_HDF5_NAMES = (".h5", ".hdf5")


class KerasClassifier:
    """A Keras model, run through one ``tf.function`` of ``model(x, training=False)``.

    Where the model ends in a softmax, the same call also gives the logits before it, so that both
    releases of a pair can be compared in logit space. The probabilities are the model's own.
    """

    def __init__(self, spec: ReleaseSpec, model: Any) -> None:
        self._spec = spec
        self._model = model
        _require_one_picture(spec, model)
        self._size = picture_size(spec.name, model.input_shape)
        if "int" in model.inputs[0].dtype:
            require_whole_range(spec.name, model.inputs[0].dtype, spec.range)
        self._batch: int | None = model.input_shape[0]
        self._call = _traced(model, self._size, spec.output is OutputKind.FEATURES)

    @property
    def spec(self) -> ReleaseSpec:
        """Its declared conventions."""
        return self._spec

    @property
    def model(self) -> Any:
        """The Keras model as it was published."""
        return self._model

    @property
    def size(self) -> tuple[int, int] | None:
        """Height and width that the model fixes, or None where it takes any."""
        return self._size

    def run(self, batch: NDArray[np.float32]) -> Outputs:
        """Run a batch, float32 (batch, height, width, 3), in inference mode."""
        import tensorflow as tf

        try:
            outputs = run_batch(self._run_once, batch, self._batch)
        except (ValueError, TypeError, tf.errors.InvalidArgumentError) as error:
            raise ReleaseError(
                f"{self._spec.name} cannot take an input of shape {list(batch.shape)}.",
                "Check 'size' in the pair's entry.",
            ) from error
        return Outputs(outputs[0], outputs[1] if len(outputs) > 1 else None)

    def _run_once(self, batch: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        import tensorflow as tf

        return [np.asarray(output, dtype=np.float32) for output in self._call(tf.constant(batch))]

    def trace(self, batch: Any) -> Any:
        """Give the output for a TensorFlow tensor, to be traced into a graph of another's."""
        return self._call(batch)[0]

    def weights(self) -> tuple[NamedWeight, ...]:
        """Read every floating-point weight, in the order of the layers."""
        return keras_weights(self._model)


def load_keras_release(spec: ReleaseSpec) -> KerasClassifier:
    """Load a ``keras-application`` or ``keras-file`` release.

    Raises
    ------
    ReleaseMissingError
        Where its file is not here and could not be fetched.
    UntrustedModelError
        Where it would run code, and the user does not trust it.
    ReleaseError
        Where it cannot be opened.
    """
    return KerasClassifier(spec, build_keras(spec))


def build_keras(spec: ReleaseSpec) -> Any:
    """Give the Keras model of a ``keras-application`` or ``keras-file`` source, whatever it takes.

    Raises
    ------
    ReleaseMissingError
        Where its file is not here and could not be fetched.
    UntrustedModelError
        Where it would run code, and the user does not trust it.
    ReleaseError
        Where it cannot be opened.
    """
    if spec.source.kind is SourceKind.KERAS_APPLICATION:
        return build_application(spec.source)
    return _load_file(Path(spec.source.target))


def _load_file(path: Path) -> Any:
    import keras

    if path.is_dir():
        raise folder_instead(path)
    if not path.is_file():
        raise ReleaseMissingError(
            f"The Keras file {path} is not there.", "Check 'source' in the pair's entry."
        )
    if path.name.endswith(".weights.h5"):
        raise weights_only(path)
    _require_keras_format(path)
    clearance = require_safe_file(path)
    try:
        return keras.models.load_model(path, compile=False, safe_mode=not clearance.on_trust)
    except LOAD_ERRORS as error:
        mend = "Save it again with model.save('NAME.keras')."
        raise load_fault(path.name, error, keras_config(path), mend) from error


def _require_keras_format(path: Path) -> None:
    """Demand a whole Keras file whose name says which of Keras's two formats it is.

    Raises
    ------
    ReleaseError
        Where it is something else; the message says what.
    """
    try:
        mark = mark_of(path)
    except OSError as error:
        raise ReleaseError(
            f"{path} could not be read: {error.strerror or error}.", "Check its permissions."
        ) from error
    if mark in {Mark.HDF5_WEIGHTS, Mark.HDF5_MODEL} and _is_cut_hdf5(path):
        raise _cut_off(path)
    if mark is Mark.HDF5_WEIGHTS:
        raise weights_only(path)
    if mark is Mark.KERAS and not zipfile.is_zipfile(path):
        raise _cut_off(path)
    if mark is Mark.KERAS and path.suffix != ".keras":
        raise _wrong_name(path, "a Keras file (a zip archive)", ".keras")
    is_both = mark is Mark.HDF5_MODEL and zipfile.is_zipfile(path)  # the check of safety reads both
    if mark is Mark.HDF5_MODEL and path.suffix not in _HDF5_NAMES and not is_both:
        raise _wrong_name(path, "an HDF5 file", ".h5")
    if mark not in {Mark.KERAS, Mark.HDF5_MODEL, Mark.ARCHIVE}:
        raise no_keras_file(path, mark)


def _is_cut_hdf5(path: Path) -> bool:
    """Tell whether HDF5 misses the end of a file; other damage is named by the check of safety."""
    import h5py

    try:
        with h5py.File(path, "r"):
            return False
    except OSError as error:
        return "truncated file" in str(error)


def _cut_off(path: Path) -> ReleaseError:
    return ReleaseError(
        f"{path.name} is cut off: its end is missing.", "Copy or fetch it again, or save it again."
    )


def _wrong_name(path: Path, what: str, suffix: str) -> ReleaseError:
    named = f"named {path.suffix}" if path.suffix else "without an ending in its name"
    return ReleaseError(
        f"{path.name} is {what} {named}, and Keras goes by the name.",
        f"Rename it to {path.stem}{suffix}.",
    )


def weights_only(path: Path) -> ReleaseError:
    """Make the error for weights without a builder; it names both kinds of builder."""
    return ReleaseError(
        f"{path.name} holds weights only, without the model's layers.",
        f"Name the builder too: keras-weights:{path.name}?config={weights_stem(path)}.json with "
        f"the model's to_json(), or keras-application:NAME?weights={path.name}.",
    )


def _require_one_picture(spec: ReleaseSpec, model: Any) -> None:
    """Demand one input and one output."""
    for what, tensors, mend in (
        ("takes", model.inputs, "Choose a model with the input (height, width, 3)."),
        ("gives", model.outputs, "Make a keras.Model of the one output that you want to compare."),
    ):
        if not tensors:
            raise ReleaseError(
                f"{spec.name} was saved before it knew its input.",
                "Call the model once before it is saved.",
            )
        if len(tensors) > 1:
            named = list(zip(names_of(model, what, tensors), tensors, strict=True))
            names = ", ".join(f"{name} {tuple(tensor.shape)}" for name, tensor in named[:6])
            kind = "inputs" if what == "takes" else "outputs"
            raise ReleaseError(f"{spec.name} {what} {len(tensors)} {kind}: {names}.", mend)


def names_of(model: Any, what: str, tensors: Any) -> list[str]:
    """Give the user's own names of a model's inputs (what it `takes`) or outputs (what it gives).

    They are the keys where the model gives a dict, else the layers that make them.
    """
    if what == "takes":
        return [tensor.name for tensor in tensors]
    output = getattr(model, "output", None)  # a Sequential that was never called has none
    if isinstance(output, dict):
        keys = {id(tensor): str(key) for key, tensor in output.items()}
        return [keys.get(id(tensor), tensor.name) for tensor in tensors]
    return list(getattr(model, "output_names", [tensor.name for tensor in tensors]))


def _traced(model: Any, size: tuple[int, int] | None, features: bool) -> Any:
    import keras
    import tensorflow as tf

    logits = None if features else _logits_before_softmax(model)
    inner = model if logits is None else keras.Model(model.inputs, [*model.outputs, logits])

    dtype = tf.as_dtype(model.inputs[0].dtype)

    def call(batch: Any) -> list[Any]:
        outputs = inner(as_input(batch, dtype), training=False)
        return list(keras.tree.flatten(outputs))

    batch = tf.TensorSpec([model.input_shape[0], *(size or (None, None)), 3], tf.float32)
    return tf.function(call, input_signature=[batch], autograph=False)


def _logits_before_softmax(model: Any) -> Any | None:
    """Give the symbolic tensor before the last softmax, or None where the model has none."""
    import keras

    last = model.layers[-1] if len(model.outputs) == 1 else None
    if isinstance(last, keras.layers.Softmax):
        return last.input
    activation = getattr(last, "activation", None)
    if activation is not keras.activations.softmax:
        return None
    if isinstance(last, keras.layers.Activation):
        return last.input
    if not isinstance(last, keras.layers.Dense):
        return None
    bare = keras.layers.Dense(
        last.units, use_bias=last.use_bias, name=f"{last.name}_before_softmax", trainable=False
    )
    tensor = bare(last.input)
    bare.set_weights(last.get_weights())
    return tensor
