"""Texts as they may stand in the report's HTML."""

from __future__ import annotations

import html

from inspector.core.printable import printable


def escape(text: str) -> str:
    """Escape a text for HTML; what would turn or hide other text is shown as what it is."""
    return html.escape(printable(text))
