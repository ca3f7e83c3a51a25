"""Where the plots are: placeholders at first, then one view after the other."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QSplitter, QTabWidget, QVBoxLayout, QWidget

from inspector.gui.causes.view import CausesView
from inspector.gui.weights.view import WeightsView

if TYPE_CHECKING:
    from inspector.core.palette import Palette
    from inspector.core.result import Result
    from inspector.gui.explainer import Causes
    from inspector.gui.jobs import Jobs
    from inspector.gui.views import ResultView

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
    """One view: its id, and the module and class that make it."""

    id: str
    module: str
    factory: str


VIEWS: tuple[ViewRow, ...] = (
    ViewRow("top", "top_bars", "TopBarsView"),
    ViewRow("histogram", "histogram", "HistogramView"),
    ViewRow("details", "class_details", "ClassDetailsView"),
    ViewRow("search", "class_search", "ClassSearch"),
    ViewRow("differences", "differences", "DifferencesView"),
    ViewRow("scatter", "scatter", "ScatterView"),
)
"""In the order in which they are built."""

TABS = (("histogram", "Histogram"), ("differences", "Per class"), ("scatter", "Agreement"))
CAUSES_TAB = len(TABS)
WEIGHTS_TAB = CAUSES_TAB + 1


class Slot(QWidget):
    """A place for a view: it says what will be there until there is something to draw."""

    def __init__(self, least: tuple[int, int], text: str = "") -> None:
        super().__init__()
        self.setMinimumSize(*least)
        self._label = QLabel(text)
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._label.setEnabled(False)
        self._view: QWidget | None = None
        self._wanted = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._label)

    def put(self, view: QWidget) -> None:
        """Take the view; it is shown as soon as it is wanted."""
        self._view = view
        view.hide()
        self._column.addWidget(view)
        self._change()

    @property
    def wanted(self) -> bool:
        """Whether there is something to draw."""
        return self._wanted

    def reveal(self) -> None:
        """Show the view, now or once it is built."""
        self._wanted = True
        self._change()

    def _change(self) -> None:
        if self._wanted and self._view is not None:
            self._label.hide()
            self._view.show()


class PlotArea(QWidget):
    """Bar plots over tabs, with the class in detail beside the tabs."""

    view_built = Signal(str, object)
    """Id and view."""
    all_built = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.views: dict[str, QWidget] = {}
        self._waiting: list[ViewRow] = []
        self.causes = CausesView()
        self.weights = WeightsView()
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
        self.tabs.addTab(self.causes, "Causes")
        self.tabs.addTab(self.weights, "Weights")
        self.strip = QWidget()
        self.strip.setAccessibleName("Class")
        strip_column = QVBoxLayout(self.strip)
        strip_column.setContentsMargins(0, 2, 0, 0)
        strip_column.addWidget(self.slots["search"])
        strip_column.addWidget(self.slots["details"], 1)
        # The table of weights is wide, and tells nothing of a class.
        self.tabs.currentChanged.connect(lambda tab: self.strip.setHidden(tab == WEIGHTS_TAB))
        self.beneath = QSplitter(Qt.Orientation.Horizontal)
        self.beneath.addWidget(self.tabs)
        self.beneath.addWidget(self.strip)
        self.beneath.setStretchFactor(0, 3)
        self.beneath.setStretchFactor(1, 1)
        self.beneath.setSizes([600, 260])
        self.rows = QSplitter(Qt.Orientation.Vertical)
        self.rows.addWidget(self.slots["top"])
        self.rows.addWidget(self.beneath)
        self.rows.setSizes([260, 300])
        for splitter in (self.beneath, self.rows):
            splitter.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.rows)

    def build(self, jobs: Jobs) -> None:
        """Import the views on another thread, then build them one by one between events."""
        self._waiting = list(VIEWS)
        jobs.run(import_views, lambda _: self._build_next())

    def set_result(self, result: Result | None) -> None:
        """Reveal the views with the first result."""
        if result is not None:
            self._reveal_next()

    def set_causes(self, causes: Causes) -> None:
        """Show what is known about the causes of the result."""
        self.causes.set_causes(causes)
        self.weights.set_causes(causes)
        count = len(causes.findings)
        self.tabs.setTabText(CAUSES_TAB, f"Causes ({count})" if count else "Causes")

    def _reveal_next(self) -> None:
        """Show the views one by one: each builds its content when it is first shown."""
        slot = next((slot for slot in self.slots.values() if not slot.wanted), None)
        if slot is not None:
            slot.reveal()
            QTimer.singleShot(TURN_MS, self, self._reveal_next)

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self.causes.set_palette_scheme(palette)
        self.weights.set_palette_scheme(palette)

    def result_view(self, name: str) -> ResultView:
        """Give a view by its id, as what can show a result."""
        return cast("ResultView", self.views[name])

    def _build_next(self) -> None:
        if not self._waiting:
            self.all_built.emit()
            return
        row = self._waiting.pop(0)
        view: QWidget = getattr(_module(row), row.factory)()
        self.views[row.id] = view
        self.slots[row.id].put(view)
        self.view_built.emit(row.id, view)
        QTimer.singleShot(TURN_MS, self, self._build_next)


def import_views() -> None:
    """Import every view's module; pyqtgraph takes a quarter of a second."""
    for row in VIEWS:
        _module(row)


def _module(row: ViewRow) -> object:
    return importlib.import_module(f"inspector.gui.views.{row.module}")
