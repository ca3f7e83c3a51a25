"""The top classes of both sides as bars, the same class on the same row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from inspector.core.reports.report import (
    non_finite_text,
    number_text,
    reads_as_probabilities,
)
from inspector.core.top import rank_text
from inspector.figure import text as typography
from inspector.figure.axis import Axis, axis_for
from inspector.figure.canvas import Align
from inspector.figure.layout import (
    BACKGROUND_GAP,
    BAR_AXIS_HEIGHT,
    COLUMN_HEAD_HEIGHT,
    HEADING_HEIGHT,
    has_background,
    has_near_tie,
    inside,
    is_near_tie,
)

if TYPE_CHECKING:
    from inspector.core.result import Result
    from inspector.core.top import TopRow
    from inspector.figure.canvas import Canvas
    from inspector.figure.layout import Layout

BAR_SHARE = 0.57
"""How much of a row's height its bar takes."""

_LABEL_WIDTH = 184.0
_VALUE_WIDTH = 68.0
_RANK_WIDTH = 84.0
_GAP = 8.0


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of the plot, as left edge and width.

    Attributes
    ----------
    label, rank
        Class names, and places at the right edge.
    left_value, right_value
        Probabilities as numbers.
    left_bars, right_bars
        The two plots; both have the same width and axis.
    """

    label: tuple[float, float]
    left_value: tuple[float, float]
    left_bars: tuple[float, float]
    right_value: tuple[float, float]
    right_bars: tuple[float, float]
    rank: tuple[float, float]


def columns_of(box: QRectF) -> Columns:
    """Divide the card's inner width; the two plots share what the text columns leave."""
    fixed = _LABEL_WIDTH + 2 * _VALUE_WIDTH + _RANK_WIDTH + 5 * _GAP
    bars = (box.width() - fixed) / 2
    edges = [box.left()]
    widths = (_LABEL_WIDTH, _VALUE_WIDTH, bars, _VALUE_WIDTH, bars, _RANK_WIDTH)
    for width in widths:
        edges.append(edges[-1] + width + _GAP)
    return Columns(*zip(edges[:-1], widths, strict=True))


def bar_axis(result: Result, rows: tuple[TopRow, ...]) -> Axis:
    """Give the common axis of both plots; it holds every bar and zero."""
    values = [value for row in rows for value in (row.left, row.right)]
    shares = (side.scores.background for side in (result.left, result.right))
    values.extend(share for share in shares if share is not None)
    most = 1.0 if reads_as_probabilities(result.comparison) else float("inf")
    return axis_for(values, most=most)


def draw_bars(canvas: Canvas, layout: Layout, result: Result) -> None:
    """Draw the card with both bar plots."""
    canvas.card(layout.bars)
    box = inside(layout.bars)
    canvas.text(
        QRectF(box.left(), box.top(), box.width(), HEADING_HEIGHT),
        "Top classes",
        typography.HEADING,
    )
    body = box.adjusted(0, HEADING_HEIGHT + 8, 0, 0)
    if not layout.finite:
        canvas.message(body, non_finite_text(result.comparison))
        return
    _BarPlot(canvas, body, layout, result).draw()


class _BarPlot:
    """Both bar plots on one axis."""

    def __init__(self, canvas: Canvas, box: QRectF, layout: Layout, result: Result) -> None:
        self.canvas, self.box, self.rows, self.result = canvas, box, layout.rows, result
        self.pitch = layout.row_pitch
        self.columns = columns_of(box)
        self.axis = bar_axis(result, layout.rows)
        self.percent = reads_as_probabilities(result.comparison)
        self.rows_top = box.top() + COLUMN_HEAD_HEIGHT
        self.rows_bottom = self.rows_top + len(layout.rows) * self.pitch
        if has_background(result):
            self.rows_bottom += BACKGROUND_GAP + self.pitch

    def draw(self) -> None:
        """Draw heads, grid, rows and axis."""
        self._draw_heads()
        for column in (self.columns.left_bars, self.columns.right_bars):
            self._draw_grid(column)
        for number, row in enumerate(self.rows):
            self._draw_row(self.rows_top + number * self.pitch, row)
        if has_background(self.result):
            self._draw_background(self.rows_bottom - self.pitch)
        if has_near_tie(self.result, self.rows):
            self._draw_caption()

    def _cell(self, column: tuple[float, float], top: float) -> QRectF:
        return QRectF(column[0], top, column[1], self.pitch)

    def _draw_heads(self) -> None:
        palette, columns = self.canvas.palette, self.columns
        for name, colour, value, bars, side in (
            ("Left", palette.left, columns.left_value, columns.left_bars, self.result.left),
            ("Right", palette.right, columns.right_value, columns.right_bars, self.result.right),
        ):
            start = value[0] + 12
            head = QRectF(start, self.box.top(), sum(bars) - start, typography.SMALL.leading)
            self.canvas.dot(QPointF(head.left() + 5, head.center().y()), colour)
            self.canvas.text(head.adjusted(18, 0, 0, 0), name, typography.SMALL_STRONG)
            below = head.translated(0, typography.SMALL.leading)
            release = side.release.name
            self.canvas.text(below, release, typography.CAPTION, palette.muted, middle=True)
        rank = QRectF(columns.rank[0], self.box.top(), columns.rank[1], typography.SMALL.leading)
        self.canvas.text(rank, "Rank", typography.SMALL_STRONG, align=Align.RIGHT)

    def _draw_grid(self, column: tuple[float, float]) -> None:
        palette = self.canvas.palette
        bottom = self.rows_bottom + 2
        for number, tick in enumerate(self.axis.ticks):
            x = column[0] + self.axis.place(tick) * column[1]
            zero = abs(tick) < 1e-12
            self.canvas.line(
                QPointF(x, self.rows_top),
                QPointF(x, bottom),
                palette.muted if zero else palette.grid,
            )
            if number % self._label_every() == 0:
                cell = QRectF(x - 34, bottom + 3, 68, typography.CAPTION.leading)
                words = self._tick_text(tick)
                self.canvas.text(cell, words, typography.CAPTION, palette.muted, Align.CENTRE)

    def _label_every(self) -> int:
        widest = max(
            typography.width_of(self._tick_text(tick), typography.CAPTION)
            for tick in self.axis.ticks
        )
        room = self.columns.left_bars[1] / max(1, len(self.axis.ticks) - 1)
        return max(1, -int(-(widest + 8) // room))

    def _tick_text(self, tick: float) -> str:
        if self.percent:
            return f"{100 * tick:.3g} %"
        return f"{tick:.3g}".replace("-", "−") if abs(tick) > 1e-12 else "0"

    def _draw_row(self, top: float, row: TopRow) -> None:
        palette, columns = self.canvas.palette, self.columns
        first = 1 in (row.left_rank, row.right_rank)
        style = typography.STRONG if first else typography.BODY
        self.canvas.text(self._cell(columns.label, top), row.label, style)
        self._draw_value(columns.left_value, top, row.left)
        self._draw_bar(columns.left_bars, top, row.left, palette.left)
        self._draw_value(columns.right_value, top, row.right)
        self._draw_bar(columns.right_bars, top, row.right, palette.right)
        tied = is_near_tie(self.result, row)
        words = rank_text(row) + (" ≈" if tied else "")
        moved = row.rank_change != 0
        self.canvas.text(
            self._cell(columns.rank, top),
            words,
            typography.SMALL_STRONG if moved else typography.SMALL,
            palette.text if moved else palette.muted,
            Align.RIGHT,
        )

    def _draw_value(self, column: tuple[float, float], top: float, value: float) -> None:
        words = number_text(value, self.percent).replace("-", "−")
        self.canvas.text(self._cell(column, top), words, typography.SMALL, align=Align.RIGHT)

    def _draw_bar(self, column: tuple[float, float], top: float, value: float, colour: str) -> None:
        zero = column[0] + self.axis.place(0.0) * column[1]
        end = column[0] + self.axis.place(value) * column[1]
        height = round(self.pitch * BAR_SHARE)
        y = top + (self.pitch - height) / 2
        self.canvas.fill(QRectF(min(zero, end), y, abs(end - zero), height), colour)

    def _draw_background(self, top: float) -> None:
        palette, columns = self.canvas.palette, self.columns
        y = top - BACKGROUND_GAP / 2
        self.canvas.line(QPointF(self.box.left(), y), QPointF(self.box.right(), y), palette.grid)
        label = self._cell(columns.label, top)
        self.canvas.text(label, "background class", typography.BODY, palette.muted)
        for value, bars, side in (
            (columns.left_value, columns.left_bars, self.result.left),
            (columns.right_value, columns.right_bars, self.result.right),
        ):
            share = side.scores.background
            if share is None:
                cell = self._cell(value, top)
                self.canvas.text(cell, "none", typography.SMALL, palette.muted, Align.RIGHT)
                continue
            self._draw_value(value, top, share)
            self._draw_bar(bars, top, share, palette.neutral)

    def _draw_caption(self) -> None:
        top = self.rows_bottom + BAR_AXIS_HEIGHT + 2
        cell = QRectF(self.box.left(), top, self.box.width(), typography.CAPTION.leading)
        words = "≈ near-tie: its rank is decided by no more than float noise"
        self.canvas.text(cell, words, typography.CAPTION, self.canvas.palette.muted, Align.RIGHT)
