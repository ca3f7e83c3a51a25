from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pytest

from inspector.core.comparison import compare
from tests.support.results import make_result

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from inspector.core.result import Result
    from inspector.gui.views.base import AnyResultWidget

    View = TypeVar("View", bound="AnyResultWidget[Result]")
    Show = Callable[[type[View]], View]


@pytest.fixture(scope="session")
def result() -> Result:
    return make_result()


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    """Make a view and show it at the size that it has in a window of 1280x800."""

    def make(kind: type[View]) -> View:
        view = kind()
        qtbot.addWidget(view)
        view.resize(760, 300)
        with qtbot.waitExposed(view):
            view.show()
        return view

    return make


def broken(result: Result, left: bool, right: bool) -> Result:
    """Give the result with a number that is not finite on the sides that are meant."""
    from dataclasses import replace

    def spoil(row: np.ndarray, meant: bool) -> np.ndarray:
        row = row.copy()
        if meant:
            row[3] = np.nan
        return row

    sides = [
        replace(
            side,
            scores=replace(side.scores, probabilities=spoil(side.scores.probabilities, meant)),
        )
        for side, meant in ((result.left, left), (result.right, right))
    ]
    comparison = compare(sides[0].scores, sides[1].scores)
    return replace(result, left=sides[0], right=sides[1], comparison=comparison)
