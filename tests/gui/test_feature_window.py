"""The whole window with a pair that gives features, and back again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QGuiApplication

from inspector.core.catalogue import default_pair
from inspector.core.features.kinds import Kind
from inspector.gui.causes.attribution_section import FEATURE_UNIT
from inspector.gui.causes.feed_section import FEATURE_HINT, HINT
from inspector.gui.picture_panel import Tab
from inspector.gui.settings import Settings
from inspector.gui.window import Window
from tests.gui.fakes import FakeWorker
from tests.support.explanations import make_explanation
from tests.support.features import (
    FEATURE_PAIR,
    LOUDEST,
    make_feature_explanation,
    make_feature_result,
)
from tests.support.verdicts import below_headline

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication, QWidget
    from pytestqt.qtbot import QtBot

    from inspector.core.features.result import FeatureResult


@pytest.fixture(autouse=True)
def empty_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path / "hub"))


@pytest.fixture
def worker() -> FakeWorker:
    return FakeWorker()


@pytest.fixture
def window(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, worker: FakeWorker
) -> Iterator[Window]:
    settings = Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    made = Window(qapp, worker, settings, default_pair())
    qtbot.addWidget(made.frame)
    with qtbot.waitSignal(made.binder.plots_built, timeout=20000):
        made.frame.show()
    made.open([])
    yield made
    qtbot.waitUntil(lambda: not made.binder.jobs.busy)
    made.frame.close()


def answer_features(window: Window, worker: FakeWorker, qtbot: QtBot) -> FeatureResult:
    """Change to the pair of features, and wait until its views are on show."""
    window.controller.set_pair(FEATURE_PAIR)
    result = make_feature_result()
    worker.answer(result=result)
    plots = window.frame.plots
    qtbot.waitUntil(lambda: {"top", "details"} <= set(plots.feature_views))
    qtbot.waitUntil(lambda: len(plots.feature_views) == 5, timeout=20000)
    slots = plots.slots.values()
    qtbot.waitUntil(lambda: all(slot.kind is Kind.FEATURES for slot in slots))
    return result


def on_show(window: Window) -> set[QWidget]:
    plots = window.frame.plots
    views = [*plots.views.values(), *plots.feature_views.values()]
    return {view for view in views if view.isVisible()}


def test_features_take_the_places_of_the_classes(
    window: Window, worker: FakeWorker, qtbot: QtBot
) -> None:
    worker.answer()
    plots = window.frame.plots
    assert not plots.feature_views
    result = answer_features(window, worker, qtbot)
    shown = plots.feature_views
    assert on_show(window) == {shown["top"], shown["histogram"], shown["details"]}
    assert all(view.result is result for view in shown.values())
    assert plots.tabs.tabText(1) == "Per dimension"
    assert window.frame.banner.text == below_headline(result.verdict, finding_out=True)
    assert window.frame.panel.view.accessibleName() == "Picture"


def test_no_view_of_classes_keeps_its_bars(
    window: Window, worker: FakeWorker, qtbot: QtBot
) -> None:
    worker.answer()
    answer_features(window, worker, qtbot)
    views = window.frame.plots.views
    assert all(view.result is None for name, view in views.items() if name != "search")
    assert not window.frame.plots.slots["search"].isVisible()


def test_back_and_forth(window: Window, worker: FakeWorker, qtbot: QtBot) -> None:
    first = worker.answer()
    answer_features(window, worker, qtbot)
    window.controller.set_pair(default_pair())
    plots = window.frame.plots
    qtbot.waitUntil(lambda: plots.feature_views["top"].is_stale)
    again = worker.answer()
    qtbot.waitUntil(lambda: plots.slots["search"].kind is Kind.CLASSES)
    views = plots.views
    assert on_show(window) == {views[n] for n in ("top", "histogram", "details", "search")}
    assert views["top"].result is again is not first
    assert plots.feature_views["top"].result is None
    assert plots.tabs.tabText(1) == "Per class"
    answer_features(window, worker, qtbot)
    assert views["top"] not in on_show(window)
    assert plots.feature_views["top"] in on_show(window)


def test_the_first_pair_may_give_features(window: Window, worker: FakeWorker, qtbot: QtBot) -> None:
    result = answer_features(window, worker, qtbot)
    assert window.frame.plots.feature_views["top"].result is result


def test_the_dimension_that_differs_most_is_marked_and_another_can_be(
    window: Window, worker: FakeWorker, qtbot: QtBot
) -> None:
    worker.answer()
    answer_features(window, worker, qtbot)
    assert window.controller.selected_class == LOUDEST
    views = window.frame.plots.feature_views
    views["top"].class_selected.emit(11)
    assert {view.selected_class for view in views.values()} == {11}
    window.controller.set_pair(default_pair())
    result = worker.answer()
    assert window.controller.selected_class == result.comparison.left_top


def test_picture_tabs_show_the_inputs(window: Window, worker: FakeWorker, qtbot: QtBot) -> None:
    answer_features(window, worker, qtbot)
    for tab in (Tab.LEFT, Tab.RIGHT, Tab.DIFFERENCE):
        window.frame.panel.show_tab(tab)
        assert not window.frame.panel.view.image.isNull()
        assert window.frame.panel.caption


def test_causes_are_divided_by_relative_l2(
    window: Window, worker: FakeWorker, qtbot: QtBot
) -> None:
    result = answer_features(window, worker, qtbot)
    causes = window.frame.plots.causes
    window.frame.plots.tabs.setCurrentIndex(3)
    explanation = worker.explain(explanation=make_feature_explanation(result))
    qtbot.waitUntil(lambda: causes.is_filled)
    attribution, feed = causes.section("attribution"), causes.section("feed")
    assert FEATURE_UNIT in attribution.chart.accessibleDescription()
    assert attribution.measure_switch.isHidden()
    assert "relative L2" in feed.sentence.text()
    assert feed._hint.text() == FEATURE_HINT
    assert "dimensions" in causes.section("noise").tolerance.answer
    assert window.frame.banner.text == below_headline(explanation.verdict)
    weights = window.frame.plots.weights
    window.frame.plots.tabs.setCurrentIndex(4)
    assert explanation.audit is not None
    assert weights.summary == explanation.audit.text
    window.controller.set_pair(default_pair())
    answered = worker.answer()
    worker.explain(explanation=make_explanation(answered))
    window.frame.plots.tabs.setCurrentIndex(3)
    qtbot.waitUntil(lambda: causes.is_filled)
    assert not attribution.measure_switch.isHidden()
    assert feed._hint.text() == HINT


def test_numbers_and_markdown_are_copied(window: Window, worker: FakeWorker, qtbot: QtBot) -> None:
    answer_features(window, worker, qtbot)
    window.binder.deeds.copy_numbers()
    assert QGuiApplication.clipboard().text().startswith("dimension\tleft\tright")
    window.binder.deeds.copy_markdown()
    assert "| Relative L2 |" in QGuiApplication.clipboard().text()


def test_the_figure_is_copied(window: Window, worker: FakeWorker, qtbot: QtBot) -> None:
    answer_features(window, worker, qtbot)
    with qtbot.waitSignal(window.binder.exporter.told):
        window.binder.deeds.copy_figure()
    assert QGuiApplication.clipboard().image().width() > 400


def test_what_only_classes_have_is_off(window: Window, worker: FakeWorker, qtbot: QtBot) -> None:
    worker.answer()
    by_id = window.binder.actions.by_id
    assert by_id["copy_python_both"].isEnabled()
    answer_features(window, worker, qtbot)
    assert by_id["copy_python_both"].isEnabled()
    assert not by_id["find_class"].isEnabled()
    window.binder.deeds.copy_python(None)
    assert "cosine" in QGuiApplication.clipboard().text()


def test_softmax_cannot_be_switched(window: Window, worker: FakeWorker, qtbot: QtBot) -> None:
    from inspector.core.pairs import Side

    stages = window.frame.stages
    answer_features(window, worker, qtbot)
    assert not any(stages.softmax_box(side).isEnabled() for side in Side)
    assert "compared as they are" in stages.softmax_box(Side.LEFT).toolTip()
    window.controller.set_pair(default_pair())
    assert all(stages.softmax_box(side).isEnabled() for side in Side)
    worker.answer()
