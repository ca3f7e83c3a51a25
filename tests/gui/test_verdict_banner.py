"""The banner: what and why in short, the broken convention first, and nothing that jumps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from inspector.core.findings import Finding, Level
from inspector.core.verdict import VerdictCode
from inspector.core.wording import NO_BREAK
from inspector.gui.explainer import Causes
from inspector.gui.verdict_banner import (
    COMPARING,
    FINDING_OUT,
    LOOKS,
    NOTHING_COMPARED,
    VerdictBanner,
)
from tests.support.explanations import make_explanation
from tests.support.results import make_result
from tests.support.verdicts import below_headline

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from inspector.core.result import Result

BROKEN = Finding("channel_order", "The left model is given BGR", "", "", Level.ERROR, "left")


@pytest.fixture
def banner(qtbot: QtBot) -> VerdictBanner:
    made = VerdictBanner()
    qtbot.addWidget(made)
    made.resize(880, 90)
    with qtbot.waitExposed(made):
        made.show()
    return made


def height(banner: VerdictBanner) -> int:
    layout = banner.layout()
    assert layout is not None
    return layout.heightForWidth(banner.width())


def broken(result: Result) -> Result:
    return replace(result, findings=(BROKEN, *result.findings))


def test_every_code_has_a_look() -> None:
    assert set(LOOKS) == set(VerdictCode)


def test_the_headline_is_not_said_again_below(banner: VerdictBanner) -> None:
    result = make_result()
    banner.set_result(result)
    assert banner.headline == "They differ because of the preprocessing"
    assert banner.text == below_headline(result.verdict)
    assert "differ because" not in banner.text
    assert banner.headline in result.verdict.text
    assert banner.look == "warning"


def test_it_says_that_the_causes_are_being_found(banner: VerdictBanner) -> None:
    explanation = make_explanation()
    result = explanation.result
    banner.set_result(result)
    assert FINDING_OUT not in banner.text
    banner.set_causes(Causes(result, doing="Running mixes"))
    assert banner.text == below_headline(result.verdict, finding_out=True)
    banner.set_causes(Causes(result, explanation))
    assert FINDING_OUT not in banner.text
    assert "The largest cause is" in banner.text
    assert not banner.causes_button.isHidden()


def test_nothing_is_found_out_about_agreement(banner: VerdictBanner) -> None:
    result = make_result(noise=0)
    banner.set_causes(Causes(result, doing="Running mixes"))
    assert banner.look == "good"
    assert FINDING_OUT not in banner.text


def test_nothing_moves_when_the_causes_arrive(banner: VerdictBanner) -> None:
    explanation = make_explanation()
    heights = []
    banner.set_result(explanation.result)
    heights.append(height(banner))
    banner.set_causes(Causes(explanation.result, doing="x"))
    heights.append(height(banner))
    banner.set_causes(Causes(explanation.result, explanation))
    heights.append(height(banner))
    banner.set_result(make_result(noise=0))
    heights.append(height(banner))
    assert len(set(heights)) == 1


def test_a_broken_convention_is_the_headline_in_the_strongest_tint(banner: VerdictBanner) -> None:
    banner.set_result(broken(make_result()))
    assert banner.headline == "The left model is given BGR"
    assert banner.look == "bad"
    assert "The left model is given BGR" in banner.accessibleDescription()


def test_agreement_in_spite_of_a_broken_convention_says_both(banner: VerdictBanner) -> None:
    banner.set_result(broken(make_result(noise=0)))
    assert banner.headline == "The two agree"
    assert "To mend first: the left model is given BGR. That is float noise." in banner.text
    assert banner.look == "warning"


def test_a_comparison_under_way_is_not_called_another_one(banner: VerdictBanner) -> None:
    explanation = make_explanation()
    banner.set_result(explanation.result)
    banner.set_stale(True)
    assert banner.headline == COMPARING
    assert "again" not in banner.headline.lower()
    banner.set_causes(Causes(explanation.result, explanation))
    assert banner.headline == COMPARING
    banner.set_stale(False)
    assert banner.headline == explanation.verdict.headline


def test_numbers_stay_with_their_units(banner: VerdictBanner) -> None:
    banner.set_result(make_result())
    assert f"{NO_BREAK}%" in banner._what.text()
    assert f"{NO_BREAK}levels of 255" in banner._why.text()
    assert NO_BREAK not in banner.text


def test_dots_of_its_own_do_not_make_a_text_a_shortened_one(banner: VerdictBanner) -> None:
    result = make_result()
    banner.resize(1600, 90)
    banner.set_short(True)
    banner.set_causes(Causes(result, doing="Running mixes"))
    (line,) = banner._why.shown_lines
    assert line.endswith(FINDING_OUT)
    assert banner._why.toolTip() == ""
    banner.resize(500, 90)
    (line,) = banner._why.shown_lines
    assert not line.endswith(FINDING_OUT)
    assert banner._why.toolTip() == banner._why.text()


def test_assistive_technology_is_told_what_is_shown(banner: VerdictBanner) -> None:
    result = make_result()
    banner.set_result(result)
    told = f"{banner.headline}. {banner.text}"
    assert banner.accessibleDescription() == told
    banner.set_stale(True)
    assert banner.accessibleDescription() == COMPARING
    banner.set_stale(False)
    assert banner.accessibleDescription() == told
    banner.set_result(None)
    banner.say_nothing_compared()
    assert banner.accessibleDescription().startswith(f"{NOTHING_COMPARED}. ")


def test_a_long_headline_is_shortened_in_a_narrow_window(banner: VerdictBanner) -> None:
    long = replace(BROKEN, title="The left model wants another input range than " * 3)
    banner.set_result(make_result())
    least = banner.minimumSizeHint()
    banner.set_result(replace(make_result(), findings=(long,)))
    assert banner.minimumSizeHint() == least
    (line,) = banner._headline.shown_lines
    assert line.endswith("…")
    assert banner._headline.toolTip() == long.title
