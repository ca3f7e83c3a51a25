"""Runs of one picture under many forms through both models, in few batches."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.causes.canonical import (
    PIXEL_STAGES,
    Canonical,
    OutputReading,
    hand_over,
    read_output,
)
from inspector.core.pairs import Side
from inspector.core.preprocessing import Orientation
from inspector.core.scores import OutputSwitches, Scores, interpret
from inspector.engine.checks import input_size
from inspector.engine.decode import orient
from inspector.engine.preprocess import make_input

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from inspector.core.pairs import ReleaseSpec
    from inspector.core.preprocessing import Preprocessing
    from inspector.engine.classifier import Classifier
    from inspector.engine.engine import LoadedPair, Opened

BATCH = 8
"""Largest batch; larger ones are no faster on a processor, and take more memory."""

_InputKey = tuple[Side, Canonical]


class Hybrids:
    """Runs forms on either model; keeps pixels and rows, so that none is made twice."""

    def __init__(self, opened: Opened, pair: LoadedPair) -> None:
        self._opened = opened
        self._models: dict[Side, Classifier] = {Side.LEFT: pair.left, Side.RIGHT: pair.right}
        self._pixels: dict[tuple[tuple[int, int], tuple[object, ...]], NDArray[np.float32]] = {}
        self._scores: dict[_InputKey, Scores] = {}

    def release(self, side: Side) -> ReleaseSpec:
        """Give the release of one side."""
        return self._models[side].spec

    def run(self, wanted: Iterable[tuple[Side, Canonical]]) -> None:
        """Run every form that was not run yet, in batches."""
        wanted = list(wanted)
        for side in Side:
            missing = {
                _input_form(form): None
                for model, form in wanted
                if model is side and (side, _input_form(form)) not in self._scores
            }
            forms = list(missing)
            for start in range(0, len(forms), BATCH):
                self._run_batch(side, forms[start : start + BATCH])

    def scores(self, side: Side, form: Canonical) -> Scores:
        """Give the scores of one form on one model, read as its release declares."""
        key = (side, _input_form(form))
        if key not in self._scores:
            self.run([(side, form)])
        return self._scores[key]

    def row(self, side: Side, form: Canonical) -> NDArray[np.float64]:
        """Give what one form takes for probabilities on one model, float64 (classes,)."""
        return read_output(self.scores(side, form), form)

    def put(self, side: Side, form: Canonical, scores: Scores) -> None:
        """Take over scores that are known already, read as the release declares."""
        self._scores[side, _input_form(form)] = scores

    def run_inputs(self, side: Side, batch: NDArray[np.float32]) -> list[Scores]:
        """Run model inputs, float32 (n, h, w, 3), as they are."""
        model = self._models[side]
        spec = model.spec
        outputs = model.run(batch)
        return [
            interpret(
                outputs.raw[i],
                spec.output,
                spec.background,
                OutputSwitches(),
                None if outputs.logits is None else outputs.logits[i],
            )
            for i in range(len(batch))
        ]

    def model_input(self, side: Side, form: Canonical) -> NDArray[np.float32]:
        """Make the input of one model under one form, float32 (h, w, 3)."""
        model = self._models[side]
        return hand_over(self._make_pixels(form.pixels, input_size(model)), form, model.spec)

    def _run_batch(self, side: Side, forms: list[Canonical]) -> None:
        batch = np.stack([self.model_input(side, form) for form in forms])
        for form, scores in zip(forms, self.run_inputs(side, batch), strict=True):
            self._scores[side, form] = scores

    def _make_pixels(self, stages: Preprocessing, size: tuple[int, int]) -> NDArray[np.float32]:
        key = (size, tuple(getattr(stages, name) for name in PIXEL_STAGES))
        if key not in self._pixels:
            picture, _ = self._opened.decode(stages.decode)
            if stages.orient is Orientation.EXIF:
                picture = orient(picture, self._opened.info.exif_orientation)
            self._pixels[key] = make_input(picture, stages, size)
        return self._pixels[key]


def _input_form(form: Canonical) -> Canonical:
    """Forget how the output is read: the model's run does not depend on it."""
    return replace(form, reading=OutputReading.DECLARED, keeps_background=False)
