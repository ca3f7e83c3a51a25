"""The picture, and what each model received."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPaintEngine

from inspector.core.facts import unit_input
from inspector.core.reports.report import input_facts
from inspector.core.wording import mode_text
from inspector.figure import text as typography
from inspector.figure.canvas import Align
from inspector.figure.layout import HEADING_HEIGHT, inside

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPainter

    from inspector.core.features.kinds import AnyResult
    from inspector.core.result import SideResult
    from inspector.figure.canvas import Canvas
    from inspector.figure.layout import Layout

_VECTOR_DENSITY = 3.0
_MOST_DENSITY = 4.0
_STATISTICS_GAP = 16.0


def draw_images(canvas: Canvas, layout: Layout, result: AnyResult) -> None:
    """Draw the three cards: the picture, the left model input, the right model input."""
    _draw_picture(canvas, layout.picture, result)
    _draw_input(canvas, layout.left_input, "Left model input", canvas.palette.left, result.left)
    _draw_input(canvas, layout.right_input, "Right model input", canvas.palette.right, result.right)


def to_image(pixels: NDArray[np.uint8]) -> QImage:
    """Give uint8 RGB (height, width, 3) as an image that owns its pixels."""
    height, width = pixels.shape[:2]
    data = np.ascontiguousarray(pixels)
    return QImage(data.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def visible_input(side: SideResult) -> NDArray[np.uint8]:
    """Give a model input as uint8 (h, w, 3); what is outside black and white is clipped to them."""
    unit = np.nan_to_num(unit_input(side), nan=0.0, posinf=1.0, neginf=0.0)
    return np.asarray(np.rint(np.clip(unit, 0.0, 1.0) * 255.0), dtype=np.uint8)


def fitted(width: int, height: int, box: QRectF, centred: bool = True) -> QRectF:
    """Give the largest rectangle of an image's proportions in a box, at least 2 pixels thin."""
    factor = min(box.width() / width, box.height() / height)
    w, h = max(2.0, width * factor), max(2.0, height * factor)
    x = box.left() + (box.width() - w) / 2 if centred else box.left()
    y = box.top() + (box.height() - h) / 2 if centred else box.top()
    return QRectF(x, y, w, h)


def _draw_picture(canvas: Canvas, card: QRectF, result: AnyResult) -> None:
    box = _card_body(canvas, card)
    orientation = result.picture.exif_orientation
    used = 0.0
    if orientation != 1:
        used = _badge(canvas, _head(card), f"EXIF orientation {orientation}")
    canvas.text(_head(card).adjusted(0, 0, -used, 0), "Picture", typography.HEADING)
    height, width = result.preview.shape[:2]
    image = to_image(result.preview)
    target = fitted(width, height, box)
    density = _density(canvas.painter)
    wanted = QSize(
        max(1, round(target.width() * density)), max(1, round(target.height() * density))
    )
    if wanted.width() < width or wanted.height() < height:
        image = image.scaled(
            wanted,
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    _draw_framed(canvas, target, image)


def _draw_input(canvas: Canvas, card: QRectF, title: str, colour: str, side: SideResult) -> None:
    box = _card_body(canvas, card)
    head = _head(card)
    canvas.dot(QPointF(head.left() + 5, head.center().y()), colour)
    used = canvas.text(head.adjusted(18, 0, 0, 0), title, typography.HEADING)
    mode = head.adjusted(18 + used + 12, 0, 0, 0)
    canvas.text(
        mode, mode_text(side.settings.mode), typography.SMALL, canvas.palette.muted, Align.RIGHT
    )
    pixels = visible_input(side)
    square = QRectF(box.left(), box.top(), box.height(), box.height())
    target = fitted(pixels.shape[1], pixels.shape[0], square, centred=False)
    _draw_framed(canvas, target, _enlarged(to_image(pixels), target, _density(canvas.painter)))
    _draw_statistics(canvas, box.adjusted(box.height() + _STATISTICS_GAP, 0, 0, 0), side)


def _draw_statistics(canvas: Canvas, box: QRectF, side: SideResult) -> None:
    facts = input_facts(side)
    height, width = side.model_input.shape[:2]
    low, high = side.release.range
    named = f", {side.release.range.name}" if side.release.range.name else ""
    entries = (
        ("Size", f"{width} × {height} px"),
        ("Lowest", _number(facts["min"])),
        ("Mean", _number(facts["mean"])),
        ("Highest", _number(facts["max"])),
        (f"Declared range{named}", f"{low:.4g} to {high:.4g}".replace("-", "−")),
    )
    pitch = box.height() / len(entries)
    for number, (name, value) in enumerate(entries):
        top = box.top() + number * pitch
        rect = QRectF(box.left(), top, box.width(), typography.CAPTION.leading)
        canvas.text(rect, name, typography.CAPTION, canvas.palette.muted)
        value_rect = QRectF(box.left(), rect.bottom(), box.width(), typography.BODY.leading)
        canvas.text(value_rect, value, typography.BODY)


def _number(value: float | None) -> str:
    if value is None:
        return "not finite"
    return f"{value:.4g}".replace("-", "−") if abs(value) >= 5e-5 else "0"


def _card_body(canvas: Canvas, card: QRectF) -> QRectF:
    canvas.card(card)
    return inside(card).adjusted(0, HEADING_HEIGHT + 10, 0, 0)


def _head(card: QRectF) -> QRectF:
    body = inside(card)
    return QRectF(body.left(), body.top(), body.width(), HEADING_HEIGHT)


def _badge(canvas: Canvas, head: QRectF, words: str) -> float:
    width = typography.width_of(words, typography.CAPTION_STRONG) + 16
    pill = QRectF(head.right() - width, head.top() - 1, width, head.height() + 2)
    canvas.fill(pill, canvas.palette.warning, pill.height() / 2)
    canvas.text(pill, words, typography.CAPTION_STRONG, align=Align.CENTRE)
    return width + 8


def _draw_framed(canvas: Canvas, target: QRectF, image: QImage) -> None:
    canvas.painter.drawImage(target, image)
    canvas.outline(target.adjusted(-1, -1, 1, 1), canvas.palette.grid)


def _enlarged(image: QImage, target: QRectF, density: float) -> QImage:
    """Repeat every pixel, so that smoothing on the device keeps the edges of the pixels sharp."""
    factor = math.ceil(2 * density * target.width() / image.width())
    if factor <= 1:
        return image
    return image.scaled(
        image.width() * factor,
        image.height() * factor,
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.FastTransformation,
    )


def _density(painter: QPainter) -> float:
    """Give how many pixels of the device one logical pixel of the figure has."""
    if painter.paintEngine().type() is not QPaintEngine.Type.Raster:
        return _VECTOR_DENSITY
    scale = painter.combinedTransform().m11() * painter.device().devicePixelRatioF()
    return max(1.0, min(_MOST_DENSITY, scale))
