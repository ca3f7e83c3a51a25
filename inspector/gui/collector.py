"""Garbage collection on the GUI thread alone.

Python collects cyclic garbage on whichever thread happens to allocate. A Qt object that is
destroyed on a thread that is not its own crashes the program, so automatic collection is switched
off and a timer of the GUI thread does it.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 1000


class GuiCollector(QObject):
    """Collects garbage once a second, each generation when Python itself would do so."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> int | None:
        """Collect the oldest generation whose threshold is passed; give it, or None for none."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if thresholds[generation] and counts[generation] > thresholds[generation]:
                gc.collect(generation)
                return generation
        return None

    def leave_alone(self) -> None:
        """Exempt everything that lives now, so that later collections are short.

        Nothing is collected before: that takes many frames, and the start leaves little garbage.
        """
        gc.freeze()

    def close(self) -> None:
        """Give the collection back to Python."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_enabled:
            gc.enable()
