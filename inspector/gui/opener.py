"""Brings pictures in: files, folders, drops, pastes, and the walk through a folder."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader

from inspector.core.errors import PictureError
from inspector.core.picture import PictureSource
from inspector.gui import drops
from inspector.gui.drops import PAIR_SUFFIX, RUN_SUFFIXES, SWEEP_SUFFIXES
from inspector.gui.folder_walk import Walk, walk_of

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData

    from inspector.core.features.kinds import AnyResult
    from inspector.gui.controller import Controller
    from inspector.gui.jobs import Jobs

PREVIEW_SIDE = 1600
"""Most pixels a side of the preview that is shown until the engine has read the picture."""


class Opener(QObject):
    """Opens what the user brings; of two drops in a row the newest wins."""

    failed = Signal(object)
    """InspectorError."""
    previewed = Signal(QImage, str)
    """A quick look at a picture that is not compared yet, and its name."""
    walk_changed = Signal()
    pair_file_given = Signal(str)
    run_file_given = Signal(str)
    sweep_given = Signal(str)
    """An archive of pictures, which only a sweep can go through."""
    folder_opened = Signal(str, object)
    """A folder was opened; the Walk through it."""

    def __init__(self, controller: Controller, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._jobs = jobs
        self._walk = self._compared = Walk()
        self._result: AnyResult | None = None
        self._turn = 0
        self._unwanted = threading.Event()
        controller.result_changed.connect(self._note_compared)
        controller.cancelled.connect(self._take_back)

    @property
    def walk(self) -> Walk:
        """The pictures that the arrow keys go through."""
        return self._walk

    @property
    def place(self) -> Walk:
        """The walk, standing at the picture that is set; empty where that is not in it."""
        picture = self._controller.session.picture
        path = picture.path if picture is not None else None
        return self._walk.at(path) if path in self._walk.paths and path is not None else Walk()

    def close(self) -> None:
        """Give up what is still being read."""
        self._begin()

    def open_source(self, source: PictureSource) -> None:
        """Compare a picture; a file's folder becomes the walk."""
        if source.path is not None:
            self.open_paths((source.path,))
        else:
            self._begin()
            self._set_walk(Walk())
            self._controller.set_picture(source)

    def open_paths(self, paths: tuple[str, ...]) -> None:
        """Compare the first of several files or of a folder; the others become the walk."""
        turn = self._begin()
        if len(paths) == 1 and paths[0].lower().endswith(PAIR_SUFFIX):
            self.pair_file_given.emit(paths[0])
            return
        for suffixes, given in (
            (RUN_SUFFIXES, self.run_file_given),
            (SWEEP_SUFFIXES, self.sweep_given),
        ):
            if len(paths) == 1 and paths[0].lower().endswith(suffixes):
                given.emit(paths[0])
                return
        if len(paths) == 1 and os.path.isfile(paths[0]):
            path = PictureSource.from_path(paths[0]).path or paths[0]
            alone = Walk((path,))
            self._set_walk(alone)
            self._compare(path)
            self._jobs.run(lambda: walk_of(paths), lambda walk: self._surround(alone, walk))
            return
        unwanted = self._unwanted
        self._jobs.run(
            lambda: walk_of(paths, unwanted), lambda walk: self._arrive(turn, walk, paths)
        )

    def open_drop(self, mime: QMimeData) -> None:
        """Compare what was dropped or pasted, or say why that cannot be."""
        found = drops.read_drop(mime)
        if isinstance(found, drops.DroppedPaths):
            self.open_paths(found.paths)
        elif isinstance(found, drops.DroppedImage):
            self.open_image(found.image, found.name)
        elif isinstance(found, drops.DroppedData):
            self.open_data(found.data, found.name)
        elif isinstance(found, drops.DroppedAddress):
            self.failed.emit(drops.address_error(found))
        else:
            self.failed.emit(drops.nothing_error())

    def open_image(self, image: QImage, name: str) -> None:
        """Compare an image from memory; it is encoded on another thread."""
        turn = self._begin()
        self.previewed.emit(image, name)
        self._jobs.run(
            lambda: PictureSource(name, data=encode_png(image)),
            lambda source: self._encoded(turn, source),
        )

    def open_data(self, data: bytes, name: str) -> None:
        """Compare a picture file from memory."""
        turn = self._begin()
        self._set_walk(Walk())
        self._controller.set_picture(PictureSource(name, data=data))
        self._jobs.run(
            lambda: QImage.fromData(data), lambda image: self._preview(turn, image, name)
        )

    def step(self, places: int) -> None:
        """Walk to another picture."""
        if len(self._walk) < 2:
            return
        self._begin()
        self._set_walk(self._walk.moved(places))
        if self._walk.current is not None:
            self._compare(self._walk.current)

    def _note_compared(self, result: AnyResult | None) -> None:
        if result is not self._result:  # it is told again where something was given up
            self._result, self._compared = result, self._walk

    def _take_back(self) -> None:
        """Walk again what was walked before the picture that was given up.

        The first picture stays, for there is none before it, and its walk with it.
        """
        self._begin()
        if self._result is not None:
            self._set_walk(self._compared)

    def _begin(self) -> int:
        """Drop what was asked for before, and count a turn."""
        self._unwanted.set()
        self._unwanted = threading.Event()
        self._turn += 1
        return self._turn

    def _compare(self, path: str) -> None:
        turn = self._turn
        self._controller.set_picture(PictureSource.from_path(path))
        self._jobs.run(lambda: read_preview(path), lambda image: self._preview(turn, image, path))

    def _arrive(self, turn: int, walk: Walk, paths: tuple[str, ...]) -> None:
        if turn == self._turn and walk.current is not None:
            self._set_walk(walk)
            self._compare(walk.current)
            if len(paths) == 1:
                self.folder_opened.emit(paths[0], walk)

    def _surround(self, alone: Walk, walk: Walk) -> None:
        """Let a file's folder take the place of the file alone, wherever that is still walked."""
        if self._compared is alone:
            self._compared = walk
        if self._walk is alone:
            self._set_walk(walk)

    def _encoded(self, turn: int, source: PictureSource) -> None:
        if turn == self._turn:
            self._set_walk(Walk())
            self._controller.set_picture(source)

    def _preview(self, turn: int, image: QImage, path: str) -> None:
        if turn == self._turn and self._controller.is_busy and not image.isNull():
            self.previewed.emit(image, Path(path).name)

    def _set_walk(self, walk: Walk) -> None:
        self._walk = walk
        self.walk_changed.emit()


def encode_png(image: QImage) -> bytes:
    """Encode an image as PNG; fast rather than small.

    Raises
    ------
    PictureError
        Where Qt cannot encode it.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "PNG", 80):  # type: ignore[call-overload]
        raise PictureError("The pasted image could not be read.", "Save it as a file and open it.")
    return bytes(buffer.data().data())


def read_preview(path: str) -> QImage:
    """Read a picture with Qt, as stored, at most `PREVIEW_SIDE` a side; null where it cannot."""
    reader = QImageReader(path)
    reader.setAutoTransform(False)
    size = reader.size()
    if size.isValid() and max(size.width(), size.height()) > PREVIEW_SIDE:
        room = QSize(PREVIEW_SIDE, PREVIEW_SIDE)
        reader.setScaledSize(size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()
