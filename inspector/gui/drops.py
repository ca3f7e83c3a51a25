"""What a drop or a paste holds, read from its MIME data."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as BinasciiError
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage

from inspector.core.errors import PictureError

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData


PAIR_SUFFIX = ".toml"
RUN_SUFFIXES = (".sqlite", ".sqlite3", ".db")
SWEEP_SUFFIXES = (".zip",)
INVITATIONS = (
    (PAIR_SUFFIX, "Drop to use this pair"),
    (RUN_SUFFIXES, "Drop to open this run"),
    (SWEEP_SUFFIXES, "Drop to sweep this archive"),
)
"""What becomes of files that are no pictures, by the ending of the name."""

_SPACES = b" \t\r\n"
_TO_PLAIN = bytes.maketrans(b"-_", b"+/")  # some write base64 for file names


@dataclass(frozen=True, slots=True)
class DroppedPaths:
    """Files and folders on this machine."""

    paths: tuple[str, ...]


@dataclass(frozen=True, eq=False, slots=True)
class DroppedImage:
    """An image in memory, from a browser or the clipboard."""

    image: QImage
    name: str


@dataclass(frozen=True, slots=True)
class DroppedData:
    """A picture file's bytes, out of a ``data:`` address."""

    data: bytes
    name: str


@dataclass(frozen=True, slots=True)
class DroppedAddress:
    """An address on the web with no image beside it."""

    address: str


Dropped = DroppedPaths | DroppedImage | DroppedData | DroppedAddress


def holds_something(mime: QMimeData) -> bool:
    """Tell, without fetching any data, whether a drop is worth accepting."""
    return mime.hasUrls() or mime.hasImage() or (mime.hasText() and bool(mime.text().strip()))


def invitation(mime: QMimeData) -> str:
    """Say in a few words what a drop would do, by the names alone: nothing is fetched or read."""
    urls = mime.urls() if mime.hasUrls() else []
    names = [url.fileName().lower() for url in urls if url.isLocalFile()]
    if len(names) > 1:
        return f"Drop to compare the first of {len(names):,}"
    special = (text for endings, text in INVITATIONS if names and names[0].endswith(endings))
    return next(special, "Drop to compare")


def read_drop(mime: QMimeData) -> Dropped | None:
    """Read what was dropped or pasted; None where there is nothing of use.

    Local files and ``data:`` addresses come first, because they keep every byte of the picture;
    then image data; an address or a text is looked at last.
    """
    urls = mime.urls() if mime.hasUrls() else []
    local = tuple(url.toLocalFile() for url in urls if url.isLocalFile())
    if local:
        return DroppedPaths(local)
    held = next((url for url in urls if url.scheme() == "data"), None)
    if held is not None and (found := read_data_address(_encoded(held))) is not None:
        return found
    web = next((url for url in urls if url.scheme() in {"http", "https"}), None)
    if mime.hasImage():
        image = QImage(mime.imageData())
        if not image.isNull():
            return DroppedImage(image, _name_of(web))
    if web is not None:
        return DroppedAddress(web.toString())
    return _read_text(mime.text()) if mime.hasText() else None


def address_error(dropped: DroppedAddress) -> PictureError:
    """Say that an address on the web is not fetched."""
    return PictureError(
        f"{dropped.address} is an address on the web, which the program does not fetch.",
        "Save the picture first, then drop the file here; or copy the picture itself and paste it.",
    )


def nothing_error() -> PictureError:
    """Say that a drop or the clipboard holds no picture."""
    return PictureError(
        "There is no picture, file or path in what was dropped or pasted.",
        "Copy a picture or a file, then paste again.",
    )


def read_data_address(address: str) -> DroppedData | None:
    """Decode an image's ``data:`` address (RFC 2397); None where it is none."""
    head, comma, body = address.removeprefix("data:").partition(",")
    kind, *options = (part.strip().lower() for part in head.split(";"))
    if not comma or not kind.startswith("image/"):
        return None
    data = unquote_to_bytes(body)
    if "base64" in options:
        try:
            data = b64decode(data.translate(_TO_PLAIN, _SPACES) + b"==")
        except BinasciiError:
            return None
    suffix = kind.removeprefix("image/").partition("+")[0]
    return DroppedData(data, f"pasted image.{suffix}") if data else None


def _encoded(url: QUrl) -> str:
    return bytes(url.toEncoded().data()).decode("ascii")


def _read_text(text: str) -> Dropped | None:
    lines = [line.strip().strip("\"'") for line in text.splitlines() if line.strip()]
    if not lines:
        return None
    if lines[0].startswith("data:"):
        return read_data_address("".join(lines))
    if lines[0].startswith(("http://", "https://")):
        return DroppedAddress(lines[0])
    paths = [QUrl(line).toLocalFile() if line.startswith("file:") else line for line in lines]
    existing = tuple(path for path in paths if _exists(path))
    return DroppedPaths(existing) if existing else None


def _exists(path: str) -> bool:
    try:
        return Path(path).expanduser().exists()
    except (OSError, ValueError):  # too long for a file name, or a null byte: plain text
        return False


def _name_of(web: QUrl | None) -> str:
    return (web.fileName() if web is not None else "") or "pasted image"
