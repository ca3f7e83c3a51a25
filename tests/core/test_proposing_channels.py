from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from inspector.core.input_range import CAFFE, LEVELS, SYMMETRIC, InputRange
from inspector.core.proposing import ConventionProposal
from inspector.core.proposing_channels import Tried, channel_proposals
from inspector.core.proposing_observation import FirstNorm, Trial
from tests.support.proposals import make_observation


def rows(seed: int, count: int = 8, classes: int = 20) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 3, (count, classes))


def sure(wanted: InputRange = SYMMETRIC) -> ConventionProposal[InputRange]:
    return ConventionProposal(wanted, 0.99)


SEEN = make_observation()
RGB, BGR = rows(1), 0.8 * rows(1) + 0.6 * rows(2)
"""What one function answers to the right pictures, and to those with red and blue exchanged."""


def found(left: Tried, right: Tried, **changes: Any) -> Any:
    seen = (changes.get("seen", SEEN), SEEN)
    return channel_proposals(seen, (sure(), sure()), (left, right))


def test_two_models_that_agree_take_the_same_order() -> None:
    said = found(Tried(RGB, BGR, None), Tried(RGB, BGR, None))
    assert said.note == ""
    for side in said.sides:
        assert side.value == "rgb"
        assert 0.8 < side.confidence < 0.95, "both could take BGR"
        assert "so they take the same order" in side.evidence[0]


def test_two_models_that_agree_only_crosswise_are_told_without_blaming_one() -> None:
    said = found(Tried(RGB, BGR, None), Tried(BGR, RGB, None))
    assert "One of the two models takes blue first (99 % likely)" in said.note
    assert "Nothing tells for sure" in said.note
    assert {side.value for side in said.sides} == {"rgb", "bgr"}
    for side in said.sides:
        assert side.confidence == pytest.approx(0.5, abs=0.03)
        assert side.is_doubtful
        assert "one of them takes blue first" in side.evidence[0]


@pytest.mark.parametrize("noisy", ["left", "right"])
def test_rounding_does_not_decide_which_one_it_is(noisy: str) -> None:
    noise = 1e-4 * rows(5)
    left = Tried(RGB, BGR + noise * (noisy == "left"), None)
    right = Tried(BGR, RGB + noise * (noisy == "right"), None)
    for side in found(left, right).sides:
        assert side.confidence == pytest.approx(0.5, abs=0.03)


def test_its_own_answers_say_which_one_it_is_but_weakly() -> None:
    said = found(Tried(RGB, BGR, (0.22, 0.20)), Tried(BGR, RGB, (0.20, 0.22)))
    assert [side.value for side in said.sides] == ["rgb", "bgr"]
    assert all(0.5 < side.confidence < 0.6 for side in said.sides)


def norm(scale: float) -> FirstNorm:
    random = np.random.default_rng(2)
    variance, mean = np.exp(random.normal(0, 1, 16)), random.normal(0, 1, 16)
    return FirstNorm(mean, variance, mean, variance * scale**2)


def test_a_batch_norm_says_for_sure_which_one_it_is() -> None:
    trial, exchanged = Trial(RGB[None], (norm(2.0),)), Trial(BGR[None], (norm(1.0),))
    seen = make_observation(trials={SYMMETRIC: trial}, exchanged={SYMMETRIC: exchanged})
    said = found(Tried(RGB, BGR, None), Tried(BGR, RGB, None), seen=seen)
    assert [side.value for side in said.sides] == ["bgr", "rgb"]
    assert all(side.confidence > 0.9 for side in said.sides)
    assert "It is the left one" in said.note


def test_strangers_tell_nothing_of_each_other() -> None:
    said = found(Tried(rows(1), rows(2), None), Tried(rows(3), rows(4), None))
    assert said.note == ""
    for side in said.sides:
        assert side.value == "rgb"
        assert 0.8 < side.confidence < 0.95
        assert "does not decide" in side.evidence[0]


def alone(tried: Tried, wanted: ConventionProposal[InputRange]) -> ConventionProposal[str]:
    (side,) = channel_proposals((SEEN,), (wanted,), (tried,)).sides
    return side


def test_one_model_alone_is_never_almost_certain() -> None:
    plain = alone(Tried(RGB, None, None), sure())
    assert plain.value == "rgb"
    assert plain.certainty == "likely"
    clear = alone(Tried(RGB, BGR, (0.20, 0.18)), sure())
    unclear = alone(Tried(RGB, BGR, (0.18, 0.20)), sure())
    assert clear.confidence > plain.confidence > unclear.confidence
    assert "0.180 with RGB, 0.200 with BGR" in unclear.evidence[0]


def test_an_order_is_no_surer_than_the_range_that_names_it() -> None:
    named = alone(Tried(RGB, None, None), ConventionProposal(CAFFE, 0.47))
    assert (named.value, named.confidence) == ("bgr", 0.47)
    other = ConventionProposal(LEVELS, 0.6, (), ((CAFFE.text, 0.35), (SYMMETRIC.text, 0.05)))
    doubted = alone(Tried(RGB, None, None), other)
    assert doubted.value == "rgb"
    assert doubted.confidence == pytest.approx(0.9 * 0.65, abs=0.01)
    assert 'may be "caffe" after all (35 %)' in doubted.evidence[-1]
