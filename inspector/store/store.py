"""The releases on this machine: which are here, and getting, verifying and forgetting them."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from inspector.core.errors import Cancelled, ReleaseError, ReleaseMissingError, UsageError
from inspector.core.hdf5 import hdf5_fault
from inspector.core.keras_weights import keras_weights_file
from inspector.core.sources import SourceKind
from inspector.store import caches, hub_lock, hub_module
from inspector.store.content import Content
from inspector.store.download import (
    DEFAULT_TIMEOUT,
    Wanted,
    cannot_write,
    download,
    never,
    nobody,
)
from inspector.store.mirrors import mirrors_of, read_mirrors
from inspector.store.part import digest_of
from inspector.store.processes import turn
from inspector.store.records import Records, fingerprint
from inspector.store.state import Presence, ReleaseState, Verification

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from inspector.core.pairs import ReleaseSpec
    from inspector.store.download import Downloaded, Progress
    from inspector.store.mirrors import Mirrors
    from inspector.store.part import Partial


_DIGEST_NAMES = {"md5": "MD5", "sha256": "SHA-256"}


class Store:
    """Releases in the caches of Keras and TensorFlow Hub, which both find there.

    Parameters
    ----------
    records
        Notes of what was fetched; those of the program's data folder where None.
    mirrors
        The table of mirrors; read when it is first needed where None.
    timeout
        Seconds without a byte after which a server is given up; and, but a minute at least, those
        without a change after which another machine's download of a Hub module is.
    """

    def __init__(
        self,
        records: Records | None = None,
        mirrors: tuple[Mirrors, ...] | None = None,
        timeout: float = DEFAULT_TIMEOUT,
    ) -> None:
        self._records = records or Records()
        self._mirrors = mirrors
        self._timeout = timeout

    def state(self, release: ReleaseSpec) -> ReleaseState:
        """Look where a release lies; reads no more than a file's first bytes."""
        source = release.source
        if caches.is_unknown(source):
            return ReleaseState(
                Presence.UNKNOWN, None, note=f"Keras itself keeps the weights of {source.target}"
            )
        place = caches.chosen_place(source)
        if place is None:
            return ReleaseState(Presence.HERE, None, note="needs no file")
        is_cached = caches.is_cached_kind(source)
        partial = self.partial(release)
        if not os.path.exists(place):
            return ReleaseState(Presence.MISSING, place, partial=partial)
        fault = caches.fault_of(source, place)
        size = _size(place)
        if not is_cached:
            return ReleaseState(Presence.USER_FILE, place, size, note=fault)
        if fault:
            return ReleaseState(Presence.INCOMPLETE, place, size, note=fault, partial=partial)
        return ReleaseState(Presence.HERE, place, size).with_record(self._records.read(place))

    def partial(self, release: ReleaseSpec) -> Partial | None:
        """Say what an earlier download received of a release; None for nothing."""
        places = caches.places_of(release.source)
        return caches.part_of(release.source, places[0]).partial() if places else None

    def fetch(
        self,
        release: ReleaseSpec,
        progress: Progress = nobody,
        cancelled: Callable[[], bool] = never,
        tell: Callable[[str], None] = hub_lock.hear_nothing,
    ) -> ReleaseState:
        """Make sure that a release is here; returns at once where it is.

        The first time that one is met here, its SHA-256 is recorded. An incomplete one, and one
        that is not what Keras publishes, is fetched again: Keras would do so itself, with no
        timeout and no check. Where another process is fetching the same one, it is waited for,
        and `tell` hears of that in a sentence or two, at once and then now and then.

        Raises
        ------
        ReleaseMissingError
            Where no mirror has it, or a file that a pair names is not there.
        Cancelled
            Where `cancelled` said so; what was received is kept, and continued the next time.
        """
        state = self.state(release)
        if state.presence is Presence.UNKNOWN or state.path is None:
            return state
        if state.presence is Presence.USER_FILE or not caches.is_cached_kind(release.source):
            return _own_or_missing(release, state)
        fault = self._unlike_published(release, state)
        if state.presence is Presence.HERE and not fault:
            return self._recorded(state)
        place = caches.places_of(release.source)[0]

        def waiting() -> None:
            tell(f"Waiting for another Twin Inspector, which is fetching {release.name}.")

        try:
            with turn(self._records.turn_file(place), cancelled, waiting):
                state = self.state(release)
                if state.presence is not Presence.HERE or self._unlike_published(release, state):
                    self._get(release, place, progress, cancelled, tell)
        except ReleaseMissingError as error:
            if not fault:
                raise
            raise ReleaseMissingError(f"{place} {fault}. {error.message}", error.mend) from error
        except OSError as error:
            raise cannot_write(release.name, place, error) from error
        return self._recorded(self.state(release))

    def verify(self, release: ReleaseSpec) -> Verification:
        """Compare a release with what is published, else with what was recorded at first.

        Raises
        ------
        ReleaseMissingError
            Where it is not here.
        ReleaseError
            Where Keras keeps it at a place that is not known here.
        """
        state = self.state(release)
        place = _present(release, state)
        if state.note:
            return Verification(False, place, None, state.sha256, f"{place} {state.note}.")
        found = _fingerprint(place)
        if state.presence is Presence.USER_FILE:
            text = f"{place} is a file of your own: there is nothing to compare it with."
            return Verification(True, place, found, None, text)
        if fault := self._unlike_published(release, state):
            return Verification(False, place, found, None, f"{place} {fault}.")
        expected = self._published(release, place) or state.sha256
        if expected is None:
            self._records.write(place)
            text = f"{place} is whole; its SHA-256 is recorded now, to compare with later."
        elif found == expected:
            text = f"{place} is what it was when it was recorded."
        else:
            text = f"{place} has changed: its SHA-256 is {found}, not {expected}."
        return Verification(expected in {None, found}, place, found, expected, text)

    def forget(self, release: ReleaseSpec) -> tuple[list[Path], int]:
        """Remove a release from the caches, with all that its download left there.

        Returns
        -------
        tuple[list[Path], int]
            What was removed, and its bytes.

        Raises
        ------
        UsageError
            Where it is a file of the user's own.
        ReleaseError
            Where it is at a place that is not known here, in use, or cannot be removed.
        """
        source = release.source
        if caches.is_unknown(source):
            raise _unknown(release)
        if not caches.is_cached_kind(source):
            raise UsageError(
                f"{release.name} is no download: {source} is a file of your own.",
                "Delete it yourself if you want to.",
            )
        removed: list[Path] = []
        size = 0
        for place in caches.places_of(source):
            with self._alone(release, place):
                for path in caches.belongings(source, place):
                    size += _removed(path)
                    removed.append(path)
                self._records.forget(place)
        return removed, size

    def urls(self, release: ReleaseSpec) -> tuple[str, ...]:
        """Give the mirrors of a release, in the order to try."""
        places = caches.places_of(release.source)
        return self._row(release, places[0]).urls if places else ()

    @property
    def _quiet(self) -> float:
        """Seconds without a change that end another machine's lock."""
        return max(self._timeout, hub_lock.LEAST_QUIET_SECONDS)

    @contextlib.contextmanager
    def _alone(self, release: ReleaseSpec, place: Path) -> Iterator[None]:
        """Hold a release's turn, or raise ReleaseError where somebody is fetching it."""
        try:
            with turn(self._records.turn_file(place), lambda: True):
                if release.source.kind is SourceKind.HUB and hub_lock.is_live(place, self._quiet):
                    raise Cancelled
                yield
        except Cancelled:
            raise ReleaseError(
                f"{release.name} is being fetched by another process.", "Stop that one first."
            ) from None

    def _get(
        self,
        release: ReleaseSpec,
        place: Path,
        progress: Progress,
        cancelled: Callable[[], bool],
        tell: Callable[[str], None],
    ) -> None:
        source = release.source
        row = self._row(release, place)
        if source.kind is not SourceKind.HUB:
            wanted = Wanted(
                *(Content.HDF5, row.size, row.sha256, release.name, _accept_weights),
                md5=row.md5,
            )
            self._note(place, self._download(row, place, wanted, progress, cancelled))
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        patience = hub_lock.Patience(self._quiet, tell)
        hub_lock.wait_until_free(place, cancelled, patience)
        if not caches.fault_of(source, place):
            return
        wanted = Wanted(
            *(Content.ARCHIVE, row.size, row.sha256, release.name),
            accept=lambda file: hub_module.install(source.target, file, place, cancelled, patience),
            md5=row.md5,
            by_hand=f"unpack the module into {place} yourself",
        )
        got = self._download(row, caches.archive_file(place), wanted, progress, cancelled)
        got.path.unlink()
        self._note(place, got)

    def _download(
        self,
        row: Mirrors,
        target: Path,
        wanted: Wanted,
        progress: Progress,
        cancelled: Callable[[], bool],
    ) -> Downloaded:
        return download(
            row.urls,
            target,
            wanted,
            progress=progress,
            cancelled=cancelled,
            timeout=self._timeout,
        )

    def _note(self, place: Path, got: Downloaded) -> None:
        self._records.write(place, got.url, got.sha256)

    def _recorded(self, state: ReleaseState) -> ReleaseState:
        """Record what is here, the first time that it is met."""
        if state.presence is not Presence.HERE or state.path is None or state.sha256:
            return state
        try:
            return state.with_record(self._records.write(state.path))
        except OSError as error:
            raise ReleaseError(
                f"{state.path} could not be read or noted: {error.strerror}.",
                "Check its permissions.",
            ) from error

    def _row(self, release: ReleaseSpec, place: Path) -> Mirrors:
        if self._mirrors is None:
            self._mirrors = read_mirrors()
        return mirrors_of(release.source, place.name, self._mirrors)

    def _unlike_published(self, release: ReleaseSpec, state: ReleaseState) -> str:
        """Say in what a file that is here differs from what Keras publishes; empty for nothing.

        Only Keras' own digests count: one that somebody wrote into a table of mirrors is looked at
        when a file is fetched, and by :meth:`verify`.
        """
        place = state.path if state.presence is Presence.HERE else None
        file = keras_weights_file(release.source) if _is_keras(release) else None
        if place is None or file is None or file.digest is None:
            return ""
        try:
            found = digest_of(place, file.digest.kind).hexdigest()
        except OSError as error:
            raise _unreadable(place, error) from error
        if found == file.digest.value:
            return ""
        name = _DIGEST_NAMES[file.digest.kind]
        return f"has the {name} {found}, but Keras publishes {file.digest.value}"

    def _published(self, release: ReleaseSpec, place: Path) -> str | None:
        """Give the published SHA-256; an archive's says nothing of the folder made of it."""
        if release.source.kind is SourceKind.HUB:
            return None
        sha256 = self._row(release, place).sha256
        return None if sha256 is None else sha256.lower()


def _size(place: Path) -> int | None:
    """Give the bytes of what is there; None where they may not be counted."""
    with contextlib.suppress(OSError):
        return caches.size_of(place)
    return None


def _fingerprint(place: Path) -> str:
    try:
        return fingerprint(place)[0]
    except OSError as error:
        raise _unreadable(place, error) from error


def _unreadable(place: Path, error: OSError) -> ReleaseError:
    return ReleaseError(f"{place} could not be read: {error.strerror}.", "Check its permissions.")


def _is_keras(release: ReleaseSpec) -> bool:
    return release.source.kind is SourceKind.KERAS_APPLICATION


def _own_or_missing(release: ReleaseSpec, state: ReleaseState) -> ReleaseState:
    if state.presence is Presence.MISSING:
        raise ReleaseMissingError(
            f"{release.name} is not there: {state.path}.", "Check 'source' in the pair's entry."
        )
    return state


def _present(release: ReleaseSpec, state: ReleaseState) -> Path:
    if state.presence is Presence.UNKNOWN:
        raise _unknown(release)
    if state.presence is Presence.MISSING:
        raise ReleaseMissingError(
            f"{release.name} is not on this machine.",
            "Fetch it with 'twin-inspector releases fetch'.",
        )
    if state.path is None:
        raise UsageError(f"{release.name} needs no file.", "There is nothing to verify.")
    return state.path


def _unknown(release: ReleaseSpec) -> ReleaseError:
    return ReleaseError(
        f"Keras itself keeps the weights of {release.name}, at a place not known here.",
        "Look into Keras' cache, which 'twin-inspector doctor' names.",
    )


def _accept_weights(file: Path) -> None:
    if fault := hdf5_fault(file):
        raise ReleaseError(f"The file {fault}.", "Fetch it from another mirror.")


def _removed(path: Path) -> int:
    """Remove a path; give the bytes that it had (none of a link's)."""
    try:
        size = 0 if path.is_symlink() else caches.size_of(path)
        caches.remove(path)
    except OSError as error:
        raise ReleaseError(
            f"{path} could not be removed: {error.strerror}.", "Check its permissions."
        ) from error
    return size
