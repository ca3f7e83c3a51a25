"""The one table of commands: menus, toolbar, shortcuts and the help sheet all come from it.

To add a command, write a row in `COMMANDS` and the deed that it calls in
:class:`inspector.gui.deeds.Deeds`.
"""

from __future__ import annotations

from inspector.core.modes import PAIR_MODES
from inspector.core.pairs import Side
from inspector.gui.command import Command, with_result

MENUS = ("File", "Edit", "View", "Picture", "Pair", "Modes", "Sweep", "Export", "Help")
"""The menus from left to right."""

TOOLBAR = ("open", "samples", "pair", "modes", "export", "cancel")
"""What the toolbar holds: ids of commands, or of menus that are opened there."""


def _pair_mode(mode: str, shortcut: str) -> Command:
    return Command(
        f"pair_mode_{mode}",
        "Modes",
        PAIR_MODES[mode],
        lambda do: do.set_pair_mode(mode),
        (shortcut,),
        tip="Preprocessing of both sides at once",
    )


def _scheme(scheme: str, title: str) -> Command:
    return Command(
        f"scheme_{scheme}",
        "View/Colours",
        title,
        lambda do: do.set_scheme(scheme),
        checked=lambda now: now.scheme == scheme,
    )


def _export(kind: str, title: str, shortcut: tuple[str, ...] = ()) -> Command:
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


def _export_scale(scale: int) -> Command:
    return Command(
        f"export_scale_{scale}",
        "Export/Size of pictures",
        f"{scale} ×",
        lambda do: do.set_export_scale(scale),
        checked=lambda now: now.export_scale == scale,
    )


def _export_theme(theme: str, title: str) -> Command:
    return Command(
        f"export_theme_{theme}",
        "Export/Colours of figures",
        title,
        lambda do: do.set_export_theme(theme),
        checked=lambda now: now.export_theme == theme,
    )


def _picture_tab(tab: int, title: str) -> Command:
    return Command(
        f"picture_tab_{tab}",
        "View",
        title,
        lambda do: do.show_picture_tab(tab),
        (f"Ctrl+{tab + 1}",),
        new_group=tab == 0,
    )


def _plot_tab(tab: int, title: str) -> Command:
    return Command(
        f"plot_tab_{tab}",
        "View",
        title,
        lambda do: do.show_plot_tab(tab),
        (f"Alt+{tab + 1}",),
        new_group=tab == 0,
    )


def _copy_python(side: Side | None, shortcuts: tuple[str, ...] = ()) -> Command:
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


COMMANDS: tuple[Command, ...] = (
    Command(
        "open",
        "File",
        "Open pictures…",
        lambda do: do.open_dialog(),
        ("Ctrl+O",),
        icon="open",
        tip="Compare a picture; of several, the arrow keys walk through them",
    ),
    Command(
        "open_folder",
        "File",
        "Open folder…",
        lambda do: do.open_folder_dialog(),
        ("Ctrl+Shift+O",),
        tip="Compare the first picture of a folder; the arrow keys walk through the others",
    ),
    Command(
        "save_picture",
        "File",
        "Save picture as…",
        lambda do: do.save_picture(),
        ("Ctrl+Shift+S",),
        lambda now: now.in_memory,
        tip="Write a picture that was pasted or dragged in into a file, as it came",
    ),
    Command("quit", "File", "Quit", lambda do: do.quit(), ("Ctrl+Q",), new_group=True),
    Command(
        "undo",
        "Edit",
        "Undo change of stages",
        lambda do: do.undo(),
        ("Ctrl+Z",),
        lambda now: now.can_undo,
        tip="Take the last change of modes, stages or switches back",
    ),
    Command(
        "redo",
        "Edit",
        "Redo change of stages",
        lambda do: do.redo(),
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        lambda now: now.can_redo,
        tip="Do the last change that was taken back again",
    ),
    Command(
        "copy_figure",
        "Edit",
        "Copy figure",
        lambda do: do.copy_figure(),
        ("Ctrl+C",),
        with_result,
        tip="Copy the figure as an image",
        new_group=True,
    ),
    Command(
        "copy_numbers",
        "Edit",
        "Copy numbers",
        lambda do: do.copy_numbers(),
        ("Ctrl+Shift+C",),
        with_result,
        tip="Copy every class as a tab-separated table, to paste into a spreadsheet",
    ),
    Command(
        "copy_markdown",
        "Edit",
        "Copy as Markdown",
        lambda do: do.copy_markdown(),
        ("Ctrl+Alt+M",),
        with_result,
        tip="Copy the comparison and its causes as Markdown, to paste into an issue",
    ),
    _copy_python(None, ("Ctrl+Alt+C",)),
    _copy_python(Side.LEFT),
    _copy_python(Side.RIGHT),
    Command(
        "paste",
        "Edit",
        "Paste picture",
        lambda do: do.paste(),
        ("Ctrl+V",),
        tip="Compare the image, file or path on the clipboard",
    ),
    Command(
        "find_class",
        "Edit",
        "Find class",
        lambda do: do.find_class(),
        ("Ctrl+F",),
        enabled=lambda now: now.has_classes or not now.has_result,
        tip="Search the classes by name, number or WordNet id",
        new_group=True,
    ),
    Command(
        "clear_class",
        "Edit",
        "Select no class",
        lambda do: do.clear_class(),
        ("Ctrl+D",),
        with_result,
    ),
    Command(
        "dismiss",
        "Edit",
        "Dismiss message",
        lambda do: do.dismiss_message(),
        ("Ctrl+Shift+D",),
        lambda now: now.has_messages,
        new_group=True,
    ),
    Command(
        "flip",
        "View",
        "Flip left and right",
        lambda do: do.flip(),
        ("Space",),
        with_result,
        tip="Change between what left sees and what right sees",
    ),
    _picture_tab(0, "Picture"),
    _picture_tab(1, "Left sees"),
    _picture_tab(2, "Right sees"),
    _picture_tab(3, "Difference of inputs"),
    _plot_tab(0, "Histogram"),
    _plot_tab(1, "Per class"),
    _plot_tab(2, "Agreement"),
    _plot_tab(3, "Causes"),
    _plot_tab(4, "Weights"),
    Command(
        "more_classes",
        "View",
        "More classes",
        lambda do: do.change_top(1),
        ("Ctrl+]",),
        tip="Show one class more of each side in the bar plots",
        new_group=True,
    ),
    Command(
        "fewer_classes",
        "View",
        "Fewer classes",
        lambda do: do.change_top(-1),
        ("Ctrl+[",),
        tip="Show one class less of each side in the bar plots",
    ),
    Command(
        "stages",
        "View",
        "Stages",
        lambda do: do.toggle_stages(),
        ("F4",),
        checked=lambda now: now.stages_shown,
        tip="Show or hide the stages of both sides",
        new_group=True,
    ),
    _scheme("system", "As the system"),
    _scheme("light", "Light"),
    _scheme("dark", "Dark"),
    Command(
        "next",
        "Picture",
        "Next picture",
        lambda do: do.walk(1),
        ("Right",),
        lambda now: now.walkable,
        tip="Go to the next picture of the folder",
    ),
    Command(
        "previous",
        "Picture",
        "Previous picture",
        lambda do: do.walk(-1),
        ("Left",),
        lambda now: now.walkable,
        tip="Go to the picture before in the folder",
    ),
    Command(
        "zoom_in",
        "Picture",
        "Zoom in",
        lambda do: do.zoom_in(),
        ("Ctrl++", "Ctrl+="),
        tip="Enlarge the picture; the wheel does it about the mouse",
        new_group=True,
    ),
    Command("zoom_out", "Picture", "Zoom out", lambda do: do.zoom_out(), ("Ctrl+-",)),
    Command("zoom_fit", "Picture", "Fit", lambda do: do.zoom_fit(), ("Ctrl+0",)),
    Command(
        "rerun",
        "Picture",
        "Compare again",
        lambda do: do.rerun(),
        ("F5",),
        lambda now: now.has_picture,
        tip="Read the picture again and run both models",
        new_group=True,
    ),
    Command(
        "cancel",
        "Picture",
        "Cancel",
        lambda do: do.cancel(),
        ("Esc",),
        lambda now: now.busy,
        icon="cancel",
        tip="Stop the comparison that is under way",
    ),
    Command(
        "use_published",
        "Pair",
        "Use the published pair",
        lambda do: do.use_published(),
        enabled=lambda now: not now.published_in_use,
        tip="Compare MobileNetV2 as Keras and TF Hub publish it; fetched where it is not here",
    ),
    Command(
        "open_pair",
        "Pair",
        "Open pair file…",
        lambda do: do.open_pair_dialog(),
        ("Ctrl+P",),
        tip="Compare two releases of your own, described in a TOML file",
    ),
    Command(
        "new_pair",
        "Pair",
        "New pair from models…",
        lambda do: do.beside.pairs.new_pair(),
        ("Ctrl+Shift+P",),
        tip="Make a pair file of two models; their conventions are found out by experiment",
    ),
    Command(
        "make_twin",
        "Pair",
        "Make a twin…",
        lambda do: do.beside.pairs.make_twin(),
        tip="Publish a Keras classifier as a SavedModel by Hub's conventions, to compare both",
    ),
    Command(
        "releases",
        "Pair",
        "Releases…",
        lambda do: do.beside.show_releases(),
        ("Ctrl+R",),
        tip="What is on this machine; fetch, verify or forget it",
    ),
    Command(
        "model_details",
        "Pair",
        "Model details…",
        lambda do: do.beside.show_model_details(),
        ("Ctrl+I",),
        tip="What both models offer: inputs, signatures, layers, files; and where inside they part",
    ),
    _pair_mode("own", "F6"),
    _pair_mode("identical", "F7"),
    _pair_mode("swapped", "F8"),
    _pair_mode("both_left", "Shift+F7"),
    _pair_mode("both_right", "Shift+F8"),
    Command(
        "new_sweep",
        "Sweep",
        "New sweep…",
        lambda do: do.beside.sweeps.ask_new(),
        ("Ctrl+N",),
        tip="Compare both releases on a whole folder, list or archive of pictures",
    ),
    Command(
        "open_run",
        "Sweep",
        "Open run…",
        lambda do: do.beside.sweeps.ask_run(),
        ("Ctrl+Shift+N",),
        tip="Look at the run file of a sweep",
    ),
    _export("png", "Figure as PNG…", ("Ctrl+E",)),
    _export("svg", "Figure as SVG…"),
    _export("pdf", "Figure as PDF…"),
    _export("json", "Numbers as JSON…"),
    _export("csv", "Numbers as CSV…"),
    _export_scale(1),
    _export_scale(2),
    _export_scale(3),
    _export_scale(4),
    _export_theme("window", "As the window"),
    _export_theme("light", "Light"),
    _export_theme("dark", "Dark"),
    Command("help", "Help", "Help sheet", lambda do: do.show_help(), ("F1",)),
    Command("about", "Help", "About Twin Inspector", lambda do: do.show_about(), new_group=True),
)
"""Every command, in the order of the menus."""


def find_command(command_id: str) -> Command:
    """Give the command called `command_id`."""
    return next(command for command in COMMANDS if command.id == command_id)
