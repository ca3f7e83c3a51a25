"""Training mode and auxiliary heads among the choices of a session."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest

from inspector.core.auxiliary import AuxiliaryHead
from inspector.core.modes import HUB
from inspector.core.pairs import Side
from inspector.core.picture import PictureSource
from inspector.core.training import Training
from inspector.session import CUSTOM, Session
from tests.support.results import LEFT, PAIR, RIGHT

HEAD = AuxiliaryHead("/checkpoints/inception_v3.ckpt")


@pytest.fixture
def session() -> Session:
    made = Session(PAIR)
    made.set_picture(PictureSource("photo.jpg", "/photos/photo.jpg"))
    made.set_training(Side.LEFT, Training(seed=3))
    made.set_auxiliary(Side.RIGHT, HEAD)
    return made


def test_a_request_carries_them(session: Session) -> None:
    request = session.request()
    assert request is not None
    assert request.left.training == Training(seed=3)
    assert request.left.auxiliary is None
    assert request.right.training is None
    assert request.right.auxiliary == HEAD
    assert pickle.loads(pickle.dumps(request)) == request


def test_they_can_be_undone(session: Session) -> None:
    session.undo()
    assert session.choices.right.auxiliary is None
    session.undo()
    assert session.choices.left.training is None
    session.redo()
    assert session.choices.left.training == Training(seed=3)


def test_they_stay_with_another_mode(session: Session) -> None:
    session.set_mode(Side.LEFT, "bgr")
    session.set_pair_mode("identical")
    session.set_preprocessing(Side.LEFT, HUB)
    assert session.choices.left.training == Training(seed=3)
    assert session.choices.right.auxiliary == HEAD


def test_they_stay_where_a_proposal_is_taken_over(session: Session) -> None:
    left, right = session.settings(Side.LEFT), session.settings(Side.RIGHT)
    bare = replace(right, mode=CUSTOM, preprocessing=left.preprocessing, auxiliary=None)
    session.apply_settings(replace(left, training=None), bare)
    assert session.choices.left.training == Training(seed=3)
    assert session.choices.right.auxiliary == HEAD
    assert session.preprocessing(Side.RIGHT) == left.preprocessing


def test_another_pair_switches_them_off(session: Session) -> None:
    session.set_mode(Side.LEFT, "bgr")
    session.set_pair(replace(PAIR, id="turned", left=RIGHT, right=LEFT))
    assert session.choices.left.mode == "bgr"
    for side in Side:
        assert session.choices.side(side).training is None
        assert session.choices.side(side).auxiliary is None
