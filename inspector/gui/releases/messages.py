"""What was done and what failed, release by release, until it is dismissed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QWidget,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from inspector.core.palette import Palette

GOOD, BAD = "good", "bad"
_MOST_LINES = 8
_MARGIN = 6


class Messages(QFrame):
    """One message for each release, the newest last; it scrolls where there are many.

    Parameters
    ----------
    palette
        Colours.
    """

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messages")
        self._palette = palette
        self._said: dict[str, tuple[str, str]] = {}
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._area = _FittingArea(self.label)
        self.dismiss = QToolButton()
        self.dismiss.setText("✕")
        self.dismiss.setAutoRaise(True)
        self.dismiss.setAccessibleName("Dismiss the messages")
        self.dismiss.setToolTip("Dismiss")
        self.dismiss.clicked.connect(self.clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, _MARGIN, 4, _MARGIN)
        row.addWidget(self._area, 1)
        row.addWidget(self.dismiss, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def text(self) -> str:
        """Give all that is said."""
        return self.label.text()

    @property
    def failures(self) -> dict[str, str]:
        """What failed, by what it is about."""
        return {key: text for key, (text, kind) in self._said.items() if kind == BAD}

    def say(self, key: str, text: str, kind: str) -> None:
        """Say something about `key`, in place of what was said of it before."""
        self._said.pop(key, None)
        self._said[key] = (text, kind)
        self._show()

    def withdraw(self, keys: Iterable[str]) -> None:
        """Say nothing more about these, nor of what went well."""
        gone = set(keys)
        kept = self._said.items()
        self._said = {k: said for k, said in kept if k not in gone and said[1] == BAD}
        self._show()

    def clear(self) -> None:
        """Say nothing more."""
        self._said.clear()
        self._show()

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self._palette = palette
        ground = getattr(palette, BAD if self.failures else GOOD)
        self.setStyleSheet(
            f"#messages {{ background: {ground}; border: 1px solid {palette.grid};"
            " border-radius: 4px; }"
            " #messages QScrollArea, #messages QLabel, #messages QWidget#messages_view"
            f" {{ background: transparent; color: {palette.text}; }}"
            f" #messages QToolButton {{ color: {palette.text}; }}"
        )

    def _show(self) -> None:
        texts = dict.fromkeys(text for text, _ in self._said.values())
        self.label.setText("\n\n".join(texts))
        self._area.updateGeometry()
        self.set_palette_scheme(self._palette)
        self.setVisible(bool(texts))


class _FittingArea(QScrollArea):
    """As high as its text, up to a few lines."""

    def __init__(self, label: QLabel) -> None:
        super().__init__()
        self._label = label
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setWidget(label)
        self.viewport().setObjectName("messages_view")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        """Tell that a wide text is a low one."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Give the height of the text, up to a few lines."""
        most = _MOST_LINES * self.fontMetrics().lineSpacing()
        return min(self._label.heightForWidth(width), most)

    def sizeHint(self) -> QSize:
        """Ask for what the text needs at the width that it has."""
        return QSize(200, self.heightForWidth(max(self.width(), 200)))

    def minimumSizeHint(self) -> QSize:
        """Ask for one line at least."""
        return QSize(60, self.fontMetrics().lineSpacing())
