"""Where everything stands: one plan that the size and the drawing share."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, QSize

from inspector.core.comparison import first_near_ties
from inspector.core.features.result import FeatureResult
from inspector.core.side_runs import side_runs
from inspector.core.top import TopRow, top_rows
from inspector.core.wording import describe, mode_title
from inspector.figure import text as typography

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inspector.core.features.kinds import AnyResult
    from inspector.core.findings import Finding
    from inspector.core.result import Result, SideResult
    from inspector.core.side_runs import SideRun

WIDTH = 1200.0
MARGIN = 28.0
GUTTER = 16.0
PADDING = 18.0
HEADING_HEIGHT = 18.0
INNER = WIDTH - 2 * MARGIN

IMAGE_HEIGHT = 196.0
IMAGE_CARD_HEIGHT = PADDING + HEADING_HEIGHT + 10 + IMAGE_HEIGHT + PADDING

ROW_PITCH = 28.0
MOST_ROW_PITCH = 34.0
COLUMN_HEAD_HEIGHT = 42.0
BAR_AXIS_HEIGHT = 22.0
BACKGROUND_GAP = 10.0
CAPTION_HEIGHT = 18.0
SIDE_CARD_WIDTH = 384.0
LEAST_CHART_HEIGHT = 330.0
FEATURE_CHART_HEIGHT = 396.0

MOST_FINDINGS = 3
BANNER_ICON = 52.0


@dataclass(frozen=True, slots=True)
class FindingLines:
    """One finding, wrapped to its card."""

    finding: Finding
    lines: tuple[str, ...]

    @property
    def height(self) -> float:
        """Height in the card, the gap below it included."""
        return typography.STRONG.leading + len(self.lines) * typography.SMALL.leading + 10


@dataclass(frozen=True, eq=False, slots=True)
class RunLines:
    """One further run of a side, wrapped to its card."""

    run: SideRun
    lines: tuple[str, ...]

    @property
    def height(self) -> float:
        """Height in the card, the gap below it included."""
        return typography.STRONG.leading + len(self.lines) * typography.SMALL.leading + 10


@dataclass(frozen=True, slots=True)
class Layout:
    """The plan of one figure, in logical pixels.

    Attributes
    ----------
    height
        Of the whole figure; its width is `WIDTH`.
    header, banner, picture, left_input, right_input, bars, histogram, runs, findings, footer
        The blocks; `runs` and `findings` are None where there are none.
    verdict_lines, run_lines, finding_lines, stage_lines
        Text wrapped to its block; `stage_lines` for left and right.
    rows, row_pitch
        The classes of the bar plots, and the height of each row.
    finite
        Whether there is anything to plot.
    """

    height: float
    header: QRectF
    banner: QRectF
    picture: QRectF
    left_input: QRectF
    right_input: QRectF
    bars: QRectF
    histogram: QRectF
    runs: QRectF | None
    findings: QRectF | None
    footer: QRectF
    verdict_lines: tuple[str, ...]
    run_lines: tuple[RunLines, ...]
    finding_lines: tuple[FindingLines, ...]
    stage_lines: tuple[tuple[str, ...], tuple[str, ...]]
    rows: tuple[TopRow, ...]
    row_pitch: float
    finite: bool

    @property
    def size(self) -> QSize:
        """The figure's size in whole logical pixels."""
        return QSize(int(WIDTH), math.ceil(self.height))


def plan(result: AnyResult, top: int) -> Layout:
    """Place every block of the figure for a result.

    Parameters
    ----------
    result
        The comparison.
    top
        How many classes of each side to show, 1 to 20. Features have no rows: their plots share
        the place of the bars.
    """
    verdict = typography.wrapped(
        result.verdict.text, typography.VERDICT, INNER - BANNER_ICON - PADDING, 6
    )
    header = QRectF(MARGIN, 24, INNER, 52)
    banner = _below(header, 12, len(verdict) * typography.VERDICT.leading + 24)
    third = (INNER - 2 * GUTTER) / 3
    images_top = banner.bottom() + GUTTER
    pictures = [
        QRectF(MARGIN + number * (third + GUTTER), images_top, third, IMAGE_CARD_HEIGHT)
        for number in range(3)
    ]
    finite = is_finite(result)
    rows: tuple[TopRow, ...] = ()
    chart_height, row_pitch = FEATURE_CHART_HEIGHT, ROW_PITCH
    if not isinstance(result, FeatureResult):
        rows = top_rows(result.comparison, result.labels, top) if finite else ()
        chart_height = max(_bars_height(result, rows), LEAST_CHART_HEIGHT)
        row_pitch = _row_pitch(result, rows, chart_height)
    charts = QRectF(MARGIN, pictures[0].bottom() + GUTTER, INNER, chart_height)
    run_lines = _run_lines(result)
    runs = _card_of_lines(charts, run_lines)
    finding_lines = _finding_lines(result)
    hidden = len(result.findings) - len(finding_lines)
    findings = _card_of_lines(runs or charts, finding_lines, more=hidden > 0)
    stages = _stage_lines(result.left), _stage_lines(result.right)
    footer = _below(findings or runs or charts, 14, _footer_height(stages))
    return Layout(
        height=footer.bottom() + 20,
        header=header,
        banner=banner,
        picture=pictures[0],
        left_input=pictures[1],
        right_input=pictures[2],
        bars=charts.adjusted(0, 0, -SIDE_CARD_WIDTH - GUTTER, 0),
        histogram=charts.adjusted(INNER - SIDE_CARD_WIDTH, 0, 0, 0),
        runs=runs,
        findings=findings,
        footer=footer,
        verdict_lines=verdict,
        run_lines=run_lines,
        finding_lines=finding_lines,
        stage_lines=stages,
        rows=rows,
        row_pitch=row_pitch,
        finite=finite,
    )


def is_finite(result: AnyResult) -> bool:
    """Tell whether all numbers that the plots need are finite."""
    comparison = result.comparison
    return bool(np.isfinite(comparison.left).all() and np.isfinite(comparison.right).all())


def has_background(result: Result) -> bool:
    """Tell whether a row for the background class is drawn."""
    return any(side.scores.background is not None for side in (result.left, result.right))


def has_near_tie(result: Result, rows: tuple[TopRow, ...]) -> bool:
    """Tell whether a row of the plots is a near-tie, so that the sign must be explained."""
    return any(is_near_tie(result, row) for row in rows)


def is_near_tie(result: Result, row: TopRow) -> bool:
    """Tell whether a class changes its rank, and float noise alone decides that."""
    return row.rank_change != 0 and bool(first_near_ties(result.comparison)[row.index])


def inside(card: QRectF) -> QRectF:
    """Give the part of a card inside its padding."""
    return card.adjusted(PADDING, PADDING, -PADDING, -PADDING)


def _below(block: QRectF, gap: float, height: float) -> QRectF:
    return QRectF(MARGIN, block.bottom() + gap, INNER, height)


def _bars_height(result: Result, rows: tuple[TopRow, ...]) -> float:
    height = 2 * PADDING + HEADING_HEIGHT + 8 + COLUMN_HEAD_HEIGHT + BAR_AXIS_HEIGHT
    height += len(rows) * ROW_PITCH
    if has_background(result):
        height += BACKGROUND_GAP + ROW_PITCH
    if has_near_tie(result, rows):
        height += CAPTION_HEIGHT
    return height


def _row_pitch(result: Result, rows: tuple[TopRow, ...], height: float) -> float:
    """Spread few rows over the card, which is never lower than the histogram needs."""
    count = len(rows) + has_background(result)
    spare = height - _bars_height(result, rows)
    return min(MOST_ROW_PITCH, ROW_PITCH + spare / max(1, count))


def _finding_lines(result: AnyResult) -> tuple[FindingLines, ...]:
    width = INNER - 2 * PADDING - 84
    return tuple(
        FindingLines(
            finding,
            typography.wrapped(f"{finding.evidence} {finding.mend}", typography.SMALL, width, 3),
        )
        for finding in result.findings[:MOST_FINDINGS]
    )


def _run_lines(result: AnyResult) -> tuple[RunLines, ...]:
    if isinstance(result, FeatureResult):
        return ()
    return tuple(
        RunLines(run, typography.wrapped(words, typography.SMALL, INNER - 2 * PADDING - 18, 4))
        for run in side_runs(result)
        if (words := " ".join(part for part in (run.text, run.note) if part))
    )


def _card_of_lines(
    above: QRectF, shown: Sequence[FindingLines | RunLines], *, more: bool = False
) -> QRectF | None:
    if not shown:
        return None
    height = 2 * PADDING + HEADING_HEIGHT + 8 + sum(item.height for item in shown) - 10
    if more:
        height += typography.SMALL.leading + 6
    return _below(above, GUTTER, height)


def _stage_lines(side: SideResult) -> tuple[str, ...]:
    words = f"{mode_title(side.settings.mode)}: {describe(side.settings.preprocessing)}"
    return typography.wrapped(words, typography.CAPTION, (INNER - 2 * GUTTER) / 2 - 18, 3)


def _footer_height(stages: tuple[tuple[str, ...], ...]) -> float:
    caption = typography.CAPTION.leading
    most = max(len(lines) for lines in stages)
    return typography.SMALL_STRONG.leading + caption * (1 + most) + 18 + caption
