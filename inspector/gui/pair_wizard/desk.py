"""The dialogs that make pairs, as the main window opens and closes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from inspector.gui.pair_wizard.wizard import PairWizard
from inspector.gui.twin_dialog import TwinDialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog, QWidget

    from inspector.core.palette import Palette
    from inspector.gui.scheme import SchemeKeeper
    from inspector.gui.settings import Settings


class PairDesk(QObject):
    """Opens each dialog once, and hands on the pair files that they make."""

    pair_file_made = Signal(str)

    def __init__(self, window: QWidget, settings: Settings, scheme: SchemeKeeper) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self._scheme = scheme
        self.wizard: PairWizard | None = None
        self.twin: TwinDialog | None = None
        scheme.changed.connect(self._set_palette)

    def new_pair(self) -> None:
        """Open the wizard, or bring it to the front."""
        if self.wizard is None:
            folder = self._settings.last_folder
            self.wizard = PairWizard(folder, self._scheme.palette, parent=self._window)
            self.wizard.saved.connect(self.pair_file_made)
            self.wizard.finished.connect(self._forget_wizard)
        _present(self.wizard)

    def make_twin(self) -> None:
        """Open the twin's dialog, or bring it to the front."""
        if self.twin is None:
            folder = self._settings.last_folder
            self.twin = TwinDialog(folder, self._scheme.palette, parent=self._window)
            self.twin.opened.connect(self.pair_file_made)
            self.twin.finished.connect(self._forget_twin)
        _present(self.twin)

    def close(self) -> None:
        """Close both, and end what runs for them."""
        for dialog in (self.wizard, self.twin):
            if dialog is not None:
                dialog.reject()

    def _forget_wizard(self) -> None:
        if self.wizard is not None:
            self.wizard.deleteLater()
            self.wizard = None

    def _forget_twin(self) -> None:
        if self.twin is not None:
            self.twin.deleteLater()
            self.twin = None

    def _set_palette(self, palette: Palette) -> None:
        for dialog in (self.wizard, self.twin):
            if dialog is not None:
                dialog.set_palette_scheme(palette)


def _present(dialog: QDialog) -> None:
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()
