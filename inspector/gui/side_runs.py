"""What training mode and auxiliary heads say: one line each, and their classes in a dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from inspector.core.numbers import difference_text, reads_as_probabilities, score_text
from inspector.core.palette import LIGHT
from inspector.core.result import Result
from inspector.core.side_runs import side_runs
from inspector.gui.eliding import ClampedLabel

if TYPE_CHECKING:
    from inspector.core.labels import Labels
    from inspector.core.palette import Palette
    from inspector.core.side_runs import SideRun

SHOWN_CLASSES = 10
MOST_LINES = 2
_DIFFERENCE = 3


class RunText(ClampedLabel):
    """What came of a run, in two lines at most; its tooltip has all of it, shortened or not."""

    def __init__(self) -> None:
        super().__init__()
        self._told = ""
        self.set_most_lines(MOST_LINES)

    def tell(self, said: str, told: str) -> None:
        """Show `said`, with `told` as its tooltip."""
        self._told = told
        self.setText(said)

    def setToolTip(self, _: str) -> None:
        """Keep all of it, whatever is shortened."""
        super().setToolTip(self._told)


class RunLine(QWidget):
    """One run: its mark in the colour of its side, what came of it, and the way to its classes."""

    def __init__(self) -> None:
        super().__init__()
        self._run: SideRun | None = None
        self._labels: Labels | None = None
        self._palette = LIGHT
        self._dialog: RunDialog | None = None
        self.mark = QLabel()
        self.warning = QLabel()
        self.warning.setObjectName("untrained")
        self.text = RunText()
        self.button = QPushButton("Classes…")
        self.button.clicked.connect(self.show_classes)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 8, 0)
        row.setSpacing(10)
        row.addWidget(self.mark)
        row.addWidget(self.warning)
        row.addWidget(self.text, 1)
        row.addWidget(self.button)

    @property
    def dialog(self) -> RunDialog | None:
        """The dialog of its classes, while it is open."""
        return self._dialog

    def set_run(self, run: SideRun | None, labels: Labels | None) -> None:
        """Show a run; None shows nothing, and closes its dialog."""
        self._run, self._labels = run, labels
        self.setVisible(run is not None)
        if run is None or labels is None:
            if self._dialog is not None:
                self._dialog.close()
            return
        self.mark.setText(run.title)
        self.warning.setText(run.warning)
        self.warning.setVisible(bool(run.warning))
        said = f"{run.text} {run.note}".strip()
        self.text.tell(said, f"{said}\n{run.settings}")
        self.button.setAccessibleName(f"Classes of {run.title}")
        self.setAccessibleName(f"{run.marked_title}: {said}")
        self.set_palette_scheme(self._palette)
        if self._dialog is not None:
            self._dialog.show_run(run, labels)

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self._palette = palette
        if self._run is not None:
            colour = getattr(palette, self._run.side.value)
            self.mark.setStyleSheet(f"color: {colour}; font-weight: bold;")
        self.warning.setStyleSheet(
            f"#untrained {{ background: {palette.warning}; color: {palette.text};"
            " border-radius: 4px; padding: 1px 6px; }"
        )
        self.text.setStyleSheet(f"color: {palette.text};")

    def set_stale(self, stale: bool) -> None:
        """Show that the run is of the comparison before."""
        self.setEnabled(not stale)

    def show_classes(self) -> None:
        """Open the classes in a dialog that stops nothing else."""
        if self._run is None or self._labels is None:
            return
        if self._dialog is None:
            self._dialog = RunDialog(self.window())
            self._dialog.finished.connect(self._forget_dialog)
        self._dialog.show_run(self._run, self._labels)
        self._dialog.show()
        self._dialog.raise_()

    def _forget_dialog(self) -> None:
        self._dialog = None


class RunDialog(QDialog):
    """The first classes of a run beside the side's own answer."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.table = QTableWidget(0, 4)
        self.table.setAccessibleName("Classes")
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        height = round(self.table.fontMetrics().height() * 1.5)
        self.table.verticalHeader().setDefaultSectionSize(height)
        columns = self.table.horizontalHeader()
        columns.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        columns.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        columns.setSortIndicator(_DIFFERENCE, Qt.SortOrder.DescendingOrder)
        self.table.setSortingEnabled(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.text)
        column.addWidget(self.table, 1)
        column.addWidget(buttons)
        self.resize(560, 460)

    def show_run(self, run: SideRun, labels: Labels) -> None:
        """Show a run's first classes."""
        self.setWindowTitle(run.marked_title)
        note = f"\n{run.note}" if run.note else ""
        self.text.setText(f"{run.marked_title}: {run.settings}.\n{run.text}{note}")
        self.table.setHorizontalHeaderLabels(["Class", *run.heads, "Difference"])
        rows = run.rows(labels, SHOWN_CLASSES)
        percent = [reads_as_probabilities(row) for row in (run.compared.left, run.compared.right)]
        self.table.setSortingEnabled(False)
        self.table.setRowCount(len(rows))
        for number, row in enumerate(rows):
            moved = row.right - row.left
            cells: tuple[tuple[str, str | float], ...] = (
                (row.label, row.label.casefold()),
                (score_text(row.left, percent[0]), row.left),
                (score_text(row.right, percent[1]), row.right),
                (difference_text(moved), abs(moved)),
            )
            for place, (text, key) in enumerate(cells):
                self.table.setItem(number, place, RunCell(text, key))
        self.table.setSortingEnabled(True)


class RunCell(QTableWidgetItem):
    """A cell that is ordered by what it stands for; numbers stand at the right."""

    def __init__(self, text: str, key: str | float) -> None:
        super().__init__(text)
        self.key = key
        self.setToolTip(text)
        if not isinstance(key, str):
            self.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def __lt__(self, other: object) -> bool:
        """Compare with a cell of the same column."""
        assert isinstance(other, RunCell)
        mine, others = self.key, other.key
        if isinstance(mine, str) or isinstance(others, str):
            return str(mine) < str(others)
        return mine < others


class SideRuns(QFrame):
    """All further runs of both sides; hidden where there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("side_runs")
        self.setAccessibleName("Training mode and auxiliary heads")
        self._palette = LIGHT
        self.lines: list[RunLine] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 4, 0, 4)
        self._column.setSpacing(2)
        self.hide()

    def set_result(self, result: object) -> None:
        """Show the runs of a result; a result of features, and None, have none."""
        runs = side_runs(result) if isinstance(result, Result) else ()
        labels = result.labels if isinstance(result, Result) else None
        while len(self.lines) < len(runs):
            line = RunLine()
            line.set_palette_scheme(self._palette)
            self.lines.append(line)
            self._column.addWidget(line)
        for number, line in enumerate(self.lines):
            line.set_run(runs[number] if number < len(runs) else None, labels)
        self.setVisible(bool(runs))

    def set_stale(self, stale: bool) -> None:
        """Show that the runs are of the comparison before."""
        for line in self.lines:
            line.set_stale(stale)

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self._palette = palette
        self.setStyleSheet(
            f"#side_runs {{ background: {palette.panel}; border: 1px solid {palette.grid};"
            " border-radius: 8px; }"
        )
        for line in self.lines:
            line.set_palette_scheme(palette)
