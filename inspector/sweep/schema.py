"""The tables of a run file, and rows to and from them.

``items`` is the list of pictures, written once; ``rows`` gets one row per finished picture, under
the same number, so that nothing can be there twice. What is sorted and filtered by has a column of
its own, at the front; lists stand packed at the end. A missing value is NULL; so is NaN.
"""

from __future__ import annotations

import os
import struct
from typing import Any

from inspector.sweep.rows import Measures, SideRow, SweepItem, SweepRow

APPLICATION_ID = 0x54574953
"""Marks a run file in its header (``TWIS``)."""

SCHEMA_VERSION = 1

TABLES = f"""
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {SCHEMA_VERSION};
CREATE TABLE facts (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE items (number INTEGER PRIMARY KEY, path NOT NULL, truth INTEGER);
CREATE TABLE rows (
    number INTEGER PRIMARY KEY,
    error TEXT NOT NULL,
    top1_same INTEGER, near_tie INTEGER, top5_overlap INTEGER,
    left_class INTEGER, right_class INTEGER,
    left_probability REAL, right_probability REAL,
    left_margin REAL, right_margin REAL,
    max_abs_difference REAL, mean_abs_difference REAL, max_difference_class INTEGER,
    kl REAL, js REAL, cosine REAL, spearman REAL,
    right_rank_of_left INTEGER, left_rank_of_right INTEGER,
    truth INTEGER,
    left_truth_probability REAL, left_truth_rank INTEGER,
    right_truth_probability REAL, right_truth_rank INTEGER,
    bytes INTEGER, width INTEGER, height INTEGER,
    mend TEXT NOT NULL, sha256 BLOB,
    left_top BLOB, left_probabilities BLOB, right_top BLOB, right_probabilities BLOB
);
"""

ROW_COLUMNS: tuple[str, ...] = (
    *("number", "error", "top1_same", "near_tie", "top5_overlap", "left_class", "right_class"),
    *("left_probability", "right_probability", "left_margin", "right_margin"),
    *("max_abs_difference", "mean_abs_difference", "max_difference_class"),
    *("kl", "js", "cosine", "spearman", "right_rank_of_left", "left_rank_of_right", "truth"),
    *("left_truth_probability", "left_truth_rank"),
    *("right_truth_probability", "right_truth_rank", "bytes", "width", "height", "mend", "sha256"),
    *("left_top", "left_probabilities", "right_top", "right_probabilities"),
)
"""The columns of ``rows``, in the order in which :func:`encode_row` gives them."""

INSERT_ROW = (
    f"INSERT INTO rows ({', '.join(ROW_COLUMNS)}) VALUES ({', '.join('?' * len(ROW_COLUMNS))})"
)
SELECT_ROWS = f"SELECT items.path, {', '.join(f'rows.{name}' for name in ROW_COLUMNS)}"
"""What :func:`decode_row` takes; ``FROM`` must join ``rows`` with ``items``."""

_MEASURES: tuple[str, ...] = (
    *("top1_same", "near_tie", "top5_overlap", "max_abs_difference", "mean_abs_difference"),
    *("max_difference_class", "kl", "js", "cosine", "spearman"),
    *("right_rank_of_left", "left_rank_of_right"),
)
_FLAGS = ("top1_same", "near_tie")
NEVER_NONE = ("max_abs_difference", "mean_abs_difference")
"""Measures that are NaN, and NULL here, only where an output is not finite."""


def encode_path(path: str) -> str | bytes:
    """Give a path as the database keeps it: text, or bytes where the name is not valid text."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return os.fsencode(path)
    return path


def decode_path(stored: str | bytes) -> str:
    """Give the path that :func:`encode_path` was given."""
    return os.fsdecode(stored) if isinstance(stored, bytes) else stored


def encode_item(item: SweepItem) -> tuple[Any, ...]:
    """Give number, path and truth for ``items``."""
    return item.number, encode_path(item.path), item.truth


def decode_item(values: tuple[Any, ...]) -> SweepItem:
    """Give the item of number, path and truth."""
    number, path, truth = values
    return SweepItem(number, decode_path(path), truth)


def encode_row(row: SweepRow) -> tuple[Any, ...]:
    """Give the values of `ROW_COLUMNS`."""
    values: dict[str, Any] = dict.fromkeys(ROW_COLUMNS)
    values |= {
        "number": row.item.number,
        "truth": row.item.truth,
        "error": _plain_text(row.error),
        "mend": _plain_text(row.mend),
        "sha256": bytes.fromhex(row.sha256) if row.sha256 else None,
        "bytes": row.bytes,
        "width": row.width,
        "height": row.height,
    }
    for name, side in (("left", row.left), ("right", row.right)):
        if side is not None:
            values |= _side_values(name, side)
    if row.measures is not None:
        values |= {name: getattr(row.measures, name) for name in _MEASURES}
    return tuple(values[name] for name in ROW_COLUMNS)


def decode_row(values: tuple[Any, ...]) -> SweepRow:
    """Give the row of a path and the values of `ROW_COLUMNS`."""
    path, *rest = values
    table = dict(zip(ROW_COLUMNS, rest, strict=True))
    return SweepRow(
        item=SweepItem(table["number"], decode_path(path), table["truth"]),
        sha256=table["sha256"].hex() if table["sha256"] else "",
        bytes=table["bytes"],
        width=table["width"],
        height=table["height"],
        left=_decode_side(table, "left"),
        right=_decode_side(table, "right"),
        measures=_decode_measures(table),
        error=table["error"],
        mend=table["mend"],
    )


def _side_values(name: str, side: SideRow) -> dict[str, Any]:
    return {
        f"{name}_class": side.top[0],
        f"{name}_probability": side.probabilities[0],
        f"{name}_margin": side.margin,
        f"{name}_truth_probability": side.truth_probability,
        f"{name}_truth_rank": side.truth_rank,
        f"{name}_top": struct.pack(f"<{len(side.top)}I", *side.top),
        f"{name}_probabilities": struct.pack(f"<{len(side.probabilities)}d", *side.probabilities),
    }


def _decode_side(table: dict[str, Any], name: str) -> SideRow | None:
    top, probabilities = table[f"{name}_top"], table[f"{name}_probabilities"]
    if top is None or probabilities is None:
        return None
    return SideRow(
        top=struct.unpack(f"<{len(top) // 4}I", top),
        probabilities=struct.unpack(f"<{len(probabilities) // 8}d", probabilities),
        truth_probability=table[f"{name}_truth_probability"],
        truth_rank=table[f"{name}_truth_rank"],
    )


def _decode_measures(table: dict[str, Any]) -> Measures | None:
    if table["top1_same"] is None:
        return None
    values = {name: table[name] for name in _MEASURES}
    values |= {name: bool(values[name]) for name in _FLAGS}
    values |= {name: float("nan") for name in NEVER_NONE if values[name] is None}
    return Measures(**values)


def _plain_text(text: str) -> str:
    """Make text that SQLite can keep: a file's name in a message may hold stray bytes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
