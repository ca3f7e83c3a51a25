"""Fetching one file from the first mirror that really has it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from inspector.core.errors import InputError, ReleaseMissingError
from inspector.core.sizes import size_text
from inspector.store.content import LONGEST_MAGIC, unlike
from inspector.store.meter import Meter, Pace
from inspector.store.mirrors import VARIABLE
from inspector.store.part import Part, digest_of
from inspector.store.web import Stream, WebError

if TYPE_CHECKING:
    import hashlib
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from inspector.store.content import Content
    from inspector.store.web import Head

    Progress = Callable[[int, int | None, float], None]
    """Called with bytes received, bytes in all (None where unknown) and bytes per second."""

DEFAULT_TIMEOUT = 15.0
"""Seconds without a byte after which a server is given up."""

MOST_CONTINUATIONS = 5
"""How often a mirror that breaks off, but got further, is asked to go on."""

ROOM_LEFT = 20_000_000
"""Bytes of the disk that a download leaves free."""

ROOM_MEND = "Make room there, or name another cache folder in KERAS_HOME or TFHUB_CACHE_DIR."


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A file that was fetched: where it lies, its SHA-256, its size, and the mirror it is from."""

    path: Path
    sha256: str
    size: int
    url: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a download must be.

    Attributes
    ----------
    content
        The form that its first bytes must have.
    size, sha256, md5
        As published; None where they are not.
    title
        What messages call it; the target's name where empty.
    accept
        Looks at the whole file and raises InputError where it is not what is wanted.
    by_hand
        What the user can do instead, as a clause; to put the file in its place where empty.
    """

    content: Content
    size: int | None = None
    sha256: str | None = None
    title: str = ""
    accept: Callable[[Path], None] | None = None
    md5: str | None = None
    by_hand: str = ""


class _BrokenOffError(WebError):
    """The answer ended before its end."""


class _NoRoomError(WebError):
    """It is larger than the disk has room for, or claims to be."""


def nobody(received: int, total: int | None, rate: float) -> None:
    """Show no progress."""


def never() -> bool:
    """Do not cancel."""
    return False


def download(
    urls: Sequence[str],
    target: Path,
    wanted: Wanted,
    *,
    progress: Progress = nobody,
    cancelled: Callable[[], bool] = never,
    timeout: float = DEFAULT_TIMEOUT,
) -> Downloaded:
    """Fetch a file; `target` is either the right one afterwards, or what it was before.

    A mirror that cannot be reached, answers with an error, stalls or drips, has more than fits on
    the disk, or sends anything but what is wanted gives way to the next. What was received stays
    beside the target as ``NAME.part`` when the download is cancelled or dies, and is continued
    where the server vouches that it still has the same content (Range with If-Range; 206 with the
    same size). Two processes must not download to the same target at once.

    Parameters
    ----------
    urls
        The mirrors, in the order to try.
    target
        The file to write; its folder is made.
    wanted
        What it must be.
    progress
        Called at most ten times a second, in this thread.
    cancelled
        Looked at between chunks, and twenty times a second while waiting for one.
    timeout
        Seconds without a byte after which a server is given up.

    Raises
    ------
    ReleaseMissingError
        Where no mirror has it, saying what each did, or the disk has no room.
    Cancelled
        Where `cancelled` said so.
    """
    title = wanted.title or target.name
    job = _Job(target, wanted, progress, cancelled, timeout)
    complaints: list[str] = []
    answered = no_room = False
    unreachable: dict[str, str] = {}
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        for url in urls:
            host = urlsplit(url).netloc.rsplit("@", 1)[-1]
            try:
                if host in unreachable:
                    raise WebError(unreachable[host], unreachable=True)
                return job.fetch(url)
            except WebError as error:
                complaints.append(f"{host} {error.reason}")
                answered = answered or error.answered
                no_room = no_room or isinstance(error, _NoRoomError)
                if error.unreachable:
                    unreachable[host] = error.reason
    except OSError as error:
        raise cannot_write(title, target, error) from error
    if no_room:
        raise ReleaseMissingError(
            f"{title} could not be fetched: {'; '.join(dict.fromkeys(complaints))}.", ROOM_MEND
        )
    by_hand = wanted.by_hand or f"put the file at {target} yourself"
    raise _none_had_it(title, complaints, answered, by_hand)


def cannot_write(title: str, target: Path, error: OSError) -> ReleaseMissingError:
    """Make the error of a cache that cannot be written to."""
    return ReleaseMissingError(
        f"{title} could not be written to {target.parent}: {error.strerror}.",
        ROOM_MEND,
    )


def _none_had_it(
    title: str, complaints: list[str], answered: bool, by_hand: str
) -> ReleaseMissingError:
    """Make the error of a download that no mirror had; the mend fits what they did."""
    said = "; ".join(dict.fromkeys(complaints)) or "no mirror is known"
    otherwise = f"{by_hand}, or name a table of your own mirrors in the variable {VARIABLE}."
    if not complaints:
        mend = otherwise[0].upper() + otherwise[1:]
    elif answered:
        mend = f"Try again later, {otherwise}"
    else:
        mend = f"Connect to the network (a proxy goes into https_proxy) and try again, {otherwise}"
    return ReleaseMissingError(f"{title} could not be fetched: {said}.", mend)


class _Job:
    """One download: the same target, whichever the mirror."""

    def __init__(
        self,
        target: Path,
        wanted: Wanted,
        progress: Progress,
        cancelled: Callable[[], bool],
        timeout: float,
    ) -> None:
        self._target = target
        self._wanted = wanted
        self._progress = progress
        self._cancelled = cancelled
        self._timeout = timeout
        self._part = Part(target)

    def fetch(self, url: str) -> Downloaded:
        """Fetch from one mirror; raises WebError where it has not what is wanted."""
        for _ in range(MOST_CONTINUATIONS):
            before = self._part.size if self._part.origin_for(url) else 0
            try:
                return self._finish(url, self._receive(url))
            except _BrokenOffError:
                if self._part.origin_for(url) is None or self._part.size <= before:
                    raise
        return self._finish(url, self._receive(url))

    def _receive(self, url: str) -> hashlib._Hash:
        """Receive all, going on from what is here where the server can; give the SHA-256."""
        origin = self._part.origin_for(url)
        if origin is not None:
            # The last byte is asked for again, since a range must not be empty.
            here = min(self._part.size, origin.total - 1)
            headers = {"Range": f"bytes={here}-", "If-Range": origin.validator}
            with self._ask(url, headers) as stream:
                head = _rest_or_whole(stream)
                if head is not None and head.status == 206:
                    same = not (origin.etag and head.etag and origin.etag != head.etag)
                    if (head.start, head.total) == (here, origin.total) and same:
                        return self._continue(stream, head, here)
                elif head is not None:
                    return self._begin(url, stream, head)
        with self._ask(url, {}) as stream:
            return self._begin(url, stream, stream.head())

    def _ask(self, url: str, headers: dict[str, str]) -> Stream:
        return Stream(url, headers, self._timeout, self._cancelled)

    def _continue(self, stream: Stream, head: Head, here: int) -> hashlib._Hash:
        self._check_size(head)
        self._part.cut_to(here)
        return self._copy(stream, head, b"", self._part.digest(), here)

    def _begin(self, url: str, stream: Stream, head: Head) -> hashlib._Hash:
        """Take the answer from its start; only what looks right replaces an earlier part."""
        self._check_size(head)
        start = b""
        while len(start) < LONGEST_MAGIC and (chunk := stream.chunk()):
            start += chunk
        if fault := unlike(self._wanted.content, start, head.content_type):
            raise WebError(fault)
        self._part.begin(url, head)
        return self._copy(stream, head, start, self._part.digest(), 0)

    def _check_size(self, head: Head) -> None:
        wanted = self._wanted.size
        if wanted is not None and head.total is not None and head.total != wanted:
            raise WebError(f"offers {head.total:,} bytes instead of {wanted:,}")
        self._check_room(head.length or 0)

    def _check_room(self, needed: int) -> None:
        free = shutil.disk_usage(self._target.parent).free
        if free < needed + ROOM_LEFT:
            raise _NoRoomError(
                f"sends {size_text(needed)}, but the disk of {self._target.parent} has only "
                f"{size_text(free)} free"
            )

    def _copy(
        self, stream: Stream, head: Head, start: bytes, digest: hashlib._Hash, here: int
    ) -> hashlib._Hash:
        """Write the rest of the answer behind the first `here` bytes of the part."""
        meter = Meter(self._progress, here, head.total)
        pace = Pace(here)
        received, chunk = here, start
        with self._part.open("ab") as file:
            while chunk := chunk or _next_chunk(stream, received, head.total):
                file.write(chunk)
                digest.update(chunk)
                received += len(chunk)
                pace.require(received)
                meter.show(received)
                chunk = b""
        meter.show(received, last=True)
        if head.total is not None and received != head.total:
            raise _broken_off(received, head.total)
        return digest

    def _finish(self, url: str, digest: hashlib._Hash) -> Downloaded:
        """Check the whole part, and put it in place; a wrong one is removed."""
        try:
            self._check_whole(digest.hexdigest())
        except WebError:
            self._part.discard()
            raise
        size = self._part.size
        self._part.finish(self._target)
        return Downloaded(self._target, digest.hexdigest(), size, url)

    def _check_whole(self, sha256: str) -> None:
        wanted = self._wanted
        if wanted.size is not None and self._part.size != wanted.size:
            raise WebError(f"sent {self._part.size:,} bytes instead of {wanted.size:,}")
        if wanted.sha256 is not None and sha256 != wanted.sha256.lower():
            raise WebError(f"sent other content (SHA-256 {sha256[:12]}…)")
        if wanted.md5 is not None:
            md5 = digest_of(self._part.path, "md5").hexdigest()
            if md5 != wanted.md5.lower():
                raise WebError(f"sent other content (MD5 {md5[:12]}…)")
        if wanted.accept is not None:
            try:
                wanted.accept(self._part.path)
            except InputError as error:
                raise WebError(f"sent what is refused ({error.message.rstrip('.')})") from error


def _rest_or_whole(stream: Stream) -> Head | None:
    """Wait for the answer to a range; None where the server cannot give that one."""
    try:
        return stream.head()
    except WebError as error:
        if error.status == 416:
            return None
        raise


def _next_chunk(stream: Stream, received: int, total: int | None) -> bytes:
    """Wait for a chunk; a connection that breaks under way can be continued, a stalled one not."""
    try:
        return stream.chunk()
    except WebError as error:
        if error.stalled:
            raise
        raise _broken_off(received, total) from error


def _broken_off(received: int, total: int | None) -> _BrokenOffError:
    of = "" if total is None else f" of {total:,}"
    return _BrokenOffError(f"broke off after {received:,}{of} bytes")
