"""Reading a run file off the GUI thread: one thread, one connection, the newest question first."""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QThread, Signal

from inspector.core.errors import Cancelled, InspectorError
from inspector.sweep.query import RunTable
from inspector.sweep.run_file import RunFile

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from pathlib import Path

    Work = Callable[["Reading"], Any]


class Reading:
    """What a question may use: the run, open for reading, and its table."""

    def __init__(self, run: RunFile) -> None:
        self.run = run
        self.table = RunTable(run)
        self._closed = False

    def close_soon(self) -> None:
        """Note that no answer is wanted any more."""
        self._closed = True

    def is_closed(self) -> bool:
        """Tell whether no answer is wanted any more; for long questions to ask now and then."""
        return self._closed


class Lane(QObject):
    """Answers questions about one run file on a thread of its own.

    A question has a key; asking under the same key again replaces what was not begun yet. Of
    several that wait, the one asked last is answered first: it is what the user looks at now.

    Signals
    -------
    answered(key, answer)
    failed(InspectorError)
        The file cannot be read. It may be asked again.
    """

    answered = Signal(object, object)
    failed = Signal(object)

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = _LaneThread(self, path)
        self._thread.start()

    def ask(self, key: Hashable, work: Work) -> None:
        """Ask a question."""
        self._thread.put(key, work)

    def drop(self, wanted: Callable[[Hashable], bool]) -> None:
        """Forget the questions that wait, but those whose key is wanted still."""
        self._thread.drop(wanted)

    def interrupt(self) -> None:
        """Give up the question at work; it is not answered."""
        self._thread.interrupt()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is asked for."""
        return self._thread.is_idle

    def close(self) -> None:
        """End the thread and close the file."""
        self._thread.close()


class _LaneThread(QThread):
    def __init__(self, lane: Lane, path: Path) -> None:
        super().__init__(lane)
        self.setObjectName("run-reader")
        self._lane = lane
        self._path = path
        self._change = threading.Condition()
        self._waiting: OrderedDict[Hashable, Work] = OrderedDict()
        self._reading: Reading | None = None
        self._busy = False
        self._closing = False

    def put(self, key: Hashable, work: Work) -> None:
        with self._change:
            self._waiting[key] = work
            self._waiting.move_to_end(key)
            self._change.notify()

    def drop(self, wanted: Callable[[Hashable], bool]) -> None:
        with self._change:
            for key in [key for key in self._waiting if not wanted(key)]:
                del self._waiting[key]

    @property
    def is_idle(self) -> bool:
        with self._change:
            return not self._busy and not self._waiting

    def interrupt(self) -> None:
        with self._change:
            if self._busy and self._reading is not None:
                self._reading.table.interrupt()

    def close(self) -> None:
        with self._change:
            self._closing = True
            self._waiting.clear()
            self._change.notify()
            if self._reading is not None:
                self._reading.close_soon()
        self.interrupt()
        self.wait()

    def run(self) -> None:
        """Answer until closed (QThread's entry point)."""
        while (question := self._next()) is not None:
            key, work = question
            try:
                answer = work(self._open())
            except Cancelled:
                continue
            except sqlite3.OperationalError:
                if not self._closing:
                    raise
                continue
            except InspectorError as error:
                if not self._closing:
                    self._lane.failed.emit(error)
                continue
            if not self._closing:
                self._lane.answered.emit(key, answer)
        if self._reading is not None:
            self._reading.run.close()

    def _next(self) -> tuple[Hashable, Work] | None:
        with self._change:
            self._busy = False
            self._change.wait_for(lambda: self._waiting or self._closing)
            if self._closing:
                return None
            self._busy = True
            return self._waiting.popitem()

    def _open(self) -> Reading:
        if self._reading is None:
            reading = Reading(RunFile.open(self._path))
            with self._change:
                self._reading = reading
        return self._reading
