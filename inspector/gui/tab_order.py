"""Where the Tab key goes: through the window's areas in turn, and through each as one reads it.

Qt goes in the order in which widgets were made. Here parts are made late, or made anew, so that
order says nothing; what is on screen says it all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

_Part = tuple[QWidget, list[QWidget]]
"""A widget, and the stops in it."""


def tab_stops(areas: Sequence[QWidget]) -> list[QWidget]:
    """Give every widget that the Tab key reaches now, area by area."""
    return [stop for area in areas for stop in _stops(area)]


def next_stop(areas: Sequence[QWidget], present: QWidget | None, forward: bool) -> QWidget | None:
    """Give where Tab goes from a widget, or Shift+Tab; round at both ends.

    Parameters
    ----------
    areas
        The parts of the window, in their order.
    present
        What has the focus; from a widget that is no stop itself, the way goes on beside it.
    forward
        Whether it was Tab, and not Shift+Tab.
    """
    stops = tab_stops(areas)
    if not stops:
        return None
    around = present
    while around is not None and around not in stops:
        inside = [stop for stop in stops if around.isAncestorOf(stop)]
        if inside:
            return inside[0 if forward else -1]
        around = around.parentWidget()
    if around is None:
        return stops[0 if forward else -1]
    return stops[(stops.index(around) + (1 if forward else -1)) % len(stops)]


def _stops(widget: QWidget) -> list[QWidget]:
    if not widget.isVisible() or not widget.isEnabled():
        return []
    inside = [
        (child, stops)
        for child in widget.children()
        if isinstance(child, QWidget) and not child.isWindow() and (stops := _stops(child))
    ]
    found = [widget] if _is_stop(widget) else []
    for _, stops in _in_reading_order(inside):
        found += stops
    return found


def _is_stop(widget: QWidget) -> bool:
    by_tab = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return by_tab and widget.focusProxy() is None


def _in_reading_order(parts: list[_Part]) -> list[_Part]:
    """Put widgets in order from above; those that stand beside one another from the left."""
    rows: list[list[_Part]] = []
    for part in sorted(parts, key=lambda each: (each[0].y(), each[0].x())):
        place = part[0].geometry()
        if rows and place.center().y() <= rows[-1][0][0].geometry().bottom():
            rows[-1].append(part)
        else:
            rows.append([part])
    return [part for row in rows for part in sorted(row, key=lambda each: each[0].x())]
