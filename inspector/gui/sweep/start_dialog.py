"""The dialog that begins a sweep: which pictures, which run file, which true classes."""

from __future__ import annotations

import os
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
    QVBoxLayout,
    QWidget,
)

from inspector.gui.eliding import ElidingLabel
from inspector.gui.sweep.picture_count import PictureCount
from inspector.gui.sweep.runner import SweepWish
from inspector.sweep.truth import AUTO, FOLDERS, NAMES, NONE

if TYPE_CHECKING:
    from inspector.core.palette import Palette
    from inspector.gui.jobs import Jobs
    from inspector.gui.sweep.picture_count import Found

MOST_PICTURES = 2_000_000_000
LABELS = (
    ("By the names of folders or files, where those are classes", AUTO),
    ("By folder names", FOLDERS),
    ("By file names", NAMES),
    ("A table…", ""),
    ("Not known", NONE),
)
"""What the box says, and the command's word for it; empty for what is to be chosen."""

RUN_SUFFIX = ".sqlite"
WIDTH = 640
LOOKING = "Looking for pictures"


class StartDialog(QDialog):
    """Asks what a sweep needs to know; pair and modes are those of the window.

    Parameters
    ----------
    wish
        What is proposed: its pair, modes and pictures; a run file and true classes, too, where it
        was asked for before.
    about
        Pair and modes in words.
    folder
        Where dialogs begin, and where the run file is proposed if not beside the pictures.
    palette
        Colours.
    jobs
        Looks for the pictures.
    """

    started = Signal(object)
    """SweepWish."""

    run_wanted = Signal(str)
    """Path of a run file that is there already, to be opened instead."""

    def __init__(
        self,
        wish: SweepWish,
        about: str,
        folder: str,
        palette: Palette,
        jobs: Jobs,
        parent: QWidget | None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("New sweep")
        self.setMinimumWidth(WIDTH)
        self._palette = palette
        self._wish = wish
        self._folder = Path(folder) if folder else Path.home()
        self._table = ""
        self._run_typed = bool(wish.run)
        self._found: Found | None = None
        self._count = PictureCount(jobs, self)
        self.pictures = QLineEdit(wish.pictures)
        self.pictures.setPlaceholderText("A folder, a list of paths, a zip archive, or a pattern")
        self.found = ElidingLabel(align_right=False)
        self.run = QLineEdit(wish.run)
        self.run.setPlaceholderText("Where the results are kept")
        self.labels = QComboBox()
        for title, value in LABELS:
            self.labels.addItem(title, value)
        self.limited = QCheckBox("Only the first")
        self.limit = QSpinBox()
        self.limit.setRange(1, MOST_PICTURES)
        self.limit.setGroupSeparatorShown(True)
        self.limit.setSuffix(" pictures")
        self.limit.setAccessibleName("How many pictures")
        self.problem = QLabel()
        self.about = QLabel(about)
        for label in (self.problem, self.about):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.buttons = QDialogButtonBox()
        self.start = self.buttons.addButton("Begin", QDialogButtonBox.ButtonRole.AcceptRole)
        self.open_run = self.buttons.addButton("Open it", QDialogButtonBox.ButtonRole.ActionRole)
        self.open_run.clicked.connect(self._open_run)
        self.buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        self._propose(wish)
        self._lay_out()
        self._connect()
        self.set_palette_scheme(palette)
        self._propose_run()
        self._take_pictures()

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self._palette = palette
        self.about.setStyleSheet(f"color: {palette.muted};")
        self.problem.setStyleSheet(f"color: {palette.right_text};")
        self._tell_found()

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
            trust=self._wish.trust,
        )

    def _propose(self, wish: SweepWish) -> None:
        """Set true classes and limit as they were asked for before."""
        self.limit.setValue(wish.limit or 1000)
        self.limited.setChecked(wish.limit is not None)
        self.limit.setEnabled(wish.limit is not None)
        place = self.labels.findData(wish.labels)
        if place >= 0:
            self.labels.setCurrentIndex(place)
        else:
            self._set_table(wish.labels)
            self.labels.setCurrentIndex(self.labels.findData(""))

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        browse = QPushButton("Choose…")
        browse.setAutoDefault(False)
        menu = QMenu(browse)
        menu.addAction("Folder…").triggered.connect(self._ask_folder)
        menu.addAction("List or archive…").triggered.connect(self._ask_file)
        browse.setMenu(menu)
        form.addRow("Pictures", _beside(self.pictures, browse))
        form.addRow("", self.found)
        where = QPushButton("Choose…")
        where.setAutoDefault(False)
        where.clicked.connect(self._ask_run)
        form.addRow("Run file", _beside(self.run, where))
        form.addRow("True classes", self.labels)
        form.addRow("", _beside(self.limited, self.limit, wide=False))
        form.addRow("Pair and modes", self.about)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.problem)
        column.addStretch(1)
        column.addWidget(self.buttons)

    def _connect(self) -> None:
        self.pictures.textChanged.connect(self._propose_run)
        self.pictures.textChanged.connect(self._take_pictures)
        self._count.found.connect(self._take_found)
        self.finished.connect(self._count.stop)
        self.run.textEdited.connect(self._note_typed)
        self.run.textChanged.connect(self._check)
        self.limited.toggled.connect(self.limit.setEnabled)
        self.labels.activated.connect(lambda _: self._labels_chosen())
        self.buttons.accepted.connect(self._begin)
        self.buttons.rejected.connect(self.reject)

    def _begin(self) -> None:
        self.started.emit(self.wish())
        self.accept()

    def _open_run(self) -> None:
        self.run_wanted.emit(self.wish().run)
        self.reject()

    def _take_pictures(self) -> None:
        """Look for what is named; until the answer is here, it may be begun with."""
        self._found = None
        self._count.ask(self.pictures.text().strip())
        self._tell_found()
        self._check()

    def _take_found(self, found: Found) -> None:
        self._found = found
        self._tell_found()
        self._check()

    def _tell_found(self) -> None:
        found = self._found
        waiting = LOOKING if self.pictures.text().strip() else ""
        self.found.setText(found.text if found else waiting)
        wrong = found is not None and not found.usable
        self.found.setStyleSheet(
            f"color: {self._palette.right_text if wrong else self._palette.muted};"
        )

    def _check(self) -> None:
        pictures, run = self.pictures.text().strip(), self.run.text().strip()
        target = Path(run).expanduser()
        text, is_there = "", False
        if run and target.is_dir():
            text = "The run file is a folder; name a file in it."
        elif run and not target.parent.is_dir():
            text = f"There is no folder {target.parent}."
        elif run and target.exists():
            text = (
                "This file is there already, and a new sweep writes over none. Name another, "
                "or open it to go on with its own pictures, pair and modes."
            )
            is_there = True
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        self.open_run.setVisible(is_there)
        fits = not text and (self._found is None or self._found.usable)
        self.start.setEnabled(bool(pictures and run) and fits)

    def _note_typed(self) -> None:
        self._run_typed = True

    def _propose_run(self) -> None:
        if self._run_typed:
            return
        pictures = Path(self.pictures.text().strip()).expanduser()
        beside = pictures.parent
        fits = pictures.is_absolute() and beside.is_dir() and os.access(beside, os.W_OK)
        folder = beside if fits else self._folder
        name = pictures.stem
        self.run.setText(str(_free(folder, f"sweep {name}")) if name else "")

    def _labels_chosen(self) -> None:
        if self.labels.currentData():
            return
        path, _ = QFileDialog.getOpenFileName(
            self, "Table of paths and labels", str(self._folder), "Tables (*.csv *.tsv *.txt)"
        )
        if path:
            self._set_table(path)
        elif not self._table:
            self.labels.setCurrentIndex(0)

    def _set_table(self, path: str) -> None:
        self._table = path
        self.labels.setItemText(self.labels.findData(""), f"A table: {Path(path).name}")

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


def _beside(first: QWidget, second: QWidget, wide: bool = True) -> QWidget:
    """Put two beside each other; the first takes the room where it is wide."""
    both = QWidget()
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(first, int(wide))
    row.addWidget(second)
    if not wide:
        row.addStretch(1)
    return both


def _free(folder: Path, name: str) -> Path:
    """Give a path for a new file, with a number where the name is taken."""
    number, path = 1, folder / f"{name}{RUN_SUFFIX}"
    while path.exists():
        number += 1
        path = folder / f"{name} {number}{RUN_SUFFIX}"
    return path
