from __future__ import annotations

import html
from collections import Counter
from typing import TYPE_CHECKING
from unittest.mock import MagicMock

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMainWindow

from inspector.core.palette import LIGHT
from inspector.gui.actions import Actions
from inspector.gui.command import Situation
from inspector.gui.commands import COMMANDS, MENUS, find_command
from inspector.gui.deeds import Deeds
from inspector.gui.help_sheet import about_html, help_html
from inspector.gui.icons import DRAWINGS

if TYPE_CHECKING:
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
        assert f"<b>{html.escape(command.title)}</b>" in page


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
        ("undo", Situation(can_undo=True)),
        ("redo", Situation(can_redo=True)),
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
    actions.update(Situation(scheme="dark", export_scale=3))
    ticked = {name for name, action in actions.by_id.items() if action.isChecked()}
    assert {"scheme_dark", "export_scale_3", "export_theme_window", "stages"} == ticked


def test_tooltips_name_the_keys(actions: Actions) -> None:
    assert "Ctrl+O" in actions.by_id["open"].toolTip()
    assert find_command("open").shortcuts == ("Ctrl+O",)


def test_about_names_versions() -> None:
    page = about_html({"tensorflow": "2.21.0", "python": "0"})
    assert "2.21.0" in page
    assert "PySide6" in page
