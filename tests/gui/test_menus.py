"""The menu of pairs: the first ones at hand, the rest by family."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import MagicMock

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from inspector.core.catalogue import PUBLISHED, STARTER, shipped_pairs
from inspector.core.pairs import find_pair
from inspector.gui.deeds import Deeds
from inspector.gui.menus import fill_pairs
from tests.support.results import PAIR

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from inspector.core.pairs import PairSpec


@pytest.fixture(autouse=True)
def empty_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path / "hub"))


@pytest.fixture
def menu(qtbot: QtBot) -> QMenu:
    made = QMenu()
    qtbot.addWidget(made)
    return made


def deeds_with(pair: PairSpec) -> MagicMock:
    deeds = MagicMock(spec=Deeds)
    deeds.pair.return_value = pair
    return deeds


def submenus(menu: QMenu) -> dict[str, QMenu]:
    """Give the submenus by title, in their order."""
    found = {}
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            found[inner.title()] = inner
    return found


def pairs_in(menu: QMenu) -> list[QAction]:
    return [action for action in menu.actions() if action.isCheckable()]


def test_the_first_pairs_are_at_hand_and_all_others_in_a_family(menu: QMenu) -> None:
    deeds = deeds_with(find_pair(shipped_pairs(), STARTER))
    command = QAction("Open a pair file…", menu)
    fill_pairs(menu, deeds, (command,))
    first = pairs_in(menu)
    assert [action.text().split("  (")[0] for action in first] == [
        find_pair(shipped_pairs(), name).title for name in (PUBLISHED, STARTER)
    ]
    assert first[0].text().endswith("(fetched when it is used)")
    assert first[1].text().endswith("(on this machine)")
    assert first[1].isChecked()
    families = submenus(menu)
    assert len(menu.actions()) < 16
    assert {"MobileNetV2", "ResNet"} <= set(families)
    listed = first + [action for inner in families.values() for action in pairs_in(inner)]
    assert len(listed) == len(shipped_pairs())
    assert menu.actions()[-1] is command
    for inner in families.values():
        assert inner.toolTipsVisible()
        assert len(pairs_in(inner)) < 16


def test_a_pair_of_a_family_is_chosen_and_marked(menu: QMenu) -> None:
    pair = find_pair(shipped_pairs(), "resnet50")
    deeds = deeds_with(pair)
    fill_pairs(menu, deeds, ())
    inner = submenus(menu)["ResNet  (in use)"]
    (used,) = [action for action in pairs_in(inner) if action.isChecked()]
    assert used.toolTip() == pair.note
    other = next(action for action in pairs_in(inner) if not action.isChecked())
    other.trigger()
    deeds.choose_pair.assert_called_once()
    assert deeds.choose_pair.call_args.args[0].family == "ResNet"
    assert not used.isChecked()


def test_a_pair_of_ones_own_is_listed_too(menu: QMenu) -> None:
    fill_pairs(menu, deeds_with(PAIR), ())
    assert pairs_in(menu)[-1].text() == PAIR.title
    assert not any("in use" in title for title in submenus(menu))


def test_filling_again_leaves_no_old_menus_behind(menu: QMenu, qtbot: QtBot) -> None:
    deeds = deeds_with(PAIR)
    for _ in range(3):
        fill_pairs(menu, deeds, ())
    count = len(submenus(menu))
    qtbot.waitUntil(lambda: len(menu.findChildren(QMenu)) == count)
