"""The comparison figure: one drawing for every paint device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF

from inspector.core.features.result import FeatureResult
from inspector.core.top import DEFAULT_TOP
from inspector.figure.bars import draw_bars
from inspector.figure.canvas import Canvas
from inspector.figure.features import draw_features
from inspector.figure.header import draw_banner, draw_header
from inspector.figure.histogram import draw_histogram
from inspector.figure.images import draw_images
from inspector.figure.layout import plan
from inspector.figure.notes import draw_findings, draw_footer, draw_runs

if TYPE_CHECKING:
    from PySide6.QtCore import QSize
    from PySide6.QtGui import QPainter

    from inspector.core.features.kinds import AnyResult
    from inspector.core.palette import Palette


def figure_size(result: AnyResult, top: int = DEFAULT_TOP) -> QSize:
    """Give the figure's size in logical pixels: 1200 wide, and as high as its content needs.

    Parameters
    ----------
    result
        The comparison.
    top
        How many classes of each side are shown, or half as many dimensions; 1 to 20.
    """
    return plan(result, top).size


def paint_figure(
    painter: QPainter, result: AnyResult, palette: Palette, top: int = DEFAULT_TOP
) -> None:
    """Draw the figure from (0, 0) to :func:`figure_size`.

    Parameters
    ----------
    painter
        An active painter on any device, scaled as the caller likes; its state is restored.
    result
        The comparison.
    palette
        The colours.
    top
        How many classes of each side are shown, or half as many dimensions; 1 to 20.
    """
    layout = plan(result, top)
    painter.save()
    canvas = Canvas(painter, palette)
    size = layout.size
    canvas.fill(QRectF(0, 0, size.width(), size.height()), palette.window)
    draw_header(canvas, layout, result)
    draw_banner(canvas, layout, result)
    draw_images(canvas, layout, result)
    if isinstance(result, FeatureResult):
        draw_features(canvas, layout, result, top)
    else:
        draw_bars(canvas, layout, result)
        draw_histogram(canvas, layout, result)
    draw_runs(canvas, layout)
    draw_findings(canvas, layout, result)
    draw_footer(canvas, layout, result)
    painter.restore()
