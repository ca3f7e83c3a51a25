"""One command of the window, and what decides whether it can be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from inspector.gui.deeds import Deeds


@dataclass(frozen=True, slots=True)
class Situation:
    """What decides which commands can be used and which are ticked.

    Attributes
    ----------
    has_result, has_picture, busy
        Whether there is a result, a picture, and a request under way.
    has_classes
        Whether the result compares classes, and not features.
    can_undo, can_redo
        Whether a change of the preprocessing can be taken back or done again.
    walkable
        Whether there is another picture to walk to.
    published_in_use
        Whether the published pair is the one in use.
    has_messages
        Whether there is a message to dismiss.
    stages_shown
        Whether the stages dock is on show.
    in_memory
        Whether the picture on screen is no file yet.
    scheme, export_scale, export_theme
        The choices among colours and sizes.
    """

    has_result: bool = False
    has_classes: bool = False
    has_picture: bool = False
    busy: bool = False
    can_undo: bool = False
    can_redo: bool = False
    walkable: bool = False
    published_in_use: bool = False
    has_messages: bool = False
    stages_shown: bool = True
    in_memory: bool = False
    scheme: str = "system"
    export_scale: int = 2
    export_theme: str = "window"


def always(_: Situation) -> bool:
    """Let a command be used at any time."""
    return True


def with_result(now: Situation) -> bool:
    """Let it be used where there is a result."""
    return now.has_result


def with_classes(now: Situation) -> bool:
    """Let it be used where there is a result with classes."""
    return now.has_classes


@dataclass(frozen=True, slots=True)
class Command:
    """One row of the table.

    Attributes
    ----------
    id
        Stable name.
    menu
        One of `MENUS`, or ``Menu/Submenu``.
    title
        What the menu says.
    call
        What it does.
    shortcuts
        Keys in Qt's portable form; the first is shown.
    enabled
        When it can be used.
    checked
        For a choice that is ticked: when it is.
    icon
        Name of an icon, or empty.
    tip
        One line for the status line, the tooltip and the help sheet.
    new_group
        Whether a line stands before it in the menu.
    """

    id: str
    menu: str
    title: str
    call: Callable[[Deeds], None]
    shortcuts: tuple[str, ...] = ()
    enabled: Callable[[Situation], bool] = always
    checked: Callable[[Situation], bool] | None = None
    icon: str = ""
    tip: str = ""
    new_group: bool = False
