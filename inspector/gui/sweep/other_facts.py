"""What two runs were made with that is not the same: one line, and a table below it on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from inspector.gui.sweep.words import counted

if TYPE_CHECKING:
    from inspector.sweep.run_info import OtherFact

COLUMNS = (("Setting", 300), ("Before", 330), ("Now", 330))
MOST_HEIGHT = 230


class OtherFacts(QWidget):
    """A line that opens to a table; hidden where nothing differs.

    Parameters
    ----------
    facts
        What differs.
    """

    def __init__(self, facts: tuple[OtherFact, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.button = QToolButton()
        self.button.setText(facts_text(facts))
        self.button.setCheckable(True)
        self.button.setAutoRaise(True)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setArrowType(Qt.ArrowType.RightArrow)
        self.button.toggled.connect(self._open)
        self.table = QTreeWidget()
        self.table.setAccessibleName("Settings that are not the same")
        self.table.setHeaderLabels([title for title, _ in COLUMNS])
        self.table.setRootIsDecorated(False)
        self.table.setAlternatingRowColors(True)
        self.table.setUniformRowHeights(True)
        for place, (_, width) in enumerate(COLUMNS):
            self.table.header().resizeSection(place, width)
        for fact in facts:
            item = QTreeWidgetItem([fact.title, fact.was, fact.now])
            for place in range(len(COLUMNS)):
                item.setToolTip(place, item.text(place))
            self.table.addTopLevelItem(item)
        height = self.table.sizeHintForRow(0) * (len(facts) + 1) + 16
        self.table.setFixedHeight(min(height, MOST_HEIGHT))
        self.table.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.button)
        column.addWidget(self.table)
        if not facts:
            self.hide()

    def _open(self, is_open: bool) -> None:
        self.table.setVisible(is_open)
        self.button.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)


def facts_text(facts: tuple[OtherFact, ...]) -> str:
    """Write how many settings and versions are not the same."""
    versions = sum(fact.is_version for fact in facts)
    settings = len(facts) - versions
    parts = []
    for count, what in ((settings, "setting"), (versions, "version")):
        if count:
            parts.append(counted(count, what))
    verb = "is" if len(facts) == 1 else "are"
    return f"{' and '.join(parts)} {verb} not the same"
