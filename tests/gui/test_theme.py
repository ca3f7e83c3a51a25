from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPushButton, QWidget

from inspector.core.palette import DARK, LIGHT
from inspector.gui.theme import apply_palette, current_palette, is_dark


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_the_application_takes_the_colours(qapp, palette):
    apply_palette(qapp, palette)
    assert current_palette() is palette
    assert qapp.style().name().lower() == "fusion"
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(palette.window)
    assert qapp.palette().color(QPalette.ColorRole.Text) == QColor(palette.text)


def test_pyqtgraph_follows(qapp):
    import pyqtgraph as pg

    apply_palette(qapp, DARK)
    assert pg.getConfigOption("background") == DARK.panel
    assert pg.getConfigOption("antialias") is True


def test_off_screen_no_dark_scheme_is_asked_for(qapp):
    assert is_dark(qapp) is False


@pytest.mark.parametrize("palette", [LIGHT, DARK])
@pytest.mark.parametrize("kind", [QCheckBox, QLineEdit, QPushButton, QComboBox])
def test_what_can_be_pressed_has_an_outline_that_is_seen(qapp, qtbot, palette, kind):
    apply_palette(qapp, palette)
    frame = QWidget()
    qtbot.addWidget(frame)
    control = kind(frame)
    control.resize(120, 30)
    frame.resize(140, 50)
    frame.grab()
    picture = control.grab().toImage()
    rim = [picture.pixelColor(x, y) for x in range(24) for y in range(picture.height())]
    ground = QColor(palette.window).lightness()
    wanted = abs(QColor(palette.neutral).lightness() - ground) * 0.8
    assert max(abs(colour.lightness() - ground) for colour in rim) >= wanted
    assert frame.palette().color(QPalette.ColorRole.Window) == QColor(palette.window)
