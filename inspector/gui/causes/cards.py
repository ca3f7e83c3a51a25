"""The findings as a list of cards: title, evidence, mend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from inspector.core.findings import Level
from inspector.core.palette import LIGHT
from inspector.gui.icons import icon

if TYPE_CHECKING:
    from inspector.core.findings import Finding
    from inspector.core.palette import Palette
    from inspector.core.result import Result

NOTHING_YET = "The causes of a difference are listed here after the first comparison."
NO_FINDINGS = (
    "No mistake was found in how either side is used. What difference there is, the verdict "
    "above explains."
)

LOOKS = {Level.ERROR: "bad", Level.WARNING: "warning", Level.NOTE: "note"}


class CauseCard(QFrame):
    """One finding."""

    def __init__(self, finding: Finding, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.finding = finding
        self.setObjectName("cause")
        self.setAccessibleName(f"{finding.title}. {finding.evidence} {finding.mend}")
        look = LOOKS[finding.level]
        mark = QLabel()
        mark.setPixmap(icon(look, palette).pixmap(QSize(22, 22)))
        title, evidence = _line(finding.title, bold=True), _line(finding.evidence)
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(title)
        words.addWidget(evidence)
        words.addWidget(_line(f"→ {finding.mend}"))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 9, 12, 9)
        row.setSpacing(12)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        ground = palette.window if finding.level is Level.NOTE else getattr(palette, look)
        self.setStyleSheet(
            f"#cause {{ background: {ground}; border: 1px solid {palette.grid};"
            f" border-radius: 6px; }} #cause QLabel {{ color: {palette.text}; }}"
        )


class CausesView(QScrollArea):
    """All findings of a result, the gravest first, or a sentence where there are none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._palette = LIGHT
        self._result: Result | None = None
        self._cards: tuple[CauseCard, ...] = ()
        self.setAccessibleName("Causes")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._fill()

    @property
    def cards(self) -> tuple[CauseCard, ...]:
        """The cards on show."""
        return self._cards

    def set_result(self, result: Result | None) -> None:
        """List the findings of a result."""
        self._result = result
        self._fill()

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self._palette = palette
        self._fill()

    def _fill(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        findings = self._result.findings if self._result is not None else ()
        self._cards = tuple(CauseCard(finding, self._palette) for finding in findings)
        for card in self._cards:
            column.addWidget(card)
        if not findings:
            column.addWidget(_line(NOTHING_YET if self._result is None else NO_FINDINGS))
        column.addStretch(1)
        self.setWidget(content)


def _line(text: str, bold: bool = False) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if bold:
        font = label.font()
        font.setBold(True)
        label.setFont(font)
    return label
