"""A list of classes with their differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from inspector.core.numbers import difference_text
from inspector.gui.eliding import ElidingLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from inspector.core.labels import Labels

AnyIndex = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
LEAST_NAME = 14
"""Average letters of a class's name that always have room."""


class ClassListModel(QAbstractTableModel):
    """Classes in a given order: name, and difference."""

    def __init__(self) -> None:
        super().__init__()
        self.classes: Sequence[int] = ()
        self._labels: Labels | None = None
        self._difference: NDArray[np.float64] | None = None

    def shows(
        self, classes: Sequence[int], labels: Labels, difference: NDArray[np.float64]
    ) -> bool:
        """Tell whether just this is listed already."""
        same = self._labels is labels and self._difference is difference
        return same and self.classes == classes

    def show(self, classes: Sequence[int], labels: Labels, difference: NDArray[np.float64]) -> None:
        """List other classes."""
        self.beginResetModel()
        self.classes, self._labels, self._difference = classes, labels, difference
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        """Give the number of classes."""
        return 0 if parent.isValid() else len(self.classes)

    def columnCount(self, parent: AnyIndex = _ROOT) -> int:
        """Give the two columns."""
        return 2

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Give a cell."""
        if self._labels is None or self._difference is None:
            return None
        number = self.classes[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            if index.column() == 0:
                return self._labels.name(number)
            return difference_text(float(self._difference[number]))
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == 1:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None


class ClassList(QWidget):
    """A title, and classes to click on."""

    class_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = ElidingLabel(align_right=False)
        self.model = ClassListModel()
        self.table = QTableView(self)
        self.table.setModel(self.model)
        self.table.setAccessibleName("Classes of the bin")
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setFrameShape(QTableView.Shape.NoFrame)
        self.table.horizontalHeader().hide()
        self.table.verticalHeader().hide()
        columns = self.table.horizontalHeader()
        columns.setMinimumSectionSize(1)
        columns.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        columns.setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        self.table.clicked.connect(self._clicked)
        self.table.activated.connect(self._clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 4, 2, 2)
        column.setSpacing(2)
        column.addWidget(self.title)
        column.addWidget(self.table, 1)
        self._fit()

    def show_classes(
        self,
        title: str,
        classes: Sequence[int],
        labels: Labels,
        difference: NDArray[np.float64],
        selected: int | None,
    ) -> None:
        """List other classes under a title, with one of them marked."""
        self.title.setText(title)
        if not self.model.shows(classes, labels, difference):
            self.model.show(classes, labels, difference)
            self._fit()
        if selected is None or selected not in classes:
            self.table.clearSelection()
            return
        row = classes.index(selected)
        self.table.selectRow(row)
        self.table.scrollToTop()  # the first ones are what one looks for
        self.table.scrollTo(self.model.index(row, 0))

    def _fit(self) -> None:
        """Take row height and column width from the font."""
        metrics = self.table.fontMetrics()
        self.table.verticalHeader().setDefaultSectionSize(round(metrics.height() * 1.35))
        width = metrics.horizontalAdvance("+0.00e−00") + 2 * metrics.averageCharWidth()
        self.table.setColumnWidth(1, width)
        self.setMinimumWidth(metrics.averageCharWidth() * LEAST_NAME + width)
        self.setMaximumWidth(metrics.averageCharWidth() * 26 + width)

    def _clicked(self, index: QModelIndex) -> None:
        self.class_clicked.emit(self.model.classes[index.row()])
