"""Small pictures for the table, made off the GUI thread; the last few hundred are kept."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QIODevice,
    QObject,
    QRunnable,
    QSize,
    Qt,
    QThreadPool,
    Signal,
)
from PySide6.QtGui import QImage, QImageReader

from inspector.core.errors import InspectorError
from inspector.sweep.item_bytes import read_item_bytes

if TYPE_CHECKING:
    from inspector.sweep.rows import SweepItem, SweepRow

SIDE = 36
"""Largest width and height, in pixels."""

KEPT = 600
MOST_WAITING = 120


class Thumbnails(QObject):
    """Gives small pictures of rows, or None and `ready` later; what cannot be read stays None."""

    ready = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._images: OrderedDict[str, QImage | None] = OrderedDict()
        self._waiting: OrderedDict[str, SweepItem] = OrderedDict()
        self._made = _Made(self)
        self._made.made.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._working = False
        self._closed = False

    def image(self, row: SweepRow) -> QImage | None:
        """Give the small picture of a row, None while there is none."""
        path = row.item.path
        if path in self._images:
            self._images.move_to_end(path)
            return self._images[path]
        if not row.error:
            self._waiting[path] = row.item
            self._waiting.move_to_end(path)
            while len(self._waiting) > MOST_WAITING:
                self._waiting.popitem(last=False)
            self._work()
        return None

    def close(self) -> None:
        """Stop, and wait for the picture at work."""
        self._closed = True
        self._waiting.clear()
        self._pool.clear()
        self._pool.waitForDone()

    def _work(self) -> None:
        if self._waiting and not self._working and not self._closed:
            self._working = True
            _, item = self._waiting.popitem()
            self._pool.start(_Job(item, self._made))

    def _take(self, path: str, image: QImage | None) -> None:
        self._working = False
        self._images[path] = image
        while len(self._images) > KEPT:
            self._images.popitem(last=False)
        self.ready.emit()
        self._work()


class _Made(QObject):
    made = Signal(object, object)  # a str of Qt would lose bytes that are no UTF-8


class _Job(QRunnable):
    def __init__(self, item: SweepItem, made: _Made) -> None:
        super().__init__()
        self._item = item
        self._made = made

    def run(self) -> None:
        self._made.made.emit(self._item.path, small_picture(self._item, SIDE))


def small_picture(item: SweepItem, side: int) -> QImage | None:
    """Read a picture no larger than `side` pixels either way; None where it cannot be read."""
    try:
        data = read_item_bytes(item)
    except (InspectorError, OSError):
        return None
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(False)
    size = reader.size()
    if size.isValid():
        reader.setScaledSize(size.scaled(QSize(side, side), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        return None
    if max(image.width(), image.height()) > side:
        image = image.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio)
    return image
