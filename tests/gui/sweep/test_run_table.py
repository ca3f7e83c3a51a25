"""What the table of a run shows at first, on demand, and where there is nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from inspector.core.palette import LIGHT
from inspector.gui.sweep.model import SHOWN
from inspector.gui.sweep.run_view import RunView
from inspector.sweep.filters import RowFilter, RowKind
from inspector.sweep.run_file import RunFile
from tests.sweep.made_up import make_info, make_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

WAIT_MS = 20_000
COUNT = 500
PLACES = {column.id: place for place, column in enumerate(SHOWN)}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_run(tmp_path_factory.mktemp("run") / "made.sqlite", COUNT)


@pytest.fixture
def view(run: Path, qtbot: QtBot) -> Iterator[RunView]:
    with RunFile.open(run) as opened:
        made = RunView(run, opened.info)
    qtbot.addWidget(made)
    made.set_palette_scheme(LIGHT)
    made.resize(1260, 600)
    with qtbot.waitExposed(made):
        made.show()
    qtbot.waitUntil(lambda: made.model.row(0) is not None, timeout=WAIT_MS)
    yield made
    made.close_files()


def shown(view: RunView) -> list[str]:
    table = view.table
    return [column.id for place, column in enumerate(SHOWN) if not table.isColumnHidden(place)]


def test_few_columns_at_first_and_all_of_them_in_sight(view: RunView, qtbot: QtBot) -> None:
    assert shown(view) == [
        *("path", "max_abs_difference", "top1_same", "left_class", "left_probability"),
        *("right_class", "right_probability", "truth"),
    ]
    header = view.table.horizontalHeader()
    qtbot.waitUntil(lambda: header.length() <= view.table.viewport().width(), timeout=WAIT_MS)


def test_without_true_classes_they_have_no_column(run: Path, qtbot: QtBot) -> None:
    view = RunView(run, make_info(truth=""))
    qtbot.addWidget(view)
    assert "truth" not in shown(view)
    view.set_info(make_info(truth="names"))
    assert "truth" in shown(view)
    view.close_files()


def test_every_column_says_what_it_is(view: RunView) -> None:
    tip = Qt.ItemDataRole.ToolTipRole
    for place, column in enumerate(SHOWN):
        assert view.model.headerData(place, Qt.Orientation.Horizontal, tip) == column.tip
        assert column.tip


def test_the_menu_shows_and_hides_columns(view: RunView) -> None:
    menu = view.table.columns_menu
    menu.aboutToShow.emit()
    actions = {action.text(): action for action in menu.actions()}
    assert actions["Largest |Δp|"].isChecked()
    assert not actions["Cosine"].isChecked()
    actions["Cosine"].trigger()
    actions["Largest |Δp|"].trigger()
    assert "cosine" in shown(view)
    assert "max_abs_difference" not in shown(view)
    actions["Usual columns"].trigger()
    assert "cosine" not in shown(view)
    assert "max_abs_difference" in shown(view)


def test_true_classes_given_later_leave_the_other_columns(run: Path, qtbot: QtBot) -> None:
    view = RunView(run, make_info(truth=""))
    qtbot.addWidget(view)
    view.table.show_column("cosine")
    view.table._set_column(PLACES["right_class"], False)
    before = shown(view)
    view.set_info(make_info(truth="folders"))
    after = shown(view)
    view.close_files()
    assert "truth" not in before
    assert sorted(after) == sorted([*before, "truth"])


def test_the_sorted_column_is_shown_and_named(view: RunView, qtbot: QtBot) -> None:
    header = view.table.horizontalHeader()
    for place in range(len(SHOWN)):  # so that not all of them fit
        view.table.setColumnHidden(place, SHOWN[place].id == "cosine")
    view.filters.worst.setCurrentIndex(view.filters.worst.findData("cosine"))
    view.filters.worst.activated.emit(view.filters.worst.currentIndex())
    place = PLACES["cosine"]
    assert not view.table.isColumnHidden(place)
    begin = header.sectionViewportPosition(place)
    assert begin >= 0
    assert begin + header.sectionSize(place) <= view.table.viewport().width()
    assert view.filters.worst.currentText() == "Worst first: Cosine"
    assert view.model.order.column == "cosine"
    assert not view.model.order.descending
    header.setSortIndicator(PLACES["path"], Qt.SortOrder.AscendingOrder)
    assert view.filters.worst.currentText() == "Worst first by …"
    header.setSortIndicator(PLACES["js"], Qt.SortOrder.DescendingOrder)
    assert view.filters.worst.currentText() == "Worst first: JS"
    view.filters.worst.setCurrentIndex(0)
    view.filters.worst.activated.emit(0)
    assert view.model.order.column == "number"


def test_widths_by_hand_are_kept(view: RunView, qtbot: QtBot) -> None:
    header = view.table.horizontalHeader()
    header.resizeSection(0, 333)
    view.resize(1500, 600)
    qtbot.waitUntil(lambda: not view.table._fit_soon.isActive(), timeout=WAIT_MS)
    assert header.sectionSize(0) == 333


def test_a_filter_that_nothing_fits_says_so(view: RunView, qtbot: QtBot) -> None:
    assert view.table.empty.isHidden()
    view.filters.set_filter(RowFilter(text="nothing is called so"))
    qtbot.waitUntil(lambda: not view.table.empty.isHidden(), timeout=WAIT_MS)
    assert view.table.empty_text.text() == "No picture matches"
    view.table.clear_button.click()
    qtbot.waitUntil(lambda: view.model.rowCount() == COUNT, timeout=WAIT_MS)
    assert view.table.empty.isHidden()
    assert view.filters.search.text() == ""


def test_real_disagreements_are_tinted(view: RunView, qtbot: QtBot) -> None:
    def tints(kind: RowKind) -> list[bool]:
        view.filters.set_filter(RowFilter(kind=kind))
        qtbot.waitUntil(lambda: 0 < view.model.rowCount() < COUNT, timeout=WAIT_MS)
        qtbot.waitUntil(lambda: view.model.row(0) is not None, timeout=WAIT_MS)
        role = Qt.ItemDataRole.BackgroundRole
        found = [view.model.data(view.model.index(place, 2), role) for place in range(3)]
        return [tint is not None for tint in found]

    assert tints(RowKind.REAL) == [True] * 3
    view.filters.set_filter(RowFilter())
    qtbot.waitUntil(lambda: view.model.rowCount() == COUNT, timeout=WAIT_MS)
    assert tints(RowKind.NEAR_TIES) == [False] * 3
    assert view.model.data(view.model.index(0, PLACES["top1_same"])) == "near-tie"


def test_an_error_runs_over_the_row(view: RunView, qtbot: QtBot) -> None:
    """Where the cells of a row with an error are drawn, its text goes on from one to the next."""
    view.filters.set_filter(RowFilter(kind=RowKind.ERRORS))
    qtbot.waitUntil(lambda: 0 < view.model.rowCount() < COUNT, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: view.model.row(0) is not None, timeout=WAIT_MS)
    table, header = view.table, view.table.horizontalHeader()
    table.horizontalScrollBar().setValue(0)
    area = table.error_area(0, table.rowHeight(0))
    assert area.left() == header.sectionSize(0)
    assert area.right() > header.sectionViewportPosition(PLACES["right_class"])
    image = table.viewport().grab().toImage()
    ground = image.pixelColor(header.length() - 3, 2)

    def inked(column: str) -> bool:
        first = header.sectionViewportPosition(PLACES[column])
        xs = range(first + 2, first + header.sectionSize(PLACES[column]) - 2)
        ys = range(2, table.rowHeight(0) - 2)
        return any(image.pixelColor(x, y) != ground for x in xs for y in ys)

    row = view.model.row(0)
    assert row is not None
    assert table.fontMetrics().horizontalAdvance(row.error) > header.sectionSize(1)
    assert inked("max_abs_difference")
    assert inked("top1_same")


def test_headers_do_not_grow_with_the_selection(view: RunView) -> None:
    assert not view.table.horizontalHeader().highlightSections()
