"""Light or dark: follows the system live, unless the user chose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from inspector.core.palette import DARK, LIGHT, PALETTES, Palette
from inspector.gui.theme import apply_palette, is_dark

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


class SchemeKeeper(QObject):
    """Dresses the application, and tells when the colours change.

    Parameters
    ----------
    app
        The application.
    choice
        ``system``, ``light`` or ``dark``.
    """

    changed = Signal(object)
    """Palette."""

    def __init__(
        self, app: QApplication, choice: str = "system", parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._choice = choice
        self._palette = self._wanted()
        apply_palette(app, self._palette)
        app.styleHints().colorSchemeChanged.connect(self._follow)

    @property
    def palette(self) -> Palette:
        """The colours in use."""
        return self._palette

    @property
    def choice(self) -> str:
        """What the user chose."""
        return self._choice

    def choose(self, choice: str) -> None:
        """Use the system's scheme, or always the light or the dark one."""
        self._choice = choice
        self._follow()

    def _wanted(self) -> Palette:
        if self._choice in PALETTES:
            return PALETTES[self._choice]
        return DARK if is_dark(self._app) else LIGHT

    def _follow(self) -> None:
        wanted = self._wanted()
        if wanted != self._palette:
            self._palette = wanted
            apply_palette(self._app, wanted)
            self.changed.emit(wanted)
