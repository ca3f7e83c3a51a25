"""The figure as a PNG, SVG or PDF file, or as an image in memory."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRect, QSizeF
from PySide6.QtGui import QImage, QImageWriter, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from inspector import __version__
from inspector.core.errors import ExportError, UsageError
from inspector.core.files import write_bytes
from inspector.core.palette import LIGHT, PALETTES, Palette
from inspector.core.reports.feature_aware import any_json
from inspector.core.reports.report import plain
from inspector.core.sources import nearest_hint
from inspector.core.top import DEFAULT_TOP
from inspector.figure.draw import figure_size, paint_figure
from inspector.figure.text import family

if TYPE_CHECKING:
    import os

    from inspector.core.features.kinds import AnyResult

METADATA_KEY = "twin-inspector"
"""Key of the PNG text that holds the whole comparison as JSON."""

SUFFIXES = (".png", ".svg", ".pdf")
LEAST_SCALE, MOST_SCALE = 1.0, 4.0

_DPI = 96
_INCH = 0.0254
_PROGRAM = f"Twin Inspector {__version__}"


def export_figure(
    result: AnyResult,
    path: str | os.PathLike[str],
    *,
    scale: float = 1.0,
    theme: str = "light",
    top: int = DEFAULT_TOP,
) -> None:
    """Write the figure to a file, atomically; the format follows the file's suffix.

    Parameters
    ----------
    result
        The comparison.
    path
        A file that ends in ``.png``, ``.svg`` or ``.pdf``; its folder must exist.
    scale
        Pixels of a PNG per logical pixel, 1 to 4. The printed size stays the same: the resolution
        grows. SVG and PDF are sharp at every size and don't depend on it.
    theme
        ``light`` or ``dark``.
    top
        How many classes of each side are shown, or half as many dimensions; 1 to 20.

    Raises
    ------
    UsageError
        Where scale or theme is not one of the above.
    ExportError
        Where the suffix is another one or the file cannot be written; an old file stays whole.
    """
    check_scale(scale)
    palette = find_palette(theme)
    suffix = Path(path).suffix.lower()
    if suffix == ".png":
        data = figure_png_bytes(result, palette, scale=scale, top=top)
    elif suffix == ".svg":
        data = figure_svg_bytes(result, palette, top=top)
    elif suffix == ".pdf":
        data = figure_pdf_bytes(result, palette, top=top)
    else:
        raise ExportError(
            f"A figure cannot be written as {suffix or 'a file without a suffix'}.",
            f"End the file's name in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}.",
        )
    write_bytes(path, data)


def check_scale(scale: float) -> None:
    """Raise UsageError where `scale` is not from 1 to 4."""
    if not (math.isfinite(scale) and LEAST_SCALE <= scale <= MOST_SCALE):
        raise UsageError(
            f"The scale {scale:g} is not possible.",
            f"Choose a scale from {LEAST_SCALE:g} to {MOST_SCALE:g}.",
        )


def find_palette(theme: str) -> Palette:
    """Give the colours of a theme; raise UsageError where there is none of that name."""
    palette = PALETTES.get(theme)
    if palette is None:
        hint = nearest_hint(theme, tuple(PALETTES), "theme")
        raise UsageError(f"There is no theme {theme!r}.", hint)
    return palette


def figure_image(
    result: AnyResult, palette: Palette = LIGHT, scale: float = 1.0, top: int = DEFAULT_TOP
) -> QImage:
    """Draw the figure as an image with `scale` pixels per logical pixel; safe on any thread.

    Raises
    ------
    ExportError
        Where there is not enough memory.
    """
    size = figure_size(result, top)
    image = QImage(
        round(size.width() * scale), round(size.height() * scale), QImage.Format.Format_RGB32
    )
    if image.isNull():
        raise ExportError("There is not enough memory to draw the figure.", "Lower the scale.")
    image.fill(palette.window)
    painter = QPainter(image)
    try:
        painter.scale(scale, scale)
        paint_figure(painter, result, palette, top)
    finally:
        painter.end()
    dots_per_metre = round(_DPI * scale / _INCH)
    image.setDotsPerMeterX(dots_per_metre)
    image.setDotsPerMeterY(dots_per_metre)
    return image


def figure_png_bytes(
    result: AnyResult, palette: Palette = LIGHT, *, scale: float = 1.0, top: int = DEFAULT_TOP
) -> bytes:
    """Give the figure as PNG, which carries the comparison under `METADATA_KEY` as JSON."""
    image = figure_image(result, palette, scale, top)
    image.setText("Title", _title(result))
    image.setText("Software", _PROGRAM)
    image.setText(METADATA_KEY, _json(result, top))
    buffer = _open_buffer()
    writer = QImageWriter(buffer, QByteArray(b"PNG"))
    if not writer.write(image):
        raise ExportError(
            f"The figure could not be encoded as PNG: {writer.errorString()}.", "Lower the scale."
        )
    return _content(buffer)


def figure_svg_bytes(
    result: AnyResult, palette: Palette = LIGHT, *, top: int = DEFAULT_TOP
) -> bytes:
    """Give the figure as SVG; its text stays text, its description is the comparison as JSON."""
    size = figure_size(result, top)
    buffer = _open_buffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(_DPI)
    generator.setSize(size)
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    generator.setTitle(_title(result))
    generator.setDescription(_json(result, top))
    _paint_on(generator, result, palette, top)
    return _with_fallback_font(_content(buffer))


def figure_pdf_bytes(
    result: AnyResult, palette: Palette = LIGHT, *, top: int = DEFAULT_TOP
) -> bytes:
    """Give the figure as a PDF of one page of its size; the comparison is attached as JSON."""
    size = figure_size(result, top)
    buffer = _open_buffer()
    writer = QPdfWriter(buffer)
    writer.setTitle(_title(result))
    writer.setCreator(_PROGRAM)
    writer.setResolution(_DPI * 10)
    points = QSizeF(size.width(), size.height()) * (72 / _DPI)
    page = QPageSize(points, QPageSize.Unit.Point, "figure", QPageSize.SizeMatchPolicy.ExactMatch)
    orientation = QPageLayout.Orientation.Portrait
    writer.setPageLayout(QPageLayout(page, orientation, QMarginsF(0, 0, 0, 0)))
    json_bytes = QByteArray(_json(result, top).encode("ascii"))
    writer.addFileAttachment("comparison.json", json_bytes, "application/json")
    _paint_on(writer, result, palette, top, scale=10.0)
    return _content(buffer)


def _with_fallback_font(svg: bytes) -> bytes:
    """Let a viewer that lacks the font take its own sans-serif one rather than a serif one."""
    named = f'font-family="{family()}"'
    return svg.replace(named.encode(), f'font-family="{family()}, sans-serif"'.encode())


def _paint_on(
    device: QSvgGenerator | QPdfWriter,
    result: AnyResult,
    palette: Palette,
    top: int,
    scale: float = 1.0,
) -> None:
    painter = QPainter()
    if not painter.begin(device):
        raise ExportError("Qt could not begin to draw the figure.", "Export it as PNG.")
    try:
        painter.scale(scale, scale)
        paint_figure(painter, result, palette, top)
    finally:
        finished = painter.end()
    if not finished:
        raise ExportError("Qt could not finish the figure.", "Export it as PNG.")


def _open_buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer


def _content(buffer: QBuffer) -> bytes:
    return bytes(buffer.data().data())


def _title(result: AnyResult) -> str:
    return plain(f"{result.pair.title}: {result.picture.name}")


def _json(result: AnyResult, top: int) -> str:
    """Give the comparison as JSON in ASCII, which every reader of metadata takes as it is."""
    return json.dumps(any_json(result, top), allow_nan=False)
