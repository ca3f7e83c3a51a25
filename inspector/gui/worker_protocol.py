"""What the controller asks of the background worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance

    from inspector.engine.messages import Work


class Worker(Protocol):
    """The background worker that owns the conversation with the engine; nothing in it blocks."""

    @property
    def ready(self) -> SignalInstance:
        """Carries Ready."""
        ...

    @property
    def progress(self) -> SignalInstance:
        """Carries Progress."""
        ...

    @property
    def compared(self) -> SignalInstance:
        """Carries Compared."""
        ...

    @property
    def explained(self) -> SignalInstance:
        """Carries Explained."""
        ...

    @property
    def task_done(self) -> SignalInstance:
        """Carries TaskDone."""
        ...

    @property
    def failed(self) -> SignalInstance:
        """Carries Failed."""
        ...

    @property
    def finished(self) -> SignalInstance:
        """Carries Finished."""
        ...

    @property
    def restarted(self) -> SignalInstance:
        """Carries a sentence: the engine crashed and was started again."""
        ...

    def start(self) -> None:
        """Start the engine process, or start it again."""

    def submit(self, request: Work) -> None:
        """Hand a request over; the newest wins."""

    def cancel(self) -> None:
        """Stop what is running."""
