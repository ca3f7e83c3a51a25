from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from inspector.core.errors import EngineError
from inspector.core.pairs import Side
from inspector.core.palette import DARK, LIGHT
from inspector.gui.causes.attribution_section import DIVERGENCE, AttributionSection
from inspector.gui.causes.feed_section import PAD, FeedCell, FeedSection
from inspector.gui.causes.noise_section import NoiseSection
from inspector.gui.causes.proposals_section import ProposalsSection
from inspector.gui.causes.view import CausesView
from inspector.gui.explainer import Causes
from tests.support.explanations import make_explanation
from tests.support.results import make_result

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget
    from pytestqt.qtbot import QtBot

    from inspector.core.causes.closing import Proposal
    from inspector.gui.causes.section import Section


@pytest.fixture
def view(qtbot: QtBot) -> CausesView:
    made = CausesView()
    qtbot.addWidget(made)
    made.resize(600, 500)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def known() -> Causes:
    explanation = make_explanation()
    return Causes(explanation.result, explanation)


def fill(view: CausesView, causes: Causes, qtbot: QtBot) -> CausesView:
    view.set_causes(causes)
    qtbot.waitUntil(lambda: view.is_filled)
    return view


def shown(view: CausesView) -> list[str]:
    names = ("findings", "attribution", "feed", "proposals", "noise")
    sections: list[Section] = [view.section(name) for name in names]
    return [section.heading for section in sections if not section.isHidden()]


def test_the_findings_come_first_and_the_rest_when_it_is_known(
    view: CausesView, known: Causes, qtbot: QtBot
) -> None:
    fill(view, Causes(known.result, doing="Studying both models"), qtbot)
    assert shown(view) == ["What was found"]
    assert view.state.is_moving
    assert "Studying both models" in view.state.text
    fill(view, known, qtbot)
    assert shown(view) == [
        "What was found",
        "What causes the difference",
        "Input or model?",
        "What would close the gap?",
        "Noise floor and tolerance",
    ]
    assert [card.finding for card in view.cards] == list(known.findings)
    assert not view.state.is_moving
    assert view.state.text == ""


def test_no_section_is_a_window_of_its_own(
    view: CausesView, known: Causes, qtbot: QtBot, shown_windows: list[QWidget]
) -> None:
    fill(view, known, qtbot)
    assert isinstance(view.section("feed"), FeedSection)
    assert shown_windows == []


def test_a_hidden_view_builds_nothing_until_it_is_shown(qtbot: QtBot, known: Causes) -> None:
    view = CausesView()
    qtbot.addWidget(view)
    view.set_causes(known)
    assert not view.is_filled
    assert view.cards == ()
    view.show()
    qtbot.waitUntil(lambda: view.is_filled)
    assert len(view.cards) == len(known.findings)


def test_a_failure_is_told_here_with_a_way_to_repeat(
    view: CausesView, known: Causes, qtbot: QtBot
) -> None:
    fill(view, Causes(known.result, error=EngineError("It ran out of memory.", "")), qtbot)
    assert "It ran out of memory." in view.state.text
    with qtbot.waitSignal(view.again_wanted):
        view.state.again_button.click()


def test_measuring_can_be_stopped(view: CausesView, known: Causes, qtbot: QtBot) -> None:
    fill(view, Causes(known.result, doing="x"), qtbot)
    with qtbot.waitSignal(view.cancel_wanted):
        view.state.cancel_button.click()


def test_the_switch_changes_what_is_divided(view: CausesView, known: Causes, qtbot: QtBot) -> None:
    section = fill(view, known, qtbot).section("attribution")
    assert isinstance(section, AttributionSection)
    explanation = known.explanation
    assert explanation is not None
    assert section.chart.bars[-1].text == f"{explanation.attribution.total:.3g}"
    section.measure_switch.button(DIVERGENCE).click()
    assert section.chart.bars[-1].text == f"{explanation.attribution.js_total:.3g}"
    assert len(section.chart.bars) == len(explanation.attribution.js_shares) + 1


def test_one_bar_of_the_made_up_case_runs_backwards(
    view: CausesView, known: Causes, qtbot: QtBot
) -> None:
    section = fill(view, known, qtbot).section("attribution")
    assert isinstance(section, AttributionSection)
    assert any(bar.end < bar.start for bar in section.chart.bars)


def test_cells_are_coloured_by_the_side_they_are_nearer_to(
    view: CausesView, known: Causes, qtbot: QtBot
) -> None:
    section = fill(view, known, qtbot).section("feed")
    assert isinstance(section, FeedSection)
    ground = {place: cell.ground.name() for place, cell in section.cells.items()}
    left, right = Side.LEFT, Side.RIGHT
    assert ground[left, left] == ground[left, right]  # the made-up models are the same
    assert ground[right, left] == ground[right, right]
    assert ground[left, left] != ground[right, right]
    assert "golf ball" in section.cells[left, right].text.first
    assert "the difference comes from the input" in section.sentence.text()


def test_a_proposal_is_applied_by_its_button(view: CausesView, known: Causes, qtbot: QtBot) -> None:
    section = fill(view, known, qtbot).section("proposals")
    assert isinstance(section, ProposalsSection)
    assert known.explanation is not None
    assert [row.proposal for row in section.rows] == list(known.explanation.proposals)
    wanted: list[Proposal] = []
    view.apply_wanted.connect(wanted.append)
    section.rows[1].button.click()
    assert wanted == [known.explanation.proposals[1]]
    assert section.rows[0].bar.share == pytest.approx(
        known.explanation.proposals[0].remaining / known.explanation.proposals[0].total
    )


def test_nothing_is_applied_to_what_is_out_of_date(
    view: CausesView, known: Causes, qtbot: QtBot
) -> None:
    section = fill(view, known, qtbot).section("proposals")
    assert isinstance(section, ProposalsSection)
    view.set_stale(True)
    assert view.is_stale
    assert not any(row.button.isEnabled() for row in section.rows)
    view.set_stale(False)
    assert not view.is_stale
    assert all(row.button.isEnabled() for row in section.rows)


def test_noise_is_listed_side_by_side(view: CausesView, known: Causes, qtbot: QtBot) -> None:
    section = fill(view, known, qtbot).section("noise")
    assert isinstance(section, NoiseSection)
    assert section.numbers["batch", Side.LEFT].text() == "3e-07"
    assert section.numbers["run_again", Side.RIGHT].text() == "0"
    assert section.numbers["frozen", Side.RIGHT].text() == "not measured"


@pytest.mark.parametrize(("rtol", "atol"), [(0.0, 1.0), (1.0, 0.0), (0.8, 1e-8), (1e-5, 1e-8)])
def test_the_tolerance_fields_agree_with_numpy(
    view: CausesView, known: Causes, qtbot: QtBot, rtol: float, atol: float
) -> None:
    section = fill(view, known, qtbot).section("noise")
    assert isinstance(section, NoiseSection)
    fields = section.tolerance
    fields.rtol.setValue(rtol)
    fields.atol.setValue(atol)
    comparison = known.result.comparison
    passes = np.allclose(comparison.left, comparison.right, rtol=rtol, atol=atol)
    assert ("passes" in fields.answer) == passes
    check = fields.check
    assert check is not None
    assert f"rtol={check.least_rtol:g}" in fields.least
    fields.rtol.setValue(check.least_rtol)
    assert "passes" in fields.answer
    fields.defaults_button.click()
    assert (fields.rtol.value(), fields.atol.value()) == (1e-5, 1e-8)


def test_agreement_has_nothing_to_divide_or_to_close(view: CausesView, qtbot: QtBot) -> None:
    explanation = make_explanation(make_result(noise=0))
    fill(view, Causes(explanation.result, explanation), qtbot)
    assert "What was found" in shown(view)
    section = view.section("proposals")
    assert isinstance(section, ProposalsSection)
    assert section.rows == ()


def test_other_colours_reach_every_section(view: CausesView, known: Causes, qtbot: QtBot) -> None:
    view.set_palette_scheme(LIGHT)
    fill(view, known, qtbot)
    light = view.grab().toImage()
    view.set_palette_scheme(DARK)
    qtbot.waitUntil(lambda: view.is_filled)
    assert view.grab().toImage() != light


def test_the_same_findings_keep_their_cards(view: CausesView, known: Causes, qtbot: QtBot) -> None:
    cards = fill(view, known, qtbot).cards
    fill(view, Causes(known.result, known.explanation), qtbot)
    assert view.cards == cards


@pytest.mark.parametrize("points", [10, 15])
def test_nothing_is_cut_off_in_a_narrow_window(
    qapp: QApplication, known: Causes, qtbot: QtBot, points: int
) -> None:
    font = qapp.font()
    font.setPointSize(points)
    qapp.setFont(font)
    view = CausesView()
    qtbot.addWidget(view)
    view.resize(420 * points // 10, 300)
    view.show()
    fill(view, known, qtbot)
    assert view._content.minimumSizeHint().width() <= view._scroll.viewport().width()


def test_agreement_says_within_the_noise_and_draws_no_full_bar(
    view: CausesView, known: Causes, qtbot: QtBot
) -> None:
    explanation = make_explanation(make_result(noise=0))
    assert explanation.attribution.total > 0
    fill(view, Causes(explanation.result, explanation), qtbot)
    section = view.section("attribution")
    assert isinstance(section, AttributionSection)
    assert not section.isHidden()
    assert section.chart.isHidden()
    assert section.measure_switch.isHidden()
    assert "within the noise" in section.quiet.text()
    fill(view, known, qtbot)
    assert section.quiet.isHidden()
    assert section.chart.isVisible()
    assert section.measure_switch.isVisible()


def test_proposals_call_the_modes_as_the_dock_does(
    view: CausesView, known: Causes, qtbot: QtBot
) -> None:
    assert known.explanation is not None
    proposals = tuple(
        replace(known.explanation.proposals[0], mode=mode) for mode in ("keras_dataset", "hub")
    )
    explanation = replace(known.explanation, proposals=proposals)
    section = fill(view, Causes(known.result, explanation), qtbot).section("proposals")
    assert isinstance(section, ProposalsSection)
    names = [row.button.accessibleName() for row in section.rows]
    assert names == [
        f"Apply: both sides in mode {title}, each in its own range"
        for title in ("Keras dataset", "TF Hub")
    ]


@pytest.mark.parametrize("width", [360, 420, 600, 1100])
def test_no_distance_is_cut_off(view: CausesView, known: Causes, qtbot: QtBot, width: int) -> None:
    view.resize(width, 500)
    section = fill(view, known, qtbot).section("feed")
    assert isinstance(section, FeedSection)
    qtbot.waitUntil(lambda: all(_is_whole(cell) for cell in section.cells.values()))
    for cell in section.cells.values():
        first, *distances = cell.lines
        assert first == cell.text.first
        told = " ".join(distances).replace(",", "")
        assert told == " ".join(cell.text.distances)


def _is_whole(cell: FeedCell) -> bool:
    metrics = cell.fontMetrics()
    widest = max(metrics.horizontalAdvance(line) for line in cell.lines[1:])
    needed = len(cell.lines) * metrics.lineSpacing() + 2 * PAD
    return widest <= cell.width() - 2 * PAD and needed <= cell.height()


def test_the_findings_can_be_brought_into_view(
    view: CausesView, known: Causes, qtbot: QtBot
) -> None:
    fill(view, known, qtbot)
    bar = view._scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 100)
    bar.setValue(100)
    view.scroll_to_top()
    assert bar.value() == 0


def test_other_settings_keep_the_place_and_another_picture_begins_at_the_top(
    view: CausesView, known: Causes, qtbot: QtBot
) -> None:
    fill(view, known, qtbot)
    bar = view._scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 100)
    bar.setValue(100)
    view.set_causes(Causes(make_result(), doing="x"))
    assert bar.value() == 100
    picture = replace(known.result.picture, name="owl.jpg", sha256="cd" * 32)
    view.set_causes(Causes(replace(known.result, picture=picture), doing="x"))
    assert bar.value() == 0
