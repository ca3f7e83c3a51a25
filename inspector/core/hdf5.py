"""Whether an HDF5 file is all there, told from its first bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

HDF5_MAGIC = b"\x89HDF\r\n\x1a\n"


def hdf5_fault(path: Path) -> str:
    """Say what is wrong with an HDF5 file; an empty text where it is as long as it says it is.

    The superblock holds the address of the file's end (HDF5 File Format Specification, II.A): a
    file that is shorter was cut off.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            block = file.read(96)
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if size == 0:
        return "is empty"
    if not block.startswith(HDF5_MAGIC):
        return "is not an HDF5 file"
    declared = _hdf5_end(block)
    if declared is None:
        return "has no valid HDF5 superblock"
    return f"is cut off: {size:,} of {declared:,} bytes" if size < declared else ""


def _hdf5_end(block: bytes) -> int | None:
    """Give the end-of-file address of an HDF5 superblock, or None where it is not valid."""
    if len(block) < 48:
        return None
    version = block[8]
    if version in {0, 1}:
        width, first = block[13], 24 if version == 0 else 28
    elif version in {2, 3}:
        width, first = block[9], 12
    else:
        return None
    if width not in {2, 4, 8}:
        return None
    # Base address, then one other address, then the end of the file.
    place = first + 2 * width
    return int.from_bytes(block[place : place + width], "little")
