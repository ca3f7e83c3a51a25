"""Sweeps as the main window sees them: new ones, runs that are opened, and the way back."""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_data_dir
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from inspector.core.catalogue import shipped_pairs
from inspector.core.errors import InspectorError, UsageError
from inspector.core.modes import MODE_IDS, OWN, find_mode
from inspector.core.pair_writer import pair_text, save_pair
from inspector.core.pairs import OutputKind, Side, parse_pairs
from inspector.core.paths import APPLICATION
from inspector.core.picture import PictureSource
from inspector.gui.drops import RUN_SUFFIXES
from inspector.gui.jobs import Jobs
from inspector.gui.sweep.runner import SweepWish
from inspector.gui.sweep.start_dialog import StartDialog
from inspector.gui.sweep.window import SweepWindow
from inspector.session import CUSTOM

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from inspector.core.pairs import PairSpec
    from inspector.core.palette import Palette
    from inspector.gui.controller import Controller
    from inspector.gui.scheme import SchemeKeeper
    from inspector.gui.settings import Settings
    from inspector.sweep.rows import RunInfo, SweepRow


class SweepDesk(QObject):
    """Begins sweeps, opens run files, and shows their pictures in the main window."""

    failed = Signal(object)
    """InspectorError."""

    def __init__(
        self,
        window: QWidget,
        controller: Controller,
        settings: Settings,
        scheme: SchemeKeeper,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._controller = controller
        self._settings = settings
        self._scheme = scheme
        self.windows: list[SweepWindow] = []
        self.dialog: StartDialog | None = None
        self._jobs = Jobs(self)
        self._jobs.failed.connect(self.failed)
        self._wanted: SweepRow | None = None
        scheme.changed.connect(self._set_palette)

    def ask_new(self, pictures: str = "") -> None:
        """Ask what a new sweep shall do; it takes pair and modes of the window."""
        session = self._controller.session
        try:
            require_scores(session.pair)
            pair = pair_argument(session.pair)
        except InspectorError as error:
            self.failed.emit(error)
            return
        choices = {side: session.choices.side(side).mode for side in Side}
        wish = SweepWish(
            pictures=pictures or self._settings.last_folder,
            run="",
            pair=pair,
            left_mode=_named(choices[Side.LEFT]),
            right_mode=_named(choices[Side.RIGHT]),
            apply_exif=session.choices.apply_exif,
        )
        about = about_wish(session.pair, wish, CUSTOM in choices.values())
        dialog = self._ask(wish, about, self._window)
        dialog.started.connect(lambda wanted: self.begin(wanted, about))

    def begin(self, wish: SweepWish, about: str = "") -> None:
        """Begin a sweep in a window of its own; `about` says pair and modes in words."""
        window = self._show(SweepWindow(Path(wish.run), self._scheme.palette, wish))
        window.change_wanted.connect(lambda: self._ask_again(window, wish, about))
        window.begin()

    def _ask_again(self, window: SweepWindow, wish: SweepWish, about: str) -> None:
        """Ask once more for a sweep that could not begin; a new one takes its window's place."""
        dialog = self._ask(wish, about, window)
        dialog.started.connect(window.close)
        dialog.started.connect(lambda wanted: self.begin(wanted, about))

    def _ask(self, wish: SweepWish, about: str, parent: QWidget) -> StartDialog:
        folder = self._settings.last_folder
        dialog = StartDialog(wish, about, folder, self._scheme.palette, self._jobs, parent)
        dialog.run_wanted.connect(self.open_run)
        dialog.finished.connect(dialog.deleteLater)
        dialog.finished.connect(lambda: self._forget_dialog(dialog))
        self.dialog = dialog
        dialog.open()
        return dialog

    def _forget_dialog(self, dialog: StartDialog) -> None:
        if self.dialog is dialog:
            self.dialog = None

    def ask_run(self) -> None:
        """Ask for a run file."""
        endings = " ".join(f"*{suffix}" for suffix in RUN_SUFFIXES)
        dialog = QFileDialog(
            self._window, "Open run", self._settings.last_folder, f"Run files ({endings})"
        )
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.open_run)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def open_run(self, path: str) -> None:
        """Show a run file."""
        self._show(SweepWindow(Path(path), self._scheme.palette))

    def close(self) -> None:
        """Close every window of a sweep; runs that go on are stopped, and can be resumed."""
        for window in tuple(self.windows):
            window.close()
        if self.dialog is not None:
            self.dialog.reject()
        self._jobs.close()

    def compare(self, info: RunInfo, row: SweepRow) -> None:
        """Show a picture of a run in the main window, with the run's pair and modes.

        It is shown once it is read, where it lies inside an archive; the row asked for last wins.
        """
        try:
            pair = pair_of_run(info)
        except InspectorError as error:
            self.failed.emit(error)
            return
        self._wanted = row
        self._jobs.run(
            partial(source_of, row), lambda source: self._show_picture(info, pair, row, source)
        )

    def _show_picture(
        self, info: RunInfo, pair: PairSpec, row: SweepRow, source: PictureSource
    ) -> None:
        if row is not self._wanted:
            return
        controller = self._controller
        controller.set_pair(pair)
        for side, settings in ((Side.LEFT, info.left_settings), (Side.RIGHT, info.right_settings)):
            mode = str(settings.get("mode", OWN))
            own = pair.release(side).mode
            controller.set_mode(side, mode if mode in MODE_IDS and mode != own else OWN)
        controller.set_picture(source)
        self._window.raise_()
        self._window.activateWindow()

    def _show(self, window: SweepWindow) -> SweepWindow:
        self.windows.append(window)
        window.compare_wanted.connect(self.compare)
        window.closed.connect(lambda: self._forget(window))
        window.show()
        return window

    def _forget(self, window: SweepWindow) -> None:
        if self.dialog is not None and self.dialog.parent() is window:
            self.dialog.reject()
        if window in self.windows:
            self.windows.remove(window)
            window.deleteLater()

    def _set_palette(self, palette: Palette) -> None:
        for window in self.windows:
            window.set_palette_scheme(palette)
        if self.dialog is not None:
            self.dialog.set_palette_scheme(palette)


def _named(mode: str) -> str:
    return OWN if mode == CUSTOM else mode


def about_wish(pair: PairSpec, wish: SweepWish, has_custom: bool) -> str:
    """Say which pair and modes a sweep takes over from the window."""
    modes = [
        f"{side.capitalize()}: {mode_title(pair, side, getattr(wish, f'{side}_mode'))}"
        for side in Side
    ]
    lines = [pair.title, " · ".join(modes)]
    if wish.apply_exif:
        lines.append("EXIF orientation is applied.")
    if has_custom:
        lines.append("Stages that were set by hand are left out: a sweep takes named modes only.")
    return "\n".join(lines)


def mode_title(pair: PairSpec, side: Side, mode: str) -> str:
    """Write a mode as the menus do, such as ``Own (Keras)``."""
    own = pair.release(side).mode
    return f"Own ({find_mode(own).title})" if mode in {OWN, own} else find_mode(mode).title


def require_scores(pair: PairSpec) -> None:
    """Refuse a pair that has no classes to count.

    Raises
    ------
    UsageError
        Where a side gives features.
    """
    if OutputKind.FEATURES in {pair.left.output, pair.right.output}:
        raise UsageError(
            f"{pair.title} gives features, and a sweep compares class scores.",
            "Choose a pair of classifiers for a sweep; single pictures can be compared as they "
            "are.",
        )


def pair_argument(pair: PairSpec) -> str:
    """Give what names a pair on the command line; a pair of a file is written out as it is now.

    Raises
    ------
    ExportError
        Where it cannot be written.
    """
    if pair in shipped_pairs():
        return pair.id
    folder = Path(user_data_dir(APPLICATION)) / "pairs"
    digest = hashlib.sha256(pair_text(pair, folder).encode("utf-8")).hexdigest()
    path = folder / f"{digest[:16]}.toml"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        save_pair(path, pair, force=True)
    return str(path)


def pair_of_run(info: RunInfo) -> PairSpec:
    """Give the pair that a run was made with.

    Raises
    ------
    PairFileError
        Where it is written in a way that is not known here.
    """
    (pair,) = parse_pairs({"pair": [dict(info.pair)]}, Path.cwd(), f"the run of {info.listed}")
    shipped = (known for known in shipped_pairs() if known.id == pair.id)
    return next((known for known in shipped if _same(known, pair)), pair)


def _same(a: PairSpec, b: PairSpec) -> bool:
    return all(a.release(side).source == b.release(side).source for side in Side)


def source_of(row: SweepRow) -> PictureSource:
    """Give where a row's picture is read from; one inside an archive is read here.

    Raises
    ------
    PictureError
        Where it is gone, or cannot be read.
    """
    from inspector.sweep.archive import split_member
    from inspector.sweep.item_bytes import read_item_bytes

    if split_member(row.item.path) is None:
        return PictureSource.from_path(row.item.path)
    return PictureSource(Path(row.item.path).name, data=read_item_bytes(row.item))
