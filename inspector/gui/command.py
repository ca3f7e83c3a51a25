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
    undoes, redoes
        The change of the settings that can be taken back, or done again, in a few words; empty
        where there is none.
    pair_mode
        The mode of the pair in use, or empty where each side has its own way.
    walkable
        Whether there is another picture to walk to.
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
    undoes: str = ""
    redoes: str = ""
    pair_mode: str = ""
    walkable: bool = False
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
    title_now
        For a title that says what would be done now: gives it.
    group
        Name of the group of which only one is ticked, or empty.
    icon
        Name of an icon, or empty.
    short
        What the toolbar says, where that is not the title.
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
    title_now: Callable[[Situation], str] | None = None
    group: str = ""
    icon: str = ""
    short: str = ""
    tip: str = ""
    new_group: bool = False
