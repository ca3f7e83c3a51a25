from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from inspector.core.comparison import compare
from inspector.core.facts import Facts, PairCheck, SideNoise, unit_input
from inspector.core.modes import resolve_mode
from inspector.core.scores import OutputSwitches, interpret
from inspector.core.verdict import AGREEMENT, HEADLINES, Verdict, VerdictCode, judge
from inspector.core.weights.audit import audit_weights
from inspector.core.weights.tensors import NamedWeight
from tests.support.results import CHECK, LEFT, RIGHT, make_result

if TYPE_CHECKING:
    from inspector.core.result import Result


def facts_of(result: Result, **changes: object) -> Facts:
    facts = Facts(
        result.picture, result.left, result.right, result.comparison, CHECK, result.labels
    )
    return replace(facts, **changes)


def verdict(result: Result, **changes: object) -> Verdict:
    return judge(facts_of(result, **changes))


def same_pixels(result: Result) -> Result:
    unit = unit_input(result.left)
    return replace(result, right=replace(result.right, model_input=unit))


def test_float_noise_agrees() -> None:
    found = verdict(make_result(noise=0))
    assert found.code is VerdictCode.FLOAT_NOISE
    assert found.agrees
    assert "golf ball" in found.text


def test_identical_numbers() -> None:
    result = make_result(noise=0)
    both = compare(result.left.scores, result.left.scores)
    found = verdict(result, comparison=both)
    assert found.code is VerdictCode.IDENTICAL
    assert {VerdictCode.IDENTICAL, VerdictCode.FLOAT_NOISE} == set(AGREEMENT)


def test_preprocessing_is_blamed_where_the_models_agree_on_the_same_pixels() -> None:
    found = verdict(make_result())
    assert found.code is VerdictCode.PREPROCESSING
    assert "levels of 255" in found.text


def test_weights_are_blamed_where_the_models_differ_on_the_same_pixels() -> None:
    result = same_pixels(make_result())
    differ = PairCheck(3e-7, 0.2, 3.0)
    assert verdict(result, check=differ).code is VerdictCode.DIFFERENT_WEIGHTS
    assert "on the very same pixels" in verdict(make_result(), check=differ).text


def test_a_kept_background_is_a_shift_of_the_labels() -> None:
    result = make_result(right_output=OutputSwitches(drop_background=False))
    found = verdict(result)
    assert found.code is VerdictCode.LABEL_SHIFT
    assert "right side keeps its background" in found.text


@pytest.mark.parametrize(
    ("side", "text"),
    [("left_output", "softmax on what are probabilities"), ("right_output", "logits read as if")],
)
def test_output_conventions(side: str, text: str) -> None:
    switched = OutputSwitches(softmax=side == "left_output")
    found = verdict(make_result(**{side: switched}))
    assert found.code is VerdictCode.OUTPUT_CONVENTION
    assert text in found.text


def test_numbers_that_are_not_finite_cannot_be_compared() -> None:
    result = make_result()
    raw = result.left.raw.copy()
    raw[:] = np.nan
    scores = interpret(raw, result.left.release.output, False, OutputSwitches())
    left = replace(result.left, raw=raw, scores=scores)
    found = verdict(result, left=left, comparison=compare(scores, result.right.scores))
    assert found.code is VerdictCode.DIFFERENT_MODELS
    assert "not finite" in found.text


def test_inputs_of_different_sizes() -> None:
    result = make_result()
    left = replace(result.left, model_input=result.left.model_input[:16, :16])
    facts = facts_of(result, left=left, check=PairCheck(3e-7, None, None))
    assert facts.input_gap() is None
    assert judge(facts).code is VerdictCode.DIFFERENT_MODELS


def test_first_classes_that_differ_are_both_named() -> None:
    result = make_result(seed=1)
    logits = np.log(result.left.raw)
    logits[285] = logits.max() + 2
    raw = np.concatenate([[0.0], logits]).astype(np.float32)
    right = result.right
    scores = interpret(raw, right.release.output, True, OutputSwitches())
    comparison = compare(result.left.scores, scores)
    text = verdict(result, comparison=comparison).text
    assert "Left names golf ball first" in text
    assert "right Egyptian cat" in text


@pytest.mark.parametrize(
    ("floor", "tolerance"), [(0.0, 1e-5), (1e-7, 1e-5), (1e-4, 1e-3), (5e-4, 1e-3), (0.5, 1e-5)]
)
def test_tolerance_follows_the_noise_floor(floor: float, tolerance: float) -> None:
    assert PairCheck(floor, None, None).tolerance == pytest.approx(tolerance)


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        ((0, 0), (0.52, 0.1), "The right release gives another answer each time it is run (up to"),
        ((0, 0.4), (0, 0), "The left release's answer depends on the other pictures of its batch"),
        ((0.2, 0), (0.3, 0), "0.2 apart); the right release gives another answer each time"),
    ],
)
def test_a_restless_release_agrees_with_nothing(
    left: tuple[float, float], right: tuple[float, float], words: str
) -> None:
    sides = SideNoise(*left), SideNoise(*right)
    check = PairCheck(0.52, 0.7, 9.0, left_noise=sides[0], right_noise=sides[1])
    for result in (make_result(), make_result(noise=0)):
        found = verdict(result, check=check)
        assert found.code is VerdictCode.RANDOM
        assert not found.agrees
        assert words in found.text
        assert found.text.endswith("One run proves nothing about agreement.")
        assert "float noise" not in found.text


def test_a_restless_pair_is_told_without_its_sides() -> None:
    found = verdict(make_result(), check=PairCheck(0.52, None, None))
    assert "One of the releases is up to 0.52 from itself" in found.text


def test_a_restless_floor_makes_no_near_ties() -> None:
    result = make_result()
    quiet = compare(result.left.scores, result.right.scores, 1e-7)
    restless = compare(result.left.scores, result.right.scores, 0.5)
    assert np.array_equal(quiet.near_ties, restless.near_ties)


def test_a_quantised_release_is_told_as_such() -> None:
    kernel = np.random.default_rng(0).normal(size=(16, 20)).astype(np.float32)
    step = np.abs(kernel).max() / 127
    rounded = (np.rint(kernel / step) * step).astype(np.float32)
    audit = audit_weights([NamedWeight("a", kernel)], [NamedWeight("a", rounded)])
    check = PairCheck(3e-7, 0.02, 0.3, audit)
    found = verdict(same_pixels(make_result()), check=check)
    assert found.code is VerdictCode.QUANTISED
    assert not found.agrees
    assert "one of them" not in found.text
    assert "Same checkpoint, the right side quantised: all 1 variable lies" in found.text


def test_same_function() -> None:
    assert PairCheck(0.0, None, None).same_function is None
    assert PairCheck(0.0, 1e-6, 1e-4).same_function is True
    assert PairCheck(0.0, 1e-2, 1e-4).same_function is False
    assert PairCheck(0.0, 1e-6, 1.0).same_function is False


def test_input_gap_is_measured_in_levels() -> None:
    result = make_result()
    gap = facts_of(result).input_gap()
    assert gap is not None
    assert gap.largest == pytest.approx(0.02 * 255, abs=1e-3)
    assert not gap.same
    exact = facts_of(same_pixels(result)).input_gap()
    assert exact is not None
    assert exact.same


@pytest.mark.parametrize(
    ("steps", "code"),
    [((0.0, 1 / 256), VerdictCode.QUANTISED), ((1 / 256, 0.0), VerdictCode.QUANTISED),
     ((0.0, 0.0), VerdictCode.DIFFERENT_GRAPH), ((1 / 256, 1 / 256), VerdictCode.DIFFERENT_GRAPH)],
    ids=["right", "left", "none", "both"],
)  # fmt: skip
def test_whole_numbers_on_one_side_are_named(steps: tuple[float, float], code: VerdictCode) -> None:
    weights = [NamedWeight("w", np.arange(12, dtype=np.float32).reshape(3, 4))]
    audit = audit_weights(weights, weights)
    check = PairCheck(3e-7, 0.02, 0.5, audit, left_step=steps[0], right_step=steps[1])
    found = verdict(same_pixels(make_result()), check=check)
    assert found.code is code
    assert ("computes in whole numbers" in found.text) == (code is VerdictCode.QUANTISED)
    assert not found.agrees


def test_the_text_says_what_then_the_headline_then_what_to_mend_then_why() -> None:
    made = Verdict(VerdictCode.PREPROCESSING, "What.", "Why.", "The left model is given BGR")
    assert made.text == (
        "What. They differ because of the preprocessing. "
        "To mend first: the left model is given BGR. Why."
    )
    assert replace(made, broken="").text.count("mend") == 0


def test_a_text_that_ends_early_claims_no_more_than_is_known() -> None:
    said = Verdict(VerdictCode.DIFFERENT_MODELS, "The numbers are not finite.").text
    assert said == "The numbers are not finite."


def test_no_sentence_is_said_twice() -> None:
    found = verdict(make_result())
    assert found.text.count("differ because") == 1
    assert "differ" not in found.why.replace("different pixels", "")
    assert "the largest difference of probability is" in found.what


def test_exchanged_channels_are_named_before_any_pixels() -> None:
    result = make_result()
    settings = replace(result.left.settings, preprocessing=resolve_mode("bgr", LEFT, RIGHT))
    found = verdict(replace(result, left=replace(result.left, settings=settings)))
    assert found.why.startswith("The left model received its channels in reverse order")
    assert "levels of 255" not in found.why


def test_every_code_has_a_headline() -> None:
    assert set(HEADLINES) == set(VerdictCode)
