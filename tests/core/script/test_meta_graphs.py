"""The tags of a SavedModel's graphs, read from its bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from inspector.core.script.meta_graphs import tag_sets, usual_tags

if TYPE_CHECKING:
    from pathlib import Path

INFERENCE, SERVE, TRAIN = (), ("serve",), ("train",)


def field(number: int, value: bytes) -> bytes:
    """Encode a field of bytes, as Protocol Buffers do."""
    length, encoded = len(value), b""
    while length > 0x7F:
        encoded += bytes([length & 0x7F | 0x80])
        length >>= 7
    return bytes([number << 3 | 2]) + encoded + bytes([length]) + value


def saved(folder: Path, *sets: tuple[str, ...]) -> Path:
    """Write a SavedModel message with these tags, and with other fields about them."""
    data = b"\x08\x01"
    for tags in sets:
        info = field(1, b"version") + b"".join(field(4, tag.encode()) for tag in tags)
        data += field(2, field(1, info) + field(2, bytes(300)) + b"\x11" + bytes(8))
    (folder / "saved_model.pb").write_bytes(data)
    return folder


@pytest.mark.parametrize(
    ("sets", "usual"),
    [
        ((SERVE,), None),
        ((INFERENCE, TRAIN), INFERENCE),
        ((TRAIN, SERVE), SERVE),
        ((TRAIN, ("serve", "gpu")), ("serve", "gpu")),
        ((("a",), ("b",)), None),
    ],
)
def test_the_usual_graph(
    sets: tuple[tuple[str, ...], ...], usual: tuple[str, ...] | None, tmp_path: Path
) -> None:
    folder = saved(tmp_path, *sets)
    assert tag_sets(folder) == sets
    assert usual_tags(folder) == usual


@pytest.mark.parametrize("data", [b"", b"\x12\xff\xff\xff", b"\x12\x7f\x0a", b"\x0c"])
def test_what_is_no_message_has_no_tags(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "saved_model.pb").write_bytes(data)
    assert tag_sets(tmp_path) == ()
    assert usual_tags(tmp_path / "nothing") is None
