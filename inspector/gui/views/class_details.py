"""All numbers of the selected class, to read and to copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QScrollArea, QWidget

from inspector.core.class_facts import class_facts
from inspector.core.numbers import exact_text
from inspector.gui.views.base import ResultWidget
from inspector.gui.views.widgets import tinted

if TYPE_CHECKING:
    from inspector.core.class_facts import ClassFacts
    from inspector.core.result import Result

NOTHING_SELECTED = "Click a class in any plot to see its numbers here."


class ClassDetailsView(ResultWidget):
    """A table of two columns; every value can be marked and copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Details of the selected class", parent)
        self._names: list[QLabel] = []
        self._values: list[QLabel] = []
        self._form: QFormLayout | None = None

    @property
    def entries(self) -> dict[str, str]:
        """The rows on show: name and value."""
        pairs = zip(self._names, self._values, strict=True)
        return {name.text(): value.text() for name, value in pairs}

    def as_text(self) -> str:
        """Give the table as lines of name, tab, value."""
        return "\n".join(f"{name}\t{value}" for name, value in self.entries.items())

    def set_selected_class(self, index: int | None) -> None:
        """Show another class; emits nothing."""
        if index != self._selected:
            self._selected = index
            self._touch()

    def _problem(self, result: Result) -> str:
        return NOTHING_SELECTED if self.valid_selection() is None else ""

    def _build(self) -> QWidget:
        table = QWidget()
        self._form = QFormLayout(table)
        self._form.setContentsMargins(4, 5, 0, 5)
        self._form.setHorizontalSpacing(6)
        self._form.setVerticalSpacing(3)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        area = QScrollArea()
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(table)
        return area

    def _draw(self, result: Result) -> None:
        chosen = self.valid_selection()
        if chosen is None:
            return
        rows = detail_rows(class_facts(result, chosen))
        self._have(len(rows))
        for name, value, (title, text) in zip(self._names, self._values, rows, strict=True):
            name.setText(title)
            value.setText(text)
            value.setAccessibleName(f"{title}: {text}")
            tinted(name, self._palette.muted)
            tinted(value, self._palette.text)
        self.setAccessibleDescription(self.as_text())

    def _mark(self) -> None:
        """Nothing is marked here: the table is the mark."""

    def _have(self, count: int) -> None:
        while self._form is not None and len(self._names) < count:
            name, value = QLabel(), QLabel()
            for label in (name, value):
                label.setTextFormat(Qt.TextFormat.PlainText)
            value.setWordWrap(True)
            value.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse
                | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            self._form.addRow(name, value)
            self._names.append(name)
            self._values.append(value)


def detail_rows(facts: ClassFacts) -> tuple[tuple[str, str], ...]:
    """Write the facts of a class as names and values."""
    return (
        ("Class", facts.label),
        ("Index", str(facts.index)),
        ("WordNet id", facts.wordnet_id or "none"),
        ("Left probability", exact_text(facts.left)),
        ("Right probability", exact_text(facts.right)),
        ("Difference", exact_text(facts.difference)),
        ("Left logit", exact_text(facts.left_logit)),
        ("Right logit", exact_text(facts.right_logit)),
        ("Logit difference", exact_text(facts.logit_difference)),
        ("Rank", f"{facts.left_rank} → {facts.right_rank}"),
        ("Near-tie", "yes" if facts.near_tie else "no"),
    )
