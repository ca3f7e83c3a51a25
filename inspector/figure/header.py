"""Title, name of the picture, and the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPen

from inspector.figure import text as typography
from inspector.figure.canvas import CARD_RADIUS, Align
from inspector.figure.layout import BANNER_ICON

if TYPE_CHECKING:
    from inspector.core.features.kinds import AnyResult
    from inspector.figure.canvas import Canvas
    from inspector.figure.layout import Layout

_NAME_GAP = 12.0
_TICK = ((-4.5, 0.5), (-1.5, 3.5), (4.5, -3.5))
_UNEQUAL = (((-5.0, -2.5), (5.0, -2.5)), ((-5.0, 2.5), (5.0, 2.5)), ((-3.0, 6.0), (3.0, -6.0)))


def draw_header(canvas: Canvas, layout: Layout, result: AnyResult) -> None:
    """Draw the pair's title over the picture's name, and the program's name at the right."""
    box = layout.header
    muted = canvas.palette.muted
    upper = QRectF(box.left(), box.top(), box.width(), typography.TITLE.leading)
    mark = canvas.text(upper, "Twin Inspector", typography.SUBTITLE, muted, Align.RIGHT)
    canvas.text(upper.adjusted(0, 0, -mark - 24, 0), result.pair.title, typography.TITLE)
    lower = QRectF(box.left(), upper.bottom() + 2, box.width(), typography.SUBTITLE.leading)
    picture = result.picture
    facts = f"{picture.width} × {picture.height} px, {picture.format}, {picture.mode}"
    room = lower.width() - typography.width_of(facts, typography.SUBTITLE) - _NAME_GAP
    name = lower.adjusted(0, 0, room - lower.width(), 0)
    used = canvas.text(name, picture.name, typography.SUBTITLE, middle=True)
    canvas.text(lower.adjusted(used + _NAME_GAP, 0, 0, 0), facts, typography.SUBTITLE, muted)


def draw_banner(canvas: Canvas, layout: Layout, result: AnyResult) -> None:
    """Draw the verdict on its colour, with a sign that needs no colour to be read."""
    box, agrees = layout.banner, result.verdict.agrees
    canvas.fill(box, canvas.palette.good if agrees else canvas.palette.warning, CARD_RADIUS)
    line = typography.VERDICT.leading
    centre = QPointF(box.left() + BANNER_ICON / 2, box.top() + 12 + line / 2)
    _draw_sign(canvas, centre, agrees)
    words = QRectF(
        box.left() + BANNER_ICON, box.top() + 12, box.width() - BANNER_ICON - 18, box.height() - 24
    )
    canvas.lines(words, layout.verdict_lines, typography.VERDICT)


def _draw_sign(canvas: Canvas, centre: QPointF, agrees: bool) -> None:
    canvas.dot(centre, canvas.palette.text, 11)
    path = QPainterPath()
    for stroke in (_TICK,) if agrees else _UNEQUAL:
        points = [centre + QPointF(x, y) for x, y in stroke]
        path.moveTo(points[0])
        for point in points[1:]:
            path.lineTo(point)
    pen = QPen(QColor(canvas.palette.panel), 2.0)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    canvas.painter.strokePath(path, pen)
