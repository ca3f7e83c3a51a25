"""Finding which item of one release is which of the other: by values, then by order."""

from __future__ import annotations

import bisect
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.weights.layout import (
    closest_layout,
    cut_layouts,
    equal_layout,
    same_size_layouts,
    slab,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from inspector.core.weights.layout import Layout
    from inspector.core.weights.tensors import Item

NOISE = 1e-6
"""Largest |Δ| of two equal tensors, in units of the largest absolute value: float32 rounding."""

_ALIKE = 0.9
"""Correlation from which two tensors count as the same one, altered."""


@dataclass(frozen=True, eq=False, slots=True)
class Match:
    """Two items that belong together; the layout is None for batch norms."""

    left: Item
    right: Item
    layout: Layout | None = None


@dataclass(eq=False, slots=True)
class Board:
    """What of both sides is not matched yet, and the places of what is."""

    left: list[Item]
    right: list[Item]
    places: list[tuple[int, int]] = field(default_factory=list)

    def take(self, matches: Iterable[Match]) -> list[Match]:
        """Take matches off the board; their places help to find those of others."""
        taken = list(matches)
        self.remove([match.left for match in taken], [match.right for match in taken])
        self.places = sorted(
            [*self.places, *((match.left.index, match.right.index) for match in taken)]
        )
        return taken

    def remove(self, left: Iterable[Item], right: Iterable[Item]) -> None:
        """Take items off the board."""
        gone_left, gone_right = {id(item) for item in left}, {id(item) for item in right}
        self.left = [item for item in self.left if id(item) not in gone_left]
        self.right = [item for item in self.right if id(item) not in gone_right]

    def distance(self, left: Item, right: Item) -> tuple[bool, int]:
        """Tell how unlikely two items belong together by kind and place."""
        guess = left.index
        if self.places:
            at = bisect.bisect(self.places, (left.index, -1))
            near = self.places[max(0, at - 1) : at + 1]
            a, b = min(near, key=lambda place: abs(place[0] - left.index))
            guess = b + left.index - a
        return left.kind != right.kind, abs(right.index - guess)


def match_equal(board: Board) -> list[Match]:
    """Match every item whose values the other side holds too, in whatever layout.

    Where several items hold the same values, such as gammas of ones, their kinds and places
    among the unmistakable ones decide.
    """
    equal = [match for left, right in _buckets(board) for match in _equal_in_bucket(left, right)]
    left_count: defaultdict[int, int] = defaultdict(int)
    right_count: defaultdict[int, int] = defaultdict(int)
    for match in equal:
        left_count[id(match.left)] += 1
        right_count[id(match.right)] += 1
    sure: list[Match] = []
    doubtful: list[Match] = []
    for match in equal:
        alone = left_count[id(match.left)] == right_count[id(match.right)] == 1
        (sure if alone else doubtful).append(match)
    return board.take(sure) + board.take(_nearest(board, doubtful))


def match_cut(board: Board) -> list[Match]:
    """Match vectors and matrices of which one side has one class more."""
    found = []
    for left, right in _pairs(board, norms=False):
        if not _nearly_as_long(left, right):
            continue
        options = cut_layouts(left.values.shape, right.values.shape)
        layout = equal_layout(left.values, right.values, NOISE, options)
        if layout is not None:
            found.append(Match(left, right, layout))
    return board.take(_nearest(board, found))


def match_alike(board: Board) -> list[Match]:
    """Pair what is left and unequal: by likeness where there is one, else by kind and place.

    Batch norms are paired as a whole; one that finds no partner is taken apart.
    """
    norms = [
        Match(left, right)
        for left, right in _pairs(board, norms=True)
        if left.channels == right.channels
    ]
    matches = board.take(_nearest(board, norms, _norm_likeness))
    board.left, board.right = dissolve(board.left), dissolve(board.right)
    matches += match_equal(board)
    singles = [
        Match(left, right, layout)
        for left, right in _pairs(board, norms=False)
        if _nearly_as_long(left, right)
        and (layout := closest_layout(left.values, right.values)) is not None
    ]
    return matches + board.take(_nearest(board, singles, _likeness))


def _buckets(board: Board) -> Iterator[tuple[list[Item], list[Item]]]:
    """Give the items of both sides that have the same key."""
    left: defaultdict[tuple[int | str, ...], list[Item]] = defaultdict(list)
    right: defaultdict[tuple[int | str, ...], list[Item]] = defaultdict(list)
    for items, by_key in ((board.left, left), (board.right, right)):
        for item in items:
            by_key[item.key].append(item)
    for key in left.keys() & right.keys():
        yield left[key], right[key]


def _equal_in_bucket(left: list[Item], right: list[Item]) -> Iterator[Match]:
    a, b = (np.stack([item.fingerprint for item in items])[:, None] for items in (left, right))
    reach = np.stack([item.reach for item in left])[:, None]
    possible = (np.abs(a - b.transpose(1, 0, 2)) <= 2 * NOISE * reach).all(axis=2)
    for i, j in np.argwhere(possible):
        match = _verified(left[i], right[j])
        if match is not None:
            yield match


def _verified(left: Item, right: Item) -> Match | None:
    layout = None
    for role, weight in left.members.items():
        a, b = weight.values, right.members[role].values
        layout = equal_layout(a, b, NOISE, same_size_layouts(a.shape, b.shape))
        if layout is None:
            return None
    return Match(left, right, None if left.is_norm else layout)


def _pairs(board: Board, norms: bool) -> Iterator[tuple[Item, Item]]:
    """Give every two items of both sides that are batch norms, or that are not."""
    for left in board.left:
        for right in board.right:
            if left.is_norm is norms and right.is_norm is norms:
                yield left, right


def _nearly_as_long(left: Item, right: Item) -> bool:
    """Tell whether two sizes are equal or allow for one class more; rules most pairs out."""
    a, b = left.values.size, right.values.size
    return a == b or (0 < 2 * abs(a - b) <= max(a, b) and max(a, b) % abs(a - b) == 0)


def may_be_equal(left: Item, right: Item) -> bool:
    """Tell whether two tensors of the same size may hold the same values in some order."""
    return left.key == right.key and bool(
        (np.abs(left.fingerprint - right.fingerprint) <= 2 * NOISE * left.reach).all()
    )


def _nearest(
    board: Board, matches: list[Match], likeness: Callable[[Match], float] = lambda match: 0.0
) -> list[Match]:
    """Choose among matches so that each item comes once: the likest first, then the nearest."""

    def rank(match: Match) -> tuple[float, bool, int, int]:
        kind, distance = board.distance(match.left, match.right)
        return -likeness(match), kind, distance, match.left.index

    chosen = []
    left: set[int] = set()
    right: set[int] = set()
    for match in sorted(matches, key=rank):
        if id(match.left) not in left and id(match.right) not in right:
            left.add(id(match.left))
            right.add(id(match.right))
            chosen.append(match)
    return chosen


def _norm_likeness(match: Match) -> float:
    """Count the members that are equal."""
    return sum(
        np.array_equal(weight.values.ravel(), match.right.members[role].values.ravel())
        for role, weight in match.left.members.items()
        if role in match.right.members
    )


def _likeness(match: Match) -> float:
    """Give the correlation of two tensors where it is high, else 0."""
    assert match.layout is not None
    a, b = slab(*match.layout.align(match.left.values, match.right.values))
    x, y = (np.nan_to_num(part.astype(np.float64).ravel(), posinf=0, neginf=0) for part in (a, b))
    x, y = x - x.mean(), y - y.mean()
    size = float(np.linalg.norm(x) * np.linalg.norm(y))
    correlation = float(x @ y) / size if size > 0 and np.isfinite(size) else 0.0
    return correlation if correlation > _ALIKE else 0.0


def dissolve(items: list[Item]) -> list[Item]:
    """Take batch norms apart."""
    return [part for item in items for part in (item.dissolved() if item.is_norm else [item])]
