"""What the message bar is told, and what its buttons do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from inspector.core.catalogue import PUBLISHED, STARTER, is_here, shipped_pairs
from inspector.core.errors import EngineError, ReleaseMissingError
from inspector.core.pairs import find_pair
from inspector.gui.message_bar import Message, MessageKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from inspector.core.errors import InspectorError
    from inspector.core.features.kinds import AnyResult
    from inspector.gui.controller import Controller
    from inspector.gui.deeds import Deeds
    from inspector.gui.folder_walk import Walk
    from inspector.gui.main_window import MainWindow
    from inspector.gui.opener import Opener
    from inspector.session import Moment

STATUS_MS = 6000
USE_PUBLISHED = "Use the published pair"
SWEEP_ALL = "Sweep them all…"
RELEASES = "Releases…"
TRY_AGAIN = "Try again"
COMPARE = "Compare"
MANY_PICTURES = 40
"""From so many pictures in a folder a sweep is offered."""

CANCELLED = "Cancelled; this is the last comparison."
FIRST_CANCELLED = Message(
    "The first comparison was cancelled.", kind=MessageKind.NOTE, action=COMPARE
)
STARTER_NOTE = Message(
    "The published pair is not on this machine, so this is the small starter pair.",
    kind=MessageKind.NOTE,
    action=USE_PUBLISHED,
)


class Notices(QObject):
    """Tells errors, notes and offers, and takes back what no longer holds."""

    def __init__(
        self, window: MainWindow, controller: Controller, opener: Opener, deeds: Deeds
    ) -> None:
        super().__init__(window)
        self._window = window
        self._controller = controller
        self._opener = opener
        self._deeds = deeds
        self._offer: Message | None = None
        self._offered_folder = ""
        self._offered_walk: tuple[str, ...] = ()
        self._result: AnyResult | None = None
        self._given_up: dict[Message, Moment] = {}
        self._actions: dict[str, Callable[[Message], None]] = {
            USE_PUBLISHED: lambda _: deeds.use_published(),
            SWEEP_ALL: lambda _: deeds.beside.sweeps.ask_new(self._offered_folder),
            RELEASES: lambda _: deeds.beside.show_releases(),
            TRY_AGAIN: self._try_again,
            COMPARE: lambda _: controller.rerun(),
        }
        window.messages.acted.connect(lambda message, action: self._actions[action](message))
        controller.cancelled.connect(self._tell_cancelled)
        controller.busy_changed.connect(self._note_busy)
        controller.result_changed.connect(self._withdraw_try_again)
        opener.folder_opened.connect(self._offer_sweep)
        opener.walk_changed.connect(self._withdraw_offer)

    def tell_failure(self, error: InspectorError) -> None:
        """Show why a comparison failed, with what may help."""
        fetching = isinstance(error, ReleaseMissingError)
        again = TRY_AGAIN if fetching or isinstance(error, EngineError) else ""
        other = RELEASES if fetching else ""
        message = Message(error.message, error.mend, action=again, other=other)
        if again:
            self._given_up[message] = self._controller.given_up
        self._tell(message)
        if self._controller.result is None:
            self._window.banner.say_nothing_compared()

    def tell_error(self, error: InspectorError) -> None:
        """Show an error until it is dismissed."""
        action = RELEASES if isinstance(error, ReleaseMissingError) else ""
        self._tell(Message(error.message, error.mend, action=action))
        if self._controller.result is None and not self._controller.is_busy:
            self._window.banner.say_nothing_compared()

    def tell_fault(self, sentence: str) -> None:
        """Show that something inside the program went wrong."""
        self._tell(Message(sentence, "What is on screen is unchanged; the log has the details."))

    def tell_note(self, sentence: str) -> None:
        """Show a sentence that is no error, until it is dismissed."""
        self._tell(Message(sentence, kind=MessageKind.WARNING))

    def tell_done(self, text: str) -> None:
        """Show for a few seconds what was done."""
        self._window.statusBar().showMessage(text, STATUS_MS)

    def tell_starter(self) -> None:
        """Say once that the pair in use is the starter, where the published one is not here."""
        messages = self._window.messages
        if self._controller.session.pair.id == STARTER and not _published_here():
            messages.tell_once(STARTER_NOTE)
        else:
            messages.dismiss(STARTER_NOTE)

    def _tell(self, message: Message) -> None:
        self._window.messages.tell(message)

    def _try_again(self, message: Message) -> None:
        """Ask once more for what this very message is about."""
        self._controller.try_again(self._given_up.pop(message))

    def _withdraw_try_again(self, result: AnyResult | None) -> None:
        """Offer nothing again that would undo what was compared since."""
        if result is not self._result:  # it is told again where something was given up
            self._result = result
            self._given_up.clear()
            self._window.messages.take_action(TRY_AGAIN)

    def _tell_cancelled(self) -> None:
        """Say what is on screen now that a comparison was given up."""
        if self._controller.result is None:
            self._window.banner.say_nothing_compared()
            self._tell(FIRST_CANCELLED)
        else:
            self.tell_done(CANCELLED)

    def _note_busy(self, busy: bool) -> None:
        """Take back that nothing is being compared."""
        if busy:
            self._window.messages.dismiss(FIRST_CANCELLED)
            if self._controller.result is None:
                self._window.banner.set_result(None)

    def _offer_sweep(self, folder: str, walk: Walk) -> None:
        """Offer to go through a whole folder, where that is more than a walk."""
        if len(walk) < MANY_PICTURES:
            return
        self._offered_folder, self._offered_walk = folder, walk.paths
        told = f"{'more than ' if walk.more else ''}{len(walk):,} pictures"
        self._offer = Message(
            f"{Path(folder).name} has {told}. The first is compared; the arrow "
            "keys walk through the others.",
            kind=MessageKind.NOTE,
            action=SWEEP_ALL,
        )
        self._tell(self._offer)

    def _withdraw_offer(self) -> None:
        """Offer no sweep of a folder that was left."""
        if self._offer is not None and self._opener.walk.paths != self._offered_walk:
            self._window.messages.dismiss(self._offer)
            self._offer = None


def _published_here() -> bool:
    return is_here(find_pair(shipped_pairs(), PUBLISHED))
