from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication

from inspector.core.palette import DARK, LIGHT
from inspector.gui.layers.endpoints_tab import EndpointsTab
from tests.gui.model_details.made_up import make_trace

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from inspector.gui.model_details.table import RowsTree


@pytest.fixture
def tab(qtbot: QtBot) -> EndpointsTab:
    made = EndpointsTab(LIGHT)
    qtbot.addWidget(made)
    made.show()
    return made


def marks(tree: RowsTree, place: int) -> tuple[str, str, str]:
    item = tree.topLevelItem(place)
    assert item is not None
    return item.text(0), item.text(1), item.text(2)


def test_where_the_networks_part_is_marked(tab: EndpointsTab) -> None:
    tab.set_trace(make_trace())
    tree = tab.tree
    assert [marks(tree, place) for place in range(5)] == [
        ("=", "input", "input"),
        ("=", "left/one", "right/one"),
        ("=", "left/two", "right/two"),
        ("→", "left/three", "right/three"),
        ("≠", "output", "output"),
    ]
    assert tree.topLevelItemCount() == 5
    parts = tree.topLevelItem(3)
    assert parts is not None
    assert parts.background(1).color() == QColor(LIGHT.warning)
    assert parts.text(3) == "7"
    assert float(parts.text(4)) > 0.1
    assert "e" not in parts.text(4), "plain numbers are written plainly"
    assert float(parts.text(6)) == pytest.approx(0.5, rel=0.05)
    assert "first differ at left/three / right/three" in tab.summary.text()
    tab.set_palette_scheme(DARK)
    parts = tree.topLevelItem(3)
    assert parts is not None
    assert parts.background(1).color() == QColor(DARK.warning)


def test_endpoints_without_a_counterpart_are_listed_on_demand(tab: EndpointsTab) -> None:
    tab.set_trace(make_trace(parting=False))
    assert "agree at all 5 aligned endpoints" in tab.summary.text()
    tab.alone_box.setChecked(True)
    assert tab.tree.topLevelItemCount() == 6
    assert ("·", "left/alone", "–") in [marks(tab.tree, place) for place in range(6)]
    tab.search_field.setText("alone")
    assert tab.count.text() == "1 row"


def test_all_of_it_can_be_copied(tab: EndpointsTab, qtbot: QtBot) -> None:
    tab.set_trace(make_trace())
    qtbot.mouseClick(tab.copy_button, Qt.MouseButton.LeftButton)
    assert "left/alone" in QGuiApplication.clipboard().text()
    assert "mode Keras left, mode TF Hub right" in tab.inputs.text()
