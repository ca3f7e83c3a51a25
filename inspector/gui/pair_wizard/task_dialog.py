"""The frame of a dialog that asks, lets an engine of its own work, and shows what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from inspector.gui.pair_wizard.pages import ProgressPage
from inspector.gui.pair_wizard.runner import TaskRunner

if TYPE_CHECKING:
    from inspector.core.errors import InspectorError
    from inspector.core.palette import Palette
    from inspector.gui.pair_wizard.fields import Problem

PAGES = range(3)
ASKING, WORKING, _ = PAGES


class TaskDialog(QDialog):
    """Three pages in a row; it stops nothing else in the window.

    A dialog makes its first and last page and hands them to `_set_up`. It overrides `_go_on` (the
    button that leads on), `_on_done` (the outcome) and `_refresh_next` (that button's text).

    Parameters
    ----------
    title
        Of the window.
    note
        Small print under the progress.
    palette
        Colours.
    runner
        Does the work; closed with the dialog.
    """

    def __init__(
        self,
        title: str,
        note: str,
        palette: Palette,
        runner: TaskRunner | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.runner = runner or TaskRunner(parent=self)
        self.progress = ProgressPage(note, palette)
        self.pages = QStackedWidget()
        self.back, self.next = QPushButton("Back"), QPushButton()
        self.cancel_button, self.close_button = QPushButton("Cancel"), QPushButton("Close")
        for button in (self.back, self.cancel_button, self.close_button):
            button.setAutoDefault(False)
        self.next.setDefault(True)

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self.progress.set_palette_scheme(palette)

    def done(self, result: int) -> None:
        """Close, and end what is under way."""
        self.runner.close()
        super().done(result)

    def _set_up(self, first: QWidget, last: QWidget, problem: Problem) -> None:
        """Put the pages into the dialog; `problem` says on the first one what went wrong."""
        self._first_problem = problem
        for page in (first, self.progress, last):
            self.pages.addWidget(page)
        row = QHBoxLayout()
        row.addWidget(self.back)
        row.addStretch(1)
        for button in (self.cancel_button, self.close_button, self.next):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(12)
        column.addWidget(self.pages, 1)
        column.addLayout(row)
        self.back.clicked.connect(self._go_back)
        self.cancel_button.clicked.connect(self._go_back)
        self.next.clicked.connect(self._go_on)
        self.close_button.clicked.connect(self.reject)
        self.runner.progressed.connect(self.progress.set_progress)
        self.runner.done.connect(self._on_done)
        self.runner.failed.connect(self._on_failed)
        self._show(ASKING)

    def _work(self, task: Any) -> None:
        """Have a task done."""
        self._first_problem.tell("")
        self.progress.begin()
        self._show(WORKING)
        self.runner.run(task)

    def _go_on(self) -> None:
        raise NotImplementedError

    def _go_back(self) -> None:
        self.runner.cancel()
        self._show(ASKING)

    def _on_done(self, outcome: Any) -> None:
        raise NotImplementedError

    def _on_failed(self, error: InspectorError) -> None:
        self._show(ASKING)
        self._first_problem.tell(str(error))

    def _show(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        self._refresh()

    def _refresh(self) -> None:
        page = self.pages.currentIndex()
        is_working = page == WORKING
        self.back.setVisible(page not in (ASKING, WORKING))
        self.cancel_button.setVisible(is_working)
        self.close_button.setVisible(not is_working)
        self.next.setVisible(not is_working)
        self._refresh_next(page)

    def _refresh_next(self, page: int) -> None:
        raise NotImplementedError
