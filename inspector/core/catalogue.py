"""The pairs that the program knows, and which of their releases are on this machine."""

from __future__ import annotations

import hashlib
import os
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_cache_dir

from inspector.core.errors import PairFileError
from inspector.core.hdf5 import hdf5_fault
from inspector.core.keras_weights import keras_weights_file
from inspector.core.pairs import find_pair, read_pairs
from inspector.core.paths import APPLICATION
from inspector.core.resources import resource_path
from inspector.core.sources import SourceKind, is_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inspector.core.pairs import PairSpec, ReleaseSpec
    from inspector.core.sources import Source

STARTER = "starter"
PUBLISHED = "mobilenet_v2_1.0_224"
_MODEL_FILES = ("saved_model.pb", "saved_model.pbtxt")


@lru_cache(maxsize=1)
def shipped_pairs() -> tuple[PairSpec, ...]:
    """Give the pairs of ``resources/pairs.toml``."""
    return read_pairs(resource_path("pairs.toml"))


def choose_pair(wanted: str | None) -> PairSpec:
    """Give the pair that a command line or the window asks for.

    Parameters
    ----------
    wanted
        The id of a shipped pair, the path of a pair file (its first pair is meant), or
        ``FILE.toml#ID`` for another one in it. None for the published pair where both its releases
        are here, else the starter pair.

    Raises
    ------
    UsageError
        Where there is no such id.
    PairFileError
        Where the file is not a valid pair file.
    """
    if wanted is None:
        return default_pair()
    name, inner = (wanted, "") if wanted.endswith(".toml") else _file_and_id(wanted)
    if name.endswith(".toml"):
        pairs = read_pairs(Path(os.path.expanduser(name)))
        return find_pair(pairs, inner) if inner else pairs[0]
    if os.path.isfile(wanted):
        raise PairFileError(f"{wanted} is not a pair file.", "A pair file's name ends in .toml.")
    return find_pair(shipped_pairs(), wanted)


def _file_and_id(wanted: str) -> tuple[str, str]:
    name, _, inner = wanted.rpartition("#")
    return name, inner


def default_pair() -> PairSpec:
    """Give the published pair where both its releases are here, else the starter pair."""
    published = find_pair(shipped_pairs(), PUBLISHED)
    return published if is_here(published) else find_pair(shipped_pairs(), STARTER)


def is_here(pair: PairSpec) -> bool:
    """Tell whether both releases of a pair are on this machine."""
    return all(missing_path(release) is None for release in (pair.left, pair.right))


def missing_path(release: ReleaseSpec, environment: Mapping[str, str] | None = None) -> Path | None:
    """Give the file or folder that a release lacks on this machine, or None where it is here."""
    path = local_path(release.source, environment)
    if path is None or _is_whole(path):
        return None
    return path


def _is_whole(path: Path) -> bool:
    """Tell whether a file is not cut off, or a folder has what makes it a SavedModel."""
    try:
        if path.is_dir():
            return any((path / name).is_file() for name in _MODEL_FILES)
        if path.suffix == ".h5":
            return not hdf5_fault(path)
        return path.is_file() and path.stat().st_size > 0
    except OSError:
        return False


def local_path(source: Source, environment: Mapping[str, str] | None = None) -> Path | None:
    """Give where a release lies, or would lie once it was fetched.

    Returns
    -------
    Path | None
        None where it needs no file (a Keras application with random weights), or none that is
        known here.
    """
    if source.kind is SourceKind.KERAS_APPLICATION:
        weights = source.option("weights", "imagenet")
        if weights == "none":
            return None
        if weights != "imagenet":
            return Path(weights)
        name = keras_weights_name(source)
        return None if name is None else keras_cache(environment) / name
    if source.kind is SourceKind.HUB and is_url(source.target):
        places = hub_places(source.target, environment)
        return next((place for place in places if _is_whole(place)), places[0])
    return Path(source.target)


def keras_cache(environment: Mapping[str, str] | None = None) -> Path:
    """Give the folder where Keras keeps weights: ``$KERAS_HOME/models``, else ``~/.keras/models``.

    Where its base cannot be written to, Keras falls back to ``/tmp/.keras`` in silence.
    """
    env = os.environ if environment is None else environment
    home = os.path.expanduser(env.get("KERAS_HOME", "~/.keras"))
    if "KERAS_HOME" not in env and not os.access(os.path.expanduser("~"), os.W_OK):
        home = "/tmp/.keras"
    if not _can_be_written(home):
        base = "/tmp" if os.path.isdir("/tmp") else tempfile.gettempdir()
        home = os.path.join(base, ".keras")
    return Path(home) / "models"


def _can_be_written(folder: str) -> bool:
    """Tell whether a folder is writable, or can be made (Keras makes it when it is imported)."""
    while folder and not os.path.exists(folder):
        folder = os.path.dirname(folder)
    return bool(folder) and os.access(folder, os.W_OK)


def hub_cache(environment: Mapping[str, str] | None = None) -> Path:
    """Give the folder where TensorFlow Hub keeps modules for this program.

    ``$TFHUB_CACHE_DIR`` as it is written (Hub expands no ``~``), else a lasting folder of the
    program's own, which Hub itself uses where that variable names it. Hub's own choice, a folder
    among the temporary files, is emptied by the system and open to everybody.
    """
    env = os.environ if environment is None else environment
    return Path(env.get("TFHUB_CACHE_DIR") or _own_hub_cache())


def _own_hub_cache() -> str:
    own = os.path.join(user_cache_dir(APPLICATION), "tfhub_modules")
    return own if _can_be_written(own) else str(_hub_default_cache())


def _hub_default_cache() -> Path:
    return Path(tempfile.gettempdir()) / "tfhub_modules"


def hub_places(handle: str, environment: Mapping[str, str] | None = None) -> list[Path]:
    """Give where a module may lie, in the order to look; the first is where it is put.

    Hub names a folder after the very letters of the handle, so that the same one with and without
    a slash at its end lies in two. Where no cache is chosen, what the user's own scripts left in
    Hub's temporary folder counts too, unless it is somebody else's.
    """
    env = os.environ if environment is None else environment
    cache = hub_cache(env)
    other = handle.rstrip("/") if handle.endswith("/") else f"{handle}/"
    names = (hub_directory_name(handle), hub_directory_name(other))
    places = [cache / name for name in names]
    chosen = env.get("TFHUB_CACHE_DIR")
    if not chosen or chosen == _own_hub_cache():
        temporary = [_hub_default_cache() / name for name in names]
        places += [place for place in temporary if place not in places and _is_ours(place)]
    return places


def _is_ours(path: Path) -> bool:
    """Tell whether something is there and belongs to this user: a model is code."""
    try:
        owner = path.lstat().st_uid
    except OSError:
        return False
    return not hasattr(os, "getuid") or owner == os.getuid()


def hub_directory_name(handle: str) -> str:
    """Give the name of a module's folder in Hub's cache: the SHA-1 of its handle."""
    return hashlib.sha1(handle.encode("utf-8"), usedforsecurity=False).hexdigest()


def keras_weights_name(source: Source) -> str | None:
    """Give the name of the file that Keras keeps an application's ImageNet weights under.

    Returns
    -------
    str | None
        None where the application is not known here, or has no such weights.
    """
    file = keras_weights_file(source)
    return None if file is None else file.name
