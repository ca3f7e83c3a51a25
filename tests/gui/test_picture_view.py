from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtGui import QColor

from inspector.core.preprocessing import Alpha, Orientation, ScaleRule
from inspector.gui.picture_badges import picture_badges
from inspector.gui.picture_panel import (
    SAME_INPUTS,
    SAME_PIXELS,
    SIZES_DIFFER,
    PicturePanel,
    Tab,
)
from inspector.gui.picture_view import PictureView, to_qimage
from tests.support.results import RIGHT, make_result

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def view(qtbot: QtBot) -> PictureView:
    made = PictureView()
    qtbot.addWidget(made)
    made.resize(200, 100)
    made.set_image(to_qimage(np.zeros((100, 100, 3), np.uint8)))
    return made


def test_pixels_become_an_image() -> None:
    pixels = np.zeros((2, 3, 3), np.uint8)
    pixels[1, 2] = (10, 20, 30)
    image = to_qimage(pixels)
    assert (image.width(), image.height()) == (3, 2)
    assert image.pixelColor(2, 1) == QColor(10, 20, 30)


def test_the_image_is_fitted(view: PictureView) -> None:
    assert view.image_rect().getRect() == (50, 0, 100, 100)


def test_zoom_and_fit(view: PictureView) -> None:
    for _ in range(5):
        view.zoom_in()
    assert view.zoom > 2
    assert view.image_rect().center().x() == pytest.approx(100)
    for _ in range(9):
        view.zoom_out()
    assert view.zoom == 1
    view.zoom_in()
    view.fit()
    assert view.image_rect().getRect() == (50, 0, 100, 100)


def test_flipping_keeps_the_zoom(view: PictureView) -> None:
    view.zoom_in()
    zoom = view.zoom
    view.set_image(to_qimage(np.ones((50, 50, 3), np.uint8)), crisp=True)
    assert view.zoom == zoom


@pytest.fixture
def panel(qtbot: QtBot) -> PicturePanel:
    made = PicturePanel()
    qtbot.addWidget(made)
    made.set_result(make_result())
    return made


def test_captions(panel: PicturePanel) -> None:
    assert panel.caption == "golf_ball.jpg · 640 × 480 · JPEG, RGB"
    panel.show_tab(Tab.LEFT)
    assert panel.caption.startswith("32 × 32 · min -1, max 1, mean ")
    assert panel.caption.endswith(" · Keras")
    panel.show_tab(Tab.DIFFERENCE)
    assert "max 5.1, mean 4.9" in panel.caption
    assert "shown × " in panel.caption


def test_inputs_of_different_sizes_are_said(panel: PicturePanel) -> None:
    result = make_result()
    smaller = replace(result.right, model_input=result.right.model_input[:16])
    panel.set_result(replace(result, right=smaller))
    panel.show_tab(Tab.DIFFERENCE)
    assert panel.view.sentence == SIZES_DIFFER


def test_tabs_before_the_first_result(qtbot: QtBot) -> None:
    panel = PicturePanel()
    qtbot.addWidget(panel)
    for tab in Tab:
        panel.show_tab(tab)
        assert panel.view.sentence


def test_badges_say_what_was_done() -> None:
    result = make_result()
    assert picture_badges(result) == ()
    odd = replace(result.picture, exif_orientation=6, frames=12, has_alpha=True, mode="CMYK")
    assert picture_badges(replace(result, picture=odd)) == (
        "EXIF orientation 6 (a quarter turn right): ignored by both",
        "Animated, first of 12 frames",
        "Transparency: dropped by both",
        "CMYK",
    )


def test_badges_tell_the_sides_apart() -> None:
    result = make_result()
    settings = result.right.settings
    stages = replace(
        settings.preprocessing,
        orient=Orientation.EXIF,
        decode=replace(settings.preprocessing.decode, alpha=Alpha.WHITE),
    )
    right = replace(result.right, settings=replace(settings, preprocessing=stages))
    odd = replace(result.picture, exif_orientation=8, has_alpha=True)
    assert picture_badges(replace(result, picture=odd, right=right)) == (
        "EXIF orientation 8 (a quarter turn left): ignored by left, applied by right",
        "Transparency: dropped by left, put on white by right",
    )


def test_equal_inputs_are_said_and_not_drawn_black(panel: PicturePanel) -> None:
    result = make_result()
    as_left = replace(result.left.settings.preprocessing, scale=ScaleRule.KERAS)
    same = replace(
        result.right,
        settings=replace(result.right.settings, preprocessing=as_left),
        model_input=result.left.model_input,
    )
    panel.show_tab(Tab.DIFFERENCE)
    assert panel.view.sentence == ""
    for release, sentence in ((result.left.release, SAME_INPUTS), (RIGHT, SAME_PIXELS)):
        panel.set_result(replace(result, right=replace(same, release=release)))
        assert panel.view.sentence == sentence
        assert panel.view.image.isNull()


def test_the_place_in_a_folder_shows_only_where_there_is_another(
    panel: PicturePanel, qtbot: QtBot
) -> None:
    panel.set_place(0, 1)
    assert panel.place.isHidden()
    panel.set_place(2, 1234)
    assert panel.place.text() == "3 of 1,234"
    assert not panel.next_button.isHidden()
    for button, places in ((panel.next_button, 1), (panel.previous_button, -1)):
        with qtbot.waitSignal(panel.step_wanted) as step:
            button.click()
        assert step.args == [places]
