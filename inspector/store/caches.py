"""Where Keras and TensorFlow Hub keep releases, and what of them lies there.

The places themselves are told by :mod:`inspector.core.catalogue`.
"""

from __future__ import annotations

import os
import shutil
import socket
from datetime import datetime
from typing import TYPE_CHECKING

from inspector.core.catalogue import (
    hub_cache,
    hub_places,
    keras_cache,
    keras_weights_name,
    local_path,
)
from inspector.core.files import write_text
from inspector.core.hdf5 import hdf5_fault
from inspector.core.sources import SourceKind, is_url
from inspector.store import hub_lock
from inspector.store.content import saved_model_fault
from inspector.store.part import Part
from inspector.store.records import files_of

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from pathlib import Path

    from inspector.core.sources import Source

HUB_VARIABLE = "TFHUB_CACHE_DIR"


def use_hub_cache(environment: MutableMapping[str, str] | None = None) -> Path:
    """Make TensorFlow Hub, when it loads in this process, keep modules where the program does.

    Hub reads the variable at each load, so that it may be called before or after Hub is imported.
    """
    env = os.environ if environment is None else environment
    folder = hub_cache(env)
    env[HUB_VARIABLE] = str(folder)
    return folder


def is_cached_kind(source: Source) -> bool:
    """Tell whether a release comes from a mirror and lies in a cache that is known here."""
    return bool(places_of(source))


def is_unknown(source: Source) -> bool:
    """Tell whether Keras fetches a release to a place that is not known here."""
    return source.is_remote and not is_cached_kind(source)


def places_of(source: Source) -> list[Path]:
    """Give where in the caches a release may lie; it is put into the first. Empty for others."""
    if not source.is_remote:
        return []
    if source.kind is SourceKind.HUB:
        return hub_places(source.target)
    name = keras_weights_name(source)
    return [] if name is None else [keras_cache() / name]


def chosen_place(source: Source) -> Path | None:
    """Give the place where a release is whole, else where it would be put; None for none."""
    places = places_of(source)
    if not places:
        return local_path(source)
    whole = (place for place in places if not fault_of(source, place))
    return next(whole, places[0])


def fault_of(source: Source, place: Path) -> str:
    """Say what is wrong with a release in `place`; an empty text where it is whole."""
    if not os.path.exists(place):
        return "is not there"
    if place.is_dir():
        return saved_model_fault(place)
    if source.kind is SourceKind.HUB or source.kind is SourceKind.SAVED_MODEL:
        return "is not a folder"
    if place.suffix == ".h5":
        return hdf5_fault(place)
    return "" if size_of(place) else "is empty"


def descriptor_file(place: Path) -> Path:
    """Give the text that Hub writes beside a module, to tell people what it is."""
    return place.with_name(f"{place.name}.descriptor.txt")


def write_descriptor(handle: str, place: Path) -> None:
    """Write that text as tensorflow_hub 0.16.1 does; Hub itself never reads it."""
    write_text(
        descriptor_file(place),
        f"Module: {handle}\nDownload Time: {datetime.now()}\n"
        f"Downloader Hostname: {socket.gethostname()} (PID:{os.getpid()})",
    )


def archive_file(place: Path) -> Path:
    """Give where the archive of a Hub module is downloaded to."""
    return place.with_name(f"{place.name}.archive")


def part_of(source: Source, place: Path) -> Part:
    """Give the download, under way or left, of the release that is to lie in `place`."""
    is_module = source.kind is SourceKind.HUB and is_url(source.target)
    return Part(archive_file(place) if is_module else place)


def belongings(source: Source, place: Path) -> list[Path]:
    """Give all that lies in a cache because of the release in `place`."""
    part = part_of(source, place)
    if source.kind is SourceKind.HUB and is_url(source.target):
        leftovers = (hub_lock.lock_file(place), *hub_lock.temporary_folders(place))
        known = (place, descriptor_file(place), archive_file(place), *part.files, *leftovers)
    else:
        known = (place, *part.files)
    return [path for path in known if os.path.lexists(path)]


def size_of(place: Path) -> int:
    """Give the bytes of a file, or of all files of a folder."""
    if place.is_dir():
        return sum(file.stat().st_size for file in files_of(place))
    return place.stat().st_size


def remove(path: Path) -> None:
    """Remove a file, a folder, or a link (never what it leads to)."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
