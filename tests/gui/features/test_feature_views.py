from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from inspector.core.features.match import match_dimensions
from inspector.core.palette import DARK
from inspector.gui.features.bars import PER_TOP, FeatureBarsView
from inspector.gui.features.differences import FeatureDifferencesView
from inspector.gui.features.histogram import FeatureHistogramView
from inspector.gui.features.numbers import FeatureNumbersView
from inspector.gui.features.scatter import FeatureScatterView
from inspector.gui.features.tips import dimension_tip
from inspector.gui.views.base import EMPTY_TEXT, AnyResultWidget
from inspector.gui.views.differences import BY_INDEX
from tests.support.features import DIMENSIONS, LOUDEST, make_facts, make_feature_result

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from inspector.core.features.result import FeatureResult

    View = TypeVar("View", bound="AnyResultWidget[FeatureResult]")
    Show = Callable[[type[View]], View]

VIEWS = (
    FeatureBarsView,
    FeatureHistogramView,
    FeatureDifferencesView,
    FeatureScatterView,
    FeatureNumbersView,
)


@pytest.fixture(scope="module")
def result() -> FeatureResult:
    return make_feature_result()


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    def make(kind: type[View]) -> View:
        view = kind()
        qtbot.addWidget(view)
        view.resize(760, 300)
        with qtbot.waitExposed(view):
            view.show()
        return view

    return make


@pytest.mark.parametrize("kind", VIEWS)
def test_every_view_shows_a_result_and_forgets_it(
    show: Show, result: FeatureResult, kind: type[AnyResultWidget[FeatureResult]]
) -> None:
    view = show(kind)
    assert view.message == EMPTY_TEXT
    view.set_result(result)
    assert view.message == ""
    view.set_palette_scheme(DARK)
    view.set_stale(True)
    assert view.is_stale
    view.set_result(None)
    assert (view.message, view.is_stale) == (EMPTY_TEXT, False)


@pytest.mark.parametrize("kind", VIEWS[:-1])
def test_what_is_not_finite_is_said_instead_of_drawn(
    show: Show, result: FeatureResult, kind: type[AnyResultWidget[FeatureResult]]
) -> None:
    row = result.right.raw.copy()
    row[5] = np.nan
    view = show(kind)
    view.set_result(replace(result, comparison=make_facts(result.left.raw, row).features))
    assert "right side gives numbers that are not finite" in view.message


def test_bars_have_left_and_right_of_the_dimensions_that_differ_most(
    show: Show, result: FeatureResult
) -> None:
    view = show(FeatureBarsView)
    view.set_k(4)
    view.set_result(result)
    assert view.canvas is not None
    assert view.shown_dimensions[0] == LOUDEST
    assert len(view.shown_dimensions) == 4 * PER_TOP
    left, right = view.canvas.rows.columns
    chosen = list(view.shown_dimensions)
    assert left.values.tolist() == result.comparison.left[chosen].tolist()
    assert right.values.tolist() == result.comparison.right[chosen].tolist()
    assert left.limits == right.limits


def test_the_columns_between_the_bars_are_named(
    show: Show, result: FeatureResult, qtbot: QtBot
) -> None:
    view = show(FeatureBarsView)
    view.set_result(result)
    canvas = view.canvas
    assert canvas is not None
    mark, label = canvas.rows.heads
    assert (mark, label) == ("left − right", "dimension")
    metrics = canvas.fontMetrics()

    def room() -> int:
        return canvas.label_area().width() - canvas.mark_width() - canvas.beside_zero()

    assert (
        canvas.mark_width() > metrics.horizontalAdvance(mark) + metrics.horizontalAdvance("0") / 2
    )
    qtbot.waitUntil(lambda: room() > metrics.horizontalAdvance(label))


def test_the_number_of_rows_is_told(show: Show, result: FeatureResult, qtbot: QtBot) -> None:
    view = show(FeatureBarsView)
    view.set_result(result)
    with qtbot.waitSignal(view.k_changed) as told:
        view.set_k(3)
    assert told.args == [3]
    assert len(view.shown_dimensions) == 3 * PER_TOP


def test_a_row_that_is_clicked_is_chosen_and_the_keys_walk_on(
    show: Show, result: FeatureResult, qtbot: QtBot
) -> None:
    view = show(FeatureBarsView)
    view.set_result(result)
    assert view.canvas is not None
    with qtbot.waitSignal(view.class_selected) as chosen:
        view.canvas.row_clicked.emit(1)
    assert chosen.args == [view.shown_dimensions[1]]
    with qtbot.waitSignal(view.class_selected) as chosen:
        QTest.keyClick(view, Qt.Key.Key_Down)
    assert chosen.args == [view.shown_dimensions[2]]
    assert view.canvas.selected == 2


def test_histogram_counts_and_lists_dimensions(show: Show, result: FeatureResult) -> None:
    view = show(FeatureHistogramView)
    view.set_result(result)
    assert view.histogram is not None
    assert view.histogram.counts.sum() == DIMENSIONS
    assert view.class_list is not None
    assert view.class_list.title.text().startswith("All dimensions")
    model = view.class_list.model
    assert model.data(model.index(0, 0)) == f"dimension {LOUDEST}"
    view.hover_bin(view.histogram.counts.size - 1)
    assert "dimension" in view.class_list.title.text()


def test_differences_are_shown_by_size_or_by_index(show: Show, result: FeatureResult) -> None:
    view = show(FeatureDifferencesView)
    view.set_result(result)
    assert view.canvas is not None
    assert view.canvas.rows.labels[0] == f"dimension {LOUDEST}"
    assert (np.diff(np.abs(view.canvas.rows.columns[0].values)) <= 0).all()
    view.order_switch.choose(BY_INDEX)
    assert view.shown_dimensions == tuple(range(DIMENSIONS))
    view.set_selected_class(LOUDEST)
    assert view.chart is not None
    assert view.chart.ringed == (LOUDEST, result.comparison.difference[LOUDEST])


def test_scatter_has_a_point_for_each_dimension_and_says_what_hides(
    show: Show, result: FeatureResult
) -> None:
    view = show(FeatureScatterView)
    view.set_result(result)
    counts = [len(item.getData()[0]) for item in (view.left_larger, view.right_larger)]
    assert sum(counts) == DIMENSIONS
    assert f"{result.comparison.shared_zeros} dimensions are exactly 0" in view.note
    view.set_selected_class(LOUDEST)
    assert view.chart is not None
    comparison = result.comparison
    assert view.chart.ringed == (comparison.left[LOUDEST], comparison.right[LOUDEST])


def test_a_point_that_is_clicked_is_chosen(show: Show, result: FeatureResult, qtbot: QtBot) -> None:
    view = show(FeatureScatterView)
    view.set_result(result)
    assert view.chart is not None
    with qtbot.waitSignal(view.class_selected) as chosen:
        view.chart.point_clicked.emit(LOUDEST)
    assert chosen.args == [LOUDEST]


def test_numbers_are_those_of_the_comparison_and_of_the_dimension(
    show: Show, result: FeatureResult
) -> None:
    view = show(FeatureNumbersView)
    view.set_result(result)
    entries = view.entries
    assert entries["Relative L2"] == f"{result.comparison.relative_l2:.4g}"
    assert "Dimension" not in entries
    view.set_selected_class(LOUDEST)
    assert view.entries["Dimension"] == str(LOUDEST)
    assert view.entries["Place"] == f"1 of {DIMENSIONS} by |Δ|"
    view.set_selected_class(None)
    assert "Dimension" not in view.entries


def test_numbers_that_cannot_be_drawn_are_still_written(show: Show, result: FeatureResult) -> None:
    row = result.right.raw.copy()
    row[5] = np.nan
    view = show(FeatureNumbersView)
    view.set_result(replace(result, comparison=make_facts(result.left.raw, row).features))
    assert view.message == ""
    assert view.entries["Relative L2"] == "not finite"


def test_a_dimension_says_which_one_it_follows(result: FeatureResult) -> None:
    rows = np.random.default_rng(1).normal(size=(24, DIMENSIONS))
    match = match_dimensions(rows, np.roll(rows, 1, axis=1))
    moved = replace(result, match=match)
    assert "follows dimension 8 of the right side" in dimension_tip(moved, 7)
    assert "follows" not in dimension_tip(result, 7)
