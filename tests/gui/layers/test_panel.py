from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication

from inspector.core.palette import DARK, LIGHT
from inspector.gui.layers.panel import SHORT, LayersPanel
from tests.gui.model_details.made_up import make_trace

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from inspector.gui.model_details.table import RowsTree


@pytest.fixture
def panel(qtbot: QtBot) -> LayersPanel:
    made = LayersPanel(LIGHT)
    qtbot.addWidget(made)
    made.show()
    return made


def marks(tree: RowsTree, place: int) -> tuple[str, str, str]:
    item = tree.topLevelItem(place)
    assert item is not None
    return item.text(0), item.text(1), item.text(2)


def test_where_the_networks_part_is_marked(panel: LayersPanel) -> None:
    panel.set_trace(make_trace())
    tree = panel.tree
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
    assert "first differ at left/three / right/three" in panel.summary.text()
    panel.set_palette_scheme(DARK)
    parts = tree.topLevelItem(3)
    assert parts is not None
    assert parts.background(1).color() == QColor(DARK.warning)


def test_endpoints_without_a_counterpart_are_listed_on_demand(panel: LayersPanel) -> None:
    panel.set_trace(make_trace(parting=False))
    assert "agree at all 5 aligned endpoints" in panel.summary.text()
    panel.alone_box.setChecked(True)
    assert panel.tree.topLevelItemCount() == 6
    assert ("·", "left/alone", "–") in [marks(panel.tree, place) for place in range(6)]
    panel.search_field.setText("alone")
    assert panel.count.text() == "1 row"


def test_all_of_it_can_be_copied(panel: LayersPanel, qtbot: QtBot) -> None:
    panel.set_trace(make_trace())
    qtbot.mouseClick(panel.copy_button, Qt.MouseButton.LeftButton)
    assert "left/alone" in QGuiApplication.clipboard().text()
    assert "mode Keras left, mode TF Hub right" in panel.inputs.text()


def test_a_trace_settles_what_is_shown_once(
    panel: LayersPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel.resize(700, SHORT - 60)
    told: list[bool] = []
    show_parts = panel._show_parts
    monkeypatch.setattr(panel, "_show_parts", lambda: told.append(True) or show_parts())
    panel.set_trace(make_trace())
    assert told == [True]
    assert panel.parts.isVisible()
    assert not panel.count.isVisible(), "there is no room for it"
    panel.clear()
    assert not panel.parts.isVisible()
