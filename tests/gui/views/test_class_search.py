from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from inspector.gui.views.class_search import ClassSearch


@pytest.fixture
def search(qtbot, result) -> ClassSearch:
    search = ClassSearch()
    qtbot.addWidget(search)
    search.set_result(result)
    return search


def test_it_waits_for_a_result(qtbot, result):
    search = ClassSearch()
    qtbot.addWidget(search)
    assert not search.isEnabled()
    search.set_result(result)
    assert search.isEnabled()
    search.set_result(None)
    assert not search.isEnabled()


@pytest.mark.parametrize("text", ["golf ball", "n03445777", "574", "GOLF B"])
def test_name_id_and_index_find_the_class(search, qtbot, text):
    qtbot.keyClicks(search, text)
    with qtbot.waitSignal(search.class_selected) as told:
        qtbot.keyClick(search, Qt.Key.Key_Return)
    assert told.args == [574]


def test_a_suggestion_selects_its_class_once(search, qtbot):
    told = []
    search.class_selected.connect(told.append)
    search.completer().activated.emit(search.entries[722])
    assert told == [722]


def test_a_text_that_fits_no_class_selects_nothing_and_says_so(search, qtbot):
    qtbot.keyClicks(search, "no such class")
    with qtbot.assertNotEmitted(search.class_selected):
        qtbot.keyClick(search, Qt.Key.Key_Return)
    assert "no such class" in search.toolTip()


def test_the_selected_class_is_shown(search):
    search.set_selected_class(574)
    assert search.text() == "golf ball"
    search.set_selected_class(None)
    assert search.text() == ""
