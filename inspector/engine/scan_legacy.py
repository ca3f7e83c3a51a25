"""Why Keras 3 cannot open a model that Keras 2 saved: which layer, and what of it.

Keras 3 reads most models of Keras 2. What it cannot read, it says in a page of configuration; here
that becomes one sentence. A model that loads is never asked.
"""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, Any

from inspector.core.errors import ReleaseError, first_line

if TYPE_CHECKING:
    from collections.abc import Iterator

LOAD_ERRORS = (
    *(OSError, ValueError, TypeError, KeyError, RuntimeError, AttributeError, IndexError),
    zipfile.BadZipFile,
)
"""What Keras raises where a file cannot be opened."""

KERAS_2_MEND = (
    "Where it was saved (TensorFlow up to 2.15), write it as a SavedModel with "
    "tf.saved_model.save(model, 'FOLDER') and choose that; a Keras application's weights can also "
    "be read as they are, with keras-application:NAME?weights=PATH."
)

_OPERATOR_LAYERS = {
    *("TFOpLambda", "SlicingOpLambda", "ClassMethod", "InstanceMethod", "InstanceProperty"),
    "TensorFlowOpLayer",
}
_UNKNOWN_WORDS = re.compile(r"Unrecognized keyword arguments passed to \w+: (\{.*?\})")
_BROKEN_LAYER = re.compile(r"deserializing class '(\w+)' using\s+config=\{'name': '([^']*)'", re.S)
_CAUSE = re.compile(r"Exception encountered:\s*(.+)", re.S)
_UNKNOWN_LAYER = re.compile(r"(?:Unknown layer: |Could not locate class )'(\w+)'")


def load_fault(name: str, error: BaseException, config: Any, mend: str) -> ReleaseError:
    """Make the error for a Keras model that could not be opened.

    Parameters
    ----------
    name
        What to call the file.
    error
        What Keras raised.
    config
        The model's configuration, already checked; None where it is not known.
    mend
        What to do where the cause is not Keras 2.
    """
    cause = legacy_cause(config)
    if cause:
        return ReleaseError(f"{name} was saved by Keras 2, and Keras 3 {cause}.", KERAS_2_MEND)
    return ReleaseError(f"{name} could not be opened as a Keras model: {_short_cause(error)}", mend)


def legacy_cause(config: Any) -> str:
    """Say what of a model's configuration Keras 3 cannot read; empty where nothing is known."""
    for layer in _layers(config):
        kind = str(layer.get("class_name"))
        settings = layer.get("config")
        settings = settings if isinstance(settings, dict) else {}
        called = repr(str(settings.get("name", layer.get("name", "")))[:200])
        if kind in _OPERATOR_LAYERS:
            return f"knows no layer of the kind {kind}, which {called} is"
        if kind == "DepthwiseConv2D" and "groups" in settings:
            return f"takes no 'groups' for the DepthwiseConv2D layer {called}"
    if _is_of_keras_2(config):
        return "cannot read its configuration"
    return ""


def _is_of_keras_2(config: Any) -> bool:
    """Tell whether a configuration has a key that only Keras 2 writes."""
    if isinstance(config, dict) and str(config.get("keras_version", "")).startswith("2"):
        return True
    return any(
        layer.get("class_name") == "InputLayer" and "batch_input_shape" in layer["config"]
        for layer in _layers(config)
        if isinstance(layer.get("config"), dict)
    )


def _layers(config: Any) -> Iterator[dict[str, Any]]:
    """Give every object of a configuration that has a class, in its order."""
    waiting = [config]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += reversed(part)
        elif isinstance(part, dict):
            if "class_name" in part:
                yield part
            waiting += [value for key, value in part.items() if key != "compile_config"][::-1]


def _shortened(text: str, most: int = 100) -> str:
    """Shorten a text between two words."""
    if len(text) <= most:
        return text
    return f"{text[:most].rpartition(' ')[0].rstrip(',;: ') or text[:most]} …"


def _short_cause(error: BaseException) -> str:
    """Give what Keras says without the configuration that it shows."""
    text = str(error)
    layer, cause = _BROKEN_LAYER.search(text), _CAUSE.search(text)
    if layer is None or cause is None:
        unknown = _UNKNOWN_LAYER.search(text)
        return f"it needs the unknown class {unknown[1]}." if unknown else first_line(error)
    words = _UNKNOWN_WORDS.search(cause[1])
    reason = f"takes no {_shortened(words[1])}." if words else first_line(ValueError(cause[1]))
    return f"the {layer[1]} layer {layer[2]!r} {'' if words else 'failed: '}{reason}"
