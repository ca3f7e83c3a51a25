"""Releases that are SavedModels: TF Hub handles and directories."""

from __future__ import annotations

import tarfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from inspector.core.catalogue import local_path
from inspector.core.errors import ReleaseError, ReleaseMissingError, first_line
from inspector.core.sources import SourceKind, is_url
from inspector.engine.batches import run_batch
from inspector.engine.classifier import Outputs
from inspector.engine.network import DOWNLOAD_TIMEOUT, NETWORK_ERRORS, socket_timeout
from inspector.engine.safety import require_safe_folder
from inspector.engine.weight_graph import graph_weights
from inspector.store.caches import chosen_place

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from inspector.core.pairs import ReleaseSpec
    from inspector.core.weights.tensors import NamedWeight

_SIGNATURES = ("serving_default", "default", "image_classification")
_OUTPUT_NAMES = ("logits", "default", "output_0", "outputs", "predictions", "probabilities")
_LOAD_ERRORS = (
    *(OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError),
    *(EOFError, tarfile.TarError, zlib.error),
)


class SavedModelClassifier:
    """A SavedModel: called as its publisher documents it, else through a signature."""

    def __init__(self, spec: ReleaseSpec, loaded: Any) -> None:
        self._spec = spec
        self._loaded = loaded
        published, shape = _callable_of(spec, loaded)
        self._size = _size_of(spec, shape)
        self._batch = _batch_of(shape)
        self._call = _traced_once(published, self._batch, self._size)

    @property
    def spec(self) -> ReleaseSpec:
        """Its declared conventions."""
        return self._spec

    @property
    def loaded(self) -> Any:
        """The restored object as it was published."""
        return self._loaded

    @property
    def size(self) -> tuple[int, int] | None:
        """Height and width that the model fixes, or None where it takes any."""
        return self._size

    def run(self, batch: NDArray[np.float32]) -> Outputs:
        """Run a batch, float32 (batch, height, width, 3), in inference mode."""
        import tensorflow as tf

        try:
            (raw,) = run_batch(self._run_once, batch, self._batch)
        except (ValueError, TypeError, tf.errors.InvalidArgumentError) as error:
            raise ReleaseError(
                f"{self._spec.name} cannot take an input of shape {list(batch.shape)}.",
                "Check 'size' in the pair's entry.",
            ) from error
        return Outputs(raw)

    def _run_once(self, batch: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        import tensorflow as tf

        output = _one_output(self._spec, self._call(tf.constant(batch)))
        return [np.asarray(output, dtype=np.float32)]

    def trace(self, batch: Any) -> Any:
        """Give the output for a TensorFlow tensor, to be traced into a graph of another's."""
        return _one_output(self._spec, self._call(batch))

    def weights(self) -> tuple[NamedWeight, ...]:
        """Read every floating-point variable and large constant, in the order of the graph."""
        return graph_weights(self._loaded)


def load_saved_model_release(spec: ReleaseSpec) -> SavedModelClassifier:
    """Load a ``hub`` or ``saved-model`` release.

    Raises
    ------
    ReleaseMissingError
        Where it is not here and could not be fetched.
    UntrustedModelError
        Where it would run code or touch files, and the user does not trust it.
    ReleaseError
        Where it cannot be opened.
    """
    target = spec.source.target
    remote = spec.source.kind is SourceKind.HUB and is_url(target)
    if not remote and not Path(target).is_dir():
        raise ReleaseMissingError(
            f"The SavedModel folder {target} is not there.", "Check 'source' in the pair's entry."
        )
    return SavedModelClassifier(spec, _load(spec, target, remote))


def _load(spec: ReleaseSpec, target: str, remote: bool) -> Any:
    import tensorflow as tf

    try:
        with socket_timeout(DOWNLOAD_TIMEOUT if remote else None):
            folder = _resolve(spec) if remote else target
        require_safe_folder(Path(folder))
        return _loader_of(spec)(folder)
    except NETWORK_ERRORS as error:
        raise ReleaseMissingError(
            f"{target} is not on this machine and could not be fetched: "
            f"{getattr(error, 'reason', None) or error}.",
            f"Connect to the network, or unpack the module into {local_path(spec.source)}.",
        ) from error
    except (*_LOAD_ERRORS, tf.errors.OpError) as error:
        place = local_path(spec.source)
        raise ReleaseError(
            f"{target} could not be opened as a SavedModel: {first_line(error)}",
            f"The folder {place} must hold saved_model.pb and variables/; "
            "delete it and fetch it again if it is incomplete.",
        ) from error


def _resolve(spec: ReleaseSpec) -> str:
    """Give the folder of a module: where a cache has it, else where Hub itself fetches it to."""
    place = chosen_place(spec.source)
    if place is not None and place.is_dir():
        return str(place)
    import tensorflow_hub as hub

    return str(hub.resolve(spec.source.target))


def _loader_of(spec: ReleaseSpec) -> Callable[[str], Any]:
    import tensorflow as tf

    if spec.source.kind is not SourceKind.HUB:
        return tf.saved_model.load  # type: ignore[no-any-return]
    import tensorflow_hub as hub

    return hub.load  # type: ignore[no-any-return]


def _callable_of(spec: ReleaseSpec, loaded: Any) -> tuple[Any, Any]:
    """Give what to call with one batch, and the shape of its input (None where unknown)."""
    if callable(loaded):
        return loaded, _shape_of_call(loaded)
    signatures = loaded.signatures
    for name in _SIGNATURES:
        inputs = signatures[name].structured_input_signature[1] if name in signatures else {}
        if len(inputs) == 1:
            return _by_signature(signatures[name], *inputs.items())
    raise ReleaseError(
        f"{spec.name} cannot be called and has no signature that takes one picture: "
        f"{sorted(signatures) or 'none at all'}.",
        "Choose an image classification module.",
    )


def _traced_once(published: Any, batch: int | None, size: tuple[int, int] | None) -> Any:
    """Wrap the published call in one function for every batch size.

    Called as it is, a restored function is traced anew for each batch size, a quarter of a second
    each time. The wrapped graph holds the published one unchanged. What cannot be traced so is
    called as it is.
    """
    import tensorflow as tf

    height, width = size or (None, None)
    function = tf.function(
        published,
        input_signature=[tf.TensorSpec([batch, height, width, 3], tf.float32)],
        autograph=False,
    )
    try:
        function.get_concrete_function()
    except (ValueError, TypeError, LookupError, tf.errors.OpError):
        return published
    return function


def _by_signature(signature: Any, only_input: tuple[str, Any]) -> tuple[Any, Any]:
    name, tensor = only_input
    return (lambda batch: signature(**{name: batch})), tensor.shape


def _shape_of_call(loaded: Any) -> Any:
    import tensorflow as tf

    functions = getattr(loaded.__call__, "concrete_functions", ())
    for function in functions:
        arguments, _ = function.structured_input_signature
        if arguments and isinstance(arguments[0], tf.TensorSpec):
            return arguments[0].shape
    signatures = getattr(loaded, "signatures", {})
    if "serving_default" in signatures:
        inputs = signatures["serving_default"].structured_input_signature[1]
        return next(iter(inputs.values())).shape
    return None


def _size_of(spec: ReleaseSpec, shape: Any) -> tuple[int, int] | None:
    if shape is None or shape.rank is None:
        return None
    dimensions = shape.as_list()
    if len(dimensions) != 4 or dimensions[-1] not in {3, None}:
        raise ReleaseError(
            f"{spec.name} does not take one RGB picture: its input is {dimensions}.",
            "Choose a model with the input (batch, height, width, 3).",
        )
    height, width = dimensions[1:3]
    return None if height is None or width is None else (height, width)


def _batch_of(shape: Any) -> int | None:
    """Give the only batch size that the model takes, or None where it takes any."""
    if shape is None or shape.rank is None:
        return None
    batch: int | None = shape.as_list()[0]
    return batch


def _one_output(spec: ReleaseSpec, outputs: Any) -> Any:
    if isinstance(outputs, list | tuple) and len(outputs) == 1:
        return outputs[0]
    if isinstance(outputs, list | tuple):
        raise ReleaseError(
            f"{spec.name} gives {len(outputs)} outputs without names.",
            "Choose a model with one output, or with a named one.",
        )
    if not isinstance(outputs, dict):
        return outputs
    for name in _OUTPUT_NAMES:
        if name in outputs:
            return outputs[name]
    if len(outputs) == 1:
        return next(iter(outputs.values()))
    raise ReleaseError(
        f"{spec.name} gives several outputs ({', '.join(sorted(outputs))}), and none of them has "
        "a known name.",
        f"One must be called {', '.join(_OUTPUT_NAMES)}.",
    )
