from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from inspector.core.auxiliary import AuxiliaryHead
from inspector.core.modes import HUB, KERAS
from inspector.core.pairs import OutputKind, ReleaseSpec, Side
from inspector.core.sources import SourceKind
from inspector.core.training import BatchFrom, Training
from inspector.gui.stages_dock import SideState, StagesPanel
from inspector.gui.training_controls import CHECKPOINT, FOLDER, RANDOM_HEAD, RunControls
from inspector.session import SideChoice
from tests.support.results import LEFT, RIGHT

if TYPE_CHECKING:
    from PySide6.QtWidgets import QComboBox
    from pytestqt.qtbot import QtBot


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
    controls = show(panel, SideChoice(training=Training()))
    chosen = getattr(controls, box)
    before = chosen.currentText()
    with qtbot.assertNotEmitted(panel.training_edited):
        pick(chosen, entry)
    assert len(asked) == 1
    assert chosen.currentText() == before


def test_an_auxiliary_head(panel: StagesPanel, qtbot: QtBot) -> None:
    controls = panel.run_controls(Side.LEFT)
    with qtbot.waitSignal(panel.auxiliary_edited) as edit:
        pick(controls.auxiliary, RANDOM_HEAD)
    assert edit.args == [Side.LEFT, AuxiliaryHead()]
    with qtbot.waitSignal(panel.auxiliary_edited) as edit:
        controls.set_checkpoint("/checkpoints/slim.ckpt")
    assert edit.args == [Side.LEFT, AuxiliaryHead("/checkpoints/slim.ckpt")]
    show(panel, SideChoice(auxiliary=AuxiliaryHead("/checkpoints/slim.ckpt")))
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
