"""What a model's output row is: logits, probabilities or features; with a background or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inspector.core.output_reading import looks_like_sigmoid, looks_probable, resolution
from inspector.core.pairs import OutputKind
from inspector.core.proposing import KNOWN, ConventionProposal, known
from inspector.core.proposing_range import Agreement
from inspector.core.scores import SMALLEST

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEATURE_WIDTHS = frozenset({512, 768, 960, 1024, 1056, 1280, 1408, 1536, 1664, 1792, 1920, 2048})
"""Widths of the features that common networks give after pooling."""

IMAGENET = 1000
"""Classes of ImageNet; with a background class before them, 1001."""

_LOOSE_SUM = 0.1
"""Where quantisation may shift a sum by more, the sum tells less."""

_SIGMOID_LEAST = 1e-7
"""How near a sigmoid's float32 numbers can be told from 1."""

_SAME_PROBABILITY = 1e-4
_SAME_CORRELATION = 0.9999


def output_proposal(
    rows: NDArray[np.float64], step: float = 0.0, *, softmax: bool = False, sigmoid: bool = False
) -> ConventionProposal[OutputKind]:
    """Propose what the rows, float64 (rows, n), hold.

    Parameters
    ----------
    step
        Distance of two neighbouring numbers of a quantised output; 0 for others.
    softmax, sigmoid
        Whether the model is known to end in a softmax, or in a sigmoid of each number.
    """
    width = rows.shape[-1]
    least, most = float(rows.min()), float(rows.max())
    if looks_probable(rows, step):
        return _probabilities(rows, step, softmax)
    sums = f"Its rows sum to {rows[0].sum():.4g} and hold numbers from {least:.4g} to {most:.4g}"
    if sigmoid or (looks_like_sigmoid(rows) and width not in FEATURE_WIDTHS):
        return _sigmoid(sums, known=sigmoid)
    if least >= 0.0 and most > 0.0 and width != IMAGENET and width != IMAGENET + 1:
        return _never_negative(width, most, sums)
    if width in FEATURE_WIDTHS:
        return ConventionProposal(
            OutputKind.FEATURES,
            0.6,
            (f"{sums}; {width} is the width of a common network's features.",),
            (("logits", 0.4),),
        )
    return ConventionProposal(OutputKind.LOGITS, 0.95, (f"{sums}: class scores before a softmax.",))


def _probabilities(
    rows: NDArray[np.float64], step: float, softmax: bool
) -> ConventionProposal[OutputKind]:
    sums = rows.sum(axis=-1)
    least, most = float(sums.min()), float(sums.max())
    said = f"All {len(rows)} rows sum to 1 and hold no negative number."
    if most - least > 1e-3 or abs(most - 1.0) > 1e-3:
        why = f"its numbers are {step:.3g} apart" if step else "it computes in half precision"
        said = (
            f"All {len(rows)} rows hold no negative number and sum to between {least:.4g} and "
            f"{most:.4g}; {why}, so they are 1 but for rounding."
        )
    if softmax:
        return ConventionProposal(
            OutputKind.PROBABILITIES, KNOWN, ("Its last operation is a softmax.", said)
        )
    is_loose = step * rows.shape[-1] / 2 > _LOOSE_SUM
    return ConventionProposal(OutputKind.PROBABILITIES, 0.9 if is_loose else 0.99, (said,))


def _sigmoid(sums: str, *, known: bool) -> ConventionProposal[OutputKind]:
    """Propose logits, which it would give without its sigmoid; a pair file has no word for it."""
    told = "Its last operation is a sigmoid" if known else "They look like a sigmoid"
    said = (
        f"{sums}.",
        f"{told}: a probability for each class by itself, which a pair file has no word for.",
    )
    said = said[::-1] if known else said
    others = () if known else (("features", 0.3),)
    return ConventionProposal(OutputKind.LOGITS, 0.4, said, others)


def _never_negative(width: int, most: float, sums: str) -> ConventionProposal[OutputKind]:
    if width in FEATURE_WIDTHS:
        said = f"{sums}, none negative; {width} is the width of a common network's features."
        return ConventionProposal(OutputKind.FEATURES, 0.95, (said,), (("logits", 0.05),))
    said = f"{sums}, none negative: as a ReLU leaves features, but the width is no usual one."
    return ConventionProposal(OutputKind.FEATURES, 0.6, (said,), (("logits", 0.4),))


def as_probabilities(rows: NDArray[np.float64], step: float = 0.0) -> NDArray[np.float64]:
    """Give rows as probabilities: as they are, or their softmax."""
    if looks_probable(rows, step):
        return rows
    shifted = np.exp(rows - rows.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True))


def as_logits(rows: NDArray[np.float64], step: float = 0.0) -> NDArray[np.float64]:
    """Give rows as logits: as they are, or the logarithms of probabilities.

    A quantised 0, or one of half precision, stands for anything below half a step.
    """
    if not looks_probable(rows, step):
        return rows
    return np.asarray(np.log(np.maximum(rows, max(SMALLEST, resolution(rows, step) / 2))))


def before_sigmoid(rows: NDArray[np.float64], step: float = 0.0) -> NDArray[np.float64]:
    """Give the numbers that a sigmoid was taken of, as far as it leaves them apart from 0 and 1."""
    least = max(_SIGMOID_LEAST, resolution(rows, step) / 2)
    within = np.clip(rows, least, 1.0 - least)
    return np.asarray(np.log(within) - np.log1p(-within))


def agreement_of(left: NDArray[np.float64], right: NDArray[np.float64]) -> Agreement:
    """Compare two models' rows, float64 (rows, n), on the same pictures.

    Where one has one class more, its first is left out, or its last, whichever agrees better.
    """
    return max(
        (_aligned(a, b) for a, b in _alignments(left, right)),
        key=lambda found: (found.same, found.correlation),
        default=Agreement(0.0, same=False),
    )


def first_is_extra(many: NDArray[np.float64], few: NDArray[np.float64]) -> tuple[float, float]:
    """Give how `many`, with one class more, correlates with `few` without its first or its last."""
    return _aligned(many[:, 1:], few).correlation, _aligned(many[:, :-1], few).correlation


def _alignments(
    left: NDArray[np.float64], right: NDArray[np.float64]
) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    more = left.shape[1] - right.shape[1]
    if more == 0:
        return [(left, right)]
    if more == 1:
        return [(left[:, 1:], right), (left[:, :-1], right)]
    if more == -1:
        return [(left, right[:, 1:]), (left, right[:, :-1])]
    return []


def _aligned(a: NDArray[np.float64], b: NDArray[np.float64]) -> Agreement:
    """Correlate what is peculiar to each picture: logits less their mean over classes and rows."""
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return Agreement(0.0, same=False)
    first, second = _peculiar(_logits_of(a)), _peculiar(_logits_of(b))
    strength = float(np.sqrt((first**2).sum() * (second**2).sum()))
    correlation = float((first * second).sum()) / strength if strength > 1e-9 else 0.0
    gap = float(np.abs(_shared(a) - _shared(b)).max())
    same = gap <= _SAME_PROBABILITY and correlation >= _SAME_CORRELATION
    return Agreement(correlation, same)


def _logits_of(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    probable = bool(rows.min() >= 0.0 and rows.sum(axis=-1).max() < 1.0 + 1e-3)
    return np.log(np.maximum(rows, SMALLEST)) if probable else rows


def _peculiar(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    centred = logits - logits.mean(axis=-1, keepdims=True)
    return np.asarray(centred - centred.mean(axis=0, keepdims=True))


def _shared(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return as_probabilities(_logits_of(rows))


def background_proposal(
    rows: NDArray[np.float64], kind: OutputKind, other: NDArray[np.float64] | None
) -> ConventionProposal[bool]:
    """Propose whether index 0 is a background class.

    Parameters
    ----------
    rows
        Of this model, float64 (rows, n).
    kind
        What they hold.
    other
        Rows of the other model on the same pictures, or None.
    """
    width = rows.shape[1]
    if kind is OutputKind.FEATURES:
        return known(False, "Features have no classes.")
    if other is not None and abs(width - other.shape[1]) == 1:
        return _by_the_other(rows, other)
    if width == IMAGENET + 1:
        wins = int((rows.argmax(axis=1) == 0).sum())
        said = "1001 outputs are the 1000 classes of ImageNet after a background class."
        seen = f"Index 0 wins on {wins} of {len(rows)} trials" + (
            ", as a background class hardly ever does." if wins == 0 else "."
        )
        return ConventionProposal(True, 0.97 if wins == 0 else 0.85, (said, seen))
    if width == IMAGENET:
        said = "1000 outputs are the classes of ImageNet without a background class."
        return ConventionProposal(False, 0.97, (said,))
    if other is not None and width == other.shape[1]:
        return ConventionProposal(False, 0.9, (f"Both models have {width} outputs.",))
    said = f"{width} outputs, so the classes are its own; a background class is rare among such."
    return ConventionProposal(False, 0.75, (said,))


def _by_the_other(
    rows: NDArray[np.float64], other: NDArray[np.float64]
) -> ConventionProposal[bool]:
    """Judge by the other model, which has one class more or less."""
    has_more = rows.shape[1] > other.shape[1]
    many, few = (rows, other) if has_more else (other, rows)
    without_first, without_last = first_is_extra(many, few)
    whose = "its" if has_more else "the other model's"
    said = (
        f"Without {whose} first class the two models' answers correlate by {without_first:.3f}, "
        f"without {whose} last by {without_last:.3f}."
    )
    clear = without_first > 0.9 and without_first > without_last + 0.05
    if has_more and many.shape[1] == IMAGENET + 1:
        usual = "1001 outputs are the 1000 classes of ImageNet after a background class."
        return ConventionProposal(True, 0.99 if clear else 0.95, (usual, said))
    if rows.shape[1] == IMAGENET:
        usual = "1000 outputs are the classes of ImageNet without a background class."
        return ConventionProposal(False, 0.97, (usual, said) if clear else (usual,))
    if clear:
        return ConventionProposal(has_more, 0.97, (said,))
    likely = without_first >= without_last
    return ConventionProposal(has_more and likely, 0.6, (said,))
