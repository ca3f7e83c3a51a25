"""What is drawn of a run that goes on, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication

from inspector.core.palette import DARK
from inspector.gui.sweep.classes import COLUMNS, ClassesModel, ClassesView
from inspector.gui.sweep.run_view import RunView
from inspector.gui.sweep.statistics_view import StatisticsView
from inspector.sweep.run_file import RunFile
from inspector.sweep.statistics import RunStatistics, measure_run
from tests.sweep.made_up import make_run

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_run(tmp_path_factory.mktemp("run") / "made.sqlite", 500)


@pytest.fixture(scope="module")
def statistics(run: Path) -> RunStatistics:
    with RunFile.open(run) as opened:
        return measure_run(opened)


class Drawn(StatisticsView):
    def __init__(self) -> None:
        super().__init__()
        self.drawn: list[RunStatistics] = []

    def _show(self, statistics: RunStatistics) -> None:
        self.drawn.append(statistics)


class Paints(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        self.count += event.type() is QEvent.Type.Paint
        return super().eventFilter(watched, event)


def test_what_is_hidden_is_drawn_once_it_is_shown(statistics: RunStatistics, qtbot: QtBot) -> None:
    view = Drawn()
    qtbot.addWidget(view)
    view.set_statistics(statistics)
    view.set_statistics(statistics)
    view.set_palette_scheme(DARK)
    assert view.drawn == []
    view.show()
    assert view.drawn == [statistics]
    view.hide()
    view.show()
    assert view.drawn == [statistics]
    view.set_statistics(statistics)
    assert view.drawn == [statistics, statistics]


def test_classes_keep_the_order_that_was_chosen(statistics: RunStatistics, qtbot: QtBot) -> None:
    view = ClassesView(tuple(f"name {index % 7} {index}" for index in range(1000)))
    qtbot.addWidget(view)
    view.show()
    view.table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    view.set_statistics(statistics)
    counts = [view.model.row(place).left_count for place in range(view.model.rowCount())]
    assert len(counts) == len(statistics.classes)
    assert counts == sorted(counts, reverse=True)
    assert len(set(counts)) > 1
    view.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    names = [view.model.index(place, 0).data() for place in range(view.model.rowCount())]
    assert names == sorted(names)
    assert names != [view.model._labels[row.index] for row in statistics.classes]


def test_classes_sort_by_every_column(statistics: RunStatistics) -> None:
    model = ClassesModel(())
    model.set_rows(statistics.classes)
    for column, (_, value_of, _) in enumerate(COLUMNS[1:], start=1):
        model.sort(column, Qt.SortOrder.AscendingOrder)
        values = [value_of(model.row(place)) for place in range(model.rowCount())]
        known = [value for value in values if value is not None]
        assert known == sorted(known)
        assert values == [None] * (len(values) - len(known)) + known


def test_small_pictures_that_arrive_together_are_drawn_together(run: Path, qtbot: QtBot) -> None:
    with RunFile.open(run) as opened:
        info = opened.info
    view = RunView(run, info)
    qtbot.addWidget(view)
    with qtbot.waitExposed(view):
        view.show()
    qtbot.waitUntil(lambda: view.model.row(0) is not None and view.table_lane.is_idle)
    view._poll.stop()
    view._refresh.stop()
    qtbot.waitUntil(lambda: not view._paint_soon.isActive() and not view.thumbnails._working)
    QApplication.processEvents()
    paints = Paints()
    view.table.viewport().installEventFilter(paints)
    for _ in range(5):
        view.thumbnails.ready.emit()
        QApplication.processEvents()
    qtbot.waitUntil(lambda: paints.count > 0 and not view._paint_soon.isActive())
    QApplication.processEvents()
    assert paints.count < 3
    view.close_files()
