from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from inspector.core.palette import DARK, LIGHT
from inspector.figure.bars import bar_axis, columns_of
from inspector.figure.draw import figure_size, paint_figure
from inspector.figure.export import figure_image, figure_pdf_bytes, figure_svg_bytes
from inspector.figure.layout import Layout, inside, plan
from tests.figure.odd import ODD
from tests.support.results import make_result
from tests.support.side_runs import make_full_result

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.core.result import Result


def pixels(image: QImage) -> NDArray[np.uint8]:
    """Give the image as uint8 RGB (height, width, 3)."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), dtype=np.uint8)
    rows = rows.reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3).copy()


def rgb(colour: str) -> tuple[int, int, int]:
    made = QColor(colour)
    return made.red(), made.green(), made.blue()


def bar_lengths(result: Result, colour: str, column: tuple[float, float]) -> list[int]:
    """Measure each bar of one colour at four pixels per logical pixel, from top to bottom."""
    layout = plan(result, 5)
    part = pixels(figure_image(result, LIGHT, 4.0, 5))
    left, right = round(4 * column[0]) - 4, round(4 * (column[0] + column[1])) + 4
    top, bottom = round(4 * layout.bars.top()), round(4 * layout.bars.bottom())
    same = (part[top:bottom, left:right] == rgb(colour)).all(axis=-1)
    counts = np.count_nonzero(same, axis=1)
    lengths: list[int] = []
    before = 0
    for count in counts.tolist():
        if count > 0 and before == 0:
            lengths.append(count)
        elif count > 0:
            lengths[-1] = max(lengths[-1], count)
        before = count
    return lengths


def test_the_size_is_that_of_a_page() -> None:
    size = figure_size(make_result())
    assert size.width() == 1200
    assert 800 <= size.height() <= 1000


def test_the_figure_grows_with_the_number_of_classes() -> None:
    heights = [figure_size(make_result(noise=2.0), top).height() for top in (1, 5, 10, 20)]
    assert heights == sorted(heights)
    assert heights[-1] > heights[1] + 200


@pytest.mark.parametrize("side", ["left", "right"])
def test_bars_are_as_long_as_their_probability(side: str) -> None:
    result = make_result()
    layout = plan(result, 5)
    columns = columns_of(inside(layout.bars))
    axis = bar_axis(result, layout.rows)
    column = columns.left_bars if side == "left" else columns.right_bars
    found = bar_lengths(result, LIGHT.left if side == "left" else LIGHT.right, column)
    chances = [row.left if side == "left" else row.right for row in layout.rows]
    wanted = [4 * column[1] * chance / (axis.high - axis.low) for chance in chances]
    # The axis line covers up to half its width of every bar.
    assert found == pytest.approx(wanted, abs=5)
    assert found[0] > 5 * found[1]


def test_the_background_class_has_a_neutral_bar() -> None:
    result = make_result()
    scores = replace(result.right.scores, background=0.4)
    result = replace(result, right=replace(result.right, scores=scores))
    columns = columns_of(inside(plan(result, 5).bars))
    assert len(bar_lengths(result, LIGHT.neutral, columns.right_bars)) == 1
    assert bar_lengths(result, LIGHT.neutral, columns.left_bars) == []


def test_agreement_and_difference_have_their_banner_colours() -> None:
    for noise, colour in ((0.0, LIGHT.good), (0.3, LIGHT.warning)):
        result = make_result(noise=noise)
        banner = plan(result, 5).banner
        corner = pixels(figure_image(result, LIGHT))[int(banner.top()) + 6, int(banner.right()) - 6]
        assert tuple(corner) == rgb(colour)


def test_light_and_dark_differ_everywhere_in_the_background() -> None:
    result = make_result()
    light, dark = pixels(figure_image(result, LIGHT)), pixels(figure_image(result, DARK))
    assert light.shape == dark.shape
    assert light[2, 2].min() > 200
    assert dark[2, 2].max() < 60


def test_model_inputs_are_drawn_pixel_by_pixel() -> None:
    result = make_result()
    checks = np.where(np.indices((4, 4)).sum(axis=0) % 2, 1.0, -1.0).astype(np.float32)
    side = replace(result.left, model_input=np.repeat(checks[:, :, None], 3, axis=2))
    result = replace(result, left=side)
    card = inside(plan(result, 5).left_input)
    image = pixels(figure_image(result, LIGHT, 2.0))
    cell = 196 / 4
    for row in range(4):
        for column in range(4):
            x = 2 * (card.left() + (column + 0.5) * cell)
            y = 2 * (card.bottom() - 196 + (row + 0.5) * cell)
            level = 255 if (row + column) % 2 else 0
            assert abs(int(image[round(y), round(x), 0]) - level) <= 2


def blocks(layout: Layout) -> list[QRectF]:
    found = [
        layout.header,
        layout.banner,
        layout.picture,
        layout.left_input,
        layout.right_input,
        layout.bars,
        layout.histogram,
        layout.footer,
    ]
    return [*found, *(card for card in (layout.runs, layout.findings) if card)]


def test_further_runs_are_written_with_their_marks() -> None:
    plain, full = plan(make_result(), 5), plan(make_full_result(), 5)
    assert plain.runs is None
    assert full.runs is not None
    drawn = figure_svg_bytes(make_full_result()).decode("utf-8")
    for mark in (
        "Left, training mode",
        "Left, auxiliary head, untrained",
        "Right, training mode",
        "Right, auxiliary head",
    ):
        assert f">{mark}</text>" in drawn
    assert ", training mode" not in figure_svg_bytes(make_result()).decode("utf-8")


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("top", [1, 5, 20])
def test_blocks_never_overlap_and_stay_on_the_page(name: str, top: int) -> None:
    layout = plan(ODD[name](), top)
    page = QRectF(0, 0, layout.size.width(), layout.size.height())
    placed = blocks(layout)
    for number, block in enumerate(placed):
        assert page.contains(block)
        assert not any(block.intersects(other) for other in placed[number + 1 :])


@pytest.mark.parametrize("name", ODD)
def test_every_odd_result_can_be_drawn(name: str) -> None:
    result = ODD[name]()
    for top, palette in ((1, LIGHT), (20, DARK)):
        image = pixels(figure_image(result, palette, 1.0, top))
        assert len({tuple(pixel) for pixel in image[::7, ::7].reshape(-1, 3).tolist()}) > 50
        edge = rgb(palette.window)
        margin = np.concatenate([image[:, :8].reshape(-1, 3), image[:, -8:].reshape(-1, 3)])
        assert (margin == edge).all()
    assert figure_svg_bytes(result).startswith(b"<?xml")
    assert figure_pdf_bytes(result).startswith(b"%PDF")


def test_painting_leaves_the_painter_as_it_was() -> None:
    image = QImage(100, 100, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setPen(QColor("#123456"))
    paint_figure(painter, make_result(), LIGHT)
    assert painter.pen().color().name() == "#123456"
    painter.end()
