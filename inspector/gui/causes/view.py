"""The causes tab: what was found, how it was measured, and what to change."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.core.palette import LIGHT
from inspector.gui.causes.cards import CauseCard, FindingsSection
from inspector.gui.causes.proposals_section import ProposalsSection
from inspector.gui.causes.section import Section, text_line
from inspector.gui.causes.state_line import StateLine
from inspector.gui.views.widgets import StaleVeil

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QAction, QResizeEvent, QShowEvent

    from inspector.core.palette import Palette
    from inspector.gui.explainer import Causes

NOTHING_YET = "The causes of a difference are listed here after the first comparison."
SPACING = 18
TURN_MS = 1
"""Not 0: what is posted at once is still done in the same turn of the event loop."""


class CausesView(QWidget):
    """Sections under one another; built and filled one by one between events, while in view."""

    apply_wanted = Signal(object)
    """Proposal: set both sides so."""
    again_wanted = Signal()
    """Measure the causes again."""
    cancel_wanted = Signal()
    """Stop measuring them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._palette = LIGHT
        self._causes: Causes | None = None
        self._sections: dict[str, Section] = {}
        self._waiting: list[str] = []
        self.setAccessibleName("Causes")
        self.state = StateLine()
        self.state.again_button.clicked.connect(self.again_wanted)
        self.state.cancel_button.clicked.connect(self.cancel_wanted)
        self._head = QHBoxLayout()
        self._head.setContentsMargins(0, 2, 0, 0)
        self._head.addWidget(self.state, 1)
        self._nothing = text_line(NOTHING_YET)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setAccessibleName("Causes")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(self._head)
        column.addWidget(self._scroll, 1)
        self._make_content()
        self._veil = StaleVeil(self)
        self._veil.hide()

    @property
    def cards(self) -> tuple[CauseCard, ...]:
        """The findings on show."""
        section = self._sections.get("findings")
        return section.cards if isinstance(section, FindingsSection) else ()

    @property
    def is_stale(self) -> bool:
        """Whether what is shown is marked as out of date."""
        return not self._veil.isHidden()

    @property
    def is_filled(self) -> bool:
        """Whether every section shows what is known."""
        return not self._waiting

    def section(self, name: str) -> Section:
        """Give a section that was built: findings, attribution, feed, proposals or noise."""
        return self._sections[name]

    def add_buttons(self, python: Sequence[QAction], others: Sequence[QAction]) -> None:
        """Put buttons for commands at the top right; those in `python` into a menu."""
        menu = QMenu(self)
        menu.addActions(list(python))
        button = _text_button("Copy as Python ▾", "Copy a script that gives the same numbers")
        button.setMenu(menu)
        button.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._head.addWidget(button)
        for action in others:
            button = _text_button(action.text(), action.toolTip())
            button.setDefaultAction(action)
            self._head.addWidget(button)

    def scroll_to_top(self) -> None:
        """Bring the findings into view."""
        self._scroll.verticalScrollBar().setValue(0)

    def set_causes(self, causes: Causes) -> None:
        """Show what is known about the causes, from the top where the picture or pair is new."""
        before = self._causes
        self._causes = causes
        if before is not None and _subject(before) != _subject(causes):
            self.scroll_to_top()
        self.state.show_causes(causes, self._palette)
        if before is None or _content(before) != _content(causes):
            self._touch()

    def set_stale(self, stale: bool) -> None:
        """Mark what is shown as out of date, or stop doing so; nothing can be applied then."""
        show = stale and self._causes is not None
        self._veil.setGeometry(self.rect())
        self._veil.setVisible(show)
        if show:
            self._veil.raise_()
        self._enable_rows()

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self._palette = palette
        self._veil.set_colours(palette)
        if self._causes is not None:
            self.state.show_causes(self._causes, palette)
        self._touch()

    def showEvent(self, event: QShowEvent) -> None:
        """Fill what arrived while hidden."""
        super().showEvent(event)
        self._fill_next()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the veil over everything."""
        super().resizeEvent(event)
        self._veil.setGeometry(self.rect())

    def _make_content(self) -> None:
        self._content = QWidget()
        self._column = QVBoxLayout(self._content)
        self._column.setContentsMargins(12, 10, 12, 12)
        self._column.setSpacing(SPACING)
        self._column.addWidget(self._nothing)
        self._column.addStretch(1)
        self._scroll.setWidget(self._content)
        self._content.setBackgroundRole(QPalette.ColorRole.Base)

    def _touch(self) -> None:
        if self._causes is not None:
            self._waiting = list(SECTIONS)
            if self.isVisible():
                self._fill_next()

    def _fill_next(self) -> None:
        """Fill one section, then leave the event loop a turn."""
        if not self._waiting or self._causes is None or not self.isVisible():
            return
        name = self._waiting.pop(0)
        self._section(name).fill(self._causes, self._palette)
        self._nothing.hide()
        self._enable_rows()
        if self._waiting:
            QTimer.singleShot(TURN_MS, self, self._fill_next)

    def _section(self, name: str) -> Section:
        section = self._sections.get(name)
        if section is None:
            section = _section_class(name)()
            self._sections[name] = section
            self._column.insertWidget(self._column.count() - 1, section)
            if isinstance(section, ProposalsSection):
                section.apply_wanted.connect(self.apply_wanted)
        return section

    def _enable_rows(self) -> None:
        proposals = self._sections.get("proposals")
        if isinstance(proposals, ProposalsSection):
            for row in proposals.rows:
                row.button.setEnabled(not self.is_stale)


SECTIONS = {
    "findings": ("cards", "FindingsSection"),
    "attribution": ("attribution_section", "AttributionSection"),
    "feed": ("feed_section", "FeedSection"),
    "proposals": ("proposals_section", "ProposalsSection"),
    "noise": ("noise_section", "NoiseSection"),
}
"""The sections from above: module and class. The window paints before it imports them."""


def import_sections() -> None:
    """Import every section's module."""
    for name in SECTIONS:
        _section_class(name)


def _section_class(name: str) -> Callable[[], Section]:
    module, factory = SECTIONS[name]
    made: Callable[[], Section]
    made = getattr(importlib.import_module(f"inspector.gui.causes.{module}"), factory)
    return made


def _content(causes: Causes) -> tuple[object, object]:
    """Give what the sections depend on, to tell whether anything of it is new."""
    return causes.result, causes.explanation


def _subject(causes: Causes) -> tuple[str, str, str]:
    """Give what the causes are about: other settings of the same keep one's place in the text."""
    result = causes.result
    return result.picture.sha256, result.picture.name, result.pair.id


def _text_button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(text.removesuffix(" ▾"))
    button.setAutoRaise(True)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    button.setIconSize(QSize(16, 16))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
