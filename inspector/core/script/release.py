"""Load a release, run it and read its output, as source: one small writer per kind of source."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from inspector.core.pairs import OutputKind
from inspector.core.script.code import Assign, call
from inspector.core.script.load_frozen_graph import frozen_graph
from inspector.core.script.load_keras import keras_application, keras_file, keras_weights
from inspector.core.script.load_saved_model import hub, saved_model
from inspector.core.script.load_tflite import tflite
from inspector.core.sources import SourceKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from inspector.core.pairs import ReleaseSpec
    from inspector.core.scores import OutputSwitches
    from inspector.core.script.row import Statement

_DEFAULT_SIZE = (224, 224)


def release_size(release: ReleaseSpec, known: tuple[int, int] | None = None) -> tuple[int, int]:
    """Give height and width of a release's input.

    Parameters
    ----------
    release
        The release; a size that its entry declares counts first.
    known
        The loaded model's size, where somebody has loaded it.
    """
    length = int(release.source.option("size", "0"))
    return release.size or known or ((length, length) if length else _DEFAULT_SIZE)


def release_lines(release: ReleaseSpec, switches: OutputSwitches, side: str) -> list[str]:
    """Write what loads a release, runs it on ``SIDE_input`` and reads its row into ``SIDE``.

    What follows the model is that of :func:`inspector.core.scores.interpret`.
    """
    *statements, row = _LOADERS[release.source.kind](release, side)
    statements.append(_noted(row, release, switches))
    statements += _probabilities(release, switches, side)
    lines: list[str] = []
    for statement in statements:
        lines += [statement] if isinstance(statement, str) else statement.lines()
    return lines


def _noted(row: Statement, release: ReleaseSpec, switches: OutputSwitches) -> Statement:
    if isinstance(row, str):
        return row
    note = str(release.output)
    if release.output is OutputKind.LOGITS and not applies_softmax(release, switches):
        note = "logits, read as if they were probabilities"
    if release.background and not drops_background(release, switches):
        note += "; index 0 is the background class"
    return replace(row, note=note)


def _probabilities(release: ReleaseSpec, switches: OutputSwitches, side: str) -> list[Assign]:
    """Give what follows the row; a softmax over the shared classes alone is p / (1 - p[0])."""
    drop = drops_background(release, switches)
    row = f"{side}[1:]" if drop else side
    dropped = "without the background class" if drop else ""
    if applies_softmax(release, switches):
        twice = "" if release.output is OutputKind.LOGITS else "on what are probabilities already"
        note = "; ".join(filter(None, (dropped, twice)))
        return [call(side, "tf.nn.softmax", row, after=".numpy()", note=note)]
    if not drop:
        return []
    share = f" / (1.0 - {side}[0])" if release.output is OutputKind.PROBABILITIES else ""
    return [Assign(side, row + share, note=dropped)]


def applies_softmax(release: ReleaseSpec, switches: OutputSwitches) -> bool:
    """Tell whether a softmax is applied to the output; features are left as they are."""
    if release.output is OutputKind.FEATURES:
        return False
    declared = release.output is OutputKind.LOGITS
    return declared if switches.softmax is None else switches.softmax


def drops_background(release: ReleaseSpec, switches: OutputSwitches) -> bool:
    """Tell whether a background class is there and taken away."""
    return release.background and switches.drop_background is not False


_LOADERS: dict[SourceKind, Callable[[ReleaseSpec, str], list[Statement]]] = {
    SourceKind.KERAS_APPLICATION: keras_application,
    SourceKind.KERAS_FILE: keras_file,
    SourceKind.KERAS_WEIGHTS: keras_weights,
    SourceKind.HUB: hub,
    SourceKind.SAVED_MODEL: saved_model,
    SourceKind.FROZEN_GRAPH: frozen_graph,
    SourceKind.TFLITE: tflite,
}
