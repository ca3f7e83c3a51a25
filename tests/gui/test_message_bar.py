from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from inspector.core.palette import DARK
from inspector.gui.message_bar import SHORT_LINES, Message, MessageBar, MessageKind

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
    bar.dismiss_shown()
    assert bar.messages == ()
    assert bar.isHidden()


def test_the_same_message_stands_once(bar: MessageBar) -> None:
    bar.tell(BROKEN)
    bar.tell(NOTE)
    bar.tell(BROKEN)
    assert bar.messages == (BROKEN, NOTE)


def test_the_same_words_stand_once_whatever_their_button_is(bar: MessageBar) -> None:
    bar.tell(BROKEN)
    again = replace(BROKEN, action="Try again")
    bar.tell(again)
    assert bar.messages == (again,)


def test_a_button_is_taken_away_and_its_message_stays(bar: MessageBar) -> None:
    bar.tell(replace(BROKEN, action="Try again", other="Releases…"))
    bar.tell(NOTE)
    bar.take_action("Try again")
    assert bar.messages == (NOTE, replace(BROKEN, other="Releases…"))
    assert bar.row(1).button.isHidden()
    assert not bar.row(1).other_button.isHidden()
    assert not bar.row(0).button.isHidden()


def test_every_message_more_or_less_is_told(bar: MessageBar) -> None:
    counts: list[int] = []
    bar.changed.connect(lambda: counts.append(len(bar.messages)))
    bar.tell(BROKEN)
    bar.tell(NOTE)
    bar.row(1).close_button.click()
    bar.dismiss(NOTE)
    bar.dismiss(NOTE)
    assert counts == [1, 2, 1, 0]


def shown_rows(bar: MessageBar) -> list[Message]:
    rows = (bar.row(place) for place in range(len(bar.messages)))
    return [row.message for row in rows if not row.isHidden()]


def test_no_error_goes_before_it_is_dismissed(bar: MessageBar) -> None:
    told = [Message(f"message {number}") for number in range(6)]
    for message in told:
        bar.tell(message)
    assert bar.messages == tuple(reversed(told))


def test_the_newest_stands_alone_and_the_others_are_a_click_away(bar: MessageBar) -> None:
    first, second, third = (Message(f"message {number}") for number in range(3))
    bar.tell(first)
    height = bar.sizeHint().height()
    assert bar.row().more_button.isHidden()
    bar.tell(second)
    bar.tell(third)
    assert shown_rows(bar) == [third]
    assert bar.row().more_button.text() == "+2 more"
    assert bar.sizeHint().height() <= height + 8
    seen = []
    for _ in range(3):
        place = bar.messages.index(bar.shown or first)
        bar.row(place).more_button.click()
        seen += shown_rows(bar)
    assert seen == [second, first, third]


def test_dismissing_shows_the_message_before(bar: MessageBar) -> None:
    first, second, third = (Message(f"message {number}") for number in range(3))
    for message in (first, second, third):
        bar.tell(message)
    bar.step()
    assert bar.row(1).more_button.text() == "2 of 3"
    bar.dismiss_shown()
    assert shown_rows(bar) == [first]
    bar.dismiss(third)
    assert shown_rows(bar) == [first]
    assert bar.row().more_button.isHidden()


def test_a_new_error_comes_to_the_front(bar: MessageBar) -> None:
    bar.tell(NOTE)
    bar.tell(BROKEN)
    bar.step()
    assert bar.shown == NOTE
    bar.tell(Message("Another one."))
    assert bar.shown == Message("Another one.")


def test_a_note_that_was_dismissed_does_not_come_back(bar: MessageBar) -> None:
    bar.tell_once(NOTE)
    bar.dismiss(NOTE)
    bar.tell_once(NOTE)
    assert bar.messages == ()


def test_its_button_acts(bar: MessageBar, qtbot: QtBot) -> None:
    bar.tell(NOTE)
    with qtbot.waitSignal(bar.acted) as acted:
        bar.row().button.click()
    assert acted.args == [NOTE, "Do it"]
    assert bar.messages == ()


def test_where_the_window_is_low_a_long_message_keeps_to_a_few_lines(bar: MessageBar) -> None:
    long = Message(" ".join(["The engine could not start."] * 6), "Run the doctor.")
    bar.resize(300, 400)
    bar.show()
    bar.tell(long)
    assert len(bar.row().shown_lines) > SHORT_LINES
    assert bar.row().shown_lines[-1] == long.mend
    bar.set_short(short=True)
    assert len(bar.row().shown_lines) == SHORT_LINES
    assert bar.row().shown_lines[-1].endswith("…")
    assert long.mend in bar.row()._text.toolTip()
    bar.tell(replace(long, fact=long.fact + " Again."))
    assert len(bar.row().shown_lines) == SHORT_LINES
    bar.set_short(short=False)
    assert len(bar.row().shown_lines) > SHORT_LINES


def test_either_of_two_buttons_acts(bar: MessageBar, qtbot: QtBot) -> None:
    for wanted in ("Try again", "Releases…"):
        bar.tell(Message("It could not be fetched.", action="Try again", other="Releases…"))
        row = bar.row()
        assert not row.button.isHidden()
        assert not row.other_button.isHidden()
        button = row.button if row.button.text() == wanted else row.other_button
        with qtbot.waitSignal(bar.acted) as acted:
            button.click()
        assert acted.args == [row.message, wanted]
    bar.tell(BROKEN)
    assert bar.row().button.isHidden()
    assert bar.row().other_button.isHidden()


def test_fact_and_mend_are_read_aloud(bar: MessageBar) -> None:
    bar.tell(BROKEN)
    assert bar.row().accessibleName() == "The file is broken. Choose another one."
