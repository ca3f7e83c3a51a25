from __future__ import annotations

import pytest

from inspector.core.palette import PALETTES, Palette


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Give the contrast of two colours by WCAG 2, 1 to 21."""
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", PALETTES.values(), ids=list(PALETTES))
@pytest.mark.parametrize("name", ["text", "muted", "left_text", "right_text"])
def test_texts_can_be_read(palette: Palette, name: str) -> None:
    for ground in (palette.window, palette.panel):
        assert contrast(getattr(palette, name), ground) >= 4.5


@pytest.mark.parametrize("palette", PALETTES.values(), ids=list(PALETTES))
def test_outlines_can_be_seen(palette: Palette) -> None:
    for ground in (palette.window, palette.panel):
        assert contrast(palette.neutral, ground) >= 3.0
