"""The help sheet, made from the table of commands, and what the About box says."""

from __future__ import annotations

import html
import platform
from typing import TYPE_CHECKING

import PySide6
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from inspector import __version__
from inspector.gui.actions import keys_text
from inspector.gui.commands import COMMANDS, MENUS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from inspector.core.palette import Palette
    from inspector.gui.command import Command

INTRODUCTION = (
    "Drop a picture anywhere in the window. Both models run on it; the banner says whether they "
    "agree and, if not, why. Change a stage on the left and both sides run again."
)


NOTHING_FOUND = "No command has this in its name, keys or description."


def help_html(palette: Palette, wanted: str = "") -> str:
    """Give the help sheet: every command with its keys and what it does.

    Parameters
    ----------
    palette
        The colours.
    wanted
        Words that a command's name, keys and description must have between them.
    """
    words = wanted.lower().split()
    parts = []
    for menu in MENUS:
        rows = [
            _help_row(command, palette)
            for command in COMMANDS
            if command.menu.partition("/")[0] == menu and _has(command, words)
        ]
        if rows:
            parts += [_heading(menu, palette), *rows]
    if not parts:
        return f"<p>{NOTHING_FOUND}</p>"
    introduction = "" if words else f"<p>{html.escape(INTRODUCTION)}</p>"
    return f"{introduction}<table width='100%'>{''.join(parts)}</table>"


def full_title(command: Command) -> str:
    """Name a command with the submenu that it is in, which its own title goes on from."""
    _, _, submenu = command.menu.partition("/")
    return f"{submenu}: {command.title.lower()}" if submenu else command.title


def _heading(menu: str, palette: Palette) -> str:
    """Give a row of its own: the space over a heading after a table is left out."""
    return (
        f"<tr><td colspan='3' style='padding:16px 0 4px 0; font-size:large; color:{palette.left}'>"
        f"<b>{menu}</b></td></tr>"
    )


def _help_row(command: Command, palette: Palette) -> str:
    return (
        "<tr><td width='220' style='padding:3px 18px 3px 0'>"
        f"<b>{html.escape(full_title(command))}</b></td>"
        f"<td width='150' style='padding:3px 18px 3px 0'>{html.escape(keys_text(command))}</td>"
        f"<td style='padding:3px 0; color:{palette.muted}'>{html.escape(command.tip)}</td></tr>"
    )


def _has(command: Command, words: list[str]) -> bool:
    text = f"{command.menu} {full_title(command)} {keys_text(command)} {command.tip}".lower()
    return all(word in text for word in words)


def about_html(versions: Mapping[str, str]) -> str:
    """Give the About box: what the program is for, and the versions."""
    known = {
        "Twin Inspector": __version__,
        "Python": platform.python_version(),
        "PySide6": PySide6.__version__,
        **{name: text for name, text in versions.items() if name.lower() not in _OWN_ROWS},
    }
    rows = "".join(
        f"<tr><td style='padding-right:18px'>{html.escape(name)}</td>"
        f"<td>{html.escape(text)}</td></tr>"
        for name, text in known.items()
    )
    return (
        "<h2>Twin Inspector</h2><p>Shows whether two releases of the same image model agree on a "
        f"picture, and if not, why.</p><table>{rows}</table>"
    )


_OWN_ROWS = frozenset({"python", "pyside6", "twin-inspector"})


class Sheet(QDialog):
    """A page of text beside the window; it stops nothing.

    Parameters
    ----------
    title
        Of the window.
    page
        Writes the page in the colours in use, of what has the words that are given.
    size
        Width and height.
    searched
        Whether there is a line to search the page with.
    """

    def __init__(
        self,
        title: str,
        page: Callable[[str], str],
        size: tuple[int, int],
        parent: QWidget,
        searched: bool = False,
    ) -> None:
        super().__init__(parent)
        self._page = page
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Search commands and keys")
        self.search.setAccessibleName("Search commands and keys")
        self.search.setClearButtonEnabled(True)
        self.search.setVisible(searched)
        self.search.textChanged.connect(self._find)
        self.setWindowTitle(title)
        self.resize(*size)
        self.browser = QTextBrowser()
        self.browser.setHtml(page(""))
        self.browser.setOpenLinks(False)
        self.browser.setAccessibleName(title)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setAutoDefault(False)  # Return in the search shall not close the sheet
        column = QVBoxLayout(self)
        column.addWidget(self.search)
        column.addWidget(self.browser)
        column.addWidget(buttons)

    def write_again(self) -> None:
        """Write the page in the colours that are in use now, and stay where the reader is."""
        bar = self.browser.verticalScrollBar()
        place = bar.value()
        self.browser.setHtml(self._page(self.search.text()))
        bar.setValue(place)

    def _find(self, words: str) -> None:
        self.browser.setHtml(self._page(words))
