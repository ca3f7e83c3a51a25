from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from inspector.core.causes.attribution import attribute
from inspector.core.causes.closing import Change, Proposal
from inspector.core.causes.conclusions import explain_findings, explain_verdict
from inspector.core.causes.crossfeed import cross_feed
from inspector.core.causes.explanation import LabelMatch, NoiseRow, Trial
from inspector.core.causes.reasons import Reasons
from inspector.core.causes.rules.pixels import FALLBACK
from inspector.core.comparison import compare
from inspector.core.facts import Facts, InputGap
from inspector.core.findings import Level
from inspector.core.modes import resolve_mode
from inspector.core.pairs import Side
from inspector.core.scores import OutputSwitches
from inspector.core.verdict import Verdict, VerdictCode
from inspector.core.weights.audit import audit_weights
from inspector.core.weights.quantised import QuantisedWeights
from inspector.core.weights.tensors import NamedWeight
from tests.support.results import CHECK, LEFT, RIGHT, make_result

if TYPE_CHECKING:
    from inspector.core.result import Result


def reasons(result: Result | None = None, **changes: Any) -> Reasons:
    """Make reasons in which the resize causes nine tenths and the decoder the rest."""
    result = result or make_result()
    facts = Facts(
        result.picture, result.left, result.right, result.comparison, CHECK, result.labels
    )
    p, q = result.comparison.left, result.comparison.right
    rows = [p, p + 0.1 * (q - p), p + 0.9 * (q - p), q]
    whole = Reasons(
        facts=facts,
        attribution=attribute(["decode", "resize"], rows),
        cross_feed=cross_feed({(a, b): p for a in Side for b in Side}),
        proposals=(),
        trials=trials(1e-7, 0.4),
        stage_gaps={"resize": InputGap(57.0, 1.5)},
        labels=LabelMatch(0, 1.0, 1.0, 0),
        noise=tuple(NoiseRow(side, "batch", 3e-7) for side in Side),
        audit=None,
    )
    return replace(whole, **changes)


def verdict_of(given: Reasons) -> Verdict:
    return explain_verdict(given, explain_findings(given))


def trials(declared: float, others: float) -> tuple[Trial, ...]:
    ranges = {Side.LEFT: "[-1, 1]", Side.RIGHT: "[0, 1]"}
    made = []
    for side in Side:
        for choice in ("[-1, 1]", "[0, 1]", "[0, 255]"):
            is_declared = choice == ranges[side]
            made.append(
                Trial(side, "range", choice, is_declared, declared if is_declared else others)
            )
        made.append(Trial(side, "channel_order", "BGR", False, others))
    return tuple(made)


def codes(given: Reasons) -> list[str]:
    return [finding.code for finding in explain_findings(given)]


def test_stages_are_named_by_their_part_the_largest_first() -> None:
    found = explain_findings(reasons())
    assert [finding.code for finding in found] == ["resize", "decoder"]
    assert found[0].level is Level.WARNING
    assert found[1].level is Level.NOTE
    assert "90 %" in found[0].evidence
    assert "1.5 levels" in found[0].evidence


def test_verdict_names_the_largest_cause_and_its_share() -> None:
    verdict = verdict_of(reasons())
    assert verdict.code == "preprocessing"
    assert "The largest cause is the resize (90 % of the difference)." in verdict.text


def test_agreeing_sides_have_no_findings() -> None:
    same = make_result(noise=0)
    given = reasons(same, attribution=attribute([], [same.comparison.left]), stage_gaps={})
    assert explain_findings(given) == ()
    assert verdict_of(given).code == "float_noise"


def test_a_range_that_was_declared_wrong_is_found_by_trying_the_others() -> None:
    made = list(trials(0.4, 0.5))
    made[1] = replace(made[1], gap=1e-6)  # left with [0, 1]
    found = explain_findings(reasons(trials=tuple(made)))
    assert found[0].code == "input_range"
    assert found[0].level is Level.ERROR
    assert "[0, 1]" in found[0].mend
    assert "0.4" in found[0].evidence


def test_a_model_that_wants_bgr_is_found() -> None:
    made = list(trials(0.4, 0.5))
    made[-1] = replace(made[-1], gap=1e-6)
    assert codes(reasons(trials=tuple(made)))[0] == "channel_order"


def test_trials_of_a_right_declaration_find_nothing() -> None:
    assert "input_range" not in codes(reasons(trials=trials(1e-7, 1e-8)))


def test_labels_one_apart_are_the_verdict() -> None:
    given = reasons(labels=LabelMatch(1, 0.999, 0.02, 0))
    assert codes(given)[0] == "label_shift"
    assert verdict_of(given).code == "label_shift"
    assert codes(reasons(labels=LabelMatch(0, 0.9, 0.9, 40)))[0] == "label_permutation"


@pytest.mark.parametrize(("what", "words"), [("run_again", "dropout"), ("batch", "Batch norm")])
def test_training_mode_shows_in_the_noise(what: str, words: str) -> None:
    found = explain_findings(reasons(noise=(NoiseRow(Side.RIGHT, what, 0.2),)))
    assert found[0].code == "training_mode"
    assert words in found[0].mend
    assert "training_mode" not in codes(reasons(noise=(NoiseRow(Side.RIGHT, what, 1e-6),)))


def test_mending_a_convention_is_proved_by_what_remains() -> None:
    result = make_result()
    settings = replace(
        result.left.settings,
        mode="other_range",
        preprocessing=resolve_mode("other_range", LEFT, RIGHT),
    )
    result = replace(result, left=replace(result.left, settings=settings))
    proposal = Proposal(
        changes=(Change(Side.LEFT, "scale", "declared"),),
        mode="",
        remaining=0.02,
        total=0.3,
        mends_convention=True,
        closes=False,
        left=None,  # type: ignore[arg-type]
        right=None,  # type: ignore[arg-type]
    )
    first = explain_findings(reasons(result, proposals=(proposal,)))[0]
    assert first.code == "input_range"
    assert "from 0.3 to 0.02" in first.evidence
    assert "To mend first" in verdict_of(reasons(result, proposals=(proposal,))).text


def test_scaling_twice_points_to_an_overwritten_array() -> None:
    result = make_result()
    settings = replace(
        result.left.settings, preprocessing=resolve_mode("scaled_twice", LEFT, RIGHT)
    )
    found = codes(reasons(replace(result, left=replace(result.left, settings=settings))))
    assert found[:2] == ["input_range", "shared_array_overwritten"]


def test_output_switches_come_before_pixels() -> None:
    for switches, code in (
        ({"right_output": OutputSwitches(softmax=False)}, "logits_as_probabilities"),
        ({"left_output": OutputSwitches(softmax=True)}, "softmax_twice"),
        ({"right_output": OutputSwitches(drop_background=False)}, "background_class"),
    ):
        assert codes(reasons(make_result(**switches)))[0] == code


def flip(gap: float) -> Result:
    """Make a result whose first class changes by a margin of `gap`."""
    result = make_result()
    left = np.full(1000, 1e-6)
    left[[7, 9]] = 0.4, 0.4 - gap
    right = left + 1e-6
    right[[9, 7]] = left[[7, 9]]
    comparison = compare(
        replace(result.left.scores, probabilities=left),
        replace(result.right.scores, probabilities=right),
    )
    return replace(result, comparison=replace(comparison, max_abs_difference=1e-3))


def test_a_flip_below_the_noise_is_harmless() -> None:
    given = reasons(flip(1e-7))
    assert "near_tie" in codes(given)


def test_a_real_flip_is_not_called_harmless() -> None:
    assert "near_tie" not in codes(reasons(flip(0.2)))
    assert "harmless" not in verdict_of(reasons(flip(0.2))).text


def test_notes_of_a_decoder_that_stood_in_are_told() -> None:
    result = make_result()
    result = replace(result, right=replace(result.right, notes=(f"Cannot read it, {FALLBACK}.",)))
    assert codes(reasons(result)).count("decoder") == 2


def test_what_a_release_says_of_itself_is_no_decoder() -> None:
    result = make_result()
    notes = ("hub: input quantised to uint8, scale 0.0078125, zero point 128.",)
    result = replace(result, right=replace(result.right, notes=notes))
    assert codes(reasons(result)).count("decoder") == 1  # that of the decode stage


def test_a_restless_pair_blames_no_stage() -> None:
    given = reasons(noise=(NoiseRow(Side.RIGHT, "run_again", 0.5),))
    check = replace(given.facts.check, noise_floor=0.5)
    found = verdict_of(replace(given, facts=replace(given.facts, check=check)))
    assert found.code is VerdictCode.RANDOM
    assert "largest cause" not in found.text
    assert "To mend first: the right model gives another answer each time" in found.text


def test_a_quantised_side_is_a_note() -> None:
    kernel = np.random.default_rng(0).normal(size=(16, 20)).astype(np.float32)
    step = np.abs(kernel).max() / 127
    rounded = (np.rint(kernel / step) * step).astype(np.float32)
    audit = audit_weights([NamedWeight("a", kernel)], [NamedWeight("a", rounded)])
    finding = next(
        f for f in explain_findings(reasons(audit=audit)) if f.code == "same_checkpoint_quantised"
    )
    assert finding.level is Level.NOTE
    assert "do not hold the same" not in finding.title


def test_quantised_weights_are_a_note() -> None:
    given = reasons(quantised=(QuantisedWeights(Side.RIGHT, "Logits/weights", 250, 1280, 30, 36),))
    finding = next(f for f in explain_findings(given) if f.code == "quantised_weights")
    assert finding.level is Level.NOTE
    assert "250" in finding.evidence


def misdeclared() -> Reasons:
    """Make reasons in which left came together with right when it was given [0, 1]."""
    made = list(trials(0.4, 0.5))
    made[1] = replace(made[1], gap=1e-6)
    result = make_result()
    settings = replace(
        result.left.settings,
        mode="other_range",
        preprocessing=resolve_mode("other_range", LEFT, RIGHT),
    )
    left = replace(result.left, settings=settings)
    return reasons(replace(result, left=left), trials=tuple(made))


def test_a_wrong_declaration_is_the_verdict_and_not_what_follows_from_it() -> None:
    found = [f for f in explain_findings(misdeclared()) if f.code == "input_range"]
    assert len(found) == 1
    assert "entry declares" in found[0].title
    assert "[-1, 1]" not in found[0].mend
    verdict = verdict_of(misdeclared())
    assert verdict.code == "preprocessing"
    assert "declares a wrong input range for the left model: given [0, 1]" in verdict.text
    assert "To mend first" not in verdict.text


def test_both_guilty_sides_are_named() -> None:
    result = make_result()
    sides = {
        name: replace(
            side,
            settings=replace(side.settings, preprocessing=resolve_mode("bgr", side.release, other)),
        )
        for name, side, other in (("left", result.left, RIGHT), ("right", result.right, LEFT))
    }
    found = explain_findings(reasons(replace(result, **sides)))
    assert [f.side for f in found if f.code == "channel_order"] == ["left", "right"]


def test_a_mend_that_widens_the_gap_is_told_as_such() -> None:
    result = make_result(left_output=OutputSwitches(softmax=True))
    change = Change(Side.LEFT, "output", "declared")
    proposal = Proposal((change,), "", 0.3, 0.1, True, False, None, None)  # type: ignore[arg-type]
    first = explain_findings(reasons(result, proposals=(proposal,)))[0]
    assert "grows from 0.1 to 0.3: the mistake hid a part of it" in first.evidence
    both = replace(proposal, changes=(change, Change(Side.RIGHT, "scale", "declared")))
    assert "mended" not in explain_findings(reasons(result, proposals=(both,)))[0].evidence


def test_numbers_that_are_not_finite_are_no_training_mode() -> None:
    given = reasons(noise=(NoiseRow(Side.LEFT, "batch", float("nan")),))
    assert "training_mode" not in codes(given)


def test_png_is_not_told_of_jpeg_options() -> None:
    result = make_result()
    given = reasons(replace(result, picture=replace(result.picture, format="PNG")))
    assert all("INTEGER_ACCURATE" not in f.mend for f in explain_findings(given))
    assert any("INTEGER_ACCURATE" in f.mend for f in explain_findings(reasons()))


def in_bgr() -> Reasons:
    """Make reasons of a left side in BGR, where the resize causes more all the same."""
    result = make_result()
    settings = replace(result.left.settings, preprocessing=resolve_mode("bgr", LEFT, RIGHT))
    return reasons(replace(result, left=replace(result.left, settings=settings)))


def test_a_broken_convention_comes_first_and_does_not_contradict_the_largest_cause() -> None:
    verdict = verdict_of(in_bgr())
    assert verdict.broken == "The left model is given BGR"
    assert "Even so, the largest cause here is the resize (90 % of the difference)." in verdict.why
    assert verdict.text.index("To mend first") < verdict.text.index("the largest cause")


def test_a_broken_convention_that_is_the_largest_cause_is_no_even_so() -> None:
    given = in_bgr()
    p, q = given.facts.comparison.left, given.facts.comparison.right
    rows = [p, p + 0.1 * (q - p), p + 0.9 * (q - p), q]
    verdict = verdict_of(replace(given, attribution=attribute(["decode", "channel_order"], rows)))
    assert "The largest cause is the channel order (90 % of the difference)." in verdict.why


def test_agreement_names_a_broken_convention_and_no_cause() -> None:
    result = make_result(noise=0)
    settings = replace(result.left.settings, preprocessing=resolve_mode("bgr", LEFT, RIGHT))
    result = replace(result, left=replace(result.left, settings=settings))
    given = reasons(result, attribution=attribute([], [result.comparison.left]), stage_gaps={})
    verdict = verdict_of(given)
    assert verdict.agrees
    assert "To mend first: the left model is given BGR." in verdict.text
    assert "largest cause" not in verdict.text


def test_one_level_is_no_plural() -> None:
    found = explain_findings(reasons(stage_gaps={"resize": InputGap(7.0, 1.0)}))
    assert "by 1 level of 255 on average, 7 at most." in found[0].evidence
