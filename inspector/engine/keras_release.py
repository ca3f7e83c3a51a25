"""Releases that Keras loads: applications and model files."""

from __future__ import annotations

import inspect
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from inspector.core.catalogue import local_path
from inspector.core.errors import ReleaseError, ReleaseMissingError, first_line
from inspector.core.sources import SourceKind, nearest_hint
from inspector.engine.batches import run_batch
from inspector.engine.classifier import Outputs
from inspector.engine.network import DOWNLOAD_TIMEOUT, NETWORK_ERRORS, socket_timeout
from inspector.engine.safety import require_safe_file
from inspector.engine.weight_keras import keras_weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.core.pairs import ReleaseSpec
    from inspector.core.sources import Source
    from inspector.core.weights.tensors import NamedWeight

_LOAD_ERRORS = (OSError, ValueError, TypeError, KeyError, RuntimeError, zipfile.BadZipFile)


class KerasClassifier:
    """A Keras model, run through one ``tf.function`` of ``model(x, training=False)``.

    Where the model ends in a softmax, the same call also gives the logits before it, so that both
    releases of a pair can be compared in logit space. The probabilities are the model's own.
    """

    def __init__(self, spec: ReleaseSpec, model: Any) -> None:
        self._spec = spec
        self._model = model
        self._size = _input_size(spec, model)
        self._batch: int | None = model.input_shape[0]
        self._call = _traced(model, self._size)

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
    if spec.source.kind is SourceKind.KERAS_APPLICATION:
        return KerasClassifier(spec, _build_application(spec.source))
    return KerasClassifier(spec, _load_file(Path(spec.source.target)))


def _build_application(source: Source) -> Any:
    import keras

    builder = getattr(keras.applications, source.target, None)
    if builder is None or not inspect.isfunction(builder):
        known = tuple(
            name
            for name in dir(keras.applications)
            if inspect.isfunction(getattr(keras.applications, name))
        )
        raise ReleaseError(
            f"Keras has no application {source.target!r}.",
            nearest_hint(source.target, known, "application"),
        )
    weights = source.option("weights", "imagenet")
    if weights not in {"imagenet", "none"} and not Path(weights).is_file():
        raise ReleaseMissingError(
            f"The weights file {weights} is not there.", "Check 'source' in the pair's entry."
        )
    arguments = _application_arguments(source, builder, weights)
    file = local_path(source)
    if file is not None and file.is_file():
        require_safe_file(file)
    return _call_builder(source, builder, arguments)


def _application_arguments(source: Source, builder: Any, weights: str) -> dict[str, Any]:
    arguments: dict[str, Any] = {"weights": None if weights == "none" else weights}
    if size := source.option("size"):
        arguments["input_shape"] = (int(size), int(size), 3)
    if alpha := source.option("alpha"):
        arguments["alpha"] = float(alpha)
    if classes := source.option("classes"):
        arguments["classes"] = int(classes)
    if minimalistic := source.option("minimalistic"):
        arguments["minimalistic"] = minimalistic in {"1", "true", "True"}
    taken = inspect.signature(builder).parameters
    for name in arguments:
        if name not in taken:
            raise ReleaseError(
                f"keras.applications.{source.target} takes no {name!r}.",
                "Leave it out of the source.",
            )
    return arguments


def _call_builder(source: Source, builder: Any, arguments: dict[str, Any]) -> Any:
    try:
        with socket_timeout(DOWNLOAD_TIMEOUT):
            return builder(**arguments)
    except NETWORK_ERRORS as error:
        raise _not_fetched(source, str(error)) from error
    except Exception as error:
        if "URL fetch failure" in str(error):
            raise _not_fetched(source, str(error).rsplit("--", maxsplit=1)[-1].strip()) from error
        if not isinstance(error, _LOAD_ERRORS):
            raise
        path = local_path(source)
        kept = f" from {path}" if path is not None else ""
        raise ReleaseError(
            f"keras.applications.{source.target} could not be built{kept}: {first_line(error)}",
            "The file may be cut off or belong to another model; delete it and fetch it again.",
        ) from error


def _not_fetched(source: Source, reason: str) -> ReleaseMissingError:
    return ReleaseMissingError(
        f"The weights of keras.applications.{source.target} are not on this machine and could not "
        f"be fetched: {reason}.",
        f"Connect to the network, or put the file at {local_path(source)}.",
    )


def _load_file(path: Path) -> Any:
    import keras

    if not path.is_file():
        raise ReleaseMissingError(
            f"The Keras file {path} is not there.", "Check 'source' in the pair's entry."
        )
    if path.name.endswith(".weights.h5"):
        raise ReleaseError(
            f"{path.name} holds weights only, without the model's layers.",
            "Name the builder too: keras-application:NAME?weights=PATH.",
        )
    clearance = require_safe_file(path)
    try:
        return keras.models.load_model(path, compile=False, safe_mode=not clearance.on_trust)
    except _LOAD_ERRORS as error:
        raise ReleaseError(
            f"{path.name} could not be opened as a Keras model: {first_line(error)}",
            "Save it again with model.save('NAME.keras').",
        ) from error


def _input_size(spec: ReleaseSpec, model: Any) -> tuple[int, int] | None:
    shapes = getattr(model, "input_shape", None)
    if not isinstance(shapes, tuple) or len(shapes) != 4 or shapes[-1] not in {3, None}:
        raise ReleaseError(
            f"{spec.name} does not take one RGB picture: its input is {shapes}.",
            "Choose a model with the input (height, width, 3).",
        )
    height, width = shapes[1:3]
    return None if height is None or width is None else (int(height), int(width))


def _traced(model: Any, size: tuple[int, int] | None) -> Any:
    import keras
    import tensorflow as tf

    logits = _logits_before_softmax(model)
    inner = model if logits is None else keras.Model(model.inputs, [*model.outputs, logits])

    def call(batch: Any) -> list[Any]:
        outputs = inner(batch, training=False)
        return list(outputs) if isinstance(outputs, list | tuple) else [outputs]

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
