from __future__ import annotations

from pathlib import Path

import pytest

from inspector.core.hdf5 import HDF5_MAGIC, hdf5_fault
from tests.store.made import hdf5

ROOT = Path(__file__).resolve().parents[2]


def test_a_real_file_is_whole_and_less_of_it_is_not(tmp_path: Path) -> None:
    weights = ROOT / "resources" / "starter" / "mobilenet_v2_0.35_96.weights.h5"
    assert hdf5_fault(weights) == ""
    data = weights.read_bytes()
    cut = tmp_path / "cut.h5"
    for size in (len(data) - 1, len(data) // 2, 100):
        cut.write_bytes(data[:size])
        assert hdf5_fault(cut) == f"is cut off: {size:,} of {len(data):,} bytes"


def superblock(version: int, end: int) -> bytes:
    """Make a superblock of each version (HDF5 File Format Specification, II.A)."""
    addresses = [0, 2**64 - 1, end, 2**64 - 1]
    head = (
        HDF5_MAGIC
        + {
            0: bytes([0, 0, 0, 0, 0, 8, 8, 0, 4, 0, 16, 0, 0, 0, 0, 0]),
            1: bytes([1, 0, 0, 0, 0, 8, 8, 0, 4, 0, 16, 0, 0, 0, 0, 0, 32, 0, 0, 0]),
            2: bytes([2, 8, 8, 0]),
            3: bytes([3, 8, 8, 0]),
        }[version]
    )
    return head + b"".join(address.to_bytes(8, "little") for address in addresses)


@pytest.mark.parametrize("version", [0, 1, 2, 3])
def test_every_superblock(tmp_path: Path, version: int) -> None:
    file = tmp_path / "w.h5"
    block = superblock(version, 200)
    file.write_bytes(block + bytes(200 - len(block)))
    assert hdf5_fault(file) == ""
    file.write_bytes(block + bytes(199 - len(block)))
    assert hdf5_fault(file) == "is cut off: 199 of 200 bytes"


def test_other_files(tmp_path: Path) -> None:
    file = tmp_path / "w.h5"
    assert "cannot be read" in hdf5_fault(file)
    for data, fault in [
        (b"", "is empty"),
        (b"<html>", "is not an HDF5 file"),
        (HDF5_MAGIC, "has no valid HDF5 superblock"),
        (HDF5_MAGIC + b"\x09" + bytes(100), "has no valid HDF5 superblock"),
        (HDF5_MAGIC + bytes(100), "has no valid HDF5 superblock"),
    ]:
        file.write_bytes(data)
        assert hdf5_fault(file) == fault
    file.write_bytes(hdf5(1000) + b"more")
    assert hdf5_fault(file) == ""
