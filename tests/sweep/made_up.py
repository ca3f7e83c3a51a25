"""Made-up runs: rows as a sweep of a pair with `CLASSES` classes might give them, seeded."""

from __future__ import annotations

import contextlib
import itertools
import math
import sqlite3
from typing import TYPE_CHECKING

import numpy as np

from inspector.sweep import schema
from inspector.sweep.rows import Measures, RunInfo, SideRow, SweepItem, SweepRow
from inspector.sweep.run_file import RunFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CLASSES = 100


def make_info(**changes: object) -> RunInfo:
    """Give the facts of a run."""
    facts: dict[str, object] = {
        "pair_id": "mobilenet_v2",
        "pair_title": "MobileNetV2 <1.0> & twin",
        "pair": {"id": "mobilenet_v2", "left": {"source": "keras-application:MobileNetV2"}},
        "left_settings": {"mode": "keras", "preprocessing": {"resize": {"method": "nearest"}}},
        "right_settings": {"mode": "hub", "preprocessing": {"resize": {"method": "bilinear"}}},
        "release_hashes": {"left": "aa" * 32, "right": "bb" * 32},
        "labels": tuple(f"class number {index}" for index in range(CLASSES)),
        "wordnet_ids": tuple(f"n{index:08d}" for index in range(CLASSES)),
        "listed": "/pictures",
        "truth": "folders",
        "versions": {"python": "3.11.7", "keras": "3.15.1"},
        "noise_floor": 1e-7,
        "started": "2026-01-02T03:04:05+00:00",
    }
    return RunInfo(**{**facts, **changes})  # type: ignore[arg-type]


def make_side(top: int, probability: float, truth: int | None, rank: int | None) -> SideRow:
    """Give one side: the class `top` first, then the four after it."""
    rest = (1.0 - probability) / CLASSES
    return SideRow(
        top=tuple((top + step) % CLASSES for step in range(5)),
        probabilities=(probability, *(rest * (1.0 - 0.1 * step) for step in range(4))),
        truth_probability=None if truth is None else (probability if rank == 1 else rest),
        truth_rank=rank,
    )


def make_rows(count: int, seed: int = 0, first: int = 0) -> Iterator[SweepRow]:
    """Yield rows: about 2 % errors, 10 % disagreements of which some near-ties, 90 % with truth."""
    rng = np.random.default_rng(seed)
    for number in range(first, first + count):
        yield make_row(number, rng)


def own_row(number: int) -> SweepRow:
    """Give a made-up row that depends on its number alone."""
    return make_row(number, np.random.default_rng(number))


def make_row(number: int, rng: np.random.Generator) -> SweepRow:
    """Give one made-up row."""
    truth = int(rng.integers(CLASSES)) if rng.random() < 0.9 else None
    path = f"/pictures/n{truth or 0:08d}/picture {number}.jpg"
    item = SweepItem(number, path, truth)
    if rng.random() < 0.02:
        return SweepRow(item, error=f"{path} is damaged.", mend="Save it again.")
    left = truth if truth is not None and rng.random() < 0.7 else int(rng.integers(CLASSES))
    same = rng.random() < 0.9
    right = left if same else (left + 1 + int(rng.integers(3))) % CLASSES
    near = not same and rng.random() < 0.3
    difference = float(10.0 ** rng.uniform(-8, -0.5))
    return SweepRow(
        item=item,
        sha256=f"{number:064x}",
        bytes=int(rng.integers(1000, 1_000_000)),
        width=int(rng.integers(32, 4000)),
        height=480,
        left=make_side(left, float(rng.uniform(0.3, 1)), truth, _rank(left, truth, rng)),
        right=make_side(right, float(rng.uniform(0.3, 1)), truth, _rank(right, truth, rng)),
        measures=Measures(
            top1_same=same,
            top5_overlap=5 if same else int(rng.integers(1, 5)),
            max_abs_difference=difference,
            mean_abs_difference=difference / CLASSES,
            max_difference_class=left,
            kl=difference**1.5,
            js=difference**1.5 / 4,
            cosine=1.0 - difference,
            spearman=1.0 - math.sqrt(difference) / 2,
            right_rank_of_left=1 if same else int(rng.integers(2, 40)),
            left_rank_of_right=1 if same else int(rng.integers(2, 40)),
            near_tie=near,
        ),
    )


def make_run(
    path: Path, count: int, seed: int = 0, info: RunInfo | None = None, step: int = 2000
) -> Path:
    """Write a finished run of `count` rows."""
    rows = make_rows(count, seed)
    with RunFile.create(
        path, info or make_info(), (row.item for row in make_rows(count, seed))
    ) as run:
        for _ in range(0, count, step):
            run.add(list(itertools.islice(rows, step)))
        run.set_state("finished")
    return path


def make_large_run(path: Path, count: int, base: int = 5000) -> Path:
    """Write a finished run of `count` rows: copies of `base` ones with other measures and paths."""
    make_run(path, base)
    shaken = {"js", "kl", "cosine", "spearman", "max_abs_difference", "mean_abs_difference"}
    factor = "(0.5 + abs(random()) / 18446744073709551616.0)"
    values = {name: f"{name} * {factor}" for name in (*shaken, "left_margin", "right_margin")}
    values |= {"number": "number + :shift", "sha256": "randomblob(32)"}
    columns = ", ".join(values.get(name, name) for name in schema.ROW_COLUMNS)
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        for shift in range(base, count, base):
            connection.execute(
                "INSERT INTO items SELECT number + :shift, '/pictures/' || abs(random()) || '.jpg',"
                " truth FROM items WHERE number < :base",
                {"shift": shift, "base": base},
            )
            connection.execute(
                f"INSERT INTO rows SELECT {columns} FROM rows WHERE number < :base",
                {"shift": shift, "base": base},
            )
        connection.execute(
            "UPDATE facts SET value = (SELECT count(*) FROM rows) WHERE key IN ('total', 'done')"
        )
        connection.execute(
            "UPDATE facts SET value = (SELECT count(*) FROM rows WHERE error <> '')"
            " WHERE key = 'errors'"
        )
    return path


def _rank(top: int, truth: int | None, rng: np.random.Generator) -> int | None:
    if truth is None:
        return None
    return 1 if top == truth else int(rng.integers(2, 20))
