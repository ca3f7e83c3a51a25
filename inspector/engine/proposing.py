"""The experiments that tell a model's conventions: one model at a time, then both together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np

from inspector.core.errors import ReleaseError
from inspector.core.input_range import KNOWN_RANGES, UNIT
from inspector.core.output_reading import no_row_error
from inspector.core.proposing import bare_spec
from inspector.core.proposing_observation import SideObservation, Trial
from inspector.core.proposing_output import as_logits
from inspector.core.proposing_range import clarity_of
from inspector.core.proposing_rules import USUAL_SIZE, likely_ranges, propose_conventions
from inspector.engine.loading import fetch_releases, open_release
from inspector.engine.proposing_graph import look_inside
from inspector.engine.proposing_layers import Last, layers_of
from inspector.engine.proposing_pictures import made_pictures, sample_sources, unit_pictures

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.core.input_range import InputRange
    from inspector.core.picture import PictureSource
    from inspector.core.proposing import PairProposal, ProposeTask
    from inspector.core.quantisation import ModelQuantisation
    from inspector.core.sources import Source
    from inspector.engine.classifier import Classifier
    from inspector.engine.engine import Engine
    from inspector.engine.watcher import Watcher

    Size = tuple[int, int]

TRIED_SIZES = (128, 160, 224, 256)
"""Sizes that a model of any size is tried at."""

_BATCH = 12
_EXTRA_PICTURES = 3
_CROP = 0.06
"""Part of each edge that the cropped view leaves out."""


def propose(task: ProposeTask, watcher: Watcher) -> PairProposal:
    """Find out the conventions of one or two models.

    Raises
    ------
    ReleaseMissingError, ReleaseError
        Where a model is not here, cannot be opened, or gives no row of numbers per picture.
    PictureError
        Where a picture of the user's own cannot be read.
    PairFileError
        Where labels that the user named do not fit.
    """
    pictures = sample_sources(task.pictures)
    sources = task.sources()
    experiments = []
    fetch_releases(task.releases, watcher)
    for place, source in enumerate(sources):
        share = _Share(watcher, place / len(sources), (place + 1) / len(sources))
        share.stage(f"Opening {bare_spec(source).name}", 0.05)
        model, reach = _open(source)
        experiments.append(_Experiment(source, model, pictures, share, reach))
        experiments[-1].observe()
    seen = _exchanged(experiments)
    watcher.stage("Weighing the evidence", 1.0)
    return propose_conventions(task, seen)


def _exchanged(experiments: list[_Experiment]) -> list[SideObservation]:
    """Try every model with red and blue exchanged too, with its likely range."""
    likely = likely_ranges([each.seen for each in experiments])
    return [each.exchange(wanted) for each, wanted in zip(experiments, likely, strict=True)]


def observe(
    source: Source, model: Classifier, pictures: list[PictureSource], watcher: Watcher
) -> SideObservation:
    """Do every experiment on one model that is open already.

    Raises
    ------
    ReleaseError
        Where it gives no row of numbers per picture.
    PictureError
        Where a picture cannot be read.
    """
    experiment = _Experiment(source, model, pictures, _Share(watcher, 0.0, 0.8))
    experiment.observe()
    (seen,) = _exchanged([experiment])
    return seen


def propose_task(engine: Engine, task: ProposeTask, watcher: Watcher) -> PairProposal:
    """Do a ProposeTask of the engine process."""
    return propose(task, watcher)


class _Share:
    """A watcher's part for one of the models."""

    def __init__(self, watcher: Watcher, start: float, end: float) -> None:
        self._watcher = watcher
        self._from, self._to = start, end

    def stage(self, text: str, done: float) -> None:
        self._watcher.stage(text, self._from + (self._to - self._from) * done)


class _Experiment:
    """One model, tried in every way."""

    def __init__(
        self,
        source: Source,
        model: Classifier,
        pictures: list[PictureSource],
        share: _Share,
        reach: tuple[float, float] | None = None,
    ) -> None:
        self._source = source
        self._model = model
        self._pictures = pictures
        self._share = share
        self._reach = reach
        self._name = bare_spec(source).name
        self._step = 0.0
        self._logits_known = False

    @property
    def seen(self) -> SideObservation:
        """What was found out so far."""
        return self._seen

    def observe(self) -> None:
        """Do every experiment that needs no other one's answer."""
        model = self._model
        own = model.size
        self._share.stage(f"Looking at the layers of {self._name}", 0.3)
        sizes = {} if own is not None else self._try_sizes()
        size = own or _clearest(sizes)
        self._inside = inside = look_inside(model, size)
        self._views = _views(self._unit(size))
        self._made = made_pictures(size)
        trials = {}
        for place, wanted in enumerate(KNOWN_RANGES):
            done = 0.4 + 0.5 * place / len(KNOWN_RANGES)
            self._share.stage(f"Trying {self._name} with {wanted.text}", done)
            trials[wanted] = self._trial(wanted)
        layers = layers_of(self._source, inside)
        self._seen = SideObservation(
            source=self._source,
            own_size=own,
            size=size,
            trials=trials,
            front=layers.front,
            family=layers.family,
            may_hide=layers.may_hide,
            inside=inside is not None,
            sizes=sizes,
            golf_ball=len(self._pictures) - _GOLF_BALL_FROM_END,
            whole_numbers=self._reach is None and _rounds(model, size),
            reach=self._reach,
            step=self._step,
            softmax=self._logits_known or layers.last is Last.SOFTMAX,
            sigmoid=layers.last is Last.SIGMOID,
        )

    def exchange(self, wanted: InputRange) -> SideObservation:
        """Try one range with red and blue exchanged; not one that is blue first by itself."""
        if wanted.bgr:
            return self._seen
        self._share.stage(f"Trying {self._name} with red and blue exchanged", 0.95)
        trial = self._trial(wanted, exchanged=True)
        self._seen = replace(self._seen, exchanged={wanted: trial})
        return self._seen

    def _trial(self, wanted: InputRange, *, exchanged: bool = False) -> Trial:
        views, made = self._views, self._made
        if exchanged:
            views, made = views[..., ::-1], made[..., ::-1]
        norms = () if self._inside is None else self._inside.norms(wanted.from_unit(made))
        return Trial(self._rows(views, wanted), norms)

    def _unit(self, size: Size) -> NDArray[np.float32]:
        read = unit_pictures(self._pictures, size)
        return np.concatenate([read, made_pictures(size, _EXTRA_PICTURES, seed=11)])

    def _try_sizes(self) -> dict[int, float]:
        """Measure how clear the answers are at some sizes, each with the range that suits best."""
        found = {}
        for side in TRIED_SIZES:
            self._share.stage(f"Trying {self._name} at {side} px", 0.3)
            try:
                views = _views(self._unit((side, side)))
                rows = [self._rows(views, wanted) for wanted in KNOWN_RANGES[:3]]
            except ReleaseError:
                continue
            found[side] = max(clarity_of(as_logits(each, self._step)) for each in rows)
        return found or {USUAL_SIZE: 0.0}

    def _rows(self, views: NDArray[np.float32], wanted: InputRange) -> NDArray[np.float64]:
        flat = wanted.from_unit(views.reshape(-1, *views.shape[2:]))
        runs = [self._model.run(flat[at : at + _BATCH]) for at in range(0, len(flat), _BATCH)]
        parts = [run.raw for run in runs]
        if any(part.ndim != 2 or part.shape[1] < 2 for part in parts):
            raise no_row_error(self._name, parts[0].shape)
        self._step = runs[0].step
        self._logits_known = runs[0].logits is not None
        rows = np.concatenate(parts).astype(np.float64)
        return rows.reshape(*views.shape[:2], -1)


_GOLF_BALL_FROM_END = 3
"""The shipped samples come last among the pictures, the golf ball first of them."""


def _open(source: Source) -> tuple[Classifier, tuple[float, float] | None]:
    """Open a model; one with a quantised input so that it quantises what it is given."""
    spec = bare_spec(source)
    model = open_release(spec)
    quantised = model.quantisation().input if isinstance(model, IsQuantised) else None
    if quantised is None:
        return model, None
    return open_release(replace(spec, range=UNIT)), quantised.reach


@runtime_checkable
class IsQuantised(Protocol):
    """A loaded release that may be quantised."""

    def quantisation(self) -> ModelQuantisation:
        """Tell how its input is quantised."""


def _rounds(model: Classifier, size: Size) -> bool:
    """Tell whether inputs that differ by less than 1 are the same to a model."""
    noise = made_pictures(size, 1)
    low, high, bright = (model.run(noise * np.float32(by)).raw for by in (0.2, 0.45, 255.0))
    return bool(np.array_equal(low, high)) and not np.array_equal(low, bright)


def _clearest(sizes: dict[int, float]) -> Size:
    side = USUAL_SIZE if USUAL_SIZE in sizes else max(sizes, key=lambda each: sizes[each])
    return (side, side)


def _views(unit: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give pictures as they are, flipped, and cropped a little: float32 (3, n, h, w, 3)."""
    import tensorflow as tf

    height, width = unit.shape[1:3]
    top, left = max(1, round(height * _CROP)), max(1, round(width * _CROP))
    cropped = tf.image.resize(unit[:, top : height - top, left : width - left], (height, width))
    return np.stack([unit, unit[:, :, ::-1], np.asarray(cropped, dtype=np.float32)])
