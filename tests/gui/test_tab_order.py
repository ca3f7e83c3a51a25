"""The way of the Tab key, as one reads the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from inspector.gui.tab_order import next_stop, tab_stops

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def top(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def texts(areas: list[QWidget]) -> list[str]:
    return [stop.text() for stop in tab_stops(areas) if isinstance(stop, QPushButton)]


def test_widgets_made_late_come_where_they_stand(top: QWidget) -> None:
    grid = QGridLayout(top)
    for row, column, text in ((1, 1, "d"), (0, 1, "b"), (1, 0, "c"), (0, 0, "a")):
        grid.addWidget(QPushButton(text), row, column)
    top.show()
    assert texts([top]) == ["a", "b", "c", "d"]


def test_a_part_is_gone_through_before_the_next_beside_it(top: QWidget) -> None:
    row = QHBoxLayout(top)
    for name in ("left", "right"):
        part = QWidget()
        column = QVBoxLayout(part)
        for number in range(2):
            column.addWidget(QPushButton(f"{name} {number}"))
        row.addWidget(part)
    top.show()
    assert texts([top]) == ["left 0", "left 1", "right 0", "right 1"]


def test_what_covers_all_and_stops_nowhere_changes_nothing(top: QWidget) -> None:
    column = QVBoxLayout(top)
    column.addWidget(QPushButton("above"))
    column.addWidget(QPushButton("beneath"))
    top.show()
    column.itemAt(0).widget().move(30, column.itemAt(0).widget().y())  # type: ignore[union-attr]
    veil = QLabel("updating…", top)
    veil.setGeometry(top.rect())
    veil.show()
    assert texts([top]) == ["above", "beneath"]


def test_tabs_come_before_what_they_show(top: QWidget) -> None:
    tabs = QTabWidget()
    for text in ("first", "second"):
        tabs.addTab(QPushButton(text), text)
    QVBoxLayout(top).addWidget(tabs)
    top.show()
    stops = tab_stops([top])
    assert stops[0] is tabs.tabBar()
    assert texts([top]) == ["first"]


def test_the_way_is_round_and_leaves_out_what_cannot_be_used(top: QWidget) -> None:
    column = QVBoxLayout(top)
    buttons = [QPushButton(str(number)) for number in range(4)]
    for button in buttons:
        column.addWidget(button)
    buttons[1].setEnabled(False)
    buttons[2].hide()
    top.show()
    first, last = buttons[0], buttons[3]
    assert next_stop([top], first, forward=True) is last
    assert next_stop([top], last, forward=True) is first
    assert next_stop([top], first, forward=False) is last
    assert next_stop([top], None, forward=True) is first
    assert next_stop([], first, forward=True) is None


def test_areas_come_in_their_own_order(qtbot: QtBot, top: QWidget) -> None:
    column = QVBoxLayout(top)
    above, beneath = QPushButton("above"), QPushButton("beneath")
    column.addWidget(above)
    column.addWidget(beneath)
    top.show()
    assert tab_stops([beneath, above]) == [beneath, above]
