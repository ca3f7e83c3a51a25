"""The pairs that the program knows, and which of their releases are on this machine."""

from __future__ import annotations

import hashlib
import os
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.core.errors import PairFileError
from inspector.core.pairs import find_pair, read_pairs
from inspector.core.resources import resource_path
from inspector.core.sources import SourceKind, is_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inspector.core.pairs import PairSpec, ReleaseSpec
    from inspector.core.sources import Source

STARTER = "starter"
PUBLISHED = "mobilenet_v2_1.0_224"


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
    name, _, inner = wanted.partition("#")
    if name.endswith(".toml"):
        pairs = read_pairs(Path(name).expanduser())
        return find_pair(pairs, inner) if inner else pairs[0]
    if Path(wanted).is_file():
        raise PairFileError(f"{wanted} is not a pair file.", "A pair file's name ends in .toml.")
    return find_pair(shipped_pairs(), wanted)


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
    if path is None:
        return None
    if path.is_dir():
        return None if any(path.iterdir()) else path
    return None if path.is_file() and path.stat().st_size > 0 else path


def local_path(source: Source, environment: Mapping[str, str] | None = None) -> Path | None:
    """Give where a release lies, or would lie once it was fetched.

    Returns
    -------
    Path | None
        None where it needs no file (a Keras application with random weights).
    """
    if source.kind is SourceKind.KERAS_APPLICATION:
        weights = source.option("weights", "imagenet")
        if weights == "none":
            return None
        if weights != "imagenet":
            return Path(weights)
        return keras_cache(environment) / keras_weights_name(source)
    if source.kind is SourceKind.HUB and is_url(source.target):
        return hub_cache(environment) / hub_directory_name(source.target)
    return Path(source.target)


def keras_cache(environment: Mapping[str, str] | None = None) -> Path:
    """Give the folder where Keras keeps weights: ``$KERAS_HOME/models``, else ``~/.keras/models``.

    Where that folder's parent is not writable, Keras falls back to ``/tmp/.keras`` in silence.
    """
    env = os.environ if environment is None else environment
    if home := env.get("KERAS_HOME"):
        return Path(home) / "models"
    base = Path.home()
    if not os.access(base, os.W_OK):
        base = Path("/tmp")
    return base / ".keras" / "models"


def hub_cache(environment: Mapping[str, str] | None = None) -> Path:
    """Give the folder where TensorFlow Hub keeps modules.

    ``$TFHUB_CACHE_DIR``, else ``tfhub_modules`` in the system's temporary folder.
    """
    env = os.environ if environment is None else environment
    if cache := env.get("TFHUB_CACHE_DIR"):
        return Path(cache).expanduser()
    return Path(tempfile.gettempdir()) / "tfhub_modules"


def hub_directory_name(handle: str) -> str:
    """Give the name of a module's folder in Hub's cache: the SHA-1 of its handle."""
    return hashlib.sha1(handle.encode("utf-8"), usedforsecurity=False).hexdigest()


def keras_weights_name(source: Source) -> str:
    """Give the name of the file that Keras keeps a MobileNetV2's ImageNet weights under."""
    alpha = float(source.option("alpha", "1.0"))
    size = int(source.option("size", "224"))
    return f"mobilenet_v2_weights_tf_dim_ordering_tf_kernels_{alpha}_{size}.h5"
