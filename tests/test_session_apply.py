from __future__ import annotations

from dataclasses import replace

import pytest

from inspector.core.modes import MODES, OWN, resolve_mode
from inspector.core.pairs import Side
from inspector.core.picture import PictureSource
from inspector.core.preprocessing import Orientation, ScaleRule
from inspector.core.result import SideSettings
from inspector.core.scores import OutputSwitches
from inspector.session import CUSTOM, Session, SideChoice
from tests.support.results import LEFT, PAIR, RIGHT


@pytest.fixture
def session() -> Session:
    made = Session(PAIR)
    made.set_picture(PictureSource("a.jpg", "/photos/a.jpg"))
    return made


def both(session: Session) -> tuple[SideSettings, SideSettings]:
    return session.settings(Side.LEFT), session.settings(Side.RIGHT)


def test_both_sides_change_in_one_step_that_can_be_undone(session: Session) -> None:
    session.set_mode(Side.LEFT, "bgr")
    before = session.choices
    wanted = SideSettings("hub", resolve_mode("hub", LEFT, RIGHT), OutputSwitches())
    right = SideSettings("hub", resolve_mode("hub", RIGHT, LEFT), OutputSwitches(softmax=False))
    session.apply_settings(wanted, right)
    assert both(session) == (wanted, right)
    session.undo()
    assert session.choices == before
    session.redo()
    assert both(session) == (wanted, right)


@pytest.mark.parametrize("mode", [mode.id for mode in MODES])
def test_what_is_set_already_stays_as_it_is(session: Session, mode: str) -> None:
    for side in Side:
        session.set_mode(side, mode)
    before, undoable = session.choices, len(session._undo)
    session.apply_settings(*both(session))
    assert session.choices == before
    assert len(session._undo) == undoable


def test_the_own_mode_is_recognised(session: Session) -> None:
    own = both(session)
    session.set_mode(Side.LEFT, "raw_0_255")
    session.set_mode(Side.RIGHT, "bgr")
    session.apply_settings(*own)
    assert session.choices.left == SideChoice(OWN)
    assert session.choices.right == SideChoice(OWN)


def test_stages_without_a_name_become_custom_even_under_a_name(session: Session) -> None:
    left, right = both(session)
    half = replace(left.preprocessing, scale=ScaleRule.HALF)
    session.apply_settings(SideSettings("keras", half, left.output), right)
    assert session.choices.left.mode == CUSTOM
    assert session.settings(Side.LEFT).preprocessing == half


@pytest.mark.parametrize("apply", [True, False])
@pytest.mark.parametrize("left", list(Orientation))
@pytest.mark.parametrize("right", list(Orientation))
def test_the_orientation_is_what_was_asked_for(
    session: Session, apply: bool, left: Orientation, right: Orientation
) -> None:
    session.set_apply_exif(apply)
    wanted = [
        replace(settings, preprocessing=replace(settings.preprocessing, orient=orient))
        for settings, orient in zip(both(session), (left, right), strict=True)
    ]
    session.apply_settings(*wanted)
    assert [s.preprocessing for s in both(session)] == [s.preprocessing for s in wanted]


def test_a_renewed_request_asks_the_same_anew(session: Session) -> None:
    request = session.request()
    assert request is not None
    again = session.renewed(request)
    assert again == replace(request, generation=again.generation)
    assert session.is_current(again.generation)
    assert not session.is_current(request.generation)
