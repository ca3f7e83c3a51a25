"""A stand-in for the worker of long tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from inspector.core.errors import ReleaseError
from inspector.engine.messages import Failed, Finished, Progress, TaskDone

if TYPE_CHECKING:
    from inspector.engine.messages import TaskRequest


class FakeTaskWorker(QObject):
    """Keeps what it is asked, and answers when the test says so."""

    progress = Signal(object)
    task_done = Signal(object)
    failed = Signal(object)
    finished = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[TaskRequest] = []
        self.starts = self.cancels = self.closes = 0

    def start(self) -> None:
        self.starts += 1

    def submit(self, request: Any) -> None:
        self.requests.append(request)

    def cancel(self) -> None:
        self.cancels += 1

    def close(self) -> None:
        self.closes += 1

    def tell(self, text: str, fraction: float | None) -> None:
        self.progress.emit(Progress(self.requests[-1].generation, text, fraction))

    def answer(self, outcome: Any, which: int = -1) -> None:
        generation = self.requests[which].generation
        self.task_done.emit(TaskDone(generation, outcome))
        self.finished.emit(Finished(generation))

    def fail(self, text: str = "It is broken.", generation: int | None = None) -> None:
        wanted = self.requests[-1].generation if generation is None else generation
        self.failed.emit(Failed(wanted, ReleaseError(text, "Mend it.")))
        self.finished.emit(Finished(wanted))
