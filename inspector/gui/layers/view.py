"""The layers tab: a place in the window that is built when it is first looked at."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from inspector.core.palette import LIGHT
from inspector.gui.views.widgets import StaleVeil

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent

    from inspector.core.palette import Palette
    from inspector.gui.layers.panel import LayersPanel
    from inspector.gui.layers.tracer import Layers

LEAST = (200, 120)
"""Room that it asks for, built or not, so that nothing beside it moves when it is."""
NOTHING_YET = "How far both networks are apart, layer by layer, appears here with a comparison."


class LayersView(QWidget):
    """Shows a trace while it is looked at, and tells when it is."""

    looked_at = Signal(bool)
    """It came into view, or went out of it."""
    again_wanted = Signal()
    """Trace again after an error or a stop."""
    stop_wanted = Signal()
    identical_wanted = Signal()
    """Give both sides the same pixels."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Layers")
        self.setMinimumSize(*LEAST)
        self._palette = LIGHT
        self._layers: Layers | None = None
        self._panel: LayersPanel | None = None
        self._nothing = QLabel(NOTHING_YET)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setWordWrap(True)
        self._nothing.setEnabled(False)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._nothing)
        self._veil = StaleVeil(self)
        self._veil.hide()

    @property
    def panel(self) -> LayersPanel | None:
        """The content, or None before it was looked at."""
        return self._panel

    @property
    def layers(self) -> Layers | None:
        """What is known."""
        return self._layers

    @property
    def is_stale(self) -> bool:
        """Whether what is shown is marked as out of date."""
        return not self._veil.isHidden()

    def set_layers(self, layers: Layers) -> None:
        """Show what is known of a comparison."""
        self._layers = layers
        if self.isVisible():
            self._fill()

    def set_stale(self, stale: bool) -> None:
        """Mark what is shown as out of date, or stop doing so."""
        show = stale and self._layers is not None
        self._veil.setGeometry(self.rect())
        self._veil.setVisible(show)
        if show:
            self._veil.raise_()

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self._palette = palette
        self._veil.set_colours(palette)
        if self._panel is not None:
            self._panel.set_palette_scheme(palette)

    def showEvent(self, event: QShowEvent) -> None:
        """Show what came meanwhile, and tell."""
        super().showEvent(event)
        self._fill()
        self.looked_at.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell."""
        super().hideEvent(event)
        self.looked_at.emit(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the veil over everything."""
        super().resizeEvent(event)
        self._veil.setGeometry(self.rect())

    def _fill(self) -> None:
        if self._layers is None:
            return
        if self._panel is None:
            self._panel = self._build()
        self._panel.show_layers(self._layers)

    def _build(self) -> LayersPanel:
        panel: LayersPanel = import_panel()(self._palette)
        panel.repeated.connect(self.again_wanted)
        panel.stopped.connect(self.stop_wanted)
        panel.identical_button.clicked.connect(lambda: self.identical_wanted.emit())
        self._nothing.hide()
        self._column.addWidget(panel)
        panel.show()
        return panel


def import_panel() -> type[LayersPanel]:
    """Import the content; the window paints before that."""
    made: type[LayersPanel] = importlib.import_module("inspector.gui.layers.panel").LayersPanel
    return made
