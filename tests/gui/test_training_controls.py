from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from inspector.core.auxiliary import AuxiliaryHead
from inspector.core.catalogue import STARTER, choose_pair
from inspector.core.modes import HUB, KERAS
from inspector.core.pairs import OutputKind, ReleaseSpec, Side
from inspector.core.sources import SourceKind, parse_source
from inspector.core.training import BatchFrom, Training
from inspector.gui.stages_dock import SideState, StagesPanel
from inspector.gui.training_controls import (
    CHECKPOINT,
    FOLDER,
    NO_SUCH_HEAD,
    RANDOM_HEAD,
    RunControls,
)
from inspector.session import SideChoice
from tests.support.results import LEFT, RIGHT

if TYPE_CHECKING:
    from PySide6.QtWidgets import QComboBox
    from pytestqt.qtbot import QtBot


INCEPTION = choose_pair("inception_v3").left


def show(
    panel: StagesPanel, left: SideChoice | None = None, release: ReleaseSpec = LEFT
) -> RunControls:
    panel.set_states(
        {
            Side.LEFT: SideState(release, left or SideChoice(), KERAS, KERAS),
            Side.RIGHT: SideState(RIGHT, SideChoice(), HUB, HUB),
        }
    )
    return panel.run_controls(Side.LEFT)


@pytest.fixture
def panel(qtbot: QtBot) -> StagesPanel:
    made = StagesPanel()
    qtbot.addWidget(made)
    show(made)
    return made


def pick(box: QComboBox, text: str) -> None:
    box.setCurrentIndex(box.findText(text))
    box.activated.emit(box.currentIndex())


def test_it_is_switched_on_and_off(panel: StagesPanel, qtbot: QtBot) -> None:
    controls = panel.run_controls(Side.LEFT)
    assert not controls.is_on
    assert controls.seed.isHidden()
    with qtbot.waitSignal(panel.training_edited) as edit:
        controls.switch.click()
    assert edit.args == [Side.LEFT, Training()]
    show(panel, SideChoice(training=Training()))
    assert not controls.seed.isHidden()
    with qtbot.waitSignal(panel.training_edited) as edit:
        controls.switch.click()
    assert edit.args == [Side.LEFT, None]


def test_seed_and_count_are_kept_while_it_is_off(panel: StagesPanel, qtbot: QtBot) -> None:
    controls = show(panel, SideChoice(training=Training(seed=5, count=9)))
    with qtbot.waitSignal(panel.training_edited) as edit:
        controls.seed.setValue(6)
    assert edit.args == [Side.LEFT, Training(seed=6, count=9)]
    show(panel, SideChoice(training=Training(seed=6, count=9)))
    show(panel, SideChoice())
    assert not controls.seed.isEnabled()
    with qtbot.waitSignal(panel.training_edited) as edit:
        controls.switch.click()
    assert edit.args == [Side.LEFT, Training(seed=6, count=9)]


def test_a_folder_gives_the_other_pictures(panel: StagesPanel, qtbot: QtBot) -> None:
    controls = show(panel, SideChoice(training=Training()))
    with qtbot.waitSignal(panel.training_edited) as edit:
        controls.set_folder("/photos/cats")
    wanted = Training(batch=BatchFrom.FOLDER, folder="/photos/cats")
    assert edit.args == [Side.LEFT, wanted]
    show(panel, SideChoice(training=wanted))
    assert controls.batch.currentText() == "cats"
    with qtbot.waitSignal(panel.training_edited) as edit:
        pick(controls.batch, "random crops")
    assert edit.args == [Side.LEFT, Training()]


@pytest.mark.parametrize(("box", "entry"), [("batch", FOLDER), ("auxiliary", CHECKPOINT)])
def test_asking_for_a_path_changes_nothing_yet(
    panel: StagesPanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, box: str, entry: str
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(RunControls, "_ask", lambda self, title, *rest: asked.append(title))
    controls = show(panel, SideChoice(training=Training()), INCEPTION)
    chosen = getattr(controls, box)
    before = chosen.currentText()
    with qtbot.assertNotEmitted(panel.training_edited):
        pick(chosen, entry)
    assert len(asked) == 1
    assert chosen.currentText() == before


def test_an_auxiliary_head(panel: StagesPanel, qtbot: QtBot) -> None:
    controls = show(panel, release=INCEPTION)
    with qtbot.waitSignal(panel.auxiliary_edited) as edit:
        pick(controls.auxiliary, RANDOM_HEAD)
    assert edit.args == [Side.LEFT, AuxiliaryHead()]
    with qtbot.waitSignal(panel.auxiliary_edited) as edit:
        controls.set_checkpoint("/checkpoints/slim.ckpt")
    assert edit.args == [Side.LEFT, AuxiliaryHead("/checkpoints/slim.ckpt")]
    show(panel, SideChoice(auxiliary=AuxiliaryHead("/checkpoints/slim.ckpt")), INCEPTION)
    assert controls.auxiliary.currentText() == "slim.ckpt"
    with qtbot.waitSignal(panel.auxiliary_edited) as edit:
        pick(controls.auxiliary, "none")
    assert edit.args == [Side.LEFT, None]


def test_showing_a_choice_emits_nothing(panel: StagesPanel, qtbot: QtBot) -> None:
    choice = SideChoice(training=Training(4, 8), auxiliary=AuxiliaryHead())
    with (
        qtbot.assertNotEmitted(panel.training_edited),
        qtbot.assertNotEmitted(panel.auxiliary_edited),
    ):
        controls = show(panel, choice)
    assert controls.seed.value() == 4
    assert controls.count.value() == 8
    assert controls.auxiliary.currentText() == RANDOM_HEAD


@pytest.mark.parametrize("kind", [SourceKind.TFLITE, SourceKind.FROZEN_GRAPH])
def test_what_is_for_inference_only_cannot_be_switched(
    panel: StagesPanel, kind: SourceKind
) -> None:
    controls = show(panel, release=replace(LEFT, source=replace(LEFT.source, kind=kind)))
    assert not controls.switch.isEnabled()
    assert "inference only" in controls.switch.toolTip()
    assert controls.auxiliary.isEnabled()


def test_features_have_neither(panel: StagesPanel) -> None:
    controls = show(panel, release=replace(LEFT, output=OutputKind.FEATURES))
    assert not controls.switch.isEnabled()
    assert not controls.auxiliary.isEnabled()


@pytest.mark.parametrize(
    ("pair", "side"),
    [(STARTER, Side.LEFT), (STARTER, Side.RIGHT), ("resnet50", Side.RIGHT),
     ("inception_resnet_v2", Side.LEFT)],
)  # fmt: skip
def test_what_is_known_to_be_no_inception_has_no_such_head(
    panel: StagesPanel, pair: str, side: Side
) -> None:
    controls = show(panel, release=choose_pair(pair).release(side))
    assert not controls.auxiliary.isEnabled()
    assert controls.auxiliary.currentText() == NO_SUCH_HEAD
    assert "InceptionV3's alone" in controls.auxiliary.toolTip()
    show(panel, release=INCEPTION)
    assert controls.auxiliary.isEnabled()
    assert controls.auxiliary.currentText() == "none"


@pytest.mark.parametrize(
    "source",
    ["keras-file:/mine.keras", "saved-model:/mine", "hub:https://tfhub.dev/somebody/something/1"],
)
def test_what_is_not_known_before_it_is_opened_may_have_the_head(
    panel: StagesPanel, source: str
) -> None:
    release = replace(LEFT, source=parse_source(source, Path("/")))
    assert show(panel, release=release).auxiliary.isEnabled()
    assert show(panel, release=choose_pair("inception_v3").right).auxiliary.isEnabled()


def test_a_head_that_was_chosen_can_be_taken_off(panel: StagesPanel, qtbot: QtBot) -> None:
    mobile = choose_pair(STARTER).left
    controls = show(panel, SideChoice(auxiliary=AuxiliaryHead()), mobile)
    assert controls.auxiliary.isEnabled()
    with qtbot.waitSignal(panel.auxiliary_edited) as edit:
        pick(controls.auxiliary, "none")
    assert edit.args == [Side.LEFT, None]


def test_every_control_says_what_it_is_for(panel: StagesPanel) -> None:
    controls = show(panel, SideChoice(training=Training()))
    tips = [part.toolTip() for part in controls.parts]
    assert all(tips)
    assert len(set(tips)) == len(tips)
    assert "random crops" in controls.batch.toolTip()
