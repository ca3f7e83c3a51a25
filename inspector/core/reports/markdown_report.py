"""A result as Markdown: the text of an issue, ready to paste.

Nothing in it names a home folder, and no name or label can break out of its place: every text from
outside goes through :func:`safe` or :func:`code`.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.core.modes import MODE_IDS
from inspector.core.reports.report import (
    difference_text,
    input_facts,
    number_text,
    plain,
    reads_as_probabilities,
)
from inspector.core.side_runs import side_runs
from inspector.core.sources import SourceKind, is_url
from inspector.core.top import rank_text, top_rows
from inspector.core.wording import describe, mode_title

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from inspector.core.comparison import Comparison
    from inspector.core.features.kinds import AnyResult
    from inspector.core.findings import Finding
    from inspector.core.picture import PictureInfo
    from inspector.core.result import Result, SideResult
    from inspector.core.sources import Source

TOP = 5
"""Classes of each side in the table."""

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&$])")
_LINE_START = re.compile(r"^(\d+)([.)])|^([#+>=-])")
_CALLS = re.compile(r"([@#])(?=\w)")
_NO_BREAK = "\N{ZERO WIDTH SPACE}"


def markdown_report(result: Result, explanation_lines: Sequence[str] = ()) -> str:
    """Give a result as Markdown, in the flavour of GitHub.

    Parameters
    ----------
    result
        The comparison.
    explanation_lines
        Sentences that explain it further, such as the share of each stage; may be empty.

    Returns
    -------
    str
        Title, verdict, first classes, releases, explanation, findings, metrics, picture and
        versions, with a line break at the end.
    """
    blocks = [
        [report_title(result)],
        [safe(result.verdict.text)],
        ["## First classes", "", *_top_table(result)],
        *_run_blocks(result),
        ["## Releases", "", *_release_table(result)],
        *listed("Explanation", [safe(line) for line in explanation_lines]),
        *listed("Findings", [finding_text(finding) for finding in result.findings]),
        ["## Metrics", "", *_metric_table(result.comparison)],
        ["## Picture", "", *picture_lines(result.picture)],
        ["## Versions", "", versions_line(result.versions)],
    ]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def report_title(result: AnyResult) -> str:
    """Give the first heading: both releases and the picture."""
    names = safe(result.left.release.name), safe(result.right.release.name)
    return f"# {' and '.join(names)} on {safe(Path(result.picture.name).name)}"


def safe(text: str) -> str:
    r"""Give a text for Markdown: one line that holds no markup, no mention and no home folder.

    What Markdown would read is escaped by a backslash (CommonMark 0.31, section 2.4); ``@name`` and
    ``#1`` get a zero-width space, since they are read after the escapes are gone.
    """
    escaped = _SPECIAL.sub(r"\\\1", without_home(plain(text)))
    escaped = _LINE_START.sub(lambda match: _escape_start(*match.groups()), escaped)
    return _CALLS.sub(rf"\1{_NO_BREAK}", escaped)


def code(text: str) -> str:
    """Give a text as a code span; the fence is longer than any run of backticks inside.

    A text with a bar is escaped instead: a table's cell would end there, in a code span too.
    """
    inner = without_home(plain(text))
    if "|" in inner or not inner:
        return safe(text)
    longest = max((len(run) for run in re.findall("`+", inner)), default=0)
    fence = "`" * (longest + 1)
    space = " " if inner.startswith("`") or inner.endswith("`") else ""
    return f"{fence}{space}{inner}{space}{fence}"


def without_home(text: str) -> str:
    """Write the user's home folder as ``~``."""
    home = str(Path.home())
    if len(home) < 2:
        return text
    return re.sub(rf"(?<![\w.~-]){re.escape(home)}(?![\w.-])", "~", text)


def short_path(path: str) -> str:
    """Give a path below the home folder with ``~``, and of any other the last name only."""
    place = Path(path)
    home = Path.home()
    if len(str(home)) > 1 and place.is_relative_to(home):
        return str(Path("~") / place.relative_to(home))
    return place.name


def source_text(source: Source) -> str:
    """Give a `source` line without folders that name a machine or a person."""
    options = [
        f"{key}={value if key != 'weights' else short_path(value)}" for key, value in source.options
    ]
    application = source.kind is SourceKind.KERAS_APPLICATION
    whole = application or is_url(source.target)
    target = source.target if whole else short_path(source.target)
    return f"{source.kind}:{target}" + (f"?{'&'.join(options)}" if options else "")


def _escape_start(number: str | None, point: str | None, sign: str | None) -> str:
    return f"\\{sign}" if sign else f"{number}\\{point}"


def table(header: Sequence[str], rows: Sequence[Sequence[str]], numbers: int = 0) -> list[str]:
    """Give a table whose cells are safe already; the last `numbers` columns are set right."""
    texts = len(header) - numbers
    rule = ["---"] * texts + ["---:"] * numbers
    return [f"| {' | '.join(cells)} |" for cells in (header, rule, *rows)]


def _top_table(result: Result) -> list[str]:
    comparison = result.comparison
    percent = reads_as_probabilities(comparison)
    rows = [
        (
            f"{safe(row.label)} ({row.index})",
            number_text(row.left, percent),
            number_text(row.right, percent),
            difference_text(row.left - row.right, percent),
            rank_text(row),
        )
        for row in top_rows(comparison, result.labels, TOP)
    ]
    header = ("Class (index)", "Left", "Right", "Difference", "Rank, left → right")
    return table([*header], [[_cell(cell) for cell in row] for row in rows], numbers=4)


def _cell(cell: str) -> str:
    """Give a cell of numbers as it is, with ``<`` written so that no HTML begins."""
    return cell.replace("<0", "&lt;0")


def _run_blocks(result: Result) -> Iterator[list[str]]:
    """Give a section for training mode and for each auxiliary head, with its mark as the title."""
    for run in side_runs(result):
        percent = reads_as_probabilities(run.compared)
        rows = [
            (
                f"{safe(row.label)} ({row.index})",
                _cell(number_text(row.left, percent)),
                _cell(number_text(row.right, percent)),
                _cell(difference_text(row.right - row.left, percent)),
            )
            for row in run.rows(result.labels, TOP)
        ]
        texts = [safe(f"{run.settings}."), safe(run.text), *([safe(run.note)] if run.note else [])]
        head = ("Class (index)", *run.heads, "Difference")
        yield [f"## {safe(run.marked_title)}", "", *texts, "", *table(head, rows, numbers=3)]


def _release_table(result: Result) -> list[str]:
    sides = (result.left, result.right)
    reading = ("Read as", *(_reading_text(side) for side in sides))
    return release_table(result, [("Output", *(_output_text(side) for side in sides)), reading])


def release_table(result: AnyResult, outputs: Sequence[Sequence[str]]) -> list[str]:
    """Give what both sides are and did, as a table; `outputs` are its rows about the outputs."""
    sides = (result.left, result.right)
    rows = (
        ("Release", *(safe(side.release.name) for side in sides)),
        ("Source", *(code(source_text(side.release.source)) for side in sides)),
        ("Mode", *(_mode_cell(side.settings.mode) for side in sides)),
        ("Preprocessing", *(safe(describe(side.settings.preprocessing)) for side in sides)),
        ("Model input", *(input_text(side) for side in sides)),
        *outputs,
    )
    notes = [" ".join(safe(note) for note in side.notes) for side in sides]
    noted = [("Notes", *notes)] if any(notes) else []
    return table(("", "Left", "Right"), [*rows, *noted])


def _mode_cell(mode: str) -> str:
    return f"{mode_title(mode)} ({code(mode)})" if mode in MODE_IDS else safe(mode_title(mode))


def input_text(side: SideResult) -> str:
    """Give size and span of a model input, and what is declared."""
    facts = input_facts(side)
    height, width = side.model_input.shape[:2]
    declared = f"declared {side.release.range.reach}"
    if facts["min"] is None:
        return f"{height} × {width}, not finite ({declared})"
    return f"{height} × {width}, {facts['min']:.4g} to {facts['max']:.4g} ({declared})"


def _output_text(side: SideResult) -> str:
    background = ", index 0 is a background class" if side.release.background else ""
    total = exact_number(side.scores.row_sum)
    return f"{side.raw.size} {side.release.output}{background}; sum {total}"


def _reading_text(side: SideResult) -> str:
    scores = side.scores
    softmax = "with softmax" if scores.applied_softmax else "without softmax"
    if not side.release.background:
        return softmax
    if not scores.dropped_background:
        return f"{softmax}, background class kept"
    share = f" ({exact_number(scores.background)})" if scores.background is not None else ""
    return f"{softmax}, background class{share} dropped"


def listed(title: str, items: Sequence[str]) -> Iterator[list[str]]:
    """Give a heading with a list, or nothing where the list is empty."""
    if items:
        yield [f"## {title}", "", *(f"- {item}" for item in items)]


def finding_text(finding: Finding) -> str:
    """Give a finding as one line."""
    level = finding.level.name.capitalize()
    evidence, mend = safe(finding.evidence), safe(finding.mend)
    return f"**{level}: {safe(finding.title)}.** {evidence} Mend: {mend}"


def _metric_table(comparison: Comparison) -> list[str]:
    rows = (
        ("Shared classes", str(comparison.classes)),
        ("Same first class", "yes" if comparison.top1_same else "no"),
        ("Classes among the first five of both", str(comparison.top5_overlap)),
        (r"max \|Δp\|", exact_number(comparison.max_abs_difference)),
        (r"mean \|Δp\|", exact_number(comparison.mean_abs_difference)),
        ("Jensen-Shannon divergence (nats)", exact_number(comparison.js)),
        ("Cosine similarity", exact_number(comparison.cosine)),
        ("allclose, rtol 0.8", "yes" if comparison.allclose_rtol_08 else "no"),
        (r"Noise floor, max \|Δp\|", exact_number(comparison.noise_floor)),
    )
    return table(("Metric", "Value"), rows, numbers=1)


def exact_number(value: float | None) -> str:
    """Write a number with seven digits."""
    if value is None:
        return "none"
    return f"{value:.7g}" if math.isfinite(value) else "not finite"


def picture_lines(picture: PictureInfo) -> list[str]:
    """Give what is known of a picture as a list."""
    facts = f"{picture.format}, {picture.width} × {picture.height}, mode {picture.mode}"
    lines = [
        f"- {code(Path(picture.name).name)}: {safe(facts)}",
        f"- sha256 {code(picture.sha256)}",
    ]
    if picture.exif_orientation != 1:
        lines.append(f"- EXIF orientation {picture.exif_orientation}")
    return [*lines, *(f"- {safe(note)}" for note in picture.notes)]


def versions_line(versions: Mapping[str, str]) -> str:
    """Give all versions in one line."""
    parts = [f"{name} {version}" for name, version in versions.items()]
    return " · ".join(safe(part) for part in parts)
