from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QTimer

from inspector.core.palette import DARK, LIGHT
from inspector.gui.handing_over import HandingOver
from tests.gui.fakes import FakeView
from tests.support.features import make_feature_result
from tests.support.results import make_result

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def handing(qapp: object) -> HandingOver:
    return HandingOver()


def attached(handing: HandingOver, count: int) -> list[FakeView]:
    views = [FakeView() for _ in range(count)]
    for view in views:
        handing.attach(view)
    return views


def test_each_view_has_a_turn_of_its_own(handing: HandingOver, qtbot: QtBot) -> None:
    views = attached(handing, 3)
    result = make_result()
    with qtbot.waitSignal(handing.done):
        handing.show(result, 5)
        assert [view.results[-1] for view in views] == [result, None, None]
        assert not handing.is_done
    assert handing.is_done
    assert [view.results for view in views] == [[None, result]] * 3
    assert [view.selected[-1] for view in views] == [5, 5, 5]


def test_the_window_is_awake_between_two_views(handing: HandingOver, qtbot: QtBot) -> None:
    seen: list[str] = []

    def drawn() -> None:
        seen.append("drawn")
        QTimer.singleShot(0, lambda: seen.append("awake"))

    for view in attached(handing, 3):
        view.drawn.connect(drawn)
    with qtbot.waitSignal(handing.done):
        handing.show(make_result(), None)
    assert seen == ["drawn", "awake", "drawn", "awake", "drawn"]


def test_a_newer_result_takes_the_place_of_what_waits(handing: HandingOver, qtbot: QtBot) -> None:
    views = attached(handing, 3)
    older, newer = make_result(), make_result()
    handing.show(older, 1)
    with qtbot.waitSignal(handing.done):
        handing.show(newer, 2)
    assert [view.results for view in views] == [
        [None, older, newer],
        [None, newer],
        [None, newer],
    ]
    assert [view.selected[-1] for view in views] == [2, 2, 2]


def test_a_view_that_waits_stays_out_of_date_until_its_turn(
    handing: HandingOver, qtbot: QtBot
) -> None:
    views = attached(handing, 2)
    handing.set_stale(True)
    with qtbot.waitSignal(handing.done):
        handing.show(make_result(), None)
        handing.set_stale(False)
        assert [view.stale[-1] for view in views] == [False, True]
    assert [view.stale[-1] for view in views] == [False, False]


def test_what_is_asked_for_meanwhile_marks_the_result_that_arrives_as_out_of_date(
    handing: HandingOver, qtbot: QtBot
) -> None:
    views = attached(handing, 2)
    with qtbot.waitSignal(handing.done):
        handing.show(make_result(), None)
        handing.set_stale(True)
    assert [view.stale[-1] for view in views] == [True, True]


def test_a_class_picked_meanwhile_is_marked_in_the_result_that_arrives(
    handing: HandingOver, qtbot: QtBot
) -> None:
    views = attached(handing, 2)
    with qtbot.waitSignal(handing.done):
        handing.show(make_result(), 1)
        handing.select(7)
    assert [view.selected[-1] for view in views] == [7, 7]


def test_views_of_the_other_kind_come_last_and_have_nothing_to_show(
    handing: HandingOver, qtbot: QtBot
) -> None:
    classes, features = FakeView(), FakeView()
    handing.attach(classes)
    handing.attach_features(features)
    result = make_feature_result()
    with qtbot.waitSignal(handing.done):
        handing.show(result, 0)
        assert features.results == [None, result]
        assert classes.results == [None]
    assert classes.results == [None, None]


def test_nothing_is_told_after_the_end(handing: HandingOver, qtbot: QtBot) -> None:
    views = attached(handing, 2)
    handing.show(make_result(), None)
    handing.stop()
    with qtbot.assertNotEmitted(handing.done, wait=20):
        pass
    assert views[1].results == [None]


def test_a_palette_reaches_views_of_now_and_of_later(handing: HandingOver) -> None:
    early = FakeView()
    handing.attach(early)
    handing.set_palette(DARK)
    handing.set_palette(LIGHT)
    late = FakeView()
    handing.attach(late)
    assert early.palettes == [DARK, LIGHT]
    assert late.palettes == [LIGHT]
