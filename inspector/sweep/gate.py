"""The gate: rules that a run must keep so that a migration may go on.

Near-ties count as agreement unless `strict` says otherwise: float noise alone decides them, so they
would come and go between two machines. Both figures stand in every message.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inspector.core.errors import UsageError
from inspector.core.labels import Labels
from inspector.core.numbers import share_percent
from inspector.sweep.filters import RowFilter, RowKind
from inspector.sweep.query import RunTable
from inspector.sweep.statistics import measure_run

if TYPE_CHECKING:
    from collections.abc import Callable

    from inspector.sweep.intervals import Share
    from inspector.sweep.rows import SweepRow
    from inspector.sweep.run_file import RunFile
    from inspector.sweep.statistics import RunStatistics

NAMED = 10
"""Pictures that a violated rule names."""


@dataclass(frozen=True, slots=True)
class GateRules:
    """What is demanded; None where a rule is not set.

    Two rules hold whether they are set or not, and whatever else is: both name the same class for
    every picture, and no picture has an error. Set them to allow less.

    Attributes
    ----------
    min_agreement
        Least share of pictures on which both name the same class, 0 to 1. Where it is not set, 1
        is meant: every picture.
    max_abs_difference
        Largest |Δp| that any picture may have.
    max_error_share
        Largest share of pictures with an error, 0 to 1. Where it is not set, 0 is meant: none.
    min_left_accuracy, min_right_accuracy
        Least share of pictures whose true class the side names first, 0 to 1.
    strict
        Whether near-ties count as differences.
    """

    min_agreement: float | None = None
    max_abs_difference: float | None = None
    max_error_share: float | None = None
    min_left_accuracy: float | None = None
    min_right_accuracy: float | None = None
    strict: bool = False

    def checked(self) -> GateRules:
        """Give the rules themselves where they make sense.

        Raises
        ------
        UsageError
            Where a share is not within 0 to 1, or a limit is negative.
        """
        for name in _SHARES:
            value = getattr(self, name)
            if value is not None and not 0.0 <= value <= 1.0:
                title = name.replace("_", "-")
                raise UsageError(
                    f"--{title} is {value:g}, but a share lies between 0 and 1.",
                    "Write 0.99 for 99 %.",
                )
        limit = self.max_abs_difference
        if limit is not None and not limit >= 0.0:
            raise UsageError(
                f"--max-abs-difference is {limit:g}, but a limit is 0 or more.",
                "Write for instance 1e-3.",
            )
        return self


_SHARES = ("min_agreement", "max_error_share", "min_left_accuracy", "min_right_accuracy")


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule.

    Attributes
    ----------
    id, title
        Its name for scripts, and in words.
    passed
        Whether the run keeps it.
    demanded, measured
        As texts.
    text
        A sentence with both.
    pictures
        Some pictures that violate it, the worst first: path and what is wrong.
    """

    id: str
    title: str
    passed: bool
    demanded: str
    measured: str
    text: str
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GateResult:
    """All rules that hold.

    Attributes
    ----------
    rules
        Each with its result.
    notes
        Sentences on what the run does not have.
    seconds
        How long the run took, or None where that is unknown.
    """

    rules: tuple[RuleResult, ...]
    notes: tuple[str, ...] = ()
    seconds: float | None = None

    @property
    def passed(self) -> bool:
        """Tell whether the run keeps every rule."""
        return all(rule.passed for rule in self.rules)

    @property
    def violated(self) -> tuple[RuleResult, ...]:
        """The rules that the run does not keep."""
        return tuple(rule for rule in self.rules if not rule.passed)

    @property
    def exit_code(self) -> int:
        """0 where every rule is kept, 1 where ``--fail-on-difference`` is to fail."""
        return 0 if self.passed else 1


def judge_run(
    run: RunFile, rules: GateRules, statistics: RunStatistics | None = None
) -> GateResult:
    """Hold a run against rules.

    A run that is not whole, or of which no picture could be compared, never passes.

    Parameters
    ----------
    run
        The run.
    rules
        What is demanded.
    statistics
        Of the run, where they are known already.

    Raises
    ------
    UsageError
        Where a rule makes no sense.
    """
    demanded = rules.checked()
    judge = _Judge(run, demanded, statistics or measure_run(run))
    return GateResult(tuple(judge.results()), run.notes, run.seconds)


class _Judge:
    """Works out the rules one by one."""

    def __init__(self, run: RunFile, rules: GateRules, statistics: RunStatistics) -> None:
        self._run, self._rules, self._statistics = run, rules, statistics
        self._table = RunTable(run)

    def results(self) -> list[RuleResult]:
        rules = self._rules
        least = 1.0 if rules.min_agreement is None else rules.min_agreement
        found = [self._whole(), self._agreement(least)]
        if rules.max_abs_difference is not None:
            found.append(self._difference(rules.max_abs_difference))
        found.append(self._errors(rules.max_error_share or 0.0))
        for side in ("left", "right"):
            least = getattr(rules, f"min_{side}_accuracy")
            if least is not None:
                found.append(self._accuracy(side, least))
        return found

    def _whole(self) -> RuleResult:
        progress, answered = self._run.progress(), self._statistics.answered
        passed = progress.done >= progress.total and answered > 0
        return RuleResult(
            id="complete",
            title="every picture is done and at least one could be compared",
            passed=passed,
            demanded=f"{progress.total} done",
            measured=f"{progress.done} done, {answered} compared",
            text=f"{progress.done} of {progress.total} pictures are done, and {answered} could be "
            "compared.",
            pictures=() if answered else self._named(RowFilter(kind=RowKind.ERRORS), _error_text),
        )

    def _agreement(self, least: float) -> RuleResult:
        agreement, strict = self._statistics.agreement, self._rules.strict
        share = agreement.strict if strict else agreement.tolerant
        passed = share.rate is not None and share.rate >= least
        meant = "near-ties count as differences" if strict else "near-ties count as agreement"
        kind = RowKind.DISAGREE if strict else RowKind.REAL
        return RuleResult(
            id="min-agreement",
            title=f"both name the same class for at least {share_percent(least)} of the pictures",
            passed=passed,
            demanded=share_percent(least),
            measured=_share_text(share),
            text=f"Both name the same class for {_share_text(share)}; {meant}. There are "
            f"{agreement.real} real disagreements and {agreement.near_ties} near-ties.",
            pictures=() if passed else self._named(RowFilter(kind=kind), self._classes_text),
        )

    def _difference(self, most: float) -> RuleResult:
        worst = self._table.worst("max_abs_difference", NAMED)
        measured = worst[0].measures.max_abs_difference if worst and worst[0].measures else None
        passed = measured is not None and measured <= most
        shown, allowed = "none", f"{most:g}"
        if measured is not None:
            shown = f"{measured:.6g}"
            if not passed and float(shown) <= float(allowed):
                shown, allowed = repr(measured), repr(most)  # what parts them shows in all digits
        above = [
            row for row in worst if row.measures and not row.measures.max_abs_difference <= most
        ]
        return RuleResult(
            id="max-abs-difference",
            title=f"no probability differs by more than {allowed}",
            passed=passed,
            demanded=f"at most {allowed}",
            measured=shown,
            text=f"The largest difference of probability is {shown}, and {allowed} is allowed.",
            pictures=tuple(map(_difference_text, above)),
        )

    def _errors(self, most: float) -> RuleResult:
        errors = self._statistics.errors
        done = errors + self._statistics.answered
        share = errors / done if done else 0.0
        passed = share <= most
        allowed = f"{share_percent(most)} is allowed"
        if self._rules.max_error_share is None:
            allowed = "none is allowed unless --max-error-share says so"
        return RuleResult(
            id="max-error-share",
            title=f"at most {share_percent(most)} of the pictures have an error",
            passed=passed,
            demanded=f"at most {share_percent(most)}",
            measured=f"{share_percent(share)} ({errors} of {done})",
            text=f"{errors} of {done} pictures have an error, and {allowed}.",
            pictures=() if passed else self._named(RowFilter(kind=RowKind.ERRORS), _error_text),
        )

    def _accuracy(self, side: str, least: float) -> RuleResult:
        quality = self._statistics.left if side == "left" else self._statistics.right
        rate = quality.top1.rate if quality else None
        passed = rate is not None and rate >= least
        shown = _share_text(quality.top1) if quality else "no picture has a known true class"
        demanded = share_percent(least)
        return RuleResult(
            id=f"min-{side}-accuracy",
            title=f"{side} names the true class for at least {demanded} of the pictures",
            passed=passed,
            demanded=demanded,
            measured=shown,
            text=f"The accuracy of the {side} side is {shown}, and {demanded} is demanded."
            if quality
            else "No picture has a known true class, so there is no accuracy.",
        )

    def _named(self, row_filter: RowFilter, text: Callable[[SweepRow], str]) -> tuple[str, ...]:
        if row_filter.kind is RowKind.ERRORS:
            rows = self._table.rows(row_filter, limit=NAMED)
        else:
            rows = self._table.worst("max_abs_difference", NAMED, row_filter)
        return tuple(text(row) for row in rows)

    def _classes_text(self, row: SweepRow) -> str:
        sides = [side for side in (row.left, row.right) if side is not None]
        names = [Labels(self._run.info.labels).name(side.top[0]) for side in sides]
        return f"{row.item.path}: {' / '.join(names)}"


def _difference_text(row: SweepRow) -> str:
    value = row.measures.max_abs_difference if row.measures else math.nan
    return f"{row.item.path}: {value:.6g}"


def _error_text(row: SweepRow) -> str:
    return row.error if row.item.path in row.error else f"{row.item.path}: {row.error}"


def _share_text(share: Share) -> str:
    if share.rate is None:
        return "none of 0"
    return (
        f"{share_percent(share.rate)} ({share.count} of {share.total}; 95 % interval "
        f"{share_percent(share.low)} to {share_percent(share.high)})"
    )
