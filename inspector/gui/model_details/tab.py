"""What both kinds of tabs share: a line of state, a search field, a tree, and a copy button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from inspector.gui.model_details.state_row import StateRow
from inspector.gui.views.widgets import tinted

if TYPE_CHECKING:
    from inspector.core.errors import InspectorError
    from inspector.core.palette import Palette
    from inspector.gui.model_details.table import RowsTree

COPIED = "Copied"


class DetailsTab(QWidget):
    """A searchable tree of what an engine process tells; a subclass fills it.

    Parameters
    ----------
    tree
        Where the rows stand.
    what
        What is searched, for the field's placeholder.
    palette
        Colours.
    """

    repeated = Signal()
    """What it shows is wanted again."""
    stopped = Signal()
    """What it waits for is not wanted any more."""

    def __init__(self, tree: RowsTree, what: str, palette: Palette) -> None:
        super().__init__()
        self.palette_scheme = palette
        self._text = ""
        self.tree = tree
        self.state = StateRow(palette)
        self.state.repeated.connect(self.repeated)
        self.state.stopped.connect(self.stopped)
        self.search_field = QLineEdit()
        self.search_field.setPlaceholderText(f"Search {what}")
        self.search_field.setAccessibleName(f"Search {what}")
        self.search_field.setClearButtonEnabled(True)
        self.search_field.textChanged.connect(self.search)
        self.count = QLabel()
        self.copy_button = QPushButton("Copy all")
        self.copy_button.setToolTip("Copy all of it as text; Ctrl+C copies the marked rows")
        self.copy_button.setAutoDefault(False)
        self.copy_button.clicked.connect(self._copy)
        self.above = QVBoxLayout()
        self.beside = QHBoxLayout()
        self._lay_out()
        self._tell_rows(False)
        tinted(self.count, palette.muted)

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self.palette_scheme = palette
        self.state.set_palette_scheme(palette)
        tinted(self.count, palette.muted)

    def show_progress(self, text: str, fraction: float | None = None) -> None:
        """Say what is going on."""
        self.state.show_progress(text, fraction)

    def show_error(self, error: InspectorError) -> None:
        """Say why there is nothing to see."""
        self.clear()
        self.state.show_end(str(error))

    def clear(self) -> None:
        """Show nothing."""
        self.tree.clear()
        self._tell_rows(False)

    def search(self) -> None:
        """Show what the search field asks for."""
        found = self.tree.search(self.search_field.text())
        self.count.setText("1 row" if found == 1 else f"{found:,} rows")

    def settle(self, text: str) -> None:
        """Show the rows: they are all there; `text` is what is copied."""
        self._text = text
        self.state.settle()
        self._tell_rows(True)
        self.search()

    def _tell_rows(self, there: bool) -> None:
        self.copy_button.setEnabled(there)
        self.copy_button.setText("Copy all")
        self.count.setVisible(there)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)
        self.copy_button.setText(COPIED)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.search_field, 1)
        row.addWidget(self.count)
        row.addLayout(self.beside)
        row.addWidget(self.copy_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 10, 8, 8)
        column.setSpacing(8)
        column.addLayout(self.above)
        column.addWidget(self.state)
        column.addLayout(row)
        column.addWidget(self.tree, 1)
