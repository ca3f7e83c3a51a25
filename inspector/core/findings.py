"""Findings: one cause each, with evidence and the mend.

To add a finding, write a function that takes :class:`inspector.core.facts.Facts` and yields its
findings, and name it in `RULES`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.output_reading import looks_like_sigmoid
from inspector.core.pairs import OutputKind
from inspector.core.preprocessing import Alpha, ChannelOrder, Decoder, Orientation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from inspector.core.facts import Facts


class Level(IntEnum):
    """How much a finding matters."""

    NOTE = 0
    WARNING = 1
    ERROR = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause.

    Attributes
    ----------
    code
        Stable name for scripts.
    title
        A few words.
    evidence
        The numbers that prove it, one sentence.
    mend
        What to change, one sentence.
    level
        How much it matters.
    side
        ``left`` or ``right`` where it is about one side, else empty.
    """

    code: str
    title: str
    evidence: str
    mend: str
    level: Level
    side: str = ""


def non_finite(facts: Facts) -> Iterator[Finding]:
    """Find outputs that are NaN or infinite."""
    for name, side in facts.sides:
        bad = int(np.count_nonzero(~np.isfinite(side.raw)))
        if bad:
            yield Finding(
                "non_finite",
                f"The {name} side gives numbers that are not finite",
                f"{bad} of {side.raw.size} outputs are NaN or infinite.",
                "Check the weights file; a damaged one loads without an error.",
                Level.ERROR,
                side=name,
            )


def constant_output(facts: Facts) -> Iterator[Finding]:
    """Find outputs that are all the same number."""
    for name, side in facts.sides:
        if np.isfinite(side.raw).all() and np.ptp(side.raw) == 0:
            yield Finding(
                "constant_output",
                f"The {name} side gives the same number for every class",
                f"All {side.raw.size} outputs are {side.raw[0]:.6g}.",
                "Check that the weights were loaded.",
                Level.ERROR,
                side=name,
            )


def logits_as_probabilities(facts: Facts) -> Iterator[Finding]:
    """Find logits read as probabilities."""
    for name, side in facts.sides:
        if side.release.output is OutputKind.LOGITS and not side.scores.applied_softmax:
            negative = int(np.count_nonzero(side.raw < 0))
            yield Finding(
                "logits_as_probabilities",
                f"The {name} side's logits are read as probabilities",
                f"Its row sums to {side.scores.row_sum:.4g} and {negative} of its "
                f"{side.raw.size} numbers are negative.",
                "Apply tf.nn.softmax to the output before comparing.",
                Level.ERROR,
                side=name,
            )


def softmax_twice(facts: Facts) -> Iterator[Finding]:
    """Find a softmax on probabilities."""
    for name, side in facts.sides:
        if side.release.output is OutputKind.PROBABILITIES and side.scores.applied_softmax:
            yield Finding(
                "softmax_twice",
                f"The {name} side has a softmax on probabilities",
                f"The row sums to {side.scores.row_sum:.4g} before the second softmax, and its "
                f"largest value is {side.scores.probabilities.max():.4g} after it.",
                "Leave the softmax away: the model ends in one.",
                Level.ERROR,
                side=name,
            )


def sigmoid_output(facts: Facts) -> Iterator[Finding]:
    """Find a row declared as logits that looks like a sigmoid of each class."""
    for name, side in facts.sides:
        if side.release.output is OutputKind.LOGITS and looks_like_sigmoid(side.raw):
            if np.ptp(side.raw) == 0:
                continue
            yield Finding(
                "sigmoid_output",
                f"The {name} side's output looks like a sigmoid for each class",
                f"All {side.raw.size} numbers lie between {side.raw.min():.4g} and "
                f"{side.raw.max():.4g} and sum to {side.raw.sum():.4g}; a softmax spreads such "
                "numbers almost evenly over the classes.",
                "Save the model without its sigmoid (activation=None in its last layer): a "
                "comparison reads a row by a softmax.",
                Level.ERROR,
                side=name,
            )


def background_class(facts: Facts) -> Iterator[Finding]:
    """Find a background class that was not taken away."""
    for name, side in facts.sides:
        if side.release.background and not side.scores.dropped_background:
            yield Finding(
                "background_class",
                f"The {name} side keeps its background class",
                f"Its row has {side.raw.size} numbers, and index 0 is the background, so class i "
                "stands at i + 1.",
                "Compare output[:, 1:], renormalised by 1 - output[:, :1] after the softmax.",
                Level.ERROR,
                side=name,
            )


def input_range(facts: Facts) -> Iterator[Finding]:
    """Find a scaling that does not make the range that the release declares."""
    for name, side in facts.sides:
        expected = side.release.range
        made = side.settings.preprocessing.output_range
        if made.is_close(expected):
            continue
        seen = f"{side.model_input.min():.4g} to {side.model_input.max():.4g}"
        yield Finding(
            "input_range",
            f"The {name} model is given the wrong input range",
            f"Its input spans {seen}; its scaling makes {made.words} of levels 0 to 255, and the "
            f"release expects {expected.words}.",
            f"Scale the pixels {expected.recipe}.",
            Level.ERROR,
            side=name,
        )


def channel_order(facts: Facts) -> Iterator[Finding]:
    """Find red and blue exchanged."""
    for name, side in facts.sides:
        if side.settings.preprocessing.channel_order is ChannelOrder.BGR:
            yield _exchanged(name, wants_bgr=side.release.range.bgr)


def _exchanged(name: str, wants_bgr: bool) -> Finding:
    given, wanted = ("RGB", "BGR") if wants_bgr else ("BGR", "RGB")
    mend = (
        "Let preprocess_input exchange them (mode='caffe'), and give it RGB."
        if wants_bgr
        else "Keep RGB (OpenCV's imread gives BGR: use image[..., ::-1])."
    )
    return Finding(
        "channel_order",
        f"The {name} model is given {given}",
        f"Its channels were exchanged after the scaling; the release was trained on {wanted}.",
        mend,
        Level.ERROR,
        side=name,
    )


def exif(facts: Facts) -> Iterator[Finding]:
    """Find an EXIF orientation that the preprocessing ignores."""
    if facts.picture.exif_orientation == 1:
        return
    ignoring = [
        name
        for name, side in facts.sides
        if side.settings.preprocessing.orient is Orientation.AS_STORED
    ]
    if not ignoring:
        return
    yield Finding(
        "exif",
        "The picture is stored turned, and the models see it so",
        f"Its EXIF orientation is {facts.picture.exif_orientation}, which "
        f"{' and '.join(ignoring)} ignore{'s' if len(ignoring) == 1 else ''}, as Keras, "
        "TensorFlow and plain Pillow do.",
        "Apply PIL.ImageOps.exif_transpose first, or switch on 'Apply EXIF orientation'.",
        Level.NOTE if len(ignoring) == 2 else Level.WARNING,
    )


def alpha(facts: Facts) -> Iterator[Finding]:
    """Find transparency that is dropped."""
    if not facts.picture.has_alpha:
        return
    dropping = [
        name for name, side in facts.sides if side.settings.preprocessing.decode.alpha is Alpha.DROP
    ]
    if not dropping:
        return
    yield Finding(
        "alpha",
        "The picture has transparency, which is dropped",
        f"On the {' and the '.join(dropping)} side the colours hidden under transparent pixels "
        "reach the model, as with Pillow, Keras and TensorFlow.",
        "Composite the picture on a colour of your choice before the model sees it.",
        Level.NOTE,
    )


def bit_depth(facts: Facts) -> Iterator[Finding]:
    """Find a 16-bit grey picture that Pillow clips to white."""
    if not facts.picture.mode.startswith("I"):
        return
    for name, side in facts.sides:
        if side.settings.preprocessing.decode.decoder is Decoder.PILLOW:
            yield Finding(
                "bit_depth",
                f"The {name} side clips a 16-bit grey picture",
                f"Pillow's mode is {facts.picture.mode}, and convert('RGB') turns every level "
                "above 255 into white.",
                "Divide the levels by 257 before the conversion, or decode with TensorFlow.",
                Level.WARNING,
                side=name,
            )


RULES: tuple[Callable[[Facts], Iterable[Finding]], ...] = (
    non_finite,
    constant_output,
    logits_as_probabilities,
    softmax_twice,
    sigmoid_output,
    background_class,
    input_range,
    channel_order,
    exif,
    alpha,
    bit_depth,
)
"""Every rule, asked in this order."""


def find_causes(facts: Facts) -> tuple[Finding, ...]:
    """Ask every rule; the gravest findings come first, equals in the order of `RULES`."""
    found = [finding for rule in RULES for finding in rule(facts)]
    return tuple(sorted(found, key=lambda finding: -finding.level))
