"""The views: widgets that draw a frozen result.

Every view keeps the interface of :class:`ResultView`. A view draws only while it is visible; what
arrives meanwhile is drawn when it is shown. The modules that plot import pyqtgraph; this package by
itself does not, so that a window can paint before that import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance

    from inspector.core.features.result import FeatureResult
    from inspector.core.palette import Palette
    from inspector.core.result import Result


class MarkingView(Protocol):
    """What the main window asks of a view of either kind."""

    @property
    def class_selected(self) -> SignalInstance:
        """Signal(int): the user chose the class, or dimension, of this index in the view."""

    def set_selected_class(self, index: int | None) -> None:
        """Mark a class or a dimension; emits nothing."""

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""

    def set_stale(self, stale: bool) -> None:
        """Dim what is shown and say that it is being updated, or stop doing so."""


class ResultView(MarkingView, Protocol):
    """A view of classes."""

    def set_result(self, result: Result | None) -> None:
        """Show a result, or the placeholder sentence; ends a stale state."""


class FeatureView(MarkingView, Protocol):
    """A view of features."""

    def set_result(self, result: FeatureResult | None) -> None:
        """Show a result, or the placeholder sentence; ends a stale state."""
