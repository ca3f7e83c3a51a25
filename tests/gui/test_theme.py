from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QPalette

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
