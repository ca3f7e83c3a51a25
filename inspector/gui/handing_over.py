"""Tells the views: one after the other, each in a turn of the event loop of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from inspector.core.features.kinds import Kind, kind_of
from inspector.core.features.result import FeatureResult
from inspector.core.result import Result

if TYPE_CHECKING:
    from collections.abc import Callable

    from inspector.core.features.kinds import AnyResult
    from inspector.core.palette import Palette
    from inspector.gui.views import FeatureView, MarkingView, ResultView

TURN_MS = 1
"""Not 0: what is posted at once is still done in the same turn of the event loop."""


class HandingOver(QObject):
    """Gives every view the newest result, and what is marked, coloured and out of date in it.

    Drawing all views takes longer than a frame, so each has a turn of its own, in the order in
    which they were attached, and the window stays awake between them. A view is always whole: it
    shows one result, either the newest or the one before. A newer result takes the place of what
    was still to be handed over.
    """

    class_chosen = Signal(int)
    """The user chose this class, or dimension, in a view."""
    done = Signal()
    """Every view has the newest result."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hand: dict[MarkingView, Callable[[], None]] = {}
        self._kinds: dict[MarkingView, Kind] = {}
        self._waiting: list[MarkingView] = []
        self._result: AnyResult | None = None
        self._selected: int | None = None
        self._palette: Palette | None = None
        self._stale = False
        self._has_turn = False

    @property
    def selected(self) -> int | None:
        """The class, or dimension, that is marked everywhere."""
        return self._selected

    @property
    def is_done(self) -> bool:
        """Whether every view has the newest result."""
        return not self._waiting

    def attach(self, view: ResultView) -> None:
        """Tell a view of classes everything now and from now on."""
        self._hand[view] = lambda: view.set_result(self._class_result)
        self._introduce(view, Kind.CLASSES)

    def attach_features(self, view: FeatureView) -> None:
        """Tell a view of features everything now and from now on."""
        self._hand[view] = lambda: view.set_result(self._feature_result)
        self._introduce(view, Kind.FEATURES)

    def show(self, result: AnyResult, selected: int | None) -> None:
        """Hand a result over: to the first view of its kind at once, to the others soon.

        The views of the other kind have nothing to show any more, and come last.

        Parameters
        ----------
        result
            What to show.
        selected
            The class, or dimension, to mark in it.
        """
        self._result, self._selected = result, selected
        kind = kind_of(result)
        self._waiting = sorted(self._hand, key=lambda view: self._kinds[view] is not kind)
        self._next()

    def select(self, index: int | None) -> None:
        """Mark a class or dimension."""
        self._selected = index
        for view in self._hand:
            view.set_selected_class(index)

    def set_palette(self, palette: Palette) -> None:
        """Give every view other colours."""
        self._palette = palette
        for view in self._hand:
            view.set_palette_scheme(palette)

    def set_stale(self, stale: bool) -> None:
        """Mark what is on show as out of date; a view that waits stays so until its turn."""
        self._stale = stale
        for view in self._hand:
            if stale or view not in self._waiting:
                view.set_stale(stale)

    def stop(self) -> None:
        """Tell the views no more: the window closes."""
        self._waiting.clear()

    def _introduce(self, view: MarkingView, kind: Kind) -> None:
        self._kinds[view] = kind
        view.class_selected.connect(self.class_chosen)
        if self._palette is not None:
            view.set_palette_scheme(self._palette)
        self._give(view)

    def _next(self) -> None:
        """Let the next view draw; the one after it has the event loop's next turn."""
        if self._waiting:
            self._give(self._waiting.pop(0))
        if not self._waiting:
            self.done.emit()
        elif not self._has_turn:
            self._has_turn = True
            QTimer.singleShot(TURN_MS, self, self._take_turn)

    def _take_turn(self) -> None:
        self._has_turn = False
        if self._waiting:
            self._next()

    def _give(self, view: MarkingView) -> None:
        self._hand[view]()
        view.set_selected_class(self._selected)
        view.set_stale(self._stale)

    @property
    def _class_result(self) -> Result | None:
        return self._result if isinstance(self._result, Result) else None

    @property
    def _feature_result(self) -> FeatureResult | None:
        return self._result if isinstance(self._result, FeatureResult) else None
