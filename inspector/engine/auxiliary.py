"""The auxiliary head of InceptionV3, attached to a loaded release."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from inspector.core.auxiliary import AuxiliaryScores
from inspector.core.errors import ReleaseError
from inspector.core.pairs import OutputKind
from inspector.core.scores import OutputSwitches, interpret
from inspector.engine.auxiliary_head import head_logits, random_head, read_head
from inspector.engine.endpoints import endpoints_of, read_endpoint

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.core.auxiliary import AuxiliaryHead
    from inspector.core.result import SideSettings
    from inspector.core.scores import Scores
    from inspector.engine.auxiliary_head import HeadWeights
    from inspector.engine.classifier import Classifier

_PLACE = re.compile(r"(?:.*/)?(?:Mixed_6e|mixed7(?:_\d+)?)(?:/concat(?:_v2)?)?")
"""The endpoint: slim's name, as a signature or a graph has it, or the layer of Keras."""

_LATER = re.compile(r"(?:.*/)?Mixed_6f(?:/concat(?:_v2)?)?")
"""InceptionV4 has a ``Mixed_6e`` too, and this one behind it."""

_heads: WeakKeyDictionary[Classifier, tuple[tuple[object, ...], HeadWeights, str]] = (
    WeakKeyDictionary()
)
"""Each model's last head, what it was made of, and its note."""


def run_auxiliary(
    settings: SideSettings,
    model: Classifier,
    model_input: NDArray[np.float32],
    inference: Scores,
) -> AuxiliaryScores | None:
    """Run the auxiliary head where the settings ask for it, else give None.

    Parameters
    ----------
    settings
        Of the side.
    model, model_input
        The release, and what it receives: float32 (height, width, 3).
    inference
        What its main head says: it tells how many classes are shared.

    Raises
    ------
    ReleaseMissingError
        Where the checkpoint is not there.
    ReleaseError
        Where the release is no InceptionV3, or the checkpoint has no head that fits.
    """
    wanted = settings.auxiliary
    if wanted is None:
        return None
    endpoint = find_endpoint(model)
    activation = read_endpoint(model, model_input[None], endpoint)
    shape = tuple(int(length) for length in activation.shape[1:])
    classes = shared_classes(model, inference)
    weights, note = _head(model, wanted, shape, endpoint, classes)
    row = head_logits(weights, activation)[0]
    background = weights.classes == classes + 1
    return AuxiliaryScores(
        settings=wanted,
        scores=interpret(row, OutputKind.LOGITS, background, OutputSwitches()),
        trained=bool(wanted.checkpoint),
        endpoint=endpoint,
        note=note,
    )


def find_endpoint(model: Classifier) -> str:
    """Name the activation of a release that the head belongs on.

    Raises
    ------
    ReleaseError
        Where the release has none of that name: it is no InceptionV3.
    """
    endpoints = endpoints_of(model).endpoints
    found = [e.name for e in endpoints if _PLACE.fullmatch(e.name) and len(e.shape) == 3]
    if found and not any(_LATER.fullmatch(endpoint.name) for endpoint in endpoints):
        return found[0]
    raise ReleaseError(
        f"{model.spec.name} is no InceptionV3: it has neither an endpoint 'InceptionV3/Mixed_6e' "
        "nor a layer 'mixed7' for the auxiliary head.",
        "Attach it to an InceptionV3 of TF Hub or of keras.applications, or to none.",
    )


def shared_classes(model: Classifier, inference: Scores) -> int:
    """Count the classes of a release, its background class not among them."""
    kept = model.spec.background and not inference.dropped_background
    return inference.probabilities.size - int(kept)


def _head(
    model: Classifier, wanted: AuxiliaryHead, shape: tuple[int, ...], endpoint: str, classes: int
) -> tuple[HeadWeights, str]:
    key = (wanted, shape, classes)
    if model in _heads and _heads[model][0] == key:
        return _heads[model][1:]
    if not wanted.checkpoint:
        rows = classes + int(model.spec.background)
        weights, note = random_head(shape, rows, wanted.seed, endpoint), ""
    else:
        weights = read_head(wanted.checkpoint, shape, endpoint)
        _check_classes(model, weights.classes, classes)
        note = _foreign_note(model, weights)
    _heads[model] = (key, weights, note)
    return weights, note


def _check_classes(model: Classifier, found: int, classes: int) -> None:
    if found not in {classes, classes + 1}:
        raise ReleaseError(
            f"The checkpoint's auxiliary head has {found} classes, but {model.spec.name} has "
            f"{classes}, and {classes + 1} with a background class.",
            "Give the checkpoint of a network that was trained on the same classes.",
        )


def _foreign_note(model: Classifier, weights: HeadWeights) -> str:
    """Say where the release's first kernel is not the checkpoint's: the head knows another net."""
    read = getattr(model, "weights", None)
    if weights.stem is None or read is None:
        return ""
    own = next((w.values for w in read() if w.values.shape == weights.stem.shape), None)
    if own is not None and np.allclose(own, weights.stem, atol=1e-4):
        return ""
    return (
        "The checkpoint's network is not this release's: their first convolutions differ, and a "
        "head says little on features that it was not trained with."
    )
