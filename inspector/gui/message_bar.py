"""Messages that stay until they are dismissed: the fact, then the mend; never a dialog."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.core.palette import LIGHT, Palette
from inspector.gui.icons import icon

MOST_MESSAGES = 3
ICON_SIZE = 20


class MessageKind(StrEnum):
    """How a message is coloured; each kind has a shape of its own, too."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "bad"


@dataclass(frozen=True, slots=True)
class Message:
    """One message; an `action` is the text of a button beside it."""

    fact: str
    mend: str = ""
    kind: MessageKind = MessageKind.ERROR
    action: str = ""


class MessageRow(QFrame):
    """One message with its icon, an optional button, and a button to dismiss it."""

    dismissed = Signal()
    acted = Signal()

    def __init__(self, message: Message, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.message = message
        self.setObjectName("message")
        self.setAccessibleName(f"{message.fact} {message.mend}".strip())
        self._icon = QLabel()
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setText("\n".join(part for part in (message.fact, message.mend) if part))
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.button = QPushButton(message.action)
        self.button.setVisible(bool(message.action))
        self.button.clicked.connect(self.acted)
        self.close_button = QToolButton()
        self.close_button.setAutoRaise(True)
        self.close_button.setToolTip("Dismiss")
        self.close_button.setAccessibleName("Dismiss this message")
        self.close_button.clicked.connect(self.dismissed)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 7, 8, 7)
        row.setSpacing(10)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.set_palette_scheme(palette)

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        kind = self.message.kind
        ground = palette.panel if kind is MessageKind.NOTE else getattr(palette, str(kind))
        self._icon.setPixmap(icon(str(kind), palette).pixmap(ICON_SIZE, ICON_SIZE))
        self.close_button.setIcon(icon("close", palette))
        self.setStyleSheet(
            f"#message {{ background: {ground}; border: 1px solid {palette.grid};"
            f" border-radius: 6px; }} QLabel {{ color: {palette.text}; }}"
        )


class MessageBar(QWidget):
    """The newest messages under the toolbar; the same message never stands twice."""

    acted = Signal(str)
    """The button's text of a message whose button was pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._palette = LIGHT
        self._rows: list[MessageRow] = []
        self._told: set[Message] = set()
        self.setAccessibleName("Messages")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.hide()

    @property
    def messages(self) -> tuple[Message, ...]:
        """What is on show, the newest first."""
        return tuple(row.message for row in self._rows)

    def tell(self, message: Message) -> None:
        """Show a message in front of the others; beyond `MOST_MESSAGES` the oldest goes."""
        for row in [row for row in self._rows if row.message == message]:
            self._remove(row)
        row = MessageRow(message, self._palette, self)
        row.dismissed.connect(lambda: self._remove(row))
        row.acted.connect(lambda: self._act(row))
        self._rows.insert(0, row)
        self._column.insertWidget(0, row)
        for old in self._rows[MOST_MESSAGES:]:
            self._remove(old)
        self.show()

    def tell_once(self, message: Message) -> None:
        """Show a message unless it was shown before, be it dismissed or not."""
        if message not in self._told:
            self._told.add(message)
            self.tell(message)

    def dismiss(self, message: Message) -> None:
        """Take a message away, if it is on show."""
        for row in [row for row in self._rows if row.message == message]:
            self._remove(row)

    def dismiss_newest(self) -> None:
        """Take the newest message away."""
        if self._rows:
            self._remove(self._rows[0])

    def row(self, index: int = 0) -> MessageRow:
        """Give the widget of a message, 0 for the newest."""
        return self._rows[index]

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self._palette = palette
        for row in self._rows:
            row.set_palette_scheme(palette)

    def _act(self, row: MessageRow) -> None:
        action = row.message.action
        self._told.discard(row.message)  # where the deed fails, the offer may come back
        self._remove(row)
        self.acted.emit(action)

    def _remove(self, row: MessageRow) -> None:
        self._rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        self.setVisible(bool(self._rows))
