"""What stands beside the window: sweeps, releases, model details, new pairs, twins.

Each is imported and made when it is first asked for, since the window starts without them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from inspector.core.catalogue import shipped_pairs

if TYPE_CHECKING:
    from inspector.gui.controller import Controller
    from inspector.gui.main_window import MainWindow
    from inspector.gui.model_details.dialog import ModelDetailsDialog
    from inspector.gui.pair_wizard.desk import PairDesk
    from inspector.gui.releases.dialog import ReleasesDialog
    from inspector.gui.scheme import SchemeKeeper
    from inspector.gui.settings import Settings
    from inspector.gui.sweep.desk import SweepDesk


class Beside(QObject):
    """Opens the other windows and dialogs, and closes them with the main one."""

    failed = Signal(object)
    """InspectorError."""
    changed = Signal()
    """A release came, or went."""
    pair_wanted = Signal(object)
    """PairSpec: the user chose it in a list."""
    pair_file_made = Signal(str)
    """The path of a pair file that shall be used."""

    def __init__(
        self,
        window: MainWindow,
        controller: Controller,
        settings: Settings,
        scheme: SchemeKeeper,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._controller = controller
        self._settings = settings
        self._scheme = scheme
        self._sweeps: SweepDesk | None = None
        self._pairs: PairDesk | None = None
        self._releases: ReleasesDialog | None = None
        self._details: ModelDetailsDialog | None = None

    @property
    def sweeps(self) -> SweepDesk:
        """Sweeps: new ones, and runs that are opened."""
        if self._sweeps is None:
            from inspector.gui.sweep.desk import SweepDesk

            self._sweeps = SweepDesk(self._window, self._controller, self._settings, self._scheme)
            self._sweeps.failed.connect(self.failed)
        return self._sweeps

    @property
    def pairs(self) -> PairDesk:
        """Dialogs that make pairs and twins."""
        if self._pairs is None:
            from inspector.gui.pair_wizard.desk import PairDesk

            self._pairs = PairDesk(self._window, self._settings, self._scheme)
            self._pairs.pair_file_made.connect(self.pair_file_made)
        return self._pairs

    def show_releases(self) -> None:
        """Show which releases are on this machine, to fetch or forget them."""
        from inspector.gui.releases.dialog import ReleasesDialog

        if self._releases is None:
            pairs, used = shipped_pairs(), self._controller.session.pair
            listed = pairs if used in pairs else (used, *pairs)
            self._releases = ReleasesDialog(listed, self._scheme.palette, parent=self._window)
            self._scheme.changed.connect(self._releases.set_palette_scheme)
            self._releases.pair_wanted.connect(self.pair_wanted)
            self._releases.changed.connect(self.changed)
            self._releases.finished.connect(self._forget_releases)
        self._releases.show()
        self._releases.raise_()

    def show_model_details(self) -> None:
        """Show what both models of the pair offer."""
        from inspector.gui.model_details.dialog import ModelDetailsDialog

        if self._details is None:
            pair = self._controller.session.pair
            self._details = ModelDetailsDialog(pair, self._scheme.palette, parent=self._window)
            self._scheme.changed.connect(self._details.set_palette_scheme)
            self._controller.wishes_changed.connect(self._tell_details)
            self._details.finished.connect(self._forget_details)
        self._details.show()
        self._details.raise_()

    def close(self) -> None:
        """Close everything, and end what runs for it."""
        for part in (self._sweeps, self._releases, self._pairs, self._details):
            if part is not None:
                part.close()

    def _tell_details(self) -> None:
        if self._details is not None:
            self._details.set_pair(self._controller.session.pair)

    def _forget_details(self) -> None:
        if self._details is not None:
            self._controller.wishes_changed.disconnect(self._tell_details)
            self._details.deleteLater()
            self._details = None

    def _forget_releases(self) -> None:
        if self._releases is not None:
            self._releases.deleteLater()
            self._releases = None
