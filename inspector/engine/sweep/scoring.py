"""Raw rows of both models → rows of the run file, by the comparison's own functions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.comparison import compare
from inspector.core.scores import interpret
from inspector.sweep.rows import Measures, SideRow, SweepRow

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.core.comparison import Comparison
    from inspector.core.pairs import ReleaseSpec
    from inspector.core.result import SideSettings
    from inspector.core.scores import Scores
    from inspector.engine.engine import LoadedPair
    from inspector.engine.sweep.prepare import Prepared

TOP = 5
"""Classes of each side that a row keeps."""


class Scorer:
    """Compares both models' rows of a picture as a comparison of that picture alone does."""

    def __init__(self, pair: LoadedPair, left: SideSettings, right: SideSettings) -> None:
        self._left, self._right = pair.spec.left, pair.spec.right
        self._settings = (left, right)
        self._noise_floor = pair.check.noise_floor
        self._tolerance = pair.check.tolerance

    def row(
        self, prepared: Prepared, left: NDArray[np.float32], right: NDArray[np.float32]
    ) -> SweepRow:
        """Give the row of one picture; one of an error where an answer is not finite.

        Parameters
        ----------
        prepared
            The picture.
        left, right
            float32 (n,), the models' rows as the releases give them.
        """
        scores = (
            _scores(self._left, left, self._settings[0]),
            _scores(self._right, right, self._settings[1]),
        )
        broken = [
            spec.name
            for spec, side in zip((self._left, self._right), scores, strict=True)
            if not np.isfinite(side.probabilities).all()
        ]
        if broken:
            return error_row(_without_answer(prepared, broken))
        comparison = compare(*scores, self._noise_floor)
        truth = prepared.item.truth
        return SweepRow(
            item=prepared.item,
            sha256=prepared.sha256,
            bytes=prepared.bytes,
            width=prepared.width,
            height=prepared.height,
            left=_side(comparison.left, comparison.left_ranks, truth),
            right=_side(comparison.right, comparison.right_ranks, truth),
            measures=measures_of(comparison, self._tolerance),
        )


def error_row(prepared: Prepared) -> SweepRow:
    """Give the row of a picture that could not be prepared."""
    return SweepRow(
        item=prepared.item,
        sha256=prepared.sha256,
        bytes=prepared.bytes,
        width=prepared.width,
        height=prepared.height,
        error=prepared.error,
        mend=prepared.mend,
    )


def _without_answer(prepared: Prepared, broken: list[str]) -> Prepared:
    verb = "gives" if len(broken) == 1 else "give"
    return replace(
        prepared,
        error=f"{' and '.join(broken)} {verb} numbers that are not finite for this picture.",
        mend="Look at the model: it answers NaN or infinity, which names no class.",
    )


def measures_of(comparison: Comparison, tolerance: float) -> Measures:
    """Give what a row keeps of a comparison; `tolerance` is the |Δp| of float noise."""
    left, right = comparison.left_top, comparison.right_top
    gaps = [abs(float(row[left] - row[right])) for row in (comparison.left, comparison.right)]
    return Measures(
        top1_same=comparison.top1_same,
        top5_overlap=comparison.top5_overlap,
        max_abs_difference=comparison.max_abs_difference,
        mean_abs_difference=comparison.mean_abs_difference,
        max_difference_class=comparison.largest,
        kl=comparison.kl,
        js=comparison.js,
        cosine=comparison.cosine,
        spearman=comparison.spearman,
        right_rank_of_left=int(comparison.right_ranks[left]),
        left_rank_of_right=int(comparison.left_ranks[right]),
        near_tie=not comparison.top1_same and max(gaps) <= tolerance,
    )


def _scores(spec: ReleaseSpec, raw: NDArray[np.float32], settings: SideSettings) -> Scores:
    return interpret(raw, spec.output, spec.background, settings.output)


def _side(row: NDArray[np.float64], ranks: NDArray[np.int64], truth: int | None) -> SideRow:
    first = ranks.argsort(kind="stable")[:TOP]
    known = truth is not None and truth < row.size
    return SideRow(
        top=tuple(first.tolist()),
        probabilities=tuple(row[first].tolist()),
        truth_probability=float(row[truth]) if known else None,
        truth_rank=int(ranks[truth]) if known else None,
    )
