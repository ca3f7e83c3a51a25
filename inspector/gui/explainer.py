"""Asks why the two differ, after each comparison, and keeps what is known so far."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from inspector.engine.messages import ExplainRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from inspector.core.errors import InspectorError
    from inspector.core.features.kinds import AnyExplanation, AnyResult
    from inspector.core.findings import Finding
    from inspector.engine.messages import CompareRequest, Work

STARTING = "Starting"
HOLD_MS = 1000
"""So long the causes before stay on show, marked as out of date: a warm explanation is there by
then, and nothing flickers."""


@dataclass(frozen=True, eq=False, slots=True)
class Causes:
    """What is known about the causes of a comparison.

    Attributes
    ----------
    result
        The comparison.
    explanation
        Its causes, once they were measured.
    doing
        What is being done to measure them, or empty.
    error
        Why they could not be measured.
    """

    result: AnyResult
    explanation: AnyExplanation | None = None
    doing: str = ""
    error: InspectorError | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found; the comparison's own findings until the causes are known."""
        return (self.explanation or self.result).findings


class Explainer(QObject):
    """Holds the conversation about one comparison; the controller hands the messages over."""

    changed = Signal(object)
    """Causes."""
    veiled_changed = Signal(bool)
    """Whether what was told last is out of date."""
    begun = Signal(object, object)
    """CompareRequest and result of a comparison that is on screen now."""
    superseded = Signal()
    """Something newer is wanted."""
    freed = Signal()
    """The engine may have nothing to do any more; `is_free` tells."""

    def __init__(self, submit: Callable[[Work], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.submit = submit
        """Sends a request, and starts the engine again where it had ended."""
        self._causes: Causes | None = None
        self._told: Causes | None = None
        self._stale = False
        self._veiled = False
        self._superseded = False
        self._hold = QTimer(self)
        self._hold.setSingleShot(True)
        self._hold.setInterval(HOLD_MS)
        self._hold.timeout.connect(self._release)

    @property
    def causes(self) -> Causes | None:
        """What is known about the comparison on screen; None before the first."""
        return self._causes

    @property
    def explanation(self) -> AnyExplanation | None:
        """The causes of the comparison on screen, where they were measured."""
        return self._causes.explanation if self._causes is not None else None

    @property
    def is_running(self) -> bool:
        """Whether the causes are being measured."""
        return self._causes is not None and bool(self._causes.doing)

    @property
    def is_held(self) -> bool:
        """Whether the causes before are still on show."""
        return self._hold.isActive()

    @property
    def is_free(self) -> bool:
        """Whether the engine is asked for nothing: the causes are settled, nothing newer is wanted.

        Wait for a turn of the event loop after `freed` before asking for this.
        """
        return self._causes is not None and not self.is_running and not self._superseded

    def begin(self, request: CompareRequest, result: AnyResult) -> None:
        """Ask for the causes of a comparison that is on screen now."""
        self._causes = Causes(result, doing=STARTING)
        self._superseded = False
        self.submit(ExplainRequest(request.generation, request))  # first: what hears of it draws
        if self._told is not None and self._told.explanation is not None:
            self._hold.start()
            self._tell_veiled()
        else:
            self._release()
        self.begun.emit(request, result)

    def progress(self, text: str) -> None:
        """Say what is being done."""
        self._change(doing=text)

    def arrive(self, explanation: AnyExplanation) -> None:
        """Take the causes."""
        self._settle(explanation=explanation)

    def fail(self, error: InspectorError) -> None:
        """Note that the causes cannot be measured."""
        self._settle(error=error)

    def stop(self) -> None:
        """Note that nobody measures any more: done, or cancelled."""
        if self.is_running:
            self._settle()

    def supersede(self) -> None:
        """Note that something newer is wanted; what is on show stays for a while."""
        self._superseded = True
        self.superseded.emit()
        if self._causes is not None and self.is_running:
            self._causes = replace(self._causes, doing="")
            self._hold.start()
            self._tell_veiled()

    def set_stale(self, stale: bool) -> None:
        """Note whether the comparison itself is out of date."""
        self._stale = stale
        self._tell_veiled()
        if not stale:  # what was wanted is there, or was given up
            self._superseded = False
            self.freed.emit()

    def _change(self, **parts: object) -> None:
        if self._causes is None:
            return
        self._causes = replace(self._causes, **parts)  # type: ignore[arg-type]
        if not self.is_held:
            self._told = self._causes
            self.changed.emit(self._causes)

    def _settle(self, **parts: object) -> None:
        """End the measurement, whatever came of it."""
        self._hold.stop()
        self._change(doing="", **parts)
        self._tell_veiled()
        self.freed.emit()

    def _release(self) -> None:
        """Show what is known, even if that is little."""
        self._hold.stop()
        self._change()
        self._tell_veiled()

    def _tell_veiled(self) -> None:
        veiled = self._stale or self.is_held
        if veiled != self._veiled:
            self._veiled = veiled
            self.veiled_changed.emit(veiled)
