"""The background worker: a thread that owns the conversation with the engine process."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, QTimer, Signal

from inspector.core.errors import EngineCrashedError, EngineError
from inspector.engine.client import COMMAND, EngineClient
from inspector.engine.fetching import Fetches
from inspector.engine.messages import (
    Cancel,
    Compared,
    Explained,
    Failed,
    Finished,
    Progress,
    Ready,
    TaskDone,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inspector.engine.messages import Reply, Work

CANCEL_PATIENCE_MS = 2000
"""How long a cancelled request may go on before its process is killed."""

_STACK_BYTES = 16 * 1024 * 1024
"""Some systems give threads 512 KB, which is too little for numpy's libraries."""


NO_ENGINE = 0
"""Generation of the `failed` that says: there is no engine, until the next `start` or `submit`."""

_MOST_FUTILE_ENDS = 3
"""So often in a row the process may end by itself without having finished a single request."""


class EngineWorker(QObject):
    """Speaks with the engine process; none of its methods but `close` blocks.

    Every request is followed by exactly one `finished`, also after an error, a cancel or a crash.
    After a crash the process is started again and the request is tried once more. Where it cannot
    start, or keeps ending, one `failed` of generation `NO_ENGINE` says so, and the next `start` or
    `submit` tries again.

    Signals
    -------
    ready(Ready), progress(Progress), compared(Compared), explained(Explained),
    task_done(TaskDone), failed(Failed), finished(Finished)
        The messages of :mod:`inspector.engine.messages`.
    restarted(str)
        The engine process ended and was started again; a sentence for the user.
    """

    ready = Signal(object)
    progress = Signal(object)
    compared = Signal(object)
    explained = Signal(object)
    task_done = Signal(object)
    failed = Signal(object)
    finished = Signal(object)
    restarted = Signal(str)

    def __init__(
        self,
        parent: QObject | None = None,
        command: Sequence[str] = COMMAND,
        started: EngineClient | None = None,
    ) -> None:
        super().__init__(parent)
        self._thread = _Conversation(self, command, started)
        self._deadline = QTimer(self, singleShot=True, interval=CANCEL_PATIENCE_MS)
        self._deadline.timeout.connect(self._thread.end_cancelled)
        self.finished.connect(self._stop_deadline)

    @property
    def engine_pid(self) -> int | None:
        """Process id of the engine, or None before it was started."""
        return self._thread.engine_pid

    def start(self) -> None:
        """Start thread and process, or the process again where it was given up."""
        self._thread.begin()

    def submit(self, request: Work) -> None:
        """Ask for a comparison or an explanation; older requests are given up."""
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

    def __init__(
        self, worker: EngineWorker, command: Sequence[str], started: EngineClient | None
    ) -> None:
        super().__init__(worker)
        self.setObjectName("engine-conversation")
        self.setStackSize(_STACK_BYTES)
        self._worker = worker
        self._command = command
        self._started = started
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._client: EngineClient | None = None
        self._pending: list[Work] = []
        self._retried: set[int] = set()
        self._fetches = Fetches(worker.progress.emit)
        self._fetching: set[int] = set()
        self._cancelled = 0
        self._closing = False
        self._killed = False
        self._was_ready = False
        self._futile_ends = 0

    @property
    def engine_pid(self) -> int | None:
        client = self._client
        return client.pid if client else None

    @property
    def is_busy(self) -> bool:
        with self._lock:
            return bool(self._pending)

    def begin(self) -> None:
        self._wake.set()
        self.start()

    def submit(self, request: Work) -> None:
        with self._lock:
            self._pending.append(request)
            if self._fetches.wanted(request):
                self._fetching.add(request.generation)
                self._fetches.begin(request, lambda error: self._fetched(request, error))
            elif self._client is not None:
                self._client.send(request)
            self._wake.set()

    def _fetched(self, request: Work, outcome: Failed | Finished | None) -> None:
        """Send a request whose releases are here now, or settle it (on the fetching thread)."""
        with self._lock:
            if self._closing or request.generation not in self._fetching:
                return  # nobody waits for it any more
            self._fetching.discard(request.generation)
            if outcome is None:
                if self._client is not None:
                    self._client.send(request)
                return
            self._pending.remove(request)
        if isinstance(outcome, Failed):
            self._worker.failed.emit(outcome)
        self._worker.finished.emit(Finished(request.generation, isinstance(outcome, Finished)))

    def cancel(self) -> bool:
        """Send a cancel for everything pending; tell whether there was anything."""
        with self._lock:
            if not self._pending:
                return False
            self._cancelled = max(request.generation for request in self._pending)
            self._fetches.cancel(self._cancelled)
            if self._client is not None:
                self._client.send(Cancel(self._cancelled))
            return True

    def end_cancelled(self) -> None:
        """Kill the process where a cancelled request is still at work."""
        with self._lock:
            stuck = any(request.generation <= self._cancelled for request in self._sent())
            if stuck and self._client is not None:
                self._killed = True
                self._client.kill()

    def close(self) -> None:
        with self._lock:
            self._closing = True
            self._fetches.close()
            client = self._client or self._started
        self._wake.set()
        if client is not None:
            client.close()
        self.wait()

    def run(self) -> None:
        """Hold the conversation (QThread's entry point)."""
        while not self._closing:
            try:
                self._connect()
                while True:
                    self._deliver(self._receive())
            except EngineError as error:
                if not self._closing and not self._recover(error):
                    self._wake.wait()

    def _connect(self) -> None:
        """Start the process and send it what is pending.

        Raises
        ------
        EngineError
            Where there is no such command, or the program is being closed.
        """
        with self._lock:
            self._was_ready = self._killed = False
            if self._closing:
                raise EngineCrashedError("The program is being closed.")
            self._client = self._started or EngineClient(self._command)
            self._started = None
            for request in self._sent():
                self._client.send(request)
            if any(request.generation <= self._cancelled for request in self._pending):
                self._client.send(Cancel(self._cancelled))

    def _sent(self) -> list[Work]:
        """Give the requests that the process has, or shall have: all is here that they need."""
        return [r for r in self._pending if r.generation not in self._fetching]

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
        elif isinstance(reply, TaskDone):
            worker.task_done.emit(reply)
        elif isinstance(reply, Failed):
            worker.failed.emit(reply)
        else:
            self._finish(reply)

    def _finish(self, reply: Finished) -> None:
        with self._lock:
            self._futile_ends = 0
            self._retried.discard(reply.generation)
            for request in self._pending:
                if request.generation == reply.generation:
                    self._pending.remove(request)
                    break
        self._worker.finished.emit(reply)

    def _recover(self, error: EngineError) -> bool:
        """Settle what the ended process left open; tell whether to start another."""
        with self._lock:
            killed = self._killed
            self._futile_ends += not killed
            given_up = not killed and (
                not self._was_ready or self._futile_ends >= _MOST_FUTILE_ENDS
            )
            settled = [request for request in self._pending if given_up or self._is_over(request)]
            self._pending = [request for request in self._pending if request not in settled]
            self._fetching -= {request.generation for request in settled}
            newest = max((request.generation for request in settled), default=0)
            kept = set() if killed else {request.generation for request in self._pending}
            self._retried = self._retried & kept | kept
            self._client = None
            if given_up:
                self._futile_ends = 0
                self._wake.clear()
        for request in settled:
            self._settle(request.generation, newest, None if given_up else error)
        if given_up:
            self._worker.failed.emit(Failed(NO_ENGINE, _gone(error, self._was_ready)))
        elif not killed:
            self._worker.restarted.emit(f"{error.message} It was started again.")
        return not given_up

    def _is_over(self, request: Work) -> bool:
        """Tell whether a request is not to be tried again: cancelled, or tried twice."""
        tried_twice = not self._killed and request.generation in self._retried
        return request.generation <= self._cancelled or tried_twice

    def _settle(self, generation: int, newest: int, error: EngineError | None) -> None:
        """End one request in the process's place; only the newest has failed, if it was wanted."""
        cancelled = generation <= self._cancelled or generation < newest
        if error is not None and not cancelled:
            self._worker.failed.emit(Failed(generation, error))
        self._worker.finished.emit(Finished(generation, cancelled))


def _gone(error: EngineError, was_ready: bool) -> EngineError:
    return EngineError(
        f"The engine {'keeps ending' if was_ready else 'could not start'}. {error.message}",
        f"Run 'twin-inspector doctor' to see what is missing. {error.mend}",
    )
