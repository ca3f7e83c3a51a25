"""The figures of the HTML report: what a run comes to, its gate, plots and accuracy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.sweep.exports import html_pieces as pieces
from inspector.sweep.exports import svg
from inspector.sweep.exports.escaping import escape
from inspector.sweep.exports.html_pieces import counted

if TYPE_CHECKING:
    from inspector.sweep.distribution import Distribution
    from inspector.sweep.gate import GateResult
    from inspector.sweep.mcnemar import McNemar
    from inspector.sweep.run_file import RunFile
    from inspector.sweep.statistics import RankBucket, RunStatistics, SideQuality


def head(run: RunFile, found: RunStatistics, title: str) -> str:
    """Give the title, what was done, and the figures that matter most."""
    info, progress, agreement = run.info, run.progress(), found.agreement
    errors, unfinished = counted(found.errors, "error"), ""
    if progress.done < progress.total:
        unfinished = (
            f'<div class="banner warning">This run is not finished: {progress.done} of '
            f"{progress.total} pictures are done.</div>"
        )
    tiles = [
        pieces.tile(
            "Same class", pieces.percent(agreement.strict.rate), pieces.interval(agreement.strict)
        ),
        pieces.tile(
            "Same class or near-tie",
            pieces.percent(agreement.tolerant.rate),
            pieces.interval(agreement.tolerant),
        ),
        pieces.tile(
            "Real disagreements",
            str(agreement.real),
            f"{counted(agreement.near_ties, 'near-tie')}, which float noise decides",
        ),
        pieces.tile(
            "Compared",
            str(found.answered),
            f"of {progress.total}; {errors}",
        ),
    ]
    for name, side in (("left", found.left), ("right", found.right)):
        if side is not None:
            tiles.append(
                pieces.tile(
                    f"Accuracy {name}",
                    pieces.percent(side.top1.rate),
                    pieces.interval(side.top1),
                    name,
                )
            )
    kind = " six" if len(tiles) == 6 else ""
    return (
        f"<h1>{escape(title)}</h1>"
        f'<p class="quiet">{escape(info.listed)} · begun {escape(info.started)}</p>'
        f'{unfinished}<div class="tiles{kind}">{"".join(tiles)}</div>'
    )


def gate(result: GateResult) -> str:
    """Give the rules that the run was held against."""
    kind, word = ("good", "passed") if result.passed else ("bad", "failed")
    rows = [
        (rule.title, "kept" if rule.passed else "violated", rule.demanded, rule.measured)
        for rule in result.rules
    ]
    return f'<div class="banner {kind}"><strong>The gate {word}.</strong></div>' + pieces.table(
        ("Rule", "", "Demanded", "Measured"), rows
    )


def distributions(found: RunStatistics) -> str:
    """Give the plots of how far the two are apart."""
    difference = found.distribution("max_abs_difference")
    mean = found.distribution("mean_abs_difference")
    js = found.distribution("js")
    margins = found.distribution("left_margin"), found.distribution("right_margin")
    overlap = [svg.Series("", "neutral", found.top5_overlap)]
    parts = [
        pieces.panel(
            "Largest difference of probability",
            svg.log_histogram(
                "Pictures by largest difference", "largest |Δp|", [(difference, "", "neutral")]
            ),
            pieces.note(_figures(difference)),
        ),
        pieces.panel(
            "Mean difference of probability",
            svg.log_histogram("Pictures by mean difference", "mean |Δp|", [(mean, "", "neutral")]),
            pieces.note(_figures(mean)),
        ),
        pieces.panel(
            "Jensen-Shannon divergence",
            svg.log_histogram("Pictures by divergence", "JS in nats", [(js, "", "neutral")]),
            pieces.note(_figures(js)),
        ),
        pieces.panel(
            "Margin of the first class over the second",
            svg.log_histogram(
                "Pictures by margin",
                "margin",
                [(margins[0], "left", "left"), (margins[1], "right", "right")],
            ),
            pieces.legend(),
        ),
        pieces.panel(
            "Classes shared among the first five",
            svg.bar_chart(
                "Pictures by shared classes",
                "shared of five",
                [str(number) for number in range(6)],
                overlap,
                [f"{number} of 5" for number in range(6)],
            ),
        ),
        pieces.panel("Rank that the other side gives the first class", _ranks(found)),
    ]
    return f'<h2>How far they are apart</h2><div class="grid">{"".join(parts)}</div>'


def quality(found: RunStatistics) -> str:
    """Give accuracy, McNemar's test and calibration, where true classes are known."""
    if found.left is None or found.right is None or found.mcnemar is None:
        return ""
    rows = [_quality_row("left", found.left), _quality_row("right", found.right)]
    parts = [
        pieces.panel(
            f"Accuracy on {counted(found.labelled, 'picture')} with a known class",
            pieces.table(("Side", "First", "95 % interval", "Among five", "ECE"), rows, (1, 3, 4)),
        ),
        pieces.panel("Which side is correct", _mcnemar(found.mcnemar)),
    ]
    for name, side in (("left", found.left), ("right", found.right)):
        if side.calibration is not None:
            chart = svg.reliability_chart(f"Reliability of {name}", side.calibration, name)
            text = f"Expected calibration error {side.calibration.ece:.4f} over 15 bins."
            parts.append(pieces.panel(f"Reliability, {name}", chart, pieces.note(text)))
    return f'<h2>Accuracy and calibration</h2><div class="grid">{"".join(parts)}</div>'


def _ranks(found: RunStatistics) -> str:
    names = [_rank_name(bucket) for bucket in found.ranks]
    series = [
        svg.Series("right's rank of left's class", "left", [b.right_of_left for b in found.ranks]),
        svg.Series("left's rank of right's class", "right", [b.left_of_right for b in found.ranks]),
    ]
    if found.agreement.same:  # rank 1 is agreement, and would hide the rest
        names, series = (
            names[1:],
            [svg.Series(part.name, part.colour, part.values[1:]) for part in series],
        )
    chart = svg.bar_chart("Pictures by rank", "rank", names, series, [f"rank {n}" for n in names])
    legend = pieces.legend("right's rank of left's class", "left's rank of right's class")
    text = f"Both give rank 1 for {counted(found.agreement.same, 'picture')}."
    return chart + legend + pieces.note(text if found.agreement.same else "")


def _rank_name(bucket: RankBucket) -> str:
    if bucket.last is None:
        return f">{bucket.first - 1}"
    return str(bucket.first) if bucket.first == bucket.last else f"{bucket.first}–{bucket.last}"


def _quality_row(name: str, side: SideQuality) -> tuple[str, ...]:
    return (
        name,
        pieces.percent(side.top1.rate),
        f"{pieces.percent(side.top1.low)} to {pieces.percent(side.top1.high)}",
        pieces.percent(side.top5.rate),
        f"{side.calibration.ece:.4f}" if side.calibration else "–",
    )


def _mcnemar(test: McNemar) -> str:
    rows = [
        ("Left correct", str(test.both_right), str(test.left_only)),
        ("Left wrong", str(test.right_only), str(test.both_wrong)),
    ]
    if test.p_value < 0.05:
        better = "left" if test.left_only > test.right_only else "right"
        text = f"The {better} side is correct more often than chance explains"
    else:
        text = "The difference between the two is no more than chance explains"
    named = f"McNemar's test, {test.method}, p {_p_value(test)}"
    return pieces.table(("", "Right correct", "Right wrong"), rows, (1, 2)) + pieces.note(
        f"{text} ({named})."
    )


def _p_value(test: McNemar) -> str:
    text = pieces.p_value_text(test.p_value)
    return text if text.startswith("<") else f"= {text}"


def _figures(distribution: Distribution) -> str:
    """Say in a sentence what the plot does not show."""
    said = []
    if distribution.quantiles:
        half, most, nearly = (pieces.measure_text(value) for _, value in distribution.quantiles)
        said.append(f"Median {half}, 90 % below {most}, 99 % below {nearly}")
        said.append(f"largest {pieces.measure_text(distribution.maximum)}")
    outside = (
        (distribution.zeros, "exactly 0"),
        (distribution.below, "below the plot"),
        (distribution.above, "above the plot"),
        (distribution.missing, "without a number"),
    )
    said += [f"{count} {what}" for count, what in outside if count]
    return "; ".join(said) + "." if said else ""
