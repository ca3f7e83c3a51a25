from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from inspector.starter.golf_ball import render_ball
from inspector.starter.samples import SAMPLES, main, random_42

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    assert main([str(folder)]) == 0
    return folder


@pytest.mark.parametrize("name", SAMPLES)
def test_the_script_gives_the_shipped_pictures(name: str, rendered: Path, resources: Path) -> None:
    new = np.asarray(Image.open(rendered / name), np.int16)
    old = np.asarray(Image.open(resources / "samples" / name), np.int16)
    assert new.shape == old.shape
    difference = new - old
    if name.endswith(".png"):
        assert np.abs(difference).max() <= 1
    else:  # other versions of Pillow may draw an edge or round a JPEG block otherwise
        assert np.abs(difference).mean() < 0.5
        assert abs(difference.mean()) < 0.1


def test_the_noise_is_that_of_the_known_case() -> None:
    random = np.random.RandomState(42)
    first = random.rand(32, 224, 224, 3)[0]
    np.testing.assert_array_equal(random_42(), np.rint(first * 255.0).astype(np.uint8))


def test_the_ball_is_lit_from_the_upper_left_and_dimpled() -> None:
    ball = render_ball(60)
    light = ball.colour.mean(axis=2)
    assert light[20:50, 20:50].mean() > light[70:100, 70:100].mean() + 0.1
    assert np.abs(np.diff(light[60, 20:100])).max() > 0.02
    assert ball.cover[0, 0] == 0.0
    assert ball.cover[60, 60] == 1.0


def test_no_tensorflow_is_needed() -> None:
    code = "import sys, inspector.starter.samples; sys.exit('tensorflow' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
