"""The weights of loaded releases, and their audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from inspector.core.errors import ReleaseError
from inspector.core.weights.audit import audit_weights

if TYPE_CHECKING:
    from inspector.core.weights.audit import WeightAudit
    from inspector.core.weights.tensors import NamedWeight
    from inspector.engine.classifier import Classifier


@runtime_checkable
class HoldsWeights(Protocol):
    """A loaded release whose weights can be read."""

    def weights(self) -> tuple[NamedWeight, ...]:
        """Read every floating-point variable, in the network's order as far as it is known."""


def read_weights(classifier: Classifier) -> tuple[NamedWeight, ...]:
    """Read every weight of a loaded release.

    Raises
    ------
    ReleaseError
        Where this kind of release gives no access to its weights, or has none.
    """
    found = classifier.weights() if isinstance(classifier, HoldsWeights) else ()
    if not found:
        raise ReleaseError(
            f"{classifier.spec.name} gives no access to its weights.",
            "Choose a Keras model or a SavedModel whose variables can be read.",
        )
    return found


def audit_pair(left: Classifier, right: Classifier) -> WeightAudit:
    """Tell whether two loaded releases hold the same checkpoint.

    Raises
    ------
    ReleaseError
        Where a release gives no access to its weights.
    """
    return audit_weights(read_weights(left), read_weights(right))
