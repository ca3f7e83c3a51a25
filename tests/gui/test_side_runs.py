from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from inspector.core.pairs import Side
from inspector.core.palette import DARK, LIGHT
from inspector.gui.side_runs import MOST_LINES, SHOWN_CLASSES, RunDialog, SideRuns
from tests.support.results import make_result
from tests.support.side_runs import make_full_result, with_training

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def strip(qtbot: QtBot) -> SideRuns:
    made = SideRuns()
    qtbot.addWidget(made)
    return made


def shown(strip: SideRuns) -> list[str]:
    return [line.mark.text() for line in strip.lines if not line.isHidden()]


def column(dialog: RunDialog, place: int) -> list[str]:
    """Give the texts of a column, from the top."""
    items = [dialog.table.item(row, place) for row in range(dialog.table.rowCount())]
    return [item.text() for item in items if item is not None]


def number(text: str) -> float:
    return float(text.removesuffix(" %").lstrip("<").replace("−", "-"))


def test_it_is_hidden_where_there_is_no_run(strip: SideRuns) -> None:
    strip.set_result(make_result())
    assert strip.isHidden()
    strip.set_result(with_training(make_result(), Side.LEFT))
    assert not strip.isHidden()
    strip.set_result(None)
    assert strip.isHidden()


def test_each_run_has_a_line_with_its_mark(strip: SideRuns) -> None:
    strip.set_result(make_full_result())
    assert shown(strip) == [
        "Left, training mode",
        "Left, auxiliary head",
        "Right, training mode",
        "Right, auxiliary head",
    ]
    assert [line.warning.text() for line in strip.lines] == ["", "untrained", "", ""]
    assert strip.lines[0].text.text().startswith("Top 1 changes from golf ball")
    assert "A note." in strip.lines[0].text.text()
    assert "16 pictures" in strip.lines[0].text.toolTip()
    strip.set_result(with_training(make_result(), Side.RIGHT))
    assert shown(strip) == ["Right, training mode"]


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_its_mark_has_the_colour_of_its_side(strip: SideRuns, palette: object) -> None:
    strip.set_palette_scheme(palette)  # type: ignore[arg-type]
    strip.set_result(with_training(make_result(), Side.RIGHT))
    assert palette.right in strip.lines[0].mark.styleSheet()  # type: ignore[attr-defined]


def test_the_dialog_follows_the_result(strip: SideRuns) -> None:
    strip.show()
    strip.set_result(with_training(make_result(), Side.LEFT, first=722))
    line = strip.lines[0]
    line.button.click()
    dialog = line.dialog
    assert dialog is not None
    assert SHOWN_CLASSES <= dialog.table.rowCount() <= 2 * SHOWN_CLASSES
    head = [dialog.table.horizontalHeaderItem(i) for i in range(4)]
    assert [item.text() for item in head if item] == [
        *("Class", "Inference", "Training", "Difference"),
    ]
    assert "ping-pong ball" in column(dialog, 0)
    assert "Top 1 changes" in dialog.text.text()
    strip.set_result(with_training(make_result(), Side.LEFT, first=574))
    assert "Top 1 stays" in dialog.text.text()
    strip.set_result(make_result())
    assert line.dialog is None


def test_it_is_dimmed_while_it_is_out_of_date(strip: SideRuns) -> None:
    strip.set_result(make_full_result())
    strip.set_stale(True)
    assert not any(line.isEnabled() for line in strip.lines)
    strip.set_stale(False)
    assert all(line.isEnabled() for line in strip.lines)


def test_its_classes_are_in_the_order_that_the_header_shows(strip: SideRuns) -> None:
    strip.show()
    strip.set_result(with_training(make_result(), Side.LEFT, first=722))
    strip.lines[0].button.click()
    dialog = strip.lines[0].dialog
    assert dialog is not None
    header = dialog.table.horizontalHeader()
    assert (header.sortIndicatorSection(), header.isSortIndicatorShown()) == (3, True)
    moved = [abs(number(text)) for text in column(dialog, 3)]
    assert moved == sorted(moved, reverse=True)
    assert len(set(moved)) > 2
    dialog.table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    assert column(dialog, 0)[0] == "ping-pong ball"
    strip.set_result(with_training(make_result(), Side.LEFT, first=574))
    told = [number(text) for text in column(dialog, 2)]
    assert told == sorted(told, reverse=True), "the order that was chosen is kept"


def test_what_came_of_a_run_has_two_lines_before_it_is_shortened(strip: SideRuns) -> None:
    strip.set_result(with_training(make_result(), Side.LEFT))
    strip.resize(880, 60)
    strip.show()
    QApplication.processEvents()
    text = strip.lines[0].text
    assert not "".join(text.shown_lines).endswith("…")
    strip.resize(420, 60)
    QApplication.processEvents()
    assert len(text.shown_lines) == MOST_LINES
    assert text.shown_lines[-1].endswith("…")
    assert text.height() >= MOST_LINES * text.fontMetrics().lineSpacing()
    assert "16 pictures" in text.toolTip()
