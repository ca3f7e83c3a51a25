"""The controls of a side's further runs: training mode, and InceptionV3's auxiliary head."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QSizePolicy, QSpinBox, QWidget

from inspector.core.auxiliary import AuxiliaryHead
from inspector.core.catalogue import shipped_pairs
from inspector.core.pairs import OutputKind, Side
from inspector.core.sources import SourceKind
from inspector.core.training import LEAST_COUNT, MOST_COUNT, MOST_SEED, BatchFrom, Training
from inspector.gui.stage_controls import ElidingBox

if TYPE_CHECKING:
    from PySide6.QtGui import QWheelEvent

    from inspector.core.pairs import ReleaseSpec
    from inspector.core.sources import Source
    from inspector.session import SideChoice

CROPS, FOLDER = "random crops", "folder…"
NO_HEAD, RANDOM_HEAD, CHECKPOINT = "none", "random weights", "checkpoint…"
NO_SUCH_HEAD = "no such head"
ONLY_CLASSES = "Shown by classes, and this pair gives features"
_WITH_HEAD = "InceptionV3"
_INFERENCE_ONLY = frozenset({SourceKind.TFLITE, SourceKind.FROZEN_GRAPH})
_CHECKPOINTS = "Slim checkpoints (*.ckpt *.index *.data-* *.ckpt-*);;All files (*)"


class SteadyNumber(QSpinBox):
    """A whole number that leaves the wheel to the scroll."""

    def __init__(self, name: str, low: int, high: int) -> None:
        super().__init__()
        self.setRange(low, high)
        self.setAccessibleName(name)
        self.setKeyboardTracking(False)
        self.setMinimumWidth(90)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Change nothing by a turn of the wheel that was meant to scroll."""
        event.ignore()


class RunControls(QObject):
    """What one side does besides its inference run.

    Seed, count and batch are kept while training mode is off, so that switching it on again brings
    the same numbers.
    """

    training_edited = Signal(object)
    """Training or None."""
    auxiliary_edited = Signal(object)
    """AuxiliaryHead or None."""

    def __init__(self, side: Side, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self._wanted = Training()
        self._head: AuxiliaryHead | None = None
        self._no_head = ""
        self.switch = QCheckBox("on")
        self.switch.setAccessibleName(f"{side} training mode")
        self.seed = SteadyNumber(f"{side} training seed", 0, MOST_SEED)
        self.count = SteadyNumber(f"{side} training batch", LEAST_COUNT, MOST_COUNT)
        self.count.setSuffix(" pictures")
        self.seed.setToolTip("Draws the crops, the order of a folder, and dropout")
        self.count.setToolTip("Pictures in the batch; the first is the picture itself")
        self.batch = ElidingBox()
        self.batch.setAccessibleName(f"{side} training batch from")
        self.auxiliary = ElidingBox()
        self.auxiliary.setAccessibleName(f"{side} auxiliary head")
        self._fill_batch()
        self._fill_auxiliary()
        self.switch.clicked.connect(self._tell_training)
        self.seed.valueChanged.connect(self._tell_training)
        self.count.valueChanged.connect(self._tell_training)
        self.batch.activated.connect(self._choose_batch)
        self.auxiliary.activated.connect(self._choose_auxiliary)

    @property
    def is_on(self) -> bool:
        """Whether training mode is on."""
        return self.switch.isChecked()

    @property
    def parts(self) -> tuple[QWidget, ...]:
        """The controls that belong to training mode."""
        return (self.seed, self.count, self.batch)

    def show_choice(self, choice: SideChoice, release: ReleaseSpec) -> None:
        """Show what the user chose; emits nothing."""
        training = choice.training
        self._wanted = training or self._wanted
        self._head = choice.auxiliary
        self._no_head = "" if self._head else why_no_head(release)
        blockers = [QSignalBlocker(part) for part in (self.switch, self.seed, self.count)]
        self.switch.setChecked(training is not None)
        self.seed.setValue(self._wanted.seed)
        self.count.setValue(self._wanted.count)
        del blockers
        self._fill_batch()
        self._fill_auxiliary()
        self._allow(release)

    def set_folder(self, folder: str) -> None:
        """Take the other pictures of the batch from a folder."""
        self._edit(BatchFrom.FOLDER, folder)

    def set_checkpoint(self, path: str) -> None:
        """Attach a head with the weights of a checkpoint."""
        self.auxiliary_edited.emit(AuxiliaryHead(path))

    def _allow(self, release: ReleaseSpec) -> None:
        features = release.output is OutputKind.FEATURES
        frozen = release.source.kind in _INFERENCE_ONLY
        why = ONLY_CLASSES if features else "Published for inference only" if frozen else ""
        self.switch.setEnabled(not why)
        self.switch.setToolTip(why or self._wanted.words)
        for part in self.parts:
            part.setEnabled(self.is_on and not why)
        self.auxiliary.setEnabled(not self._no_head)
        head = "no head" if self._head is None else self._head.words
        self.auxiliary.setToolTip(self._no_head or head)

    def _fill_batch(self) -> None:
        folder = self._wanted.folder
        entries = [(CROPS, ""), *([(Path(folder).name or folder, folder)] if folder else [])]
        _fill(self.batch, [*entries, (FOLDER, None)], folder)
        origin = f"pictures of {folder}" if folder else "random crops of the picture itself"
        self.batch.setToolTip(f"The rest of the batch: {origin}")

    def _fill_auxiliary(self) -> None:
        if self._no_head:
            _fill(self.auxiliary, [(NO_SUCH_HEAD, False)], False)
            return
        checkpoint = self._head.checkpoint if self._head else ""
        known = [(Path(checkpoint).name, checkpoint)] if checkpoint else []
        entries = [(NO_HEAD, False), (RANDOM_HEAD, ""), *known, (CHECKPOINT, None)]
        _fill(self.auxiliary, entries, checkpoint if self._head else False)

    def _tell_training(self) -> None:
        self._edit(self._wanted.batch, self._wanted.folder)

    def _edit(self, batch: BatchFrom, folder: str) -> None:
        self._wanted = Training(self.seed.value(), self.count.value(), batch, folder)
        self.training_edited.emit(self._wanted if self.is_on else None)

    def _choose_batch(self) -> None:
        folder = self.batch.currentData()
        if folder is None:
            self._fill_batch()
            self._ask("Folder of other pictures", QFileDialog.FileMode.Directory, self.set_folder)
            return
        self._edit(BatchFrom.FOLDER if folder else BatchFrom.CROPS, folder)

    def _choose_auxiliary(self) -> None:
        chosen = self.auxiliary.currentData()
        if chosen is None:
            self._fill_auxiliary()
            self._ask("Slim checkpoint", QFileDialog.FileMode.ExistingFile, self.set_checkpoint)
            return
        self.auxiliary_edited.emit(None if chosen is False else AuxiliaryHead(chosen))

    def _ask(self, title: str, mode: QFileDialog.FileMode, take: object) -> None:
        """Ask for a path, in a dialog that stops nothing else."""
        filters = "" if mode is QFileDialog.FileMode.Directory else _CHECKPOINTS
        dialog = QFileDialog(self._parent, title, "", filters)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(mode)
        dialog.fileSelected.connect(take)
        dialog.open()


def why_no_head(release: ReleaseSpec) -> str:
    """Say why a release cannot have the auxiliary head; empty where it may, or it is not known."""
    if release.output is OutputKind.FEATURES:
        return ONLY_CLASSES
    network = _network_of(release.source)
    if network in {"", _WITH_HEAD}:
        return ""
    return f"The auxiliary head is {_WITH_HEAD}'s alone, and this is {network}"


def _network_of(source: Source) -> str:
    """Name the network of a release where it is known without opening it; else empty.

    A Keras application names it, and a release of the program's own pairs has that of the Keras
    application beside it.
    """
    beside = (pair for pair in shipped_pairs() if source in (pair.left.source, pair.right.source))
    sources = (source, *(pair.release(side).source for pair in beside for side in Side))
    named = (each.target for each in sources if each.kind is SourceKind.KERAS_APPLICATION)
    return next(named, "")


def _fill(box: ElidingBox, entries: list[tuple[str, object]], chosen: object) -> None:
    with QSignalBlocker(box):
        box.clear()
        for text, value in entries:
            box.addItem(text, value)
        values = [value for _, value in entries]
        box.setCurrentIndex(next(i for i, v in enumerate(values) if v is chosen or v == chosen))
