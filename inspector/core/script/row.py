"""What every loader of a script shares: the batch of one picture, and the row that is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.input_range import LEVELS
from inspector.core.pairs import OutputKind
from inspector.core.script.code import Assign, call

if TYPE_CHECKING:
    from inspector.core.pairs import ReleaseSpec

Statement = Assign | str


def row(release: ReleaseSpec, side: str, output: str) -> Assign:
    """Write ``SIDE = np.asarray(output[0], np.float64)``; features of shape (1, 1, n) made flat."""
    flat = ".ravel()" if release.output is OutputKind.FEATURES else ""
    return call(side, "np.asarray", f"{output}[0]", "np.float64", after=flat)


def may_take_whole_numbers(release: ReleaseSpec) -> bool:
    """Tell whether a model may take whole numbers: only levels are given to such a one."""
    return release.range == LEVELS


def whole_batch(condition: str, dtype: str) -> list[str]:
    """Write the rounding of ``batch`` for a model that turns out to take whole numbers."""
    return [f"if {condition}:", f"    batch = tf.saturate_cast(tf.round(batch), {dtype})"]
