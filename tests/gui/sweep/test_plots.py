"""The plots of a run: what they say, and which pictures a click in them chooses."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPointF, Qt

from inspector.core.palette import LIGHT
from inspector.gui.sweep.calibration_plot import accuracy_text
from inspector.gui.sweep.classes import COLUMNS, ClassesModel
from inspector.gui.sweep.confusion import ConfusionView
from inspector.gui.sweep.plots import DistributionPlot, RankPlot, count_ticks, rank_tick
from inspector.sweep.filters import Limits
from inspector.sweep.run_file import RunFile
from inspector.sweep.statistics import RANK_BUCKETS, RunStatistics, measure_run
from tests.sweep.made_up import CLASSES, make_run

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture(scope="module")
def statistics(tmp_path_factory: pytest.TempPathFactory) -> RunStatistics:
    path: Path = make_run(tmp_path_factory.mktemp("run") / "made.sqlite", 3000)
    with RunFile.open(path) as opened:
        return measure_run(opened)


def test_the_bars_of_a_distribution_choose_their_pictures(
    statistics: RunStatistics, qtbot: QtBot
) -> None:
    plot = DistributionPlot()
    qtbot.addWidget(plot)
    plot.set_statistics(statistics)
    shown = plot.distribution
    assert shown is not None
    place = max(range(len(shown.counts)), key=lambda i: shown.counts[i])
    middle = (math.log10(shown.edges[place]) + math.log10(shown.edges[place + 1])) / 2
    with qtbot.waitSignal(plot.filter_wanted) as caught:
        plot.chart.clicked.emit(QPointF(middle, 0.1))
    assert caught.args[0].limits == (
        Limits("max_abs_difference", shown.edges[place], shown.edges[place + 1]),
    )


def test_the_bars_of_ranks_choose_their_pictures(statistics: RunStatistics, qtbot: QtBot) -> None:
    plot = RankPlot()
    qtbot.addWidget(plot)
    plot.set_statistics(statistics)
    with qtbot.waitSignal(plot.filter_wanted) as caught:
        plot.chart.clicked.emit(QPointF(5.2, 0.1))
    assert caught.args[0].limits == (Limits("left_rank_of_right", 6.0, 10.0),)


@pytest.mark.parametrize(
    ("top", "texts"),
    [
        (0.5, ["1", "2"]),
        (1.4, ["1", "2", "5", "10", "20"]),
        (2.4, ["1", "2", "5", "10", "20", "50", "100", "200"]),
        (4.1, ["1", "10", "100", "1,000", "10,000"]),
    ],
)
def test_an_axis_of_counts_has_more_than_one_number(top: float, texts: list[str]) -> None:
    ticks = count_ticks(top)
    assert [text for _, text in ticks] == texts
    assert all(10**place == pytest.approx(int(text.replace(",", ""))) for place, text in ticks)


def test_the_distribution_has_such_an_axis(statistics: RunStatistics, qtbot: QtBot) -> None:
    plot = DistributionPlot()
    qtbot.addWidget(plot)
    plot.show()
    plot.set_statistics(statistics)
    top = plot.chart.box.viewRange()[1][1]
    assert plot.chart.left._tickLevels == [count_ticks(top)]


def test_ranks_have_a_legend(statistics: RunStatistics, qtbot: QtBot) -> None:
    plot = RankPlot()
    qtbot.addWidget(plot)
    plot.show()
    assert plot.legend.isHidden()
    plot.set_palette_scheme(LIGHT)
    plot.set_statistics(statistics)
    assert not plot.legend.isHidden()
    colours = [colour for _, colour, _ in plot.legend.entries]
    assert colours == [LIGHT.left, LIGHT.right]
    assert [rank_tick(*bucket) for bucket in RANK_BUCKETS][4:] == [
        *("5", "≤10", "≤20", "≤50", "≤100", ">100"),
    ]


def test_a_plot_without_rows_stands_at_the_top(qtbot: QtBot) -> None:
    plot = DistributionPlot()
    qtbot.addWidget(plot)
    plot.resize(500, 600)
    with qtbot.waitExposed(plot):
        plot.show()
    assert plot.measures.geometry().top() < 20
    assert plot.note.geometry().bottom() < 90


def test_confused_classes_are_listed(statistics: RunStatistics, qtbot: QtBot) -> None:
    labels = tuple(f"name {index}" for index in range(CLASSES))
    view = ConfusionView(labels)
    qtbot.addWidget(view)
    view.show()
    view.set_statistics(statistics)
    assert view.list.isVisible()
    assert not view.table.isVisible()
    cell = statistics.confusion[1]
    item = view.list.topLevelItem(1)
    assert item is not None
    assert [item.text(column) for column in range(3)] == [
        *(f"name {cell.left}", f"name {cell.right}", f"{cell.count}"),
    ]
    assert view.list.topLevelItemCount() == len(statistics.confusion)
    with qtbot.waitSignal(view.filter_wanted) as caught:
        view.list.itemClicked.emit(item, 0)
    assert (caught.args[0].left_class, caught.args[0].right_class) == (cell.left, cell.right)
    view.forms.choose("grid")
    assert view.table.isVisible()
    assert not view.list.isVisible()


def test_the_list_keeps_its_place_and_its_row(statistics: RunStatistics, qtbot: QtBot) -> None:
    view = ConfusionView(tuple(f"name {index}" for index in range(CLASSES)))
    qtbot.addWidget(view)
    view.resize(400, 260)
    with qtbot.waitExposed(view):
        view.show()
    view.set_statistics(statistics)
    bar = view.list.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 30)
    bar.setValue(20)
    clicked = view.list.topLevelItem(22)
    assert clicked is not None
    place = view.list.visualItemRect(clicked).center()
    qtbot.mouseClick(view.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    classes = [clicked.text(column) for column in range(2)]
    first, *rest = statistics.confusion
    view.set_statistics(replace(statistics, confusion=(*rest, first)))
    assert bar.value() == 20
    current = view.list.currentItem()
    assert current is not None
    assert [current.text(column) for column in range(2)] == classes
    assert current.isSelected()
    assert view.list.indexOfTopLevelItem(current) == 21
    other = [cell for cell in rest if [f"name {cell.left}", f"name {cell.right}"] != classes]
    view.set_statistics(replace(statistics, confusion=tuple(other)))
    assert view.list.selectedItems() == []
    assert bar.value() == 20


def test_correct_is_the_word_for_hits_and_right_for_the_side(statistics: RunStatistics) -> None:
    text = accuracy_text(statistics)
    assert text.startswith("Left is correct on ")
    assert "Right is correct on " in text
    assert "Left alone is correct on " in text
    assert " is right " not in text


def test_the_columns_of_classes_say_what_they_count() -> None:
    model = ClassesModel(())
    for place, (title, _, tip) in enumerate(COLUMNS):
        role = Qt.ItemDataRole
        horizontal = Qt.Orientation.Horizontal
        assert model.headerData(place, horizontal, role.DisplayRole) == title
        assert model.headerData(place, horizontal, role.ToolTipRole) == tip
        assert title not in {"Left", "Right", "Both"}
        assert tip
