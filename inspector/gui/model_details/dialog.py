"""The dialog: a tab for each side's release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QTabWidget, QVBoxLayout

from inspector.core.description import DescribeTask, Description
from inspector.core.pairs import Side
from inspector.gui.eliding import ElidingLabel
from inspector.gui.model_details.inquiries import Inquiries
from inspector.gui.model_details.side_tab import SideTab

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from inspector.core.errors import InspectorError
    from inspector.core.pairs import PairSpec
    from inspector.core.palette import Palette

_WAITING = "Waiting for the engine"


class ModelDetailsDialog(QDialog):
    """Tells what both releases of the pair in use offer; it stops nothing else in the window.

    Each side is described once for a pair.

    Parameters
    ----------
    pair
        The pair in use.
    palette
        Colours.
    inquiries
        Asks the engine; closed with the dialog.
    """

    def __init__(
        self,
        pair: PairSpec,
        palette: Palette,
        inquiries: Inquiries | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Model details")
        self.resize(980, 660)
        self.inquiries = inquiries or Inquiries(parent=self)
        self.heading = ElidingLabel(align_right=False)
        self.sides = {side: SideTab(side, palette) for side in Side}
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        for side, tab in self.sides.items():
            self.tabs.addTab(tab, str(side).capitalize())
        self.close_button = QPushButton("Close")
        self.close_button.setAutoDefault(False)
        self._pair = pair
        self._lay_out()
        self._connect()
        self._introduce()

    @property
    def pair(self) -> PairSpec:
        """What the details are of."""
        return self._pair

    def set_pair(self, pair: PairSpec) -> None:
        """Tell of another pair."""
        if pair != self._pair:
            self._pair = pair
            self._introduce()

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        for tab in self.sides.values():
            tab.set_palette_scheme(palette)

    def done(self, result: int) -> None:
        """Close, and end the engine process of this dialog."""
        self.inquiries.close()
        super().done(result)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.addWidget(self.heading)
        column.addWidget(self.tabs, 1)
        column.addLayout(row)

    def _connect(self) -> None:
        self.close_button.clicked.connect(self.close)
        asked = self.inquiries
        asked.progressed.connect(lambda key, *said: self.sides[Side(key)].show_progress(*said))
        asked.failed.connect(self._on_failed)
        asked.answered.connect(self._on_answered)
        for side, tab in self.sides.items():
            tab.stopped.connect(lambda side=side: self._stop(side))
            tab.repeated.connect(lambda side=side: self._describe(side))

    def _introduce(self) -> None:
        """Begin with a pair."""
        pair = self._pair
        self.heading.setText(pair.title)
        for side, tab in self.sides.items():
            tab.set_release(pair.release(side).name)
            self._describe(side)

    def _describe(self, side: Side) -> None:
        tab = self.sides[side]
        tab.clear()
        tab.show_progress(_WAITING)
        self.inquiries.ask(str(side), DescribeTask(self._pair.release(side)))

    def _on_answered(self, key: str, outcome: object) -> None:
        if isinstance(outcome, Description):
            self.sides[Side(key)].set_description(outcome)

    def _on_failed(self, key: str, error: InspectorError) -> None:
        self.sides[Side(key)].show_error(error)

    def _stop(self, side: Side) -> None:
        self.inquiries.drop(str(side))
        self.sides[side].state.show_stopped()
