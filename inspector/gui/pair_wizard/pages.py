"""The first pages: which models, and what is being tried."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inspector.core.pairs import Side
from inspector.core.picture import PICTURE_SUFFIXES
from inspector.gui.pair_wizard.fields import ModelField, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inspector.core.palette import Palette

_INTRODUCTION = (
    "Choose two models that should agree, or drop them here. What their files do not say about "
    "input and output is found out by experiment; you see how sure each answer is before anything "
    "is saved."
)
_STEPS = (
    "1.  Find out: both models are run on sample pictures with every known range of input.\n"
    "2.  Look: preprocessing, range, output, background class, size and labels, each with how sure "
    "it is and why.\n"
    "3.  Save: what you agreed to, or changed, goes into a pair file that the comparison uses."
)
STEPS = 1000


class ModelsPage(QWidget):
    """Two models, and pictures that they should know."""

    changed = Signal()

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields = {
            side: ModelField(f"{str(side).capitalize()} model", palette) for side in Side
        }
        self._titles = {side: QLabel(f"{str(side).capitalize()} model") for side in Side}
        self._pictures: tuple[str, ...] = ()
        self.pictures_button = QPushButton("Add pictures…")
        self.pictures_button.setAutoDefault(False)
        self.clear_button = QPushButton("Clear")
        self.clear_button.setAutoDefault(False)
        self._pictures_label = QLabel()
        self._pictures_label.setWordWrap(True)
        self._next_title = QLabel("What comes next")
        self._next_title.setStyleSheet("font-weight: 600;")
        self._steps = QLabel(_STEPS)
        self._steps.setWordWrap(True)
        self.problem = Problem(palette)
        self._lay_out()
        self.set_palette_scheme(palette)
        self.set_pictures(())
        for field in self.fields.values():
            field.changed.connect(self._on_changed)
        self.pictures_button.clicked.connect(self._ask_pictures)
        self.clear_button.clicked.connect(lambda: self.set_pictures(()))

    @property
    def may_go_on(self) -> bool:
        """Whether both models are named, and neither is known to be none."""
        fields = self.fields.values()
        return all(field.line.text().strip() and not field.is_wrong for field in fields)

    @property
    def pictures(self) -> tuple[str, ...]:
        """Absolute paths of the user's own pictures."""
        return self._pictures

    def set_folder(self, folder: str) -> None:
        """Say where dialogs begin."""
        for field in self.fields.values():
            field.folder = folder

    def set_pictures(self, paths: Sequence[str]) -> None:
        """Take pictures that the models should know."""
        self._pictures = tuple(str(Path(path).absolute()) for path in paths)
        names = ", ".join(Path(path).name for path in self._pictures)
        self._pictures_label.setText(
            f"Tried besides the samples: {names}"
            if names
            else "Own pictures that the models should know make the answers surer; a few will do."
        )
        self.clear_button.setVisible(bool(names))

    def take_drop(self, paths: Sequence[str]) -> None:
        """Take what was dropped: pictures as pictures, the rest as models, left first."""
        pictures = [path for path in paths if Path(path).suffix.lower() in PICTURE_SUFFIXES]
        if pictures:
            self.set_pictures((*self._pictures, *pictures))
        models = [path for path in paths if path not in pictures]
        empty = [field for field in self.fields.values() if not field.line.text().strip()]
        for path, field in zip(models, empty or [self.fields[Side.RIGHT]], strict=False):
            field.set_model(path)

    def look(self) -> None:
        """Look at what was typed, before going on; the first that is wrong gets the cursor."""
        for field in self.fields.values():
            field.look()
        wrong = next((field for field in self.fields.values() if field.is_wrong), None)
        if wrong is not None:
            wrong.line.setFocus()

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self.problem.set_palette_scheme(palette)
        for side, title in self._titles.items():
            title.setStyleSheet(f"color: {getattr(palette, side)}; font-weight: 600;")
        for label in (self._pictures_label, self._steps):
            label.setStyleSheet(f"color: {palette.muted};")
        for field in self.fields.values():
            field.set_palette_scheme(palette)

    def _lay_out(self) -> None:
        introduction = QLabel(_INTRODUCTION)
        introduction.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(introduction)
        column.addSpacing(6)
        for side, field in self.fields.items():
            column.addWidget(self._titles[side])
            column.addWidget(field)
            column.addSpacing(4)
        row = QHBoxLayout()
        row.addWidget(self._pictures_label, 1)
        row.addWidget(self.clear_button)
        row.addWidget(self.pictures_button)
        column.addLayout(row)
        column.addSpacing(18)
        column.addWidget(self._next_title)
        column.addWidget(self._steps)
        column.addStretch(1)
        column.addWidget(self.problem)

    def _on_changed(self) -> None:
        self.problem.tell("")
        self.changed.emit()

    def _ask_pictures(self) -> None:
        endings = " ".join(f"*{suffix}" for suffix in sorted(PICTURE_SUFFIXES))
        dialog = QFileDialog(self, "Pictures that the models should know", "", "")
        dialog.setNameFilters([f"Pictures ({endings})", "All files (*)"])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.finished.connect(dialog.deleteLater)
        dialog.filesSelected.connect(lambda paths: self.set_pictures((*self._pictures, *paths)))
        dialog.open()


class ProgressPage(QWidget):
    """What is being tried, and how far it is."""

    def __init__(self, note: str, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(10)
        self.bar.setAccessibleName("Progress of the experiments")
        self._note = QLabel(note)
        self._note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addStretch(1)
        for part in (self.text, self.bar, self._note):
            column.addWidget(part)
        column.addStretch(1)
        self.set_palette_scheme(palette)
        self.begin()

    def begin(self) -> None:
        """Start over."""
        self.set_progress("Starting an engine of its own for the experiments", None)

    def set_progress(self, text: str, fraction: float | None) -> None:
        """Say what is going on; `fraction` is 0 to 1, or None where it is unknown."""
        self.text.setText(text)
        self.bar.setRange(0, 0 if fraction is None else STEPS)
        if fraction is not None:
            self.bar.setValue(round(STEPS * min(max(fraction, 0.0), 1.0)))

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self._note.setStyleSheet(f"color: {palette.muted};")
