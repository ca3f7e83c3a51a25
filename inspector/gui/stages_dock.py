"""Each side's stages as controls, with what differs between the sides marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from inspector.core.pairs import Side
from inspector.core.palette import LIGHT
from inspector.core.scores import OutputSwitches
from inspector.gui.stage_controls import FieldControl, ModeBox, SwitchBox, make_control
from inspector.gui.stage_fields import STAGE_FIELDS
from inspector.gui.training_controls import RunControls

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inspector.core.pairs import ReleaseSpec
    from inspector.core.palette import Palette
    from inspector.core.preprocessing import Preprocessing
    from inspector.gui.stage_fields import StageField, Value
    from inspector.session import SideChoice

COLUMN = {Side.LEFT: 1, Side.RIGHT: 2}


@dataclass(frozen=True, slots=True)
class SideState:
    """What the controls of one side show.

    Attributes
    ----------
    release
        The side's release.
    choice
        What the user chose.
    base
        All stages without the EXIF switch; edits start from these.
    stages
        All stages as they are run.
    """

    release: ReleaseSpec
    choice: SideChoice
    base: Preprocessing
    stages: Preprocessing


class StagesPanel(QWidget):
    """A grid: one row per part of a stage, one column per side."""

    mode_chosen = Signal(object, str)
    """Side and mode."""
    stages_edited = Signal(object, object)
    """Side and Preprocessing."""
    output_edited = Signal(object, object)
    """Side and OutputSwitches."""
    training_edited = Signal(object, object)
    """Side, and Training or None."""
    auxiliary_edited = Signal(object, object)
    """Side, and AuxiliaryHead or None."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._palette = LIGHT
        self._states: dict[Side, SideState] = {}
        self._labels: dict[str, QLabel] = {}
        self._controls: dict[tuple[Side, str], FieldControl] = {}
        self._heads = {side: QLabel(str(side).capitalize()) for side in Side}
        self._modes = {side: ModeBox(side) for side in Side}
        self._softmax = {side: SwitchBox(f"{side} softmax", "on", "off") for side in Side}
        self._background = {
            side: SwitchBox(f"{side} background class", "dropped", "kept") for side in Side
        }
        self._runs = {side: RunControls(side, self) for side in Side}
        self.setAccessibleName("Stages")
        self._grid = QGridLayout()
        self._build()
        self._connect()

    def control(self, side: Side, key: str) -> FieldControl:
        """Give the control of one field."""
        return self._controls[side, key]

    def mode_box(self, side: Side) -> ModeBox:
        """Give the mode box of one side."""
        return self._modes[side]

    def softmax_box(self, side: Side) -> SwitchBox:
        """Give the softmax switch of one side."""
        return self._softmax[side]

    def background_box(self, side: Side) -> SwitchBox:
        """Give the background switch of one side."""
        return self._background[side]

    def run_controls(self, side: Side) -> RunControls:
        """Give the controls of one side's further runs."""
        return self._runs[side]

    @property
    def differing(self) -> tuple[str, ...]:
        """Keys of the fields that are marked as different."""
        if len(self._states) < 2:
            return ()
        left, right = (self._states[side].stages for side in Side)
        return tuple(
            field.key
            for field in STAGE_FIELDS
            if (field.used(left) or field.used(right)) and field.get(left) != field.get(right)
        )

    def set_states(self, states: dict[Side, SideState]) -> None:
        """Show what both sides do; emits nothing."""
        self._states = states
        for side, state in states.items():
            self._heads[side].setToolTip(state.release.name)
            self._modes[side].show_choice(state.choice.mode, state.release.mode)
            background = state.release.background
            declared = state.release.output == "logits"
            self._softmax[side].show_state(state.choice.output.softmax, declared)
            scores = state.release.output != "features"
            self._softmax[side].set_possible(
                scores, "Features are compared as they are", "no scores"
            )
            self._background[side].show_state(state.choice.output.drop_background, background)
            self._background[side].set_possible(background, "This release has no background class")
            self._runs[side].show_choice(state.choice, state.release)
            for field in STAGE_FIELDS:
                self._show_field(side, field, state)
        self._show_rows()
        self._show_run_rows()

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self._palette = palette
        for side, head in self._heads.items():
            colour = palette.left_text if side is Side.LEFT else palette.right_text
            head.setStyleSheet(f"color: {colour}; font-weight: bold;")
        self._show_rows()

    def _build(self) -> None:
        grid = self._grid
        grid.setContentsMargins(8, 4, 8, 8)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        for side in Side:
            grid.addWidget(self._heads[side], 0, COLUMN[side])
        self._row("Mode", "mode", self._modes, "A named preprocessing")
        for field in STAGE_FIELDS:
            made = {side: make_control(field, side) for side in Side}
            self._controls.update({(side, field.key): made[side] for side in Side})
            self._row(field.title, field.key, made, field.tip)
        self._row("Softmax", "softmax", self._softmax, "Whether a softmax is applied")
        self._row("Background", "background", self._background, "What becomes of that class")
        self._build_runs()
        inner = QWidget()
        inner.setLayout(grid)
        scroll = QScrollArea()
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setAccessibleName("Stages")
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # every control inside is a stop itself
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scroll)
        grid.setRowStretch(grid.rowCount(), 1)

    def _build_runs(self) -> None:
        runs = self._runs
        training = "A second run as in training: batch norm on the batch's statistics, dropout on"
        self._row("Training", "training", {s: runs[s].switch for s in Side}, training)
        seed = "Draws the crops, the order of a folder, and dropout"
        self._row("· seed", "training.seed", {s: runs[s].seed for s in Side}, seed)
        count = "How many pictures are in the batch; the first is the picture itself"
        self._row("· batch", "training.count", {s: runs[s].count for s in Side}, count)
        origin = "Where the other pictures of the batch come from"
        self._row("· of", "training.batch", {s: runs[s].batch for s in Side}, origin)
        head = "InceptionV3's auxiliary classifier, which no release carries"
        self._row("Aux. head", "auxiliary", {s: runs[s].auxiliary for s in Side}, head)

    def _show_run_rows(self) -> None:
        """Show seed and batch where a side is in training mode."""
        on = any(runs.is_on for runs in self._runs.values())
        for key in ("training.seed", "training.count", "training.batch"):
            self._labels[key].setVisible(on)
        for runs in self._runs.values():
            for part in runs.parts:
                part.setVisible(on)

    def _row(self, title: str, key: str, controls: Mapping[Side, QWidget], tip: str) -> None:
        row = self._grid.rowCount()
        label = QLabel(title)
        label.setToolTip(tip)
        self._labels[key] = label
        self._grid.addWidget(label, row, 0)
        for side, control in controls.items():
            self._grid.addWidget(control, row, COLUMN[side])

    def _connect(self) -> None:
        for side in Side:
            self._modes[side].chosen.connect(
                lambda mode, side=side: self.mode_chosen.emit(side, mode)
            )
            for box in (self._softmax[side], self._background[side]):
                box.chosen.connect(lambda side=side: self._tell_output(side))
            self._runs[side].training_edited.connect(
                lambda training, side=side: self.training_edited.emit(side, training)
            )
            self._runs[side].auxiliary_edited.connect(
                lambda head, side=side: self.auxiliary_edited.emit(side, head)
            )
        for (side, key), control in self._controls.items():
            field = next(field for field in STAGE_FIELDS if field.key == key)
            control.edited.connect(
                lambda value, side=side, field=field: self._tell_stages(side, field, value)
            )

    def _tell_stages(self, side: Side, field: StageField, value: Value) -> None:
        self.stages_edited.emit(side, field.put(self._states[side].base, value))

    def _tell_output(self, side: Side) -> None:
        switches = OutputSwitches(self._softmax[side].value, self._background[side].value)
        self.output_edited.emit(side, switches)

    def _show_field(self, side: Side, field: StageField, state: SideState) -> None:
        control = self._controls[side, field.key]
        control.show_value(field.get(state.stages), field.options(state.stages))
        switched = field.stage == "orient" and state.stages.orient != state.base.orient
        control.setEnabled(field.used(state.stages) and not switched)
        if switched:
            control.setToolTip("Set by the switch 'Apply EXIF orientation' under the picture")

    def _show_rows(self) -> None:
        if len(self._states) < 2:
            return
        differing = self.differing
        stages = [self._states[side].stages for side in Side]
        for field in STAGE_FIELDS:
            used = any(field.used(side) for side in stages)
            label = self._labels[field.key]
            label.setVisible(used)
            for side in Side:
                self._controls[side, field.key].setVisible(used)
            different = field.key in differing
            label.setText(f"≠ {field.title}" if different else field.title)
            label.setAccessibleDescription("differs between the sides" if different else "")
            weight = "bold" if different else "normal"
            colour = self._palette.text if different else self._palette.muted
            look = f"font-weight: {weight}; color: {colour};"
            if look != label.styleSheet():  # setting it takes long even where nothing changes
                label.setStyleSheet(look)
