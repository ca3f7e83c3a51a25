"""Where the plots are: placeholders at first, then one view after the other.

Each place holds a view of classes, and one of features once a pair gives features.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QSplitter, QTabWidget, QToolButton, QVBoxLayout, QWidget

from inspector.core.features.kinds import Kind, kind_of
from inspector.gui.causes.view import CausesView, import_sections
from inspector.gui.layers.view import LayersView, import_panel
from inspector.gui.weights.view import WeightsView

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from inspector.core.features.kinds import AnyResult
    from inspector.core.palette import Palette
    from inspector.gui.explainer import Causes
    from inspector.gui.jobs import Jobs
    from inspector.gui.views import FeatureView, ResultView

TURN_MS = 1
"""Not 0: what is posted at once is still done in the same turn of the event loop."""

LEAST_BARS = 196
"""Room for five classes and the background class."""

LEAST_STRIP = 232
"""Room for the names and the numbers of a class beside one another."""

COMING = "The bars appear here with the first comparison"
COMING_PLOTS = "The plots appear here with the first comparison"


@dataclass(frozen=True, slots=True)
class ViewRow:
    """One view: its id, the module and class that make it, and what it shows."""

    id: str
    module: str
    factory: str
    kind: Kind = Kind.CLASSES


VIEWS: tuple[ViewRow, ...] = (
    ViewRow("top", "top_bars", "TopBarsView"),
    ViewRow("histogram", "histogram", "HistogramView"),
    ViewRow("details", "class_details", "ClassDetailsView"),
    ViewRow("search", "class_search", "ClassSearch"),
    ViewRow("differences", "differences", "DifferencesView"),
    ViewRow("scatter", "scatter", "ScatterView"),
)
"""In the order in which they are built."""

FEATURE_VIEWS: tuple[ViewRow, ...] = (
    ViewRow("top", "bars", "FeatureBarsView", Kind.FEATURES),
    ViewRow("histogram", "histogram", "FeatureHistogramView", Kind.FEATURES),
    ViewRow("details", "numbers", "FeatureNumbersView", Kind.FEATURES),
    ViewRow("differences", "differences", "FeatureDifferencesView", Kind.FEATURES),
    ViewRow("scatter", "scatter", "FeatureScatterView", Kind.FEATURES),
)
"""What stands at the same places where a pair gives features; built when the first one does."""

PACKAGES = {Kind.CLASSES: "inspector.gui.views", Kind.FEATURES: "inspector.gui.features"}
"""Where the views of each kind are."""

TABS = (("histogram", "Histogram"), ("differences", "Per class"), ("scatter", "Agreement"))
DIFFERENCES_TAB = 1
DIFFERENCES_TITLES = {Kind.CLASSES: "Per class", Kind.FEATURES: "Per dimension"}
STRIP_TITLES = {Kind.CLASSES: "Class", Kind.FEATURES: "Numbers"}
CAUSES_TAB = len(TABS)
WEIGHTS_TAB = CAUSES_TAB + 1
LAYERS_TAB = WEIGHTS_TAB + 1

NARROW = 680
"""Under this width the plots have it for themselves, and a button shows the class beside them."""


class Slot(QWidget):
    """A place for a view of either kind; until there is something to draw, it says what will be."""

    def __init__(self, least: tuple[int, int], text: str = "") -> None:
        super().__init__()
        self.setMinimumSize(*least)
        self._label = QLabel(text)
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._label.setEnabled(False)
        self._views: dict[Kind, QWidget] = {}
        self._kind: Kind | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._label)

    def put(self, view: QWidget, kind: Kind = Kind.CLASSES) -> None:
        """Take the view of one kind; it is shown as soon as it is wanted."""
        self._views[kind] = view
        view.hide()
        self._column.addWidget(view)
        self._change()

    @property
    def wanted(self) -> bool:
        """Whether there is something to draw."""
        return self._kind is not None

    @property
    def kind(self) -> Kind | None:
        """Which kind of view is wanted, or None before there is something to draw."""
        return self._kind

    def reveal(self, kind: Kind = Kind.CLASSES) -> None:
        """Show the view of one kind, now or once it is built, and no other."""
        self._kind = kind
        self._change()

    def _change(self) -> None:
        wanted = None if self._kind is None else self._views.get(self._kind)
        for view in self._views.values():
            if view is not wanted:
                view.hide()
        self._label.setVisible(wanted is None)
        if wanted is not None:
            wanted.show()


class PlotArea(QWidget):
    """Bar plots over tabs, with the class in detail beside the tabs."""

    view_built = Signal(str, object)
    """Id and view."""
    feature_view_built = Signal(str, object)
    """The same for a view of features."""
    all_built = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.views: dict[str, QWidget] = {}
        self.feature_views: dict[str, QWidget] = {}
        self._waiting: list[ViewRow] = []
        self._jobs: Jobs | None = None
        self._kind: Kind | None = None
        self._features_asked = False
        self.causes = CausesView()
        self.weights = WeightsView()
        self.layers = LayersView()
        self.slots = {
            "top": Slot((260, LEAST_BARS), COMING),
            "histogram": Slot((200, 120), COMING_PLOTS),
            "differences": Slot((200, 120), COMING_PLOTS),
            "scatter": Slot((200, 120), COMING_PLOTS),
            "details": Slot((LEAST_STRIP, 80)),
            "search": Slot((LEAST_STRIP, 30)),
        }
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.tabs.tabBar().setAccessibleName("Plots")
        for name, title in TABS:
            self.tabs.addTab(self.slots[name], title)
        self.tabs.insertTab(CAUSES_TAB, self.causes, "Causes")
        self.tabs.insertTab(WEIGHTS_TAB, self.weights, "Weights")
        self.tabs.insertTab(LAYERS_TAB, self.layers, "Layers")
        self.strip = QWidget()
        self.strip.setAccessibleName("Class")
        strip_column = QVBoxLayout(self.strip)
        strip_column.setContentsMargins(0, 2, 0, 0)
        strip_column.addWidget(self.slots["search"])
        strip_column.addWidget(self.slots["details"], 1)
        self.strip_button = QToolButton()
        self.strip_button.setCheckable(True)
        self.strip_button.setText(STRIP_TITLES[Kind.CLASSES])
        self.strip_button.setToolTip("Show the numbers of what is selected beside the plot")
        self.strip_button.toggled.connect(self._arrange_strip)
        self.tabs.setCornerWidget(self.strip_button)
        self.tabs.currentChanged.connect(self._arrange_strip)
        self.beneath = QSplitter(Qt.Orientation.Horizontal)
        self.beneath.addWidget(self.tabs)
        self.beneath.addWidget(self.strip)
        self.beneath.setStretchFactor(0, 3)
        self.beneath.setStretchFactor(1, 1)
        self.beneath.setSizes([600, 260])
        self.rows = QSplitter(Qt.Orientation.Vertical)
        self.rows.addWidget(self.slots["top"])
        self.rows.addWidget(self.beneath)
        self.rows.setSizes([240, 320])
        for splitter in (self.beneath, self.rows):
            splitter.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.rows)
        self._arrange_strip()

    def build(self, jobs: Jobs) -> None:
        """Import the views on another thread, then build them one by one between events."""
        self._jobs = jobs
        jobs.run(import_views, lambda _: self._begin(VIEWS))
        self._ask_for_features()

    @property
    def kind(self) -> Kind | None:
        """Which kind of result is on show, or None before the first."""
        return self._kind

    def set_result(self, result: AnyResult | None) -> None:
        """Reveal the views of the result's kind."""
        if result is None:
            return
        self._kind = kind_of(result)
        self.tabs.setTabText(DIFFERENCES_TAB, DIFFERENCES_TITLES[self._kind])
        self.strip_button.setText(STRIP_TITLES[self._kind])
        self.slots["search"].setVisible(self._kind is Kind.CLASSES)
        self._ask_for_features()
        QTimer.singleShot(TURN_MS, self, self._reveal_next)

    def set_causes(self, causes: Causes) -> None:
        """Show what is known about the causes of the result."""
        self.causes.set_causes(causes)
        self.weights.set_causes(causes)
        count = len(causes.findings)
        self.tabs.setTabText(CAUSES_TAB, f"Causes ({count})" if count else "Causes")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the class beside the plots only where there is room for both."""
        super().resizeEvent(event)
        self._arrange_strip()

    def _arrange_strip(self) -> None:
        """Causes, weights and layers tell nothing of a class, and need the width."""
        of_classes = self.tabs.currentIndex() < CAUSES_TAB
        narrow = self.width() < NARROW
        self.strip_button.setVisible(of_classes and narrow)
        self.strip.setVisible(of_classes and (not narrow or self.strip_button.isChecked()))

    def _reveal_next(self) -> None:
        """Show the views one by one: each builds its content when it is first shown."""
        slot = next((slot for slot in self.slots.values() if slot.kind is not self._kind), None)
        if slot is not None and self._kind is not None:
            slot.reveal(self._kind)
            QTimer.singleShot(TURN_MS, self, self._reveal_next)

    @property
    def is_revealed(self) -> bool:
        """Whether every view of the kind on show has its place."""
        return all(slot.kind is self._kind for slot in self.slots.values())

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self.causes.set_palette_scheme(palette)
        self.weights.set_palette_scheme(palette)
        self.layers.set_palette_scheme(palette)

    def result_view(self, name: str) -> ResultView:
        """Give a view by its id, as what can show a result."""
        return cast("ResultView", self.views[name])

    def feature_view(self, name: str) -> FeatureView:
        """Give a view of features by its id, as what can show a result."""
        return cast("FeatureView", self.feature_views[name])

    def _ask_for_features(self) -> None:
        """Build the views of features once, when the first such result is there."""
        if self._jobs is None or self._features_asked or self._kind is not Kind.FEATURES:
            return
        self._features_asked = True
        self._jobs.run(import_feature_views, lambda _: self._begin(FEATURE_VIEWS))

    def _begin(self, rows: tuple[ViewRow, ...]) -> None:
        building = bool(self._waiting)
        self._waiting += rows
        if not building:
            self._build_next()

    def _build_next(self) -> None:
        row = self._waiting[0]
        view: QWidget = getattr(_module(row), row.factory)()
        features = row.kind is Kind.FEATURES
        (self.feature_views if features else self.views)[row.id] = view
        self.slots[row.id].put(view, row.kind)
        (self.feature_view_built if features else self.view_built).emit(row.id, view)
        QTimer.singleShot(TURN_MS, self, self._prepare_next)

    def _prepare_next(self) -> None:
        """Build what the view draws with, where it is in view; the first result waits for less."""
        from inspector.gui.views.base import AnyResultWidget

        row = self._waiting.pop(0)
        view = (self.feature_views if row.kind is Kind.FEATURES else self.views)[row.id]
        if self.slots[row.id].isVisible() and isinstance(view, AnyResultWidget):
            view.prepare()
        if row is VIEWS[-1]:
            self.all_built.emit()
        if self._waiting:
            QTimer.singleShot(TURN_MS, self, self._build_next)


def import_views() -> None:
    """Import every view's module; pyqtgraph takes a quarter of a second."""
    for row in VIEWS:
        _module(row)
    import_sections()
    import_panel()


def import_feature_views() -> None:
    """Import the modules of the views of features."""
    for row in FEATURE_VIEWS:
        _module(row)


def _module(row: ViewRow) -> object:
    return importlib.import_module(f"{PACKAGES[row.kind]}.{row.module}")
