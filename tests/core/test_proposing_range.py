from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inspector.core import proposing_range as ranges
from inspector.core.input_range import CAFFE, KNOWN_RANGES, LEVELS, SYMMETRIC, TORCH, UNIT
from inspector.core.proposing_evidence import Evidence, beliefs, proposal_of
from inspector.core.proposing_families import FAMILIES, documented_range, family_of
from inspector.core.proposing_observation import FirstNorm, Front
from inspector.core.proposing_rules import _sentences
from inspector.core.sources import parse_source

IDENTITY = np.eye(3)


def front(factor: float, offset: float) -> Front:
    return Front(IDENTITY * factor, np.full(3, offset))


@pytest.mark.parametrize("wanted", KNOWN_RANGES)
def test_the_affine_map_is_that_of_the_range(wanted: object) -> None:
    pixels = np.random.default_rng(0).random((4, 3)).astype(np.float32)
    matrix, offset = ranges.affine(wanted)  # type: ignore[arg-type]
    np.testing.assert_allclose(
        pixels @ matrix.T + offset,
        wanted.from_unit(pixels),  # type: ignore[attr-defined]
        rtol=1e-4,
        atol=1e-4,
    )


@pytest.mark.parametrize(
    ("inside", "wanted"),
    [
        (front(2.0, -1.0), UNIT),
        (front(1 / 127.5, -1.0), LEVELS),
        (front(1 / 255, 0.0), LEVELS),
        (front(0.5, 0.5), SYMMETRIC),
        (Front(np.diag([1 / 58.4, 1 / 57.1, 1 / 57.4]), np.array([-2.12, -2.04, -1.8])), LEVELS),
        (Front(IDENTITY[::-1] * 1.0, np.array(CAFFE.black)), LEVELS),
    ],
)
def test_what_is_scaled_inside_points_to_the_range_outside(inside: Front, wanted: object) -> None:
    found = ranges.front_evidence(inside)
    assert found is not None
    assert max(found.points, key=lambda each: found.points[each]) == wanted
    assert sum(points > 0 for points in found.points.values()) == 1


def test_no_usual_range_is_claimed_for_an_odd_scaling() -> None:
    found = ranges.front_evidence(front(3.3, 0.4))
    assert found is not None
    assert not any(found.points.values())
    assert "no usual range" in found.sentence


@pytest.mark.parametrize("inside", [front(1.0, 0.0), front(1.0003, -0.0004)])
def test_a_cast_tells_nothing_and_leaves_the_names_what_they_tell(inside: Front) -> None:
    assert ranges.front_evidence(inside) is None
    found = ranges.family_evidence(FAMILIES[0], inside, 1.0)
    assert found == ranges.family_evidence(FAMILIES[0], None, 1.0)
    assert found is not None
    assert max(found.points, key=lambda each: found.points[each]) == SYMMETRIC


def test_what_leaves_a_range_nearly_as_it_is_does_not_bring_it_to_another() -> None:
    found = ranges.front_evidence(front(1.01, 0.0))
    assert found is not None
    assert not any(found.points.values())


def norm(scale: float, shift: float = 0.0) -> FirstNorm:
    random = np.random.default_rng(2)
    variance = np.exp(random.normal(0, 1, 16))
    mean = random.normal(0, 1, 16)
    return FirstNorm(mean, variance, mean + shift * np.sqrt(variance), variance * scale**2)


def test_a_norm_fits_what_it_was_trained_with() -> None:
    assert ranges.fit_of(norm(1.0)) == pytest.approx(0.0)
    assert ranges.fit_of(norm(2.0)) == pytest.approx(0.5 * (4 - 1 - np.log(4)))
    assert ranges.fit_of(norm(1.0, shift=1.0)) == pytest.approx(0.5)
    assert ranges.fit_of(norm(255.0)) == pytest.approx(8.0)


def test_correlation_ignores_the_scale_but_not_the_channels() -> None:
    assert ranges.correlation_of(norm(100.0)) == pytest.approx(1.0)
    plain = norm(1.0)
    other = FirstNorm(plain.mean, plain.variance, plain.seen_mean, plain.seen_variance[::-1])
    assert ranges.correlation_of(other) < 0.5
    fresh = FirstNorm(np.zeros(16), np.ones(16), plain.seen_mean, plain.seen_variance)
    assert ranges.correlation_of(fresh) == 0.0


def logits(seed: int, spread: float, steady: bool = True) -> np.ndarray:
    random = np.random.default_rng(seed)
    each = random.normal(0, spread, (1, 6, 12))
    return np.repeat(each, 3, axis=0) if steady else random.normal(0, spread, (3, 6, 12))


def test_clear_answers_are_different_and_steady() -> None:
    clear = ranges.clarity_of(logits(0, 1.0))
    assert clear > 0.15
    assert ranges.clarity_of(logits(0, 1.0, steady=False)) < 0.5 * clear
    assert ranges.clarity_of(np.zeros((3, 6, 12))) == 0.0
    assert ranges.clarity_of(np.full((3, 6, 12), np.nan)) == 0.0


def test_clearness_does_not_grow_with_the_size_of_the_numbers() -> None:
    assert ranges.clarity_of(logits(0, 1.0)) == pytest.approx(ranges.clarity_of(logits(0, 90.0)))


def test_agreement_ties_both_ranges_together() -> None:
    left = [Evidence({SYMMETRIC: 4.0}, "")]
    agreements = {
        (a, b): ranges.Agreement(1.0 if (a, b) == (SYMMETRIC, UNIT) else 0.5, same=False)
        for a in KNOWN_RANGES
        for b in KNOWN_RANGES
    }
    joint = ranges.joint_beliefs(left, [], agreements)
    assert max(joint, key=lambda pair: joint[pair]) == (SYMMETRIC, UNIT)
    assert joint[SYMMETRIC, UNIT] > 0.95
    assert sum(joint.values()) == pytest.approx(1.0)


def test_beliefs_add_up_and_rank() -> None:
    found = beliefs("abc", [Evidence({"a": 1.0}, ""), Evidence({"a": 1.0, "b": 0.5}, "")])
    assert sum(found.values()) == pytest.approx(1.0)
    assert found["a"] / found["c"] == pytest.approx(np.exp(2.0))
    proposal = proposal_of(found, ["why"])
    assert proposal.value == "a"
    assert [name for name, _ in proposal.alternatives] == ["b", "c"]


def test_nothing_is_surer_than_an_experiment_can_make_it() -> None:
    found = beliefs("ab", [Evidence({"a": 500.0}, "")])
    assert proposal_of(found, []).confidence == 0.99
    assert proposal_of(found, []).certainty == "almost certain"


def test_the_kind_of_source_says_little_but_for_handles() -> None:
    handle = parse_source("hub:https://tfhub.dev/google/x/1", Path("/"))
    points = ranges.usual_evidence(handle).points
    assert max(points, key=lambda each: points[each]) == UNIT
    keras = parse_source("keras-file:x.keras", Path("/"))
    assert max(beliefs(KNOWN_RANGES, [ranges.usual_evidence(keras)]).values()) < 0.4


def test_a_quantised_input_names_its_range() -> None:
    class Seen:
        reach = (-1.0, 0.9921875)
        whole_numbers = False

    found = ranges.input_evidence(Seen())  # type: ignore[arg-type]
    assert found is not None
    assert list(found.points) == [SYMMETRIC]
    assert "[-1, 1]" in found.sentence


@pytest.mark.parametrize(
    ("application", "wanted"),
    [
        ("MobileNetV2", SYMMETRIC),
        ("MobileNetV3Small", LEVELS),
        ("EfficientNetB0", LEVELS),
        ("ResNet50", CAFFE),
        ("ResNet50V2", SYMMETRIC),
        ("VGG16", CAFFE),
        ("DenseNet121", TORCH),
        ("NASNetMobile", SYMMETRIC),
        ("Another", None),
    ],
)
def test_documented_ranges_of_applications(application: str, wanted: object) -> None:
    assert documented_range(application) == wanted


def test_families_are_told_by_names_and_the_first_wins() -> None:
    names = ["f/conv1_conv/Conv2D", "f/conv2_block1_1_conv/Conv2D"]
    family = family_of(names)
    assert family is not None
    assert family.name == "ResNet"
    assert family_of([*names, "f/conv2_block1_preact_bn/add"]) == next(
        each for each in FAMILIES if each.name == "ResNetV2"
    )
    assert family_of(["f/conv2d/Conv2D"]) is None


def test_an_untrained_family_says_less() -> None:
    family = FAMILIES[0]
    points = [ranges.family_evidence(family, None, trained) for trained in (0.0, 1.0)]
    assert all(each is not None for each in points)
    weak, strong = (each.points[SYMMETRIC] for each in points if each is not None)
    assert weak < 0.3 * strong
    inside = ranges.family_evidence(family, front(2.0, -1.0), 1.0)
    assert inside is not None
    assert inside.points[UNIT] == strong
    assert inside.points[SYMMETRIC] == 0.0


def test_every_sentence_of_weight_is_told_even_where_it_names_one_range() -> None:
    told = _sentences([Evidence({SYMMETRIC: 0.1}, "weak"), Evidence({LEVELS: 8.0}, "strong")])
    assert told == ["strong"]
