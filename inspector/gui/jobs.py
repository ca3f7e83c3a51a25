"""Work off the GUI thread: one call, whose result or error comes back as a signal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal

from inspector.core.errors import Cancelled, InspectorError

if TYPE_CHECKING:
    from collections.abc import Callable


class _Signals(QObject):
    done = Signal(object)
    failed = Signal(object)
    ended = Signal()


class _Task(QRunnable):
    def __init__(self, work: Callable[[], Any], signals: _Signals) -> None:
        super().__init__()
        self._work = work
        self._signals = signals

    def run(self) -> None:
        try:
            outcome = self._work()
        except Cancelled:
            return  # whoever asked for that waits for no answer
        except InspectorError as error:
            self._signals.failed.emit(error)
        else:
            self._signals.done.emit(outcome)
        finally:
            self._signals.ended.emit()


class Jobs(QObject):
    """Runs calls on the thread pool and keeps their signals alive until they are delivered.

    An InspectorError comes back through `failed`; any other exception is a fault of the program
    and goes to ``sys.excepthook``. A call that raises Cancelled ends without an answer.
    """

    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(2)
        self._running: set[_Signals] = set()
        self._closed = False

    @property
    def busy(self) -> bool:
        """Whether a call has not been delivered yet."""
        return bool(self._running)

    @property
    def is_closed(self) -> bool:
        """Whether no answer is delivered any more."""
        return self._closed

    def run(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """Call `work` on another thread, then `done` with its result on this one.

        Nothing once closed.
        """
        if self._closed:
            return
        signals = _Signals()
        self._running.add(signals)
        queued = Qt.ConnectionType.QueuedConnection
        relay = _Relay(done, self)
        signals.done.connect(relay.deliver, queued)
        signals.failed.connect(relay.fail, queued)
        signals.ended.connect(lambda: self._forget(signals, relay), queued)
        self._pool.start(_Task(work, signals))

    def close(self) -> None:
        """Wait for the calls that have begun and drop the others; no answer comes any more."""
        self._closed = True
        self._pool.clear()
        self._pool.waitForDone()
        self._running.clear()

    def _forget(self, signals: _Signals, relay: _Relay) -> None:
        self._running.discard(signals)
        relay.deleteLater()


class _Relay(QObject):
    """Lives on the GUI thread, so that a queued signal is delivered there.

    What was queued before the jobs were closed still arrives; it is not handed on then.
    """

    def __init__(self, done: Callable[[Any], None], jobs: Jobs) -> None:
        super().__init__(jobs)
        self._done = done
        self._jobs = jobs

    def deliver(self, outcome: object) -> None:
        if not self._jobs.is_closed:
            self._done(outcome)

    def fail(self, error: object) -> None:
        if not self._jobs.is_closed:
            self._jobs.failed.emit(error)
