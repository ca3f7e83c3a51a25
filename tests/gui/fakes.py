"""Stand-ins for the engine worker and a view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from inspector.core.errors import EngineError, PictureError
from inspector.engine.messages import (
    Compared,
    Explained,
    ExplainRequest,
    Failed,
    Finished,
    TaskRequest,
)
from tests.support.explanations import make_explanation
from tests.support.results import make_result

if TYPE_CHECKING:
    from inspector.core.causes.explanation import Explanation
    from inspector.core.errors import InspectorError
    from inspector.core.palette import Palette
    from inspector.core.result import Result
    from inspector.engine.messages import CompareRequest, Work


class FakeWorker(QObject):
    """Keeps what it is asked, and answers when the test says so."""

    ready = Signal(object)
    progress = Signal(object)
    compared = Signal(object)
    explained = Signal(object)
    task_done = Signal(object)
    failed = Signal(object)
    finished = Signal(object)
    restarted = Signal(str)

    def __init__(self, answering: bool = False) -> None:
        super().__init__()
        self.requests: list[CompareRequest] = []
        self.explains: list[ExplainRequest] = []
        self.tasks: list[TaskRequest] = []
        self.cancels = 0
        self.starts = 0
        self.answering = answering

    def start(self) -> None:
        self.starts += 1

    def submit(self, request: Work) -> None:
        if isinstance(request, ExplainRequest):
            self.explains.append(request)
            return
        if isinstance(request, TaskRequest):
            self.tasks.append(request)
            return
        self.requests.append(request)
        if self.answering:
            self.answer()

    def cancel(self) -> None:
        self.cancels += 1

    def close(self) -> None:
        pass

    def answer(self, which: int = -1, result: Result | None = None) -> Result:
        """Answer a request, the newest by default, with a result for its pair."""
        request = self.requests[which]
        made = result or make_result(pair=request.pair)
        self.compared.emit(Compared(request.generation, made))
        self.finished.emit(Finished(request.generation))
        return made

    def explain(self, which: int = -1, explanation: Explanation | None = None) -> Explanation:
        """Answer a request for the causes, the newest by default."""
        request = self.explains[which]
        made = explanation or make_explanation(make_result(pair=request.comparison.pair))
        self.explained.emit(Explained(request.generation, made))
        self.finished.emit(Finished(request.generation))
        return made

    def fail_explaining(self, which: int = -1) -> InspectorError:
        """Fail a request for the causes, the newest by default."""
        request = self.explains[which]
        error = EngineError("The causes could not be found.", "Try again.")
        self.failed.emit(Failed(request.generation, error))
        self.finished.emit(Finished(request.generation))
        return error

    def fail(self, which: int = -1, error: InspectorError | None = None) -> InspectorError:
        """Fail a request, the newest by default."""
        request = self.requests[which]
        raised = error or PictureError("The picture is broken.", "Choose another one.")
        self.failed.emit(Failed(request.generation, raised))
        self.finished.emit(Finished(request.generation))
        return raised


class FakeView(QObject):
    """Keeps what it is told."""

    class_selected = Signal(int)
    drawn = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.results: list[Result | None] = []
        self.selected: list[int | None] = []
        self.palettes: list[Palette] = []
        self.stale: list[bool] = []

    def set_result(self, result: Result | None) -> None:
        self.results.append(result)
        self.drawn.emit()

    def set_selected_class(self, index: int | None) -> None:
        self.selected.append(index)

    def set_palette_scheme(self, palette: Palette) -> None:
        self.palettes.append(palette)

    def set_stale(self, stale: bool) -> None:
        self.stale.append(stale)
