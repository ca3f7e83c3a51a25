"""The program's icon and the toolbar's, painted when they are needed; no files."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from inspector.core.palette import LIGHT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from inspector.core.palette import Palette

GRID = 24.0
"""Icons are drawn on a square of 24 units."""

SIZES = (16, 20, 24, 32, 48)
PROGRAM_SIZES = (16, 24, 32, 48, 64, 128, 256)


def icon(name: str, palette: Palette) -> QIcon:
    """Give a toolbar icon in the colours of a scheme, dimmed where it is disabled."""
    return _icon(name, palette.text, palette.left, palette.right)


@lru_cache(maxsize=128)
def _icon(name: str, ink: str, left: str, right: str) -> QIcon:
    made = QIcon()
    for size in SIZES:
        for mode, opacity in ((QIcon.Mode.Normal, 1.0), (QIcon.Mode.Disabled, 0.35)):
            pixmap = _canvas(size)
            painter = _painter(pixmap, ink)
            painter.setOpacity(opacity)
            DRAWINGS[name](painter, QColor(left), QColor(right))
            painter.end()
            made.addPixmap(pixmap, mode)
    return made


def program_icon() -> QIcon:
    """Give the program's icon: two overlapping lenses, left blue and right orange."""
    made = QIcon()
    for size in PROGRAM_SIZES:
        pixmap = _canvas(size)
        painter = _painter(pixmap, LIGHT.text)
        _lenses(painter, QColor(LIGHT.left), QColor(LIGHT.right))
        painter.end()
        made.addPixmap(pixmap)
    return made


def _canvas(size: int) -> QPixmap:
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    return pixmap


def _painter(pixmap: QPixmap, ink: str) -> QPainter:
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(pixmap.width() / GRID, pixmap.height() / GRID)
    pen = QPen(QColor(ink), 1.7)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    return painter


def _lenses(painter: QPainter, left: QColor, right: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    both = ((left, QRectF(1.5, 5, 14, 14)), (right, QRectF(8.5, 5, 14, 14)))
    for colour, place in both:
        painter.setBrush(colour)
        painter.drawEllipse(place)
    lens_left, lens_right = QPainterPath(), QPainterPath()
    lens_left.addEllipse(both[0][1])
    lens_right.addEllipse(both[1][1])
    painter.setBrush(QColor("#ffffff"))
    painter.drawPath(lens_left.intersected(lens_right))


def _open(painter: QPainter, *_: QColor) -> None:
    folder = [(3, 19), (3, 5), (9, 5), (11, 8), (20, 8), (20, 11)]
    painter.drawPolyline(_points(folder))
    painter.drawPolygon(_points([(3, 19), (6.5, 11), (22, 11), (18.5, 19)]))


def _samples(painter: QPainter, *_: QColor) -> None:
    painter.drawRoundedRect(QRectF(3, 4.5, 18, 15), 2, 2)
    painter.drawEllipse(QPointF(8.2, 9.4), 1.6, 1.6)
    painter.drawPolyline(_points([(4, 17.5), (10, 12.5), (13, 15), (16.5, 11), (20.5, 15)]))


def _pair(painter: QPainter, left: QColor, right: QColor) -> None:
    for colour, x in ((left, 9.0), (right, 15.0)):
        pen = painter.pen()
        pen.setColor(colour)
        pen.setWidthF(2.0)
        painter.setPen(pen)
        painter.drawEllipse(QPointF(x, 12), 6, 6)


def _modes(painter: QPainter, *_: QColor) -> None:
    for y, knob in ((6.0, 15.0), (12.0, 8.0), (18.0, 13.0)):
        painter.drawLine(QPointF(3, y), QPointF(knob - 2.2, y))
        painter.drawLine(QPointF(knob + 2.2, y), QPointF(21, y))
        painter.drawEllipse(QPointF(knob, y), 2.2, 2.2)


def _export(painter: QPainter, *_: QColor) -> None:
    painter.drawPolyline(_points([(8, 9), (4, 9), (4, 20.5), (20, 20.5), (20, 9), (16, 9)]))
    painter.drawLine(QPointF(12, 15), QPointF(12, 3.5))
    painter.drawPolyline(_points([(8, 7.5), (12, 3.5), (16, 7.5)]))


def _cancel(painter: QPainter, *_: QColor) -> None:
    painter.drawEllipse(QPointF(12, 12), 8.5, 8.5)
    painter.drawLine(QPointF(9, 9), QPointF(15, 15))
    painter.drawLine(QPointF(15, 9), QPointF(9, 15))


def _undo(painter: QPainter, *_: QColor) -> None:
    painter.drawPolyline(_points([(8, 4.5), (4, 8.5), (8, 12.5)]))
    path = QPainterPath(QPointF(4, 8.5))
    path.lineTo(14.5, 8.5)
    path.arcTo(QRectF(9.5, 8.5, 10.5, 10.5), 90, -180)
    path.lineTo(8, 19)
    painter.drawPath(path)


def _sweep(painter: QPainter, *_: QColor) -> None:
    for top in (5.0, 10.0, 15.0):
        painter.drawRect(QRectF(3, top, 3.4, 3.4))
        painter.drawLine(QPointF(10, top + 1.7), QPointF(21, top + 1.7))


def _close(painter: QPainter, *_: QColor) -> None:
    painter.drawLine(QPointF(6.5, 6.5), QPointF(17.5, 17.5))
    painter.drawLine(QPointF(17.5, 6.5), QPointF(6.5, 17.5))


def _good(painter: QPainter, *_: QColor) -> None:
    painter.drawEllipse(QPointF(12, 12), 9.5, 9.5)
    painter.drawPolyline(_points([(7.5, 12.5), (10.7, 15.7), (16.5, 8.8)]))


def _warning(painter: QPainter, *_: QColor) -> None:
    painter.drawPolygon(_points([(12, 3), (22, 20.5), (2, 20.5)]))
    _exclaim(painter, 9.5, 14.2, 17.4)


def _bad(painter: QPainter, *_: QColor) -> None:
    corners = [(8, 2.5), (16, 2.5), (21.5, 8), (21.5, 16), (16, 21.5), (8, 21.5), (2.5, 16)]
    painter.drawPolygon(_points([*corners, (2.5, 8)]))
    _exclaim(painter, 7, 13, 16.8)


def _note(painter: QPainter, *_: QColor) -> None:
    painter.drawEllipse(QPointF(12, 12), 9.5, 9.5)
    painter.drawLine(QPointF(12, 11.2), QPointF(12, 17))
    painter.drawPoint(QPointF(12, 7.4))


def _grip(painter: QPainter, *_: QColor) -> None:
    for x in (9.0, 15.0):
        for y in (6.0, 12.0, 18.0):
            painter.drawEllipse(QPointF(x, y), 0.8, 0.8)


def _exclaim(painter: QPainter, top: float, bottom: float, dot: float) -> None:
    painter.drawLine(QPointF(12, top), QPointF(12, bottom))
    painter.drawPoint(QPointF(12, dot))


def _points(corners: Sequence[tuple[float, float]]) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in corners])


DRAWINGS: dict[str, Callable[[QPainter, QColor, QColor], None]] = {
    "open": _open,
    "samples": _samples,
    "pair": _pair,
    "modes": _modes,
    "export": _export,
    "undo": _undo,
    "sweep": _sweep,
    "cancel": _cancel,
    "close": _close,
    "good": _good,
    "warning": _warning,
    "bad": _bad,
    "note": _note,
    "grip": _grip,
}
"""Every icon by name."""
