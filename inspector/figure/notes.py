"""Further runs of the sides, findings, and the footer that says how the numbers came about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from inspector.core.findings import Level
from inspector.core.pairs import Side
from inspector.core.reports.report import versions_text
from inspector.figure import text as typography
from inspector.figure.canvas import Align
from inspector.figure.layout import GUTTER, HEADING_HEIGHT, inside

if TYPE_CHECKING:
    from inspector.core.features.kinds import AnyResult
    from inspector.core.result import SideResult
    from inspector.figure.canvas import Canvas
    from inspector.figure.layout import FindingLines, Layout, RunLines

_PILL_WIDTH = 68.0


def draw_runs(canvas: Canvas, layout: Layout) -> None:
    """Draw the card with training mode and auxiliary heads, where there are any."""
    if layout.runs is None:
        return
    box = _card(canvas, layout.runs, "Beside the inference answer")
    top = box.top()
    for item in layout.run_lines:
        _draw_run(canvas, QRectF(box.left(), top, box.width(), item.height), item)
        top += item.height


def _card(canvas: Canvas, place: QRectF, heading: str) -> QRectF:
    """Draw a card with its heading; give the part that is left for its contents."""
    canvas.card(place)
    box = inside(place)
    canvas.text(box.adjusted(0, 0, 0, HEADING_HEIGHT - box.height()), heading, typography.HEADING)
    return box.adjusted(0, HEADING_HEIGHT + 8, 0, 0)


def _draw_run(canvas: Canvas, box: QRectF, item: RunLines) -> None:
    palette, run = canvas.palette, item.run
    colour = palette.left if run.side is Side.LEFT else palette.right
    title = QRectF(box.left() + 18, box.top(), box.width() - 18, typography.STRONG.leading)
    canvas.dot(QPointF(box.left() + 5, title.center().y()), colour)
    used = canvas.text(title, run.marked_title, typography.STRONG)
    settings = title.adjusted(used + 12, 0, 0, 0)
    canvas.text(settings, run.settings, typography.SMALL, palette.muted)
    lines = box.adjusted(18, typography.STRONG.leading, 0, 0)
    canvas.lines(lines, item.lines, typography.SMALL, palette.muted)


def draw_findings(canvas: Canvas, layout: Layout, result: AnyResult) -> None:
    """Draw the card with the gravest findings, where there are any."""
    if layout.findings is None:
        return
    box = _card(canvas, layout.findings, "Findings")
    top = box.top()
    for item in layout.finding_lines:
        _draw_finding(canvas, QRectF(box.left(), top, box.width(), item.height), item)
        top += item.height
    hidden = len(result.findings) - len(layout.finding_lines)
    if hidden > 0:
        rest = QRectF(box.left() + _PILL_WIDTH + 16, top - 2, 200, typography.SMALL.leading)
        canvas.text(rest, f"+{hidden} more", typography.SMALL, canvas.palette.muted)


def _draw_finding(canvas: Canvas, box: QRectF, item: FindingLines) -> None:
    palette = canvas.palette
    colours = {
        Level.NOTE: palette.grid,
        Level.WARNING: palette.warning,
        Level.ERROR: palette.bad,
    }
    level = item.finding.level
    pill = QRectF(box.left(), box.top(), _PILL_WIDTH, typography.STRONG.leading)
    canvas.fill(pill, colours[level], pill.height() / 2)
    name = level.name.capitalize()
    canvas.text(pill, name, typography.CAPTION_STRONG, align=Align.CENTRE)
    words = box.adjusted(_PILL_WIDTH + 16, 0, 0, 0)
    title = QRectF(words.left(), words.top(), words.width(), typography.STRONG.leading)
    canvas.text(title, item.finding.title, typography.STRONG)
    lines = words.adjusted(0, typography.STRONG.leading, 0, 0)
    canvas.lines(lines, item.lines, typography.SMALL, palette.muted)


def draw_footer(canvas: Canvas, layout: Layout, result: AnyResult) -> None:
    """Draw both releases with source and stages, the versions, and the picture's checksum."""
    box, palette = layout.footer, canvas.palette
    width = (box.width() - 2 * GUTTER) / 2
    sides = (
        (result.left, palette.left, layout.stage_lines[0]),
        (result.right, palette.right, layout.stage_lines[1]),
    )
    for number, (side, colour, stages) in enumerate(sides):
        left = box.left() + number * (width + 2 * GUTTER)
        _draw_release(canvas, QRectF(left, box.top(), width, box.height()), side, colour, stages)
    last = QRectF(
        box.left(),
        box.bottom() - typography.CAPTION.leading,
        box.width(),
        typography.CAPTION.leading,
    )
    canvas.line(
        QPointF(box.left(), last.top() - 8), QPointF(box.right(), last.top() - 8), palette.grid
    )
    picture = result.picture
    facts = f"picture sha256 {picture.sha256[:12]}…, {picture.width} × {picture.height} px"
    used = canvas.text(last, facts, typography.CAPTION, palette.muted, Align.RIGHT)
    versions = versions_text(result.versions)
    canvas.text(last.adjusted(0, 0, -used - 24, 0), versions, typography.CAPTION, palette.muted)


def _draw_release(
    canvas: Canvas, box: QRectF, side: SideResult, colour: str, stages: tuple[str, ...]
) -> None:
    head = QRectF(box.left() + 18, box.top(), box.width() - 18, typography.SMALL_STRONG.leading)
    canvas.dot(QPointF(box.left() + 5, head.center().y()), colour)
    canvas.text(head, side.release.name, typography.SMALL_STRONG)
    source = QRectF(head.left(), head.bottom(), head.width(), typography.CAPTION.leading)
    muted = canvas.palette.muted
    canvas.text(source, str(side.release.source), typography.CAPTION, muted, middle=True)
    below = QRectF(head.left(), source.bottom(), head.width(), box.bottom() - source.bottom())
    canvas.lines(below, stages, typography.CAPTION, muted)
