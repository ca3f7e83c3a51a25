"""The last page: every proposal with how sure it is, to be changed, and the file to save."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from inspector.core.pairs import PairSpec, Side
from inspector.core.proposing_words import certainty_text, others_text
from inspector.gui.pair_wizard.fields import CertaintyMark, LabelsField, Problem, beside
from inspector.gui.pair_wizard.side_form import ROWS, TITLES, SideForm

if TYPE_CHECKING:
    from typing import Any

    from inspector.core.palette import Palette
    from inspector.core.proposing import ConventionProposal, PairProposal

LABELS = "labels"
_EVIDENCE_HEIGHT = 118


class ProposalsPage(QWidget):
    """Both models' conventions side by side."""

    changed = Signal()

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._palette = palette
        self._found: PairProposal | None = None
        self.forms = {side: SideForm(side, palette, self) for side in Side}
        self._heads = {side: QLabel(str(side).capitalize()) for side in Side}
        self.labels = LabelsField()
        self.labels_mark = CertaintyMark("Labels", palette)
        self.id = QLineEdit()
        self.id.setAccessibleName("Id of the pair")
        self.title = QLineEdit()
        self.title.setAccessibleName("Title of the pair")
        self.file = QLineEdit()
        self.file.setAccessibleName("Pair file")
        self.file_button = QPushButton("Choose…")
        self.file_button.setAutoDefault(False)
        self.evidence = QLabel()
        self.evidence.setTextFormat(Qt.TextFormat.PlainText)
        self.evidence.setWordWrap(True)
        self.evidence.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.evidence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.evidence.setContentsMargins(10, 8, 10, 8)
        self.notes = Problem(palette)
        self.problem = Problem(palette)
        self._lay_out()
        self._connect()
        self.set_palette_scheme(palette)

    @property
    def path(self) -> Path:
        """Where the pair file is to go."""
        return Path(self.file.text().strip()).expanduser()

    def set_found(self, found: PairProposal, folder: str) -> None:
        """Show what was proposed; `folder` is where the pair file is proposed to go."""
        self._found = found
        for side, proposal in found.sides():
            self.forms[side].set_proposal(proposal)
        self.labels.set_labels(found.labels.value)
        self.labels.folder = folder
        self.labels_mark.set_proposal(found.labels)
        self.id.setText(found.id)
        self.title.setText(found.title)
        self.file.setText(str(Path(folder) / f"{found.id}.toml"))
        notes = [*found.notes]
        for side, proposal in found.sides():
            notes += [f"{str(side).capitalize()}: {note}" for note in proposal.notes]
        self.notes.tell("\n".join(notes), "warning")
        self.problem.tell("")
        self._explain(self._doubtful() or [self._least_sure()])

    def pair(self) -> PairSpec:
        """Give the pair as the fields have it."""
        assert self._found is not None
        pair = self._found.to_pair()
        return replace(
            pair,
            id=self.id.text().strip(),
            title=self.title.text().strip(),
            labels=self.labels.labels,
            left=self.forms[Side.LEFT].to_spec(),
            right=self.forms[Side.RIGHT].to_spec(),
        )

    @property
    def found(self) -> PairProposal | None:
        """What was proposed."""
        return self._found

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self._palette = palette
        for side, head in self._heads.items():
            head.setStyleSheet(f"color: {getattr(palette, side)}; font-weight: 600;")
        for form in self.forms.values():
            form.set_palette_scheme(palette)
        for part in (self.labels_mark, self.notes, self.problem):
            part.set_palette_scheme(palette)
        self.evidence.setStyleSheet(f"color: {palette.text}; background: {palette.panel};")
        self._frame.setStyleSheet(f"QScrollArea {{ border: 1px solid {palette.grid}; }}")

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        for place, side in enumerate(Side):
            column = 1 + 2 * place
            form = self.forms[side]
            grid.addWidget(self._heads[side], 0, column, 1, 2)
            grid.addWidget(form.title, 1, column, 1, 2)
            for row, name in enumerate(ROWS, start=2):
                grid.addWidget(form.editors[name], row, column)
                grid.addWidget(form.marks[name], row, column + 1)
            grid.setColumnStretch(column, 1)
        grid.addWidget(QLabel("Title"), 1, 0)
        for row, name in enumerate(ROWS, start=2):
            grid.addWidget(QLabel(TITLES[name]), row, 0)
        self._add_pair_rows(grid, 2 + len(ROWS))
        self._frame = QScrollArea()
        self._frame.setWidgetResizable(True)
        self._frame.setFrameShape(QFrame.Shape.StyledPanel)
        self._frame.setWidget(self.evidence)
        self._frame.setMinimumHeight(_EVIDENCE_HEIGHT)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(8)
        page.addWidget(self.notes)
        page.addLayout(grid)
        page.addWidget(self._frame, 1)
        page.addWidget(self.problem)

    def _add_pair_rows(self, grid: QGridLayout, row: int) -> None:
        """Add what belongs to the pair, under a gap."""
        grid.setRowMinimumHeight(row, 10)
        grid.addWidget(QLabel("Labels"), row + 1, 0)
        grid.addWidget(self.labels, row + 1, 1)
        grid.addWidget(self.labels_mark, row + 1, 2)
        files = beside(self.file, self.file_button)
        rows = (("Pair id", self.id), ("Pair title", self.title))
        for place, (text, line) in enumerate(rows, start=row + 2):
            grid.addWidget(QLabel(text), place, 0)
            grid.addWidget(line, place, 1, 1, 4)
        grid.addWidget(QLabel("Pair file"), row + 4, 0)
        grid.addLayout(files, row + 4, 1, 1, 4)

    def _connect(self) -> None:
        for side, form in self.forms.items():
            form.asked.connect(lambda row, side=side: self._explain([(side, row)]))
            form.changed.connect(self.changed)
        self.labels_mark.clicked.connect(lambda: self._explain([(Side.LEFT, LABELS)]))
        self.labels.labels_changed.connect(self._on_labels)
        self.file_button.clicked.connect(self._ask_file)
        for line in (self.id, self.title, self.file):
            line.textChanged.connect(lambda _: self.changed.emit())

    def _doubtful(self) -> list[tuple[Side, str]]:
        """Give what should be looked at before it is used, the least sure first.

        How pictures were decoded and resized is never sure, so those rows come last.
        """
        found = [where for where in self._rows() if self._convention(*where).is_doubtful]
        return sorted(found, key=lambda where: (where[1] == "mode", self._sureness(where)))

    def _least_sure(self) -> tuple[Side, str]:
        return min(self._rows(), key=self._sureness)

    def _rows(self) -> list[tuple[Side, str]]:
        return [*((side, row) for side in Side for row in ROWS), (Side.LEFT, LABELS)]

    def _sureness(self, where: tuple[Side, str]) -> float:
        return self._convention(*where).confidence

    def _convention(self, side: Side, row: str) -> ConventionProposal[Any]:
        assert self._found is not None
        return self._found.labels if row == LABELS else self.forms[side].convention(row)

    def _explain(self, wanted: list[tuple[Side, str]]) -> None:
        """Show the evidence of some rows, and mark whose it is."""
        self.evidence.setText("\n\n".join(self._evidence(*where) for where in wanted))
        self._frame.verticalScrollBar().setValue(0)
        self.labels_mark.setChecked((Side.LEFT, LABELS) in wanted)
        for side, form in self.forms.items():
            for row, mark in form.marks.items():
                mark.setChecked((side, row) in wanted)

    def _evidence(self, side: Side, row: str) -> str:
        proposal = self._convention(side, row)
        if row == LABELS:
            proposed = self.labels.findData(proposal.value)
            return evidence_text("Labels", self.labels.itemText(proposed), proposal)
        return evidence_text(f"{TITLES[row]}, {side}", self.forms[side].words(row), proposal)

    def _on_labels(self, labels: str) -> None:
        assert self._found is not None
        self.labels_mark.set_own(labels != self._found.labels.value)
        self.changed.emit()

    def _ask_file(self) -> None:
        dialog = QFileDialog(self, "Save the pair file as", str(self.path.parent), "Pairs (*.toml)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("toml")
        dialog.selectFile(self.path.name)
        dialog.finished.connect(dialog.deleteLater)
        dialog.fileSelected.connect(self.file.setText)
        dialog.open()


def evidence_text(name: str, words: str, proposal: ConventionProposal[Any]) -> str:
    """Say what is proposed, in words, how sure it is, and why."""
    others = others_text(proposal)
    lines = [f"{name}: {words} ({certainty_text(proposal)})"]
    lines += [f"•  {sentence}" for sentence in proposal.evidence]
    return "\n".join([*lines, *([f"Else: {others}"] if others else [])])
