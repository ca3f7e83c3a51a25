"""Which labels belong to a model's classes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from inspector.core.errors import PairFileError
from inspector.core.labels import MODEL_SUFFIX, imagenet_labels, load_labels
from inspector.core.pairs import OutputKind
from inspector.core.proposing import ConventionProposal, known
from inspector.core.proposing_output import IMAGENET
from inspector.core.sources import SourceKind, is_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inspector.core.sources import Source

GOLF_BALL = 574
"""Number of the class golf ball among ImageNet's 1000, from 0."""

_NAMES = ("labels.txt", "classes.txt", "class_names.txt", "label.txt", "labelmap.txt")
_MOST_BYTES = 4_000_000


def labels_proposal(
    source: Source, classes: int, kind: OutputKind, golf_ball: int | None
) -> ConventionProposal[str]:
    """Propose ``imagenet``, ``indices``, or a path: a text file beside the model, or the model.

    Parameters
    ----------
    source
        Where the model lies.
    classes
        How many it has, without a background class.
    kind
        What its rows hold.
    golf_ball
        The class that it names for the sample of a golf ball, from 0, or None.
    """
    if kind is OutputKind.FEATURES:
        return known("indices", "Features have no labels.")
    beside = next((path for path in _beside(source) if _fits(path, classes)), None)
    if beside is not None and beside == Path(source.target):
        said = f"{classes} labels are packed into the model."
        return ConventionProposal(str(beside), 0.97, (said,), (("indices", 0.03),))
    if beside is not None:
        said = f"{beside.name} lies beside the model and has {classes} labels."
        return ConventionProposal(str(beside), 0.92, (said,), (("indices", 0.08),))
    if classes != IMAGENET:
        said = f"There are {classes} classes, and no text file with as many lines lies beside it."
        return ConventionProposal("indices", 0.9, (said,))
    said = "1000 classes are those of ImageNet in nearly every published model."
    name = imagenet_labels().name(GOLF_BALL)
    if golf_ball == GOLF_BALL:
        seen = f"It calls the sample of a {name} class {GOLF_BALL}, which is ImageNet's {name}."
        return ConventionProposal("imagenet", 0.99, (seen, said))
    seen = f"It does not call the sample of a {name} class {GOLF_BALL}, ImageNet's {name}."
    return ConventionProposal("imagenet", 0.7, (said, seen), (("indices", 0.3),))


def wished_labels(wish: str, classes: int) -> ConventionProposal[str]:
    """Take the labels that the user named.

    Raises
    ------
    PairFileError
        Where a file cannot be read or has not one line for each class.
    """
    if wish != "indices":
        load_labels(wish, classes)
    return known(wish, "Named by the user.")


def _beside(source: Source) -> Iterator[Path]:
    """Yield the files that may hold the labels of a model, the likeliest first."""
    if source.kind is SourceKind.KERAS_APPLICATION or is_url(source.target):
        return
    place = Path(source.target)
    if source.kind is SourceKind.TFLITE:
        yield place
    folders = [place, place / "assets", place.parent] if place.is_dir() else [place.parent]
    named = (place.with_suffix(".txt"), place.with_name(f"{place.stem}_labels.txt"))
    yield from (path for path in named if path.is_file())
    for folder in folders:
        yield from (folder / name for name in _NAMES if (folder / name).is_file())


def _fits(path: Path, classes: int) -> bool:
    """Tell whether a file has a label for each class; not where it is far too large for labels."""
    try:
        too_large = path.suffix.lower() != MODEL_SUFFIX and path.stat().st_size > _MOST_BYTES
    except OSError:
        return False
    return not too_large and labels_match(str(path), classes)


def labels_match(labels: str, classes: int) -> bool:
    """Tell whether labels can be loaded for so many classes."""
    try:
        load_labels(labels, classes)
    except PairFileError:
        return False
    return True
