from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from inspector.core.palette import DARK, LIGHT
from inspector.core.weights.audit import AuditCode, WeightAudit
from inspector.core.weights.rows import Status, WeightRow
from inspector.gui.explainer import Causes
from inspector.gui.weights.model import Column, cell_text
from inspector.gui.weights.view import NO_AUDIT, WAITING, WeightsView
from tests.support.explanations import make_audit, make_explanation
from tests.support.results import PAIR, make_result

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def view(qtbot: QtBot) -> WeightsView:
    made = WeightsView()
    qtbot.addWidget(made)
    made.resize(700, 400)
    with qtbot.waitExposed(made):
        made.show()
    return made


def causes(audit: WeightAudit | None) -> Causes:
    explanation = make_explanation(audit=audit)
    return Causes(explanation.result, explanation)


def column(view: WeightsView, which: Column) -> list[str]:
    table = view.filter
    return [table.index(row, which).data() for row in range(table.rowCount())]


def click_header(view: WeightsView, which: Column, order: Qt.SortOrder) -> None:
    view.table.sortByColumn(which, order)


def test_the_answer_and_every_row_are_shown(view: WeightsView) -> None:
    audit = make_audit()
    view.set_causes(causes(audit))
    assert view.summary == audit.text
    assert view.filter.rowCount() == len(audit.rows)
    assert not view.table.isHidden()
    assert "block_0/kernel" in column(view, Column.LEFT)
    assert "3 × 2" in column(view, Column.SHAPE)


def test_the_gravest_rows_come_first_where_something_is_wrong(view: WeightsView) -> None:
    view.set_causes(causes(make_audit()))
    assert column(view, Column.STATUS)[:2] == ["unequal", "only on the left"]


def test_equal_checkpoints_keep_the_networks_order(view: WeightsView) -> None:
    audit = make_audit(layers=12, unequal=False)
    assert audit.same_checkpoint
    view.set_causes(causes(audit))
    assert view.model.rows == audit.rows


def test_sorts_by_each_column_and_back(view: WeightsView) -> None:
    audit = make_audit(layers=5)
    view.set_causes(causes(audit))
    click_header(view, Column.LEFT, Qt.SortOrder.DescendingOrder)
    lefts = column(view, Column.LEFT)
    assert lefts == sorted(lefts, reverse=True)
    click_header(view, Column.DIFFERENCE, Qt.SortOrder.DescendingOrder)
    gaps = [row.max_abs_difference for row in view.model.rows]
    assert gaps[0] == pytest.approx(0.25)
    assert gaps[-1] is None
    view.table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    assert view.model.rows == audit.rows


def test_a_selected_row_stays_selected_when_sorted(view: WeightsView) -> None:
    view.set_causes(causes(make_audit(layers=5)))
    click_header(view, Column.LEFT, Qt.SortOrder.AscendingOrder)
    view.table.selectRow(0)
    name = column(view, Column.LEFT)[0]
    click_header(view, Column.LEFT, Qt.SortOrder.DescendingOrder)
    (selected,) = view.table.selectionModel().selectedRows(Column.LEFT)
    assert selected.data() == name
    assert selected.row() == view.filter.rowCount() - 1


def test_the_search_keeps_rows_with_every_word(view: WeightsView) -> None:
    view.set_causes(causes(make_audit(layers=5)))
    view.search_field.setText("BLOCK_1 matched")
    assert column(view, Column.LEFT) == ["block_1/kernel"]
    assert view.count_text == "1 of 7 rows"
    click_header(view, Column.RIGHT, Qt.SortOrder.DescendingOrder)
    assert column(view, Column.LEFT) == ["block_1/kernel"]
    view.search_field.setText("unequal")
    assert column(view, Column.LEFT) == ["head/bias"]
    view.search_field.clear()
    assert view.count_text == "7 rows"


def test_sort_and_search_stay_with_the_pair(view: WeightsView) -> None:
    view.set_causes(causes(make_audit(layers=5)))
    view.search_field.setText("block")
    click_header(view, Column.LEFT, Qt.SortOrder.DescendingOrder)
    before = column(view, Column.LEFT)
    view.set_causes(causes(make_audit(layers=5)))
    assert column(view, Column.LEFT) == before


def test_the_audit_outlives_a_comparison_but_not_the_pair(view: WeightsView) -> None:
    audit = make_audit()
    view.set_causes(causes(audit))
    view.set_causes(Causes(make_result(), doing="x"))
    assert view.summary == audit.text
    view.set_causes(Causes(make_result(pair=replace(PAIR, id="other")), doing="x"))
    assert view.summary == WAITING
    assert view.filter.rowCount() == 0
    assert view.table.isHidden()


def test_without_an_audit_it_says_so(view: WeightsView) -> None:
    explanation = replace(make_explanation(), audit=None)
    view.set_causes(Causes(explanation.result, explanation))
    assert view.summary == NO_AUDIT


def test_a_hidden_table_is_filled_when_it_is_shown(qtbot: QtBot) -> None:
    view = WeightsView()
    qtbot.addWidget(view)
    view.set_causes(causes(make_audit()))
    assert view.model.rows == ()
    view.show()
    assert view.filter.rowCount() == 5


def test_colours_of_grave_rows_follow_the_scheme(view: WeightsView) -> None:
    view.set_causes(causes(make_audit()))
    place = view.filter.index(0, Column.STATUS)
    role = Qt.ItemDataRole.BackgroundRole
    view.set_palette_scheme(LIGHT)
    assert place.data(role).color().name() == LIGHT.bad
    view.set_palette_scheme(DARK)
    assert place.data(role).color().name() == DARK.bad


def test_ten_thousand_rows_sort_and_search_quickly(view: WeightsView) -> None:
    rows = tuple(
        WeightRow(
            f"layer_{i % 97}/{i}/kernel",
            (3, 3, i % 7 + 1),
            f"right/{i}",
            (3, 3, i % 7 + 1),
            Status.MATCHED,
            max_abs_difference=i % 13 * 1e-8,
        )
        for i in range(10_000)
    )
    view.set_causes(causes(WeightAudit(rows, AuditCode.SAME, len(rows), len(rows))))
    started = time.perf_counter()
    click_header(view, Column.LEFT, Qt.SortOrder.DescendingOrder)
    click_header(view, Column.DIFFERENCE, Qt.SortOrder.AscendingOrder)
    view.search_field.setText("layer_5 kernel")
    assert time.perf_counter() - started < 2.0  # one call for each of Qt's comparisons takes more
    assert 0 < view.filter.rowCount() < len(rows)


def test_the_columns_fit_until_one_is_dragged(view: WeightsView) -> None:
    view.set_causes(causes(make_audit(layers=40)))
    header = view.table.horizontalHeader()
    for width in (400, 900):
        view.resize(width, 300)
        assert header.length() <= view.table.viewport().width() + 1
    header.resizeSection(Column.LEFT, 111)
    view.resize(600, 300)
    assert header.sectionSize(Column.LEFT) == 111


def test_shapes_that_differ_are_both_told() -> None:
    row = WeightRow("a", (3, 2), "b", (2, 3), Status.TRANSPOSED, max_abs_difference=0.0)
    assert cell_text(row, Column.SHAPE) == "3 × 2 → 2 × 3"
    assert cell_text(replace(row, right_shape=(3, 2)), Column.SHAPE) == "3 × 2"
    assert cell_text(replace(row, left=None, left_shape=None), Column.SHAPE) == "2 × 3"


LONG = "MobilenetV2/expanded_conv_10/depthwise/depthwise_weights"


@pytest.mark.parametrize("width", [560, 880])
def test_without_notes_the_names_have_their_room(view: WeightsView, width: int) -> None:
    view.resize(width, 300)
    rows = (WeightRow("Conv1/kernel", (3, 3, 3, 16), LONG, (3, 3, 3, 16), Status.MATCHED),)
    view.set_causes(causes(WeightAudit(rows, AuditCode.SAME, 1, 1)))
    table, metrics = view.table, view.table.fontMetrics()
    widths = {which: table.columnWidth(which) for which in Column}
    assert table.isColumnHidden(Column.NOTE)
    assert widths[Column.LEFT] + widths[Column.RIGHT] > 0.5 * table.viewport().width()
    assert widths[Column.LEFT] > metrics.horizontalAdvance("Left variable") * width / 900
    assert table.textElideMode() is Qt.TextElideMode.ElideLeft


def test_one_row_with_a_note_takes_no_room_from_the_names(view: WeightsView) -> None:
    view.resize(900, 300)
    plain = WeightRow("Conv1/kernel", (3, 3, 3, 16), "c/weights", (3, 3, 3, 16), Status.MATCHED)
    noted = replace(plain, note="the first, the background class, is left out " * 3)
    view.set_causes(causes(WeightAudit((*[plain] * 20, noted), AuditCode.SAME, 21, 21)))
    table, metrics = view.table, view.table.fontMetrics()
    assert not table.isColumnHidden(Column.NOTE)
    for column, text in ((Column.LEFT, "Conv1/kernel"), (Column.RIGHT, "c/weights")):
        assert table.columnWidth(column) > metrics.horizontalAdvance(text)
    assert table.columnWidth(Column.SHAPE) > metrics.horizontalAdvance("3 × 3 × 3 × 16")
