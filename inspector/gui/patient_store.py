"""Settings that are written when the user rests, since writing waits for the disk."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QSettings, QTimer

REST_MS = 10_000
"""So long nothing may have changed. Qt writes at the next turn of the event loop, on the thread
that paints, and waits until the disk has it: tens of milliseconds after each picture."""


class PatientStore(QSettings):
    """A QSettings, made as such; `sync` writes at once, as at the end."""

    def __init__(self, *where: Any) -> None:
        super().__init__(*where)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.sync)

    @property
    def is_waiting(self) -> bool:
        """Whether something is still to be written."""
        return self._rest.isActive()

    def event(self, event: QEvent) -> bool:
        """Put off what Qt would do at once."""
        if event.type() is QEvent.Type.UpdateRequest:
            self._rest.start()
            return True
        return super().event(event)

    def sync(self) -> None:
        """Write now."""
        self._rest.stop()
        super().sync()
