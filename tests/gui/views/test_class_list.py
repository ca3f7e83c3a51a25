from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from inspector.core.labels import Labels
from inspector.gui.views.class_list import ClassList

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

CLASSES = tuple(range(200))
LABELS = Labels(tuple(f"class {index}" for index in CLASSES))
DIFFERENCE = np.linspace(1, 0, 200)


@pytest.fixture
def view(qtbot: QtBot) -> ClassList:
    made = ClassList()
    qtbot.addWidget(made)
    made.resize(300, 260)
    made.show()
    qtbot.waitExposed(made)
    return made


def mark(view: ClassList, selected: int) -> int:
    """Mark a class; give how many rows are above the view."""
    view.show_classes("All", CLASSES, LABELS, DIFFERENCE, selected)
    place = view.table.visualRect(view.model.index(selected, 0)).center()
    assert view.table.viewport().rect().contains(place)
    return view.table.verticalScrollBar().value()


def test_the_list_begins_at_its_beginning_where_the_marked_class_is_in_view_so(
    view: ClassList,
) -> None:
    assert mark(view, 1) == 0
    assert mark(view, 150) > 100
    assert mark(view, 1) == 0
