from __future__ import annotations

import pytest

from inspector.core.modes import MODES
from inspector.core.wording import (
    NO_BREAK,
    keep_together,
    levels_text,
    mode_text,
    mode_title,
    mode_with_id,
)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("(93.3 % and 92.9 %)", "(93.3_% and 92.9_%)"),
        ("1 level of 255, 2.4 levels of 255", "1_level of 255, 2.4_levels of 255"),
        ("224 px in 17 ms", "224_px in 17_ms"),
        ("59 at most, 2 pxy, 3 msec", "59 at most, 2 pxy, 3 msec"),
    ],
)
def test_numbers_are_kept_with_their_units(text: str, kept: str) -> None:
    assert keep_together(text) == kept.replace("_", NO_BREAK)


@pytest.mark.parametrize(
    ("count", "text"),
    [(1.0, "1 level"), (0.999, "1 level"), (1.04, "1 level"), (1.4, "1.4 levels"),
     (0.0, "0 levels"), (0.5, "0.5 levels"), (17.2, "17 levels")],
)  # fmt: skip
def test_one_level_is_one_level(count: float, text: str) -> None:
    assert levels_text(count) == f"{text} of 255"


def test_modes_are_called_as_in_the_dock_everywhere() -> None:
    assert mode_text("hub") == "mode TF Hub"
    assert mode_with_id("resize_with_pad") == "Resize with pad (resize_with_pad)"
    assert mode_text("bgr") == "Wrong: BGR"  # that this is a mode needs no saying
    for mode in MODES:
        assert mode_title(mode.id) == mode.title
        assert mode.title in mode_text(mode.id)
        assert mode_with_id(mode.id) == f"{mode.title} ({mode.id})"


def test_stages_set_by_hand_are_no_mode() -> None:
    assert mode_title("custom") == mode_with_id("custom") == "Custom"
    assert mode_text("custom") == "custom stages"
