"""What the commands do; the table in :mod:`inspector.gui.commands` names them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from inspector.core.catalogue import PUBLISHED, choose_pair, shipped_pairs
from inspector.core.errors import InspectorError
from inspector.core.pairs import find_pair
from inspector.core.picture import PICTURE_SUFFIXES
from inspector.core.top import MAX_TOP
from inspector.gui.beside import Beside
from inspector.gui.help_sheet import Sheet, about_html, help_html
from inspector.gui.memory_picture import memory_picture
from inspector.gui.picture_panel import Tab

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from inspector.core.causes.closing import Proposal
    from inspector.core.pairs import PairSpec, Side
    from inspector.gui.controller import Controller
    from inspector.gui.export_actions import Exporter
    from inspector.gui.main_window import MainWindow
    from inspector.gui.memory_picture import MemoryPicture
    from inspector.gui.opener import Opener
    from inspector.gui.scheme import SchemeKeeper
    from inspector.gui.settings import Settings


class Deeds(QObject):
    """One method per command, and the few facts that the menus ask for."""

    changed = Signal()
    """A setting changed that a menu shows as ticked."""
    top_changed = Signal(int)
    failed = Signal(object)
    """InspectorError."""

    def __init__(
        self,
        window: MainWindow,
        controller: Controller,
        opener: Opener,
        exporter: Exporter,
        settings: Settings,
        scheme: SchemeKeeper,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._controller = controller
        self._opener = opener
        self._exporter = exporter
        self._settings = settings
        self._scheme = scheme
        self._sheet: Sheet | None = None
        self._chosen: tuple[PairSpec, str] | None = None
        self.engine_versions: Mapping[str, str] = {}
        self._beside = Beside(window, controller, settings, scheme)
        self._beside.failed.connect(self.failed)
        self._beside.changed.connect(self.changed)
        self._beside.pair_wanted.connect(self.use_listed)
        self._beside.pair_file_made.connect(self.open_pair_file)

    @property
    def sheet(self) -> Sheet | None:
        """The help sheet or About box that was opened last."""
        return self._sheet

    @property
    def beside(self) -> Beside:
        """What stands beside the window."""
        return self._beside

    def pair(self) -> PairSpec:
        """Give the pair in use."""
        return self._controller.session.pair

    def mode(self, side: Side) -> str:
        """Give the mode of one side."""
        return self._controller.session.choices.side(side).mode

    def recent_files(self) -> tuple[str, ...]:
        """Give the files that were opened last."""
        return self._settings.recent

    def forget_recent(self) -> None:
        """Empty the list of recent files."""
        self._settings.recent = ()

    def open_paths(self, paths: tuple[str, ...]) -> None:
        """Compare files or a folder."""
        self._opener.open_paths(paths)

    def open_dialog(self) -> None:
        """Ask for pictures, in a dialog that stops nothing else."""
        endings = " ".join(f"*{suffix}" for suffix in sorted(PICTURE_SUFFIXES))
        dialog = self._file_dialog("Open pictures", f"Pictures ({endings});;All files (*)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda paths: self._opened(tuple(paths)))
        dialog.open()

    def open_folder_dialog(self) -> None:
        """Ask for a folder."""
        dialog = self._file_dialog("Open folder", "")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.filesSelected.connect(lambda paths: self._opened(tuple(paths)))
        dialog.open()

    def open_pair_dialog(self) -> None:
        """Ask for a pair file."""
        dialog = self._file_dialog("Open pair file", "Pair files (*.toml)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.open_pair_file)
        dialog.open()

    def open_pair_file(self, path: str) -> None:
        """Use the first pair of a pair file."""
        try:
            pair = choose_pair(path)
        except InspectorError as error:
            self.failed.emit(error)
            return
        self._chosen = (pair, path)
        self._controller.set_pair(pair)

    def choose_pair(self, pair: PairSpec) -> None:
        """Use a shipped pair; once it has worked, the next start keeps to it."""
        self._chosen = (pair, pair.id)
        self._controller.set_pair(pair)

    def keep_pair(self, pair: PairSpec) -> None:
        """Keep the pair that the user chose for the next start: a comparison with it is there."""
        if self._chosen is not None and self._chosen[0] == pair:
            self._settings.pair = self._chosen[1]

    def use_published(self) -> None:
        """Use the published pair; the engine fetches it where it is not here."""
        self.choose_pair(find_pair(shipped_pairs(), PUBLISHED))

    def use_listed(self, pair: PairSpec) -> None:
        """Use a pair out of a list: a shipped one, or the one of a file that is in the list too."""
        if pair in shipped_pairs():
            self.choose_pair(pair)
        else:
            self._controller.set_pair(pair)

    def paste(self) -> None:
        """Compare what is on the clipboard."""
        self._opener.open_drop(QGuiApplication.clipboard().mimeData())

    def walk(self, places: int) -> None:
        """Go to another picture of the folder."""
        self._opener.step(places)

    def undo(self) -> None:
        """Take the last change of the preprocessing back."""
        self._controller.undo()

    def redo(self) -> None:
        """Do the last undone change again."""
        self._controller.redo()

    def set_mode(self, side: Side, mode: str) -> None:
        """Use a named mode on one side."""
        self._controller.set_mode(side, mode)

    def set_pair_mode(self, mode: str) -> None:
        """Use a mode of the pair."""
        self._controller.set_pair_mode(mode)

    def rerun(self) -> None:
        """Compare again."""
        self._controller.rerun()

    def cancel(self) -> None:
        """Stop the comparison that is under way."""
        self._controller.cancel()

    def copy_figure(self) -> None:
        """Copy the figure as an image."""
        if self._controller.report is not None:
            self._exporter.copy_figure(self._controller.report)

    def copy_numbers(self) -> None:
        """Copy every class as a table."""
        if self._controller.report is not None:
            self._exporter.copy_numbers(self._controller.report)

    def copy_python(self, side: Side | None) -> None:
        """Copy a script that gives one side's numbers, or both for None."""
        if self._controller.report is not None:
            self._exporter.copy_python(self._controller.report, side)

    def memory_picture(self) -> MemoryPicture | None:
        """Give the picture on screen where it is no file yet."""
        return memory_picture(self._controller.report, self._controller.session.picture)

    def save_picture(self) -> None:
        """Save a picture that is no file yet."""
        picture = self.memory_picture()
        if picture is not None:
            self._exporter.ask_picture(picture)

    def copy_markdown(self) -> None:
        """Copy the comparison and its causes as Markdown."""
        if self._controller.report is not None:
            explanation = self._controller.explainer.explanation
            self._exporter.copy_markdown(self._controller.report, explanation)

    def apply_proposal(self, proposal: Proposal) -> None:
        """Set both sides as a proposal to close the gap says."""
        from inspector.core.causes.closing import applied

        explanation = self._controller.explainer.explanation
        if explanation is None:
            return
        result = explanation.result
        self._controller.apply_settings(
            applied(proposal.left, result.left.settings, result.pair.left),
            applied(proposal.right, result.right.settings, result.pair.right),
        )

    def export(self, kind: str) -> None:
        """Save the comparison."""
        if self._controller.report is not None:
            self._exporter.ask(self._controller.report, kind)

    def set_export_scale(self, scale: int) -> None:
        """Choose how large pictures are exported."""
        self._settings.export_scale = scale
        self.changed.emit()

    def set_export_theme(self, theme: str) -> None:
        """Choose the colours of exported figures."""
        self._settings.export_theme = theme
        self.changed.emit()

    def set_scheme(self, scheme: str) -> None:
        """Choose the colours of the window."""
        self._settings.scheme = scheme
        self._scheme.choose(scheme)
        self.changed.emit()

    def change_top(self, step: int) -> None:
        """Show more or fewer classes in the bar plots."""
        wanted = min(max(self._settings.top + step, 1), MAX_TOP)
        self._settings.top = wanted
        self.top_changed.emit(wanted)

    def flip(self) -> None:
        """Change between what left and what right sees."""
        self._window.panel.flip()

    def show_picture_tab(self, tab: int) -> None:
        """Show a tab of the picture panel."""
        self._window.panel.show_tab(Tab(tab))

    def show_plot_tab(self, tab: int) -> None:
        """Show a tab under the bar plots."""
        self._window.plots.tabs.setCurrentIndex(tab)

    def zoom_in(self) -> None:
        """Enlarge the picture."""
        self._window.panel.view.zoom_in()

    def zoom_out(self) -> None:
        """Shrink the picture."""
        self._window.panel.view.zoom_out()

    def zoom_fit(self) -> None:
        """Show the whole picture."""
        self._window.panel.view.fit()

    def find_class(self) -> None:
        """Go to the line that searches the classes."""
        search = self._window.plots.views.get("search")
        if search is not None:
            search.setFocus()

    def clear_class(self) -> None:
        """Mark no class."""
        self._controller.select_class(None)

    def dismiss_message(self) -> None:
        """Take the message on show away."""
        self._window.messages.dismiss_shown()
        self.changed.emit()

    def toggle_stages(self) -> None:
        """Show or hide the stages dock."""
        dock = self._window.stages_dock
        dock.setVisible(dock.isHidden())

    def show_help(self) -> None:
        """Show every command with its keys."""
        self._show_sheet(
            "Help", lambda words: help_html(self._scheme.palette, words), (780, 640), searched=True
        )

    def show_about(self) -> None:
        """Show what this is, and the versions."""
        self._show_sheet(
            "About Twin Inspector", lambda _: about_html(self.engine_versions), (460, 360)
        )

    def quit(self) -> None:
        """Close the window."""
        self._window.close()

    def _show_sheet(
        self,
        title: str,
        page: Callable[[str], str],
        size: tuple[int, int],
        searched: bool = False,
    ) -> None:
        if self._sheet is not None:
            self._sheet.close()
            self._sheet.deleteLater()
        self._sheet = Sheet(title, page, size, self._window, searched)
        self._scheme.changed.connect(self._sheet.write_again)
        self._sheet.show()

    def _file_dialog(self, title: str, endings: str) -> QFileDialog:
        dialog = QFileDialog(self._window, title, self._settings.last_folder, endings)
        dialog.finished.connect(dialog.deleteLater)
        dialog.directoryEntered.connect(self._entered)
        return dialog

    def _entered(self, folder: str) -> None:
        self._settings.last_folder = folder

    def _opened(self, paths: tuple[str, ...]) -> None:
        if paths:
            first = Path(paths[0])
            self._settings.last_folder = str(first if first.is_dir() else first.parent)
            self._opener.open_paths(paths)
