"""Saving, copying and dragging out the comparison on screen; the work is off the GUI thread."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, QStandardPaths, Qt, QTemporaryDir, QUrl, Signal
from PySide6.QtGui import QDrag, QGuiApplication, QImage, QPixmap
from PySide6.QtWidgets import QFileDialog

from inspector.core.features.result import FeatureResult
from inspector.core.files import write_bytes
from inspector.core.palette import PALETTES
from inspector.gui.memory_picture import with_file_name
from inspector.gui.theme import current_palette

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from inspector.core.features.kinds import AnyExplanation, AnyResult
    from inspector.core.pairs import Side
    from inspector.gui.jobs import Jobs
    from inspector.gui.memory_picture import MemoryPicture
    from inspector.gui.settings import Settings

KINDS = {
    "png": "PNG picture (*.png)",
    "svg": "SVG drawing (*.svg)",
    "pdf": "PDF document (*.pdf)",
    "json": "JSON numbers (*.json)",
    "csv": "CSV table (*.csv)",
}
FIGURES = ("png", "svg", "pdf")
THUMBNAIL_WIDTH = 320


@dataclass(frozen=True, slots=True)
class FigureStyle:
    """How figures are drawn: enlargement, scheme, classes per side."""

    scale: int
    theme: str
    top: int


def default_name(result: AnyResult, kind: str) -> str:
    """Give ``<picture>-<pair>.<kind>`` without characters that a file name cannot have."""
    stem = f"{Path(result.picture.name).stem}-{result.pair.id}"
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]+', "_", stem) + f".{kind}"


def write_export(result: AnyResult, path: str, style: FigureStyle) -> str:
    """Write a result to a file; its suffix says how. Gives the path back."""
    if Path(path).suffix.lower() in {".json", ".csv"}:
        from inspector.core.reports.numbers_export import export_numbers

        export_numbers(result, Path(path), top=style.top)
    else:
        from inspector.figure.export import export_figure

        export_figure(result, path, scale=style.scale, theme=style.theme, top=style.top)
    return path


def write_picture(picture: MemoryPicture, path: str) -> str:
    """Write a picture's own bytes to a file. Gives the path back."""
    write_bytes(path, picture.data)
    return path


def draw_figure(result: AnyResult, style: FigureStyle) -> QImage:
    """Draw the figure of a result."""
    from inspector.figure.export import figure_image

    return figure_image(result, PALETTES[style.theme], style.scale, style.top)


def numbers_table(result: AnyResult) -> str:
    """Give every class or dimension as a tab-separated table with a header, as sheets paste it."""
    from inspector.core.reports.feature_aware import any_csv

    rows = csv.reader(io.StringIO(any_csv(result), newline=""))
    return "".join("\t".join(cell.replace("\t", " ") for cell in row) + "\n" for row in rows)


class Exporter(QObject):
    """Saves, copies and drags out what is on screen."""

    told = Signal(str)
    """What was done, for the status line."""
    written = Signal(str)
    """Path of a file that was written."""

    def __init__(self, window: QWidget, jobs: Jobs, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._jobs = jobs
        self._settings = settings
        self._folder: QTemporaryDir | None = None
        self._dialog: QFileDialog | None = None
        self._dragged: tuple[AnyResult, str] | None = None
        self._drag_wanted = False

    @property
    def dialog(self) -> QFileDialog | None:
        """The file dialog that is open."""
        return self._dialog

    def style(self) -> FigureStyle:
        """Give how figures are drawn now."""
        theme = self._settings.export_theme
        name = current_palette().name if theme == "window" else theme
        return FigureStyle(self._settings.export_scale, name, self._settings.top)

    def ask(self, result: AnyResult, kind: str) -> None:
        """Ask where to save, in a dialog that stops nothing else, then save."""
        folder = self._settings.export_folder or _pictures_folder()
        dialog = self._save_dialog("Export", folder, KINDS[kind])
        dialog.setDefaultSuffix(kind)
        dialog.selectFile(default_name(result, kind))
        dialog.fileSelected.connect(lambda path: self.save(result, path))
        dialog.open()

    def save(self, result: AnyResult, path: str) -> None:
        """Save to a path; its folder is offered the next time."""
        self._settings.export_folder = str(Path(path).parent)
        style = self.style()
        self._jobs.run(lambda: write_export(result, path, style), self._saved)

    def ask_picture(self, picture: MemoryPicture) -> None:
        """Ask where to save a picture that is no file yet, then write it as it came."""
        folder = self._settings.last_folder or _pictures_folder()
        ending = Path(picture.name).suffix
        dialog = self._save_dialog("Save picture", folder, f"Picture (*{ending});;All files (*)")
        dialog.setDefaultSuffix(ending.removeprefix("."))
        dialog.selectFile(picture.name)
        dialog.fileSelected.connect(lambda path: self.save_picture(picture, path))
        dialog.open()

    def save_picture(self, picture: MemoryPicture, path: str) -> None:
        """Write a picture's own bytes to a path; its folder is offered the next time."""
        self._settings.last_folder = str(Path(path).parent)
        self._jobs.run(lambda: write_picture(picture, path), self._saved)

    def copy_figure(self, result: AnyResult) -> None:
        """Put the figure on the clipboard as an image."""
        style = self.style()
        self._jobs.run(lambda: draw_figure(result, style), self._copied)

    def copy_numbers(self, result: AnyResult) -> None:
        """Put every class or dimension on the clipboard as a tab-separated table."""
        QGuiApplication.clipboard().setText(numbers_table(result))
        count = result.comparison.left.size
        what = "dimensions" if isinstance(result, FeatureResult) else "classes"
        self.told.emit(
            f"Copied {count} {what} as a tab-separated table; paste it into a spreadsheet"
        )

    def copy_python(self, result: AnyResult, side: Side | None) -> None:
        """Put a script on the clipboard that gives one side's numbers, or both for None."""
        from inspector.core.script.python_script import result_script

        whose = "both sides" if side is None else f"the {side} side"
        told = f"Copied a Python script that gives the numbers of {whose}"
        if result.picture.path is None:
            result = with_file_name(result)
            told += f"; save the picture beside it first, as {result.picture.name} (File menu)"
        QGuiApplication.clipboard().setText(result_script(result, side))
        self.told.emit(told)

    def copy_markdown(self, result: AnyResult, explanation: AnyExplanation | None) -> None:
        """Put a report on the clipboard, with the causes where they are known."""
        from inspector.core.reports.feature_aware import any_markdown

        QGuiApplication.clipboard().setText(any_markdown(result, explanation))
        causes = "with its causes" if explanation else "without its causes, not measured yet"
        self.told.emit(f"Copied the comparison as Markdown, {causes}; paste it into an issue")

    def prepare_drag(self, result: AnyResult) -> None:
        """Draw the figure into a temporary file: a drag may follow."""
        self._drag_wanted = False
        if self._dragged is not None and self._dragged[0] is result:
            return
        self._dragged = None
        path = str(Path(self._temporary_folder()) / default_name(result, "png"))
        style = self.style()
        self._jobs.run(
            lambda: write_export(result, path, style), lambda done: self._drawn(result, done)
        )

    def start_drag(self) -> None:
        """Begin the drag, now or as soon as the figure is drawn."""
        self._drag_wanted = True
        if self._dragged is not None:
            self._drag()

    def close(self) -> None:
        """Remove the temporary files."""
        if self._folder is not None:
            self._folder.remove()
            self._folder = None

    def drag_data(self, path: str) -> QMimeData:
        """Give what is dragged: the file, and the image for programs that take no files."""
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(path)])
        mime.setImageData(QImage(path))
        return mime

    def _drawn(self, result: AnyResult, path: str) -> None:
        self._dragged = (result, path)
        held = QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton
        if self._drag_wanted and held:
            self._drag()

    def _drag(self) -> None:
        self._drag_wanted = False
        if self._dragged is None:
            return
        drag = QDrag(self._window)
        mime = self.drag_data(self._dragged[1])
        drag.setMimeData(mime)
        smooth = Qt.TransformationMode.SmoothTransformation
        drag.setPixmap(QPixmap(self._dragged[1]).scaledToWidth(THUMBNAIL_WIDTH, smooth))
        drag.exec(Qt.DropAction.CopyAction)

    def _save_dialog(self, title: str, folder: str, endings: str) -> QFileDialog:
        dialog = QFileDialog(self._window, title, folder, endings)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._forget_dialog)
        self._dialog = dialog
        return dialog

    def _saved(self, path: str) -> None:
        self.told.emit(f"Saved {path}")
        self.written.emit(path)

    def _copied(self, image: QImage) -> None:
        QGuiApplication.clipboard().setImage(image)
        self.told.emit("Copied the figure as an image")

    def _forget_dialog(self) -> None:
        self._dialog = None

    def _temporary_folder(self) -> str:
        if self._folder is None:
            self._folder = QTemporaryDir()
        return self._folder.path()


def _pictures_folder() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
