"""Makes Qt's actions, menus and the toolbar from the table of commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QToolBar, QToolButton

from inspector.gui.commands import COMMANDS, MENUS, TOOLBAR
from inspector.gui.icons import icon

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenuBar, QWidget

    from inspector.core.palette import Palette
    from inspector.gui.command import Command, Situation
    from inspector.gui.deeds import Deeds

MENU_BUTTONS = {
    "samples": ("Samples", "Compare one of the sample pictures"),
    "pair": ("Pair", "Choose which two releases are compared"),
    "modes": ("Modes", "Choose the preprocessing of each side"),
    "export": ("Export", "Save or copy the comparison"),
}
"""Toolbar buttons that open a menu: title and tooltip."""


class Actions(QObject):
    """One QAction per command, and the menus that hold them.

    Parameters
    ----------
    deeds
        What the commands call.
    window
        Where the shortcuts work.
    """

    def __init__(self, deeds: Deeds, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._groups: dict[str, QActionGroup] = {}
        self._buttons: dict[str, QToolButton] = {}
        self.menus: dict[str, QMenu] = {}
        self.by_id = {command.id: self._make(command, deeds) for command in COMMANDS}

    def fill_menu_bar(self, bar: QMenuBar) -> None:
        """Make all menus."""
        for name in MENUS:
            menu = QMenu(f"&{name}", bar)
            menu.setToolTipsVisible(True)
            bar.addMenu(menu)
            self.menus[name] = menu
        for command in COMMANDS:
            menu = self._menu_of(command)
            if command.new_group:
                menu.addSeparator()
            menu.addAction(self.by_id[command.id])

    def fill_toolbar(self, bar: QToolBar, menus: dict[str, QMenu]) -> None:
        """Fill the toolbar with commands, and with buttons that open `menus`."""
        for name in TOOLBAR:
            if name in menus:
                bar.addWidget(self._menu_button(name, menus[name]))
            else:
                bar.addAction(self.by_id[name])
                bar.widgetForAction(self.by_id[name]).setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def update(self, now: Situation) -> None:
        """Enable and tick what the situation says."""
        for command in COMMANDS:
            action = self.by_id[command.id]
            action.setEnabled(command.enabled(now))
            if command.checked is not None:
                action.setChecked(command.checked(now))
            if command.title_now is not None:
                self._entitle(action, command, command.title_now(now))

    def set_palette_scheme(self, palette: Palette) -> None:
        """Draw the icons in other colours."""
        for command in COMMANDS:
            if command.icon:
                self.by_id[command.id].setIcon(icon(command.icon, palette))
        for name, button in self._buttons.items():
            button.setIcon(icon(name, palette))

    def _make(self, command: Command, deeds: Deeds) -> QAction:
        action = QAction(command.title, self._window)
        action.setObjectName(command.id)
        action.setShortcuts([QKeySequence(keys) for keys in command.shortcuts])
        action.setToolTip(_tip(command))
        action.setStatusTip(command.tip)
        action.setIconText(command.short or command.title.rstrip("…"))
        action.triggered.connect(lambda: command.call(deeds))
        if command.checked is not None:
            action.setCheckable(True)
            if command.group:
                self._group(command.group).addAction(action)
        self._window.addAction(action)
        return action

    def _entitle(self, action: QAction, command: Command, title: str) -> None:
        """Say in menu and tooltip what the command would do now; the toolbar has room for less."""
        action.setText(title)
        action.setToolTip(_tip(command, title if title != command.title else ""))

    def _group(self, name: str) -> QActionGroup:
        if name not in self._groups:
            self._groups[name] = QActionGroup(self)
        return self._groups[name]

    def _menu_of(self, command: Command) -> QMenu:
        name = command.menu
        if name not in self.menus:
            parent, _, title = name.partition("/")
            submenu = QMenu(title, self.menus[parent])
            self.menus[parent].addMenu(submenu)
            self.menus[name] = submenu
        return self.menus[name]

    def _menu_button(self, name: str, menu: QMenu) -> QToolButton:
        title, tip = MENU_BUTTONS[name]
        button = QToolButton()
        button.setText(f"{title} ▾")
        button.setToolTip(tip)
        button.setAccessibleName(title)
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._buttons[name] = button
        return button


def make_toolbar(window: QWidget) -> QToolBar:
    """Make an empty toolbar."""
    bar = QToolBar("Toolbar", window)
    bar.setObjectName("toolbar")
    bar.setMovable(False)
    bar.setIconSize(QSize(20, 20))
    bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return bar


def keys_text(command: Command) -> str:
    """Give a command's keys as the system writes them."""
    form = QKeySequence.SequenceFormat.NativeText
    return ", ".join(QKeySequence(keys).toString(form) for keys in command.shortcuts)


def _tip(command: Command, instead: str = "") -> str:
    keys = keys_text(command)
    text = instead or command.tip or command.title.rstrip("…")
    return f"{text} ({keys})" if keys else text
