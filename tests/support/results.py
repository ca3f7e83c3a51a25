"""Made-up results for tests of views, figures and reports: no TensorFlow, no files."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from inspector.core.comparison import compare
from inspector.core.facts import Facts, PairCheck
from inspector.core.findings import find_causes
from inspector.core.input_range import SYMMETRIC, UNIT
from inspector.core.labels import imagenet_labels
from inspector.core.modes import resolve_mode
from inspector.core.pairs import OutputKind, PairSpec, ReleaseSpec
from inspector.core.picture import PictureInfo
from inspector.core.result import Result, SideResult, SideSettings
from inspector.core.scores import OutputSwitches, interpret, softmax
from inspector.core.sources import Source, SourceKind
from inspector.core.verdict import judge

LEFT = ReleaseSpec(
    Source(SourceKind.KERAS_FILE, "/models/keras.keras"),
    "keras",
    SYMMETRIC,
    OutputKind.PROBABILITIES,
    background=False,
    title="keras.applications MobileNetV2",
)
RIGHT = ReleaseSpec(
    Source(SourceKind.HUB, "/models/hub"),
    "hub",
    UNIT,
    OutputKind.LOGITS,
    background=True,
    title="TF Hub mobilenet_v2/classification/4",
)
PAIR = PairSpec("made_up", "Made-up pair, 32 px", "imagenet", LEFT, RIGHT)
CHECK = PairCheck(noise_floor=3e-7, model_gap=8e-7, logit_gap=4e-6)


def make_result(
    *,
    seed: int = 0,
    noise: float = 0.3,
    pair: PairSpec = PAIR,
    left_output: OutputSwitches | None = None,
    right_output: OutputSwitches | None = None,
    picture: PictureInfo | None = None,
) -> Result:
    """Make a result whose first class is 574 (golf ball) on both sides.

    Parameters
    ----------
    seed
        Of the random logits.
    noise
        Standard deviation of the right logits about the left ones; 0 gives float noise only.
    """
    random = np.random.default_rng(seed)
    logits = random.normal(0, 2, 1000)
    logits[574] = 11.0
    logits[[518, 722, 805, 852]] = (9.2, 9.0, 8.6, 8.59)
    other = logits + random.normal(0, noise, 1000) if noise else logits
    left_raw = softmax(logits).astype(np.float32)
    right_raw = np.concatenate([[2.0], other]).astype(np.float32)
    y, x = np.mgrid[0:32, 0:32] / 31.0
    unit = np.stack([x, y, 1 - x], axis=-1).astype(np.float32)
    left = _side(pair.left, pair.right, unit * 2 - 1, left_raw, left_output)
    shifted = np.clip(unit + (0.02 if noise else 0.0), 0, 1).astype(np.float32)
    right = _side(pair.right, pair.left, shifted, right_raw, right_output)
    left = replace(
        left,
        scores=interpret(
            left_raw,
            pair.left.output,
            pair.left.background,
            left.settings.output,
            logits.astype(np.float32),
        ),
    )
    info = picture or PictureInfo(
        "golf_ball.jpg", "/photos/golf_ball.jpg", "ab" * 32, "JPEG", 640, 480, "RGB", 1, 1, False
    )
    labels = imagenet_labels()
    comparison = compare(left.scores, right.scores, CHECK.noise_floor)
    facts = Facts(info, left, right, comparison, CHECK, labels)
    rows, columns = np.mgrid[0:480, 0:640]
    preview = np.stack([columns * 255 // 639, rows * 255 // 479, rows * 0 + 90], axis=-1)
    return Result(
        picture=info,
        preview=preview.astype(np.uint8),
        pair=pair,
        labels=labels,
        left=left,
        right=right,
        comparison=comparison,
        verdict=judge(facts),
        findings=find_causes(facts),
        timings_ms={
            "decode": 9.0,
            "preprocess": 3.0,
            "left": 14.0,
            "right": 12.0,
            "load": 0.0,
            "total": 38.0,
        },
        versions={"python": "3.11.7", "tensorflow": "2.21.0", "twin-inspector": "0.1.0"},
    )


def _side(
    release: ReleaseSpec,
    other: ReleaseSpec,
    model_input: np.ndarray,
    raw: np.ndarray,
    output: OutputSwitches | None,
) -> SideResult:
    switches = output or OutputSwitches()
    settings = SideSettings(release.mode, resolve_mode("own", release, other), switches)
    return SideResult(
        release=release,
        settings=settings,
        model_input=model_input.astype(np.float32),
        raw=raw,
        scores=interpret(raw, release.output, release.background, switches),
        milliseconds={"preprocess": 1.5, "run": 14.0},
    )
