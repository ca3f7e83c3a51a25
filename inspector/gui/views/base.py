"""What all views share: state, lazy drawing, sentences instead of plots, the stale veil."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from inspector.core.class_facts import why_not_drawn
from inspector.core.features.result import FeatureResult
from inspector.core.ordering import step_through
from inspector.core.result import Result
from inspector.gui.theme import current_palette
from inspector.gui.views.widgets import StaleVeil, tinted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent

    from inspector.core.features.kinds import AnyResult
    from inspector.core.palette import Palette

R = TypeVar("R", bound="AnyResult")

EMPTY_TEXT = "Open a picture to compare the two releases on it."

_STEPS = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -10,
    Qt.Key.Key_PageDown: 10,
    Qt.Key.Key_Home: -(10**9),
    Qt.Key.Key_End: 10**9,
}


class AnyResultWidget(QWidget, Generic[R]):
    """Base of the views of one kind of result; see :class:`inspector.gui.views.ResultView`.

    What can be selected are its classes, or its dimensions.

    A view overrides `_build` (its content, made when it is first shown with something to draw, or
    in `prepare`),
    `_draw` (everything from the result) and `_mark` (only what depends on the selected class), and
    where needed `_problem` and `_order`.

    Parameters
    ----------
    name
        Accessible name.
    parent
        As usual in Qt.
    """

    class_selected = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result: R | None = None
        self._selected: int | None = None
        self._palette = current_palette()
        self._dirty = True
        self._content: QWidget | None = None
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._header = QHBoxLayout()
        self._message = QLabel(EMPTY_TEXT)
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._message.setWordWrap(True)
        self._stack = QStackedLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._header)
        column.addLayout(self._stack, 1)
        self._stack.addWidget(self._message)  # it shows what it is given: only within the view
        self._veil = StaleVeil(self)
        self._veil.hide()
        self._colour_base()

    @property
    def result(self) -> R | None:
        """The result on show."""
        return self._result

    @property
    def selected_class(self) -> int | None:
        """The marked class."""
        return self._selected

    @property
    def message(self) -> str:
        """The sentence that is shown instead of the content, or an empty text."""
        if self._stack.currentWidget() is self._message:
            return self._message.text()
        return ""

    @property
    def is_stale(self) -> bool:
        """Whether what is shown is marked as out of date."""
        return not self._veil.isHidden()

    def prepare(self) -> None:
        """Build the content before there is something to draw, so that the first draws sooner."""
        if self._content is None:
            self._content = self._build()
            self._stack.addWidget(self._content)

    def set_result(self, result: R | None) -> None:
        """Show a result, or the placeholder sentence; ends a stale state."""
        self._result = result
        self.set_stale(False)
        self._touch()

    def set_selected_class(self, index: int | None) -> None:
        """Mark a class; emits nothing."""
        if index == self._selected:
            return
        self._selected = index
        if self._ready():
            self._mark()

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self._palette = palette
        self._colour_base()
        self._touch()

    def set_stale(self, stale: bool) -> None:
        """Dim what is shown and say that it is being updated, or stop doing so."""
        show = stale and self._result is not None
        self._veil.setGeometry(self.rect())
        self._veil.setVisible(show)
        if show:
            self._veil.raise_()

    def valid_selection(self) -> int | None:
        """Give the marked class where the result on show has it."""
        if self._result is None or self._selected is None:
            return None
        return self._selected if 0 <= self._selected < self._result.comparison.left.size else None

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what arrived while hidden."""
        super().showEvent(event)
        if self._dirty:
            self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the veil over everything."""
        super().resizeEvent(event)
        self._veil.setGeometry(self.rect())

    def changeEvent(self, event: QEvent) -> None:
        """Fit everything to another font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._touch()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk through the classes with the arrow keys, where the view has an order of them."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        chosen = step_through(self._order(), self._selected, step)
        if chosen is None:
            super().keyPressEvent(event)
            return
        self._choose(chosen)

    def _choose(self, index: int) -> None:
        """Mark a class by the user's wish, and tell."""
        self.set_selected_class(index)
        self.class_selected.emit(index)

    def _clicked(self, index: int) -> None:
        """Mark the class that was clicked, and take the keys."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._choose(index)

    def _marked_place(self) -> int | None:
        """Give the place of the marked class in the view's order, where it is there."""
        order = self._order()
        return order.index(self._selected) if self._selected in order else None

    def _touch(self) -> None:
        self._dirty = True
        if self.isVisible():
            self._refresh()

    def _ready(self) -> bool:
        return self._content is not None and not self._dirty and not self.message

    def _refresh(self) -> None:
        self._dirty = False
        problem = EMPTY_TEXT if self._result is None else self._problem(self._result)
        self._message.setText(problem)
        if problem or self._result is None:
            self._stack.setCurrentWidget(self._message)
            self.setAccessibleDescription(problem)
            return
        self.prepare()
        if self._content is not None:
            self._stack.setCurrentWidget(self._content)
        self._draw(self._result)
        self._mark()

    def _colour_base(self) -> None:
        tinted(self._message, self._palette.muted)
        self._veil.set_colours(self._palette)

    def _build(self) -> QWidget:
        raise NotImplementedError

    def _draw(self, result: R) -> None:
        raise NotImplementedError

    def _mark(self) -> None:
        raise NotImplementedError

    def _problem(self, result: R) -> str:
        return why_not_drawn(result)

    def _order(self) -> Sequence[int]:
        return ()


class ResultWidget(AnyResultWidget[Result]):
    """Base of the views of classes."""


class FeatureWidget(AnyResultWidget[FeatureResult]):
    """Base of the views of features."""
