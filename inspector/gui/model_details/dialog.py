"""The dialog: a tab for each side's release, and one for the endpoints of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QTabWidget, QVBoxLayout

from inspector.core.description import DescribeTask, Description
from inspector.core.pairs import Side
from inspector.core.trace import Trace, TraceTask
from inspector.gui.eliding import ElidingLabel
from inspector.gui.model_details.endpoints_tab import EndpointsTab
from inspector.gui.model_details.inquiries import Inquiries
from inspector.gui.model_details.side_tab import SideTab

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from inspector.core.errors import InspectorError
    from inspector.core.pairs import PairSpec
    from inspector.core.palette import Palette
    from inspector.core.picture import PictureSource
    from inspector.core.result import SideSettings
    from inspector.gui.model_details.tab import DetailsTab
    from inspector.session import Session

TRACE = "trace"
STOPPED = "It was stopped."
_WAITING = "Waiting for the engine"


@dataclass(frozen=True, slots=True)
class Subject:
    """What the details are of; `picture` is None before the first."""

    pair: PairSpec
    picture: PictureSource | None
    left: SideSettings
    right: SideSettings

    @classmethod
    def of(cls, session: Session) -> Subject:
        """Give what a session has in use."""
        left, right = (session.settings(side) for side in Side)
        return cls(session.pair, session.picture, left, right)


class ModelDetailsDialog(QDialog):
    """Tells what both releases of the pair in use offer; it stops nothing else in the window.

    Each side is described once for a pair. The trace is made when its tab is first looked at, and
    again when the picture or the modes change while it is.

    Parameters
    ----------
    subject
        The pair, the picture and the modes in use.
    palette
        Colours.
    inquiries
        Asks the engine; closed with the dialog.
    """

    def __init__(
        self,
        subject: Subject,
        palette: Palette,
        inquiries: Inquiries | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Model details")
        self.resize(980, 660)
        self.inquiries = inquiries or Inquiries(parent=self)
        self.heading = ElidingLabel(align_right=False)
        self.sides = {side: SideTab(side, palette) for side in Side}
        self.endpoints = EndpointsTab(palette)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        for side, tab in self.sides.items():
            self.tabs.addTab(tab, str(side).capitalize())
        self.tabs.addTab(self.endpoints, "Endpoints")
        self.close_button = QPushButton("Close")
        self.close_button.setAutoDefault(False)
        self._keys: dict[str, DetailsTab] = {
            **{str(side): tab for side, tab in self.sides.items()},
            TRACE: self.endpoints,
        }
        self._traced: Subject | None = None
        self._subject = subject
        self._lay_out()
        self._connect()
        self._introduce()

    @property
    def subject(self) -> Subject:
        """What the details are of."""
        return self._subject

    def set_subject(self, subject: Subject) -> None:
        """Tell of another pair, picture or other modes."""
        if subject == self._subject:
            return
        other_pair = subject.pair != self._subject.pair
        self._subject = subject
        if other_pair:
            self._introduce()
        elif self.tabs.currentWidget() is self.endpoints:
            self._trace()

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        for tab in self._keys.values():
            tab.set_palette_scheme(palette)

    def done(self, result: int) -> None:
        """Close, and end the engine process of this dialog."""
        self.inquiries.close()
        super().done(result)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.addWidget(self.heading)
        column.addWidget(self.tabs, 1)
        column.addLayout(row)

    def _connect(self) -> None:
        self.close_button.clicked.connect(self.close)
        self.tabs.currentChanged.connect(self._on_tab)
        asked = self.inquiries
        asked.progressed.connect(lambda key, *said: self._keys[key].show_progress(*said))
        asked.failed.connect(self._on_failed)
        asked.answered.connect(self._on_answered)
        for key, tab in self._keys.items():
            tab.stopped.connect(lambda key=key: self._stop(key))
            tab.repeated.connect(lambda key=key: self._repeat(key))

    def _introduce(self) -> None:
        """Begin with a pair."""
        pair = self._subject.pair
        self.heading.setText(pair.title)
        for side, tab in self.sides.items():
            tab.set_release(pair.release(side).name)
            self._describe(side)
        self._traced = None
        self.inquiries.drop(TRACE)
        self.endpoints.clear()
        self._on_tab()

    def _describe(self, side: Side) -> None:
        self._ask(str(side), DescribeTask(self._subject.pair.release(side)))

    def _trace(self) -> None:
        """Trace the picture in use, unless that was done or is under way."""
        subject = self._subject
        if subject.picture is None:
            self.inquiries.drop(TRACE)
            self.endpoints.show_without_picture()
        elif subject != self._traced:
            self._traced = subject
            task = TraceTask(subject.picture, subject.pair, subject.left, subject.right)
            self._ask(TRACE, task, first=True)

    def _ask(self, key: str, task: DescribeTask | TraceTask, first: bool = False) -> None:
        self._keys[key].clear()
        self._keys[key].show_progress(_WAITING)
        self.inquiries.ask(key, task, first)

    def _on_tab(self) -> None:
        if self.tabs.currentWidget() is self.endpoints:
            self._trace()

    def _on_answered(self, key: str, outcome: object) -> None:
        if isinstance(outcome, Trace):
            self.endpoints.set_trace(outcome)
        elif isinstance(outcome, Description):
            self.sides[Side(key)].set_description(outcome)

    def _on_failed(self, key: str, error: InspectorError) -> None:
        self._keys[key].show_error(error)

    def _stop(self, key: str) -> None:
        self.inquiries.drop(key)
        self._keys[key].state.show_end(STOPPED, "warning")

    def _repeat(self, key: str) -> None:
        if key == TRACE:
            self._traced = None
            self._trace()
        else:
            self._describe(Side(key))
