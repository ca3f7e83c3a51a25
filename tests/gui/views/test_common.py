"""What every view must do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtGui import QColor

from inspector.core.palette import DARK, LIGHT
from inspector.core.scores import OutputSwitches
from inspector.gui.theme import apply_palette
from inspector.gui.views.base import EMPTY_TEXT
from inspector.gui.views.class_details import ClassDetailsView
from inspector.gui.views.differences import DifferencesView
from inspector.gui.views.histogram import HistogramView
from inspector.gui.views.scatter import ScatterView
from inspector.gui.views.top_bars import TopBarsView
from tests.gui.views.conftest import broken
from tests.support.results import make_result

PLOTS = (TopBarsView, HistogramView, DifferencesView, ScatterView)
VIEWS = (*PLOTS, ClassDetailsView)


@pytest.mark.parametrize("kind", VIEWS)
def test_nothing_of_a_view_is_a_window_of_its_own(show, kind, shown_windows):
    view = show(kind)
    assert shown_windows == [view]


@pytest.mark.parametrize("kind", VIEWS)
def test_a_new_view_says_what_to_do(show, kind):
    view = show(kind)
    assert view.message == EMPTY_TEXT
    assert view.accessibleName()


@pytest.mark.parametrize("kind", PLOTS)
def test_what_is_prepared_is_not_built_again_for_the_first_result(show, result, kind, monkeypatch):
    view = show(kind)
    view.prepare()
    assert view.message == EMPTY_TEXT
    monkeypatch.setattr(view, "_build", lambda: pytest.fail("built twice"))
    view.set_result(result)
    assert view.message == ""


@pytest.mark.parametrize("kind", PLOTS)
def test_a_result_takes_the_sentence_away_and_none_brings_it_back(show, result, kind):
    view = show(kind)
    view.set_result(result)
    assert view.message == ""
    view.set_result(None)
    assert view.message == EMPTY_TEXT


@pytest.mark.parametrize("kind", PLOTS)
@pytest.mark.parametrize(
    ("left", "right", "start"),
    [(True, False, "The left side"), (False, True, "The right side"), (True, True, "Both sides")],
)
def test_numbers_that_are_not_finite_give_a_sentence(show, result, kind, left, right, start):
    view = show(kind)
    view.set_result(broken(result, left, right))
    assert view.message.startswith(start)
    assert "not finite" in view.message
    view.set_result(result)
    assert view.message == ""


@pytest.mark.parametrize("kind", VIEWS)
def test_odd_results_are_drawn(show, result, kind):
    view = show(kind)
    view.set_selected_class(574)
    for odd in (
        make_result(noise=0.0),
        make_result(right_output=OutputSwitches(softmax=False)),
        make_result(left_output=OutputSwitches(softmax=True)),
        make_result(right_output=OutputSwitches(drop_background=False)),
        make_result(right_output=OutputSwitches(softmax=False, drop_background=False)),
    ):
        view.set_result(odd)
        assert view.message == ""
        assert not view.grab().isNull()


@pytest.mark.parametrize("kind", VIEWS)
def test_a_hidden_view_draws_only_when_it_is_shown(qtbot, result, kind, monkeypatch):
    drawn = []
    monkeypatch.setattr(kind, "_draw", lambda self, drawn_result: drawn.append(drawn_result))
    monkeypatch.setattr(kind, "_mark", lambda self: None)
    view = kind()
    qtbot.addWidget(view)
    view.set_selected_class(574)
    view.set_result(make_result(seed=1))
    view.set_result(result)
    assert drawn == []
    with qtbot.waitExposed(view):
        view.show()
    assert drawn == [result]
    view.hide()
    view.show()
    assert drawn == [result]


@pytest.mark.parametrize("kind", VIEWS)
def test_stale_is_marked_until_a_result_comes(show, result, kind):
    view = show(kind)
    view.set_stale(True)
    assert not view.is_stale, "nothing is on show that could be out of date"
    view.set_result(result)
    assert not view.is_stale
    fresh = view.grab().toImage()
    view.set_stale(True)
    assert view.is_stale
    assert view.grab().toImage() != fresh
    view.set_result(result)
    assert not view.is_stale
    view.set_stale(True)
    view.set_stale(False)
    assert not view.is_stale


@pytest.mark.parametrize("kind", VIEWS)
def test_setting_the_selected_class_emits_nothing(show, result, qtbot, kind):
    view = show(kind)
    view.set_result(result)
    with qtbot.assertNotEmitted(view.class_selected):
        view.set_selected_class(722)
        view.set_selected_class(None)
    assert view.selected_class is None


@pytest.mark.parametrize("kind", VIEWS)
def test_a_selected_class_that_the_result_does_not_have_is_no_error(show, result, kind):
    view = show(kind)
    view.set_selected_class(5000)
    view.set_result(result)
    assert view.valid_selection() is None


@pytest.mark.parametrize("kind", PLOTS)
def test_the_dark_scheme_reaches_the_plot(show, result, kind, qapp):
    view = show(kind)
    view.set_result(result)
    assert QColor(LIGHT.panel).rgb() in _colours(view)
    apply_palette(qapp, DARK)
    qapp.processEvents()
    view.set_palette_scheme(DARK)
    colours = _colours(view)
    assert QColor(DARK.panel).rgb() in colours
    assert QColor(LIGHT.panel).rgb() not in colours


def _colours(view):
    image = view.grab().toImage()
    columns = range(0, image.width(), 7)
    return {image.pixel(x, y) for x in columns for y in range(60, image.height(), 5)}


def test_labels_with_markup_are_shown_as_they_are(show, result):
    names = ("<b>odd</b>", *result.labels.names[1:])
    odd = replace(result, labels=replace(result.labels, names=names))
    view = show(ClassDetailsView)
    view.set_result(odd)
    view.set_selected_class(0)
    assert view.entries["Class"] == "<b>odd</b>"


@pytest.mark.parametrize("kind", PLOTS)
def test_a_larger_font_is_followed(show, result, kind, qapp):
    view = show(kind)
    view.set_result(result)
    before = view.grab().toImage()
    lines = view.fontMetrics().height()
    font = qapp.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    qapp.setFont(font)
    qapp.processEvents()
    assert view.fontMetrics().height() > 1.5 * lines
    assert all(child.font().pointSizeF() == font.pointSizeF() for child in _inner(view))
    assert view.grab().toImage() != before


def _inner(view):
    names = ("_canvas", "_chart", "_list")
    return [inner for name in names if (inner := getattr(view, name, None)) is not None]
