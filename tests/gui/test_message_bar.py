from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from inspector.core.palette import DARK
from inspector.gui.message_bar import MOST_MESSAGES, Message, MessageBar, MessageKind

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

BROKEN = Message("The file is broken.", "Choose another one.")
NOTE = Message("A note.", "", MessageKind.NOTE, "Do it")


@pytest.fixture
def bar(qtbot: QtBot) -> MessageBar:
    made = MessageBar()
    qtbot.addWidget(made)
    return made


def test_it_shows_only_where_there_is_a_message(bar: MessageBar) -> None:
    assert bar.isHidden()
    bar.tell(BROKEN)
    assert not bar.isHidden()


def test_a_message_stays_until_it_is_dismissed(bar: MessageBar) -> None:
    bar.tell(BROKEN)
    bar.tell(NOTE)
    bar.set_palette_scheme(DARK)
    assert bar.messages == (NOTE, BROKEN)
    bar.row(1).close_button.click()
    assert bar.messages == (NOTE,)
    bar.dismiss_newest()
    assert bar.messages == ()
    assert bar.isHidden()


def test_the_same_message_stands_once(bar: MessageBar) -> None:
    bar.tell(BROKEN)
    bar.tell(NOTE)
    bar.tell(BROKEN)
    assert bar.messages == (BROKEN, NOTE)


def test_only_the_newest_are_kept(bar: MessageBar) -> None:
    for number in range(MOST_MESSAGES + 2):
        bar.tell(Message(f"message {number}"))
    assert len(bar.messages) == MOST_MESSAGES
    assert bar.messages[0].fact == f"message {MOST_MESSAGES + 1}"


def test_a_note_that_was_dismissed_does_not_come_back(bar: MessageBar) -> None:
    bar.tell_once(NOTE)
    bar.dismiss(NOTE)
    bar.tell_once(NOTE)
    assert bar.messages == ()


def test_its_button_acts(bar: MessageBar, qtbot: QtBot) -> None:
    bar.tell(NOTE)
    with qtbot.waitSignal(bar.acted) as acted:
        bar.row().button.click()
    assert acted.args == ["Do it"]
    assert bar.messages == ()


def test_fact_and_mend_are_read_aloud(bar: MessageBar) -> None:
    bar.tell(BROKEN)
    assert bar.row().accessibleName() == "The file is broken. Choose another one."
