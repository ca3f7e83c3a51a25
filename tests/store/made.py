"""Weights, SavedModels and archives that are just real enough for the store."""

from __future__ import annotations

import io
import random
import tarfile
import zipfile
from typing import TYPE_CHECKING, Any

from inspector.core.hdf5 import HDF5_MAGIC
from inspector.core.input_range import UNIT
from inspector.core.pairs import OutputKind, ReleaseSpec
from inspector.core.sources import parse_source

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.store.servers import Server

KERAS_SOURCE = "keras-application:MobileNetV2?alpha=0.35&size=96"


def hdf5(size: int = 400_000, seed: int = 0) -> bytes:
    """Make an HDF5 file with a superblock of version 0, filled with noise."""
    head = HDF5_MAGIC + bytes([0, 0, 0, 0, 0, 8, 8, 0, 4, 0, 16, 0, 0, 0, 0, 0])
    addresses = [0, 2**64 - 1, size, 2**64 - 1]
    head += b"".join(address.to_bytes(8, "little") for address in addresses)
    return head + random.Random(seed).randbytes(size - len(head))


def model_files(seed: int = 0, size: int = 200_000) -> dict[str, bytes]:
    """Make the files of a SavedModel."""
    return {
        "saved_model.pb": b"model" * 100,
        "variables/variables.index": b"index",
        "variables/variables.data-00000-of-00001": random.Random(seed).randbytes(size),
    }


def tar_gz(files: Mapping[str, bytes], *extra: tarfile.TarInfo, prefix: str = "./") -> bytes:
    """Make an archive, `extra` members last."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as tar:
        for name, data in files.items():
            info = tarfile.TarInfo(prefix + name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
        for info in extra:
            tar.addfile(info, io.BytesIO(b"\0" * info.size))
    return target.getvalue()


def member(name: str, kind: bytes = tarfile.REGTYPE, **values: Any) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type = kind
    for key, value in values.items():
        setattr(info, key, value)
    return info


def zipped(files: Mapping[str | zipfile.ZipInfo, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in files.items():
            file.writestr(name, data)
    return target.getvalue()


def write_model(folder: Path, files: Mapping[str, bytes] | None = None) -> Path:
    """Write a SavedModel into a folder."""
    for name, data in (files or model_files()).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def read_model(folder: Path) -> dict[str, bytes]:
    """Read all files of a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def release(source: str, folder: Path) -> ReleaseSpec:
    return ReleaseSpec(
        parse_source(source, folder), "hub", UNIT, OutputKind.LOGITS, background=True
    )


def put_module(server: Server, body: bytes = b"", **how: Any) -> str:
    """Let a server answer for a module as tfhub.dev does; give its handle."""
    server.put("/module/1?tf-hub-format=compressed", body, **how)
    return f"{server.address}/module/1"
