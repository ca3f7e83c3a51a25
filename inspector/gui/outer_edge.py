"""The window's outer edge: uncaught exceptions and the signals that end the program."""

from __future__ import annotations

import contextlib
import logging
import signal
import socket
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier, Signal

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType, TracebackType

LOG = logging.getLogger("inspector.gui")
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class CrashCatcher(QObject):
    """Turns an exception that nothing caught into a sentence and a log entry.

    The window stays: what is on screen is still true.
    """

    caught = Signal(str)
    """A sentence; comes from whichever thread it happened on."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._before = sys.excepthook
        sys.excepthook = self.handle

    def handle(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Log and tell; leave interrupts to Python."""
        if not issubclass(kind, Exception):
            self._before(kind, error, trace)
            return
        LOG.error("Uncaught exception", exc_info=(kind, error, trace))
        self.caught.emit(f"A fault inside the program was caught: {kind.__name__}: {error}")

    def close(self) -> None:
        """Put the hook back that was there before."""
        sys.excepthook = self._before


class SignalWatcher(QObject):
    """Lets SIGINT and SIGTERM end the event loop.

    Python handles signals only between its own instructions, and none run while Qt waits; so the
    signal's number is written to a socket that the event loop watches.
    """

    def __init__(self, end: Callable[[], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._end = end
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)
        self._old_descriptor = signal.set_wakeup_fd(
            self._writer.fileno(), warn_on_full_buffer=False
        )
        self._old = {number: signal.signal(number, _nothing) for number in ENDING_SIGNALS}

    def close(self) -> None:
        """Put the handlers back that were there before."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._old_descriptor)
        for number, handler in self._old.items():
            signal.signal(number, handler)
        self._reader.close()
        self._writer.close()

    def _read(self) -> None:
        received = b""
        with contextlib.suppress(BlockingIOError):
            received = self._reader.recv(64)
        if any(number in received for number in ENDING_SIGNALS):
            self._end()


def _nothing(number: int, frame: FrameType | None) -> None:
    """Stand in for a handler: the notifier does the work."""
