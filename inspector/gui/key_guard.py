"""Leaves Space and the arrow keys to the widgets that use them themselves."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QMenu,
    QTabBar,
)

_SPACE = frozenset({Qt.Key.Key_Space})
_ARROWS = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right})
_USED: tuple[tuple[type[QObject], frozenset[Qt.Key]], ...] = (
    (QAbstractButton, _SPACE),
    (QComboBox, _SPACE),
    (QTabBar, _ARROWS),
    (QAbstractItemView, _SPACE | _ARROWS),
    (QAbstractSlider, _ARROWS),
    (QMenu, _SPACE | _ARROWS),
)


class KeyGuard(QObject):
    """An event filter on the application: a focused button is pressed by Space, and so on."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep a shortcut from taking a key that the widget wants."""
        if event.type() is not QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        if event.modifiers() != Qt.KeyboardModifier.NoModifier:
            return False
        if any(isinstance(watched, kind) and event.key() in keys for kind, keys in _USED):
            event.accept()
            return True
        return False
