"""A waterfall: what each cause adds, from 0 to the whole difference."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from inspector.core.causes.attribution import cause_title
from inspector.core.numbers import MINUS, difference_text, exact_text
from inspector.gui.theme import current_palette
from inspector.gui.views.widgets import translucent

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from inspector.core.causes.waterfall import Step, Waterfall
    from inspector.core.palette import Palette

TOTAL = "together"
ROW_LINES = 1.75
BAR_SHARE = 0.62
GAP = 10
LEAST_WIDTH = 300
MOST_LABEL_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar as it is drawn.

    Attributes
    ----------
    name
        What it is called.
    start, end
        Pixels from the widget's left edge; `end` is left of `start` where it runs backwards.
    top, height
        Its place from above, in pixels.
    text
        The number at the end of its row.
    step
        What it stands for, or None for the whole.
    """

    name: str
    start: float
    end: float
    top: float
    height: float
    text: str
    step: Step | None

    @property
    def rect(self) -> QRectF:
        """The area that it covers."""
        left = min(self.start, self.end)
        return QRectF(left, self.top, abs(self.end - self.start), self.height)


class WaterfallChart(QWidget):
    """One row a cause, in the order the stages are done, and the whole difference below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._waterfall: Waterfall | None = None
        self._unit = ""
        self._palette = current_palette()
        self._hovered: int | None = None
        self.setMouseTracking(True)
        self.setAccessibleName("What causes the difference")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def bars(self) -> tuple[Bar, ...]:
        """The bars from above, the whole last, in the widget's pixels."""
        waterfall = self._waterfall
        if waterfall is None:
            return ()
        rows = [(cause_title(s.stage), s.start, s.end, step_text(s), s) for s in waterfall.steps]
        whole = f"{waterfall.total:.3g}"
        left, right = self._plot_edges([(name, text) for name, _, _, text, _ in rows], whole)
        low, high = waterfall.reach
        scale = (right - left) / (high - low) if high > low else 0.0
        height = self._row_height
        inset = height * (1 - BAR_SHARE) / 2
        entries = [*rows, (TOTAL, 0.0, waterfall.total, whole, None)]
        return tuple(
            Bar(
                name=name,
                start=left + (start - low) * scale,
                end=left + (end - low) * scale,
                top=row * height + inset,
                height=height * BAR_SHARE,
                text=text,
                step=step,
            )
            for row, (name, start, end, text, step) in enumerate(entries)
        )

    def set_waterfall(self, waterfall: Waterfall | None, unit: str) -> None:
        """Show a waterfall; `unit` names what it divides, such as ``max |Δp|``."""
        self._waterfall, self._unit = waterfall, unit
        self._hovered = None
        if waterfall is not None:
            parts = [f"{cause_title(s.stage)} {step_text(s)}" for s in waterfall.steps]
            self.setAccessibleDescription(f"{unit} {waterfall.total:.3g}: {', '.join(parts)}")
        self.updateGeometry()
        self.update()

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self._palette = palette
        self.update()

    def tip(self, row: int) -> str:
        """Give the numbers of a row as rich text."""
        bar, waterfall = self.bars[row], self._waterfall
        if waterfall is None:
            return ""
        if bar.step is None:
            return f"<b>{escape(self._unit)}</b><br>{exact_text(waterfall.total)}"
        lines = [
            f"<b>{escape(bar.name)}</b>",
            f"{exact_text(bar.step.value).replace('-', MINUS)} of {exact_text(waterfall.total)} "
            f"({share_text(bar.step.share)})",
            f"with those above: {exact_text(bar.step.end).replace('-', MINUS)}",
        ]
        if bar.step.value < 0:
            lines.append("it hides a part of what the others cause")
        return "<br>".join(lines)

    def sizeHint(self) -> QSize:
        """Ask for one row a bar."""
        count = len(self._waterfall.steps) + 1 if self._waterfall is not None else 0
        return QSize(2 * LEAST_WIDTH, round(count * self._row_height) + 2)

    def minimumSizeHint(self) -> QSize:
        """Ask for the same height, however narrow."""
        return QSize(LEAST_WIDTH, self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """Fit to another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the numbers of the row under the mouse."""
        row = int(event.position().y() // self._row_height)
        self._hover(row if 0 <= row < len(self.bars) else None)
        if self._hovered is not None:
            QToolTip.showText(event.globalPosition().toPoint(), self.tip(self._hovered), self)

    def leaveEvent(self, event: QEvent) -> None:
        """Mark no row."""
        self._hover(None)
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw everything."""
        bars = self.bars
        if not bars:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        largest = self._waterfall.largest if self._waterfall is not None else None
        for row, bar in enumerate(bars):
            self._paint_row(painter, row, bar, strong=bar.step is None or bar.step is largest)
        self._paint_links(painter, bars)

    @property
    def _row_height(self) -> float:
        return round(self.fontMetrics().height() * ROW_LINES)

    def _plot_edges(self, rows: list[tuple[str, str]], whole: str) -> tuple[float, float]:
        """Give the plot area's left and right edge, beside the texts of all rows."""
        font = self.font()
        font.setBold(True)
        width = QFontMetricsF(font).horizontalAdvance
        labels = max(width(name) for name in (TOTAL, *(name for name, _ in rows)))
        numbers = max(width(text) for text in (whole, *(text for _, text in rows)))
        labels = min(labels, self.width() * MOST_LABEL_SHARE)
        return labels + GAP, max(labels + GAP + 1.0, self.width() - numbers - GAP)

    def _paint_row(self, painter: QPainter, row: int, bar: Bar, strong: bool) -> None:
        palette, height = self._palette, self._row_height
        area = QRectF(0, row * height, self.width(), height)
        if row == self._hovered:
            painter.fillRect(area, translucent(palette.grid, 0.45))
        if bar.step is None:
            painter.setPen(QPen(QColor(palette.grid), 1))
            painter.drawLine(area.topLeft(), area.topRight())
        font = self.font()
        font.setBold(strong)
        painter.setFont(font)
        painter.setPen(QColor(palette.text if strong else palette.muted))
        room = self.width() * MOST_LABEL_SHARE
        shown = painter.fontMetrics().elidedText(bar.name, Qt.TextElideMode.ElideRight, int(room))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(area, middle | Qt.AlignmentFlag.AlignLeft, shown)
        painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, bar.text)
        self._paint_bar(painter, bar, strong)

    def _paint_bar(self, painter: QPainter, bar: Bar, strong: bool) -> None:
        palette = self._palette
        ink = QColor(palette.text if bar.step is None else palette.neutral)
        backwards = bar.end < bar.start
        rect = bar.rect
        if rect.width() < 1.5:  # next to nothing is still there
            rect = QRectF(rect.center().x() - 0.75, rect.top(), 1.5, rect.height())
        painter.setPen(QPen(ink, 1) if backwards else Qt.PenStyle.NoPen)
        if backwards:
            painter.setBrush(QBrush(ink, Qt.BrushStyle.BDiagPattern))
        else:
            painter.setBrush(ink if strong else translucent(palette.neutral, 0.75))
        painter.drawRect(rect)

    def _paint_links(self, painter: QPainter, bars: tuple[Bar, ...]) -> None:
        """Lead from each bar's end to the next one's start, and mark 0."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        pen = QPen(QColor(self._palette.muted), 1)
        pen.setStyle(Qt.PenStyle.DotLine)
        painter.setPen(pen)
        for bar, after in itertools.pairwise(bars):
            painter.drawLine(QPointF(bar.end, bar.rect.bottom()), QPointF(bar.end, after.top))
        painter.setPen(QPen(QColor(self._palette.muted), 1))
        zero = bars[-1].start
        painter.drawLine(QPointF(zero, 0), QPointF(zero, self.height()))

    def _hover(self, row: int | None) -> None:
        if row != self._hovered:
            self._hovered = row
            self.update()
            if row is None:
                QToolTip.hideText()


def step_text(step: Step) -> str:
    """Give a bar's value and share, such as ``+0.0123 · 87 %``."""
    return f"{difference_text(step.value)} · {share_text(step.share)}"


def share_text(share: float) -> str:
    """Give a share as a percentage."""
    return f"{round(100 * share)} %".replace("-", MINUS)
