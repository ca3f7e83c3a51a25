"""Stages of the preprocessing that cause a part of the difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.causes.attribution import percent_text
from inspector.core.causes.canonical import PIXEL_STAGES
from inspector.core.findings import Finding, Level, bit_depth
from inspector.core.wording import describe_stage, levels_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inspector.core.causes.attribution import Share
    from inspector.core.causes.reasons import Reasons

CODES = {
    "decode": "decoder",
    "orient": "exif",
    "crop": "crop",
    "resize": "resize",
    "augment": "augmentation",
}
"""Code of the finding for each stage that makes pixels."""

_TITLES = {
    "decode": "The two sides decode the file differently",
    "orient": "Only one side turns the picture as its EXIF orientation says",
    "crop": "The two sides crop differently",
    "resize": "The two sides resize differently",
    "augment": "A random training-time change is on",
}
_MENDS = {
    "decode": "Decode once and give both models the same pixels.",
    "orient": "Apply PIL.ImageOps.exif_transpose on both sides, or on neither.",
    "crop": "Use the same crop on both sides.",
    "resize": "Use one resize on both sides; best an antialiased one, such as "
    "tf.image.resize(…, antialias=True).",
    "augment": "Switch it off for inference.",
}

GRAVE_SHARE = 0.2
"""A stage with at least this part of the difference is a warning, others are notes."""


FALLBACK = "so Pillow's pixels are used instead"
"""How the note of a picture ends that the published decoder cannot read."""


def stage_causes(reasons: Reasons) -> Iterator[Finding]:
    """Give a finding for each pixel stage that causes more than float noise, the largest first."""
    shares = [
        share
        for share in reasons.attribution.shares
        if share.stage in PIXEL_STAGES and share.value > reasons.tolerance
    ]
    if any(True for _ in bit_depth(reasons.facts)):
        shares = [share for share in shares if share.stage != "decode"]  # said better there
    for share in sorted(shares, key=lambda share: -share.value):
        yield _finding(reasons, share)


def _finding(reasons: Reasons, share: Share) -> Finding:
    stages = [
        describe_stage(share.stage, getattr(side.settings.preprocessing, share.stage))
        for _, side in reasons.facts.sides
    ]
    gap = reasons.stage_gaps.get(share.stage)
    levels = (
        f" Exchanging it alone moves the model input by {levels_text(gap.mean)} on average, "
        f"{gap.largest:.0f} at most."
        if gap
        else ""
    )
    return Finding(
        CODES[share.stage],
        _TITLES[share.stage],
        f"Left: {stages[0]}; right: {stages[1]}. It causes {share.value:.3g} of the "
        f"{reasons.distance_name} of {reasons.attribution.total:.3g} "
        f"({percent_text(share.share)}).{levels}",
        _mend(reasons, share.stage),
        Level.WARNING if share.share >= GRAVE_SHARE else Level.NOTE,
    )


def _mend(reasons: Reasons, stage: str) -> str:
    if stage == "decode" and reasons.facts.picture.format == "JPEG":
        return (
            "Decode once and give both models the same pixels, or use "
            "dct_method='INTEGER_ACCURATE', which gives Pillow's pixels."
        )
    return _MENDS[stage]


def input_size(reasons: Reasons) -> Iterator[Finding]:
    """Find model inputs of different sizes."""
    left, right = (side.model_input.shape[:2] for _, side in reasons.facts.sides)
    if left != right:
        yield Finding(
            "input_size",
            "The two models take pictures of different sizes",
            f"Left receives {left[0]} × {left[1]} pixels, right {right[0]} × {right[1]}.",
            "Compare releases of one size; a difference here is no fault of the preprocessing.",
            Level.WARNING,
        )


def decoder_fallback(reasons: Reasons) -> Iterator[Finding]:
    """Find a decoder that could not read the format, so that Pillow stood in.

    A side's other notes, such as what a TFLite release says of its input, are no causes.
    """
    for name, side in reasons.facts.sides:
        for note in (note for note in side.notes if FALLBACK in note):
            yield Finding(
                "decoder",
                f"Pillow decoded for the {name} side",
                note,
                "Convert the picture to JPEG or PNG where the published decoder shall be used.",
                Level.NOTE,
            )
