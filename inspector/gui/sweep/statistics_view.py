"""What all views of a run's statistics share: they draw only while they are seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from inspector.core.palette import LIGHT

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from inspector.core.palette import Palette
    from inspector.sweep.statistics import RunStatistics


class StatisticsView(QWidget):
    """Base of the plots and tables; a view overrides `_show`.

    While a run goes on its statistics change every few seconds; what is behind another tab takes
    them in when it is shown.
    """

    filter_wanted = Signal(object)
    """RowFilter: show these rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._palette = LIGHT
        self._statistics: RunStatistics | None = None
        self._dirty = False
        self.note = QLabel()
        self.note.setWordWrap(True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(6, 4, 6, 0)
        self._column.addWidget(self.note)

    def set_statistics(self, statistics: RunStatistics) -> None:
        """Show what a run comes to."""
        self._statistics = statistics
        self._touch()

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self._palette = palette
        self.note.setStyleSheet(f"color: {palette.muted};")
        self._touch()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what arrived while hidden."""
        super().showEvent(event)
        if self._dirty:
            self._touch()

    def _touch(self) -> None:
        self._dirty = not self.isVisible()
        if not self._dirty and self._statistics is not None:
            self._show(self._statistics)

    def _show(self, statistics: RunStatistics) -> None:
        raise NotImplementedError
