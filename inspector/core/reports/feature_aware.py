"""Every report for either kind of result: of classes, or of features."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inspector.core.causes.explanation_lines import explanation_lines
from inspector.core.features.explanation import FeatureExplanation
from inspector.core.features.lines import feature_lines
from inspector.core.features.result import FeatureResult
from inspector.core.reports.csv_report import comparison_csv
from inspector.core.reports.explain_report import explanation_json, explanation_text
from inspector.core.reports.feature_explain_report import (
    feature_explanation_json,
    feature_explanation_text,
)
from inspector.core.reports.feature_markdown import feature_markdown
from inspector.core.reports.feature_report import feature_csv, feature_json, feature_text
from inspector.core.reports.markdown_report import markdown_report
from inspector.core.reports.report import comparison_json, report_text

if TYPE_CHECKING:
    from inspector.core.features.kinds import AnyExplanation, AnyResult


def any_json(result: AnyResult, top: int = 5) -> dict[str, Any]:
    """Give a result as JSON; its schema says of which kind it is."""
    if isinstance(result, FeatureResult):
        return feature_json(result, top)
    return comparison_json(result, top)


def any_text(result: AnyResult, top: int = 5) -> str:
    """Give a result as text for a terminal."""
    if isinstance(result, FeatureResult):
        return feature_text(result, top)
    return report_text(result, top)


def any_csv(result: AnyResult) -> str:
    """Give every class or every dimension as CSV."""
    return feature_csv(result) if isinstance(result, FeatureResult) else comparison_csv(result)


def any_markdown(result: AnyResult, explanation: AnyExplanation | None) -> str:
    """Give a result as Markdown, with its causes where they are known."""
    lines: tuple[str, ...] = ()
    if isinstance(explanation, FeatureExplanation):
        lines = feature_lines(explanation)
    elif explanation is not None:
        lines = explanation_lines(explanation)
    if isinstance(result, FeatureResult):
        return feature_markdown(result, lines)
    return markdown_report(result, lines)


def any_explanation_json(explanation: AnyExplanation, top: int = 5) -> dict[str, Any]:
    """Give an explanation as JSON; its schema says of which kind it is."""
    if isinstance(explanation, FeatureExplanation):
        return feature_explanation_json(explanation, top)
    return explanation_json(explanation, top)


def any_explanation_text(explanation: AnyExplanation) -> str:
    """Give an explanation as text for a terminal."""
    if isinstance(explanation, FeatureExplanation):
        return feature_explanation_text(explanation)
    return explanation_text(explanation)
