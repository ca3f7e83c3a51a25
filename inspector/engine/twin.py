"""Publishing a Keras classifier as a SavedModel by Hub's conventions, and proving it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from inspector.core.errors import ExportError, ReleaseError
from inspector.core.files import write_text
from inspector.core.input_range import UNIT
from inspector.core.output_reading import looks_like_sigmoid
from inspector.core.pair_writer import comments_of, pair_text, require_free
from inspector.core.pairs import OutputKind, PairSpec, ReleaseSpec
from inspector.core.proposing import ConventionProposal, ProposeTask, bare_spec, id_of, known
from inspector.core.proposing_notes import with_range
from inspector.core.proposing_output import as_logits
from inspector.core.proposing_rules import propose_conventions
from inspector.core.sources import Source, SourceKind
from inspector.core.twin import Parity, Published
from inspector.engine.batches import run_batch
from inspector.engine.keras_release import KerasClassifier
from inspector.engine.loading import load_release
from inspector.engine.proposing import observe
from inspector.engine.proposing_pictures import made_pictures, sample_sources, unit_pictures
from inspector.engine.twin_module import logits_model, save_twin, twin_call
from inspector.starter.staging import require_writable, staged

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from inspector.core.input_range import InputRange
    from inspector.core.pair_writer import Comments
    from inspector.core.proposing import PairProposal, SideProposal
    from inspector.core.twin import PublishTask
    from inspector.engine.engine import Engine
    from inspector.engine.watcher import Watcher

_KERAS = (SourceKind.KERAS_FILE, SourceKind.KERAS_WEIGHTS, SourceKind.KERAS_APPLICATION)
_MADE = 4


def publish_twin(task: PublishTask, watcher: Watcher) -> Published:
    """Publish a Keras classifier as a Hub-style SavedModel, with a pair file beside it.

    Nothing is written unless the twin, loaded again, computes the same but for float noise.

    Raises
    ------
    ReleaseMissingError, ReleaseError
        Where the model is not here, cannot be opened, is no classifier of one picture, its range is
        not clear, or the twin does not compute the same.
    ExportError
        Where something is there already or cannot be written.
    """
    _require_publishable(task)
    spec = bare_spec(task.source)
    watcher.stage(f"Opening {spec.name}", 0.05)
    model = load_release(spec, watcher)
    if not isinstance(model, KerasClassifier):
        raise _no_keras(task.source)
    asked = ProposeTask(task.source, labels=task.labels)
    seen = observe(task.source, model, sample_sources(), watcher)
    found = propose_conventions(asked, [seen])
    side = found.left
    if seen.sigmoid or _is_like_sigmoid(side, seen.trials[side.range.value].rows):
        raise _ends_in_sigmoid(spec, known=seen.sigmoid)
    wanted = _range_of(task, side)
    size = side.size.value
    unit = np.concatenate([unit_pictures(sample_sources(), size), made_pictures(size, _MADE)])
    before = _own_logits(model, wanted.value.from_unit(unit))
    watcher.stage("Writing the twin", 0.85)
    inner, from_probabilities = logits_model(spec.name, model.model, side.output.value)
    added = task.background and not side.background.value
    call = twin_call(inner, wanted.value, background=added, from_probabilities=from_probabilities)
    settled = side if wanted is side.range else with_range(side, wanted)
    pair = _pair(task, settled, added or side.background.value)
    with staged(task.folder.parent) as stage:
        new = stage / task.folder.name
        save_twin(call, inner, model.size, new)
        watcher.stage("Running model and twin on the same pictures", 0.95)
        parity = _parity(new, unit, before, added, from_probabilities, inner.input_shape[0])
        if not parity.is_noise:
            raise _no_twin(spec, parity, half_precision(inner))
        comments = _comments(found, settled, parity)
        text = pair_text(pair, task.folder.resolve().parent, comments)
        write_text(stage / task.pair_file.name, text)
    return Published(
        task.folder,
        task.pair_file,
        pair,
        wanted,
        parity,
        (*settled.notes, *_notes(task, side, from_probabilities)),
    )


def publish_task(engine: Engine, task: PublishTask, watcher: Watcher) -> Published:
    """Do a PublishTask of the engine process."""
    return publish_twin(task, watcher)


def _require_publishable(task: PublishTask) -> None:
    if task.source.kind not in _KERAS:
        raise _no_keras(task.source)
    if not task.force:
        require_free(task.folder)
        require_free(task.pair_file)
    if task.folder.is_file():
        raise ExportError(f"{task.folder} is a file.", "Name a folder for the SavedModel.")
    if _holds_something_else(task.folder):
        raise ExportError(
            f"{task.folder} is no SavedModel, so it is not replaced.", "Name another folder."
        )
    require_writable(task.folder.parent)


def _holds_something_else(folder: Path) -> bool:
    """Tell whether replacing a folder would throw away what is no SavedModel."""
    try:
        return (
            folder.is_dir() and any(folder.iterdir()) and not (folder / "saved_model.pb").is_file()
        )
    except OSError as error:
        raise ExportError(
            f"{folder} could not be read: {error.strerror}.", "Name another folder."
        ) from error


def _no_keras(source: Source) -> ReleaseError:
    return ReleaseError(
        f"{source} is no Keras model, so no twin of it can be made.",
        "Choose a .keras or .h5 file, weights with their configuration, or a Keras application.",
    )


def _is_like_sigmoid(side: SideProposal, rows: NDArray[np.float64]) -> bool:
    return side.output.value is OutputKind.LOGITS and looks_like_sigmoid(rows)


def _ends_in_sigmoid(spec: ReleaseSpec, *, known: bool) -> ReleaseError:
    """Refuse: a twin's logits are read by a softmax, which gives no probability for each class."""
    told = (
        f"{spec.name} ends in a sigmoid"
        if known
        else f"{spec.name} gives numbers from 0 to 1 that do not sum to 1, as a sigmoid does"
    )
    return ReleaseError(
        f"{told}: a probability for each class by itself. A twin gives logits, which a softmax "
        "turns into probabilities of classes that exclude each other, so it would not mean the "
        "same. Nothing was written.",
        "Where the classes do exclude each other, publish a copy whose last layer has "
        "activation=None.",
    )


def _range_of(task: PublishTask, side: SideProposal) -> ConventionProposal[InputRange]:
    if task.range is not None:
        return known(task.range, "Named by the user.")
    if side.range.is_doubtful:
        raise ReleaseError(
            f"It is not clear which range {side.title} takes: {side.range.value.text} is only "
            f"{side.range.confidence * 100:.0f} % likely.",
            "Name the range that its training used, with --range.",
        )
    return side.range


def _own_logits(model: KerasClassifier, batch: NDArray[np.float32]) -> NDArray[np.float64]:
    outputs = model.run(batch)
    rows = outputs.raw if outputs.logits is None else outputs.logits
    return as_logits(rows.astype(np.float64))


def _parity(
    folder: Path,
    unit: NDArray[np.float32],
    before: NDArray[np.float64],
    added: bool,
    from_probabilities: bool,
    fixed_batch: int | None,
) -> Parity:
    """Load the twin as its users will, and compare."""
    import tensorflow as tf

    twin = tf.saved_model.load(str(folder))

    def run(batch: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        return [np.asarray(twin(tf.constant(batch)))]

    rows = run_batch(run, unit, fixed_batch)[0].astype(np.float64)
    after = rows[:, 1:] if added else rows
    if from_probabilities:  # such logits know no common shift
        before, after = (each - each.max(axis=1, keepdims=True) for each in (before, after))
    gap = float(np.abs(before - after).max())
    return Parity(gap, float(np.abs(before).max()), len(unit))


def half_precision(model: Any) -> str:
    """Give the half-precision type that layers of a Keras model compute in, or nothing."""
    types = {
        layer.compute_dtype for layer in model._flatten_layers() if layer.compute_dtype is not None
    }
    return next((name for name in ("float16", "bfloat16") if name in types), "")


def _no_twin(spec: ReleaseSpec, parity: Parity, half: str) -> ReleaseError:
    if half:
        return ReleaseError(
            f"{spec.name} computes in half precision ({half}): its twin's logits are up to "
            f"{parity.max_logit_gap:.3g} away, of {parity.reach:.3g}, so it cannot be proved that "
            "it computes the same. Nothing was written.",
            "Publish a float32 copy: build the model after "
            "keras.config.set_dtype_policy('float32'), give it the weights with "
            "copy.set_weights(model.get_weights()), and save it.",
        )
    return ReleaseError(
        f"The twin of {spec.name} does not compute the same: its logits are up to "
        f"{parity.max_logit_gap:.3g} away, more than rounding makes ({parity.tolerance:.1g}). "
        "Nothing was written.",
        "The model may be random in inference, or keep a state between runs.",
    )


def _pair(task: PublishTask, side: SideProposal, background: bool) -> PairSpec:
    twin = ReleaseSpec(
        source=Source(SourceKind.HUB, str(task.folder.resolve())),
        mode="hub",
        range=UNIT,
        output=OutputKind.LOGITS,
        background=background,
        title=f"{task.folder.name} (twin)",
        size=None if side.fixes_size else side.size.value,
    )
    return PairSpec(
        id=id_of(side.title, task.folder.name),
        title=f"{side.title} and its twin",
        labels=side.labels.value,
        left=side.to_spec(),
        right=twin,
    )


def _comments(found: PairProposal, side: SideProposal, parity: Parity) -> Comments:
    said = (f"When the twin was made: {parity.text}",)
    proposed = comments_of(replace(found, left=side, right=None))
    return replace(proposed, head=said)


def _notes(task: PublishTask, side: SideProposal, from_probabilities: bool) -> list[str]:
    notes = []
    if task.range is not None and task.range != side.range.value:
        notes.append(
            f"The experiments would have said {side.range.value.text} "
            f"({side.range.confidence * 100:.0f} % likely), not {task.range.text}."
        )
    if from_probabilities:
        notes.append(
            "Its softmax could not be taken off, so the twin's logits are logarithms of "
            "probabilities; their softmax is the same."
        )
    if task.background and side.background.value:
        notes.append("It has a background class already, so none was added.")
    return notes
