"""Messages that stay until they are dismissed: the fact, then the mend; never a dialog."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
from inspector.gui.eliding import ClampedLabel
from inspector.gui.icons import icon

ICON_SIZE = 20
SHORT_LINES = 3
"""So many lines a message has at most where the window is low; its tooltip says the rest."""

NEW_LINE = "\u2028"


class MessageKind(StrEnum):
    """How a message is coloured; each kind has a shape of its own, too."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "bad"


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `action` and `other` are the texts of buttons beside it."""

    fact: str
    mend: str = ""
    kind: MessageKind = MessageKind.ERROR
    action: str = ""
    other: str = ""


class MessageRow(QFrame):
    """One message with its icon, up to two buttons, and a button to dismiss it."""

    dismissed = Signal()
    acted = Signal(str)
    """The text of the button that was pressed."""
    more_wanted = Signal()

    def __init__(self, message: Message, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.message = message
        self.setObjectName("message")
        self.setAccessibleName(f"{message.fact} {message.mend}".strip())
        self._icon = QLabel()
        self._text = ClampedLabel()
        self._text.setText(NEW_LINE.join(part for part in (message.fact, message.mend) if part))
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.button = self._button(message.action)
        self.other_button = self._button(message.other)
        self.more_button = QToolButton()
        self.more_button.setAutoRaise(True)
        self.more_button.setToolTip("Show the message before")
        self.more_button.clicked.connect(self.more_wanted)
        self.more_button.hide()
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
        row.addWidget(self.other_button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.more_button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.set_palette_scheme(palette)

    def _button(self, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setVisible(bool(text))
        button.clicked.connect(lambda: self.acted.emit(text))
        return button

    def take_action(self) -> None:
        """Take the first button away."""
        self.message = replace(self.message, action="")
        self.button.setEnabled(False)
        self.button.hide()

    def set_place(self, place: int, count: int) -> None:
        """Say how many messages there are besides this one, 0 being the newest."""
        self.more_button.setText(f"{place + 1} of {count}" if place else f"+{count - 1} more")
        self.more_button.setVisible(count > 1)

    @property
    def shown_lines(self) -> tuple[str, ...]:
        """The lines of the text as they are drawn."""
        return self._text.shown_lines

    def set_short(self, short: bool) -> None:
        """Keep the text to a few lines, or show it all."""
        self._text.set_most_lines(SHORT_LINES if short else None)

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
    """One message under the toolbar, the newest at first; the others are a click away.

    None goes before it is dismissed, and the same words never stand twice.
    """

    acted = Signal(object, str)
    """The Message whose button was pressed, and the button's text."""
    changed = Signal()
    """There is a message more, or one less."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._palette = LIGHT
        self._short = False
        self._rows: list[MessageRow] = []
        self._shown: MessageRow | None = None
        self._told: set[Message] = set()
        self.setAccessibleName("Messages")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.hide()

    @property
    def messages(self) -> tuple[Message, ...]:
        """What was not dismissed yet, the newest first."""
        return tuple(row.message for row in self._rows)

    @property
    def shown(self) -> Message | None:
        """The one on show."""
        return None if self._shown is None else self._shown.message

    def tell(self, message: Message) -> None:
        """Show a message in front of the others."""
        words = (message.fact, message.mend)
        for row in self._rows[:]:
            if (row.message.fact, row.message.mend) == words:
                self._remove(row)
        row = MessageRow(message, self._palette, self)
        row.set_short(self._short)
        row.dismissed.connect(lambda: self._remove(row))
        row.acted.connect(lambda action: self._act(row, action))
        row.more_wanted.connect(self.step)
        self._rows.insert(0, row)
        self._column.insertWidget(0, row)
        self._show(row)
        self.changed.emit()

    def step(self) -> None:
        """Show the message before the one on show; after the oldest comes the newest."""
        if self._shown is not None:
            place = self._rows.index(self._shown) + 1
            self._show(self._rows[place % len(self._rows)])

    def tell_once(self, message: Message) -> None:
        """Show a message unless it was shown before, be it dismissed or not."""
        if message not in self._told:
            self._told.add(message)
            self.tell(message)

    def dismiss(self, message: Message) -> None:
        """Take a message away, if it is on show."""
        for row in [row for row in self._rows if row.message == message]:
            self._remove(row)

    def take_action(self, action: str) -> None:
        """Take a first button away from every message that has it; the messages stay."""
        for row in self._rows:
            if row.message.action == action:
                row.take_action()

    def dismiss_shown(self) -> None:
        """Take the message on show away."""
        if self._shown is not None:
            self._remove(self._shown)

    def row(self, index: int = 0) -> MessageRow:
        """Give the widget of a message, 0 for the newest."""
        return self._rows[index]

    def set_short(self, short: bool) -> None:
        """Keep every message to a few lines, or show all of it."""
        self._short = short
        for row in self._rows:
            row.set_short(short)

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self._palette = palette
        for row in self._rows:
            row.set_palette_scheme(palette)

    def _act(self, row: MessageRow, action: str) -> None:
        self._told.discard(row.message)  # where the deed fails, the offer may come back
        self._remove(row)
        self.acted.emit(row.message, action)

    def _remove(self, row: MessageRow) -> None:
        place = self._rows.index(row)
        self._rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        if row is self._shown:
            self._show(self._rows[min(place, len(self._rows) - 1)] if self._rows else None)
        else:
            self._show(self._shown)
        self.changed.emit()

    def _show(self, shown: MessageRow | None) -> None:
        """Show one message alone; a button on it that has the focus takes it along."""
        focused = self._shown is not None and self._shown.more_button.hasFocus()
        self._shown = shown
        for place, row in enumerate(self._rows):
            row.set_place(place, len(self._rows))
            row.setVisible(row is shown)
        self.setVisible(shown is not None)
        if focused and shown is not None:
            shown.more_button.setFocus()
