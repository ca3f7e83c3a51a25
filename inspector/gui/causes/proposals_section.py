"""What would close the gap, each with a button that does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from inspector.core.reports.explain_report import proposal_text, remaining_text
from inspector.gui.causes.section import Section, text_line
from inspector.gui.theme import current_palette
from inspector.gui.views.widgets import tinted

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from inspector.core.causes.closing import Proposal
    from inspector.core.palette import Palette
    from inspector.gui.explainer import Causes

NOTHING_TO_CLOSE = "Nothing has to be changed: the two agree as they are."
NOTHING_HELPS = "No change of the preprocessing that was tried brings the two closer."


class RemainBar(QWidget):
    """The part of the gap that remains, as a bar in a frame."""

    def __init__(self) -> None:
        super().__init__()
        self._share = 0.0
        self._palette = current_palette()
        self.setFixedSize(110, 10)

    @property
    def share(self) -> float:
        """Part that remains, 0 to 1."""
        return self._share

    def show_share(self, share: float, palette: Palette) -> None:
        """Show a share; more than all of it is drawn as all."""
        self._share, self._palette = min(max(share, 0.0), 1.0), palette
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw frame and bar."""
        painter = QPainter(self)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.fillRect(
            QRectF(area.left(), area.top(), area.width() * self._share, area.height()),
            QColor(self._palette.neutral),
        )
        painter.setPen(QColor(self._palette.grid))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(area)


class ProposalRow(QWidget):
    """One proposal."""

    apply_pressed = Signal(object)
    """Proposal."""

    def __init__(self, proposal: Proposal, number: int, palette: Palette) -> None:
        super().__init__()
        self.proposal = proposal
        words, remains = proposal_text(proposal, ids=False), remaining_text(proposal)
        self.setAccessibleName(f"{number}. {words}. {remains}")
        place = QLabel(f"{number}.")
        text = text_line(_capitalised(words))
        self.bar = RemainBar()
        self.bar.show_share(1.0 - proposal.closed_share, palette)
        left = QLabel(f"{remains}{', within the noise' if proposal.closes else ''}")
        tinted(left, palette.muted)
        self.button = QPushButton("Apply")
        self.button.setToolTip("Set both sides so and compare again; Ctrl+Z takes it back")
        self.button.setAccessibleName(f"Apply: {words}")
        self.button.clicked.connect(lambda: self.apply_pressed.emit(self.proposal))
        measured = QHBoxLayout()
        measured.setSpacing(8)
        measured.addWidget(self.bar)
        measured.addWidget(left)
        measured.addStretch(1)
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addWidget(text)
        lines.addLayout(measured)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 4)
        row.addWidget(place, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(lines, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)

    def minimumSizeHint(self) -> QSize:
        """Let the text wrap."""
        return QSize(200, super().minimumSizeHint().height())


class ProposalsSection(Section):
    """The ranked list."""

    apply_wanted = Signal(object)
    """Proposal."""

    def __init__(self) -> None:
        super().__init__(
            "What would close the gap?",
            "Each change was tried on this picture; the bar is the part of the difference that "
            "remains.",
        )
        self._rows: tuple[ProposalRow, ...] = ()
        self._none = text_line()
        self.body.addWidget(self._none)

    @property
    def rows(self) -> tuple[ProposalRow, ...]:
        """The proposals on show, the best first."""
        return self._rows

    def draw(self, causes: Causes, palette: Palette) -> None:
        """List the proposals."""
        explanation = causes.explanation
        if explanation is None:
            return
        for row in self._rows:
            self.body.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = tuple(
            ProposalRow(proposal, number, palette)
            for number, proposal in enumerate(explanation.proposals, start=1)
        )
        for row in self._rows:
            row.apply_pressed.connect(self.apply_wanted)
            self.body.addWidget(row)
        self._none.setText(NOTHING_TO_CLOSE if explanation.verdict.agrees else NOTHING_HELPS)
        self._none.setVisible(not self._rows)


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
