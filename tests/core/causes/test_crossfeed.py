from __future__ import annotations

import numpy as np
import pytest

from inspector.core.causes.crossfeed import cross_feed
from inspector.core.pairs import Side

LEFT, RIGHT = Side.LEFT, Side.RIGHT


def test_tells_input_from_model() -> None:
    a, b = np.array([0.7, 0.3]), np.array([0.4, 0.6])
    by_input = cross_feed({(LEFT, LEFT): a, (LEFT, RIGHT): a, (RIGHT, LEFT): b, (RIGHT, RIGHT): b})
    assert by_input.by_input == pytest.approx(0.3)
    assert by_input.by_model == 0
    by_model = cross_feed({(LEFT, LEFT): a, (LEFT, RIGHT): b, (RIGHT, LEFT): a, (RIGHT, RIGHT): b})
    assert by_model.by_input == 0
    assert by_model.by_model == pytest.approx(0.3)


def test_each_cell_tells_its_first_class_and_its_distances() -> None:
    rows = {
        (given, model): np.roll(np.array([0.6, 0.3, 0.1]), i)
        for i, (given, model) in enumerate((g, m) for g in Side for m in Side)
    }
    table = cross_feed(rows)
    assert [cell.key for cell in table.cells] == [
        "left/left",
        "left/right",
        "right/left",
        "right/right",
    ]
    assert [cell.top1 for cell in table.cells] == [0, 1, 2, 0]
    assert table.cells[0].distances["left/left"] == 0
    assert table.cells[0].distances["left/right"] == pytest.approx(0.5)
    assert table.cells[0].probability == pytest.approx(0.6)
