"""Mouse events of a plot's viewport, told as signals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class Pointer(QObject):
    """Watches a viewport.

    A click is a press and a release of the left button with no drag between them. Positions are in
    the viewport's own pixels, which are the scene's too in pyqtgraph's views.
    """

    moved = Signal(QPointF)
    left = Signal()
    clicked = Signal(QPointF)
    double_clicked = Signal()

    def __init__(self, viewport: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._pressed: QPointF | None = None
        viewport.setMouseTracking(True)
        viewport.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell what the mouse does; nothing is taken away from the plot."""
        kind = event.type()
        if kind == QEvent.Type.Leave:
            self.left.emit()
        elif isinstance(event, QMouseEvent):
            self._mouse(kind, event)
        return False

    def _mouse(self, kind: QEvent.Type, event: QMouseEvent) -> None:
        place = event.position()
        if kind == QEvent.Type.MouseMove:
            self.moved.emit(place)
        elif event.button() != Qt.MouseButton.LeftButton:
            return
        elif kind == QEvent.Type.MouseButtonDblClick:
            self.double_clicked.emit()
        elif kind == QEvent.Type.MouseButtonPress:
            self._pressed = place
        elif kind == QEvent.Type.MouseButtonRelease and self._pressed is not None:
            moved = (place - self._pressed).manhattanLength()
            self._pressed = None
            if moved < QApplication.startDragDistance():
                self.clicked.emit(place)
