"""The dialog that makes a pair of two models: choose, experiment, look, save."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from inspector.core.errors import InspectorError
from inspector.core.pair_writer import comments_of, save_pair
from inspector.core.pairs import Side
from inspector.core.proposing import ProposeTask
from inspector.core.sources import SourceKind, is_url
from inspector.gui.drops import DroppedAddress, DroppedPaths, holds_something, read_drop
from inspector.gui.pair_wizard.pages import ModelsPage
from inspector.gui.pair_wizard.proposals_page import ProposalsPage
from inspector.gui.pair_wizard.task_dialog import PAGES, TaskDialog

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDropEvent
    from PySide6.QtWidgets import QWidget

    from inspector.core.palette import Palette
    from inspector.core.proposing import PairProposal
    from inspector.gui.pair_wizard.runner import TaskRunner

MODELS, PROGRESS, PROPOSALS = PAGES
_TRYING = (
    "Both models are run on sample pictures with every known range of input. The main window goes "
    "on working meanwhile."
)


class PairWizard(TaskDialog):
    """Makes a pair file of two models; it stops nothing else in the window.

    Parameters
    ----------
    folder
        Where dialogs begin, and where the pair file goes if the models lie nowhere on this machine.
    palette
        Colours.
    runner
        Does the experiments; closed with the dialog.
    """

    saved = Signal(str)
    """The path of a pair file that was written."""

    def __init__(
        self,
        folder: str,
        palette: Palette,
        runner: TaskRunner | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("New pair from models", _TRYING, palette, runner, parent)
        self.setAcceptDrops(True)
        self.resize(860, 620)
        self._folder = folder or str(Path.home())
        self.models = ModelsPage(palette)
        self.models.set_folder(self._folder)
        self.proposals = ProposalsPage(palette)
        self.models.changed.connect(self._refresh)
        self.proposals.changed.connect(self._refresh)
        self._set_up(self.models, self.proposals, self.models.problem)

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        super().set_palette_scheme(palette)
        for page in (self.models, self.proposals):
            page.set_palette_scheme(palette)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files and folders while models are chosen."""
        if self.pages.currentIndex() == MODELS and holds_something(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take models, handles and pictures."""
        event.acceptProposedAction()
        dropped = read_drop(event.mimeData())
        if isinstance(dropped, DroppedPaths):
            self.models.take_drop(dropped.paths)
        elif isinstance(dropped, DroppedAddress):
            self.models.take_drop((dropped.address,))

    def _go_on(self) -> None:
        if self.pages.currentIndex() == PROPOSALS:
            self._save()
            return
        self.models.look()
        sources = [self.models.fields[side].source for side in Side]
        if sources[0] is None or sources[1] is None:
            self._refresh()
            return
        self._work(ProposeTask(sources[0], sources[1], self.models.pictures))

    def _on_done(self, outcome: PairProposal) -> None:
        self.proposals.set_found(outcome, self._folder_of(outcome))
        self._show(PROPOSALS)

    def _folder_of(self, found: PairProposal) -> str:
        """Give the folder of the first model that lies on this machine."""
        for _, side in found.sides():
            source = side.source
            if source.kind is not SourceKind.KERAS_APPLICATION and not is_url(source.target):
                return str(Path(source.target).parent)
        return self._folder

    def _save(self) -> None:
        page = self.proposals
        assert page.found is not None
        try:
            pair = page.pair()
            save_pair(page.path, pair, comments_of(page.found, pair), force=True)
        except InspectorError as error:
            page.problem.tell(str(error))
            return
        self.saved.emit(str(page.path))
        self.accept()

    def _refresh_next(self, page: int) -> None:
        if page == MODELS:
            self.next.setText("Find out")
            self.next.setEnabled(self.models.may_go_on)
        elif page == PROPOSALS:
            self._refresh_save()

    def _refresh_save(self) -> None:
        page = self.proposals
        replaces = page.path.is_file()
        self.next.setText("Replace and compare" if replaces else "Save and compare")
        self.next.setEnabled(bool(page.file.text().strip() and page.id.text().strip()))
        page.problem.tell(
            f"{page.path.name} is there already and will be replaced." if replaces else "",
            "warning",
        )
