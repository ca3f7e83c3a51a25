from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.core.causes.shapley import shapley_values

_NUMBERS = st.floats(-10, 10, allow_nan=False)


def naive(worth: list[float]) -> list[float]:
    """Average each player's gain over all orders in which the players can join."""
    players = len(worth).bit_length() - 1
    gains = [0.0] * players
    orders = list(permutations(range(players)))
    for order in orders:
        mask = 0
        for player in order:
            gains[player] += worth[mask | 1 << player] - worth[mask]
            mask |= 1 << player
    return [gain / len(orders) for gain in gains]


@given(st.integers(0, 4).flatmap(lambda n: st.lists(_NUMBERS, min_size=1 << n, max_size=1 << n)))
def test_equals_the_average_over_all_orders_and_adds_up(worth: list[float]) -> None:
    values = shapley_values(worth)
    assert values == pytest.approx(naive(worth), abs=1e-9)
    assert sum(values) == pytest.approx(worth[-1] - worth[0], abs=1e-9)


def test_glove_game() -> None:
    # One left glove (player 0) and two right ones: only a pair is worth something.
    worth = [float(mask & 1 and mask & 6 != 0) for mask in range(8)]
    assert shapley_values(worth) == pytest.approx((2 / 3, 1 / 6, 1 / 6))


def test_refuses_an_incomplete_game() -> None:
    with pytest.raises(ValueError, match="3 is no power of two"):
        shapley_values([0.0, 1.0, 2.0])
