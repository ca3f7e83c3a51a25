"""The status line: what goes on or what was done on the left, what is compared on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QStatusBar

from inspector.gui.eliding import ElidingLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QWidget

    from inspector.gui.progress_strip import ProgressStrip

SPARE = 40
"""What margins and spacing take of the width."""


class StatusLine(QStatusBar):
    """Message, pair, timings and the engine's state; while work is under way, its progress.

    A message has a label of its own: Qt draws it where the permanent labels leave room, and they
    leave none. All parts are permanent, so that no message hides the progress.
    """

    def __init__(self, progress: ProgressStrip, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.progress = progress
        self._message = ElidingLabel(align_right=False)
        self._message.setObjectName("status_message")
        self._message.setAccessibleName("Status message")
        wide = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._message.setSizePolicy(wide)
        self.pair, self.timings, self.engine = ElidingLabel(), QLabel(), QLabel("Engine starting")
        self.setSizeGripEnabled(False)
        self.addPermanentWidget(progress)
        self.addPermanentWidget(self._message, 1)
        for label in (self.pair, self.timings, self.engine):
            label.setTextFormat(Qt.TextFormat.PlainText)
            self.addPermanentWidget(label)
        for label in (self._message, self.pair, self.timings, self.engine):
            label.setContentsMargins(8, 0, 8, 0)
        progress.visibility_changed.connect(self._make_room)
        self.messageChanged.connect(self._show_message)

    @property
    def message(self) -> str:
        """The message on show, or empty."""
        return self._message.text()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room out again."""
        super().resizeEvent(event)
        self._make_room()

    def _show_message(self, text: str) -> None:
        self._message.setText(text)
        self._make_room()

    def _make_room(self) -> None:
        """Leave out the timings, then the pair, where a message would be cut short."""
        labels = (self.timings, self.pair)
        shown = [] if self.progress.isVisible() else list(labels)
        if self.message:
            needed = self._message.sizeHint().width() + self.engine.sizeHint().width()
            while shown and needed + sum(each.sizeHint().width() for each in shown) > self._room:
                shown.pop(0)
        for label in labels:
            label.setHidden(label not in shown)

    @property
    def _room(self) -> int:
        return self.width() - SPARE
