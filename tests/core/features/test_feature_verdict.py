"""Verdicts and findings about features, on made-up rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inspector.core.features.findings import find_feature_causes
from inspector.core.features.match import match_dimensions
from inspector.core.features.verdict import judge_features
from inspector.core.findings import Level
from inspector.core.preprocessing import ChannelOrder, ScaleRule
from inspector.core.verdict import VerdictCode
from tests.support.explanations import make_audit
from tests.support.features import FEATURE_CHECK, make_facts, make_rows

LEFT, RIGHT = make_rows()
DIFFERENT = replace(FEATURE_CHECK, model_gap=0.4, factor_gap=0.39, factors=(0.9, 1.1))


def test_equal_rows_are_identical() -> None:
    facts = make_facts(LEFT, LEFT)
    assert judge_features(facts).code is VerdictCode.IDENTICAL
    assert find_feature_causes(facts) == ()


def test_float_noise_agrees() -> None:
    facts = make_facts(LEFT, LEFT * np.float32(1 + 3e-7))
    found = judge_features(facts)
    assert found.code is VerdictCode.FLOAT_NOISE
    assert found.agrees
    assert "0.999999" in found.text or "cosine is 1" in found.text


def test_pixels_are_blamed_where_the_models_agree_on_the_same_ones() -> None:
    found = judge_features(make_facts(LEFT, RIGHT))
    assert found.code is VerdictCode.PREPROCESSING
    assert "relative L2" in found.text
    assert "levels of 255" in found.text


def test_weights_are_blamed_where_the_same_pixels_differ_too() -> None:
    check = replace(DIFFERENT, audit=make_audit())
    found = judge_features(make_facts(LEFT, RIGHT, check=check))
    assert found.code is VerdictCode.DIFFERENT_WEIGHTS
    assert "head/bias" in found.text
    assert "on the very same pixels too" in found.text


def test_weights_that_cannot_be_read_are_told() -> None:
    found = judge_features(make_facts(LEFT, RIGHT, check=DIFFERENT))
    assert found.code is VerdictCode.DIFFERENT_WEIGHTS
    assert "cannot be read" in found.text


@pytest.mark.parametrize(
    ("factors", "words"),
    [((2.0, 2.0), "2 times the right one"), ((1.5, 3.0), "another factor for each picture")],
)
def test_a_factor_is_told(factors: tuple[float, float], words: str) -> None:
    check = replace(DIFFERENT, factor_gap=1e-7, factors=factors)
    facts = make_facts(2 * LEFT, LEFT, check=check, same_pixels=True)
    found = judge_features(facts)
    assert found.code is VerdictCode.SCALED
    assert words in found.text
    assert [finding.code for finding in find_feature_causes(facts)] == ["scaled_features"]


def test_another_order_is_told_before_the_weights() -> None:
    rows = np.random.default_rng(2).normal(size=(24, LEFT.size))
    order = np.random.default_rng(4).permutation(LEFT.size)
    check = replace(DIFFERENT, match=match_dimensions(rows, rows[:, order]), audit=make_audit())
    facts = make_facts(LEFT, LEFT[order], check=check)
    assert judge_features(facts).code is VerdictCode.REORDERED
    first = find_feature_causes(facts)[0]
    assert (first.code, first.level) == ("reordered_features", Level.ERROR)


def test_a_side_without_life_is_told() -> None:
    rows = np.random.default_rng(2).normal(size=(24, LEFT.size))
    check = replace(DIFFERENT, match=match_dimensions(np.zeros_like(rows), rows))
    found = find_feature_causes(make_facts(LEFT, RIGHT, check=check))
    assert [(finding.code, finding.side) for finding in found] == [("dead_features", "left")]


def test_the_same_number_everywhere_is_told_first() -> None:
    found = find_feature_causes(make_facts(np.full_like(LEFT, 0.5), RIGHT))
    assert (found[0].code, found[0].side) == ("constant_output", "left")
    assert "feature" in found[0].title


def test_what_is_not_finite_is_told() -> None:
    broken = LEFT.copy()
    broken[3] = np.nan
    facts = make_facts(broken, RIGHT)
    assert "not finite" in judge_features(facts).text
    assert find_feature_causes(facts)[0].code == "non_finite"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"scale": ScaleRule.UNIT}, "input_range"),
        ({"channel_order": ChannelOrder.BGR}, "channel_order"),
    ],
)
def test_a_broken_convention_comes_first(change: dict[str, object], code: str) -> None:
    facts = make_facts(LEFT, RIGHT)
    stages = replace(facts.left.settings.preprocessing, **change)
    left = replace(facts.left, settings=replace(facts.left.settings, preprocessing=stages))
    found = find_feature_causes(replace(facts, left=left))
    assert (found[0].code, found[0].side, found[0].level) == (code, "left", Level.ERROR)
