from __future__ import annotations

import pickle
from dataclasses import replace

import pytest

from inspector.core.errors import UsageError
from inspector.core.modes import HUB, KERAS, resolve_mode
from inspector.core.pairs import PairSpec, Side
from inspector.core.picture import PictureSource
from inspector.core.preprocessing import ChannelOrder, Orientation
from inspector.core.scores import OutputSwitches
from inspector.session import CUSTOM, UNDO_DEPTH, Choices, Session, SideChoice
from tests.support.results import LEFT, PAIR, RIGHT

PICTURE = PictureSource("photo.jpg", "/photos/photo.jpg")
TURNED: PairSpec = replace(PAIR, id="turned", left=RIGHT, right=LEFT)


@pytest.fixture
def session() -> Session:
    made = Session(PAIR)
    made.set_picture(PICTURE)
    return made


def test_nothing_is_asked_for_without_a_picture() -> None:
    assert Session(PAIR).request() is None


def test_a_request_holds_all_that_matters(session: Session) -> None:
    request = session.request()
    assert request is not None
    assert (request.picture, request.pair) == (PICTURE, PAIR)
    assert (request.left.mode, request.right.mode) == ("keras", "hub")
    assert request.left.preprocessing == KERAS
    assert request.right.preprocessing == HUB
    assert pickle.loads(pickle.dumps(request)) == request


def test_only_the_newest_generation_counts(session: Session) -> None:
    first, second = session.request(), session.request()
    assert first is not None
    assert second is not None
    assert second.generation > first.generation > 0
    assert not session.is_current(first.generation)
    assert session.is_current(second.generation)
    session.abandon()
    assert not session.is_current(second.generation)
    again = session.renewed(first)
    assert again == replace(first, generation=again.generation)
    assert session.is_current(again.generation)


def test_a_request_does_not_follow_later_wishes(session: Session) -> None:
    request = session.request()
    session.set_mode(Side.LEFT, "bgr")
    assert request is not None
    assert request.left.preprocessing == KERAS


def test_modes(session: Session) -> None:
    session.set_mode(Side.RIGHT, "identical")
    assert session.settings(Side.RIGHT).mode == "identical"
    assert session.preprocessing(Side.RIGHT) == resolve_mode("identical", RIGHT, LEFT)
    assert session.settings(Side.LEFT).mode == "keras"


@pytest.mark.parametrize(
    ("pair_mode", "modes"),
    [
        ("own", ("keras", "hub")),
        ("identical", ("identical", "identical")),
        ("swapped", ("hub", "keras")),
        ("both_left", ("keras", "keras")),
        ("both_right", ("hub", "hub")),
    ],
)
def test_modes_of_the_pair(session: Session, pair_mode: str, modes: tuple[str, str]) -> None:
    session.set_mode(Side.LEFT, "bgr")
    session.set_pair_mode(pair_mode)
    assert tuple(session.settings(side).mode for side in Side) == modes


def test_own_follows_the_pair_and_a_named_mode_stays(session: Session) -> None:
    session.set_mode(Side.RIGHT, "slim_eval")
    session.set_pair(TURNED)
    assert session.settings(Side.LEFT).mode == "hub"
    assert session.settings(Side.RIGHT).mode == "slim_eval"


def test_stages_set_by_hand(session: Session) -> None:
    stages = replace(KERAS, channel_order=ChannelOrder.BGR)
    session.set_preprocessing(Side.LEFT, stages)
    assert session.settings(Side.LEFT).mode == CUSTOM
    assert session.preprocessing(Side.LEFT) == stages
    session.set_pair(TURNED)
    assert session.settings(Side.LEFT).mode == "hub"
    assert session.undo_goal is None


def test_output_switches_outlive_a_change_of_mode(session: Session) -> None:
    switches = OutputSwitches(softmax=False)
    session.set_output(Side.RIGHT, switches)
    session.set_mode(Side.RIGHT, "keras")
    session.set_pair_mode("identical")
    assert session.settings(Side.RIGHT).output == switches


def test_orientation_of_both_sides(session: Session) -> None:
    session.set_apply_exif(True)
    assert all(session.preprocessing(side).orient is Orientation.EXIF for side in Side)
    session.undo()
    assert session.preprocessing(Side.LEFT) == KERAS


def test_edits_start_from_stages_without_the_exif_switch(session: Session) -> None:
    session.set_apply_exif(True)
    assert session.preprocessing(Side.LEFT).orient is Orientation.EXIF
    assert session.choices.left.stages(PAIR, Side.LEFT) == KERAS
    session.set_mode(Side.LEFT, "hub")
    assert session.choices.left.stages(PAIR, Side.LEFT) == HUB
    by_hand = replace(KERAS, channel_order=ChannelOrder.BGR)
    session.set_preprocessing(Side.LEFT, by_hand)
    assert session.choices.left.stages(PAIR, Side.LEFT) == by_hand


def test_undo_and_redo(session: Session) -> None:
    assert session.undo_goal is None
    session.undo()
    session.set_mode(Side.LEFT, "bgr")
    session.set_mode(Side.LEFT, "hub")
    session.undo()
    assert session.settings(Side.LEFT).mode == "bgr"
    assert session.redo_goal is not None
    session.redo()
    assert session.settings(Side.LEFT).mode == "hub"
    session.redo()
    session.undo()
    session.undo()
    assert session.choices == Choices()
    session.set_mode(Side.RIGHT, "keras")
    assert session.redo_goal is None


def test_a_change_that_changes_nothing_is_no_step(session: Session) -> None:
    session.set_mode(Side.LEFT, "own")
    session.set_output(Side.LEFT, OutputSwitches())
    assert session.undo_goal is None


def test_undo_has_an_end(session: Session) -> None:
    for index in range(UNDO_DEPTH + 20):
        session.set_mode(Side.LEFT, "bgr" if index % 2 else "hub")
    steps = 0
    while session.undo_goal is not None:
        session.undo()
        steps += 1
    assert steps == UNDO_DEPTH


def test_restored_choices_are_no_step(session: Session) -> None:
    session.restore_choices(Choices(left=SideChoice("bgr")))
    assert session.settings(Side.LEFT).mode == "bgr"
    assert session.undo_goal is None


def test_settings_taken_over_as_one_step(session: Session) -> None:
    left = replace(session.settings(Side.LEFT), mode="hub", preprocessing=HUB)
    by_hand = replace(HUB, channel_order=ChannelOrder.BGR)
    right = replace(session.settings(Side.RIGHT), preprocessing=by_hand)
    session.apply_settings(left, right)
    assert session.settings(Side.LEFT).mode == "hub"
    assert session.settings(Side.RIGHT).mode == CUSTOM
    assert session.preprocessing(Side.RIGHT) == by_hand
    session.undo()
    assert session.choices == Choices()


def test_unknown_modes_are_named(session: Session) -> None:
    with pytest.raises(UsageError):
        session.set_pair_mode("swaped")
    session.set_mode(Side.LEFT, "kers")
    with pytest.raises(UsageError, match="kers"):
        session.request()


def test_a_moment_brings_back_all_that_was_set_and_what_could_be_undone(session: Session) -> None:
    session.set_mode(Side.LEFT, "bgr")
    session.set_mode(Side.RIGHT, "keras")
    session.undo()
    moment = session.moment
    session.set_mode(Side.LEFT, "hub")
    session.set_picture(PictureSource("other.jpg", "/photos/other.jpg"))
    session.set_pair(TURNED)
    assert session.undo_goal is None
    session.go_to(moment)
    assert session.moment == moment
    assert (session.pair, session.picture) == (PAIR, PICTURE)
    assert session.choices.left.mode == "bgr"
    session.redo()
    assert session.choices.right.mode == "keras"


def test_undo_and_redo_say_where_they_lead(session: Session) -> None:
    assert (session.undo_goal, session.redo_goal) == (None, None)
    before = session.choices
    session.set_mode(Side.LEFT, "bgr")
    after = session.choices
    assert session.undo_goal == before
    session.undo()
    assert session.redo_goal == after
