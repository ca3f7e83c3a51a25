"""The whole window in other colours and at other sizes, as its pixels show it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QMouseEvent
from PySide6.QtWidgets import QLabel, QWidget

from inspector.core.catalogue import default_pair
from inspector.core.palette import PALETTES
from inspector.core.wording import NO_BREAK
from inspector.gui.main_window import SHORT_HEIGHT
from inspector.gui.picture_panel import TAB_TITLES
from inspector.gui.plot_area import CAUSES_TAB, LAYERS_TAB, WEIGHTS_TAB
from inspector.gui.settings import Settings
from inspector.gui.views.number_table import NumberTable
from inspector.gui.window import Window
from tests.gui.fakes import FakeWorker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

READABLE = 3.0
"""Least contrast of large or bold text in WCAG 2.1; unreadable text had 1.1."""

CHANGES = (("light", "dark"), ("dark", "light"))


@pytest.fixture
def window(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Window]:
    """Show the window with a result and its causes."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path / "hub"))
    settings = Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    settings.scheme = "light"
    worker = FakeWorker()
    made = Window(qapp, worker, settings, default_pair())
    qtbot.addWidget(made.frame)
    with qtbot.waitSignal(made.binder.plots_built, timeout=20000):
        made.frame.show()
    made.open([])
    worker.answer()
    worker.explain()
    made.controller.select_class(574)
    slots = made.frame.plots.slots.values()
    qtbot.waitUntil(lambda: all(slot.wanted for slot in slots))
    yield made
    made.frame.close()


def ground(widget: QWidget) -> str:
    """Give the colour of most pixels that can be seen of a widget, read on a grid."""
    return main_colour(widget.window().grab().toImage(), widget)


def main_colour(window: QImage, widget: QWidget) -> str:
    """Give the colour of most pixels of a widget in a picture of its whole window."""
    seen = widget.visibleRegion().boundingRect()
    image = window.copy(seen.translated(widget.mapTo(widget.window(), QPoint())))
    names = [
        image.pixelColor(x, y).name()
        for x in range(0, image.width(), 4)
        for y in range(0, image.height(), 4)
    ]
    return Counter(names).most_common(1)[0][0]


def contrast(first: QColor, second: QColor) -> float:
    """Give the contrast ratio of WCAG 2.1, 1 to 21."""
    lights = sorted(_luminance(colour) for colour in (first, second))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(colour: QColor) -> float:
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def drag_to(widget: QWidget, place: QPoint) -> None:
    """Move the mouse with its left button held."""
    held, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    at, everywhere = QPointF(place), QPointF(widget.mapToGlobal(place))
    move = QMouseEvent(QEvent.Type.MouseMove, at, everywhere, Qt.MouseButton.NoButton, held, none)
    QGuiApplication.sendEvent(widget, move)


@pytest.mark.parametrize(("before", "after"), CHANGES)
@pytest.mark.parametrize("tab", range(LAYERS_TAB + 1))
def test_every_tab_follows_a_change_of_colours(
    window: Window, qtbot: QtBot, before: str, after: str, tab: int
) -> None:
    window.binder.deeds.set_scheme(before)
    window.binder.deeds.show_plot_tab(tab)
    plots, palette = window.frame.plots, PALETTES[after]
    qtbot.waitUntil(lambda: plots.causes.is_filled or plots.tabs.currentWidget() != plots.causes)
    window.binder.deeds.set_scheme(after)
    qtbot.waitUntil(lambda: plots.causes.is_filled or plots.tabs.currentWidget() != plots.causes)
    grounds = {palette.window, palette.panel, palette.warning, palette.bad}
    shown = plots.tabs.currentWidget()
    assert shown is not None
    parts = [shown, plots.slots["top"], plots.strip, window.frame.stages, window.frame.messages]
    for part in parts:
        if part.isVisible():
            assert ground(part) in grounds, part.accessibleName()


@pytest.mark.parametrize(("before", "after"), CHANGES)
@pytest.mark.parametrize("tab", range(LAYERS_TAB + 1))
def test_every_text_can_be_read_after_a_change_of_colours(
    window: Window, qtbot: QtBot, before: str, after: str, tab: int
) -> None:
    window.binder.deeds.set_scheme(before)
    window.binder.deeds.show_plot_tab(tab)
    causes = window.frame.plots.causes
    qtbot.waitUntil(lambda: causes.is_filled or not causes.isVisible())
    window.binder.deeds.set_scheme(after)
    qtbot.waitUntil(lambda: causes.is_filled or not causes.isVisible())
    whole = window.frame.grab().toImage()
    for label in window.frame.findChildren(QLabel):
        seen = not label.visibleRegion().isEmpty()
        if seen and label.isEnabled() and label.text():
            ink = label.palette().color(label.foregroundRole())
            assert contrast(ink, QColor(main_colour(whole, label))) > READABLE, label.text()


def test_the_causes_have_the_ground_of_a_panel(window: Window, qtbot: QtBot) -> None:
    causes = window.frame.plots.causes
    window.binder.deeds.show_plot_tab(3)
    qtbot.waitUntil(lambda: causes.is_filled)
    for scheme in ("dark", "light", "dark"):
        window.binder.deeds.set_scheme(scheme)
        qtbot.waitUntil(lambda: causes.is_filled)
        corner = causes._scroll.viewport().grab().toImage().pixelColor(3, 3)
        assert corner.name() == PALETTES[scheme].panel


def test_the_help_sheet_follows_a_change_of_colours(window: Window) -> None:
    window.binder.deeds.show_help()
    sheet = window.binder.deeds.sheet
    assert sheet is not None
    for scheme in ("dark", "light"):
        window.binder.deeds.set_scheme(scheme)
        page = sheet.browser.toHtml().lower()
        assert PALETTES[scheme].muted in page
        assert PALETTES["light" if scheme == "dark" else "dark"].muted not in page


def test_at_the_least_size_every_bar_has_its_row(window: Window, qtbot: QtBot) -> None:
    window.frame.resize(900, 600)
    assert window.frame.messages.isVisible()
    canvas = window.frame.plots.views["top"].canvas  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: canvas.width() < 640)
    assert len(canvas.rows.labels) == 6
    assert canvas.scroll_bar.maximum() == 0
    assert canvas.row_top(6) <= canvas.plot_area().bottom() + 2


def test_at_small_heights_the_verdict_has_two_lines(window: Window, qtbot: QtBot) -> None:
    banner = window.frame.banner
    window.frame.resize(900, SHORT_HEIGHT - 50)
    qtbot.waitUntil(lambda: len(banner._why.shown_lines) == 1)
    assert len(banner._what.shown_lines) == 1
    assert banner._why.shown_lines[0].endswith("…")
    assert banner._why.toolTip() == banner._why.text()
    window.frame.resize(900, SHORT_HEIGHT + 100)
    qtbot.waitUntil(lambda: len(banner._why.shown_lines) > 1)
    shown = (*banner._what.shown_lines, *banner._why.shown_lines)
    assert " ".join(shown).replace(NO_BREAK, " ") == banner.text
    assert banner._why.toolTip() == ""


@pytest.mark.parametrize("width", [900, 1280, 1920])
def test_all_picture_tabs_can_be_seen(window: Window, qtbot: QtBot, width: int) -> None:
    window.frame.resize(width, 800)
    tabs = window.frame.panel.tabs
    qtbot.waitUntil(lambda: window.frame.width() == width)
    qtbot.waitUntil(lambda: tabs.tabRect(len(TAB_TITLES) - 1).right() <= tabs.width())
    assert tabs.tabRect(0).left() >= 0
    qtbot.waitUntil(lambda: (tabs.tabText(1) == "Left sees") == (width > 900))


def test_the_left_column_is_as_wide_again_as_it_was(window: Window, qtbot: QtBot) -> None:
    dock = window.frame.picture_dock
    before = dock.width()
    window.frame.resize(900, 600)
    qtbot.waitUntil(lambda: dock.width() < before)
    window.frame.resize(1280, 800)
    qtbot.waitUntil(lambda: dock.width() == before)


def test_a_width_that_was_dragged_is_kept(window: Window, qtbot: QtBot) -> None:
    frame, dock = window.frame, window.frame.picture_dock
    edge = QPoint(dock.geometry().right() + 3, dock.geometry().center().y())
    before, there = dock.width(), edge + QPoint(50, 0)
    qtbot.mousePress(frame, Qt.MouseButton.LeftButton, pos=edge)
    for place in (edge + QPoint(10, 0), there):
        drag_to(frame, place)
    qtbot.waitUntil(lambda: dock.width() > before)
    qtbot.mouseRelease(frame, Qt.MouseButton.LeftButton, pos=there)
    share = dock.width() / frame.width()
    frame.resize(1600, 900)
    qtbot.waitUntil(lambda: abs(dock.width() / frame.width() - share) < 0.005)


def test_a_class_in_detail_has_its_values_beside_their_names(window: Window, qtbot: QtBot) -> None:
    window.frame.resize(900, 600)
    qtbot.waitUntil(window.frame.plots.strip_button.isVisible)
    window.frame.plots.strip_button.click()
    details = window.frame.plots.views["details"]
    qtbot.waitUntil(details.isVisible)
    table = details.findChild(NumberTable)
    assert isinstance(table, NumberTable)
    qtbot.waitUntil(lambda: bool(table.rows))
    assert all(name.y() == value.y() for name, value in table.rows)


@pytest.mark.parametrize("tab", [CAUSES_TAB, WEIGHTS_TAB, LAYERS_TAB])
def test_what_tells_nothing_of_a_class_has_the_whole_width(
    window: Window, qtbot: QtBot, tab: int
) -> None:
    plots = window.frame.plots
    assert plots.strip.isVisible()
    window.binder.deeds.show_plot_tab(tab)
    assert plots.strip.isHidden()
    assert plots.strip_button.isHidden()
    qtbot.waitUntil(lambda: plots.tabs.width() == plots.beneath.width())
    window.binder.deeds.show_plot_tab(0)
    assert plots.strip.isVisible()


def test_a_narrow_window_shows_the_class_when_asked(window: Window, qtbot: QtBot) -> None:
    plots = window.frame.plots
    assert plots.strip_button.isHidden()
    window.frame.resize(900, 600)
    qtbot.waitUntil(plots.strip_button.isVisible)
    assert plots.strip.isHidden()
    plots.strip_button.click()
    assert plots.strip.isVisible()
    window.frame.resize(1280, 800)
    qtbot.waitUntil(plots.strip_button.isHidden)
    assert plots.strip.isVisible()


def test_the_lower_half_is_the_larger_one(window: Window, qtbot: QtBot) -> None:
    upper, lower = window.frame.plots.rows.sizes()
    assert upper < 0.8 * lower
