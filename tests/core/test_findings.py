from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from inspector.core.comparison import compare
from inspector.core.facts import Facts
from inspector.core.findings import RULES, Finding, Level, find_causes
from inspector.core.modes import resolve_mode
from inspector.core.pairs import Side
from inspector.core.preprocessing import Alpha, Decode, Decoder, Orientation
from inspector.core.scores import OutputSwitches, interpret
from tests.support.results import CHECK, LEFT, RIGHT, make_result

if TYPE_CHECKING:
    from inspector.core.result import Result, SideResult


def facts_of(result: Result, left: SideResult | None = None, **changes: object) -> Facts:
    left = left or result.left
    return Facts(
        picture=replace(result.picture, **changes),
        left=left,
        right=result.right,
        comparison=compare(left.scores, result.right.scores),
        check=CHECK,
        labels=result.labels,
    )


def codes(facts: Facts) -> dict[str, Finding]:
    return {finding.code: finding for finding in find_causes(facts)}


def with_raw(side: SideResult, raw: np.ndarray) -> SideResult:
    scores = interpret(raw, side.release.output, side.release.background, OutputSwitches())
    return replace(side, raw=raw, scores=scores)


def with_stages(side: SideResult, **stages: object) -> SideResult:
    preprocessing = replace(side.settings.preprocessing, **stages)
    return replace(side, settings=replace(side.settings, preprocessing=preprocessing))


def test_a_plain_comparison_has_no_finding() -> None:
    assert find_causes(facts_of(make_result())) == ()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_not_finite(bad: float) -> None:
    result = make_result()
    raw = result.left.raw.copy()
    raw[3] = bad
    finding = codes(facts_of(result, with_raw(result.left, raw)))["non_finite"]
    assert "left" in finding.title
    assert finding.evidence.startswith("1 of 1000")
    assert finding.level is Level.ERROR


def test_a_constant_output() -> None:
    result = make_result()
    raw = np.full(1000, 0.001, np.float32)
    finding = codes(facts_of(result, with_raw(result.left, raw)))["constant_output"]
    assert "0.001" in finding.evidence


def test_a_sigmoid_declared_as_logits() -> None:
    result = make_result()
    raw = (1 / (1 + np.exp(-result.right.raw))).astype(np.float32)
    right = with_raw(result.right, raw)
    facts = replace(facts_of(result), right=right)
    (finding,) = find_causes(facts)
    assert finding.code == "sigmoid_output"
    assert finding.side == "right"
    assert finding.level is Level.ERROR
    assert f"All {raw.size} numbers lie between" in finding.evidence
    assert "activation=None" in finding.mend


def test_output_switches() -> None:
    raw = make_result(right_output=OutputSwitches(softmax=False))
    finding = codes(facts_of(raw))["logits_as_probabilities"]
    assert "negative" in finding.evidence
    assert "softmax" in finding.mend
    twice = codes(facts_of(make_result(left_output=OutputSwitches(softmax=True))))
    assert list(twice) == ["softmax_twice"]
    kept = codes(facts_of(make_result(right_output=OutputSwitches(drop_background=False))))
    assert list(kept) == ["background_class"]
    assert "1001" in kept["background_class"].evidence


@pytest.mark.parametrize("mode", ["other_range", "raw_0_255", "half_range", "scaled_twice"])
def test_a_wrong_range(mode: str) -> None:
    result = make_result()
    for release, other, side in ((LEFT, RIGHT, "left"), (RIGHT, LEFT, "right")):
        stages = resolve_mode(mode, release, other)
        changed = with_stages(result.side(Side(side)), scale=stages.scale)
        facts = replace(facts_of(result), **{side: changed})
        finding = codes(facts)["input_range"]
        assert side in finding.title
        assert release.range.text in finding.mend


def test_swapped_channels() -> None:
    result = make_result()
    stages = resolve_mode("bgr", LEFT, RIGHT)
    left = with_stages(result.left, channel_order=stages.channel_order)
    assert "RGB" in codes(facts_of(result, left))["channel_order"].mend


def test_an_ignored_orientation() -> None:
    result = make_result()
    both = codes(facts_of(result, exif_orientation=6))["exif"]
    assert both.level is Level.NOTE
    assert "left and right ignore," in both.evidence
    left = with_stages(result.left, orient=Orientation.EXIF)
    one = codes(facts_of(result, left, exif_orientation=6))["exif"]
    assert one.level is Level.WARNING
    assert "right ignores," in one.evidence
    facts = facts_of(result, left, exif_orientation=6)
    right = with_stages(result.right, orient=Orientation.EXIF)
    assert "exif" not in codes(replace(facts, right=right))


def test_dropped_transparency() -> None:
    result = make_result()
    assert "alpha" in codes(facts_of(result, has_alpha=True))
    composited = Decode(Decoder.PILLOW, Alpha.WHITE)
    left = with_stages(result.left, decode=composited)
    finding = codes(facts_of(result, left, has_alpha=True))["alpha"]
    assert "left" not in finding.evidence


@pytest.mark.parametrize("mode", ["I", "I;16", "I;16B"])
def test_deep_grey(mode: str) -> None:
    result = make_result()
    assert "bit_depth" in codes(facts_of(result, mode=mode))
    left = with_stages(result.left, decode=Decode(Decoder.REFERENCE))
    assert "bit_depth" not in codes(facts_of(result, left, mode=mode))


def test_the_gravest_come_first_and_all_are_whole_sentences() -> None:
    result = make_result(right_output=OutputSwitches(softmax=False))
    found = find_causes(facts_of(result, exif_orientation=3, has_alpha=True, mode="I;16"))
    assert [finding.level for finding in found] == sorted(
        (finding.level for finding in found), reverse=True
    )
    assert len(found) >= 4
    for finding in found:
        assert finding.evidence.endswith(".")
        assert finding.mend.endswith(".")
        assert not finding.title.endswith(".")


def test_rules_have_names_of_their_own() -> None:
    assert len({rule.__name__ for rule in RULES}) == len(RULES)
