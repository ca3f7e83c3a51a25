"""All numbers of the selected class, to read and to copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.class_facts import class_facts
from inspector.core.comparison import FIRST_PLACES
from inspector.core.numbers import exact_text
from inspector.core.top import TIED
from inspector.gui.views.base import ResultWidget
from inspector.gui.views.number_table import NumberTable

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from inspector.core.class_facts import ClassFacts
    from inspector.core.result import Result

NOTHING_SELECTED = "Click a class in any plot to see its numbers here."
LOGIT_DIFFERENCE, CENTRED = "Logit difference", "Centred difference"
RANK, NEAR_TIE = "Rank", "Near-tie"
TIPS = {
    LOGIT_DIFFERENCE: "Left logit minus right logit, as the releases give them",
    CENTRED: (
        "The same of the centred logits, each side less its mean: softmax knows no common shift, "
        "so this is what makes the probabilities differ"
    ),
    RANK: "Place on the left and on the right; tied where it shares a side's least value",
    NEAR_TIE: f"Whether float noise decides its place among the first {FIRST_PLACES} of a side",
}


class ClassDetailsView(ResultWidget):
    """A table of two columns; every value can be marked and copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Details of the selected class", parent)
        self._table = NumberTable()

    @property
    def entries(self) -> dict[str, str]:
        """The rows on show: name and value."""
        return {name.text(): value.text() for name, value in self._table.rows}

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
        return self._table

    def _draw(self, result: Result) -> None:
        chosen = self.valid_selection()
        if chosen is None:
            return
        rows = detail_rows(class_facts(result, chosen))
        self._table.add_rows(len(rows) - len(self._table.rows))
        for number, (title, text) in enumerate(rows):
            self._table.write(number, title, text, TIPS.get(title, ""))
        self._table.dress(self._palette)
        self.setAccessibleDescription(self.as_text())

    def _mark(self) -> None:
        """Nothing is marked here: the table is the mark."""


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
        (LOGIT_DIFFERENCE, exact_text(facts.logit_difference)),
        (CENTRED, exact_text(facts.centred_logit_difference)),
        (RANK, " → ".join(str(rank or TIED) for rank in (facts.left_rank, facts.right_rank))),
        (NEAR_TIE, "yes" if facts.near_tie else "no"),
    )
