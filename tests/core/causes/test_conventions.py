"""Which side is said to declare a wrong range or channel order, and when neither is."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from inspector.core.causes.conclusions import wrong_range_text
from inspector.core.causes.explanation import Trial
from inspector.core.causes.rules.conventions import (
    better_range,
    fitting_ranges,
    is_documented,
    wrong_channels_declared,
    wrong_range_declared,
)
from inspector.core.findings import Level
from inspector.core.input_range import CAFFE, SYMMETRIC, UNIT, InputRange
from inspector.core.pairs import Side
from inspector.core.sources import Source, SourceKind
from tests.support import results

if TYPE_CHECKING:
    from inspector.core.causes.reasons import Reasons

LEFT, RIGHT = Side.LEFT, Side.RIGHT
NOISE = 1e-5
APART = 0.2
DECLARED = tuple(Trial(side, "range", "[-1, 1]", True, APART) for side in Side)


def trial(side: Side, gap: float, what: str = "range", choice: str = "[0, 1]") -> Trial:
    return Trial(side, what, choice, False, gap)


def bgr(side: Side, gap: float) -> Trial:
    return trial(side, gap, "channel_order", "BGR")


def reasons(*trials: Trial) -> Reasons:
    return cast("Any", SimpleNamespace(trials=(*DECLARED, *trials), tolerance=NOISE))


@pytest.mark.parametrize(
    "gaps", [(1.16e-6, 1.25e-6), (1.25e-6, 1.16e-6), (0.0, 9e-5), (8e-3, 0.01)]
)
def test_float_noise_does_not_say_which_of_two_models_takes_bgr(gaps: tuple[float, float]) -> None:
    (found,) = wrong_channels_declared(reasons(bgr(LEFT, gaps[0]), bgr(RIGHT, gaps[1])))
    assert found.title == "One of the two models takes BGR"
    assert found.side == ""
    assert found.level is Level.ERROR
    assert f"{gaps[0]:.3g} when red and blue are exchanged for the left" in found.evidence
    assert f"{gaps[1]:.3g} when they are for the right" in found.evidence
    assert "the mode 'bgr'" in found.mend
    assert "twin-inspector propose" in found.mend


@pytest.mark.parametrize("side", Side)
def test_the_side_that_alone_comes_together_is_named(side: Side) -> None:
    (found,) = wrong_channels_declared(reasons(bgr(side, 1e-6), bgr(side.other, 0.15)))
    assert (found.side, found.title) == (side, f"The {side} model seems to want BGR")
    far = wrong_channels_declared(reasons(bgr(side, 1e-6), bgr(side.other, 5e-3)))
    assert [each.side for each in far] == [side], "hundreds of times further is no noise"


@pytest.mark.parametrize("side", Side)
def test_what_a_publisher_documents_is_not_doubted(side: Side) -> None:
    known = replace(bgr(side, 1e-7), documented=True)
    (found,) = wrong_channels_declared(reasons(known, bgr(side.other, 2e-6)))
    assert found.title == f"The {side.other} model seems to want BGR"
    assert f"what the {side} model takes is documented" in found.evidence
    (alone,) = wrong_channels_declared(reasons(known, bgr(side.other, 0.15)))
    assert alone.side == side, "nothing else brings the two together"


def test_an_order_that_only_one_of_them_declares() -> None:
    given = reasons(bgr(LEFT, 1e-6), trial(RIGHT, 1e-6, "channel_order", "RGB"))
    (found,) = wrong_channels_declared(given)
    assert (
        found.title == "One of the two models takes another channel order than its entry declares"
    )


def test_two_copies_of_one_network_agree_in_either_range() -> None:
    given = reasons(trial(LEFT, 2e-7, choice='"caffe"'), trial(RIGHT, 0.0), trial(RIGHT, 3e-3))
    (found,) = wrong_range_declared(given)
    assert found.title.startswith("One of the two models takes another input range")
    assert found.side == ""
    assert 'the left model is given "caffe"' in found.evidence
    assert "the right one is given [0, 1]" in found.evidence
    assert 'range = "caffe" in the left entry, or range = [0, 1] in the right' in found.mend
    assert better_range(given.trials, NOISE) is None
    text = wrong_range_text(fitting_ranges(given.trials, NOISE), 3e-7)
    assert "one of the two models" in text
    assert 'given "caffe" on the left or [0, 1] on the right' in text


@pytest.mark.parametrize("side", Side)
def test_the_side_whose_range_alone_fits_is_named(side: Side) -> None:
    given = reasons(trial(side, 2e-6), trial(side.other, 0.019))
    (found,) = wrong_range_declared(given)
    assert found.side == side
    best = better_range(given.trials, NOISE)
    assert best is not None
    assert best.side is side
    assert f"for the {side} model: given [0, 1] and" in wrong_range_text((best,), 0.0)


def test_right_declarations_say_nothing() -> None:
    given = reasons(trial(LEFT, 0.3), bgr(LEFT, 0.1), trial(RIGHT, 0.03), bgr(RIGHT, 0.021))
    assert not list(wrong_range_declared(given))
    assert not list(wrong_channels_declared(given))


@pytest.mark.parametrize(
    ("source", "declared", "known"),
    [
        (Source(SourceKind.KERAS_APPLICATION, "MobileNetV2"), SYMMETRIC, True),
        (Source(SourceKind.KERAS_APPLICATION, "VGG16"), CAFFE, True),
        (Source(SourceKind.KERAS_APPLICATION, "VGG16"), SYMMETRIC, False),
        (Source(SourceKind.KERAS_APPLICATION, "VGG16", (("weights", "/my.h5"),)), CAFFE, False),
        (Source(SourceKind.HUB, "https://tfhub.dev/google/module/1"), UNIT, True),
        (Source(SourceKind.HUB, "https://tfhub.dev/google/module/1"), SYMMETRIC, False),
        (Source(SourceKind.HUB, "https://tfhub.dev/someone/module/1"), UNIT, False),
        (Source(SourceKind.HUB, "https://models.example.com/google/1"), UNIT, False),
        (Source(SourceKind.HUB, "/a/folder"), UNIT, False),
        (Source(SourceKind.KERAS_FILE, "/my.keras"), SYMMETRIC, False),
    ],
)
def test_publishers_that_document_what_they_take(
    source: Source, declared: InputRange, known: bool
) -> None:
    assert is_documented(replace(results.LEFT, source=source, range=declared)) is known
