"""What the user wants now, and the frozen request that follows from it; no Qt, no TensorFlow."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from inspector.core.modes import OWN, pair_mode_ids, resolve_mode
from inspector.core.pairs import Side
from inspector.core.preprocessing import Orientation
from inspector.core.result import SideSettings
from inspector.core.scores import OutputSwitches
from inspector.engine.messages import CompareRequest

if TYPE_CHECKING:
    from inspector.core.auxiliary import AuxiliaryHead
    from inspector.core.pairs import PairSpec
    from inspector.core.picture import PictureSource
    from inspector.core.preprocessing import Preprocessing
    from inspector.core.training import Training

CUSTOM = "custom"
"""Mode name where stages were set by hand."""

UNDO_DEPTH = 100


@dataclass(frozen=True, slots=True)
class SideChoice:
    """What the user chose for one side.

    Attributes
    ----------
    mode
        Name of a mode, ``own``, or ``custom``.
    custom
        All stages where `mode` is ``custom``, else None.
    output
        Switches against the declared output convention.
    training
        A second run in training mode, or None for inference only.
    auxiliary
        An auxiliary head to attach, or None.
    """

    mode: str = OWN
    custom: Preprocessing | None = None
    output: OutputSwitches = field(default_factory=OutputSwitches)
    training: Training | None = None
    auxiliary: AuxiliaryHead | None = None

    def stages(self, pair: PairSpec, side: Side) -> Preprocessing:
        """Give its stages on one side of a pair, without the EXIF switch."""
        if self.custom is not None:
            return self.custom
        return resolve_mode(self.mode, pair.release(side), pair.release(side.other))


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything about preprocessing, outputs and further runs that can be undone."""

    left: SideChoice = field(default_factory=SideChoice)
    right: SideChoice = field(default_factory=SideChoice)
    apply_exif: bool = False

    def side(self, side: Side) -> SideChoice:
        """Give the choice of one side."""
        return self.left if side is Side.LEFT else self.right

    def with_side(self, side: Side, choice: SideChoice) -> Choices:
        """Give the same choices with one side's replaced."""
        if side is Side.LEFT:
            return replace(self, left=choice)
        return replace(self, right=choice)

    def without_runs(self) -> Choices:
        """Give the same choices without training mode and auxiliary heads."""
        left, right = (replace(self.side(side), training=None, auxiliary=None) for side in Side)
        return replace(self, left=left, right=right)


@dataclass(frozen=True, slots=True)
class Moment:
    """All that is set at one time, with what can be undone and done again."""

    pair: PairSpec
    picture: PictureSource | None
    choices: Choices
    undo: tuple[Choices, ...] = ()
    redo: tuple[Choices, ...] = ()


class Session:
    """Holds pair, picture and choices; makes requests; counts their generations.

    Newest wins: a reply counts only while :meth:`is_current` says so for its generation.
    """

    def __init__(self, pair: PairSpec) -> None:
        self._pair = pair
        self._picture: PictureSource | None = None
        self._choices = Choices()
        self._undo: list[Choices] = []
        self._redo: list[Choices] = []
        self._generation = 0

    @property
    def pair(self) -> PairSpec:
        """The pair in use."""
        return self._pair

    @property
    def picture(self) -> PictureSource | None:
        """The picture in use, or None before the first."""
        return self._picture

    @property
    def choices(self) -> Choices:
        """The preprocessing choices in use."""
        return self._choices

    @property
    def undo_goal(self) -> Choices | None:
        """What `undo` would set, or None where there is nothing to undo."""
        return self._undo[-1] if self._undo else None

    @property
    def redo_goal(self) -> Choices | None:
        """What `redo` would set, or None where there is nothing to do again."""
        return self._redo[-1] if self._redo else None

    @property
    def moment(self) -> Moment:
        """All that is set now."""
        undo, redo = tuple(self._undo), tuple(self._redo)
        return Moment(self._pair, self._picture, self._choices, undo, redo)

    def go_to(self, moment: Moment) -> None:
        """Set again all that was set at a moment, and what could be undone then."""
        self._pair, self._picture, self._choices = moment.pair, moment.picture, moment.choices
        self._undo, self._redo = list(moment.undo), list(moment.redo)

    def set_pair(self, pair: PairSpec) -> None:
        """Use another pair; named modes stay.

        Stages set by hand go back to its own modes. Training mode and auxiliary heads are switched
        off: whether a release has them is a matter of that release.
        """
        self._pair = pair
        self._undo.clear()
        self._redo.clear()
        self._choices = self._choices.without_runs()
        for side in Side:
            if self._choices.side(side).mode == CUSTOM:
                self._choices = self._choices.with_side(side, SideChoice())

    def set_picture(self, picture: PictureSource) -> None:
        """Use another picture."""
        self._picture = picture

    def set_choices(self, choices: Choices) -> None:
        """Change the preprocessing, so that it can be undone."""
        if choices == self._choices:
            return
        self._undo.append(self._choices)
        del self._undo[:-UNDO_DEPTH]
        self._redo.clear()
        self._choices = choices

    def restore_choices(self, choices: Choices) -> None:
        """Take over choices of an earlier run of the program, without an undo step."""
        self._choices = choices

    def set_mode(self, side: Side, mode: str) -> None:
        """Use a named mode on one side."""
        choice = self._choices.side(side)
        self.set_choices(self._choices.with_side(side, replace(choice, mode=mode, custom=None)))

    def set_pair_mode(self, pair_mode: str) -> None:
        """Use a mode of the pair, such as ``identical`` or ``swapped``."""
        modes = (OWN, OWN) if pair_mode == OWN else pair_mode_ids(pair_mode, self._pair)
        left, right = (
            replace(self._choices.side(side), mode=mode, custom=None)
            for side, mode in zip(Side, modes, strict=True)
        )
        self.set_choices(replace(self._choices, left=left, right=right))

    def set_preprocessing(self, side: Side, preprocessing: Preprocessing) -> None:
        """Use stages set by hand on one side."""
        choice = self._choices.side(side)
        self.set_choices(
            self._choices.with_side(side, replace(choice, mode=CUSTOM, custom=preprocessing))
        )

    def set_output(self, side: Side, output: OutputSwitches) -> None:
        """Set one side's output switches."""
        choice = self._choices.side(side)
        self.set_choices(self._choices.with_side(side, replace(choice, output=output)))

    def set_training(self, side: Side, training: Training | None) -> None:
        """Switch one side's run in training mode on or off."""
        choice = self._choices.side(side)
        self.set_choices(self._choices.with_side(side, replace(choice, training=training)))

    def set_auxiliary(self, side: Side, auxiliary: AuxiliaryHead | None) -> None:
        """Attach an auxiliary head to one side, or take it off."""
        choice = self._choices.side(side)
        self.set_choices(self._choices.with_side(side, replace(choice, auxiliary=auxiliary)))

    def set_apply_exif(self, apply: bool) -> None:
        """Apply or ignore the EXIF orientation on both sides."""
        self.set_choices(replace(self._choices, apply_exif=apply))

    def apply_settings(self, left: SideSettings, right: SideSettings) -> None:
        """Take over what both sides shall do, as one change that can be undone.

        A side that does so already keeps its choice; a named mode is kept where it stands for the
        very same stages. Training mode and auxiliary heads stay as they are: they are no part of
        the comparison.
        """
        wanted = {Side.LEFT: left, Side.RIGHT: right}
        turned = all(s.preprocessing.orient is Orientation.EXIF for s in wanted.values())
        choices = replace(self._choices, apply_exif=self._choices.apply_exif and turned)
        for side, settings in wanted.items():
            choices = choices.with_side(side, self._choice_for(side, settings, choices))
        self.set_choices(choices)

    def undo(self) -> None:
        """Take the last change of the preprocessing back."""
        if self._undo:
            self._redo.append(self._choices)
            self._choices = self._undo.pop()

    def redo(self) -> None:
        """Do the last undone change again."""
        if self._redo:
            self._undo.append(self._choices)
            self._choices = self._redo.pop()

    def preprocessing(self, side: Side) -> Preprocessing:
        """Give all stages of one side, with the EXIF switch applied."""
        return self._stages(side, self._choices.side(side), self._choices.apply_exif)

    def settings(self, side: Side) -> SideSettings:
        """Give what one side shall do."""
        choice = self._choices.side(side)
        mode = self._pair.release(side).mode if choice.mode == OWN else choice.mode
        stages = self.preprocessing(side)
        return SideSettings(mode, stages, choice.output, choice.training, choice.auxiliary)

    def request(self) -> CompareRequest | None:
        """Freeze the present wishes into a request of a new generation; None without a picture."""
        if self._picture is None:
            return None
        self._generation += 1
        return CompareRequest(
            generation=self._generation,
            picture=self._picture,
            pair=self._pair,
            left=self.settings(Side.LEFT),
            right=self.settings(Side.RIGHT),
        )

    def renewed(self, request: CompareRequest) -> CompareRequest:
        """Give a request anew, in a generation of its own."""
        self._generation += 1
        return replace(request, generation=self._generation)

    def is_current(self, generation: int) -> bool:
        """Tell whether a reply of this generation is still wanted."""
        return generation == self._generation

    def abandon(self) -> None:
        """Make every reply to the requests so far unwanted."""
        self._generation += 1

    def _stages(self, side: Side, choice: SideChoice, apply_exif: bool) -> Preprocessing:
        stages = choice.stages(self._pair, side)
        return replace(stages, orient=Orientation.EXIF) if apply_exif else stages

    def _choice_for(self, side: Side, settings: SideSettings, choices: Choices) -> SideChoice:
        """Give the choice that stands for some settings, given the EXIF switch."""
        present = choices.side(side)
        known = [present, replace(present, mode=OWN, custom=None)]
        if settings.mode != CUSTOM:
            known.append(replace(present, mode=settings.mode, custom=None))
        for choice in known:
            if self._stages(side, choice, choices.apply_exif) == settings.preprocessing:
                return replace(choice, output=settings.output)
        return replace(present, mode=CUSTOM, custom=settings.preprocessing, output=settings.output)
