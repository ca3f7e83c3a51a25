"""Rows of the table of commands that are alike but for a word: made by one function per kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.modes import PAIR_MODES
from inspector.gui.command import Command, with_result

if TYPE_CHECKING:
    from inspector.core.pairs import Side


def pair_mode(mode: str, shortcut: str) -> Command:
    """Give the command that uses a mode of the pair."""
    return Command(
        f"pair_mode_{mode}",
        "Modes",
        PAIR_MODES[mode],
        lambda do: do.set_pair_mode(mode),
        (shortcut,),
        checked=lambda now: now.pair_mode == mode,
        group="pair modes",
        tip="Preprocessing of both sides at once",
    )


def scheme(name: str, title: str) -> Command:
    """Give the command that chooses the colours of the window."""
    return Command(
        f"scheme_{name}",
        "View/Colours",
        title,
        lambda do: do.set_scheme(name),
        checked=lambda now: now.scheme == name,
        group="colours",
    )


def export(kind: str, title: str, shortcut: tuple[str, ...] = ()) -> Command:
    """Give the command that writes the comparison into a file."""
    return Command(
        f"export_{kind}",
        "Export",
        title,
        lambda do: do.export(kind),
        shortcut,
        with_result,
        icon="export" if kind == "png" else "",
        tip=f"Write the comparison into a {kind.upper()} file",
        new_group=kind == "json",
    )


def export_scale(scale: int) -> Command:
    """Give the command that chooses how large pictures are exported."""
    return Command(
        f"export_scale_{scale}",
        "Export/Size of pictures",
        f"{scale} ×",
        lambda do: do.set_export_scale(scale),
        checked=lambda now: now.export_scale == scale,
        group="sizes of pictures",
    )


def export_theme(theme: str, title: str) -> Command:
    """Give the command that chooses the colours of exported figures."""
    return Command(
        f"export_theme_{theme}",
        "Export/Colours of figures",
        title,
        lambda do: do.set_export_theme(theme),
        checked=lambda now: now.export_theme == theme,
        group="colours of figures",
    )


def picture_tab(tab: int, title: str) -> Command:
    """Give the command that shows a tab of the picture."""
    return Command(
        f"picture_tab_{tab}",
        "View",
        title,
        lambda do: do.show_picture_tab(tab),
        (f"Ctrl+{tab + 1}",),
        new_group=tab == 0,
    )


def plot_tab(tab: int, title: str) -> Command:
    """Give the command that shows a tab under the bars."""
    return Command(
        f"plot_tab_{tab}",
        "View",
        title,
        lambda do: do.show_plot_tab(tab),
        (f"Alt+{tab + 1}",),
        new_group=tab == 0,
    )


def copy_python(side: Side | None, shortcuts: tuple[str, ...] = ()) -> Command:
    """Give the command that copies one side as a script, or both."""
    whose = "both sides" if side is None else f"{side} side"
    return Command(
        f"copy_python_{side or 'both'}",
        "Edit/Copy as Python",
        whose.capitalize(),
        lambda do: do.copy_python(side),
        shortcuts,
        with_result,
        tip=f"Copy a Python script that gives the numbers of {'the ' if side else ''}{whose}",
    )
