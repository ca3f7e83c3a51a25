"""The dialog that begins a sweep: which pictures, which run file, which true classes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.gui.sweep.runner import SweepWish

if TYPE_CHECKING:
    from inspector.core.palette import Palette

MOST_PICTURES = 2_000_000_000
LABELS = (
    ("By folder names, where those are classes", "auto"),
    ("Not known", "none"),
    ("A table…", ""),
)
RUN_SUFFIX = ".sqlite"


class StartDialog(QDialog):
    """Asks what a sweep needs to know; pair and modes are those of the window.

    Parameters
    ----------
    wish
        What is proposed: its pair, modes and pictures.
    about
        Pair and modes in words.
    folder
        Where dialogs begin, and where the run file is proposed.
    palette
        Colours.
    """

    started = Signal(object)
    """SweepWish."""

    def __init__(
        self, wish: SweepWish, about: str, folder: str, palette: Palette, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("New sweep")
        self.resize(640, 300)
        self._wish = wish
        self._folder = Path(folder) if folder else Path.home()
        self._table = ""
        self._run_typed = False
        self.pictures = QLineEdit(wish.pictures)
        self.pictures.setPlaceholderText("A folder, a list of paths, a zip archive, or a pattern")
        self.run = QLineEdit()
        self.run.setPlaceholderText("Where the results are kept")
        self.labels = QComboBox()
        for title, value in LABELS:
            self.labels.addItem(title, value)
        self.limited = QCheckBox("Only the first")
        self.limit = QSpinBox()
        self.limit.setRange(1, MOST_PICTURES)
        self.limit.setValue(1000)
        self.limit.setGroupSeparatorShown(True)
        self.limit.setEnabled(False)
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setStyleSheet(f"color: {palette.right};")
        about_label = QLabel(about)
        about_label.setWordWrap(True)
        about_label.setTextFormat(Qt.TextFormat.PlainText)
        about_label.setStyleSheet(f"color: {palette.muted};")
        self.buttons = QDialogButtonBox()
        self.start = self.buttons.addButton("Begin", QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        self._lay_out(about_label)
        self._connect()
        self._propose_run()
        self._check()

    def wish(self) -> SweepWish:
        """Give what was asked for."""
        run = Path(self.run.text().strip()).expanduser()
        return SweepWish(
            pictures=self.pictures.text().strip(),
            run=str(run),
            pair=self._wish.pair,
            left_mode=self._wish.left_mode,
            right_mode=self._wish.right_mode,
            apply_exif=self._wish.apply_exif,
            labels=str(self.labels.currentData()) or self._table,
            limit=self.limit.value() if self.limited.isChecked() else None,
            resume=run.exists(),
            trust=self._wish.trust,
        )

    def _lay_out(self, about: QLabel) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        browse = QToolButton()
        browse.setText("Choose…")
        browse.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(browse)
        menu.addAction("Folder…").triggered.connect(self._ask_folder)
        menu.addAction("List or archive…").triggered.connect(self._ask_file)
        browse.setMenu(menu)
        form.addRow("Pictures", _beside(self.pictures, browse))
        where = QPushButton("Choose…")
        where.setAutoDefault(False)
        where.clicked.connect(self._ask_run)
        form.addRow("Run file", _beside(self.run, where))
        form.addRow("True classes", self.labels)
        form.addRow("", _beside(self.limited, self.limit))
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(about)
        column.addWidget(self.problem)
        column.addStretch(1)
        column.addWidget(self.buttons)

    def _connect(self) -> None:
        self.pictures.textChanged.connect(self._propose_run)
        self.pictures.textChanged.connect(self._check)
        self.run.textEdited.connect(self._note_typed)
        self.run.textChanged.connect(self._check)
        self.limited.toggled.connect(self.limit.setEnabled)
        self.labels.activated.connect(lambda _: self._labels_chosen())
        self.buttons.accepted.connect(self._begin)
        self.buttons.rejected.connect(self.reject)

    def _begin(self) -> None:
        self.started.emit(self.wish())
        self.accept()

    def _check(self) -> None:
        pictures, run = self.pictures.text().strip(), self.run.text().strip()
        target = Path(run).expanduser()
        text = ""
        self.start.setText("Begin")
        if run and target.is_dir():
            text = "The run file is a folder; name a file in it."
        elif run and not target.parent.is_dir():
            text = f"There is no folder {target.parent}."
        elif run and target.exists():
            text = "This run file is there already: the run goes on where it was left."
            self.start.setText("Go on")
        self.problem.setText(text)
        wrong = text.startswith(("There is", "The run file is"))
        self.start.setEnabled(bool(pictures and run) and not wrong)

    def _note_typed(self) -> None:
        self._run_typed = True

    def _propose_run(self) -> None:
        if self._run_typed:
            return
        name = Path(self.pictures.text().strip()).stem
        self.run.setText(str(_free(self._folder, f"sweep {name}")) if name else "")

    def _labels_chosen(self) -> None:
        if self.labels.currentData():
            return
        path, _ = QFileDialog.getOpenFileName(
            self, "Table of paths and labels", str(self._folder), "Tables (*.csv *.tsv *.txt)"
        )
        if path:
            self._table = path
            self.labels.setItemText(self.labels.currentIndex(), f"A table: {Path(path).name}")
        elif not self._table:
            self.labels.setCurrentIndex(0)

    def _ask_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self, "Folder of pictures", str(self._folder))
        if path:
            self.pictures.setText(path)

    def _ask_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, "List or archive of pictures", str(self._folder), "Lists (*.txt *.csv *.zip)"
        )
        if path:
            self.pictures.setText(path)

    def _ask_run(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self,
            "Run file",
            self.run.text() or str(self._folder),
            f"Run files (*{RUN_SUFFIX})",
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if path:
            self._run_typed = True
            self.run.setText(path if Path(path).suffix else path + RUN_SUFFIX)


def _beside(wide: QWidget, narrow: QWidget) -> QWidget:
    both = QWidget()
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(wide, 1)
    row.addWidget(narrow)
    return both


def _free(folder: Path, name: str) -> Path:
    """Give a path for a new file, with a number where the name is taken."""
    number, path = 1, folder / f"{name}{RUN_SUFFIX}"
    while path.exists():
        number += 1
        path = folder / f"{name} {number}{RUN_SUFFIX}"
    return path
