from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from inspector.core.histogram import difference_histogram
from inspector.gui.views.axes import Ticks
from inspector.gui.views.histogram import ROOM_FOR_LIST, HistogramView
from inspector.gui.views.spaces import NOT_FINITE_LOGITS


@pytest.fixture
def view(show, result) -> HistogramView:
    view = show(HistogramView)
    view.set_result(result)
    return view


def listed(view: HistogramView) -> tuple[int, ...]:
    return tuple(view.class_list.model.classes)


def middle_of(view: HistogramView, number: int) -> QPointF:
    low, high = view.histogram.edges[number : number + 2]
    return QPointF((low + high) / 2, float(view.bars.opts["y0"][number]) + 0.1)


def test_linear_bars_are_the_counts(view, result):
    view.count_switch.choose("linear")
    counts = difference_histogram(result.comparison.difference).counts
    assert view.bars.opts["height"].tolist() == counts.tolist()
    assert view.chart.left.kind is Ticks.WHOLE


def test_log_bars_end_at_the_logarithm_and_a_single_class_shows(view):
    counts = view.histogram.counts
    tops = view.bars.opts["y0"] + view.bars.opts["height"]
    assert tops[counts > 0] == pytest.approx(np.log10(counts[counts > 0]))
    assert (view.bars.opts["height"][counts == 1] > 0.1).all()
    assert (view.bars.opts["height"][counts == 0] == 0).all()
    assert view.chart.left.kind is Ticks.DECADES


def test_the_space_can_be_switched_to_logits(view, result):
    view.space_switch.choose("logit")
    reach = np.abs(result.comparison.logit_difference).max()
    assert view.histogram.edges[-1] == pytest.approx(reach)
    assert "logit" in view.chart.bottom.labelText


def test_a_button_switches(view, qtbot):
    switch = view.space_switch
    with qtbot.waitSignal(switch.chosen) as told:
        qtbot.mouseClick(switch.button("logit"), Qt.MouseButton.LeftButton)
    assert told.args == ["logit"]


def test_all_classes_are_listed_at_first(view, result):
    assert listed(view)[0] == result.comparison.largest
    assert len(listed(view)) == 1000


def test_the_bin_under_the_mouse_is_listed_and_a_click_holds_it(view, qtbot):
    viewport = view.chart.view.viewport()
    full = int(np.argmax(view.histogram.counts))
    last = len(view.histogram.members) - 1 if view.histogram.counts[-1] else 0
    place = view.chart.to_pixels(middle_of(view, full).x(), middle_of(view, full).y())
    qtbot.mouseMove(viewport, place)
    qtbot.waitUntil(lambda: listed(view) == view.histogram.members[full])
    assert view.class_list.title.text().startswith(f"{view.histogram.counts[full]} classes from")
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
    view.hover_bin(last)
    assert listed(view) == view.histogram.members[last]
    view.hover_bin(None)
    assert listed(view) == view.histogram.members[full]
    view.hold_bin(full)
    assert len(listed(view)) == 1000


def test_a_click_in_the_list_selects_the_class(view, qtbot, result):
    table = view.class_list.table
    place = table.visualRect(view.class_list.model.index(1, 0)).center()
    with qtbot.waitSignal(view.class_selected) as told:
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert told.args == [listed(view)[1]]


def test_the_list_shows_label_and_difference(view, result):
    model = view.class_list.model
    first = listed(view)[0]
    assert model.data(model.index(0, 0)) == result.labels.name(first)
    assert model.data(model.index(0, 1)) == f"{result.comparison.difference[first]:+.3g}".replace(
        "-", "−"
    )


def test_the_bin_of_the_selected_class_is_marked(view, result):
    assert len(view.marked.opts["x0"]) == 0
    view.set_selected_class(574)
    low = view.marked.opts["x0"][0]
    high = low + view.marked.opts["width"][0]
    assert low - 1e-12 <= result.comparison.difference[574] <= high + 1e-12
    view.set_selected_class(None)
    assert len(view.marked.opts["x0"]) == 0


def test_logits_that_are_not_finite_give_a_sentence(view, result):
    nothing = np.full(1000, np.nan)
    odd = replace(result, comparison=replace(result.comparison, logit_difference=nothing))
    view.set_result(odd)
    assert view.message == ""
    view.space_switch.choose("logit")
    assert view.message == NOT_FINITE_LOGITS
    view.space_switch.choose("probability")
    assert view.message == ""


def test_a_click_far_down_the_list_keeps_the_place(view, qtbot):
    table, model = view.class_list.table, view.class_list.model
    table.scrollTo(model.index(500, 0))
    place = table.visualRect(model.index(500, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert view.selected_class == listed(view)[500]
    assert table.viewport().rect().contains(table.visualRect(model.index(500, 0)).center())
    assert [index.row() for index in table.selectionModel().selectedRows()] == [500]


def test_the_list_gives_way_where_there_is_no_room_for_both(view, qtbot):
    panel = view.class_list
    qtbot.waitUntil(panel.isVisible)
    view.resize(ROOM_FOR_LIST - 20, 300)
    qtbot.waitUntil(panel.isHidden)
    view.resize(ROOM_FOR_LIST + 20, 300)
    qtbot.waitUntil(panel.isVisible)
    assert panel.title.height() < 2 * panel.title.fontMetrics().lineSpacing()
    names = panel.table.columnWidth(0)
    assert names > 10 * panel.table.fontMetrics().averageCharWidth()
