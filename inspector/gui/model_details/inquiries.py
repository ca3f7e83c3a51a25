"""Questions to an engine process of the dialog's own, one after another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from inspector.gui.pair_wizard.runner import TaskRunner

if TYPE_CHECKING:
    from inspector.core.errors import InspectorError


class Inquiries(QObject):
    """Asks one question at a time; the process is started with the first one.

    Parameters
    ----------
    runner
        Runs the tasks; closed by :meth:`close`.
    """

    began = Signal(str)
    progressed = Signal(str, str, object)
    """Key, what is going on, and 0 to 1 or None."""
    answered = Signal(str, object)
    failed = Signal(str, object)
    """Key, and InspectorError."""

    def __init__(self, runner: TaskRunner | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner or TaskRunner(parent=self)
        self._waiting: dict[str, Any] = {}
        self._asked = ""
        self._runner.progressed.connect(self._on_progress)
        self._runner.done.connect(self._on_done)
        self._runner.failed.connect(self._on_failed)

    def is_open(self, key: str) -> bool:
        """Tell whether a question is waiting or being answered."""
        return key in self._waiting or (self._runner.is_busy and self._asked == key)

    def ask(self, key: str, task: Any) -> None:
        """Ask a question; an older one of the same key is given up."""
        self._waiting.pop(key, None)
        self._waiting[key] = task
        if not self._runner.is_busy or self._asked == key:
            self._next()

    def drop(self, key: str) -> None:
        """Ask a question no more; nothing is heard of it."""
        self._waiting.pop(key, None)
        if self._runner.is_busy and self._asked == key:
            self._runner.cancel()
            self._next()

    def close(self) -> None:
        """End the process."""
        self._waiting.clear()
        self._runner.close()

    def _next(self) -> None:
        if not self._waiting:
            return
        self._asked = self._asked if self._asked in self._waiting else next(iter(self._waiting))
        task = self._waiting.pop(self._asked)
        self._runner.run(task)
        self.began.emit(self._asked)

    def _on_progress(self, text: str, fraction: float | None) -> None:
        self.progressed.emit(self._asked, text, fraction)

    def _on_done(self, outcome: Any) -> None:
        key, self._asked = self._asked, ""
        self._next()
        self.answered.emit(key, outcome)

    def _on_failed(self, error: InspectorError) -> None:
        key, self._asked = self._asked, ""
        self._next()
        self.failed.emit(key, error)
