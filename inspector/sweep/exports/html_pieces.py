"""Small pieces of HTML that the report is put together from; every text is escaped here."""

from __future__ import annotations

import base64
import math
from typing import TYPE_CHECKING

from inspector.core.numbers import exact_text, share_percent
from inspector.sweep.exports.escaping import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from inspector.sweep.intervals import Share

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
)


def percent(value: float | None) -> str:
    """Write a share; a dash where there is none."""
    return "–" if value is None or not math.isfinite(value) else share_percent(value)


def interval(share: Share) -> str:
    """Write a share's Wilson interval."""
    return f"95 %: {percent(share.low)} to {percent(share.high)}"


def measure_text(value: float | None) -> str:
    """Write a measure with three digits."""
    if value is None:
        return "–"
    return f"{value:.3g}" if math.isfinite(value) else "not finite"


def p_value_text(value: float) -> str:
    """Write a p-value, the very small ones as a bound."""
    return "< 0.0001" if value < 1e-4 else exact_text(float(f"{value:.3g}"))


def counted(count: int, what: str) -> str:
    """Write a number of things, such as ``1 picture`` or ``3 pictures``."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def tile(title: str, value: str, note: str, kind: str = "") -> str:
    """Give a large figure with its title and a note."""
    return (
        f'<div class="tile {kind}"><span class="quiet">{escape(title)}</span>'
        f'<b>{escape(value)}</b><span class="quiet small">{escape(note)}</span></div>'
    )


def panel(title: str, *parts: str) -> str:
    """Give a framed part of the page; `parts` are HTML already."""
    return f'<div class="panel"><h3>{escape(title)}</h3>{"".join(parts)}</div>'


def note(text: str) -> str:
    """Give a quiet sentence."""
    return f'<p class="quiet small">{escape(text)}</p>' if text else ""


def legend(left: str = "left", right: str = "right") -> str:
    """Say which colour is which side."""
    return (
        f'<p class="small"><span class="key left"></span>{escape(left)} &nbsp; '
        f'<span class="key right"></span>{escape(right)}</p>'
    )


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()) -> str:
    """Give a table of texts; columns in `numbers` are set flush right."""
    kinds = [' class="number"' if place in numbers else "" for place in range(len(heads))]
    head = "".join(
        f"<th{kind}>{escape(text)}</th>" for kind, text in zip(kinds, heads, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(f"<td{kind}>{escape(cell)}</td>" for kind, cell in zip(kinds, row, strict=True))
        + "</tr>"
        for row in rows
    )
    return f'<div class="scroll"><table><tr>{head}</tr>{body}</table></div>'


def picture(data: bytes | None, text: str) -> str:
    """Give a picture that is part of the page; a note where there is none.

    `data` is a PNG, JPEG, GIF or WebP file.
    """
    kind = next((name for magic, name in _MAGIC if data and data.startswith(magic)), "")
    if data and data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        kind = "webp"
    if not data or not kind:
        return '<span class="none">no preview</span>'
    encoded = base64.b64encode(data).decode("ascii")
    return f'<img alt="{escape(text)}" src="data:image/{kind};base64,{encoded}">'
