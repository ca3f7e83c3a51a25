"""Causes in the models themselves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from inspector.core.comparison import RESTLESS
from inspector.core.findings import Finding, Level
from inspector.core.weights.audit import AuditCode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inspector.core.causes.reasons import Reasons


def training_mode(reasons: Reasons) -> Iterator[Finding]:
    """Find a model that depends on chance or on the other pictures of its batch."""
    for row in reasons.noise:
        gap = row.max_abs_difference
        if gap is None or not math.isfinite(gap) or gap <= RESTLESS:
            continue
        if row.what == "run_again":
            yield Finding(
                "training_mode",
                f"The {row.side} model gives another answer each time",
                f"Two runs on the same picture are {gap:.3g} apart.",
                "Switch dropout off: call the model with training=False.",
                Level.ERROR,
            )
        elif row.what == "batch":
            yield Finding(
                "training_mode",
                f"The {row.side} model's answer depends on the rest of the batch",
                f"A picture alone and among others is {gap:.3g} apart.",
                "Batch norm uses the batch's statistics: call the model with training=False.",
                Level.ERROR,
            )


def different_weights(reasons: Reasons) -> Iterator[Finding]:
    """Find weights that the audit could not match."""
    audit = reasons.audit
    if audit is None or audit.code in {AuditCode.SAME, AuditCode.NO_WEIGHTS}:
        return
    if audit.code is AuditCode.QUANTISED:
        yield Finding(
            str(audit.code),
            "The two releases hold the same weights, but for quantisation",
            audit.text,
            "Compare with a float release: what is left of the difference then is not the "
            "rounding's.",
            Level.NOTE,
        )
        return
    yield Finding(
        str(audit.code),
        "The two releases do not hold the same weights",
        audit.text,
        "Check that both were published from one checkpoint; 'twin-inspector weights' lists all.",
        Level.WARNING,
    )


def near_tie(reasons: Reasons) -> Iterator[Finding]:
    """Find a change of the first class that is decided by float noise only."""
    comparison = reasons.facts.comparison
    left, right = comparison.left_top, comparison.right_top
    if left == right:
        return
    margin = max(
        float(comparison.left[left] - comparison.left[right]),
        float(comparison.right[right] - comparison.right[left]),
    )
    if margin <= reasons.tolerance:
        yield Finding(
            "near_tie",
            "The first class changes, but harmlessly",
            f"{reasons.facts.labels.name(left)} and {reasons.facts.labels.name(right)} are only "
            f"{margin:.2g} apart, which is below what float noise can move.",
            "Nothing: treat the two as equal.",
            Level.NOTE,
        )


def quantised_weights(reasons: Reasons) -> Iterator[Finding]:
    """Find weights that take few distinct values per channel, as quantisation leaves them."""
    for report in reasons.quantised:
        yield Finding(
            "quantised_weights",
            f"The {report.side} release's weights were quantised",
            f"{report.name} has at most {report.distinct} distinct values per channel of "
            f"{report.elements} weights ({report.tensors} of {report.checked} large tensors).",
            "Expect other numbers than those of a float release; compare it with another "
            "publisher's.",
            Level.NOTE,
        )
