"""How many pictures a name stands for, counted off the GUI thread before a sweep begins."""

from __future__ import annotations

import glob
import threading
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from inspector.core.errors import InspectorError
from inspector.gui.sweep.words import counted
from inspector.sweep.listing import Listing

if TYPE_CHECKING:
    from inspector.gui.jobs import Jobs

MOST = 100_000
"""Pictures beyond these are not counted: the answer is that there are more."""

TYPING_MS = 250
"""How long to wait after a key before the disk is asked."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a name stands for.

    Attributes
    ----------
    count
        Pictures; None where they are not counted beforehand.
    more
        Whether there are more than `count`.
    problem
        Why there are none to be had; empty otherwise.
    """

    count: int | None = None
    more: bool = False
    problem: str = ""

    @property
    def text(self) -> str:
        """What to say of it."""
        if self.problem:
            return self.problem
        if self.count is None:
            return "A pattern that goes through folders: counted when the sweep begins."
        if not self.count:
            return "No pictures found there."
        more = "More than " if self.more else ""
        return f"{more}{counted(self.count, 'picture')} found"

    @property
    def usable(self) -> bool:
        """Whether a sweep can begin with it."""
        return not self.problem and self.count != 0


class PictureCount(QObject):
    """Counts the pictures behind what is typed; the last text wins.

    Parameters
    ----------
    jobs
        Does the counting. It outlives this object.
    """

    found = Signal(object)
    """Found."""

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._text = ""
        self._unwanted = threading.Event()
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self._begin)

    def ask(self, text: str) -> None:
        """Count the pictures that `text` stands for, soon; nothing for an empty one."""
        self.stop()
        self._text = text
        if text:
            self._typing.start()

    def stop(self) -> None:
        """Give up what is being counted; it is not told."""
        self._typing.stop()
        self._unwanted.set()

    def _begin(self) -> None:
        unwanted = self._unwanted = threading.Event()
        self.destroyed.connect(unwanted.set)
        self._jobs.run(partial(count_pictures, self._text, unwanted), partial(self._tell, unwanted))

    def _tell(self, unwanted: threading.Event, found: Found) -> None:
        if not unwanted.is_set():
            self.found.emit(found)


def count_pictures(named: str, unwanted: threading.Event, most: int = MOST) -> Found:
    """Count the pictures behind a name, as far as `most`; ends soon once it is unwanted.

    A pattern with ``**`` is not counted: it may go through a whole disk before it finds anything.
    """
    if glob.has_magic(named) and "**" in named:
        return Found()
    count = 0
    try:
        for _ in Listing(named).paths():
            if unwanted.is_set():
                break
            if count == most:
                return Found(count, more=True)
            count += 1
    except InspectorError as error:
        return Found(problem=error.message)
    return Found(count)
