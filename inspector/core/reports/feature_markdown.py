"""A comparison of features as Markdown: the text of an issue, ready to paste."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.features.wording import number_rows, number_text
from inspector.core.ordering import largest_differences
from inspector.core.reports.markdown_report import (
    exact_number,
    finding_text,
    listed,
    picture_lines,
    release_table,
    report_title,
    safe,
    table,
    versions_line,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inspector.core.features.result import FeatureResult, FeatureSide

TOP = 5
"""Dimensions in the table."""


def feature_markdown(result: FeatureResult, explanation_lines: Sequence[str] = ()) -> str:
    """Give a result as Markdown, in the flavour of GitHub.

    Parameters
    ----------
    result
        The comparison.
    explanation_lines
        Sentences that explain it further, such as the share of each stage; may be empty.
    """
    sides = (result.left, result.right)
    outputs = [("Output", *(_output_text(side) for side in sides))]
    blocks = [
        [report_title(result)],
        [safe(result.verdict.text)],
        ["## Numbers", "", *_number_table(result)],
        ["## Dimensions that differ most", "", *_dimension_table(result)],
        ["## Releases", "", *release_table(result, outputs)],
        *listed("Explanation", [safe(line) for line in explanation_lines]),
        *listed("Findings", [finding_text(finding) for finding in result.findings]),
        ["## Picture", "", *picture_lines(result.picture)],
        ["## Versions", "", versions_line(result.versions)],
    ]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _number_table(result: FeatureResult) -> list[str]:
    rows = [(safe(row.name), safe(row.value)) for row in number_rows(result.comparison)]
    dimensions = ("Dimensions", str(result.comparison.dimensions))
    return table(("Number", "Value"), [dimensions, *rows], numbers=1)


def _dimension_table(result: FeatureResult) -> list[str]:
    comparison = result.comparison
    columns = (comparison.left, comparison.right, comparison.difference)
    rows = [
        (str(index), *(number_text(float(column[index])) for column in columns))
        for index in largest_differences(comparison.difference, TOP)
    ]
    return table(("Dimension", "Left", "Right", "Difference"), rows, numbers=3)


def _output_text(side: FeatureSide) -> str:
    return f"{side.raw.size} features; sum {exact_number(side.scores.row_sum)}"
