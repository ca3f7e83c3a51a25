from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor

from inspector.core.errors import ReleaseError
from inspector.core.palette import DARK, LIGHT
from inspector.core.trace import TraceTask
from inspector.gui.layers.endpoints import LEFT, PLACE
from inspector.gui.layers.panel import SHORT
from inspector.gui.layers.tracer import Layers
from inspector.gui.layers.view import LayersView
from inspector.gui.model_details.state_row import STOPPED
from inspector.gui.theme import apply_palette
from tests.gui.model_details.made_up import make_trace
from tests.support.results import PAIR, make_result

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from inspector.core.trace import Trace


def layers(trace: Trace | None = None, mode: str = "", **parts: object) -> Layers:
    from dataclasses import replace

    from inspector.core.picture import PictureSource

    result = make_result()
    left, right = result.left.settings, result.right.settings
    if mode:
        left, right = replace(left, mode=mode), replace(right, mode=mode)
    task = TraceTask(PictureSource("owl.jpg", path="/owl.jpg"), PAIR, left, right)
    return Layers(task, "sum", trace, **parts)  # type: ignore[arg-type]


@pytest.fixture
def view(qtbot: QtBot) -> LayersView:
    made = LayersView()
    qtbot.addWidget(made)
    made.resize(880, 340)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_the_difference_is_drawn_over_depth_and_the_parting_named(
    view: LayersView, qtbot: QtBot
) -> None:
    trace = make_trace()
    view.set_layers(layers(trace))
    chart = view.panel.chart
    gaps = [row.gap.relative_l2 for row in trace.path.rows if row.gap is not None]
    assert np.maximum(10.0**chart.points_y, 1e-9) == pytest.approx(np.maximum(gaps, 1e-9))
    assert chart.parting.value() == chart.points.departs == 3
    assert chart.parting.isVisible()
    name = "first ≠ left/three / right/three"
    qtbot.waitUntil(lambda: chart.parting_text.toPlainText() == name)
    assert len(chart.agreeing.getData()[0]) == 3
    assert len(chart.differing.getData()[0]) == 2
    assert chart.noise.value() == pytest.approx(-4.0)
    assert "first differ at left/three" in view.panel.summary.text()


def test_networks_that_agree_have_no_mark(view: LayersView) -> None:
    view.set_layers(layers(make_trace(parting=False)))
    assert not view.panel.chart.parting.isVisible()
    assert len(view.panel.chart.differing.getData()[0]) == 0


def test_a_click_on_a_point_marks_its_row_and_the_row_its_point(
    view: LayersView, qtbot: QtBot
) -> None:
    view.set_layers(layers(make_trace()))
    panel, chart = view.panel, view.panel.chart
    assert chart.ringed[0] == 3.0, "the parting is marked at first"
    qtbot.waitUntil(lambda: chart.box.height() > 50)
    place = chart.to_pixels(float(chart.points_x[1]), float(chart.points_y[1]))
    qtbot.mouseClick(chart.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert panel.tree.currentItem().text(LEFT) == "left/one"
    assert chart.ringed[0] == 1.0
    panel.tree.setCurrentItem(panel.tree.topLevelItem(0))
    assert panel.tree.currentItem().data(0, PLACE) == 0
    assert chart.ringed[0] == 0.0


def test_progress_errors_and_stops_are_told_and_draw_nothing(
    view: LayersView, qtbot: QtBot
) -> None:
    view.set_layers(layers(make_trace()))
    view.set_layers(layers(doing="Reading"))
    panel = view.panel
    assert panel.state.text == "Reading …"
    assert not panel.parts.isVisible()
    assert panel.trace is None, "nothing of the picture before is left"
    with qtbot.waitSignal(view.stop_wanted):
        panel.state.stop_button.click()
    view.set_layers(layers(error=ReleaseError("No way inside.", "Choose another.")))
    assert "No way inside. Choose another." in panel.state.text
    with qtbot.waitSignal(view.again_wanted):
        panel.state.again_button.click()
    view.set_layers(layers(stopped=True))
    assert panel.state.text == STOPPED
    view.set_layers(layers(make_trace()))
    assert panel.parts.isVisible()
    assert panel.state.text == ""


def test_it_tells_when_it_is_looked_at_and_builds_nothing_before(qtbot: QtBot) -> None:
    view = LayersView()
    qtbot.addWidget(view)
    view.set_layers(layers(make_trace()))
    assert view.panel is None
    with qtbot.waitSignal(view.looked_at) as told:
        view.show()
    assert told.args == [True]
    assert view.panel.trace is not None
    with qtbot.waitSignal(view.looked_at) as told:
        view.hide()
    assert told.args == [False]


def test_the_button_asks_for_identical_pixels_unless_they_are(
    view: LayersView, qtbot: QtBot
) -> None:
    view.set_layers(layers(make_trace()))
    button = view.panel.identical_button
    with qtbot.waitSignal(view.identical_wanted):
        button.click()
    view.set_layers(layers(make_trace(), mode="identical"))
    assert not button.isEnabled()
    assert "already" in button.toolTip()


def test_where_it_is_low_the_plot_keeps_its_height(view: LayersView, qtbot: QtBot) -> None:
    view.set_layers(layers(make_trace()))
    panel = view.panel
    qtbot.waitUntil(panel.search_field.isVisible)
    view.resize(540, SHORT - 90)
    qtbot.waitUntil(lambda: not panel.search_field.isVisible())
    qtbot.waitUntil(lambda: panel.chart.box.height() > 40)
    assert not panel.chart.bottom.label.isVisible()
    view.resize(540, SHORT + 60)
    qtbot.waitUntil(panel.search_field.isVisible)


def test_it_asks_for_no_more_room_once_it_is_built(view: LayersView) -> None:
    before = view.minimumSize(), view.minimumWidth()
    view.set_layers(layers(make_trace()))
    assert (view.minimumSize(), view.minimumWidth()) == before == (QSize(200, 120), 200)


def test_it_is_veiled_while_out_of_date(view: LayersView) -> None:
    view.set_stale(True)
    assert not view.is_stale, "there is nothing yet"
    view.set_layers(layers(make_trace()))
    view.set_stale(True)
    assert view.is_stale
    view.set_stale(False)
    assert not view.is_stale


def test_the_colours_follow_the_scheme(view: LayersView, qapp: object) -> None:
    view.set_layers(layers(make_trace()))
    view.set_palette_scheme(DARK)
    assert view.panel.chart.view.backgroundBrush().color() == QColor(DARK.panel)
    assert view.panel.chart.parting.pen.color() == QColor(DARK.selected)
    apply_palette(qapp, LIGHT)  # type: ignore[arg-type]
