from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor

from inspector.core.ordering import largest_differences
from inspector.core.palette import LIGHT
from inspector.gui.views.differences import BY_INDEX, LARGEST, MOST_BARS, DifferencesView
from inspector.gui.views.rows_canvas import TIGHTEST
from inspector.gui.views.spaces import LOGIT, NOT_FINITE_LOGITS


@pytest.fixture
def view(show, result) -> DifferencesView:
    view = show(DifferencesView)
    view.set_result(result)
    return view


def test_the_largest_differences_are_bars_with_their_sign(view, result):
    difference = result.comparison.difference
    order = largest_differences(difference, MOST_BARS)
    bars = view.canvas.bars[0]
    assert bars.opts["width"].tolist() == difference[list(order)].tolist()
    assert view.canvas.rows.labels == tuple(result.labels.name(index) for index in order)
    assert view.shown_classes == order


def test_colours_name_the_larger_side(view, result):
    for brush, value in zip(
        view.canvas.bars[0].opts["brushes"], view.canvas.rows.columns[0].values, strict=True
    ):
        assert brush == QColor(LIGHT.left if value > 0 else LIGHT.right)


def test_by_index_has_one_point_per_class(view, result):
    view.order_switch.choose(BY_INDEX)
    difference = result.comparison.difference
    for sign, points, stems in zip((1, -1), view.chart.points, view.chart.stems, strict=True):
        x, y = points.getData()
        assert x.tolist() == np.flatnonzero(sign * difference > 0).tolist()
        assert y.tolist() == difference[sign * difference > 0].tolist()
        assert stems.getData()[1][1::2].tolist() == y.tolist()


def test_a_click_on_a_bar_selects(view, qtbot):
    with qtbot.waitSignal(view.class_selected) as told:
        qtbot.mouseClick(
            view.canvas.view.viewport(), Qt.MouseButton.LeftButton, pos=view.canvas.row_centre(1)
        )
    assert told.args == [view.shown_classes[1]]
    assert view.canvas.selected == 1


def test_a_click_on_a_point_selects_the_nearest_class(view, qtbot, result):
    view.order_switch.choose(BY_INDEX)
    chart = view.chart
    largest = result.comparison.largest
    value = float(result.comparison.difference[largest])
    qtbot.waitUntil(lambda: chart.box.width() > 300)
    with qtbot.waitSignal(view.class_selected) as told:
        place = chart.to_pixels(largest, value) + QPoint(2, 2)
        qtbot.mouseClick(chart.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert told.args == [largest]
    assert chart.ringed == (largest, value)
    assert chart.point_at(QPointF(900, 0.9 * chart.box.viewRange()[1][1])) is None


def test_arrow_keys_walk_in_the_order_on_show(view, qtbot):
    chosen = []
    view.class_selected.connect(chosen.append)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    view.order_switch.choose(BY_INDEX)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    first, second = view_order = chosen[:2]
    assert view_order == [first, second]
    assert chosen[2] == second + 1
    view.order_switch.choose(LARGEST)
    assert list(view.shown_classes[:2]) == [first, second]


def test_the_mark_survives_the_switch(view, result):
    view.set_selected_class(574)
    assert view.shown_classes[view.canvas.selected] == 574
    view.order_switch.choose(BY_INDEX)
    assert view.chart.ringed == (574, result.comparison.difference[574])
    view.set_selected_class(None)
    assert view.chart.ringed is None


def test_differences_can_be_those_of_the_logits(view, result):
    logits = result.comparison.logit_difference
    view.space_switch.choose(LOGIT)
    order = np.argsort(-np.abs(logits), kind="stable")[:30].tolist()
    assert list(view.shown_classes) == order
    assert view.canvas.rows.columns[0].values.tolist() == logits[order].tolist()
    view.order_switch.choose(BY_INDEX)
    assert view.chart.points_y.tolist() == logits.tolist()
    assert "logit" in view.chart.left.label.toPlainText()


def test_logits_that_are_not_finite_give_a_sentence(view, result):
    broken = replace(result.comparison, logit_difference=np.full(1000, np.nan))
    view.set_result(replace(result, comparison=broken))
    assert view.message == ""
    view.space_switch.choose(LOGIT)
    assert view.message == NOT_FINITE_LOGITS


@pytest.mark.parametrize("height", [150, 217, 300, 333])
def test_no_row_is_cut_at_the_lower_edge(view, qtbot, height):
    view.resize(760, height)
    canvas = view.canvas
    qtbot.waitUntil(lambda: canvas.scroll_bar.maximum() > 0)
    rows = canvas.plot_area().height() / canvas.row_height
    assert rows == pytest.approx(round(rows), abs=0.05)
    assert canvas.row_height >= canvas.fontMetrics().height() * TIGHTEST
