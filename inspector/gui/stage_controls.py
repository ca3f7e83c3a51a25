"""The small controls of the stages dock: choices, numbers, the mode, the output switches."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QSizePolicy,
    QSpinBox,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from inspector.core.modes import MODES, OWN, find_mode
from inspector.core.wording import word
from inspector.session import CUSTOM

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QWheelEvent

    from inspector.core.pairs import Side
    from inspector.gui.stage_fields import StageField, Value


class ElidingBox(QComboBox):
    """A combo box that may be narrow: it shortens its text, and leaves the wheel to the scroll."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(90)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame and as much of the text as there is room for."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        text = self.fontMetrics().elidedText(
            option.currentText, Qt.TextElideMode.ElideRight, room.width() - 4
        )
        option.currentText = text
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def showPopup(self) -> None:
        """Make the list wide enough for its texts."""
        wanted = self.view().sizeHintForColumn(0) + 32
        self.view().setMinimumWidth(max(self.width(), wanted))
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Change nothing by a turn of the wheel that was meant to scroll."""
        event.ignore()

    def minimumSizeHint(self) -> QSize:
        """Ask for one line, however narrow."""
        return QSize(90, super().minimumSizeHint().height())


class FieldControl(QWidget):
    """The control of one field on one side."""

    edited = Signal(object)
    """The new value."""

    def __init__(self, field: StageField, side: Side) -> None:
        super().__init__()
        self.field = field
        self._tip = field.tip
        self._inner: QWidget | None = None
        self.setAccessibleName(f"{side} {field.title.lower()}")
        self.setToolTip(field.tip)

    def show_value(self, value: Value, options: tuple[StrEnum, ...]) -> None:
        """Show a value and, for a choice, what there is to choose from; emits nothing."""
        raise NotImplementedError

    def setToolTip(self, tip: str) -> None:
        """Show a tooltip; the control inside gives it to those who cannot see it, too."""
        super().setToolTip(tip)
        if self._inner is not None:
            self._inner.setToolTip(tip)

    def _hold(self, inner: QWidget) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(inner)
        inner.setAccessibleName(self.accessibleName())
        inner.setToolTip(self._tip)
        self._inner = inner
        self.setFocusProxy(inner)


class ChoiceControl(FieldControl):
    """Chooses among the words of an enum, or between off and on."""

    def __init__(self, field: StageField, side: Side) -> None:
        super().__init__(field, side)
        self.box = ElidingBox()
        self._values: list[Value] = []
        self.box.activated.connect(lambda index: self.edited.emit(self._values[index]))
        self._hold(self.box)

    def show_value(self, value: Value, options: tuple[StrEnum, ...]) -> None:
        """Show a choice."""
        values: list[Value] = list(options) if options else [False, True]
        with QSignalBlocker(self.box):
            if values != self._values:
                self._values = values
                self.box.clear()
                self.box.addItems([_word(each) for each in values])
            self.box.setCurrentIndex(values.index(value))
        self.setToolTip(f"{self._tip}: {_word(value)}")

    def choose(self, value: Value) -> None:
        """Choose as the user does."""
        index = self._values.index(value)
        self.box.setCurrentIndex(index)
        self.box.activated.emit(index)


class NumberControl(FieldControl):
    """Sets a number within its limits."""

    def __init__(self, field: StageField, side: Side) -> None:
        super().__init__(field, side)
        self.box: QSpinBox | QDoubleSpinBox
        if field.kind is int:
            whole = QSpinBox()
            whole.setRange(int(field.low), int(field.high))
            whole.setSingleStep(int(field.step))
            self.box = whole
        else:
            share = QDoubleSpinBox()
            share.setDecimals(3)
            share.setRange(field.low, field.high)
            share.setSingleStep(field.step)
            self.box = share
        self.box.setSuffix(field.suffix)
        self.box.setKeyboardTracking(False)
        self.box.setMinimumWidth(90)
        self.box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.box.valueChanged.connect(lambda value: self.edited.emit(value))
        self._hold(self.box)

    def show_value(self, value: Value, options: tuple[StrEnum, ...]) -> None:
        """Show a number."""
        del options
        with QSignalBlocker(self.box):
            if isinstance(self.box, QSpinBox):
                self.box.setValue(int(value))
            else:
                self.box.setValue(float(value))


def make_control(field: StageField, side: Side) -> FieldControl:
    """Make the control that suits a field."""
    return NumberControl(field, side) if field.kind in {int, float} else ChoiceControl(field, side)


class ModeBox(ElidingBox):
    """Chooses a named mode; says Custom where stages were set by hand."""

    chosen = Signal(str)

    def __init__(self, side: Side) -> None:
        super().__init__()
        self.setAccessibleName(f"{side} mode")
        self.addItem("Own", OWN)
        for mode in MODES:
            if mode.wrong and not self._has_wrong():
                self.insertSeparator(self.count())
            self.addItem(mode.title, mode.id)
            self.setItemData(self.count() - 1, mode.summary, Qt.ItemDataRole.ToolTipRole)
        self.activated.connect(self._tell)

    @property
    def mode(self) -> str:
        """The mode on show."""
        return str(self.currentData())

    def show_choice(self, mode: str, own: str) -> None:
        """Show a mode; `own` is what the release declares."""
        with QSignalBlocker(self):
            self.setItemText(0, f"Own ({find_mode(own).title})")
            custom = self.findData(CUSTOM)
            if mode == CUSTOM and custom < 0:
                self.addItem("Custom", CUSTOM)
            elif mode != CUSTOM and custom >= 0:
                self.removeItem(custom)
            self.setCurrentIndex(self.findData(mode))
        summary = "stages set by hand" if mode == CUSTOM else find_mode(_named(mode, own)).summary
        self.setToolTip(f"{self.currentText()}: {summary}")

    def choose(self, mode: str) -> None:
        """Choose as the user does."""
        index = self.findData(mode)
        self.setCurrentIndex(index)
        self.activated.emit(index)

    def _tell(self) -> None:
        if self.mode != CUSTOM:
            self.chosen.emit(self.mode)

    def _has_wrong(self) -> bool:
        return any(self.itemData(i) == mode.id for i in range(self.count()) for mode in _WRONG)


_WRONG = tuple(mode for mode in MODES if mode.wrong)


class SwitchBox(ElidingBox):
    """As declared, or one of two states against it."""

    chosen = Signal()

    def __init__(self, name: str, on: str, off: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._words = {True: on, False: off}
        self.addItem("declared", None)
        self.addItem(on, True)
        self.addItem(off, False)
        self.activated.connect(lambda _: self.chosen.emit())

    @property
    def value(self) -> bool | None:
        """True, False, or None for as declared."""
        value = self.currentData()
        return value if isinstance(value, bool) else None

    def show_state(self, value: bool | None, declared: bool) -> None:
        """Show a switch; `declared` is what the release says; emits nothing."""
        with QSignalBlocker(self):
            self.setItemText(0, f"declared: {self._words[declared]}")
            self.setCurrentIndex({None: 0, True: 1, False: 2}[value])
        self.setToolTip(self.currentText())

    def set_possible(self, possible: bool, why_not: str, instead: str = "no such class") -> None:
        """Enable it, or say why there is nothing to switch, and `instead` of a choice."""
        self.setEnabled(possible)
        if not possible:
            self.setItemText(0, instead)
            self.setToolTip(why_not)

    def choose(self, value: bool | None) -> None:
        """Choose as the user does."""
        index = {None: 0, True: 1, False: 2}[value]
        self.setCurrentIndex(index)
        self.activated.emit(index)


def _named(mode: str, own: str) -> str:
    return own if mode == OWN else mode


def _word(value: Value) -> str:
    if isinstance(value, StrEnum):
        return word(value)
    return "on" if value else "off"
