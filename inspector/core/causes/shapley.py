"""Exact Shapley values (Shapley 1953) of a game that is known for every coalition."""

from __future__ import annotations

from math import factorial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def shapley_values(worth: Sequence[float]) -> tuple[float, ...]:
    """Divide what the whole coalition is worth among its players.

    Parameters
    ----------
    worth
        2ⁿ numbers; entry ``mask`` is the worth of the coalition whose players are the bits of
        ``mask``. ``worth[0]`` is the worth of nobody.

    Returns
    -------
    tuple[float, ...]
        n values that add up to ``worth[-1] - worth[0]``, up to rounding.

    Raises
    ------
    ValueError
        Where the number of entries is no power of two.
    """
    players = len(worth).bit_length() - 1
    if len(worth) != 1 << players:
        raise ValueError(f"{len(worth)} is no power of two")
    weight = [
        factorial(size) * factorial(players - size - 1) / factorial(players)
        for size in range(players)
    ]
    return tuple(
        sum(
            weight[mask.bit_count()] * (worth[mask | 1 << player] - worth[mask])
            for mask in range(1 << players)
            if not mask >> player & 1
        )
        for player in range(players)
    )
