from __future__ import annotations

import html
from collections import Counter
from typing import TYPE_CHECKING
from unittest.mock import MagicMock

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar

from inspector.core.palette import LIGHT
from inspector.gui.actions import Actions
from inspector.gui.command import Situation
from inspector.gui.commands import COMMANDS, MENUS, TOOLBAR, UNDO, find_command
from inspector.gui.deeds import Deeds
from inspector.gui.help_sheet import NOTHING_FOUND, Sheet, about_html, full_title, help_html
from inspector.gui.icons import DRAWINGS

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot


@pytest.fixture
def deeds() -> MagicMock:
    return MagicMock(spec=Deeds)


@pytest.fixture
def actions(qtbot: QtBot, deeds: MagicMock) -> Actions:
    window = QMainWindow()
    qtbot.addWidget(window)
    made = Actions(deeds, window)
    made.fill_menu_bar(window.menuBar())
    made.setProperty("window", window)
    return made


def test_ids_are_unique() -> None:
    assert not [name for name, count in Counter(c.id for c in COMMANDS).items() if count > 1]


def test_shortcuts_are_unique_and_valid() -> None:
    keys = [keys for command in COMMANDS for keys in command.shortcuts]
    assert not [name for name, count in Counter(keys).items() if count > 1]
    assert all(not QKeySequence(each).isEmpty() for each in keys)


def test_every_command_is_in_its_menu(actions: Actions) -> None:
    for command in COMMANDS:
        assert command.menu.partition("/")[0] in MENUS
        assert actions.by_id[command.id] in actions.menus[command.menu].actions()


def test_every_command_is_in_the_help_sheet() -> None:
    page = help_html(LIGHT)
    for command in COMMANDS:
        assert f"<b>{html.escape(full_title(command))}</b>" in page
    titles = [full_title(command) for command in COMMANDS]
    assert len(set(titles)) == len(titles)
    assert "Copy as Python: left side" in titles


def test_the_help_sheet_is_searched_by_name_keys_and_description() -> None:
    assert "<b>Flip left and right</b>" in help_html(LIGHT, "space")
    found = help_html(LIGHT, "python LEFT")
    assert "<b>Copy as Python: left side</b>" in found
    assert found.count("<b>") == 2, "the command, and the menu it is in"
    assert NOTHING_FOUND in help_html(LIGHT, "no such thing")


def test_a_search_goes_on_as_one_types_and_return_keeps_the_sheet(qtbot: QtBot) -> None:
    parent = QMainWindow()
    qtbot.addWidget(parent)
    page = "<p>all</p>"
    sheet = Sheet(
        "Help", lambda words: f"<p>{words}</p>" if words else page, (300, 200), parent, True
    )
    sheet.show()
    assert sheet.browser.toPlainText() == "all"
    qtbot.keyClicks(sheet.search, "copy")
    qtbot.keyClick(sheet.search, Qt.Key.Key_Return)
    assert sheet.isVisible()
    assert sheet.browser.toPlainText() == "copy"
    sheet.write_again()
    assert sheet.browser.toPlainText() == "copy"


def test_the_line_to_search_is_no_window_of_its_own(
    qtbot: QtBot, shown_windows: list[QWidget]
) -> None:
    parent = QMainWindow()
    qtbot.addWidget(parent)
    sheet = Sheet("Help", lambda _: "", (300, 200), parent, True)
    assert shown_windows == []
    sheet.show()
    assert shown_windows == [sheet]
    assert sheet.search.isVisible()


def test_every_command_calls_a_deed(actions: Actions, deeds: MagicMock) -> None:
    for command in COMMANDS:
        deeds.reset_mock()
        action = actions.by_id[command.id]
        action.setEnabled(True)
        action.trigger()
        assert len(deeds.method_calls) == 1, command.id


def test_every_icon_can_be_drawn() -> None:
    assert {command.icon for command in COMMANDS} - {""} <= set(DRAWINGS)


@pytest.mark.parametrize(
    ("command", "situation"),
    [
        ("cancel", Situation(busy=True)),
        ("undo", Situation(undoes="left mode")),
        ("redo", Situation(redoes="left mode")),
        ("next", Situation(walkable=True)),
        ("copy_figure", Situation(has_result=True)),
        ("export_png", Situation(has_result=True)),
        ("rerun", Situation(has_picture=True)),
        ("dismiss", Situation(has_messages=True)),
    ],
)
def test_enabled_only_when_there_is_something_to_do(
    actions: Actions, command: str, situation: Situation
) -> None:
    actions.update(Situation())
    assert not actions.by_id[command].isEnabled()
    actions.update(situation)
    assert actions.by_id[command].isEnabled()


def test_choices_are_ticked(actions: Actions) -> None:
    kept = {"scheme_dark", "export_scale_3", "export_theme_window", "stages"}
    for mode in ("swapped", "own", ""):
        actions.update(Situation(scheme="dark", export_scale=3, pair_mode=mode))
        ticked = {name for name, action in actions.by_id.items() if action.isChecked()}
        assert ticked == kept | ({f"pair_mode_{mode}"} if mode else set())


def test_undo_says_what_it_undoes_and_the_toolbar_stays_short(actions: Actions) -> None:
    undo = actions.by_id["undo"]
    actions.update(Situation(undoes="left scale"))
    assert undo.text() == "Undo left scale"
    assert undo.toolTip().startswith("Undo left scale (")
    assert undo.iconText() == "Undo"
    actions.update(Situation())
    assert undo.text() == UNDO
    assert undo.iconText() == "Undo"


def test_every_button_of_the_toolbar_is_reached_with_the_tab_key(
    actions: Actions, qtbot: QtBot
) -> None:
    bar = QToolBar()
    qtbot.addWidget(bar)
    menus = {name: QMenu(bar) for name in TOOLBAR if name not in actions.by_id}
    actions.fill_toolbar(bar, menus)
    buttons = [bar.widgetForAction(action) for action in bar.actions()]
    assert len(buttons) == len(TOOLBAR)
    assert all(button.focusPolicy() & Qt.FocusPolicy.TabFocus for button in buttons)
    actions.set_palette_scheme(LIGHT)
    assert not any(button.icon().isNull() for button in buttons)  # type: ignore[attr-defined]


def test_tooltips_name_the_keys(actions: Actions) -> None:
    assert "Ctrl+O" in actions.by_id["open"].toolTip()
    assert find_command("open").shortcuts == ("Ctrl+O",)


def test_about_names_versions() -> None:
    page = about_html({"tensorflow": "2.21.0", "python": "0"})
    assert "2.21.0" in page
    assert "PySide6" in page
