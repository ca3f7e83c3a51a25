"""The menus whose rows depend on what there is: samples, recent files, pairs, modes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from inspector.core.catalogue import is_here, shipped_pairs
from inspector.core.modes import MODES, OWN, find_mode
from inspector.gui.samples import shipped_samples

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from inspector.core.modes import Mode
    from inspector.core.pairs import PairSpec, Side
    from inspector.gui.deeds import Deeds


def samples_menu(deeds: Deeds, parent: QWidget) -> QMenu:
    """Make the menu of sample pictures."""
    menu = QMenu("Samples", parent)
    menu.aboutToShow.connect(lambda: _fill_samples(menu, deeds))
    return menu


def recent_menu(deeds: Deeds, parent: QWidget) -> QMenu:
    """Make the menu of the files that were opened last."""
    menu = QMenu("Recent files", parent)
    menu.setToolTipsVisible(True)
    menu.aboutToShow.connect(lambda: fill_recent(menu, deeds))
    return menu


def fill_recent(menu: QMenu, deeds: Deeds) -> None:
    """List the recent files, the newest first."""
    menu.clear()
    for path in deeds.recent_files():
        action = menu.addAction(Path(path).name.replace("&", "&&"))
        action.setToolTip(path)
        action.triggered.connect(lambda _=False, path=path: deeds.open_paths((path,)))
    if menu.isEmpty():
        menu.addAction("No files yet").setEnabled(False)
        return
    menu.addSeparator()
    menu.addAction("Forget these").triggered.connect(lambda: deeds.forget_recent())


def fill_pairs(menu: QMenu, deeds: Deeds, commands: tuple[QAction, ...]) -> None:
    """List the shipped pairs, with whether each is on this machine, then the pair's commands.

    Pairs of a family are in a submenu; that of the pair in use says so.
    """
    menu.clear()
    for old in menu.findChildren(QMenu):
        old.deleteLater()
    group = QActionGroup(menu)
    used = deeds.pair()
    for pair in shipped_pairs():
        if not pair.family:
            _add_pair(menu, group, pair, deeds)
    if used not in shipped_pairs():
        own = menu.addAction(_escaped(used.title))
        own.setCheckable(True)
        own.setChecked(True)
        group.addAction(own)
    menu.addSeparator()
    for family in dict.fromkeys(pair.family for pair in shipped_pairs() if pair.family):
        mark = "  (in use)" if used.family == family and used in shipped_pairs() else ""
        submenu = menu.addMenu(f"{_escaped(family)}{mark}")
        submenu.setToolTipsVisible(True)
        for pair in shipped_pairs():
            if pair.family == family:
                _add_pair(submenu, group, pair, deeds)
    menu.addSeparator()
    menu.addActions(commands)


def _add_pair(menu: QMenu, group: QActionGroup, pair: PairSpec, deeds: Deeds) -> None:
    here = "on this machine" if is_here(pair) else "fetched when it is used"
    action = menu.addAction(f"{_escaped(pair.title)}  ({here})")
    action.setCheckable(True)
    action.setChecked(pair == deeds.pair())
    action.setToolTip(pair.note)
    group.addAction(action)
    action.triggered.connect(lambda _=False, pair=pair: deeds.choose_pair(pair))


def _escaped(title: str) -> str:
    """Write a text so that a menu takes no letter of it for a key."""
    return title.replace("&", "&&")


def modes_menu(side: Side, deeds: Deeds, parent: QWidget) -> QMenu:
    """Make the menu of one side's modes, the wrong ones in a section of their own."""
    menu = QMenu(f"{str(side).capitalize()} mode", parent)
    menu.setToolTipsVisible(True)
    menu.aboutToShow.connect(lambda: fill_modes(menu, side, deeds))
    return menu


def fill_modes(menu: QMenu, side: Side, deeds: Deeds) -> None:
    """List the modes and tick the one in use."""
    menu.clear()
    group = QActionGroup(menu)
    release = deeds.pair().release(side)
    own = find_mode(release.mode)
    rows = [(OWN, f"Own ({own.title})", own.summary)]
    rows += [_row(mode) for mode in MODES if not mode.wrong]
    wrong = [_row(mode) for mode in MODES if mode.wrong]
    used = deeds.mode(side)
    _add_modes(menu, group, rows, used, lambda mode: deeds.set_mode(side, mode))
    menu.addSection("Wrong on purpose")
    _add_modes(menu, group, wrong, used, lambda mode: deeds.set_mode(side, mode))


def _row(mode: Mode) -> tuple[str, str, str]:
    return mode.id, mode.title, mode.summary


def _add_modes(
    menu: QMenu,
    group: QActionGroup,
    rows: list[tuple[str, str, str]],
    used: str,
    choose: Callable[[str], None],
) -> None:
    for mode, title, summary in rows:
        action = menu.addAction(title)
        action.setCheckable(True)
        action.setChecked(mode == used)
        action.setToolTip(summary)
        group.addAction(action)
        action.triggered.connect(lambda _=False, mode=mode: choose(mode))


def _fill_samples(menu: QMenu, deeds: Deeds) -> None:
    menu.clear()
    for sample in shipped_samples():
        action = menu.addAction(sample.title)
        action.triggered.connect(lambda _=False, path=sample.path: deeds.open_paths((path,)))
