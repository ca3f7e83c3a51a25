"""Releases that are a file of Keras weights with the configuration of their model beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from inspector.core.errors import ReleaseError, ReleaseMissingError, first_line
from inspector.core.model_files import weights_stem
from inspector.engine.keras_release import KerasClassifier, weights_only
from inspector.engine.safety import require_safe_config, require_safe_file
from inspector.engine.scan_legacy import LOAD_ERRORS, load_fault

if TYPE_CHECKING:
    from inspector.core.pairs import ReleaseSpec


def load_keras_weights_release(spec: ReleaseSpec) -> KerasClassifier:
    """Load a ``keras-weights`` release.

    Raises
    ------
    ReleaseMissingError
        Where one of the two files is not here.
    UntrustedModelError
        Where the configuration would run code, and the user does not trust it.
    ReleaseError
        Where no configuration is named, or one of the files cannot be opened.
    """
    return KerasClassifier(spec, build_with_weights(spec))


def build_with_weights(spec: ReleaseSpec) -> Any:
    """Build the model of a ``keras-weights`` source from its ``to_json()``, and fill in weights.

    Raises
    ------
    ReleaseMissingError
        Where one of the two files is not here.
    UntrustedModelError
        Where the configuration would run code, and the user does not trust it.
    ReleaseError
        Where no configuration is named, or one of the files cannot be opened.
    """
    weights = Path(spec.source.target)
    if not weights.is_file():
        raise ReleaseMissingError(
            f"The weights file {weights} is not there.", "Check 'source' in the pair's entry."
        )
    config = spec.source.option("config")
    if not config:
        raise weights_only(weights)
    if not Path(config).is_file():
        raise ReleaseMissingError(
            f"The configuration {config} is not there.",
            "Write the model's to_json() into it, or correct config= in the source.",
        )
    require_safe_file(weights)
    model = _build(Path(config))
    _fill(model, weights, Path(config))
    return model


def _build(path: Path) -> Any:
    import keras

    config, clearance = require_safe_config(path)
    try:
        model = keras.saving.deserialize_keras_object(config, safe_mode=not clearance.on_trust)
    except LOAD_ERRORS as error:
        mend = "Write it again with model.to_json()."
        raise load_fault(path.name, error, config, mend) from error
    if not isinstance(model, keras.Model):
        raise ReleaseError(
            f"{path.name} is the configuration of a {type(model).__name__}, not of a model.",
            "Write the model's own to_json() into it.",
        )
    if not model.built:
        raise ReleaseError(
            f"{path.name} says nothing about the input of its model.",
            "Call the model once, or give it an Input, before model.to_json().",
        )
    return model


def _fill(model: Any, weights: Path, config: Path) -> None:
    try:
        model.load_weights(weights)
    except LOAD_ERRORS as error:
        mend = "The file may be cut off, or belong to another model."
        if not weights.name.endswith(".weights.h5"):
            mend = (
                f"If Keras 3 saved it, rename it to {weights_stem(weights)}.weights.h5: any other "
                ".h5 is taken for one of Keras 2."
            )
        raise ReleaseError(
            f"The weights of {weights.name} do not fit the model of {config.name}: "
            f"{first_line(error)}",
            mend,
        ) from error
