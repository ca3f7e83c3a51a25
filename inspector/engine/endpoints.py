"""Endpoints of a loaded release: its named activations, and their values for a batch.

Whatever names an activation in a way that the publisher meant comes first: the layers of a Keras
model, the outputs of a signature of a TF1-format module, the endpoints that a Hub model gives on
request. Where nothing does, the operations of the graph stand for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol
from weakref import WeakKeyDictionary

from inspector.core.errors import ReleaseError
from inspector.core.sources import nearest_hint
from inspector.engine.endpoints_graph import read_graph
from inspector.engine.endpoints_keras import read_layers
from inspector.engine.endpoints_named import read_call_endpoints, read_signature

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from inspector.core.endpoints import Endpoint
    from inspector.engine.classifier import Classifier


class EndpointReader(Protocol):
    """Reads the endpoints of one release."""

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """All endpoints in the order of depth; names are unique."""

    def read(self, batch: NDArray[np.float32], names: Sequence[str]) -> list[NDArray[np.float32]]:
        """Run a batch, float32 (batch, height, width, 3); give each named activation for it."""


_READERS: tuple[Callable[[Classifier], EndpointReader | None], ...] = (
    read_layers,
    read_signature,
    read_call_endpoints,
    read_graph,
)
"""Ways to the inside of a release, the first that fits is taken; each gives None where it is not
for that kind of release."""

_known: WeakKeyDictionary[Classifier, EndpointReader] = WeakKeyDictionary()
"""Readers that were made, for as long as their releases are loaded."""


def endpoints_of(model: Classifier) -> EndpointReader:
    """Give the reader of a release's endpoints; made once for each loaded release.

    Raises
    ------
    ReleaseError
        Where nothing inside of it can be read.
    """
    model = getattr(model, "inner", model)  # a wrapper changes the form of the answer alone
    if model not in _known:
        made = (make(model) for make in _READERS)
        reader = next((reader for reader in made if reader is not None), None)
        if reader is None:
            raise ReleaseError(
                f"{model.spec.name} gives no access to what is inside of it.",
                "Choose a Keras model or a SavedModel.",
            )
        _known[model] = reader
    return _known[model]


def read_endpoint(model: Classifier, batch: NDArray[np.float32], name: str) -> NDArray[np.float32]:
    """Give one named activation for a batch.

    Raises
    ------
    ReleaseError
        Where there is no such endpoint; the message names the nearest.
    """
    reader = endpoints_of(model)
    names = tuple(endpoint.name for endpoint in reader.endpoints)
    if name not in names:
        raise ReleaseError(
            f"{model.spec.name} has no endpoint {name!r}.", nearest_hint(name, names, "endpoint")
        )
    (values,) = reader.read(batch, [name])
    return values
