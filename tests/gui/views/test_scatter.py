from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from inspector.core.comparison import first_near_ties
from inspector.core.scores import OutputSwitches
from inspector.gui.views.axes import Ticks
from inspector.gui.views.scatter import ScatterView
from tests.support.results import make_result


@pytest.fixture
def view(show, result) -> ScatterView:
    view = show(ScatterView)
    view.resize(760, 420)
    view.set_result(result)
    return view


def test_points_are_the_logarithms_of_both_sides(view, result):
    assert view.chart.points_x == pytest.approx(np.log10(result.comparison.left))
    assert view.chart.points_y == pytest.approx(np.log10(result.comparison.right))
    assert view.chart.bottom.kind is Ticks.DECADES
    assert view.note == ""


def test_near_ties_of_the_first_places_have_an_outline(view, result):
    left = result.comparison.left.copy()
    second, third = np.argsort(-left)[1:3]
    left[third] = left[second]
    tied = replace(result.comparison, left=left, near_ties=np.ones(1000, dtype=np.bool_))
    view.set_result(replace(result, comparison=tied))
    near = np.flatnonzero(first_near_ties(tied))
    assert {int(second), int(third)} <= set(near.tolist())
    assert len(near) < 11
    assert view.ties.getData()[0].tolist() == view.chart.points_x[near].tolist()
    assert len(view.left_larger.getData()[0]) + len(view.right_larger.getData()[0]) == 1000
    assert view.ties.opts["brush"].style() is Qt.BrushStyle.NoBrush
    assert "near-tie" in [text for _, _, text in view.legend.entries]
    assert "float noise" in view.legend.toolTip()


def test_without_near_ties_the_legend_has_none(view, result):
    none = replace(result.comparison, near_ties=np.zeros(1000, dtype=np.bool_))
    view.set_result(replace(result, comparison=none))
    assert "near-tie" not in [text for _, _, text in view.legend.entries]
    assert view.legend.toolTip() == ""


def test_both_axes_have_the_same_limits(view):
    x, y = view.chart.box.viewRange()
    assert x == pytest.approx(y)


def test_probabilities_of_zero_are_drawn_at_the_floor(view, result):
    left = result.comparison.left.copy()
    left[7] = 0.0
    view.set_result(replace(result, comparison=replace(result.comparison, left=left)))
    assert view.chart.points_x[7] == -12.0
    assert view.note == "1 class is below 1e-12 and drawn there."


def test_logits_get_linear_axes_and_a_sentence(view):
    odd = make_result(right_output=OutputSwitches(softmax=False))
    view.set_result(odd)
    assert view.chart.points_y.tolist() == odd.comparison.right.tolist()
    assert view.chart.left.kind is Ticks.NUMBERS
    assert view.note == "The right side does not give probabilities, so both axes are linear."


def test_a_click_selects_and_rings(view, qtbot, result):
    chart = view.chart
    x, y = float(chart.points_x[574]), float(chart.points_y[574])
    qtbot.waitUntil(lambda: chart.box.height() > 200)
    with qtbot.waitSignal(view.class_selected) as told:
        qtbot.mouseClick(
            chart.view.viewport(), Qt.MouseButton.LeftButton, pos=chart.to_pixels(x, y)
        )
    assert told.args == [574]
    assert chart.ringed == (x, y)


def test_a_drag_is_no_click(view, qtbot):
    chart = view.chart
    start = chart.to_pixels(float(chart.points_x[574]), float(chart.points_y[574]))
    viewport = chart.view.viewport()
    with qtbot.assertNotEmitted(view.class_selected):
        qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
        qtbot.mouseMove(viewport, start - start / 3)
        qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=start - start / 3)


def test_a_double_click_shows_everything_again(view, qtbot):
    chart = view.chart
    before = chart.box.viewRange()
    chart.box.setRange(xRange=(-3, -2), yRange=(-3, -2), padding=0)
    qtbot.mouseDClick(chart.view.viewport(), Qt.MouseButton.LeftButton)
    for now, then in zip(chart.box.viewRange(), before, strict=True):
        assert now == pytest.approx(then)
