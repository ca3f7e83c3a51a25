"""The findings as a list of cards: title, evidence, mend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from inspector.core.findings import Level
from inspector.gui.causes.section import Section, text_line
from inspector.gui.icons import icon

if TYPE_CHECKING:
    from inspector.core.findings import Finding
    from inspector.core.palette import Palette
    from inspector.gui.explainer import Causes

NO_FINDINGS = "No mistake was found in how either side is used."
EXPLAINED = "What difference there is, the verdict above explains."

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
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(text_line(finding.title, bold=True))
        words.addWidget(text_line(finding.evidence))
        words.addWidget(text_line(f"→ {finding.mend}"))
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


class FindingsSection(Section):
    """All findings, the gravest first, or a sentence where there are none."""

    def __init__(self) -> None:
        super().__init__("What was found")
        self._cards: tuple[CauseCard, ...] = ()
        self._shown: tuple[tuple[Finding, ...], Palette] | None = None
        self._none = text_line()
        self.body.addWidget(self._none)

    @property
    def cards(self) -> tuple[CauseCard, ...]:
        """The cards on show."""
        return self._cards

    def wanted(self, causes: Causes) -> bool:
        """Even no finding is worth a sentence."""
        return True

    def draw(self, causes: Causes, palette: Palette) -> None:
        """List the findings, unless they are the ones on show."""
        explained = "" if causes.explanation is None else f" {EXPLAINED}"
        self._none.setText(f"{NO_FINDINGS}{explained}")
        if self._shown == (causes.findings, palette):
            return
        self._shown = (causes.findings, palette)
        for card in self._cards:
            self.body.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards = tuple(CauseCard(finding, palette) for finding in causes.findings)
        for card in self._cards:
            self.body.addWidget(card)
        self._none.setVisible(not self._cards)
