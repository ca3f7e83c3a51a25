"""Long tasks in an engine process of their own, so that comparisons go on meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, Signal

from inspector.engine.messages import TaskRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from inspector.engine.messages import Failed, Finished, Progress, TaskDone, Work

NO_ENGINE = 0
"""Generation of a failure that belongs to no request: the engine could not start."""


class TaskWorker(Protocol):
    """What a runner needs of :class:`inspector.gui.worker.EngineWorker`."""

    progress: Any
    task_done: Any
    failed: Any
    finished: Any

    def start(self) -> None:
        """Start the engine process."""

    def submit(self, request: Work) -> None:
        """Hand a request over."""

    def cancel(self) -> None:
        """Stop what is running; its process is killed where it does not."""

    def close(self) -> None:
        """End process and thread."""


def engine_worker() -> TaskWorker:
    """Give a worker with an engine process of its own."""
    from inspector.gui.worker import EngineWorker

    return EngineWorker()


class TaskRunner(QObject):
    """Runs one task at a time; the process is started with the first one.

    Parameters
    ----------
    make_worker
        Gives the worker.
    """

    progressed = Signal(str, object)
    """What is going on, and 0 to 1 or None."""
    done = Signal(object)
    """The outcome."""
    failed = Signal(object)
    """InspectorError."""

    def __init__(
        self,
        make_worker: Callable[[], TaskWorker] = engine_worker,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._make_worker = make_worker
        self._worker: TaskWorker | None = None
        self._generation = NO_ENGINE
        self._busy = False

    @property
    def is_busy(self) -> bool:
        """Whether a task is under way and still wanted."""
        return self._busy

    def run(self, task: Any) -> None:
        """Do a task; one that is under way is given up."""
        if self._worker is None:
            self._worker = self._make_worker()
            self._worker.progress.connect(self._on_progress)
            self._worker.task_done.connect(self._on_done)
            self._worker.failed.connect(self._on_failed)
            self._worker.finished.connect(self._on_finished)
            self._worker.start()
        self._generation += 1
        self._busy = True
        self._worker.submit(TaskRequest(self._generation, task))

    def cancel(self) -> None:
        """Give the task up; nothing is heard of it any more."""
        if self._busy and self._worker is not None:
            self._busy = False
            self._worker.cancel()

    def close(self) -> None:
        """End the process."""
        self._busy = False
        if self._worker is not None:
            worker, self._worker = self._worker, None
            worker.close()

    def _on_progress(self, message: Progress) -> None:
        if self._busy and message.generation == self._generation:
            self.progressed.emit(message.text, message.fraction)

    def _on_done(self, message: TaskDone) -> None:
        if self._busy and message.generation == self._generation:
            self._busy = False
            self.done.emit(message.outcome)

    def _on_failed(self, message: Failed) -> None:
        if self._busy and message.generation in {self._generation, NO_ENGINE}:
            self._busy = False
            self.failed.emit(message.error)

    def _on_finished(self, message: Finished) -> None:
        if message.generation == self._generation:
            self._busy = False
