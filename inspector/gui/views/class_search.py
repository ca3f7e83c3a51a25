"""A line to find a class by name, WordNet id or index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from inspector.core.class_names import find_class, search_entries

if TYPE_CHECKING:
    from inspector.core.labels import Labels
    from inspector.core.palette import Palette
    from inspector.core.result import Result

MOST_SUGGESTIONS = 12


class ClassSearch(QLineEdit):
    """Suggests classes while the user writes, and selects the one that is meant.

    Return takes the first class that fits; a text that fits none turns into a tooltip's sentence.
    """

    class_selected = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels: Labels | None = None
        self._entries: tuple[str, ...] = ()
        self._model = QStringListModel(self)
        completer = QCompleter(self._model, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setMaxVisibleItems(MOST_SUGGESTIONS)
        completer.activated.connect(self._take)
        self.setCompleter(completer)
        self.setPlaceholderText("Find a class: name, WordNet id or index")
        self.setAccessibleName("Find a class by name, WordNet id or index")
        self.setClearButtonEnabled(True)
        self.setEnabled(False)
        self.returnPressed.connect(self._return_pressed)

    @property
    def entries(self) -> tuple[str, ...]:
        """What is searched in, one text per class."""
        return self._entries

    def set_result(self, result: Result | None) -> None:
        """Search in the classes of a result."""
        self.setEnabled(result is not None)
        if result is None or result.labels is self._labels:
            return
        self._labels = result.labels
        self._entries = search_entries(result.labels)
        self._model.setStringList(self._entries)

    def set_selected_class(self, index: int | None) -> None:
        """Show the selected class, unless the user is writing."""
        if self._labels is None or self.hasFocus():
            return
        self.setText("" if index is None else self._labels.name(index))

    def set_palette_scheme(self, palette: Palette) -> None:
        """Do nothing: the application's palette is all it needs."""

    def set_stale(self, stale: bool) -> None:
        """Do nothing: names don't depend on numbers."""

    def _return_pressed(self) -> None:
        self._take(self.text())

    def _take(self, text: str) -> None:
        found = find_class(self._entries, text)
        if found is None:
            self.setToolTip(f"No class fits {text!r}." if text.strip() else "")
            return
        self.setToolTip("")
        self.class_selected.emit(found)
