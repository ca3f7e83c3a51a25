"""Fonts of the figure, and text that is cut or wrapped before it is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QFontMetricsF, QTextLayout, QTextOption

from inspector.core.reports.report import plain
from inspector.core.wording import keep_together

_PREFERRED = ("Inter", "Segoe UI", "Helvetica Neue", "Roboto", "Noto Sans", "DejaVu Sans")


@dataclass(frozen=True, slots=True)
class TextStyle:
    """One step of the type scale.

    Attributes
    ----------
    size, leading
        Height of the type, and distance of two baselines, in logical pixels.
    bold
        Whether it is set bold.
    """

    size: int
    leading: float
    bold: bool = False


TITLE = TextStyle(23, 30, bold=True)
SUBTITLE = TextStyle(13, 20)
VERDICT = TextStyle(15, 22)
HEADING = TextStyle(13, 18, bold=True)
BODY = TextStyle(13, 18)
STRONG = TextStyle(13, 18, bold=True)
SMALL = TextStyle(12, 17)
SMALL_STRONG = TextStyle(12, 17, bold=True)
CAPTION = TextStyle(11, 15)
CAPTION_STRONG = TextStyle(11, 15, bold=True)


@cache
def family() -> str:
    """Give the first preferred family that this system has, else its own sans-serif one."""
    installed = set(QFontDatabase.families())
    own = QFont()
    own.setStyleHint(QFont.StyleHint.SansSerif)
    return next((name for name in _PREFERRED if name in installed), QFontInfo(own).family())


def font(style: TextStyle) -> QFont:
    """Give the font of a style, unhinted, so that text has the same width at every scale.

    Made anew at every call: figures are drawn on several threads, and a QFont may not be shared.
    """
    made = QFont(family())
    made.setStyleHint(QFont.StyleHint.SansSerif)
    made.setPixelSize(style.size)
    made.setWeight(QFont.Weight.DemiBold if style.bold else QFont.Weight.Normal)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


def metrics(style: TextStyle) -> QFontMetricsF:
    """Give the metrics of a style."""
    return QFontMetricsF(font(style))


def width_of(text: str, style: TextStyle) -> float:
    """Measure one line of text."""
    return metrics(style).horizontalAdvance(text)


def elided(text: str, style: TextStyle, width: float, middle: bool = False) -> str:
    """Cut a text to one line of at most `width`; names of files lose their middle."""
    mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
    return metrics(style).elidedText(plain(text), mode, max(0.0, width))


def wrapped(text: str, style: TextStyle, width: float, most: int) -> tuple[str, ...]:
    """Break a text into at most `most` lines of at most `width`; the last one is cut if need be.

    A number stays with its unit.
    """
    whole = keep_together(plain(text))
    layout = QTextLayout(whole, font(style))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    starts: list[int] = []
    while len(starts) <= most and (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        starts.append(line.textStart())
    layout.endLayout()
    return tuple(_cut(_units(whole), starts, style, width, most))


def _cut(units: bytes, starts: list[int], style: TextStyle, width: float, most: int) -> list[str]:
    """Slice UTF-16 text at Qt's line starts, which count UTF-16 units and not characters."""
    ends = [*starts[1:], len(units) // 2]
    lines = [
        units[2 * start : 2 * end].decode("utf-16-le").strip()
        for start, end in zip(starts, ends, strict=True)
    ]
    if len(lines) <= most:
        return lines
    rest = units[2 * starts[most - 1] :].decode("utf-16-le")
    return [*lines[: most - 1], elided(rest, style, width)]


def _units(text: str) -> bytes:
    return text.encode("utf-16-le")
