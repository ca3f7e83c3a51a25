"""Asks where inside both networks the picture's way parts, while somebody looks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from inspector.core.errors import EngineError
from inspector.core.trace import Trace, TraceTask
from inspector.engine.messages import TaskRequest
from inspector.gui.controller import NO_ENGINE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.core.errors import InspectorError
    from inspector.core.features.kinds import AnyResult
    from inspector.engine.messages import CompareRequest, Failed, Finished, Progress, TaskDone
    from inspector.gui.explainer import Explainer
    from inspector.gui.worker_protocol import Worker
    from inspector.session import Session

KEPT = 8
"""Traces that are kept, of one and a half megabytes each for pictures of 224 pixels."""

WAITING = "Waiting for the engine"
NOBODY = -1
"""A generation that no request has."""
IDENTICAL = "identical"
"""The mode, of a side and of the pair, that gives both networks the same pixels."""

_ENDED = "The engine ended before the layers were known."


@dataclass(frozen=True, eq=False, slots=True)
class Layers:
    """What is known about the inside of both networks for a comparison.

    Attributes
    ----------
    task
        What is traced.
    picture
        SHA-256 of the picture's bytes: a file may be another one the next time.
    trace
        The answer, once it is there.
    doing
        What is being done to find it, or empty.
    error
        Why it could not be found.
    stopped
        Whether the user stopped it.
    """

    task: TraceTask
    picture: str
    trace: Trace | None = None
    doing: str = ""
    error: InspectorError | None = None
    stopped: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it has still to be asked for."""
        return self.trace is None and self.error is None and not self.stopped

    @property
    def on_same_pixels(self) -> bool:
        """Whether both networks are given the same pixels."""
        return {self.task.left.mode, self.task.right.mode} == {IDENTICAL}

    def fits(self, other: Layers, result: AnyResult) -> bool:
        """Tell whether its answer is that of another's, whose comparison gave `result`.

        Pair, picture and modes have to be the same, and the releases have to answer as they did:
        their files may have changed.
        """
        if self.trace is None or self.picture != other.picture or self.task != other.task:
            return False
        before = self.trace.result
        return _same(before.left.raw, result.left.raw) and _same(before.right.raw, result.right.raw)


def _same(a: NDArray[np.float32], b: NDArray[np.float32]) -> bool:
    """Tell whether a release gave the same row twice, but for float noise."""
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-3, atol=1e-5, equal_nan=True)


class Tracer(QObject):
    """Traces the comparison on screen once the engine has nothing better to do.

    A trace is asked for after the causes, in a generation of its own that the session does not
    count as its newest; any newer comparison takes its place. An answer counts only for the request
    that was asked last. An engine that has failed, in a trace or in a comparison, is asked again by
    the user's wish alone.

    Parameters
    ----------
    session
        Gives the generations.
    worker
        Its messages are heard here.
    explainer
        Tells which comparison is on screen, and when the engine is free; requests are sent through
        it.
    """

    changed = Signal(object)
    """Layers."""

    def __init__(
        self,
        session: Session,
        worker: Worker,
        explainer: Explainer,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._worker = worker
        self._explainer = explainer
        self._layers: Layers | None = None
        self._request: CompareRequest | None = None
        self._result: AnyResult | None = None
        self._comparing = False
        self._kept: list[Layers] = []
        self._generation = NOBODY
        self._wanted = False
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.setInterval(0)
        self._turn.timeout.connect(self._ask_if_free)
        explainer.begun.connect(self._begin)
        explainer.superseded.connect(self._give_up)
        explainer.freed.connect(self._turn.start)
        worker.progress.connect(self._on_progress)
        worker.task_done.connect(self._on_done)
        worker.failed.connect(self._on_failed)
        worker.finished.connect(self._on_finished)

    @property
    def layers(self) -> Layers | None:
        """What is known of the comparison on screen; None before the first."""
        return self._layers

    @property
    def is_running(self) -> bool:
        """Whether the engine is at it."""
        return self._generation != NOBODY

    def look(self, wanted: bool) -> None:
        """Note whether somebody looks at the layers."""
        self._wanted = wanted
        self._note_wait()

    def ask_again(self) -> None:
        """Ask again after an error or a stop."""
        self._change(error=None, stopped=False)
        self._note_wait()

    def stop(self) -> None:
        """Stop, by the user's wish."""
        if self.is_running:
            self._generation = NOBODY
            self._worker.cancel()
        self._change(doing="", stopped=True)

    def _begin(self, request: CompareRequest, result: AnyResult) -> None:
        """Take a comparison that is on screen now."""
        self._generation = NOBODY
        self._request = request
        self._comparing = False
        if self._layers is not None and result is self._result:
            self._go_on()
            return
        self._result = result
        task = TraceTask(request.picture, request.pair, request.left, request.right)
        fresh = Layers(task, result.picture.sha256)
        self._layers = next((kept for kept in self._kept if kept.fits(fresh, result)), fresh)
        self.changed.emit(self._layers)
        self._note_wait()

    def _go_on(self) -> None:
        """Note that the causes alone are asked for again; what the user stopped stays so."""
        self._change(doing="")
        if self._layers is not None and isinstance(self._layers.error, EngineError):
            self._change(error=None)
        self._note_wait()

    def _give_up(self) -> None:
        """Note that another comparison is wanted."""
        self._generation = NOBODY
        self._comparing = True
        self._change(doing="")

    def _note_wait(self) -> None:
        """Say that it is waited for, and ask after this turn of the event loop."""
        if self._is_due():
            self._change(doing=WAITING)
            self._turn.start()

    def _is_due(self) -> bool:
        layers = self._layers
        return self._wanted and layers is not None and layers.is_open and not self.is_running

    def _ask_if_free(self) -> None:
        if not (self._is_due() and self._explainer.is_free):
            return
        if self._layers is None or self._request is None:
            return
        self._generation = self._session.renewed(self._request).generation
        self._session.abandon()  # what comes of it is no reply to the comparison
        self._change(doing=WAITING)
        self._explainer.submit(TaskRequest(self._generation, self._layers.task))

    def _owns(self, generation: int) -> bool:
        return self.is_running and generation == self._generation

    def _on_progress(self, message: Progress) -> None:
        if self._owns(message.generation):
            self._change(doing=message.text)

    def _on_done(self, message: TaskDone) -> None:
        if self._owns(message.generation) and isinstance(message.outcome, Trace):
            self._change(doing="", trace=message.outcome)
            if self._layers is not None:
                self._kept = [self._layers, *self._kept][:KEPT]

    def _on_failed(self, message: Failed) -> None:
        if self._owns(message.generation) or self._tells_of_the_engine(message):
            self._end(message.error)

    def _tells_of_the_engine(self, message: Failed) -> bool:
        """Tell whether there is no engine, or it has failed in the comparison under way."""
        if message.generation == NO_ENGINE:
            return True
        of_comparison = self._comparing and self._session.is_current(message.generation)
        return of_comparison and isinstance(message.error, EngineError)

    def _end(self, error: InspectorError) -> None:
        """Say why there are no layers, where there are none and they were not stopped."""
        layers = self._layers
        settled = layers is not None and (layers.trace is not None or layers.stopped)
        self._change(doing="", error=None if settled else error)

    def _on_finished(self, message: Finished) -> None:
        if not self._owns(message.generation):
            return
        self._generation = NOBODY
        if self._layers is None or not self._layers.is_open:
            self._change(doing="")
        elif message.cancelled:
            self._change(doing="", stopped=True)
        else:
            self._end(EngineError(_ENDED, "Try again."))

    def _change(self, **parts: object) -> None:
        before = self._layers
        if before is None:
            return
        if any(getattr(before, name) != value for name, value in parts.items()):
            self._layers = replace(before, **parts)  # type: ignore[arg-type]
            self.changed.emit(self._layers)
