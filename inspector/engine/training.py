"""A second run of a side's model in training mode, beside its inference run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol
from weakref import WeakKeyDictionary

import numpy as np

from inspector.core.errors import ReleaseError, first_line
from inspector.core.scores import interpret
from inspector.core.sources import SourceKind
from inspector.core.training import training_effect
from inspector.engine.keras_release import KerasClassifier
from inspector.engine.picture_shape import as_input
from inspector.engine.saved_model_calls import choose_output
from inspector.engine.saved_model_release import SavedModelClassifier
from inspector.engine.saved_model_scan import read_saved_model
from inspector.engine.tf1_module import TRAIN
from inspector.engine.training_batch import make_batch
from inspector.engine.training_graph import CallTraining, ModuleTraining
from inspector.engine.training_keras import KerasTraining

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.core.result import SideSettings
    from inspector.core.scores import Scores
    from inspector.core.training import TrainingEffect
    from inspector.engine.classifier import Classifier
    from inspector.engine.engine import Opened

SAME = 1e-5
"""Up to this share of the largest output, two runs count as equal but for float noise."""

_Key = tuple[object, ...]
_kept: WeakKeyDictionary[Classifier, tuple[_Key, TrainingEffect]] = WeakKeyDictionary()
"""Each model's last effect: a change of the other side, or an explanation, needs it again."""


class _Runner(Protocol):
    """A model in training mode; a run changes nothing of it."""

    @property
    def note(self) -> str:
        """What the user should know; may be empty."""

    @property
    def draws(self) -> bool:
        """Whether it draws random numbers; else every seed gives the same."""

    def run(self, batch: NDArray[np.float32], seed: int) -> NDArray[np.float32]:
        """Give the outputs, float32 (batch, n); the same seed gives the same numbers."""


_runners: WeakKeyDictionary[Classifier, dict[tuple[int, ...], _Runner]] = WeakKeyDictionary()


def run_training(
    opened: Opened,
    settings: SideSettings,
    model: Classifier,
    model_input: NDArray[np.float32],
    inference: Scores,
) -> TrainingEffect | None:
    """Run in training mode where the settings ask for it, else give None.

    Raises
    ------
    ReleaseError
        Where the release was published for inference only.
    PictureError
        Where the folder of the batch cannot be read or has no pictures.
    """
    wanted = settings.training
    if wanted is None:
        return None
    key = (opened.info.sha256, replace(settings, auxiliary=None, mode=""))
    if model in _kept and _kept[model][0] == key:
        return _kept[model][1]
    fixed = _fixed_batch(model)
    batch = make_batch(
        opened, settings.preprocessing, wanted, model, model_input, fixed or wanted.count
    )
    runner = _runner(model, batch.inputs.shape)
    rows = _run(model, runner, batch.inputs, wanted.seed)
    others = _run(model, runner, batch.inputs, wanted.seed + 1) if runner.draws else rows
    spec = model.spec
    notes = (batch.note, runner.note, _fixed_note(fixed, wanted.count))
    effect = training_effect(
        wanted,
        inference,
        interpret(rows[0], spec.output, spec.background, settings.output),
        random=not _same(rows, others),
        note=" ".join(filter(None, notes)),
        pictures=batch.pictures,
    )
    _kept[model] = (key, effect)
    return effect


def _run(
    model: Classifier, runner: _Runner, batch: NDArray[np.float32], seed: int
) -> NDArray[np.float32]:
    import tensorflow as tf

    try:
        return runner.run(batch, seed)
    except (ValueError, TypeError, tf.errors.OpError) as error:
        raise ReleaseError(
            f"{model.spec.name} could not be run in training mode: {first_line(error)}",
            "Choose another batch, or switch training mode off for this side.",
        ) from error


def _same(one: NDArray[np.float32], other: NDArray[np.float32]) -> bool:
    scale = float(np.max(np.abs(one), initial=0.0))
    return bool(np.allclose(one, other, rtol=0.0, atol=SAME * scale, equal_nan=True))


def _fixed_batch(model: Classifier) -> int | None:
    """Give the only batch size that a model takes, or None for any."""
    size: int | None = None
    if isinstance(model, KerasClassifier):
        size = model.model.input_shape[0]
    elif isinstance(model, SavedModelClassifier) and model.published.shape is not None:
        shape = model.published.shape
        size = shape[0] if shape.rank is not None else None
    return size


def _fixed_note(fixed: int | None, count: int) -> str:
    if fixed is None or fixed == count:
        return ""
    return f"The release takes batches of {fixed} only, so that is the size of this one."


def _runner(model: Classifier, shape: tuple[int, ...]) -> _Runner:
    """Give what runs a model in training mode, made once for each shape of a batch."""
    known = _runners.setdefault(model, {})
    if shape not in known:
        known.clear()
        known[shape] = _make_runner(model, shape)
    return known[shape]


def _make_runner(model: Classifier, shape: tuple[int, ...]) -> _Runner:
    if isinstance(model, KerasClassifier):
        return KerasTraining(model.model)
    if isinstance(model, SavedModelClassifier):
        if callable(model.loaded) and not model.published.signature:
            return _called_in_training(model, shape)
        return _train_graph(model)
    raise _inference_only(model, _WHY.get(model.spec.source.kind, _NO_TRAINING_GRAPH))


_NO_TRAINING_GRAPH = "it holds no graph for training"
_WHY = {
    SourceKind.TFLITE: "a TFLite model holds folded constants and no training graph",
    SourceKind.FROZEN_GRAPH: "a frozen graph holds constants and no training graph",
}


def _called_in_training(model: SavedModelClassifier, shape: tuple[int, ...]) -> CallTraining:
    """Call a restored object with ``training=True``, the convention of reusable SavedModels."""
    spec, loaded = model.spec, model.loaded  # not the model: what is kept must not hold its key
    dtype = _taken(loaded)

    def call(batch: Any) -> Any:
        return choose_output(spec, loaded(as_input(batch, dtype), training=True))

    try:
        return CallTraining(call, loaded, shape)
    except (ValueError, TypeError) as error:
        raise _inference_only(model, "its call takes no training=True") from error


def _taken(loaded: Any) -> Any:
    """Give TensorFlow's type of what a restored object is called with."""
    import tensorflow as tf

    for function in getattr(loaded.__call__, "concrete_functions", ()):
        arguments, _ = function.structured_input_signature
        if arguments and isinstance(arguments[0], tf.TensorSpec):
            return arguments[0].dtype
    return tf.float32


def _train_graph(model: SavedModelClassifier) -> ModuleTraining:
    """Take the graph tagged ``train`` beside the one for inference, as Hub's TF1 format has it."""
    folder, name = model.folder, model.published.signature
    metas = () if folder is None else read_saved_model(folder).meta_graphs
    train = [meta for meta in metas if TRAIN in meta.meta_info_def.tags]
    if folder is None or not train:
        raise _inference_only(
            model, "it takes no training argument and has no graph tagged 'train'"
        )
    if name not in train[0].signature_def:
        raise _inference_only(model, f"its graph tagged 'train' has no signature {name!r}")
    signature = train[0].signature_def[name]
    (fed,) = signature.inputs.values()
    outputs = {output: info.name for output, info in signature.outputs.items()}
    return ModuleTraining(folder, train[0], fed, choose_output(model.spec, outputs))


def _inference_only(model: Classifier, why: str) -> ReleaseError:
    return ReleaseError(
        f"{model.spec.name} was published for inference only: {why}.",
        "Switch training mode off for this side.",
    )
