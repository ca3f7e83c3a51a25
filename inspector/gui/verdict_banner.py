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

from inspector.core.palette import LIGHT
from inspector.core.verdict import VerdictCode
from inspector.gui.eliding import ClampedLabel
from inspector.gui.icons import icon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QMouseEvent

    from inspector.core.features.kinds import AnyExplanation, AnyResult
    from inspector.core.findings import Finding
    from inspector.core.palette import Palette
    from inspector.core.verdict import Verdict

ICON_SIZE = 32
LEAST_LINES = 2
"""Room for the sentence before its causes are known, and mostly also after."""

WAITING = "Waiting for the first comparison"
WAITING_TEXT = "The engine is starting; the picture is compared as soon as it is ready."
NOTHING_COMPARED = "Nothing has been compared yet"
NOTHING_COMPARED_TEXT = "The message above says why. Open a picture, or press F5 to try again."

HEADLINES: dict[VerdictCode, tuple[str, str]] = {
    VerdictCode.IDENTICAL: ("good", "The two are identical"),
    VerdictCode.FLOAT_NOISE: ("good", "The two agree"),
    VerdictCode.OUTPUT_CONVENTION: ("warning", "The outputs are read differently"),
    VerdictCode.LABEL_SHIFT: ("warning", "The classes are shifted by one place"),
    VerdictCode.PREPROCESSING: ("warning", "They differ because of the preprocessing"),
    VerdictCode.DIFFERENT_GRAPH: ("bad", "They differ because of the graph"),
    VerdictCode.DIFFERENT_WEIGHTS: ("bad", "They differ because of weights or graph"),
    VerdictCode.DIFFERENT_MODELS: ("bad", "These are different models"),
    VerdictCode.SCALED: ("warning", "They differ by a factor only"),
    VerdictCode.RANDOM: ("bad", "A model gives no steady answer"),
    VerdictCode.QUANTISED: ("warning", "They differ because one side is quantised"),
    VerdictCode.REORDERED: ("warning", "The same features in another order"),
}
"""Icon and colour, and the headline, of every verdict."""


class VerdictBanner(QFrame):
    """Icon, headline, sentence, and the way to the causes."""

    causes_wanted = Signal()
    drag_pressed = Signal()
    """The mouse went down where a drag may begin: time to draw the figure."""
    drag_started = Signal()
    """The mouse moved far enough: the figure is wanted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._palette = LIGHT
        self._look = "note"
        self._result: AnyResult | None = None
        self._verdict: Verdict | None = None
        self._press: QPoint | None = None
        self.setObjectName("verdict")
        self.setAccessibleName("Verdict")
        self._icon = QLabel()
        self._headline = QLabel(WAITING)
        self._headline.setTextFormat(Qt.TextFormat.PlainText)
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 1.3)
        font.setBold(True)
        self._headline.setFont(font)
        self._text = ClampedLabel(WAITING_TEXT)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._text.setMinimumHeight(LEAST_LINES * self._text.fontMetrics().lineSpacing())
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
        """The sentence."""
        return self._text.text()

    def set_result(self, result: AnyResult | None) -> None:
        """Show the verdict of a result."""
        self._result = result
        self._show(None if result is None else result.verdict, result.findings if result else ())
        self._grip.setVisible(result is not None)
        self.setToolTip("Drag this out to save the figure as a picture" if result else "")

    def set_short(self, short: bool) -> None:
        """Keep the sentence to two lines, the whole of it being its tooltip, or show it all."""
        self._text.set_most_lines(LEAST_LINES if short else None)

    def set_explanation(self, explanation: AnyExplanation) -> None:
        """Show the verdict on the same comparison now that its causes are known."""
        self._show(explanation.verdict, explanation.findings)

    def say_nothing_compared(self) -> None:
        """Say that the first comparison failed; the message bar says why."""
        self._headline.setText(NOTHING_COMPARED)
        self._text.setText(NOTHING_COMPARED_TEXT)

    def set_stale(self, stale: bool) -> None:
        """Show that the verdict is of the comparison before."""
        if self._verdict is not None:
            headline = HEADLINES[self._verdict.code][1]
            self._headline.setText("Comparing again …" if stale else headline)
            self._text.setEnabled(not stale)

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self._palette = palette
        self._colour()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Note where a drag may begin."""
        if event.button() is Qt.MouseButton.LeftButton and self._result is not None:
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
        words.addWidget(self._text)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 10, 10)
        row.setSpacing(14)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(words, 1)
        row.addWidget(self.causes_button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._grip, 0, Qt.AlignmentFlag.AlignVCenter)

    def _show(self, verdict: Verdict | None, findings: Sequence[Finding]) -> None:
        self._verdict = verdict
        self._look, headline, text = "note", WAITING, WAITING_TEXT
        if verdict is not None:
            self._look, headline = HEADLINES[verdict.code]
            text = verdict.text
        self._headline.setText(headline)
        self._text.setText(text)
        self.setAccessibleDescription(f"{headline}. {text}")
        count = len(findings)
        self.causes_button.setText("1 finding" if count == 1 else f"{count} findings")
        self.causes_button.setVisible(count > 0)
        self._colour()

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
