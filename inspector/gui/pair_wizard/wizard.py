"""The dialog that makes a pair of two models: choose, experiment, look, save."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from inspector.core.errors import InspectorError
from inspector.core.pair_writer import comments_of, save_pair
from inspector.core.pairs import Side
from inspector.core.proposing import ProposeTask
from inspector.core.sources import SourceKind, is_url
from inspector.gui.drops import DroppedAddress, DroppedPaths, holds_something, read_drop
from inspector.gui.pair_wizard.pages import ModelsPage, ProgressPage
from inspector.gui.pair_wizard.proposals_page import ProposalsPage
from inspector.gui.pair_wizard.runner import TaskRunner

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from inspector.core.palette import Palette
    from inspector.core.proposing import PairProposal

MODELS, PROGRESS, PROPOSALS = range(3)
_TRYING = (
    "Both models are run on sample pictures with every known range of input. The main window goes "
    "on working meanwhile."
)


class PairWizard(QDialog):
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
        super().__init__(parent)
        self.setWindowTitle("New pair from models")
        self.setAcceptDrops(True)
        self.resize(860, 620)
        self._folder = folder or str(Path.home())
        self.runner = runner or TaskRunner(parent=self)
        self.models = ModelsPage(palette)
        self.models.set_folder(self._folder)
        self.progress = ProgressPage(_TRYING, palette)
        self.proposals = ProposalsPage(palette)
        self.pages = QStackedWidget()
        for page in (self.models, self.progress, self.proposals):
            self.pages.addWidget(page)
        self.back, self.next = QPushButton("Back"), QPushButton()
        self.close_button = QPushButton("Close")
        for button in (self.back, self.close_button):
            button.setAutoDefault(False)
        self.next.setDefault(True)
        self._lay_out()
        self._connect()
        self._show(MODELS)

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        for page in (self.models, self.progress, self.proposals):
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

    def done(self, result: int) -> None:
        """Close, and end the experiments."""
        self.runner.close()
        super().done(result)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.back)
        row.addStretch(1)
        row.addWidget(self.close_button)
        row.addWidget(self.next)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(12)
        column.addWidget(self.pages, 1)
        column.addLayout(row)

    def _connect(self) -> None:
        self.back.clicked.connect(self._go_back)
        self.next.clicked.connect(self._go_on)
        self.close_button.clicked.connect(self.reject)
        self.models.changed.connect(self._refresh)
        self.proposals.changed.connect(self._refresh)
        self.runner.progressed.connect(self.progress.set_progress)
        self.runner.done.connect(self._on_found)
        self.runner.failed.connect(self._on_failed)

    def _go_on(self) -> None:
        if self.pages.currentIndex() == PROPOSALS:
            self._save()
            return
        self.models.look()
        sources = [self.models.fields[side].source for side in Side]
        if sources[0] is None or sources[1] is None:
            self._refresh()
            return
        self.models.problem.tell("")
        self.progress.begin()
        self._show(PROGRESS)
        self.runner.run(ProposeTask(sources[0], sources[1], self.models.pictures))

    def _go_back(self) -> None:
        self.runner.cancel()
        self._show(MODELS)

    def _on_found(self, found: PairProposal) -> None:
        self.proposals.set_found(found, self._folder_of(found))
        self._show(PROPOSALS)

    def _on_failed(self, error: InspectorError) -> None:
        self._show(MODELS)
        self.models.problem.tell(str(error))

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

    def _show(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        self._refresh()

    def _refresh(self) -> None:
        page = self.pages.currentIndex()
        self.back.setVisible(page != MODELS)
        self.back.setText("Cancel" if page == PROGRESS else "Back")
        self.next.setVisible(page != PROGRESS)
        if page == MODELS:
            typed = all(field.line.text().strip() for field in self.models.fields.values())
            self.next.setText("Find out")
            self.next.setEnabled(typed)
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
