"""The help sheet, made from the table of commands, and what the About box says."""

from __future__ import annotations

import html
import platform
from typing import TYPE_CHECKING

import PySide6
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from inspector import __version__
from inspector.gui.actions import keys_text
from inspector.gui.commands import COMMANDS, MENUS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from inspector.core.palette import Palette

INTRODUCTION = (
    "Drop a picture anywhere in the window. Both models run on it; the banner says whether they "
    "agree and, if not, why. Change a stage on the left and both sides run again."
)


def help_html(palette: Palette) -> str:
    """Give the help sheet: every command with its keys and what it does."""
    parts = [f"<p>{html.escape(INTRODUCTION)}</p>"]
    for menu in MENUS:
        rows = [
            f"<tr><td width='200' style='padding:3px 18px 3px 0'>"
            f"<b>{html.escape(command.title)}</b></td>"
            f"<td width='150' style='padding:3px 18px 3px 0'>"
            f"{html.escape(keys_text(command))}</td>"
            f"<td style='padding:3px 0; color:{palette.muted}'>{html.escape(command.tip)}</td></tr>"
            for command in COMMANDS
            if command.menu.partition("/")[0] == menu
        ]
        parts.append(f"<h3 style='color:{palette.left}'>{menu}</h3><table>{''.join(rows)}</table>")
    return "".join(parts)


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
        Writes the page in the colours in use.
    size
        Width and height.
    """

    def __init__(
        self, title: str, page: Callable[[], str], size: tuple[int, int], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._page = page
        self.setWindowTitle(title)
        self.resize(*size)
        self.browser = QTextBrowser()
        self.browser.setHtml(page())
        self.browser.setOpenLinks(False)
        self.browser.setAccessibleName(title)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.addWidget(self.browser)
        column.addWidget(buttons)

    def write_again(self) -> None:
        """Write the page in the colours that are in use now, and stay where the reader is."""
        bar = self.browser.verticalScrollBar()
        place = bar.value()
        self.browser.setHtml(self._page())
        bar.setValue(place)
