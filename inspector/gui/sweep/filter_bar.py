"""The line over the table: which pictures, what to search for, and which are the worst."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QWidget,
)

from inspector.gui.sweep.words import class_name
from inspector.sweep.columns import METRICS, find_column
from inspector.sweep.filters import EVERY_ROW, RowFilter, RowKind, RowOrder, worst_first

if TYPE_CHECKING:
    from inspector.core.palette import Palette

KINDS: tuple[tuple[RowKind, str], ...] = (
    (RowKind.ALL, "All pictures"),
    (RowKind.REAL, "Real disagreements"),
    (RowKind.NEAR_TIES, "Near-ties"),
    (RowKind.DISAGREE, "All disagreements"),
    (RowKind.AGREE, "Agreements"),
    (RowKind.ERRORS, "Errors"),
)
WORST_LETTERS = 16
LEAST_SEARCH = 110
TYPING_MS = 250
"""How long to wait after a key before the database is asked."""


class FilterBar(QWidget):
    """Says which rows are wanted.

    Parameters
    ----------
    labels
        Names of the shared classes.
    columns
        The menu of the table's columns, where there is one.
    """

    changed = Signal(object)
    """RowFilter."""
    worst_wanted = Signal(str)
    """Id of a measure: sort by it, the worst first; empty for the order of the list."""

    def __init__(
        self,
        labels: tuple[str, ...],
        columns: QMenu | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._labels = labels
        self._filter: RowFilter = EVERY_ROW
        self.kinds = QComboBox()
        for kind, title in KINDS:
            self.kinds.addItem(title, kind)
        self.kinds.setAccessibleName("Which pictures")
        self.worst = QComboBox()
        self.worst.addItem("Worst first by …", "")
        for metric in METRICS:
            column = find_column(metric)
            self.worst.addItem(f"Worst first: {column.title}", metric)
            self.worst.setItemData(self.worst.count() - 1, column.tip, Qt.ItemDataRole.ToolTipRole)
        self.worst.setAccessibleName("Worst first by")
        self.worst.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.worst.setMinimumContentsLength(WORST_LETTERS)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search paths and errors")
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(LEAST_SEARCH)
        self.search.setAccessibleName("Search paths and errors")
        self.columns = QPushButton("Columns")
        self.columns.setToolTip("Which columns the table shows")
        if columns is None:
            self.columns.hide()
        else:
            self.columns.setMenu(columns)
        self.chip = QToolButton()
        self.chip.setToolTip("Show all classes again")
        self.chip.hide()
        self.count = QLabel()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self._take_text)
        self.search.textChanged.connect(lambda _: self._typing.start())
        self.search.returnPressed.connect(self._take_text)
        self.kinds.activated.connect(lambda _: self._put(replace(self._filter, kind=self._kind())))
        self.worst.activated.connect(self._ask_worst)
        self.chip.clicked.connect(self.show_all_classes)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.kinds)
        row.addWidget(self.search, 1)
        row.addWidget(self.chip)
        row.addWidget(self.worst)
        row.addWidget(self.columns)
        row.addWidget(self.count)

    @property
    def row_filter(self) -> RowFilter:
        """Which rows are wanted now."""
        return self._filter

    def set_filter(self, row_filter: RowFilter) -> None:
        """Want other rows, as a plot does when something in it is clicked."""
        place = next((i for i, (kind, _) in enumerate(KINDS) if kind is row_filter.kind), 0)
        self.kinds.setCurrentIndex(place)
        if self.search.text() != row_filter.text:
            self.search.blockSignals(True)
            self.search.setText(row_filter.text)
            self.search.blockSignals(False)
        self._put(row_filter)

    def show_all_classes(self) -> None:
        """Take away what was chosen in a plot."""
        kept = RowFilter(kind=self._filter.kind, text=self._filter.text)
        self._put(kept)

    def set_order(self, order: RowOrder) -> None:
        """Name the measure that the table is sorted by, where its worst are first."""
        place = self.worst.findData(order.column)
        is_worst = place > 0 and worst_first(order.column) == order
        self.worst.setCurrentIndex(place if is_worst else 0)

    def set_count(self, shown: int, whole: int) -> None:
        """Say how many rows there are."""
        self.count.setText(f"{shown:,} of {whole:,}" if shown != whole else f"{whole:,}")

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self.count.setStyleSheet(f"color: {palette.muted};")

    def _kind(self) -> RowKind:
        return RowKind(self.kinds.currentData())

    def _ask_worst(self, _: int) -> None:
        self.worst_wanted.emit(str(self.worst.currentData()))

    def _take_text(self) -> None:
        self._typing.stop()
        self._put(replace(self._filter, text=self.search.text().strip()))

    def _put(self, row_filter: RowFilter) -> None:
        if row_filter == self._filter:
            return
        self._filter = row_filter
        text = filter_text(row_filter, self._labels)
        self.chip.setText(f"{text}  ✕")
        self.chip.setHidden(not text)
        self.changed.emit(row_filter)


def filter_text(row_filter: RowFilter, labels: tuple[str, ...]) -> str:
    """Say what of a filter was chosen in a plot; empty for nothing."""
    parts = []
    for title, index in (
        ("left", row_filter.left_class),
        ("right", row_filter.right_class),
        ("true", row_filter.truth),
        ("class", row_filter.any_class),
    ):
        if index is not None:
            parts.append(f"{title}: {class_name(index, labels)}")
    for title, correct in (("left", row_filter.left_correct), ("right", row_filter.right_correct)):
        if correct is not None:
            parts.append(f"{title} {'correct' if correct else 'wrong'}")
    for limits in row_filter.limits:
        low = "" if limits.low is None else f"{limits.low:.3g} ≤ "
        high = "" if limits.high is None else f" ≤ {limits.high:.3g}"
        parts.append(f"{low}{find_column(limits.column).title}{high}")
    return " · ".join(parts)
