"""Getting the releases of a request before the engine process sees it: that one has no network.

No TensorFlow here; this runs in the process of the window.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from inspector.core.errors import Cancelled, InspectorError
from inspector.engine.messages import CompareRequest, ExplainRequest, Failed, Finished, Progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from inspector.core.pairs import ReleaseSpec
    from inspector.engine.messages import Reply, Work

TELL_SECONDS = 1.0
"""How often a download's progress is told."""


def remote_releases(request: Work) -> tuple[ReleaseSpec, ...]:
    """Give the releases of a request that may have to be fetched."""
    if isinstance(request, ExplainRequest):
        request = request.comparison
    if isinstance(request, CompareRequest):
        releases = (request.pair.left, request.pair.right)
    else:
        releases = tuple(getattr(request.task, "releases", ()))
    return tuple(release for release in releases if release.source.is_remote)


class Fetches:
    """Fetches what requests need, each on a thread of its own; the newest wins.

    Parameters
    ----------
    tell
        Takes Progress while a release is fetched; called on the thread.
    """

    def __init__(self, tell: Callable[[Reply], None]) -> None:
        self._tell = tell
        self._here: set[ReleaseSpec] = set()
        self._newest = 0
        self._cancelled = 0
        self._closed = False

    def wanted(self, request: Work) -> bool:
        """Tell whether something of a request was not seen on this machine yet."""
        self._newest = max(self._newest, request.generation)
        return any(release not in self._here for release in remote_releases(request))

    def begin(self, request: Work, done: Callable[[Failed | Finished | None], None]) -> None:
        """Fetch what a request needs, then call `done` on the thread.

        `done` gets None where all is here, Failed where it cannot be had, and Finished where
        nobody wants it any more.
        """
        threading.Thread(
            target=self._work, args=(request, done), name="release-fetch", daemon=True
        ).start()

    def cancel(self, generation: int) -> None:
        """Stop what is fetched for every request up to and including this generation."""
        self._cancelled = max(self._cancelled, generation)

    def close(self) -> None:
        """Stop everything; what was received is kept for the next time."""
        self._closed = True

    def _work(self, request: Work, done: Callable[[Failed | Finished | None], None]) -> None:
        generation = request.generation
        try:
            for release in remote_releases(request):
                self._fetch(release, generation)
        except Cancelled:
            done(Finished(generation, cancelled=True))
        except InspectorError as error:
            done(Failed(generation, error))
        else:
            done(None)

    def _fetch(self, release: ReleaseSpec, generation: int) -> None:
        from inspector.store.store import Store

        if release in self._here:
            return
        telling = FetchTelling(
            release.name,
            lambda text, fraction: self._tell(Progress(generation, text, fraction)),
        )
        Store().fetch(release, telling, lambda: self._is_unwanted(generation), telling.tell_waiting)
        self._here.add(release)

    def _is_unwanted(self, generation: int) -> bool:
        return self._closed or generation <= self._cancelled or generation < self._newest


class FetchTelling:
    """Tells once a second how far a download is, and what it waits for."""

    def __init__(self, name: str, tell: Callable[[str, float | None], None]) -> None:
        self._name = name
        self._tell = tell
        self._last = 0.0

    def __call__(self, received: int, total: int | None, rate: float) -> None:
        """Hear of bytes received, bytes in all where known, and bytes per second."""
        now = time.monotonic()
        if now - self._last < TELL_SECONDS:
            return
        self._last = now
        of = f" of {total / 1e6:.1f}" if total else ""
        self._tell(
            f"Fetching {self._name}: {received / 1e6:.1f}{of} MB, {rate / 1e6:.1f} MB/s",
            received / total if total else None,
        )

    def tell_waiting(self, text: str) -> None:
        """Hear what the download waits for before it begins."""
        self._tell(f"{self._name}: {text}", None)
