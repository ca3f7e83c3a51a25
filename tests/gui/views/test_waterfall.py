from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent

from inspector.core.causes.attribution import Share
from inspector.core.causes.waterfall import waterfall
from inspector.core.palette import DARK
from inspector.gui.views.waterfall import TOTAL, WaterfallChart

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

SHARES = (
    Share("decode", 0.02, 0.02 / 0.05),
    Share("resize", 0.05, 1.0),
    Share("weights", -0.02, -0.4),
)


@pytest.fixture
def chart(qtbot: QtBot) -> WaterfallChart:
    made = WaterfallChart()
    qtbot.addWidget(made)
    made.set_waterfall(waterfall(SHARES, 0.05), "max |Δp|")
    made.resize(600, made.sizeHint().height())
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_the_bars_add_up_to_the_total(chart: WaterfallChart) -> None:
    *parts, whole = chart.bars
    assert whole.name == TOTAL
    assert sum(bar.end - bar.start for bar in parts) == pytest.approx(whole.end - whole.start)
    assert parts[0].start == whole.start
    assert parts[-1].end == pytest.approx(whole.end)
    for bar, after in itertools.pairwise(parts):
        assert after.start == pytest.approx(bar.end)


def test_widths_are_proportional_and_negative_bars_run_backwards(chart: WaterfallChart) -> None:
    decode, resize, weights, whole = chart.bars
    assert resize.rect.width() == pytest.approx(2.5 * decode.rect.width())
    assert weights.end < weights.start
    assert weights.rect.width() == pytest.approx(decode.rect.width())
    assert whole.rect.width() == pytest.approx(resize.rect.width())


def test_bars_and_texts_do_not_overlap(chart: WaterfallChart) -> None:
    for width in (300, 420, 900):
        chart.resize(width, chart.height())
        metrics = chart.fontMetrics()
        for bar in chart.bars:
            assert bar.rect.left() >= min(metrics.horizontalAdvance(bar.name), 0.3 * width)
            assert bar.rect.right() <= width - metrics.horizontalAdvance(bar.text)
            assert bar.rect.bottom() <= chart.sizeHint().height()


def test_each_row_names_cause_value_and_share(chart: WaterfallChart) -> None:
    assert [(bar.name, bar.text) for bar in chart.bars] == [
        ("decoder", "+0.02 · 40 %"),
        ("resize", "+0.05 · 100 %"),
        ("weights or graph", "−0.02 · −40 %"),
        (TOTAL, "0.05"),
    ]


def test_hover_shows_the_numbers(chart: WaterfallChart, qtbot: QtBot) -> None:
    assert "with those above: 0.07" in chart.tip(1)
    assert "hides a part" in chart.tip(2)
    assert "max |Δp|" in chart.tip(3)
    bare = chart.grab().toImage()
    place = chart.bars[1].rect.center()
    event = QMouseEvent(
        QMouseEvent.Type.MouseMove,
        place,
        QPointF(chart.mapToGlobal(place.toPoint())),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    chart.mouseMoveEvent(event)
    assert chart.grab().toImage() != bare


def test_colours_change(chart: WaterfallChart) -> None:
    light = chart.grab().toImage()
    chart.set_palette_scheme(DARK)
    assert chart.grab().toImage() != light


def test_nothing_is_drawn_of_nothing(qtbot: QtBot) -> None:
    made = WaterfallChart()
    qtbot.addWidget(made)
    assert made.bars == ()
    made.set_waterfall(waterfall([Share("resize", 0.0, 0.0)], 0.0), "max |Δp|")
    made.resize(400, made.sizeHint().height())
    assert {bar.rect.width() for bar in made.bars} == {0.0}
    made.grab()
