"""What a Keras file would do by itself, read without building its model.

A ``.keras`` file is a zip archive of a JSON configuration and an HDF5 file of weights; an old-style
``.h5`` file holds both. The configuration says which classes Keras builds, and a few of them run
code that is in the file. Keras refuses these in its safe mode; they are named here first, so that
the refusal says which layer it is, and does not depend on the version of Keras.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from inspector.engine.scan_hazard import Hazard, malformed
from inspector.engine.scan_hdf5 import CONFIG_LIMIT, first_words, parse_config, scan_hdf5
from inspector.engine.scan_legacy import KERAS_2_MEND

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MEMBER_LIMIT = 10_000
"""Files in an archive."""
UNPACKED_LIMIT = 8 << 30
"""Bytes of an archive when it is unpacked."""
RATIO_LIMIT = 20
"""How many times larger than the archive it may get, above `RATIO_FLOOR`; Keras does not pack."""
RATIO_FLOOR = 64 << 20

_HDF5_MAGIC = b"\x89HDF\r\n\x1a\n"
_ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError)

_OWN_MODULES = {
    *("layers", "models", "activations", "initializers", "regularizers", "constraints", "losses"),
    *("optimizers", "metrics", "quantizers", "dtype_policies", "random", "ops", "engine"),
    "applications",
}
"""Parts of Keras that a model is made of; ``keras.utils`` and others hold what acts on files."""


def scan_keras_file(path: Path) -> tuple[Hazard, ...]:
    """Look for what a Keras model or weights file would do by itself.

    A file that is neither a zip archive nor HDF5 passes: Keras cannot open it.

    Raises
    ------
    ReleaseError
        Where it is broken, leads out of itself, is a decompression bomb, or needs classes that are
        not Keras's own.
    """
    name = path.name
    try:
        archive, hdf5 = zipfile.is_zipfile(path), _is_hdf5(path)
        size = path.stat().st_size
    except OSError as error:
        raise malformed(str(path), f"it could not be read: {error.strerror or error}") from error
    found: list[Hazard] = []
    if archive:
        found += _scan_archive(path, name)
    if hdf5:
        found += config_hazards(scan_hdf5(path, name, size), name)
    return tuple(dict.fromkeys(found))


def scan_keras_config(path: Path) -> tuple[Any, tuple[Hazard, ...]]:
    """Parse a model's ``to_json()`` file, and look for what it would do by itself.

    Raises
    ------
    ReleaseError
        Where it is no configuration of a model, too large, or needs classes that are not Keras's.
    """
    try:
        if path.stat().st_size > CONFIG_LIMIT:
            raise malformed(path.name, "its configuration is too large")
        config = parse_config(path.read_bytes(), path.name)
    except OSError as error:
        raise malformed(str(path), f"it could not be read: {error.strerror or error}") from error
    if not isinstance(config, dict) or "class_name" not in config:
        raise malformed(
            path.name, "it is no model's configuration", "Write the model's to_json() into it."
        )
    return config, tuple(dict.fromkeys(config_hazards(config, path.name)))


def keras_config(path: Path) -> Any:
    """Give the configuration in a Keras file that was scanned before, or None where it has none."""
    if _is_hdf5(path):
        return scan_hdf5(path, path.name, path.stat().st_size)
    if not zipfile.is_zipfile(path):
        return None
    with zipfile.ZipFile(path) as archive:
        return parse_config(_read(archive, "config.json", path.name), path.name)


def _is_hdf5(path: Path) -> bool:
    """Tell whether HDF5 would take a file: its mark is at the start, or at 512 · 2ⁿ bytes."""
    with path.open("rb") as file:
        place, end = 0, file.seek(0, io.SEEK_END)
        while place < end:
            file.seek(place)
            if file.read(len(_HDF5_MAGIC)) == _HDF5_MAGIC:
                return True
            place = place * 2 or 512
    return False


def _scan_archive(path: Path, name: str) -> tuple[Hazard, ...]:
    try:
        with zipfile.ZipFile(path) as archive:
            _check_members(archive, name, path.stat().st_size)
            config = parse_config(_read(archive, "config.json", name), name)
            for member in archive.namelist():
                if member.endswith((".h5", ".hdf5")):
                    data = archive.read(member)
                    scan_hdf5(io.BytesIO(data), f"{name} ({member})", len(data))
                elif member.endswith(".npz"):
                    with zipfile.ZipFile(io.BytesIO(archive.read(member))) as inner:
                        size = archive.getinfo(member).file_size
                        _check_members(inner, f"{name} ({member})", size)
    except _ZIP_ERRORS as error:
        raise malformed(name, f"it is no whole archive: {first_words(error)}") from error
    return tuple(config_hazards(config, name))


def _check_members(archive: zipfile.ZipFile, name: str, size: int) -> None:
    members = archive.infolist()
    if len(members) > MEMBER_LIMIT:
        raise malformed(name, f"it holds {len(members):,} files")
    if len({member.filename for member in members}) < len(members):
        raise malformed(name, "it holds two files of the same name")
    for member in members:
        _check_name(member.filename, name)
    unpacked = sum(member.file_size for member in members)
    if unpacked > UNPACKED_LIMIT or unpacked > max(RATIO_FLOOR, RATIO_LIMIT * size):
        raise malformed(
            name, f"it would unpack from {size / 1e6:,.1f} MB to {unpacked / 1e6:,.0f} MB"
        )


def _check_name(member: str, name: str) -> None:
    windows = PureWindowsPath(member)
    if windows.anchor or ".." in windows.parts or PurePosixPath(member).is_absolute():
        raise malformed(name, f"its part {member[:200]!r} would lie outside of it")


def _read(archive: zipfile.ZipFile, member: str, name: str) -> bytes:
    try:
        info = archive.getinfo(member)
    except KeyError as error:
        raise malformed(
            name, f"there is no {member} in it", "Save it again with model.save('NAME.keras')."
        ) from error
    if info.file_size > CONFIG_LIMIT:
        raise malformed(name, "its configuration is too large")
    return archive.read(info)


def config_hazards(config: Any, name: str) -> Iterator[Hazard]:
    """Give what a model's configuration runs by itself.

    Raises
    ------
    ReleaseError
        Where it needs a class that is not Keras's own: trust would not make it known.
    """
    waiting = [config]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += reversed(part)
        elif isinstance(part, dict):
            yield from _object_hazards(part, name)
            if part.get("class_name") == "Lambda":
                continue  # its function would be named a second time
            # How a model is trained is never read here.
            waiting += [value for key, value in part.items() if key != "compile_config"][::-1]


def _object_hazards(part: dict[str, Any], name: str) -> Iterator[Hazard]:
    kind = part.get("class_name")
    if not isinstance(kind, str):
        return
    inner = part.get("config")
    settings = inner if isinstance(inner, dict) else {}
    called = repr(str(settings.get("name", part.get("name", "")))[:200])
    if kind == "Lambda":
        yield Hazard(f"the Lambda layer {called}", "runs Python code from the file")
    elif kind == "__lambda__":
        yield Hazard("a Python function of its own", "runs Python code from the file")
    elif kind == "TFSMLayer":
        target = str(settings.get("filepath"))[:200]
        yield Hazard(f"the TFSMLayer {called}", f"runs the SavedModel at {target!r}")
    elif isinstance(settings.get("vocabulary"), str):
        path = settings["vocabulary"][:200]
        yield Hazard(f"the {kind} layer {called}", f"reads the file {path!r}")
    else:
        _check_class(part, kind, called, name)


def _check_class(part: dict[str, Any], kind: str, called: str, name: str) -> None:
    module, registered = part.get("module"), part.get("registered_name")
    if isinstance(module, str) and module.startswith("tf_keras."):
        raise malformed(
            name, f"it was saved by Keras 2 ({kind[:200]} of {module[:200]})", KERAS_2_MEND
        )
    foreign = isinstance(module, str) and not _is_own(module)
    custom = isinstance(registered, str) and ">" in registered
    if foreign or custom:
        for_whom = f" for {called}" if called != "''" else ""
        origin = f"of {module}" if foreign else f"registered as {registered}"
        subject = kind if kind != "function" else f"the function {part.get('config')}"
        raise malformed(
            name,
            f"it needs {subject[:200]} {str(origin)[:200]}{for_whom}, which is not Keras's own",
            "Export it with model.export('FOLDER') and compare the SavedModel instead.",
        )


def _is_own(module: str) -> bool:
    """Tell whether a module is a part of Keras that models are made of."""
    parts = [part for part in module.split(".") if part != "src"]
    if parts == ["builtins"] or parts == ["keras"]:
        return True
    return len(parts) > 1 and parts[0] == "keras" and parts[1] in _OWN_MODULES
