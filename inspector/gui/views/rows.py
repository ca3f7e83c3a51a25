"""What a :class:`inspector.gui.views.rows_canvas.RowsCanvas` shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from inspector.gui.views.axes import Ticks


@dataclass(frozen=True, eq=False)
class BarColumn:
    """The bars of one column.

    Attributes
    ----------
    values
        float64 (rows,), lengths; not finite ones have no bar.
    texts
        What stands at the end of each bar.
    colours
        ``#rrggbb`` of each bar.
    limits
        Range of the axis, holding zero.
    ticks
        How the axis writes its numbers.
    """

    values: NDArray[np.float64]
    texts: tuple[str, ...]
    colours: tuple[str, ...]
    limits: tuple[float, float]
    ticks: Ticks


@dataclass(frozen=True, eq=False)
class Rows:
    """What a canvas shows.

    Attributes
    ----------
    labels, marks, tips
        Of each row: its name, a short text beside it, and its tooltip.
    columns
        One or two columns of bars.
    heads
        What the marks and the labels are, each written under them; empty where that is plain.
    separated
        Whether a thin line sets the last row apart.
    """

    labels: tuple[str, ...]
    marks: tuple[str, ...]
    tips: tuple[str, ...]
    columns: tuple[BarColumn, ...]
    separated: bool = False
    heads: tuple[str, str] = ("", "")


NO_ROWS = Rows((), (), (), ())
