"""A download that is under way: its bytes so far, and what they are the beginning of."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from inspector.core.files import write_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import IO

    from inspector.store.web import Head

_BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class PartOrigin:
    """What the bytes in a part are the beginning of.

    Attributes
    ----------
    url
        The address that was asked.
    etag, modified
        What tells this content from later ones; the ETag only where it is a strong one.
    total
        Size of the whole.
    """

    url: str
    etag: str
    modified: str
    total: int

    @property
    def validator(self) -> str:
        """What a server takes in ``If-Range``; empty where there is nothing."""
        return self.etag or self.modified


@dataclass(frozen=True, slots=True)
class Partial:
    """A download that was cancelled, or died, before its end.

    Attributes
    ----------
    received
        Bytes that are here.
    total
        Size of the whole as its server told it; None where the next download begins anew, because
        nothing vouches that it would be the same content.
    """

    received: int
    total: int | None = None

    @property
    def goes_on(self) -> bool:
        """Whether the next download asks for the rest alone."""
        return self.total is not None


class Part:
    """``NAME.part`` beside the target, and ``NAME.part.json``, which says what it is of.

    Both stay when a download is cancelled or dies, so that the next one can go on from there.
    """

    def __init__(self, target: Path) -> None:
        self.path = target.with_name(f"{target.name}.part")
        self._note = target.with_name(f"{target.name}.part.json")

    @property
    def files(self) -> tuple[Path, Path]:
        """What it consists of, whether it is there or not."""
        return self.path, self._note

    @property
    def size(self) -> int:
        """Bytes that are here."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0

    def partial(self) -> Partial | None:
        """Say what was received, of whichever address; None for nothing that can be read."""
        try:
            origin, received = self._origin(), self.size
        except OSError:
            return None
        if not received:
            return None
        return Partial(received, origin.total if origin is not None else None)

    def origin_for(self, url: str) -> PartOrigin | None:
        """Give what is here of `url` and can be continued, or None."""
        origin = self._origin()
        return origin if origin is not None and origin.url == url else None

    def _origin(self) -> PartOrigin | None:
        """Give what is here and can be continued, or None."""
        try:
            value = json.loads(self._note.read_text(encoding="utf-8"))
            origin = PartOrigin(
                str(value["url"]), str(value["etag"]), str(value["modified"]), int(value["total"])
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None
        usable = origin.validator and 0 < self.size <= origin.total
        return origin if usable else None

    def begin(self, url: str, head: Head) -> None:
        """Empty the part, and note what now comes; nothing is noted where it cannot be continued.

        The old note goes first and the new one comes last: bytes never lie under a wrong note.
        """
        self._note.unlink(missing_ok=True)
        with self.open("wb"):
            pass
        etag = "" if head.etag.startswith("W/") else head.etag
        if head.total is not None and (etag or head.modified):
            origin = PartOrigin(url, etag, head.modified, head.total)
            write_text(self._note, json.dumps(asdict(origin)))

    def cut_to(self, size: int) -> None:
        """Keep only the first `size` bytes."""
        with self.open("r+b") as file:
            file.truncate(size)

    @contextlib.contextmanager
    def open(self, mode: str) -> Iterator[IO[bytes]]:
        """Open the part without a buffer of ours: what was written survives a kill."""
        with open(self.path, mode, buffering=0, opener=_open_no_link) as file:
            yield file

    def digest(self) -> hashlib._Hash:
        """Give the SHA-256 of what is here, to be continued."""
        return digest_of(self.path)

    def discard(self) -> None:
        """Remove it."""
        self._note.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)

    def finish(self, target: Path) -> None:
        """Put it in the target's place, durably."""
        with self.path.open("rb+") as file:
            os.fsync(file.fileno())
        self.path.replace(target)
        self._note.unlink(missing_ok=True)
        sync_folder(target.parent)


def _open_no_link(path: str, flags: int) -> int:
    """Open, but not through a link that somebody else put there."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o666)


def digest_of(path: Path, kind: str = "sha256") -> hashlib._Hash:
    """Give a digest of a file, read in blocks; `kind` is ``sha256`` or ``md5``."""
    digest = hashlib.new(kind, usedforsecurity=False)
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` durable, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
