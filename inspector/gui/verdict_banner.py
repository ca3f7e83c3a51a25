"""The verdict in plain words; dragging it out exports the figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from inspector.core.findings import Level
from inspector.core.palette import LIGHT
from inspector.core.verdict import VerdictCode, mend_first_text, sentences
from inspector.core.wording import NO_BREAK, keep_together
from inspector.gui.eliding import ClampedLabel
from inspector.gui.icons import icon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QMouseEvent

    from inspector.core.features.kinds import AnyResult
    from inspector.core.findings import Finding
    from inspector.core.palette import Palette
    from inspector.core.verdict import Verdict
    from inspector.gui.explainer import Causes

ICON_SIZE = 32
WHY_LINES = 2
"""Room for why they differ, kept so that nothing below moves when the causes arrive."""

WAITING = "Waiting for the first comparison"
WAITING_TEXT = "The engine is starting; the picture is compared as soon as it is ready."
NOTHING_COMPARED = "Nothing has been compared yet"
NOTHING_COMPARED_TEXT = "The message above says why. Open a picture, or press F5 to try again."

COMPARING = "Comparing …"
FINDING_OUT = "Finding out why…"

LOOKS: dict[VerdictCode, str] = {
    VerdictCode.IDENTICAL: "good",
    VerdictCode.FLOAT_NOISE: "good",
    VerdictCode.OUTPUT_CONVENTION: "warning",
    VerdictCode.LABEL_SHIFT: "warning",
    VerdictCode.PREPROCESSING: "warning",
    VerdictCode.DIFFERENT_GRAPH: "bad",
    VerdictCode.DIFFERENT_WEIGHTS: "bad",
    VerdictCode.DIFFERENT_MODELS: "bad",
    VerdictCode.SCALED: "warning",
    VerdictCode.RANDOM: "bad",
    VerdictCode.QUANTISED: "warning",
    VerdictCode.REORDERED: "warning",
}
"""Icon and colour of every verdict, unless a convention is broken."""


class VerdictBanner(QFrame):
    """Icon, headline, what differs, why, and the way to the causes."""

    causes_wanted = Signal()
    drag_pressed = Signal()
    """The mouse went down where a drag may begin: time to draw the figure."""
    drag_started = Signal()
    """The mouse moved far enough: the figure is wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._palette = LIGHT
        self._look = "note"
        self._has_result = False
        self._verdict: Verdict | None = None
        self._findings: Sequence[Finding] = ()
        self._finding_out = self._stale = False
        self._press: QPoint | None = None
        self.setObjectName("verdict")
        self.setAccessibleName("Verdict")
        self._icon = QLabel()
        self._headline = ClampedLabel(WAITING)
        self._headline.set_most_lines(1)
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 1.3)
        font.setBold(True)
        self._headline.setFont(font)
        self._headline.setMinimumWidth(self._headline.fontMetrics().horizontalAdvance(WAITING))
        self._what = ClampedLabel(WAITING_TEXT)
        self._why = ClampedLabel()
        for words in (self._headline, self._what, self._why):
            words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
            words.setAlignment(Qt.AlignmentFlag.AlignTop)
            words.setMinimumHeight(words.fontMetrics().lineSpacing())  # its width tells the rest
        self.set_short(short=False)
        self.causes_button = QPushButton()
        self.causes_button.setToolTip("Show what causes the difference, and what would close it")
        self.causes_button.clicked.connect(self.causes_wanted)
        keeping = self.causes_button.sizePolicy()
        keeping.setRetainSizeWhenHidden(True)  # the text shall not move when the causes arrive
        self.causes_button.setSizePolicy(keeping)
        self.causes_button.setText("2 findings")
        self.causes_button.hide()
        self._grip = QLabel()
        self._grip.hide()
        self._arrange()
        self.set_palette_scheme(self._palette)

    @property
    def look(self) -> str:
        """Which colour and icon it has: good, warning, bad or note."""
        return self._look

    @property
    def headline(self) -> str:
        """The few words on top."""
        return self._headline.text()

    @property
    def text(self) -> str:
        """What stands under the headline."""
        return sentences(self._what.text(), self._why.text()).replace(NO_BREAK, " ")

    def set_result(self, result: AnyResult | None) -> None:
        """Show the verdict of a result."""
        self._has_result = result is not None
        self._finding_out = False
        self._show(None if result is None else result.verdict, result.findings if result else ())
        self._grip.setVisible(result is not None)
        self.setToolTip("Drag this out to save the figure as a picture" if result else "")

    def set_short(self, short: bool) -> None:
        """Keep what and why to a line each, the whole being its tooltip, or show it all."""
        lines = 1 if short else WHY_LINES
        self._what.set_most_lines(1 if short else None)
        self._why.set_most_lines(1 if short else None)
        self._why.set_least_lines(lines)

    def set_causes(self, causes: Causes) -> None:
        """Show what is known about the causes of the same comparison."""
        self._finding_out = bool(causes.doing)
        known = causes.explanation or causes.result
        self._show(known.verdict, known.findings)

    def say_nothing_compared(self) -> None:
        """Say that the first comparison failed; the message bar says why."""
        self._headline.setText(NOTHING_COMPARED)
        self._what.setText(NOTHING_COMPARED_TEXT)
        self._why.setText("")
        self._describe()

    def set_stale(self, stale: bool) -> None:
        """Show that the verdict is of the comparison before."""
        self._stale = stale
        if self._verdict is not None:
            self._headline.setText(self._told_headline())
            self._what.setEnabled(not stale)
            self._why.setEnabled(not stale)
            self._describe()

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self._palette = palette
        self._colour()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Note where a drag may begin."""
        if event.button() is Qt.MouseButton.LeftButton and self._has_result:
            self._press = event.position().toPoint()
            self.drag_pressed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Begin a drag once the mouse is far enough from where it went down."""
        if self._press is None:
            return
        moved = (event.position().toPoint() - self._press).manhattanLength()
        if moved >= QApplication.startDragDistance():
            self._press = None
            self.drag_started.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Forget a press that became no drag."""
        self._press = None
        super().mouseReleaseEvent(event)

    def _arrange(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._headline)
        words.addWidget(self._what)
        words.addWidget(self._why)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 10, 10)
        row.setSpacing(14)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        row.addWidget(self.causes_button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._grip, 0, Qt.AlignmentFlag.AlignVCenter)

    def _show(self, verdict: Verdict | None, findings: Sequence[Finding]) -> None:
        self._verdict, self._findings = verdict, findings
        headline = self._told_headline()
        self._look = "note" if verdict is None else self._told_look(verdict)
        self._headline.setText(headline)
        self._what.setText(WAITING_TEXT if verdict is None else keep_together(verdict.what))
        self._why.setText("" if verdict is None else keep_together(self._told_why(verdict)))
        self._describe()
        count = len(findings)
        self.causes_button.setText("1 finding" if count == 1 else f"{count} findings")
        self.causes_button.setVisible(count > 0)
        self._colour()

    def _describe(self) -> None:
        """Tell assistive technology what is shown; what is out of date is not told as known."""
        told = self.headline == COMPARING
        self.setAccessibleDescription(COMPARING if told else f"{self.headline}. {self.text}")

    @property
    def _broken(self) -> str:
        """The gravest broken convention, or empty."""
        grave = bool(self._findings) and self._findings[0].level is Level.ERROR
        return self._findings[0].title if grave else ""

    def _told_headline(self) -> str:
        """Name the broken convention; where the two agree all the same, say that they do."""
        if self._verdict is None:
            return WAITING
        if self._stale:
            return COMPARING
        told = "" if self._verdict.agrees else self._broken
        return told or self._verdict.headline

    def _told_look(self, verdict: Verdict) -> str:
        if self._broken:
            return "warning" if verdict.agrees else "bad"
        return LOOKS[verdict.code]

    def _told_why(self, verdict: Verdict) -> str:
        if verdict.agrees:
            return sentences(mend_first_text(self._broken), verdict.why)
        return sentences(verdict.why, FINDING_OUT if self._finding_out else "")

    def _colour(self) -> None:
        palette = self._palette
        ground = palette.panel if self._look == "note" else getattr(palette, self._look)
        size = QSize(ICON_SIZE, ICON_SIZE)
        self._icon.setPixmap(icon(self._look, palette).pixmap(size))
        self._grip.setPixmap(icon("grip", palette).pixmap(QSize(16, 16)))
        sheet = (
            f"#verdict {{ background: {ground}; border: 1px solid {palette.grid};"
            f" border-radius: 8px; }} #verdict QLabel {{ color: {palette.text}; }}"
            f" #verdict QLabel:disabled {{ color: {palette.muted}; }}"
        )
        if sheet != self.styleSheet():  # setting it takes long even where nothing changes
            self.setStyleSheet(sheet)
