"""The picture, what each side sees of it, and the difference: one view behind four tabs."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QStyle,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.core.input_views import SAME_LEVELS, orient, view_difference, view_input
from inspector.core.modes import find_mode
from inspector.core.pairs import Side
from inspector.core.palette import LIGHT
from inspector.gui.picture_badges import picture_badges
from inspector.gui.picture_view import PictureView, to_qimage
from inspector.session import CUSTOM

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent, QObject
    from PySide6.QtGui import QResizeEvent

    from inspector.core.features.kinds import AnyResult
    from inspector.core.palette import Palette
    from inspector.core.picture import PictureInfo
    from inspector.core.result import SideResult

HINT = "Drop a picture here — or paste, or Open"
NOT_YET = "This shows once the picture has been compared."
SIZES_DIFFER = (
    "The two models take inputs of different sizes, so there is no difference pixel by pixel."
)

SAME_INPUTS = "The two model inputs are the same: there is no difference to draw."
SAME_PIXELS = (
    "The two models are given the same pixels, so there is no difference to draw; how they are "
    "scaled differs."
)

SIDE_MARGIN = 6
SCALING_DIFFERS = " · without the scaling, which differs too"


class Tab(IntEnum):
    """The tabs, in their order."""

    PICTURE = 0
    LEFT = 1
    RIGHT = 2
    DIFFERENCE = 3


SHORT_TITLES = {Tab.LEFT: "Left", Tab.RIGHT: "Right"}
"""Titles where the room is narrow; the tooltip says the rest."""

TAB_TITLES = {
    Tab.PICTURE: ("Picture", "The picture as it was given"),
    Tab.LEFT: ("Left sees", "What the left model receives; Space flips left and right"),
    Tab.RIGHT: ("Right sees", "What the right model receives; Space flips left and right"),
    Tab.DIFFERENCE: ("Difference", "How far the two model inputs are apart, pixel by pixel"),
}


class PicturePanel(QWidget):
    """Shows a picture at once, and what the models see of it as soon as a result is there."""

    exif_toggled = Signal(bool)
    tab_changed = Signal(int)
    step_wanted = Signal(int)
    """Go so many places on in the folder."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._palette = LIGHT
        self._result: AnyResult | None = None
        self._preview = QImage()
        self._preview_name = ""
        self._apply_exif = False
        self._stale = False
        self._hint_wanted = False
        self.setAccessibleName("Picture panel")
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("What is shown of the picture")
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for tab, (title, tip) in TAB_TITLES.items():
            self.tabs.setTabToolTip(self.tabs.addTab(title), tip)
            self.tabs.setTabData(int(tab), int(tab))
        self.tabs.currentChanged.connect(self._on_tab)
        self.view = PictureView()
        self.view.installEventFilter(self)
        self._caption = QLabel()
        self._caption.setTextFormat(Qt.TextFormat.PlainText)
        self._caption.setWordWrap(True)
        self.badges = QLabel()
        self.badges.setTextFormat(Qt.TextFormat.PlainText)
        self.badges.setWordWrap(True)
        self.place = QLabel()
        self.place.setTextFormat(Qt.TextFormat.PlainText)
        self.place.setAccessibleName("Place in the folder")
        self.previous_button = self._step_button("‹", -1, "Previous picture of the folder (←)")
        self.next_button = self._step_button("›", 1, "Next picture of the folder (→)")
        self.exif_switch = QCheckBox("Apply EXIF orientation")
        self.exif_switch.setToolTip(
            "Keras, TensorFlow and plain Pillow ignore it; this turns the picture for both sides"
        )
        self.exif_switch.toggled.connect(self.exif_toggled)
        self._hint = QLabel(HINT, self.view)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._hint.setObjectName("hint")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._arrange()
        self.set_place(0, 0)
        self._refresh()

    @property
    def tab(self) -> Tab:
        """The tab on show."""
        return Tab(self.tabs.currentIndex())

    @property
    def caption(self) -> str:
        """The line under the image."""
        return self._caption.text()

    @property
    def hint_shown(self) -> bool:
        """Whether the drop hint is asked to show."""
        return not self._hint.isHidden()

    def set_preview(self, image: QImage, name: str) -> None:
        """Show a picture that has not been compared yet."""
        self._preview, self._preview_name = image, name
        self._refresh()

    def set_place(self, position: int, count: int) -> None:
        """Show which picture of how many this is; nothing where there is no other to go to."""
        self.place.setText(f"{position + 1:,} of {count:,}")
        for part in (self.previous_button, self.place, self.next_button):
            part.setVisible(count > 1)

    def set_result(self, result: AnyResult | None) -> None:
        """Show a result's picture and model inputs."""
        self._result = result
        self._preview = QImage()
        self._refresh()

    def set_stale(self, stale: bool) -> None:
        """Show that the model inputs are those of the comparison before."""
        self._stale = stale
        self._caption.setEnabled(not stale)

    def set_apply_exif(self, apply: bool) -> None:
        """Show whether the EXIF orientation is applied."""
        self.exif_switch.blockSignals(True)
        self.exif_switch.setChecked(apply)
        self.exif_switch.blockSignals(False)
        if apply != self._apply_exif:
            self._apply_exif = apply
            self._refresh()

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self._palette = palette
        self.view.set_palette_scheme(palette)
        self._hint.setStyleSheet(
            f"#hint {{ background: {palette.panel}; color: {palette.text};"
            f" border: 1px dashed {palette.neutral}; border-radius: 6px; padding: 5px 12px; }}"
        )

    def show_hint(self, shown: bool) -> None:
        """Say, or no longer say, how to bring a picture."""
        self._hint_wanted = shown
        self._show_hint()

    def show_tab(self, tab: Tab) -> None:
        """Show a tab."""
        self.tabs.setCurrentIndex(int(tab))

    def flip(self) -> None:
        """Change between what left sees and what right sees."""
        self.show_tab(Tab.RIGHT if self.tab is Tab.LEFT else Tab.LEFT)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the hint at its place when the view changes its size."""
        if watched is self.view and event.type() is event.Type.Resize:
            self._place_hint()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let all four tabs be seen."""
        super().resizeEvent(event)
        self._fit_titles()

    def _fit_titles(self) -> None:
        room = self.width() - 2 * SIDE_MARGIN
        around = self.tabs.style().pixelMetric(QStyle.PixelMetric.PM_TabBarTabHSpace)
        metrics = self.tabs.fontMetrics()
        full = sum(metrics.horizontalAdvance(title) + around for title, _ in TAB_TITLES.values())
        for tab, (title, _) in TAB_TITLES.items():
            self.tabs.setTabText(int(tab), title if full <= room else SHORT_TITLES.get(tab, title))

    def _arrange(self) -> None:
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self._caption, 1)
        walk = QHBoxLayout()
        walk.setSpacing(4)
        for part in (self.previous_button, self.place, self.next_button):
            walk.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        below.addLayout(walk)
        below.setAlignment(walk, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(SIDE_MARGIN, 4, SIDE_MARGIN, 4)
        column.setSpacing(4)
        column.addWidget(self.tabs)
        column.addWidget(self.view, 1)
        column.addLayout(below)
        column.addWidget(self.badges)
        column.addWidget(self.exif_switch)

    def _step_button(self, sign: str, places: int, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(sign)
        button.setToolTip(tip)
        button.setAccessibleName(tip.partition(" (")[0])
        button.setFixedHeight(self.fontMetrics().height() + 4)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self.step_wanted.emit(places))
        return button

    def _on_tab(self, index: int) -> None:
        self._refresh()
        self._show_hint()
        self.tab_changed.emit(index)

    def _refresh(self) -> None:
        _DRAW[self.tab](self)
        self._refresh_badges()
        self.view.setAccessibleName(TAB_TITLES[self.tab][0])

    def _draw_picture(self) -> None:
        if not self._preview.isNull():
            self.view.set_image(self._preview)
            self._caption.setText(self._preview_name)
        elif self._result is None:
            self.view.set_sentence(HINT)
            self._caption.setText("")
        else:
            info = self._result.picture
            turn = info.exif_orientation if self._apply_exif else 1
            self.view.set_image(to_qimage(orient(self._result.preview, turn)))
            self._caption.setText(_picture_caption(info))

    def _draw_left(self) -> None:
        self._draw_side(Side.LEFT)

    def _draw_right(self) -> None:
        self._draw_side(Side.RIGHT)

    def _draw_side(self, side: Side) -> None:
        if self._result is None:
            self._say(NOT_YET)
            return
        seen = self._result.side(side)
        view = view_input(seen)
        self.view.set_image(to_qimage(view.image), crisp=True)
        height, width, _ = view.image.shape
        figures = "not all numbers are finite"
        if view.low is not None and view.high is not None and view.mean is not None:
            figures = f"min {view.low:.4g}, max {view.high:.4g}, mean {view.mean:.4g}"
        outside = f" · {view.clipped:.0%} outside the range" if view.clipped else ""
        self._caption.setText(f"{width} × {height} · {figures} · {_mode_title(seen)}{outside}")

    def _draw_difference(self) -> None:
        if self._result is None:
            self._say(NOT_YET)
            return
        difference = view_difference(self._result.left, self._result.right)
        if difference is None:
            self._say(SIZES_DIFFER)
            return
        if difference.largest < SAME_LEVELS:
            self._say(SAME_PIXELS if difference.scaling_differs else SAME_INPUTS)
            return
        self.view.set_image(to_qimage(difference.image), crisp=True)
        factor = "shown as it is" if difference.factor == 1 else f"shown × {difference.factor}"
        self._caption.setText(
            f"max {difference.largest:.3g}, mean {difference.mean:.3g} of 255 levels · {factor}"
            f"{SCALING_DIFFERS if difference.scaling_differs else ''}"
        )

    def _say(self, sentence: str) -> None:
        self.view.set_sentence(sentence)
        self._caption.setText("")

    def _refresh_badges(self) -> None:
        shown = self.tab is Tab.PICTURE and self._preview.isNull()
        result = self._result if shown else None
        turned = result is not None and result.picture.exif_orientation != 1
        self.badges.setText("" if result is None else " · ".join(picture_badges(result)))
        self.badges.setToolTip("" if result is None else "\n".join(result.picture.notes))
        self.badges.setVisible(bool(self.badges.text()))
        self.exif_switch.setVisible(turned or self._apply_exif)

    def _show_hint(self) -> None:
        self._hint.setVisible(self._hint_wanted and self.tab is Tab.PICTURE)
        self._place_hint()

    def _place_hint(self) -> None:
        self._hint.setWordWrap(False)
        wide = self._hint.sizeHint().width()
        width = max(1, min(wide, self.view.width() - 16))
        self._hint.setWordWrap(width < wide)
        height = (
            self._hint.heightForWidth(width) if width < wide else self._hint.sizeHint().height()
        )
        x = (self.view.width() - width) // 2
        self._hint.setGeometry(max(0, x), self.view.height() - height - 10, width, height)


_DRAW = {
    Tab.PICTURE: PicturePanel._draw_picture,
    Tab.LEFT: PicturePanel._draw_left,
    Tab.RIGHT: PicturePanel._draw_right,
    Tab.DIFFERENCE: PicturePanel._draw_difference,
}


def _picture_caption(info: PictureInfo) -> str:
    return f"{info.name} · {info.width} × {info.height} · {info.format}, {info.mode}"


def _mode_title(side: SideResult) -> str:
    mode = side.settings.mode
    return "Custom stages" if mode == CUSTOM else find_mode(mode).title
