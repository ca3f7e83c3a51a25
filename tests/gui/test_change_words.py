"""What Undo says that it would take back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from inspector.core.pairs import Side
from inspector.core.picture import PictureSource
from inspector.core.preprocessing import ScaleRule
from inspector.core.scores import OutputSwitches
from inspector.core.training import Training
from inspector.gui.change_words import change_words
from inspector.gui.stage_fields import STAGE_FIELDS
from inspector.session import Session
from tests.support.results import PAIR

if TYPE_CHECKING:
    from collections.abc import Callable

SCALE = next(field for field in STAGE_FIELDS if field.key == "scale")


def set_scale(session: Session, rule: ScaleRule) -> None:
    session.set_preprocessing(Side.LEFT, SCALE.put(session.preprocessing(Side.LEFT), rule))


def set_both_outputs(session: Session) -> None:
    session.set_output(Side.RIGHT, OutputSwitches(softmax=False, drop_background=False))


CHANGES: dict[str, Callable[[Session], None]] = {
    "left mode": lambda session: session.set_mode(Side.LEFT, "bgr"),
    "mode of both sides": lambda session: session.set_pair_mode("identical"),
    "left scale": lambda session: set_scale(session, ScaleRule.HALF),
    "right softmax": lambda session: session.set_output(Side.RIGHT, OutputSwitches(False)),
    "several settings": set_both_outputs,
    "right training": lambda session: session.set_training(Side.RIGHT, Training()),
    "EXIF orientation": lambda session: session.set_apply_exif(True),
}


@pytest.fixture
def session() -> Session:
    made = Session(PAIR)
    made.set_picture(PictureSource("photo.jpg", "/photos/photo.jpg"))
    return made


@pytest.mark.parametrize("words", CHANGES)
def test_a_change_has_its_words_both_ways(session: Session, words: str) -> None:
    before = session.choices
    CHANGES[words](session)
    assert change_words(session.choices, before, PAIR) == words
    assert change_words(before, session.choices, PAIR) == words


def test_stages_by_hand_are_told_from_one_another(session: Session) -> None:
    set_scale(session, ScaleRule.HALF)
    before = session.choices
    set_scale(session, ScaleRule.RAW)
    assert change_words(session.choices, before, PAIR) == "left scale"


def test_no_change_has_no_words(session: Session) -> None:
    assert change_words(session.choices, session.choices, PAIR) == ""
