"""Command: publish a MobileNetV2 checkpoint twice.

``python -m inspector.starter CHECKPOINT.npz --out DIRECTORY [--size 96]``
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.core.errors import InspectorError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inspector.starter.publish import TwinReleases


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments
        Command line without the program's name; `sys.argv` where it is not given.

    Returns
    -------
    int
        0, or the exit code of the error that was shown.
    """
    options = _parser().parse_args(arguments)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        releases = _publish(options)
    except InspectorError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    sys.stdout.write(f"{releases.keras_weights}\n{releases.hub}\n")
    return 0


def _publish(options: argparse.Namespace) -> TwinReleases:
    from inspector.starter.checkpoint import read_checkpoint
    from inspector.starter.publish import publish

    checkpoint = read_checkpoint(
        options.checkpoint, alpha=options.alpha, background=options.background
    )
    return publish(checkpoint, options.out, size=options.size, model_card=options.model_card)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m inspector.starter",
        description="Publish a MobileNetV2 checkpoint as Keras weights and as a SavedModel.",
    )
    parser.add_argument("checkpoint", type=Path, help="an .npz file, one array per weight")
    parser.add_argument("--out", type=Path, required=True, help="folder of the two releases")
    parser.add_argument("--size", type=int, default=96, help="input size in pixels (96)")
    parser.add_argument("--alpha", type=float, help="width multiplier, else from the kernels")
    parser.add_argument(
        "--background",
        action=argparse.BooleanOptionalAction,
        help="class 0 is a background class (by itself: with 1001 classes)",
    )
    parser.add_argument("--model-card", type=Path, help="text to copy to MODEL_CARD.md")
    return parser


if __name__ == "__main__":
    sys.exit(main())
