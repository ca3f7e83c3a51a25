from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from inspector.core.modes import HUB, KERAS, RETRAIN, SLIM_TRAIN
from inspector.core.pairs import Side
from inspector.core.preprocessing import (
    Crop,
    CropKind,
    Orientation,
    Preprocessing,
    ResizeLibrary,
    ResizeMethod,
    ScaleRule,
)
from inspector.core.scores import OutputSwitches
from inspector.gui.stage_controls import ChoiceControl, NumberControl
from inspector.gui.stage_fields import STAGE_FIELDS
from inspector.gui.stages_dock import SideState, StagesPanel
from inspector.session import CUSTOM, SideChoice
from tests.support.results import LEFT, RIGHT

if TYPE_CHECKING:
    from enum import StrEnum

    from pytestqt.qtbot import QtBot


def state(side: Side, stages: Preprocessing, mode: str = "own") -> SideState:
    release = LEFT if side is Side.LEFT else RIGHT
    return SideState(release, SideChoice(mode), stages, stages)


@pytest.fixture
def panel(qtbot: QtBot) -> StagesPanel:
    made = StagesPanel()
    qtbot.addWidget(made)
    made.set_states({Side.LEFT: state(Side.LEFT, KERAS), Side.RIGHT: state(Side.RIGHT, HUB)})
    return made


def choose(panel: StagesPanel, side: Side, key: str, value: StrEnum | bool) -> None:
    control = panel.control(side, key)
    assert isinstance(control, ChoiceControl)
    control.choose(value)


@pytest.mark.parametrize(
    ("key", "value", "wanted"),
    [
        ("crop.kind", CropKind.CENTRAL, replace(HUB, crop=Crop(CropKind.CENTRAL))),
        ("scale", ScaleRule.HALF, replace(HUB, scale=ScaleRule.HALF)),
        ("orient", Orientation.EXIF, replace(HUB, orient=Orientation.EXIF)),
        ("resize.antialias", True, replace(HUB, resize=replace(HUB.resize, antialias=True))),
    ],
)
def test_an_edit_gives_the_stages_with_that_part_changed(
    panel: StagesPanel, qtbot: QtBot, key: str, value: StrEnum | bool, wanted: Preprocessing
) -> None:
    with qtbot.waitSignal(panel.stages_edited) as edit:
        choose(panel, Side.RIGHT, key, value)
    assert edit.args == [Side.RIGHT, wanted]


def test_a_method_that_the_other_library_lacks_becomes_bilinear(
    panel: StagesPanel, qtbot: QtBot
) -> None:
    area = replace(HUB, resize=replace(HUB.resize, method=ResizeMethod.AREA))
    panel.set_states({Side.LEFT: state(Side.LEFT, KERAS), Side.RIGHT: state(Side.RIGHT, area)})
    with qtbot.waitSignal(panel.stages_edited) as edit:
        choose(panel, Side.RIGHT, "resize.library", ResizeLibrary.PILLOW)
    assert edit.args is not None
    assert edit.args[1].resize.method is ResizeMethod.BILINEAR


def test_a_number_is_edited(panel: StagesPanel, qtbot: QtBot) -> None:
    panel.set_states({Side.LEFT: state(Side.LEFT, SLIM_TRAIN), Side.RIGHT: state(Side.RIGHT, HUB)})
    control = panel.control(Side.LEFT, "augment.seed")
    assert isinstance(control, NumberControl)
    with qtbot.waitSignal(panel.stages_edited) as edit:
        control.box.setValue(7)
    wanted = replace(SLIM_TRAIN, augment=replace(SLIM_TRAIN.augment, seed=7))
    assert edit.args == [Side.LEFT, wanted]


def test_showing_a_state_emits_nothing(panel: StagesPanel, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(panel.stages_edited), qtbot.assertNotEmitted(panel.mode_chosen):
        panel.set_states(
            {Side.LEFT: state(Side.LEFT, RETRAIN), Side.RIGHT: state(Side.RIGHT, SLIM_TRAIN)}
        )


def test_every_field_shows_every_value(panel: StagesPanel) -> None:
    for field in STAGE_FIELDS:
        for value in field.options(HUB):
            stages = field.put(HUB, value)
            panel.set_states(
                {Side.LEFT: state(Side.LEFT, KERAS), Side.RIGHT: state(Side.RIGHT, stages)}
            )
            assert field.get(stages) == value


def test_differing_stages_are_marked(panel: StagesPanel) -> None:
    assert panel.differing == ("decode.decoder", "resize.library", "resize.method", "scale")
    panel.set_states({Side.LEFT: state(Side.LEFT, HUB), Side.RIGHT: state(Side.RIGHT, HUB)})
    assert panel.differing == ()


def test_rows_that_do_nothing_are_hidden(panel: StagesPanel) -> None:
    assert panel.control(Side.LEFT, "crop.fraction").isHidden()
    assert not panel.control(Side.LEFT, "resize.antialias").isEnabled()
    panel.set_states({Side.LEFT: state(Side.LEFT, RETRAIN), Side.RIGHT: state(Side.RIGHT, HUB)})
    assert not panel.control(Side.LEFT, "augment.flip").isHidden()
    assert not panel.control(Side.RIGHT, "augment.flip").isEnabled()


def test_modes_are_chosen_and_custom_shows_only_where_it_is(
    panel: StagesPanel, qtbot: QtBot
) -> None:
    box = panel.mode_box(Side.LEFT)
    assert box.findData(CUSTOM) < 0
    with qtbot.waitSignal(panel.mode_chosen) as choice:
        box.choose("bgr")
    assert choice.args == [Side.LEFT, "bgr"]
    panel.set_states(
        {
            Side.LEFT: SideState(LEFT, SideChoice(CUSTOM, HUB), HUB, HUB),
            Side.RIGHT: state(Side.RIGHT, HUB),
        }
    )
    assert box.mode == CUSTOM
    assert box.currentText() == "Custom"


def test_output_switches(panel: StagesPanel, qtbot: QtBot) -> None:
    assert not panel.background_box(Side.LEFT).isEnabled()
    assert panel.background_box(Side.RIGHT).isEnabled()
    with qtbot.waitSignal(panel.output_edited) as edit:
        panel.softmax_box(Side.RIGHT).choose(False)
    assert edit.args == [Side.RIGHT, OutputSwitches(softmax=False)]


def test_the_exif_switch_locks_the_orient_row(panel: StagesPanel) -> None:
    turned = replace(KERAS, orient=Orientation.EXIF)
    panel.set_states(
        {
            Side.LEFT: SideState(LEFT, SideChoice(), KERAS, turned),
            Side.RIGHT: state(Side.RIGHT, HUB),
        }
    )
    assert not panel.control(Side.LEFT, "orient").isEnabled()
