"""Features: left against right, the dimensions that differ most, and all differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen

from inspector.core.features.wording import number_rows
from inspector.core.numbers import difference_text, score_text
from inspector.core.ordering import largest_differences
from inspector.figure import text as typography
from inspector.figure.axis import axis_for
from inspector.figure.canvas import Align
from inspector.figure.histogram import DifferencePlot, draw_metrics, height_of_metrics
from inspector.figure.layout import GUTTER, HEADING_HEIGHT, inside

if TYPE_CHECKING:
    from inspector.core.features.comparison import FeatureComparison
    from inspector.core.features.result import FeatureResult
    from inspector.figure.axis import Axis
    from inspector.figure.canvas import Canvas
    from inspector.figure.layout import Layout

_AXIS_ROOM = 46.0
_POINT = 2.4
_POINT_OPACITY = 0.75
_PLACES = 1
"""Decimals of a pixel within which two points are one."""

_MOST_PITCH = 34.0
_BAR_SHARE = 0.57
_NUMBER_WIDTH = 52.0
_VALUE_WIDTH = 76.0
NOTHING = "There is nothing to plot: not all numbers are finite."


def draw_features(canvas: Canvas, layout: Layout, result: FeatureResult, top: int) -> None:
    """Draw the three cards where a comparison of classes has its bars and its histogram."""
    width = (layout.bars.width() - GUTTER) / 2
    scatter = QRectF(layout.bars.left(), layout.bars.top(), width, layout.bars.height())
    largest = scatter.translated(width + GUTTER, 0)
    comparison = result.comparison
    body = _card(canvas, scatter, "Left against right, by dimension")
    if layout.finite:
        _draw_scatter(canvas, body, comparison)
    else:
        canvas.message(body, NOTHING)
    body = _card(canvas, largest, "Dimensions that differ most, left − right")
    if layout.finite and comparison.max_abs_difference > 0.0:
        _draw_largest(canvas, body, comparison, 2 * top)
    else:
        canvas.message(body, _equal_words(comparison) if layout.finite else NOTHING)
    _draw_numbers(canvas, layout, comparison)


def _card(canvas: Canvas, card: QRectF, heading: str) -> QRectF:
    canvas.card(card)
    box = inside(card)
    head = QRectF(box.left(), box.top(), box.width(), HEADING_HEIGHT)
    canvas.text(head, heading, typography.HEADING)
    return box.adjusted(0, HEADING_HEIGHT + 10, 0, 0)


def _equal_words(comparison: FeatureComparison) -> str:
    return f"All {comparison.dimensions} differences are exactly zero."


def _draw_scatter(canvas: Canvas, body: QRectF, comparison: FeatureComparison) -> None:
    palette = canvas.palette
    axis = axis_for([*comparison.left.tolist(), *comparison.right.tolist()], steps=4)
    side = min(body.width() - _AXIS_ROOM, body.height() - _AXIS_ROOM)
    area = QRectF(body.left() + _AXIS_ROOM, body.top(), side, side)
    _draw_axes(canvas, area, axis)
    dashes = QPen(QColor(palette.muted), 1.0, Qt.PenStyle.DashLine)
    canvas.painter.setPen(dashes)
    canvas.painter.drawLine(area.bottomLeft(), area.topRight())
    canvas.painter.save()
    canvas.painter.setOpacity(_POINT_OPACITY)
    for x, y, larger in _points(comparison, axis, side):
        place = QPointF(area.left() + x, area.bottom() - y)
        canvas.dot(place, palette.left if larger else palette.right, _POINT)
    canvas.painter.restore()


def _points(
    comparison: FeatureComparison, axis: Axis, side: float
) -> list[tuple[float, float, bool]]:
    """Give each place that is taken once: x and y in pixels, and whether left is larger.

    A ReLU puts most dimensions on the very same place, and a drawing would repeat them all.
    """
    pairs = zip(comparison.left.tolist(), comparison.right.tolist(), strict=True)
    return list(
        dict.fromkeys(
            (
                round(axis.place(left) * side, _PLACES),
                round(axis.place(right) * side, _PLACES),
                left >= right,
            )
            for left, right in pairs
        )
    )


def _draw_axes(canvas: Canvas, area: QRectF, axis: Axis) -> None:
    palette, caption = canvas.palette, typography.CAPTION
    for tick in axis.ticks:
        x = area.left() + axis.place(tick) * area.width()
        y = area.bottom() - axis.place(tick) * area.height()
        canvas.line(QPointF(x, area.top()), QPointF(x, area.bottom()), palette.grid)
        canvas.line(QPointF(area.left(), y), QPointF(area.right(), y), palette.grid)
        words = score_text(tick, probability=False) if abs(tick) > 1e-12 else "0"
        below = QRectF(x - 30, area.bottom() + 4, 60, caption.leading)
        canvas.text(below, words, caption, palette.muted, Align.CENTRE)
        beside = QRectF(area.left() - _AXIS_ROOM, y - 8, _AXIS_ROOM - 6, 16)
        canvas.text(beside, words, caption, palette.muted, Align.RIGHT)
    name = QRectF(area.left(), area.bottom() + 4 + caption.leading, area.width(), caption.leading)
    canvas.text(name, "left", typography.CAPTION_STRONG, palette.left, Align.CENTRE)
    canvas.painter.save()
    canvas.painter.translate(area.left() - _AXIS_ROOM + 5, area.center().y())
    canvas.painter.rotate(-90)
    turned = QRectF(-area.height() / 2, -8, area.height(), 16)
    canvas.text(turned, "right", typography.CAPTION_STRONG, palette.right, Align.CENTRE)
    canvas.painter.restore()


def _draw_largest(canvas: Canvas, body: QRectF, comparison: FeatureComparison, count: int) -> None:
    palette = canvas.palette
    shown = largest_differences(comparison.difference, count)
    values = comparison.difference[list(shown)]
    reach = float(np.max(np.abs(values)))
    pitch = min(_MOST_PITCH, body.height() / len(shown))
    bars = body.adjusted(_NUMBER_WIDTH, 0, -_VALUE_WIDTH, 0)
    middle = bars.center().x()
    bottom = body.top() + pitch * len(shown)
    canvas.line(QPointF(middle, body.top()), QPointF(middle, bottom), palette.muted)
    style = typography.SMALL if pitch >= typography.SMALL.leading else typography.CAPTION
    for row, (index, value) in enumerate(zip(shown, values.tolist(), strict=True)):
        line = QRectF(body.left(), body.top() + row * pitch, body.width(), pitch)
        canvas.text(line, str(index), style, palette.muted)
        canvas.text(line, difference_text(value), style, align=Align.RIGHT)
        length = abs(value) / reach * bars.width() / 2
        height = pitch * _BAR_SHARE
        left = middle if value > 0 else middle - length
        bar = QRectF(left, line.center().y() - height / 2, length, height)
        canvas.fill(bar, palette.left if value > 0 else palette.right)


def _draw_numbers(canvas: Canvas, layout: Layout, comparison: FeatureComparison) -> None:
    body = _card(canvas, layout.histogram, "Difference of every dimension")
    entries = tuple((row.name, row.value) for row in number_rows(comparison))
    height = height_of_metrics(len(entries))
    plot = body.adjusted(0, 0, 0, -height - 12)
    if not layout.finite:
        canvas.message(plot, NOTHING)
    elif comparison.max_abs_difference == 0.0:
        canvas.message(plot, _equal_words(comparison))
    else:
        DifferencePlot(
            canvas, plot, comparison.difference, percent=False, log=True, counted="dimensions"
        ).draw()
    draw_metrics(canvas, body.adjusted(0, body.height() - height, 0, 0), entries)
