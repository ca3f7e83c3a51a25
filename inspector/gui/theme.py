"""The look of the window: Fusion in the colours of :mod:`inspector.core.palette`, light or dark."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QToolTip

from inspector.core.palette import LIGHT, Palette

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

_ROLES: dict[QPalette.ColorRole, str] = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "panel",
    QPalette.ColorRole.AlternateBase: "window",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.PlaceholderText: "muted",
    QPalette.ColorRole.Button: "window",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "selected",
    QPalette.ColorRole.ToolTipBase: "panel",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.Link: "left",
    QPalette.ColorRole.LinkVisited: "left",
    QPalette.ColorRole.Highlight: "left",
    QPalette.ColorRole.HighlightedText: "panel",
    QPalette.ColorRole.Accent: "left",
    QPalette.ColorRole.Light: "panel",
    QPalette.ColorRole.Midlight: "grid",
    QPalette.ColorRole.Mid: "grid",
    QPalette.ColorRole.Dark: "neutral",
    QPalette.ColorRole.Shadow: "neutral",
}

_OUTLINED = (
    *("QLineEdit", "QAbstractSpinBox", "QComboBox", "QCheckBox", "QRadioButton"),
    *("QPushButton", "QToolButton"),
)
"""What can be pressed or written in; its outline has to be seen."""

_FUSION_DARKER = 140
"""Fusion draws outlines in the colour of the window, so much darker (in percent)."""

_MUTED_WHEN_DISABLED = (
    QPalette.ColorRole.WindowText,
    QPalette.ColorRole.Text,
    QPalette.ColorRole.ButtonText,
)

_state: dict[str, Palette] = {"current": LIGHT}


def is_dark(app: QApplication) -> bool:
    """Tell whether the system asks for a dark scheme; where it does not say, it is light."""
    return app.styleHints().colorScheme() is Qt.ColorScheme.Dark


def current_palette() -> Palette:
    """Give the palette applied last; the light one before that."""
    return _state["current"]


def apply_palette(app: QApplication, palette: Palette) -> None:
    """Dress the whole application.

    Widgets that paint by themselves take the palette through their own ``set_palette_scheme``.
    There is no style sheet on purpose: with one, Qt no longer carries a change of font or palette
    from a widget or the application to the widgets inside.
    """
    _state["current"] = palette
    if app.style().objectName().lower() != "fusion":
        app.setStyle("Fusion")
    app.setPalette(qt_palette(palette))
    for name in _OUTLINED:
        # PySide's own types ask for bytes, which it then refuses.
        app.setPalette(outlined_palette(palette), name)  # type: ignore[arg-type]
    QToolTip.setPalette(qt_palette(palette))
    if "pyqtgraph" in sys.modules:
        configure_plots()


def configure_plots() -> None:
    """Set pyqtgraph's defaults; called again by :mod:`inspector.gui.views.chart` on its import.

    pyqtgraph is imported here and not above: it costs a quarter of a second, and the window's first
    paint does not need it.
    """
    import pyqtgraph as pg

    palette = current_palette()
    pg.setConfigOptions(antialias=True, background=palette.panel, foreground=palette.text)


def outlined_palette(palette: Palette) -> QPalette:
    """Give a scheme for what can be pressed or written in.

    Such widgets use the window's colour for their outline alone. That of a dark window, darkened,
    cannot be seen on it; so here stands the colour that Fusion darkens to the neutral one.
    """
    colours = qt_palette(palette)
    outline = QColor(palette.neutral).lighter(_FUSION_DARKER)
    for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
        colours.setColor(group, QPalette.ColorRole.Window, outline)
    return colours


def qt_palette(palette: Palette) -> QPalette:
    """Give a scheme as Qt's palette."""
    colours = QPalette()
    for role, name in _ROLES.items():
        colours.setColor(role, QColor(getattr(palette, name)))
    for role in _MUTED_WHEN_DISABLED:
        colours.setColor(QPalette.ColorGroup.Disabled, role, QColor(palette.neutral))
    return colours
