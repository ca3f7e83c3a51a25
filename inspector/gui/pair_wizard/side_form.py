"""The conventions of one model: proposed, and to be changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QSpinBox, QWidget

from inspector.core.input_range import KNOWN_RANGES
from inspector.core.modes import MODES
from inspector.core.pairs import OutputKind
from inspector.gui.pair_wizard.fields import CertaintyMark, range_words

if TYPE_CHECKING:
    from inspector.core.pairs import ReleaseSpec, Side
    from inspector.core.palette import Palette
    from inspector.core.proposing import ConventionProposal, SideProposal

ROWS = ("mode", "range", "output", "background", "size")
"""The conventions, in the order of the form."""

TITLES = {
    "mode": "Preprocessing",
    "range": "Input range",
    "output": "Output",
    "background": "Background class",
    "size": "Input size",
}
_LEAST_SIZE, _MOST_SIZE = 16, 2048


class SideForm(QObject):
    """The editors of one side, each with how sure its proposal is.

    The form makes widgets; the page puts them side by side with those of the other side.
    """

    changed = Signal()
    asked = Signal(str)
    """The evidence of a row is wanted."""

    def __init__(self, side: Side, palette: Palette, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.side = side
        self._proposal: SideProposal | None = None
        self.title = QLineEdit()
        self.title.setAccessibleName(f"Title of the {side} model")
        self.editors: dict[str, QWidget] = {
            "mode": _combo((mode.title, mode.id) for mode in MODES if not mode.wrong),
            "range": _combo((range_words(each), each) for each in KNOWN_RANGES),
            "output": _combo((str(kind).capitalize(), kind) for kind in OutputKind),
            "background": _combo((("No", False), ("Yes, at index 0", True))),
            "size": _size_box(),
        }
        tallest = max(editor.sizeHint().height() for editor in self.editors.values())
        for editor in self.editors.values():
            editor.setMinimumHeight(tallest)
        self.marks = {row: CertaintyMark(f"{TITLES[row]}, {side}", palette) for row in ROWS}
        for row, editor in self.editors.items():
            editor.setAccessibleName(f"{TITLES[row]} of the {side} model")
            self.marks[row].clicked.connect(lambda _=False, row=row: self.asked.emit(row))
            if isinstance(editor, QComboBox):
                editor.activated.connect(lambda _, row=row: self._on_edited(row))
            elif isinstance(editor, QSpinBox):
                editor.valueChanged.connect(lambda _, row=row: self._on_edited(row))
        self.title.textEdited.connect(lambda _: self.changed.emit())

    @property
    def proposal(self) -> SideProposal:
        """What was proposed."""
        assert self._proposal is not None
        return self._proposal

    def convention(self, row: str) -> ConventionProposal[Any]:
        """Give the proposal of one row."""
        found: ConventionProposal[Any] = getattr(self.proposal, row)
        return found

    def words(self, row: str) -> str:
        """Write what is proposed for a row as its editor does."""
        editor, value = self.editors[row], self.convention(row).value
        if isinstance(editor, QComboBox):
            return editor.itemText(_place_of(editor, value))
        height, width = value
        return f"{height} px" if height == width else f"{height} × {width} px"

    def set_proposal(self, proposal: SideProposal) -> None:
        """Show a proposal in every editor."""
        self._proposal = proposal
        self.title.setText(proposal.title)
        for row in ROWS:
            editor, value = self.editors[row], getattr(proposal, row).value
            if isinstance(editor, QComboBox):
                editor.setCurrentIndex(_place_of(editor, value))
            elif isinstance(editor, QSpinBox):
                editor.blockSignals(True)
                editor.setValue(value[0])
                editor.blockSignals(False)
                editor.setEnabled(not proposal.fixes_size)
            self.marks[row].set_proposal(getattr(proposal, row))

    def to_spec(self) -> ReleaseSpec:
        """Give the release as the editors have it."""
        proposed = self.proposal.to_spec()
        return replace(
            proposed,
            title=self.title.text().strip(),
            mode=self._value("mode"),
            range=self._value("range"),
            output=self._value("output"),
            background=self._value("background"),
            size=None if self.proposal.fixes_size else self._value("size"),
        )

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        for mark in self.marks.values():
            mark.set_palette_scheme(palette)

    def _value(self, row: str) -> Any:
        editor = self.editors[row]
        if isinstance(editor, QComboBox):
            return editor.currentData()
        assert isinstance(editor, QSpinBox)
        proposed: tuple[int, int] = self.proposal.size.value
        side = editor.value()
        return proposed if side == proposed[0] else (side, side)

    def _on_edited(self, row: str) -> None:
        if self._proposal is not None:
            self.marks[row].set_own(self._value(row) != self.convention(row).value)
        self.changed.emit()


def _combo(rows: Any) -> QComboBox:
    box = QComboBox()
    for text, value in rows:
        box.addItem(text, value)
    box.setMinimumContentsLength(12)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return box


def _place_of(box: QComboBox, value: Any) -> int:
    """Give the place of a value by equality; Qt's own search does not know dataclasses."""
    return next(place for place in range(box.count()) if box.itemData(place) == value)


def _size_box() -> QSpinBox:
    box = QSpinBox()
    box.setRange(_LEAST_SIZE, _MOST_SIZE)
    box.setSuffix(" px")
    return box
