"""A run's rows as flat records, the same for CSV and Parquet."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from inspector.core.labels import Labels

if TYPE_CHECKING:
    from inspector.sweep.rows import RunInfo, SideRow, SweepRow

_SIDE: dict[str, str] = {
    "class": "int",
    "label": "text",
    "wordnet_id": "text",
    "probability": "float",
    "margin": "float",
    "truth_probability": "float",
    "truth_rank": "int",
    "top": "ints",
    "top_probabilities": "floats",
}
_MEASURES: dict[str, str] = {
    "top1_same": "flag",
    "near_tie": "flag",
    "top5_overlap": "int",
    "max_abs_difference": "float",
    "mean_abs_difference": "float",
    "max_difference_class": "int",
    "kl": "float",
    "js": "float",
    "cosine": "float",
    "spearman": "float",
    "right_rank_of_left": "int",
    "left_rank_of_right": "int",
}
FIELDS: dict[str, str] = {
    "number": "int",
    "path": "text",
    "sha256": "text",
    "bytes": "int",
    "width": "int",
    "height": "int",
    "truth": "int",
    "truth_label": "text",
    "truth_wordnet_id": "text",
    **{f"left_{name}": kind for name, kind in _SIDE.items()},
    **{f"right_{name}": kind for name, kind in _SIDE.items()},
    **_MEASURES,
    "error": "text",
    "mend": "text",
}
"""Names and kinds of the fields: ``int``, ``float``, ``flag``, ``text``, ``ints`` or ``floats``.

Classes are indices of shared classes, from 0. ``top`` holds the first five of a side.
"""


def labels_of(info: RunInfo) -> Labels:
    """Give the names of a run's classes."""
    return Labels(tuple(info.labels), tuple(info.wordnet_ids))


def record_of(row: SweepRow, labels: Labels) -> dict[str, Any]:
    """Give a row's values by the names of `FIELDS`; None where there is none, or it is not finite.

    Texts can be written as UTF-8: stray bytes in a path are shown as escapes.
    """
    record: dict[str, Any] = dict.fromkeys(FIELDS)
    record |= {
        "number": row.item.number,
        "path": plain(row.item.path),
        "sha256": row.sha256 or None,
        "bytes": row.bytes,
        "width": row.width,
        "height": row.height,
        "error": plain(row.error),
        "mend": plain(row.mend),
    }
    if row.item.truth is not None:
        record |= {"truth": row.item.truth, **_names("truth", row.item.truth, labels)}
    for name, side in (("left", row.left), ("right", row.right)):
        if side is not None:
            record |= _side(name, side, labels)
    if row.measures is not None:
        record |= {name: finite(getattr(row.measures, name)) for name in _MEASURES}
    return record


def plain(text: str) -> str:
    """Make a text that is valid UTF-8."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def finite(value: Any) -> Any:
    """Give the value, or None for a number that is not finite."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _names(prefix: str, index: int, labels: Labels) -> dict[str, Any]:
    return {
        f"{prefix}_label": labels.name(index),
        f"{prefix}_wordnet_id": labels.wordnet_id(index),
    }


def _side(name: str, side: SideRow, labels: Labels) -> dict[str, Any]:
    return {
        f"{name}_class": side.top[0],
        **_names(name, side.top[0], labels),
        f"{name}_probability": finite(side.probabilities[0]),
        f"{name}_margin": finite(side.margin),
        f"{name}_truth_probability": finite(side.truth_probability),
        f"{name}_truth_rank": side.truth_rank,
        f"{name}_top": list(side.top),
        f"{name}_top_probabilities": [finite(value) for value in side.probabilities],
    }
