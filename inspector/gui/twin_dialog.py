"""The dialog that makes a Hub-style twin of a Keras model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inspector.core.input_range import KNOWN_RANGES
from inspector.core.proposing_words import certainty_text
from inspector.core.sources import SourceKind, is_url
from inspector.core.twin import PublishTask
from inspector.gui.pair_wizard.fields import (
    KERAS_MODEL,
    LabelsField,
    ModelField,
    Problem,
    beside,
    range_words,
)
from inspector.gui.pair_wizard.task_dialog import PAGES, TaskDialog

if TYPE_CHECKING:
    from inspector.core.palette import Palette
    from inspector.core.sources import Source
    from inspector.core.twin import Published
    from inspector.gui.pair_wizard.runner import TaskRunner

WISHES, PROGRESS, MADE = PAGES
_INTRODUCTION = (
    "A twin is the same classifier as a SavedModel by TensorFlow Hub's conventions: pixels in "
    "[0, 1] in, logits out, the scaling done inside. It is written only if it computes the same."
)
_MAKING = "The main window goes on working meanwhile."


class TwinDialog(TaskDialog):
    """Makes a twin and its pair file; it stops nothing else in the window.

    Parameters
    ----------
    folder
        Where dialogs begin.
    palette
        Colours.
    runner
        Does the work; closed with the dialog.
    """

    opened = Signal(str)
    """The path of the pair file that is to be compared with."""

    def __init__(
        self,
        folder: str,
        palette: Palette,
        runner: TaskRunner | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Make a twin", _MAKING, palette, runner, parent)
        self.resize(720, 400)
        self._made: Published | None = None
        self._folder = Path(folder) if folder else Path.home()
        self.model = ModelField("Keras model", palette, KERAS_MODEL, folders=False)
        self.model.folder = str(self._folder)
        self.target = QLineEdit()
        self.target.setAccessibleName("Folder of the twin")
        self.target.setPlaceholderText("A folder that is not there yet")
        self.range = QComboBox()
        self.range.setAccessibleName("Input range of the model")
        self.range.addItem("Find out by experiment", None)
        for each in KNOWN_RANGES:
            self.range.addItem(range_words(each), each)
        self.labels = LabelsField(may_be_found=True)
        self.background = QCheckBox("Put a background class before the others, at index 0")
        self.force = QCheckBox("Replace a twin that is there")
        self.problem = Problem(palette)
        self.said: dict[str, QLabel] = {}
        self.show_button = QPushButton("Show in folder")
        self.show_button.setAutoDefault(False)
        self.show_button.clicked.connect(self._show_folder)
        self._made_form = _form()
        self.model.changed.connect(self._on_model)
        self.target.textChanged.connect(lambda _: self._refresh())
        self._set_up(self._wishes_page(), self._made_page(), self.problem)

    def task(self, source: Source) -> PublishTask:
        """Give what is asked for."""
        return PublishTask(
            source=source,
            folder=Path(self.target.text().strip()).expanduser().absolute(),
            range=self.range.currentData(),
            background=self.background.isChecked(),
            labels=self.labels.labels,
            force=self.force.isChecked(),
        )

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        super().set_palette_scheme(palette)
        self.model.set_palette_scheme(palette)
        self.problem.set_palette_scheme(palette)

    def _wishes_page(self) -> QWidget:
        page = QWidget()
        introduction = QLabel(_INTRODUCTION)
        introduction.setWordWrap(True)
        choose = QPushButton("Choose…")
        choose.setAutoDefault(False)
        choose.clicked.connect(self._ask_target)
        form = _form()
        form.addRow("Keras model", self.model)
        form.addRow("Folder of the twin", beside(self.target, choose))
        form.addRow("Input range", self.range)
        form.addRow("Labels", self.labels)
        form.addRow("", self.background)
        form.addRow("", self.force)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(introduction)
        column.addLayout(form)
        column.addStretch(1)
        column.addWidget(self.problem)
        return page

    def _made_page(self) -> QWidget:
        page = QWidget()
        title = QLabel("The twin is made")
        title.setStyleSheet("font-weight: 600;")
        row = QHBoxLayout()
        row.addWidget(self.show_button)
        row.addStretch(1)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(title)
        column.addLayout(self._made_form)
        column.addLayout(row)
        column.addStretch(1)
        return page

    def _show_made(self, made: Published) -> None:
        while self._made_form.rowCount():
            self._made_form.removeRow(0)
        self.said = {}
        for title, text in made_rows(made):
            label = QLabel(text)
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.said[title] = label
            self._made_form.addRow(title, label)

    def _show_folder(self) -> None:
        if self._made is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._made.folder)))

    def _go_on(self) -> None:
        if self._made is not None and self.pages.currentIndex() == MADE:
            self.opened.emit(str(self._made.pair_file))
            self.accept()
            return
        self.model.look()
        if self.model.source is not None:
            self._work(self.task(self.model.source))

    def _on_model(self) -> None:
        """Propose a folder beside the model, as long as none was typed."""
        self.problem.tell("")
        source = self.model.source
        if source is not None and not self.target.isModified():
            self.target.setText(str(_folder_beside(source, self._folder)))
        self._refresh()

    def _on_done(self, outcome: Published) -> None:
        self._made = outcome
        self._show_made(outcome)
        self._show(MADE)

    def _ask_target(self) -> None:
        start = self.target.text().strip() or str(self._folder)
        dialog = QFileDialog(self, "Folder of the twin", str(Path(start).parent))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setLabelText(QFileDialog.DialogLabel.Accept, "Choose")
        dialog.selectFile(Path(start).name)
        dialog.finished.connect(dialog.deleteLater)
        dialog.fileSelected.connect(self._take_target)
        dialog.open()

    def _take_target(self, path: str) -> None:
        self.target.setText(path)
        self.target.setModified(True)

    def _refresh_next(self, page: int) -> None:
        self.next.setText("Compare" if page == MADE else "Make the twin")
        typed = bool(self.model.line.text().strip() and self.target.text().strip())
        self.next.setEnabled(page == MADE or (typed and not self.model.is_wrong))


def made_rows(made: Published) -> list[tuple[str, str]]:
    """Say what was made and what was proven, each with what it is about."""
    range_, sure = made.range.value.text, certainty_text(made.range)
    rows = [
        ("Twin", str(made.folder)),
        ("Pair of both", str(made.pair_file)),
        ("Input", f"{range_} for the model ({sure}); [0, 1] for the twin, which scales inside"),
        ("Proof", made.parity.text),
    ]
    return [*rows, *([("Note", "\n".join(made.notes))] if made.notes else [])]


def _form() -> QFormLayout:
    """Make a form whose fields are all as wide as there is room."""
    form = QFormLayout()
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    form.setHorizontalSpacing(14)
    form.setVerticalSpacing(8)
    return form


def _folder_beside(source: Source, folder: Path) -> Path:
    if source.kind is SourceKind.KERAS_APPLICATION or is_url(source.target):
        return folder / f"{source.target.lower()}_twin"
    path = Path(source.target)
    return path.with_name(f"{path.name.split('.')[0]}_twin")
