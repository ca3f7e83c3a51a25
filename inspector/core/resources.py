"""Where the program's own files are: beside the package in a checkout, inside it when installed."""

from __future__ import annotations

from pathlib import Path

from inspector.core.errors import InspectorError

_PACKAGE = Path(__file__).resolve().parent.parent
_PLACES = (_PACKAGE / "_resources", _PACKAGE.parent / "resources")


def resource_path(*parts: str) -> Path:
    """Give the path of a file or folder under ``resources/``.

    Raises
    ------
    InspectorError
        Where the installation is incomplete.
    """
    for place in _PLACES:
        path = place.joinpath(*parts)
        if path.exists():
            return path
    raise InspectorError(
        f"The program's own file {'/'.join(parts)} is missing.", "Install the program again."
    )
