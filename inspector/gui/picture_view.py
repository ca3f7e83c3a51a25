"""Shows one image: fitted to the room, with zoom and pan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from inspector.core.palette import LIGHT

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QMouseEvent, QPaintEvent, QWheelEvent

    from inspector.core.palette import Palette

MOST_ZOOM = 64.0
STEP = 1.25


def to_qimage(pixels: NDArray[np.uint8]) -> QImage:
    """Make an image of uint8 (height, width, 3) that owns its bytes."""
    height, width, _ = pixels.shape
    data = pixels.tobytes()
    return QImage(data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


class PictureView(QWidget):
    """An image on the panel's ground.

    The wheel zooms about the mouse, dragging pans, a double click fits again. Enlarged pixels stay
    sharp squares where `crisp` is on or they are shown larger than three screen pixels.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._palette = LIGHT
        self._crisp = False
        self._zoom = 1.0
        self._centre = QPointF(0.5, 0.5)
        self._grab: QPointF | None = None
        self._sentence = ""
        self.setAccessibleName("Picture")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def image(self) -> QImage:
        """What is shown; null where there is nothing."""
        return self._image

    @property
    def zoom(self) -> float:
        """Enlargement over the fitted size, 1 to `MOST_ZOOM`."""
        return self._zoom

    @property
    def sentence(self) -> str:
        """What is said instead of an image."""
        return self._sentence

    def set_image(self, image: QImage, crisp: bool = False) -> None:
        """Show an image; zoom and place are kept, so that two images can be flipped."""
        self._image, self._crisp, self._sentence = image, crisp, ""
        self.update()

    def set_sentence(self, sentence: str) -> None:
        """Say a sentence instead of showing an image."""
        self._image, self._sentence = QImage(), sentence
        self.setAccessibleDescription(sentence)
        self.update()

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self._palette = palette
        self.update()

    def zoom_in(self) -> None:
        """Enlarge by one step."""
        self._zoom_about(QRectF(self.rect()).center(), STEP)

    def zoom_out(self) -> None:
        """Shrink by one step."""
        self._zoom_about(QRectF(self.rect()).center(), 1 / STEP)

    def fit(self) -> None:
        """Show the whole image."""
        self._zoom, self._centre = 1.0, QPointF(0.5, 0.5)
        self.update()

    def image_rect(self) -> QRectF:
        """Give where the image lies, in the widget's coordinates."""
        if self._image.isNull():
            return QRectF()
        scale = self._scale()
        width, height = self._image.width() * scale, self._image.height() * scale
        return QRectF(
            self.width() / 2 - self._centre.x() * width,
            self.height() / 2 - self._centre.y() * height,
            width,
            height,
        )

    def sizeHint(self) -> QSize:
        """Ask for room for a picture."""
        return QSize(360, 270)

    def minimumSizeHint(self) -> QSize:
        """Ask for some room."""
        return QSize(120, 90)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the mouse."""
        turns = event.angleDelta().y() / 120
        if turns:
            self._zoom_about(event.position(), STEP**turns)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the image."""
        if event.button() is Qt.MouseButton.LeftButton and self._zoom > 1:
            self._grab = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan."""
        if self._grab is not None:
            self._move_by(event.position() - self._grab)
            self._grab = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of the image."""
        self._grab = None
        self.unsetCursor()
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show the whole image again."""
        self.fit()
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the image, or the sentence."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._palette.panel))
        if self._image.isNull():
            painter.setPen(QColor(self._palette.muted))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(16, 16, -16, -16), flags, self._sentence)
            return
        smooth = not self._crisp and self._scale() < 3
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(self.image_rect(), self._image)
        if self.hasFocus():
            painter.setPen(QColor(self._palette.left))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _scale(self) -> float:
        fitted = min(self.width() / self._image.width(), self.height() / self._image.height())
        return fitted * self._zoom

    def _zoom_about(self, point: QPointF, factor: float) -> None:
        if self._image.isNull():
            return
        before = self.image_rect()
        part = QPointF(
            (point.x() - before.x()) / before.width(), (point.y() - before.y()) / before.height()
        )
        self._zoom = min(max(self._zoom * factor, 1.0), MOST_ZOOM)
        after = self.image_rect()
        moved = QPointF(after.x() + part.x() * after.width(), after.y() + part.y() * after.height())
        self._move_by(point - moved)

    def _move_by(self, pixels: QPointF) -> None:
        place = self.image_rect()
        x = self._centre.x() - pixels.x() / place.width()
        y = self._centre.y() - pixels.y() / place.height()
        self._centre = QPointF(
            _kept(x, self.width() / place.width()), _kept(y, self.height() / place.height())
        )
        self.update()


def _kept(centre: float, shown: float) -> float:
    """Keep the view on the image: `shown` is the share of it that fits into the room."""
    if shown >= 1:
        return 0.5
    return min(max(centre, shown / 2), 1 - shown / 2)
