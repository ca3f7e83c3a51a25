"""The colours of window and figure, light and dark, as ``#rrggbb``.

Left is blue and right is orange everywhere: the pair of Okabe and Ito's palette (2008) that stays
apart under every common colour-vision deficiency, shifted in lightness for the dark scheme.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """One scheme.

    Attributes
    ----------
    window, panel
        Background of the window, and of plots and panels on it.
    text, muted, grid
        Main text, secondary text (at least 4.5:1 on `panel`), and thin lines.
    left, right
        The two sides.
    left_text, right_text
        The same for texts, at least 4.5:1 on `window` and `panel`.
    selected
        The class that is marked everywhere.
    neutral
        What belongs to neither side, such as the background class or the difference histogram; also
        the outline of what can be pressed or written in, at least 3:1 on `window` and `panel`.
    good, warning, bad
        Background of the verdict banner and of messages.
    """

    name: str
    window: str
    panel: str
    text: str
    muted: str
    grid: str
    left: str
    right: str
    left_text: str
    right_text: str
    selected: str
    neutral: str
    good: str
    warning: str
    bad: str


LIGHT = Palette(
    name="light",
    window="#f4f5f7",
    panel="#ffffff",
    text="#1b1f24",
    muted="#59626d",
    grid="#d9dde2",
    left="#0072b2",
    right="#d55e00",
    left_text="#0072b2",
    right_text="#b04e00",
    selected="#a3006d",
    neutral="#7a8490",
    good="#d9f0e1",
    warning="#fdeccb",
    bad="#fbdcd8",
)

DARK = Palette(
    name="dark",
    window="#1b1e23",
    panel="#23272e",
    text="#e8eaed",
    muted="#a3acb8",
    grid="#3a4049",
    left="#56b4e9",
    right="#f08a3c",
    left_text="#56b4e9",
    right_text="#f08a3c",
    selected="#ff7ac6",
    neutral="#8b95a1",
    good="#1f4030",
    warning="#4a3a16",
    bad="#512824",
)

PALETTES = {palette.name: palette for palette in (LIGHT, DARK)}
"""The schemes by name."""
