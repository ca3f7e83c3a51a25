"""Work on releases off the GUI thread: looking, fetching, verifying, forgetting."""

from __future__ import annotations

import contextlib
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from inspector.core.errors import Cancelled, InspectorError
from inspector.gui.releases.rows import megabytes
from inspector.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from inspector.core.pairs import ReleaseSpec


class ReleaseJobs(QObject):
    """Runs a store's calls on two threads: one fetches, the other does what is quick.

    Every signal carries the release first. `ended` comes once after each job, however it ended.
    """

    looked = Signal(object, object)
    """ReleaseSpec and ReleaseState."""
    progressed = Signal(object, object, object, float)
    """ReleaseSpec, bytes received, bytes in all or None, and bytes per second."""
    told = Signal(object, str)
    """ReleaseSpec, and a sentence about what was done."""
    failed = Signal(object, object)
    """ReleaseSpec and InspectorError."""
    ended = Signal(object)
    """ReleaseSpec."""

    def __init__(self, store: Store | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store or Store()
        self._fetching = QThreadPool(self)
        self._fetching.setMaxThreadCount(1)
        self._quick = QThreadPool(self)
        self._quick.setMaxThreadCount(1)
        self._wanted: set[str] = set()
        self._closed = False

    @property
    def fetching(self) -> frozenset[str]:
        """Sources that are being fetched, or wait for it."""
        return frozenset(self._wanted)

    def look(self, releases: Sequence[ReleaseSpec]) -> None:
        """Find out where each release lies."""
        for release in releases:
            self._start(self._quick, release, partial(self._look, release))

    def fetch(self, release: ReleaseSpec) -> None:
        """Fetch a release, after those that were asked for before."""
        source = str(release.source)
        if source not in self._wanted:
            self._wanted.add(source)
            self._start(self._fetching, release, partial(self._fetch, release))

    def cancel(self, release: ReleaseSpec) -> None:
        """Stop fetching a release; what was received is kept for the next time."""
        self._wanted.discard(str(release.source))

    def cancel_all(self) -> None:
        """Stop everything that is fetched."""
        self._wanted.clear()

    def verify(self, release: ReleaseSpec) -> None:
        """Compare a release with what is published or was recorded."""
        self._start(self._quick, release, partial(self._verify, release))

    def forget(self, release: ReleaseSpec) -> None:
        """Remove a release from the caches."""
        self._start(self._quick, release, partial(self._forget, release))

    def close(self) -> None:
        """Stop everything and wait for it."""
        self._closed = True
        self._wanted.clear()
        for pool in (self._fetching, self._quick):
            pool.clear()
            pool.waitForDone()

    def _start(self, pool: QThreadPool, release: ReleaseSpec, work: Callable[[], None]) -> None:
        pool.start(_Job(self, release, work))

    def _look(self, release: ReleaseSpec) -> None:
        self.looked.emit(release, self._store.state(release))

    def _fetch(self, release: ReleaseSpec) -> None:
        source = str(release.source)
        state = self._store.fetch(
            release,
            partial(self.progressed.emit, release),
            lambda: self._closed or source not in self._wanted,
            partial(self.told.emit, release),
        )
        self._wanted.discard(source)
        self.looked.emit(release, state)

    def _verify(self, release: ReleaseSpec) -> None:
        found = self._store.verify(release)
        self.looked.emit(release, self._store.state(release))
        if found.ok:
            self.told.emit(release, found.text)
        else:
            mend = "Forget it here and fetch it again."
            self.failed.emit(release, InspectorError(found.text, mend))

    def _forget(self, release: ReleaseSpec) -> None:
        paths, size = self._store.forget(release)
        self.looked.emit(release, self._store.state(release))
        freed = f"{release.name} was removed: {megabytes(size)} are free again."
        self.told.emit(release, freed if paths else f"{release.name} was not on this machine.")

    def finish(self, release: ReleaseSpec, error: InspectorError | None) -> None:
        """Say that a job has ended; called on its thread."""
        if self._closed:
            return
        if error is not None:
            self._wanted.discard(str(release.source))
            self.failed.emit(release, error)
        self.ended.emit(release)


class _Job(QRunnable):
    def __init__(self, jobs: ReleaseJobs, release: ReleaseSpec, work: Callable[[], None]) -> None:
        super().__init__()
        self._jobs = jobs
        self._release = release
        self._work = work

    def run(self) -> None:
        error: InspectorError | None = None
        with contextlib.suppress(Cancelled):
            try:
                self._work()
            except InspectorError as raised:
                error = raised
        self._jobs.finish(self._release, error)
