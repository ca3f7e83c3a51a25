"""The window of one sweep: its answer and progress, and the run's table and plots below."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QLabel,
    QMainWindow,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from inspector.core.wording import mode_title
from inspector.gui.jobs import Jobs
from inspector.gui.message_bar import Message, MessageBar, MessageKind
from inspector.gui.sweep.changes import Changes, ChangesDialog, compare_runs
from inspector.gui.sweep.dead_end import DeadEnd
from inspector.gui.sweep.exports import EXPORTS, Export, ask_target
from inspector.gui.sweep.run_view import RunView
from inspector.gui.sweep.runner import SweepRunner, SweepWish
from inspector.gui.sweep.summary import SummaryStrip
from inspector.gui.sweep.words import counted
from inspector.sweep.later_truth import give_truth
from inspector.sweep.run_file import LIVE_STATES, RunFile

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent

    from inspector.core.errors import InspectorError
    from inspector.core.palette import Palette
    from inspector.sweep.later_truth import GivenTruth
    from inspector.sweep.rows import RunInfo, SweepProgress, SweepRow

OPEN_MS = 300
"""How often to look whether the command has made the run file."""

TELL_MS = 15_000
START_SIZE = QSize(1280, 800)
WAITING = "Both releases are loaded and the pictures are listed; this takes a few seconds."
READING = "The run is read."
NOT_BEGUN = "The sweep did not begin"


class SweepWindow(QMainWindow):
    """Shows a run, and does it where a wish is given.

    Parameters
    ----------
    path
        The run file; it may not be there yet where a wish is given.
    palette
        Colours.
    wish
        What this window's command is to do; None for a run that is only looked at.
    runner
        Runs the command; one of its own where None.
    """

    compare_wanted = Signal(object, object)
    """RunInfo and SweepRow: the user wants to see this picture in the main window."""
    change_wanted = Signal()
    """The user wants to change what was asked for: the sweep could not begin."""
    closed = Signal()

    def __init__(
        self,
        path: Path,
        palette: Palette,
        wish: SweepWish | None = None,
        runner: SweepRunner | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.path = path
        self._palette = palette
        self._wish = wish or SweepWish("", str(path), "", resume=True)
        self._begun = False
        self._opening = False
        self._closed = threading.Event()
        self.view: RunView | None = None
        self.changes: ChangesDialog | None = None
        self.setWindowTitle(f"{path.name} – sweep – Twin Inspector")
        self.setObjectName("sweep_window")
        self.resize(START_SIZE)
        self.jobs = Jobs(self)
        self.runner = runner or SweepRunner(parent=self)
        self.messages = MessageBar()
        self.summary = SummaryStrip()
        self.waiting = QLabel(READING if wish is None else WAITING)
        self.waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.dead_end = DeadEnd(can_change=wish is not None)
        self.export_button = QPushButton("Export")
        self.earlier_button = QPushButton("Compare with a run…")
        self.retry_button = QPushButton()
        self._lay_out()
        self._connect()
        self._look = QTimer(self, interval=OPEN_MS)
        self._look.timeout.connect(self._try_open)
        self.set_palette_scheme(palette)
        if wish is None:
            self._open()

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self._palette = palette
        self.waiting.setStyleSheet(f"color: {palette.muted};")
        for part in (self.messages, self.summary, self.view):
            if part is not None:
                part.set_palette_scheme(palette)
        for dialog in self.findChildren(ChangesDialog):
            dialog.set_palette_scheme(palette)

    def begin(self) -> None:
        """Start the command, where this window has one."""
        if not self.runner.is_running:
            self._begun = self._wish.resume
            self.runner.start(self._wish)
            self._look.start()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop reading and, where this window does the run, stop that too: it can be resumed."""
        self._closed.set()
        self._look.stop()
        self.runner.close()
        if self.view is not None:
            self.view.close_files()
        self.jobs.close()
        super().closeEvent(event)
        self.closed.emit()

    def save(self, export: Export, target: Path) -> None:
        """Write the run into a file, off this thread; never over the run itself."""
        if target.name.startswith(self.path.name) and target.parent.samefile(self.path.parent):
            self.messages.tell(
                Message(f"{target} belongs to the run itself.", "Choose another name.")
            )
            return
        self.jobs.run(partial(export.write, self.path, target), lambda _: self._tell_saved(target))

    def compare_with(self, earlier: Path) -> None:
        """Say what changed since an earlier run."""
        self.statusBar().showMessage("Comparing both runs", TELL_MS)
        self.jobs.run(
            partial(compare_runs, earlier, self.path, self._closed.is_set), self._show_changes
        )

    def give_truth(self, asked: str) -> None:
        """Write true classes into the run: ``names``, ``folders``, or the path of a table."""
        self.statusBar().showMessage("Giving the true classes")
        self.jobs.run(partial(give_truth, self.path, asked), self._take_truth)

    def _give_truth(self, asked: str) -> None:
        if asked:
            self.give_truth(asked)
            return
        dialog = QFileDialog(
            *(self, "Table of paths and labels", str(self.path.parent)),
            "Tables (*.csv *.tsv *.txt)",
        )
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.give_truth)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take_truth(self, given: GivenTruth) -> None:
        text = f"{given.matched:,} of {given.total:,} pictures have a true class now"
        self.statusBar().showMessage(text, TELL_MS)
        if given.note:
            self.messages.tell(Message(given.note, kind=MessageKind.NOTE))
        if self.view is not None:
            self.jobs.run(partial(_read_info, self.path), self.view.set_info)

    def _show_changes(self, changes: Changes) -> None:
        view = self.view
        if view is None:
            return
        self.statusBar().clearMessage()
        dialog = ChangesDialog(changes, view.info.labels, self._palette, self)
        dialog.compare_wanted.connect(lambda row: self._want_comparison(view.info, row))
        dialog.finished.connect(lambda: self._forget_changes(dialog))
        dialog.finished.connect(dialog.deleteLater)
        self.changes = dialog
        dialog.show()

    def _forget_changes(self, dialog: ChangesDialog) -> None:
        if self.changes is dialog:
            self.changes = None

    def _ask_earlier(self) -> None:
        dialog = QFileDialog(self, "Earlier run", str(self.path.parent), "Run files (*.sqlite)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self.compare_with(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _lay_out(self) -> None:
        menu = QMenu(self.export_button)
        for export in EXPORTS:
            menu.addAction(export.title).triggered.connect(partial(self._export, export))
        self.export_button.setMenu(menu)
        self.earlier_button.setToolTip("What changed since an earlier run of the same pictures")
        for button in (self.retry_button, self.earlier_button, self.export_button):
            button.hide()
            self.summary.add_button(button)
        centre = QWidget()
        self._column = QVBoxLayout(centre)
        self._column.setContentsMargins(10, 8, 10, 8)
        self._column.addWidget(self.messages)
        self._column.addWidget(self.summary)
        self._column.addWidget(self.waiting, 1)
        self._column.addWidget(self.dead_end, 1)
        self.setCentralWidget(centre)
        self.statusBar().setSizeGripEnabled(False)

    def _connect(self) -> None:
        self.jobs.failed.connect(self._tell_job_failed)
        self.summary.pause_wanted.connect(self.runner.pause)
        self.summary.resume_wanted.connect(self._go_on)
        self.summary.cancel_wanted.connect(self.runner.cancel)
        self.runner.progressed.connect(self._show_progress)
        self.runner.failed.connect(self._tell_error)
        self.runner.told.connect(lambda text: self.statusBar().showMessage(text, TELL_MS))
        self.runner.ended.connect(self._on_ended)
        self.dead_end.change_wanted.connect(self.change_wanted)
        self.dead_end.close_wanted.connect(self.close)
        self.earlier_button.clicked.connect(self._ask_earlier)
        self.retry_button.clicked.connect(self._retry)
        usual = QKeySequence.keyBindings(QKeySequence.StandardKey.Close)
        for key in {"Ctrl+W", *(key.toString() for key in usual)}:
            QShortcut(QKeySequence(key), self).activated.connect(self.close)

    def _try_open(self) -> None:
        """Open the run once the command writes it: before that, a file there is an older one."""
        if self.view is not None or not self.path.exists():
            return
        if self._begun:
            self._open()

    def _open(self) -> None:
        if not self._opening:
            self._opening = True
            self.jobs.run(partial(_read_info, self.path), self._show_run)

    def _show_run(self, info: RunInfo) -> None:
        if self.view is not None:
            return
        self._look.stop()
        self.waiting.hide()
        self.dead_end.hide()
        view = self.view = RunView(self.path, info)
        self.export_button.show()
        self.earlier_button.show()
        view.set_palette_scheme(self._palette)
        view.compare_wanted.connect(lambda row: self._want_comparison(info, row))
        view.progressed.connect(self._show_read_progress)
        view.summed.connect(self.summary.set_statistics)
        view.truth_wanted.connect(self._give_truth)
        view.failed.connect(self._tell_error)
        self._column.addWidget(view, 1)
        self.statusBar().addWidget(QLabel(about_text(info)))

    def _want_comparison(self, info: RunInfo, row: SweepRow) -> None:
        self.compare_wanted.emit(info, row)

    def _show_progress(self, progress: SweepProgress) -> None:
        self._begun = self._begun or progress.total > 0
        running = self.runner.is_running
        self.summary.set_progress(progress, running, resumable=not running)
        errors = progress.errors
        self.retry_button.setText(f"Try {counted(errors, 'error')} again")
        at_rest = not running and progress.state not in LIVE_STATES
        self.retry_button.setVisible(bool(errors) and at_rest and self.view is not None)

    def _show_read_progress(self, progress: SweepProgress) -> None:
        """Show what the run file says, where nobody knows better: our own command does."""
        if not self.runner.is_running:
            self._show_progress(progress)

    def _go_on(self) -> None:
        if self.runner.is_running:
            self.runner.resume()
        else:
            self.runner.start(self._wish.going_on())

    def _retry(self) -> None:
        if not self.runner.is_running:
            self.runner.start(self._wish.going_on(retry_errors=True))

    def _on_ended(self, _: bool) -> None:
        self._look.stop()
        if self.view is not None:
            self.view.look()
        elif self._begun:
            self._open()
        else:
            self._show_dead_end()

    def _tell_error(self, error: InspectorError) -> None:
        self.messages.tell(Message(error.message, error.mend))

    def _tell_job_failed(self, error: InspectorError) -> None:
        """Tell of an error; where the run cannot be read, that is the end of this window."""
        self.statusBar().clearMessage()
        self._tell_error(error)
        if self._opening and self.view is None:
            self._opening = False
            self._show_dead_end()

    def _show_dead_end(self) -> None:
        if self.runner.is_running:
            return
        self._look.stop()
        self.waiting.hide()
        self.summary.set_idle(NOT_BEGUN if self.dead_end.can_change else "")
        self.dead_end.show()

    def _tell_saved(self, target: Path) -> None:
        self.statusBar().showMessage(f"Saved {target}", TELL_MS)

    def _export(self, export: Export) -> None:
        target = ask_target(self, self.path, export)
        if target is not None:
            self.save(export, target)


def _read_info(path: Path) -> RunInfo:
    with RunFile.open(path) as run:
        return run.info


def about_text(info: RunInfo) -> str:
    """Write what a run is about in one line."""
    modes = []
    for name, settings in (("Left", info.left_settings), ("Right", info.right_settings)):
        mode = str(settings.get("mode", ""))
        modes.append(f"{name}: {mode_title(mode) or 'unknown'}")
    return " · ".join([info.listed, info.pair_title, *modes])
