"""The tab of one side: what its release offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.reports.description_report import description_text
from inspector.gui.model_details.entries import entries_of
from inspector.gui.model_details.tab import DetailsTab
from inspector.gui.model_details.table import UNFOLDED, RowsTree
from inspector.gui.pair_wizard.fields import Problem
from inspector.gui.views.widgets import ElidedLabel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QTreeWidgetItem

    from inspector.core.description import Description
    from inspector.core.pairs import Side
    from inspector.core.palette import Palette
    from inspector.gui.model_details.entries import Entry

COLUMNS = ("Name", "What it is", "Shape", "Amount")
_NAME, _WHAT, _SHAPE, _AMOUNT = range(len(COLUMNS))
_WIDTHS = (340, 0, 170, 100)


class SideTab(DetailsTab):
    """Shows a description as groups of rows.

    Parameters
    ----------
    side
        Its colour marks the release's name.
    palette
        Colours.
    """

    def __init__(self, side: Side, palette: Palette) -> None:
        tree = RowsTree(COLUMNS, numbers=(_AMOUNT,))
        tree.set_widths(_WIDTHS, stretching=(_WHAT,))
        tree.setAccessibleName("Model details")
        super().__init__(tree, "names, kinds and shapes", palette)
        self._side = side
        self.title = ElidedLabel()
        self.notes = Problem(palette)
        self.above.addWidget(self.title)
        self.above.addWidget(self.notes)

    def set_release(self, name: str) -> None:
        """Say of which release it is."""
        self.title.set_text(name, getattr(self.palette_scheme, self._side))

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        super().set_palette_scheme(palette)
        self.notes.set_palette_scheme(palette)
        self.set_release(self.title.text)

    def set_description(self, description: Description) -> None:
        """Show what a release offers."""
        self.clear()
        self.notes.tell("\n".join(description.notes), "warning")
        for entry in entries_of(description):
            self._add(entry, None)
        self.settle(description_text(description, everything=True))

    def clear(self) -> None:
        """Show nothing."""
        super().clear()
        self.notes.tell("")

    def _add(self, entry: Entry, parent: QTreeWidgetItem | None) -> None:
        item = self.tree.add(entry.cells, entry.tip, parent)
        if entry.inside:
            item.setData(0, UNFOLDED, entry.unfolded)
            if parent is None:
                font = item.font(_NAME)
                font.setBold(True)
                item.setFont(_NAME, font)
        for inner in entry.inside:
            self._add(inner, item)
