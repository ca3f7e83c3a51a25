"""What the sections of the causes tab share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from inspector.gui.views.widgets import tinted

if TYPE_CHECKING:
    from inspector.core.palette import Palette
    from inspector.gui.explainer import Causes

ENLARGED = 1.08


class Section(QWidget):
    """A heading, a hint in small print, and what a subclass puts under them.

    A section is filled as a whole, and hidden where the causes hold nothing for it.

    Parameters
    ----------
    heading
        A few words.
    hint
        How to read it; may be empty.
    """

    def __init__(self, heading: str, hint: str = "") -> None:
        super().__init__()
        self.setAccessibleName(heading)
        self._heading = QLabel(heading)
        font = self._heading.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * ENLARGED)
        self._heading.setFont(font)
        self._hint = text_line(hint)
        self.top = QHBoxLayout()
        self._heading.setWordWrap(True)
        self.top.addWidget(self._heading, 1)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(5)
        self.body.addLayout(self.top)
        self.body.addWidget(self._hint)
        self._hint.setVisible(bool(hint))
        self.hide()

    @property
    def heading(self) -> str:
        """What stands on top."""
        return self._heading.text()

    def set_hint(self, hint: str) -> None:
        """Say in another way how to read it."""
        self._hint.setText(hint)

    def show_hint(self, wanted: bool) -> None:
        """Show how to read it, or leave that out where there is nothing to read."""
        self._hint.setVisible(wanted)

    def fill(self, causes: Causes, palette: Palette) -> None:
        """Show what the causes hold for this section, in the colours of a scheme."""
        tinted(self._hint, palette.muted)
        wanted = self.wanted(causes)
        if wanted:
            self.draw(causes, palette)
        self.setVisible(wanted)

    def wanted(self, causes: Causes) -> bool:
        """Tell whether there is something to show."""
        return causes.explanation is not None

    def draw(self, causes: Causes, palette: Palette) -> None:
        """Show it."""
        raise NotImplementedError


def text_line(text: str = "", bold: bool = False) -> QLabel:
    """Make a label of plain text that wraps and can be selected."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if bold:
        font = label.font()
        font.setBold(True)
        label.setFont(font)
    return label
