"""The table of the endpoints: where inside both networks the picture's way parts."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget

from inspector.core.trace import NOISE
from inspector.gui.model_details.entries import shape_text
from inspector.gui.model_details.table import RowsTree

if TYPE_CHECKING:
    from inspector.core.palette import Palette
    from inspector.core.trace import Path, TraceRow

COLUMNS = ("", "Left", "Right", "Shape", "Relative L2", "Cosine", "Max |Δ|")
MARK, LEFT, RIGHT, SHAPE, RELATIVE, COSINE, LARGEST = range(len(COLUMNS))
_WIDTHS = {MARK: 30, RELATIVE: 86, LEFT: 134, RIGHT: 134, SHAPE: 104, COSINE: 80, LARGEST: 80}
"""Of the columns, in the order in which they stand; beside the plot the first four fit."""

PLACE = Qt.ItemDataRole.UserRole + 1
"""Role of an item's first column: the number of its row in the path."""
NOTHING = "–"
AGREES, PARTS, DIFFERS, ALONE = "=", "→", "≠", "·"
"""The marks of the rows."""

_TIPS = {
    AGREES: "The two agree, but for float noise",
    PARTS: "Here the two part: no endpoint after it agrees any more",
    DIFFERS: "The two differ",
    ALONE: "The other side has no counterpart",
}


class EndpointsTree(RowsTree):
    """Both sides' endpoints by depth."""

    def __init__(self) -> None:
        super().__init__(COLUMNS, numbers=(RELATIVE, COSINE, LARGEST))
        self.setRootIsDecorated(False)
        self.setTextElideMode(Qt.TextElideMode.ElideLeft)
        self.setAccessibleName("Endpoints of both networks")
        self.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.headerItem().setToolTip(
            RELATIVE,
            f"Length of the difference over the larger length; up to {NOISE:g} is float noise",
        )
        self.headerItem().setToolTip(LARGEST, "The largest absolute difference of two numbers")
        header = self.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(1)
        for place, (column, width) in enumerate(_WIDTHS.items()):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            header.resizeSection(column, width)
            header.moveSection(header.visualIndex(column), place)

    def fill(self, path: Path, alone: bool, palette: Palette) -> None:
        """Show the endpoints of a trace; `alone` where those of one side are wanted, too."""
        self.clear()
        for place, row in enumerate(path.rows):
            if row.gap is not None or alone:
                self._add_row(place, row, place == path.departs, palette)

    def choose(self, place: int) -> None:
        """Mark a row of the path, and bring it into view."""
        for number in range(self.topLevelItemCount()):
            item = self.topLevelItem(number)
            if item is not None and item.data(MARK, PLACE) == place:
                self.setCurrentItem(item)
                self.scrollToItem(item, QAbstractItemView.ScrollHint.PositionAtCenter)

    def _add_row(self, place: int, row: TraceRow, parts: bool, palette: Palette) -> None:
        mark = mark_of(row, parts)
        item = self.add(row_cells(row, mark))
        item.setData(MARK, PLACE, place)
        item.setToolTip(MARK, _TIPS[mark])
        item.setTextAlignment(MARK, Qt.AlignmentFlag.AlignCenter)
        if mark == ALONE:
            for column in range(len(COLUMNS)):
                item.setForeground(column, QBrush(QColor(palette.muted)))
        if parts:
            font = item.font(LEFT)
            font.setBold(True)
            for column in range(len(COLUMNS)):
                item.setFont(column, font)
                item.setBackground(column, QBrush(QColor(palette.warning)))


def mark_of(row: TraceRow, parts: bool) -> str:
    """Give the mark of a row; `parts` where the two networks part there."""
    if parts:
        return PARTS
    if row.gap is None:
        return ALONE
    return AGREES if row.agrees else DIFFERS


def row_cells(row: TraceRow, mark: str) -> tuple[str, ...]:
    """Give the texts of a row."""
    either = row.left or row.right
    shape = "" if either is None else shape_text(either.shape)
    names = (end.name if end is not None else NOTHING for end in (row.left, row.right))
    gap = row.gap
    if gap is None:
        return (mark, *names, shape, "", "", "")
    return (
        mark,
        *names,
        shape,
        _number(gap.relative_l2, ".2g"),
        _number(gap.cosine, ".6f"),
        _number(gap.max_abs, ".2g"),
    )


def row_tip(row: TraceRow) -> str:
    """Give the tooltip of an endpoint's point, as rich text."""
    gap = row.gap
    if gap is None:
        return ""
    lines = [f"<b>{escape(row.name)}</b>"]
    either = row.left or row.right
    if either is not None:
        lines.append(shape_text(either.shape))
    lines.append(f"relative L2 {gap.relative_l2:.3g}, cosine {gap.cosine:.6f}")
    lines.append(f"largest |Δ| {gap.max_abs:.3g}, most in channel {gap.worst_channel}")
    return "<br>".join(lines)


def _number(value: float, form: str) -> str:
    if not math.isfinite(value):
        return "not finite"
    return "0" if value == 0.0 else format(value, form)
