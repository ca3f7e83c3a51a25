"""The background worker: a thread that owns the conversation with the engine process."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, QTimer, Signal

from inspector.core.errors import EngineCrashedError, EngineError
from inspector.engine.client import COMMAND, EngineClient
from inspector.engine.messages import (
    Cancel,
    Compared,
    Explained,
    Failed,
    Finished,
    Progress,
    Ready,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inspector.engine.messages import Reply, Work

CANCEL_PATIENCE_MS = 2000
"""How long a cancelled request may go on before its process is killed."""

_STACK_BYTES = 16 * 1024 * 1024
"""Some systems give threads 512 KB, which is too little for numpy's libraries."""


class EngineWorker(QObject):
    """Speaks with the engine process; none of its methods blocks.

    Every request is followed by exactly one `finished`, also after an error, a cancel or a crash.
    After a crash the process is started again and the request is tried once more.

    Signals
    -------
    ready(Ready), progress(Progress), compared(Compared), explained(Explained), failed(Failed),
    finished(Finished)
        The messages of :mod:`inspector.engine.messages`.
    restarted(str)
        The engine process ended and was started again; a sentence for the user.
    """

    ready = Signal(object)
    progress = Signal(object)
    compared = Signal(object)
    explained = Signal(object)
    failed = Signal(object)
    finished = Signal(object)
    restarted = Signal(str)

    def __init__(self, parent: QObject | None = None, command: Sequence[str] = COMMAND) -> None:
        super().__init__(parent)
        self._thread = _Conversation(self, command)
        self._deadline = QTimer(self, singleShot=True, interval=CANCEL_PATIENCE_MS)
        self._deadline.timeout.connect(self._thread.end_cancelled)
        self.finished.connect(self._stop_deadline)

    @property
    def engine_pid(self) -> int | None:
        """Process id of the engine, or None before it was started."""
        return self._thread.engine_pid

    def start(self) -> None:
        """Start thread and process."""
        self._thread.start()

    def submit(self, request: Work) -> None:
        """Ask for a comparison or an explanation; older requests are given up."""
        self._deadline.stop()
        self._thread.submit(request)

    def cancel(self) -> None:
        """Give up the request at work; kill the process where it does not stop within 2 s."""
        if self._thread.cancel():
            self._deadline.start()

    def close(self) -> None:
        """End process and thread; waits at most about a second."""
        self._deadline.stop()
        self._thread.close()

    def _stop_deadline(self, message: Finished) -> None:
        if not self._thread.is_busy:
            self._deadline.stop()


class _Conversation(QThread):
    """The thread: reads replies for ever, starts the process again where it ends."""

    def __init__(self, worker: EngineWorker, command: Sequence[str]) -> None:
        super().__init__(worker)
        self.setObjectName("engine-conversation")
        self.setStackSize(_STACK_BYTES)
        self._worker = worker
        self._command = command
        self._lock = threading.Lock()
        self._client: EngineClient | None = None
        self._pending: dict[int, Work] = {}
        self._retried: set[int] = set()
        self._cancelled = 0
        self._closing = False
        self._was_ready = False

    @property
    def engine_pid(self) -> int | None:
        client = self._client
        return client.pid if client else None

    @property
    def is_busy(self) -> bool:
        with self._lock:
            return bool(self._pending)

    def submit(self, request: Work) -> None:
        with self._lock:
            self._pending[request.generation] = request
            if self._client is not None:
                self._client.send(request)

    def cancel(self) -> bool:
        """Send a cancel for everything pending; tell whether there was anything."""
        with self._lock:
            if not self._pending:
                return False
            self._cancelled = max(self._pending)
            if self._client is not None:
                self._client.send(Cancel(self._cancelled))
            return True

    def end_cancelled(self) -> None:
        """Kill the process where a cancelled request is still at work."""
        with self._lock:
            stuck = any(generation <= self._cancelled for generation in self._pending)
            if stuck and self._client is not None:
                self._client.kill()

    def close(self) -> None:
        with self._lock:
            self._closing = True
            client = self._client
        if client is not None:
            client.close()
        self.wait()

    def run(self) -> None:
        """Hold the conversation (QThread's entry point)."""
        while self._connect():
            try:
                while True:
                    self._deliver(self._receive())
            except EngineCrashedError as error:
                if not self._recover(error):
                    return

    def _connect(self) -> bool:
        with self._lock:
            if self._closing:
                return False
            self._was_ready = False
            self._client = EngineClient(self._command)
            for request in self._pending.values():
                self._client.send(request)
            return True

    def _receive(self) -> Reply:
        client = self._client
        assert client is not None
        return client.receive()

    def _deliver(self, reply: Reply) -> None:
        worker = self._worker
        if isinstance(reply, Ready):
            self._was_ready = True
            worker.ready.emit(reply)
        elif isinstance(reply, Progress):
            worker.progress.emit(reply)
        elif isinstance(reply, Compared):
            worker.compared.emit(reply)
        elif isinstance(reply, Explained):
            worker.explained.emit(reply)
        elif isinstance(reply, Failed):
            worker.failed.emit(reply)
        else:
            self._finish(reply)

    def _finish(self, reply: Finished) -> None:
        with self._lock:
            self._pending.pop(reply.generation, None)
            self._retried.discard(reply.generation)
        self._worker.finished.emit(reply)

    def _recover(self, error: EngineCrashedError) -> bool:
        """Settle what the ended process left open; tell whether to start another."""
        with self._lock:
            if self._closing:
                return False
            pending = dict(self._pending)
            cancelled = {g for g in pending if g <= self._cancelled}
            lost = {g for g in pending if g not in cancelled and g in self._retried}
            if not self._was_ready:
                lost = set(pending) - cancelled
            self._retried |= set(pending) - cancelled - lost
        for generation in sorted(cancelled):
            self._finish(Finished(generation, cancelled=True))
        for generation in sorted(lost):
            self._worker.failed.emit(Failed(generation, error))
            self._finish(Finished(generation))
        if not self._was_ready and not cancelled:
            self._worker.failed.emit(Failed(0, _cannot_start(error)))
            with self._lock:
                self._client = None
            return False
        if not cancelled:
            self._worker.restarted.emit(f"{error.message} It was started again.")
        return True


def _cannot_start(error: EngineCrashedError) -> EngineError:
    return EngineError(
        f"The engine could not start. {error.message}",
        f"Run 'twin-inspector doctor' to see what is missing. {error.mend}",
    )
