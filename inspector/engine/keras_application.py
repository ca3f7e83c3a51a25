"""Building the applications of Keras with their weights."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inspector.core.catalogue import local_path
from inspector.core.errors import ReleaseError, ReleaseMissingError, first_line
from inspector.core.sources import nearest_hint
from inspector.engine.network import DOWNLOAD_TIMEOUT, NETWORK_ERRORS, socket_timeout
from inspector.engine.safety import require_safe_file
from inspector.engine.scan_legacy import LOAD_ERRORS

if TYPE_CHECKING:
    from inspector.core.sources import Source

_TRUTH = {"true": True, "1": True, "false": False, "0": False}
_POOLINGS = ("avg", "max")


def build_application(source: Source) -> Any:
    """Build a Keras application as a source's options say, with its weights.

    Raises
    ------
    ReleaseMissingError
        Where its weights are not here and could not be fetched.
    ReleaseError
        Where there is no such application, or its weights cannot be opened.
    """
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
    arguments |= _top_arguments(source)
    taken = inspect.signature(builder).parameters
    for name in arguments:
        if name not in taken:
            raise ReleaseError(
                f"keras.applications.{source.target} takes no {name!r}.",
                "Leave it out of the source.",
            )
    return arguments


def _top_arguments(source: Source) -> dict[str, Any]:
    """Give ``include_top`` and ``pooling``, which make an application give features."""
    arguments: dict[str, Any] = {}
    top = source.option("include_top")
    if top:
        if top not in _TRUTH:
            raise _wrong_option(source, "include_top", top, "Write include_top=true or false.")
        arguments["include_top"] = _TRUTH[top]
    pooling = source.option("pooling")
    if pooling:
        if pooling not in _POOLINGS:
            raise _wrong_option(source, "pooling", pooling, "Write pooling=avg or pooling=max.")
        arguments["pooling"] = pooling
    if not arguments.get("include_top", True) and not pooling:
        raise ReleaseError(
            f"keras.applications.{source.target} without its top gives a map of features, not one "
            "row per picture.",
            "Write pooling=avg beside include_top=false.",
        )
    return arguments


def _wrong_option(source: Source, name: str, value: str, mend: str) -> ReleaseError:
    return ReleaseError(
        f"keras.applications.{source.target} has {name}={value[:40]!r}, which is not known.", mend
    )


def _call_builder(source: Source, builder: Any, arguments: dict[str, Any]) -> Any:
    try:
        with socket_timeout(DOWNLOAD_TIMEOUT):
            return builder(**arguments)
    except NETWORK_ERRORS as error:
        raise _not_fetched(source, str(error)) from error
    except Exception as error:
        if "URL fetch failure" in str(error):
            raise _not_fetched(source, str(error).rsplit("--", maxsplit=1)[-1].strip()) from error
        if not isinstance(error, LOAD_ERRORS):
            raise
        path = local_path(source)
        kept = f" from {path}" if path is not None else ""
        raise ReleaseError(
            f"keras.applications.{source.target} could not be built{kept}: {first_line(error)}",
            "The file may be cut off or belong to another model; delete it and fetch it again.",
        ) from error


def _not_fetched(source: Source, reason: str) -> ReleaseMissingError:
    place = local_path(source)
    otherwise = f"put the file at {place}" if place else "name a file of weights with weights=PATH"
    return ReleaseMissingError(
        f"The weights of keras.applications.{source.target} are not on this machine and could not "
        f"be fetched: {reason}.",
        f"Connect to the network, or {otherwise}.",
    )
