"""The few sentences that say whether the two agree, and if not, why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.comparison import RESTLESS
from inspector.core.pairs import OutputKind
from inspector.core.preprocessing import ChannelOrder
from inspector.core.weights.audit import AuditCode
from inspector.core.wording import levels_text

if TYPE_CHECKING:
    from inspector.core.facts import Facts, InputGap, PairCheck, SideNoise
    from inspector.core.result import SideResult


class VerdictCode(StrEnum):
    """What a comparison comes to; the last two are of features alone."""

    IDENTICAL = "identical"
    FLOAT_NOISE = "float_noise"
    OUTPUT_CONVENTION = "output_convention"
    LABEL_SHIFT = "label_shift"
    PREPROCESSING = "preprocessing"
    RANDOM = "random"
    QUANTISED = "quantised"
    DIFFERENT_GRAPH = "different_graph"
    DIFFERENT_WEIGHTS = "different_weights"
    DIFFERENT_MODELS = "different_models"
    SCALED = "scaled"
    REORDERED = "reordered"


AGREEMENT = frozenset({VerdictCode.IDENTICAL, VerdictCode.FLOAT_NOISE})
"""The codes that mean: these two agree."""

HEADLINES: dict[VerdictCode, str] = {
    VerdictCode.IDENTICAL: "The two are identical",
    VerdictCode.FLOAT_NOISE: "The two agree",
    VerdictCode.OUTPUT_CONVENTION: "The outputs are read differently",
    VerdictCode.LABEL_SHIFT: "The two number their classes differently",
    VerdictCode.PREPROCESSING: "They differ because of the preprocessing",
    VerdictCode.DIFFERENT_GRAPH: "They differ because of the graph",
    VerdictCode.DIFFERENT_WEIGHTS: "They differ because of the weights or the graph",
    VerdictCode.DIFFERENT_MODELS: "These are different models",
    VerdictCode.SCALED: "They differ by a factor only",
    VerdictCode.RANDOM: "A model gives no steady answer",
    VerdictCode.QUANTISED: "They differ because one side is quantised",
    VerdictCode.REORDERED: "The same features in another order",
}
"""What every code says in a few words."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A code for scripts and sentences in plain words for people.

    Attributes
    ----------
    code
        What it comes to.
    what
        What each side says and how far they are apart; may be empty.
    why
        Where that comes from; empty where the code's headline would say more than is known.
    broken
        The gravest broken convention, a few words without a full stop; empty where there is none.
        It may do harm without making the sides differ.
    """

    code: VerdictCode
    what: str
    why: str = ""
    broken: str = ""

    @property
    def agrees(self) -> bool:
        """Tell whether the two sides agree."""
        return self.code in AGREEMENT

    @property
    def headline(self) -> str:
        """What it comes to, in a few words."""
        return HEADLINES[self.code]

    @property
    def text(self) -> str:
        """All of it as running text; the broken convention comes before the other causes."""
        headline = f"{self.headline}." if self.why else ""
        return sentences(self.what, headline, mend_first_text(self.broken), self.why)


def sentences(*parts: str) -> str:
    """Join what is not empty."""
    return " ".join(filter(None, parts))


def mend_first_text(broken: str) -> str:
    """Give the sentence about a broken convention; empty where there is none."""
    return f"To mend first: {lower_first(broken)}." if broken else ""


def judge(facts: Facts) -> Verdict:
    """Say what a comparison comes to.

    The order matters: where a model is not in inference mode, nothing else can be told; what the
    user switched in the outputs explains more than pixels do, and pixels are blamed only for what
    the same pixels would not show.
    """
    comparison = facts.comparison
    if not np.isfinite(comparison.max_abs_difference):
        return Verdict(
            VerdictCode.DIFFERENT_MODELS,
            "At least one side gives numbers that are not finite, so nothing can be compared.",
        )
    if comparison.max_abs_difference == 0.0:
        return Verdict(
            VerdictCode.IDENTICAL, f"{_first_classes(facts)}.", "Every number is the same."
        )
    what = what_differs(facts)
    if facts.check.restless:
        return Verdict(VerdictCode.RANDOM, what, restless_text(facts.check))
    switched = _switched(facts, what)
    if switched is not None:
        return switched
    if comparison.max_abs_difference <= facts.check.tolerance:
        return Verdict(VerdictCode.FLOAT_NOISE, what, f"That is float noise.{_tie(facts)}")
    return _cause(facts, what)


def what_differs(facts: Facts) -> str:
    """Say which class each side names first, and how far the two are apart."""
    return (
        f"{_first_classes(facts)}; the largest difference of probability is "
        f"{facts.comparison.max_abs_difference:.3g}."
    )


def _first_classes(facts: Facts) -> str:
    comparison = facts.comparison
    left, right = comparison.left_top, comparison.right_top
    p, q = comparison.left[left], comparison.right[right]
    if left == right:
        return f"Both name {facts.labels.name(left)} first ({_share(p)} and {_share(q)})"
    return (
        f"Left names {facts.labels.name(left)} first ({_share(p)}), "
        f"right {facts.labels.name(right)} ({_share(q)})"
    )


def restless_text(check: PairCheck) -> str:
    """Say which side differs from itself, and that one run proves nothing."""
    sides = (("left", check.left_noise), ("right", check.right_noise))
    parts = [
        _restless_side(name, noise)
        for name, noise in sides
        if noise is not None and (noise.again > RESTLESS or noise.batch > RESTLESS)
    ]
    if not parts:
        parts = [f"One of the releases is up to {check.noise_floor:.2g} from itself"]
    said = "; ".join([parts[0], *map(lower_first, parts[1:])])
    return f"{said}: dropout or batch statistics. One run proves nothing about agreement."


def _restless_side(name: str, noise: SideNoise) -> str:
    if noise.again > RESTLESS:
        return (
            f"The {name} release gives another answer each time it is run "
            f"(up to {noise.again:.2g} apart)"
        )
    return (
        f"The {name} release's answer depends on the other pictures of its batch "
        f"(up to {noise.batch:.2g} apart)"
    )


def _share(value: float) -> str:
    """Write a probability as a percentage, or the bare number where it is none."""
    return f"{100 * value:.1f} %" if 0 <= value <= 1 else f"{value:.4g}"


def lower_first(text: str) -> str:
    """Go on within a sentence."""
    return text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """Begin a sentence with a capital letter."""
    return text[:1].upper() + text[1:]


def _switched(facts: Facts, what: str) -> Verdict | None:
    shifted = [
        f"the {name} side keeps its background class at index 0, so that every class stands one "
        "place further than on the other side"
        for name, side in facts.sides
        if side.release.background and not side.scores.dropped_background
    ]
    read = [
        f"the {name} side has {_reading(side)}"
        for name, side in facts.sides
        if side.scores.applied_softmax != (side.release.output is OutputKind.LOGITS)
    ]
    if not shifted and not read:
        return None
    code = VerdictCode.OUTPUT_CONVENTION if read else VerdictCode.LABEL_SHIFT
    return Verdict(code, what, f"{upper_first('; '.join([*read, *shifted]))}.")


def _reading(side: SideResult) -> str:
    if side.scores.applied_softmax:
        return "a softmax on what are probabilities already"
    return "its logits read as if they were probabilities"


def _cause(facts: Facts, what: str) -> Verdict:
    gap = facts.input_gap()
    if gap is None:
        return _sizes_differ(facts, what)
    if not facts.check.same_function:
        return _models_differ(facts, what, gap.same)
    if gap.same:
        return Verdict(
            VerdictCode.FLOAT_NOISE,
            what,
            "They received the very same pixels, and both models agree on the probe picture: "
            f"float noise, larger here than usual.{_tie(facts)}",
        )
    return Verdict(
        VerdictCode.PREPROCESSING,
        what,
        f"{upper_first(received(facts, gap))}; given the same pixels, they agree within "
        f"{within(facts.check):g}.",
    )


def received(facts: Facts, gap: InputGap) -> str:
    """Say in which way the two models received something else; what is against a rule first."""
    broken = []
    for name, side in facts.sides:
        made, expected = side.settings.preprocessing.output_range, side.release.range
        if not made.is_close(expected):
            broken.append(
                f"the {name} model received numbers from {made.words} where {expected.words} is "
                "expected"
            )
        if side.settings.preprocessing.channel_order is ChannelOrder.BGR:
            broken.append(f"the {name} model received its channels in reverse order")
    if broken:
        return " and ".join(broken)
    return (
        f"the two models received different pixels ({levels_text(gap.mean)} apart on average, "
        f"{gap.largest:.0f} at most)"
    )


def within(check: PairCheck) -> float:
    """Give what the two are apart on the same pixels, rounded up to one digit."""
    gap = max(check.model_gap or 0.0, check.noise_floor, 1e-12)
    unit = 10.0 ** np.floor(np.log10(gap))
    return float(f"{np.ceil(gap / unit - 1e-9) * unit:.0e}")


def _tie(facts: Facts) -> str:
    if facts.comparison.left_top == facts.comparison.right_top:
        return ""
    return " The first class changes in a near-tie only, which is harmless."


_OF_AUDIT = {
    AuditCode.SAME: VerdictCode.DIFFERENT_GRAPH,
    AuditCode.OTHER_EPSILON: VerdictCode.DIFFERENT_GRAPH,
    AuditCode.CLASSES_REORDERED: VerdictCode.LABEL_SHIFT,
    AuditCode.QUANTISED: VerdictCode.QUANTISED,
    AuditCode.PARTLY_SAME: VerdictCode.DIFFERENT_WEIGHTS,
    AuditCode.DIFFERENT_WEIGHTS: VerdictCode.DIFFERENT_WEIGHTS,
    AuditCode.DIFFERENT_MODELS: VerdictCode.DIFFERENT_MODELS,
}

_SAME_WEIGHTS = frozenset({VerdictCode.DIFFERENT_GRAPH, VerdictCode.QUANTISED})
"""What an audit comes to that found every variable on the other side."""


def _models_differ(facts: Facts, what: str, same_pixels: bool) -> Verdict:
    audit, gap = facts.check.audit, facts.check.model_gap
    apart = f" (by up to {gap:.2g})" if gap is not None and not same_pixels else ""
    head = f"They differ on the very same pixels too{apart}"
    if audit is None or audit.code not in _OF_AUDIT:
        return Verdict(
            VerdictCode.DIFFERENT_WEIGHTS, what, f"{head}; the weights cannot be read to tell more."
        )
    rounded = _rounded_text(facts.check)
    if rounded and _OF_AUDIT[audit.code] in _SAME_WEIGHTS:
        return Verdict(VerdictCode.QUANTISED, what, f"{head}. {rounded} {audit.text}")
    return Verdict(_OF_AUDIT[audit.code], what, f"{head}. {audit.text}")


def _rounded_text(check: PairCheck) -> str:
    """Say which side computes in whole numbers where the other does not; empty for none."""
    steps = {"left": check.left_step, "right": check.right_step}
    rounded = [name for name, step in steps.items() if step]
    if len(rounded) != 1:
        return ""
    return (
        f"The {rounded[0]} release computes in whole numbers, which rounds what its layers hand on "
        f"(its output has steps of {steps[rounded[0]]:.2g}); the other does not."
    )


def _sizes_differ(facts: Facts, what: str) -> Verdict:
    audit = facts.check.audit
    head = "The two models take inputs of different sizes"
    if audit is None or audit.code not in _OF_AUDIT:
        return Verdict(
            VerdictCode.DIFFERENT_MODELS,
            what,
            f"{head}, so they cannot be given the same pixels.",
        )
    return Verdict(_OF_AUDIT[audit.code], what, f"{head}. {audit.text}")
