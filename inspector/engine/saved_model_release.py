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
from inspector.engine.picture_shape import picture_size
from inspector.engine.safety import require_safe_folder
from inspector.engine.saved_model_calls import choose_call, choose_output
from inspector.engine.saved_model_scan import read_saved_model
from inspector.engine.tf1_module import (
    MODULE_FILE,
    attached_size,
    choose_meta_graph,
    tf1_weights,
)
from inspector.engine.weight_graph import graph_weights
from inspector.store.caches import chosen_place

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from inspector.core.pairs import ReleaseSpec
    from inspector.core.weights.tensors import NamedWeight
    from inspector.engine.saved_model_calls import Published

_LOAD_ERRORS = (
    *(OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError),
    *(EOFError, tarfile.TarError, zlib.error),
)


class SavedModelClassifier:
    """A SavedModel: called as its publisher documents it, else through a signature.

    Parameters
    ----------
    spec
        Its declared conventions.
    loaded
        What ``tf.saved_model.load`` gave.
    folder
        Where it was opened from.
    published_size
        Height and width that it was published for, where its files tell them apart from its
        input's shape; they count where neither that shape nor the entry says a size.
    """

    def __init__(
        self,
        spec: ReleaseSpec,
        loaded: Any,
        folder: Path | None = None,
        published_size: tuple[int, int] | None = None,
    ) -> None:
        self._spec = spec
        self._loaded = loaded
        self._folder = folder
        self._published = choose_call(spec, loaded)
        fixed = _size_of(spec, self._published.shape)
        self._size = fixed or (published_size if spec.size is None else None)
        self._batch = _batch_of(self._published.shape)
        self._call = _traced_once(spec, self._published, self._batch, fixed)

    @property
    def spec(self) -> ReleaseSpec:
        """Its declared conventions."""
        return self._spec

    @property
    def loaded(self) -> Any:
        """The restored object as it was published."""
        return self._loaded

    @property
    def folder(self) -> Path | None:
        """The folder that it was opened from, with ``saved_model.pb`` in it."""
        return self._folder

    @property
    def published(self) -> Published:
        """What of it is called."""
        return self._published

    @property
    def size(self) -> tuple[int, int] | None:
        """Height and width that the model fixes or was published for, or None."""
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

        return [np.asarray(self._call(tf.constant(batch)), dtype=np.float32)]

    def trace(self, batch: Any) -> Any:
        """Give the output for a TensorFlow tensor, to be traced into a graph of another's."""
        return self._call(batch)

    def weights(self) -> tuple[NamedWeight, ...]:
        """Read every floating-point variable and large constant, in the order of the graph."""
        function = self._published.function
        if function is not None and hasattr(self._loaded, "prune"):
            return tf1_weights(self._loaded, function)
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
    return SavedModelClassifier(spec, *_load(spec, target, remote))


def _load(spec: ReleaseSpec, target: str, remote: bool) -> tuple[Any, Path, tuple[int, int] | None]:
    """Give what is loaded, its folder, and the size that it was published for."""
    import tensorflow as tf

    try:
        with socket_timeout(DOWNLOAD_TIMEOUT if remote else None):
            folder = Path(_resolve(spec) if remote else target)
        require_safe_folder(folder)
        return _open(spec, folder)
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


def _open(spec: ReleaseSpec, folder: Path) -> tuple[Any, Path, tuple[int, int] | None]:
    model = read_saved_model(folder)
    meta = choose_meta_graph(spec.name, spec.source, model)
    tags: list[str] | None = list(meta.meta_info_def.tags)
    if len(model.meta_graphs) == 1 and not (folder / MODULE_FILE).is_file():
        tags = None  # the only graph is loaded without a word, as its publisher documents it
    return _loader_of(spec)(str(folder), tags=tags), folder, attached_size(meta)


def _loader_of(spec: ReleaseSpec) -> Callable[..., Any]:
    import tensorflow as tf

    if spec.source.kind is not SourceKind.HUB:
        return tf.saved_model.load  # type: ignore[no-any-return]
    import tensorflow_hub as hub

    return hub.load  # type: ignore[no-any-return]


def _traced_once(
    spec: ReleaseSpec, published: Published, batch: int | None, size: tuple[int, int] | None
) -> Any:
    """Wrap the published call in one function for every batch size, and take one output of it.

    Called as it is, a restored function is traced anew for each batch size, a quarter of a second
    each time. The wrapped graph holds the published one unchanged. What cannot be traced so is
    called as it is.

    Raises
    ------
    ReleaseError
        Where it does not say which output is meant.
    """
    import tensorflow as tf

    def call(batch: Any) -> Any:
        return choose_output(spec, published.call(batch))

    height, width = size or (None, None)
    function = tf.function(
        call,
        input_signature=[tf.TensorSpec([batch, height, width, 3], tf.float32)],
        autograph=False,
    )
    try:
        function.get_concrete_function()
    except (ValueError, TypeError, LookupError, tf.errors.OpError):
        return call
    return function


def _size_of(spec: ReleaseSpec, shape: Any) -> tuple[int, int] | None:
    if shape is None or shape.rank is None:
        return None
    return picture_size(spec.name, shape.as_list())


def _batch_of(shape: Any) -> int | None:
    """Give the only batch size that the model takes, or None where it takes any."""
    if shape is None or shape.rank is None:
        return None
    batch: int | None = shape.as_list()[0]
    return batch
