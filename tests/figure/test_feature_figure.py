from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtGui import QImage

from inspector.core.palette import DARK, LIGHT
from inspector.figure.draw import figure_size
from inspector.figure.export import METADATA_KEY, export_figure, figure_image
from inspector.figure.layout import plan
from tests.figure.test_draw import pixels, rgb
from tests.support.features import make_facts, make_feature_result

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QRectF

    from inspector.core.features.result import FeatureResult
    from inspector.core.palette import Palette


def ink(result: FeatureResult, card: QRectF, colour: str, palette: Palette = LIGHT) -> int:
    """Count the pixels of one colour in a card."""
    area = card.toRect()
    part = pixels(figure_image(result, palette))
    part = part[area.top() : area.bottom(), area.left() : area.right()]
    return int(np.count_nonzero((part == rgb(colour)).all(axis=-1)))


def test_the_size_is_that_of_a_page() -> None:
    size = figure_size(make_feature_result())
    assert size.width() == 1200
    assert 800 <= size.height() <= 1100


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)
def test_both_sides_have_bars_and_the_differences_bins(palette: Palette) -> None:
    result = make_feature_result()
    layout = plan(result, 5)
    for colour in (palette.left, palette.right):
        assert ink(result, layout.bars, colour, palette) > 500
    assert ink(result, layout.histogram, palette.neutral, palette) > 500


def test_equal_rows_have_no_bars_but_a_sentence() -> None:
    result = make_feature_result(noise=0.0)
    layout = plan(result, 5)
    assert ink(result, layout.bars, LIGHT.right) < 200
    assert ink(result, layout.histogram, LIGHT.neutral) == 0


def test_what_is_not_finite_is_drawn_without_plots() -> None:
    result = make_feature_result()
    row = result.left.raw.copy()
    row[2] = np.nan
    broken = replace(result, comparison=make_facts(row, result.right.raw).features)
    layout = plan(broken, 5)
    assert not layout.finite
    assert ink(broken, layout.histogram, LIGHT.neutral) == 0


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_every_kind_is_written(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"figure.{suffix}"
    export_figure(make_feature_result(), path)
    assert path.stat().st_size > 10_000


def test_the_png_carries_the_comparison(tmp_path: Path) -> None:
    path = tmp_path / "figure.png"
    export_figure(make_feature_result(), path)
    carried = json.loads(QImage(str(path)).text(METADATA_KEY))
    assert carried["schema"] == "twin-inspector/feature-comparison/1"
