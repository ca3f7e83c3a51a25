"""Fields of the dialogs: a model, a set of labels, how sure a proposal is, and what went wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.core.errors import InspectorError
from inspector.core.model_files import MODEL_SUFFIXES
from inspector.core.proposing import LIKELY
from inspector.core.proposing_words import certainty_text, source_of
from inspector.core.sources import SourceKind

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent

    from inspector.core.input_range import InputRange
    from inspector.core.palette import Palette
    from inspector.core.proposing import ConventionProposal
    from inspector.core.sources import Source

KIND_WORDS = {
    SourceKind.KERAS_APPLICATION: "Keras application",
    SourceKind.KERAS_FILE: "Keras model file",
    SourceKind.KERAS_WEIGHTS: "Keras weights with their configuration",
    SourceKind.HUB: "TensorFlow Hub module",
    SourceKind.SAVED_MODEL: "SavedModel",
    SourceKind.FROZEN_GRAPH: "frozen graph",
    SourceKind.TFLITE: "TFLite model",
}
FILE_LABELS = "A text file…"
ANY_MODEL = "A file, a folder, a handle https://… or keras-application:NAME"
KERAS_MODEL = "A Keras file, or keras-application:NAME"
_UNSURE = 0.55
_SPACING = 8


class _Line(QLineEdit):
    """Tells when it gets or loses the keys, whether or not its text is another one."""

    visited = Signal()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell."""
        super().focusInEvent(event)
        self.visited.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell."""
        super().focusOutEvent(event)
        self.visited.emit()


class ModelField(QWidget):
    """One model: a line to type or drop into, buttons to choose, and what it turns out to be.

    Parameters
    ----------
    title
        What it is called.
    palette
        Colours.
    hint
        Stands in the line while it is empty.
    folders
        Whether it may be a folder, too.
    """

    changed = Signal()

    def __init__(
        self,
        title: str,
        palette: Palette,
        hint: str = ANY_MODEL,
        folders: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.folder = ""
        self._title = title
        self._source: Source | None = None
        self._is_wrong = False
        self.line = _Line()
        self.line.setPlaceholderText(hint)
        self.line.setAccessibleName(title)
        self.line.setClearButtonEnabled(True)
        self.said = QLabel()
        self.said.setObjectName("said")
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setWordWrap(True)
        self.said.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.file_button = QPushButton("File…" if folders else "Choose…")
        self.folder_button = QPushButton("Folder…", self)
        for button in (self.file_button, self.folder_button):
            button.setAutoDefault(False)
        self.folder_button.setVisible(folders)
        row = beside(self.line, self.file_button, *([self.folder_button] if folders else []))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.said)
        self.line.textChanged.connect(self._forget)
        self.line.editingFinished.connect(self.look)
        self.line.visited.connect(self.look)
        self.file_button.clicked.connect(self._ask_file)
        self.folder_button.clicked.connect(self._ask_folder)
        self.set_palette_scheme(palette)

    @property
    def is_wrong(self) -> bool:
        """Whether the line was looked at, and names no model."""
        return self._is_wrong

    @property
    def source(self) -> Source | None:
        """What was found, or None where nothing was, or not yet."""
        return self._source

    def set_model(self, text: str) -> None:
        """Take a path or handle, and look at it."""
        self.line.setText(text)
        self.look()

    def look(self) -> None:
        """Find out what the line names, and say so; what named nothing may be there by now."""
        text = self.line.text().strip()
        if not text or self._source is not None:
            return
        before = self.said.text()
        try:
            self._source = source_of(text)
        except InspectorError as error:
            said = str(error)
        else:
            words = KIND_WORDS[self._source.kind]
            said = f"{words[0].upper()}{words[1:]}: {Path(self._source.target).name}"
        if said != before:
            self._is_wrong = self._source is None
            self.said.setText(said)
            self._dress()
            self.changed.emit()

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self._palette = palette
        self._dress()

    def _forget(self) -> None:
        self._source = None
        self._is_wrong = False
        self.said.clear()
        self._dress()
        self.changed.emit()

    def _dress(self) -> None:
        """Show what is wrong on the colour of errors; nothing takes no room."""
        palette = self._palette
        ground, edge = ("transparent", "transparent")
        if self._is_wrong:
            ground, edge = palette.bad, palette.grid
        self.said.setStyleSheet(
            f"#said {{ background: {ground}; color: {palette.text}; border: 1px solid {edge};"
            f" border-radius: 4px; padding: 2px {6 if self._is_wrong else 0}px; }}"
        )

    def _ask_file(self) -> None:
        endings = " ".join(f"*{suffix}" for suffix in MODEL_SUFFIXES)
        dialog = QFileDialog(
            self, f"{self._title}: choose a file", self.folder, f"Models ({endings});;All files (*)"
        )
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        self._open(dialog)

    def _ask_folder(self) -> None:
        dialog = QFileDialog(self, f"{self._title}: choose a SavedModel's folder", self.folder)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        self._open(dialog)

    def _open(self, dialog: QFileDialog) -> None:
        dialog.finished.connect(dialog.deleteLater)
        dialog.fileSelected.connect(self.set_model)
        dialog.open()


def beside(line: QLineEdit, *buttons: QPushButton) -> QHBoxLayout:
    """Lay a line and its buttons out in a row."""
    row = QHBoxLayout()
    row.setSpacing(_SPACING)
    row.addWidget(line, 1)
    for button in buttons:
        row.addWidget(button)
    return row


def range_words(wanted: InputRange) -> str:
    """Write an input range as pair files and the evidence do; one with a name, with its meaning."""
    return wanted.words if wanted.name else wanted.text


class LabelsField(QComboBox):
    """``imagenet``, ``indices``, or a text file that is asked for."""

    labels_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, may_be_found: bool = False) -> None:
        super().__init__(parent)
        self.folder = ""
        self._last = 0
        if may_be_found:
            self.addItem("Find out", "")
        self.addItem("ImageNet", "imagenet")
        self.addItem("Indices", "indices")
        self.addItem(FILE_LABELS, None)
        self.setAccessibleName("Labels")
        self.activated.connect(self._on_activated)

    @property
    def labels(self) -> str:
        """What is chosen, as a pair holds it; empty for finding out."""
        return str(self.currentData() or "")

    def set_labels(self, labels: str) -> None:
        """Choose labels; a file gets a row of its own."""
        place = self.findData(labels)
        if place < 0:
            place = self.count() - 1
            self.insertItem(place, Path(labels).name, labels)
            self.setItemData(place, labels, Qt.ItemDataRole.ToolTipRole)
        self._last = place
        self.setCurrentIndex(place)

    def _on_activated(self, place: int) -> None:
        if self.itemData(place) is not None:
            self._last = place
            self.labels_changed.emit(self.labels)
            return
        self.setCurrentIndex(self._last)
        dialog = QFileDialog(self, "Labels, one a line", self.folder, "Text files (*.txt);;All (*)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.finished.connect(dialog.deleteLater)
        dialog.fileSelected.connect(self._take_file)
        dialog.open()

    def _take_file(self, path: str) -> None:
        self.set_labels(path)
        self.labels_changed.emit(path)


class CertaintyMark(QToolButton):
    """How sure a proposal is, coloured; pressed, it asks for the evidence to be shown."""

    def __init__(self, name: str, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._palette = palette
        self._proposal: ConventionProposal[Any] | None = None
        self._is_own = False
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    def set_proposal(self, proposal: ConventionProposal[Any]) -> None:
        """Show how sure this is."""
        self._proposal = proposal
        self.set_own(False)

    def set_own(self, is_own: bool) -> None:
        """Say that the user chose something else, or that the proposal stands."""
        self._is_own = is_own
        if self._proposal is not None:
            self.setText("your choice" if is_own else certainty_text(self._proposal))
            self.setToolTip("\n".join(self._proposal.evidence))
            self.setAccessibleName(f"{self._name}: {self.text()}; show why")
        self._dress()

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self._palette = palette
        self._dress()

    def _dress(self) -> None:
        palette = self._palette
        ground = palette.window
        if self._proposal is not None and not self._is_own and self._proposal.confidence < 1.0:
            sure = self._proposal.confidence
            ground = (
                palette.good
                if sure >= LIKELY
                else palette.warning
                if sure >= _UNSURE
                else palette.bad
            )
        self.setStyleSheet(
            f"QToolButton {{ background: {ground}; color: {palette.text};"
            f" border: 1px solid {palette.grid}; border-radius: 8px; padding: 2px 8px; }}"
            f" QToolButton:checked {{ border: 1px solid {palette.text}; }}"
            f" QToolButton:focus {{ border: 1px solid {palette.left}; }}"
        )


class Problem(QLabel):
    """What went wrong, until something is changed; nothing where all is well."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setContentsMargins(10, 8, 10, 8)
        self.setObjectName("problem")
        self._kind = "bad"
        self.set_palette_scheme(palette)
        self.hide()

    def tell(self, text: str, kind: str = "bad") -> None:
        """Show a text on the colour of a kind of message; an empty one hides it."""
        self._kind = kind
        self.setText(text)
        self.setVisible(bool(text))
        self.set_palette_scheme(self._palette)

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self._palette = palette
        ground = getattr(palette, self._kind)
        self.setStyleSheet(
            f"#problem {{ background: {ground}; color: {palette.text};"
            f" border: 1px solid {palette.grid}; border-radius: 6px; }}"
        )
