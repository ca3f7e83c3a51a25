"""Which loader opens which source: one table row each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.sources import SourceKind
from inspector.engine.fetching import FetchTelling
from inspector.engine.frozen_graph_release import load_frozen_graph_release
from inspector.engine.isolation import before_models
from inspector.engine.keras_release import load_keras_release
from inspector.engine.keras_weights_release import load_keras_weights_release
from inspector.engine.saved_model_release import load_saved_model_release
from inspector.engine.tflite_release import load_tflite_release
from inspector.engine.watcher import Watcher
from inspector.store.caches import use_hub_cache
from inspector.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from inspector.core.pairs import ReleaseSpec
    from inspector.engine.classifier import Classifier

LOADERS: dict[SourceKind, Callable[[ReleaseSpec], Classifier]] = {
    SourceKind.KERAS_APPLICATION: load_keras_release,
    SourceKind.KERAS_FILE: load_keras_release,
    SourceKind.HUB: load_saved_model_release,
    SourceKind.SAVED_MODEL: load_saved_model_release,
    SourceKind.KERAS_WEIGHTS: load_keras_weights_release,
    SourceKind.FROZEN_GRAPH: load_frozen_graph_release,
    SourceKind.TFLITE: load_tflite_release,
}
"""Loader of each kind of source."""


def fetch_releases(specs: Iterable[ReleaseSpec], watcher: Watcher) -> None:
    """Fetch releases where they are not here.

    Who opens several calls this for all of them first.

    Raises
    ------
    ReleaseMissingError
        Where one is not here and could not be fetched.
    Cancelled
        Where the watcher wants no more of it.
    """
    use_hub_cache()
    for spec in specs:
        telling = FetchTelling(spec.name, watcher.stage)
        Store().fetch(spec, telling, watcher.is_unwanted, telling.tell_waiting)


def load_release(spec: ReleaseSpec, watcher: Watcher | None = None) -> Classifier:
    """Fetch one release where it is not here, and open it.

    Raises
    ------
    ReleaseMissingError, Cancelled
        As for :func:`fetch_releases`.
    UntrustedModelError, ReleaseError
        As for :func:`open_release`.
    """
    fetch_releases((spec,), watcher or Watcher())
    return open_release(spec)


def open_release(spec: ReleaseSpec) -> Classifier:
    """Open a release that :func:`fetch_releases` was asked for; the process may lose its network.

    Raises
    ------
    ReleaseMissingError
        Where it is not here.
    UntrustedModelError
        Where it would run code or touch files, and the user does not trust it.
    ReleaseError
        Where it cannot be opened.
    """
    before_models()
    return LOADERS[spec.source.kind](spec)
