"""What a SavedModel would do by itself, read from its files without loading it.

``tf.saved_model.load`` runs initialisers, and calling the loaded object runs whatever its functions
hold: a SavedModel is a program. This check parses ``saved_model.pb`` as a protocol buffer, which
executes nothing, and names every operation that is more than arithmetic on the model's own
variables (:mod:`inspector.engine.scan_ops`, :mod:`inspector.engine.scan_reach`).

It cannot say how long a model takes or how much memory it wants: a run can be cancelled, and has a
process of its own.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from inspector.engine.scan_graph import go_through
from inspector.engine.scan_hazard import malformed
from inspector.engine.scan_ops import OpJudge
from inspector.engine.scan_reach import asset_definitions, is_object_graph, reach_hazards

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inspector.engine.scan_hazard import Hazard

GRAPH_LIMIT = 1 << 30
"""Bytes of a ``saved_model.pb``; protocol buffers themselves end at two gigabytes."""
TEXT_LIMIT = 64 << 20
"""Bytes of a ``saved_model.pbtxt``, which takes many times its size to be parsed."""
FILE_LIMIT = 10_000
"""Files and folders in a SavedModel."""

_BINARY, _TEXT, _CHUNKED = "saved_model.pb", "saved_model.pbtxt", "saved_model.cpb"


def scan_saved_model(folder: Path) -> tuple[Hazard, ...]:
    """Look for what a SavedModel would do by itself.

    Parameters
    ----------
    folder
        An existing folder.

    Returns
    -------
    tuple[Hazard, ...]
        Each operation once, in the order in which they were found; empty where there is none.

    Raises
    ------
    ReleaseError
        Where the files are no SavedModel, are too large, or lead out of the folder.
    """
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

    check_folder(folder)
    model = read_saved_model(folder)
    found: dict[tuple[str, str], Hazard] = {}
    try:
        _check_assets(folder, model)
        for hazard in _hazards(model):
            found.setdefault((hazard.what, hazard.why), hazard)
    except DecodeError as error:
        raise _not_a_saved_model(folder, "its collections cannot be parsed") from error
    return tuple(found.values())


def _hazards(model: Any) -> Iterator[Hazard]:
    objects, judge = is_object_graph(model), OpJudge()
    for meta in model.meta_graphs:
        graph = go_through(meta, judge)
        for body in graph.bodies():
            yield from body.hazards
        yield from reach_hazards(graph, objects)


def check_folder(folder: Path) -> None:
    """Refuse links that lead out of a folder, and what is neither a file nor a folder.

    Raises
    ------
    ReleaseError
        Where there is one, or the folder cannot be read.
    """
    try:
        root = folder.resolve()
        for count, entry in enumerate(_entries(root)):
            if count >= FILE_LIMIT:
                raise malformed(str(folder), f"it holds more than {FILE_LIMIT:,} files")
            _check_entry(folder, root, entry)
    except (OSError, RuntimeError) as error:
        raise malformed(
            str(folder), f"it could not be read: {error}", "Check its permissions."
        ) from error


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    waiting = [str(folder)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                yield entry
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)


def _check_entry(folder: Path, root: Path, entry: os.DirEntry[str]) -> None:
    name = os.path.relpath(entry.path, root)
    if entry.is_symlink() and not Path(entry.path).resolve().is_relative_to(root):
        raise malformed(
            str(folder),
            f"{name} is a link to {os.path.realpath(entry.path)}, outside the folder",
            "Copy the files themselves into the folder, for example with cp -rL.",
        )
    mode = entry.stat(follow_symlinks=False).st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISLNK(mode)):
        raise malformed(str(folder), f"{name} is neither a file nor a folder")


def read_saved_model(folder: Path) -> Any:
    """Parse the SavedModel message of a folder, from the file that TensorFlow would take.

    Raises
    ------
    ReleaseError
        Where there is none, or it cannot be parsed, or is too large.
    """
    from google.protobuf import text_format  # type: ignore[import-untyped]
    from google.protobuf.message import DecodeError
    from tensorflow.core.protobuf import saved_model_pb2

    if (folder / _CHUNKED).exists():
        raise malformed(
            str(folder),
            f"it holds {_CHUNKED}, a form that cannot be checked",
            f"Save the model again, so that all of it is in {_BINARY}.",
        )
    model = saved_model_pb2.SavedModel()
    try:
        if (folder / _BINARY).exists():
            model.ParseFromString(_read(folder, _BINARY, GRAPH_LIMIT))
        else:
            text_format.Parse(_read(folder, _TEXT, TEXT_LIMIT), model)
    except (DecodeError, text_format.ParseError, ValueError, RecursionError) as error:
        raise _not_a_saved_model(folder, "its graph cannot be parsed") from error
    if not model.meta_graphs:
        raise _not_a_saved_model(folder, "it holds no graph")
    return model


def _read(folder: Path, name: str, limit: int) -> bytes:
    path = folder / name
    try:
        size = path.stat().st_size
        if size > limit:
            raise malformed(
                str(folder), f"{name} has {size / 1e6:,.0f} MB, more than {limit / 1e6:,.0f} MB"
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise _not_a_saved_model(folder, f"there is no {_BINARY}") from error
    except OSError as error:
        raise _not_a_saved_model(folder, f"{name}: {error.strerror or error}") from error


def _not_a_saved_model(folder: Path, fact: str) -> Exception:
    return malformed(
        str(folder),
        f"it is no SavedModel, {fact}",
        f"The folder {folder} must hold {_BINARY} and variables/; "
        "delete it and fetch it again if it is incomplete.",
    )


def _check_assets(folder: Path, model: Any) -> None:
    """Refuse assets that are not files below ``assets/``."""
    for meta in model.meta_graphs:
        for asset in asset_definitions(meta):
            name = asset.filename
            posix, windows = PurePosixPath(name), PureWindowsPath(name)
            leaves = ".." in windows.parts or windows.anchor or posix.is_absolute()
            if leaves or not name or "\0" in name:
                raise malformed(str(folder), f"its asset {name[:200]!r} is outside the folder")
