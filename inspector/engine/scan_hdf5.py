"""What an HDF5 file of weights refers to outside itself, read without reading its numbers.

HDF5 can keep a group in another file (external link), a data set's numbers in another file
(external storage, virtual data set), and declare a data set far larger than the file. A file of
weights needs none of it. Keras refuses most of it too, but only on its newer path and only when it
comes to the data set.
"""

from __future__ import annotations

import itertools
import json
import math
from typing import TYPE_CHECKING, Any

from inspector.engine.scan_hazard import malformed

if TYPE_CHECKING:
    from pathlib import Path

OBJECT_LIMIT = 200_000
"""Groups and data sets in a file."""
EXPANSION_LIMIT = 50
"""How many times larger than the file its data sets may be, above `EXPANSION_FLOOR`."""
EXPANSION_FLOOR = 256 << 20
CONFIG_LIMIT = 64 << 20
"""Bytes of a model's configuration."""

_READ_ERRORS = (OSError, ValueError, KeyError, TypeError, RuntimeError, UnicodeError)


def scan_hdf5(source: Path | Any, name: str, size: int) -> Any:
    """Refuse an HDF5 file that leads out of itself or pretends to be larger than it is.

    Parameters
    ----------
    source
        Its path, or a binary file object.
    name
        What to call it in messages.
    size
        Its bytes.

    Returns
    -------
    object
        The parsed ``model_config`` of an old-style model file, else None.

    Raises
    ------
    ReleaseError
        Where it is refused, or cannot be read.
    """
    import h5py

    try:
        with h5py.File(source, "r") as file:
            _check_links(file, name)
            _check_datasets(file, name, size)
            return _model_config(file, name)
    except _READ_ERRORS as error:
        raise malformed(name, f"it is no whole HDF5 file: {first_words(error)}") from error


def first_words(error: BaseException) -> str:
    """Give the first line of a library's error without its full stop."""
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__)[:200].rstrip(".")


# h5py stops a visit, and gives what its callback gave, as soon as that is not None. An exception in
# a callback would not come through.


def _check_links(file: Any, name: str) -> None:
    import h5py

    kinds = {
        h5py.h5l.TYPE_EXTERNAL: "a link to another file",
        h5py.h5l.TYPE_SOFT: "a link by name, which Keras does not follow",
    }
    count = itertools.count(1)

    def fault(link: bytes, info: Any) -> str | None:
        if next(count) > OBJECT_LIMIT:
            return f"it holds more than {OBJECT_LIMIT:,} objects"
        if info.type != h5py.h5l.TYPE_HARD:
            return f"{_shown(link)} is {kinds.get(info.type, 'a link of an unknown kind')}"
        return None

    if found := file.id.links.visit(fault, info=True):
        raise malformed(name, found)


def _check_datasets(file: Any, name: str, size: int) -> None:
    import h5py

    places: list[bytes] = []

    def collect(place: bytes, info: Any) -> None:
        if info.type == h5py.h5o.TYPE_DATASET:
            places.append(place)

    h5py.h5o.visit(file.id, collect, info=True)
    claimed = sum(_check_dataset(h5py.h5d.open(file.id, place), place, name) for place in places)
    if claimed > max(EXPANSION_FLOOR, EXPANSION_LIMIT * size):
        raise malformed(
            name,
            f"its data sets claim to have {claimed / 1e6:,.0f} MB, but the file has "
            f"{size / 1e6:,.1f} MB",
        )


def _check_dataset(dataset: Any, place: bytes, name: str) -> int:
    """Give the bytes that a data set claims to have."""
    import h5py

    plan = dataset.get_create_plist()
    if plan.get_external_count():
        raise malformed(name, f"the numbers of {_shown(place)} are in another file")
    if plan.get_layout() == h5py.h5d.VIRTUAL:
        raise malformed(name, f"{_shown(place)} is put together from other files")
    return int(math.prod(dataset.shape) * dataset.dtype.itemsize)


def _model_config(file: Any, name: str) -> Any:
    import h5py

    if not h5py.h5a.exists(file.id, b"model_config"):
        return None
    if h5py.h5a.open(file.id, b"model_config").get_storage_size() > CONFIG_LIMIT:
        raise malformed(name, "its configuration is too large")
    text = file.attrs["model_config"]
    return parse_config(text, name)


def parse_config(text: str | bytes, name: str) -> Any:
    """Parse a model's configuration.

    Raises
    ------
    ReleaseError
        Where it is no JSON, too large, or nested too deeply.
    """
    if len(text) > CONFIG_LIMIT:
        raise malformed(name, "its configuration is too large")
    try:
        return json.loads(text)
    except (ValueError, TypeError, RecursionError) as error:
        raise malformed(name, "its configuration is no JSON that Keras would read") from error


def _shown(place: bytes) -> str:
    return repr(place.decode("utf-8", "replace")[:200])
