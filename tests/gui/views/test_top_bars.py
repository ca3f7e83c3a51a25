from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent

from inspector.core.comparison import Comparison, compare
from inspector.core.metrics import ranks, top_indices
from inspector.core.pairs import OutputKind, Side
from inspector.core.scores import OutputSwitches, interpret
from inspector.core.top import TopRow, top_rows
from inspector.gui.views.rows_canvas import TIGHTEST
from inspector.gui.views.top_bars import BACKGROUND_LABEL, TopBarsView, rank_mark
from tests.support.results import make_result


def metrics_of(left, right) -> Comparison:
    sides = (
        interpret(np.log(np.maximum(row, 1e-30)), OutputKind.LOGITS, False, OutputSwitches())
        for row in (left, right)
    )
    made = compare(*sides)
    return replace(made, left=left, right=right, right_ranks=ranks(right))


@pytest.fixture
def view(show, result) -> TopBarsView:
    view = show(TopBarsView)
    view.set_result(result)
    return view


def test_bars_are_as_long_as_the_results_numbers(view, result):
    rows = top_rows(result.comparison, result.labels, 5)
    left, right = (np.asarray(bars.opts["width"]) for bars in view.canvas.bars)
    assert left[:-1].tolist() == [row.left for row in rows]
    assert right[:-1].tolist() == [row.right for row in rows]
    assert (left[-1], right[-1]) == (0.0, result.right.scores.background)


def test_both_plots_have_the_same_rows_and_the_same_scale(view):
    left, right = view.canvas.bars
    assert left.opts["y"].tolist() == right.opts["y"].tolist()
    first, second = view.canvas.boxes
    assert first.viewRange()[1] == second.viewRange()[1]
    assert first.sceneBoundingRect().top() == second.sceneBoundingRect().top()
    assert first.sceneBoundingRect().height() == second.sceneBoundingRect().height()
    assert first.viewRange()[0] == second.viewRange()[0]


def pixels_of_one(box) -> float:
    low, high = box.viewRange()[0]
    return box.sceneBoundingRect().width() / (high - low)


@pytest.mark.parametrize("width", [420, 760, 1100])
def test_a_bar_is_as_long_as_an_equal_one_on_the_other_side(view, qtbot, width):
    comparison = view.result.comparison
    uneven = comparison.right * 0.14  # short numbers on one side, long bars on the other
    odd = replace(view.result, comparison=replace(comparison, right=uneven))
    view.resize(width, 300)
    view.set_result(odd)
    first, second = view.canvas.boxes
    qtbot.waitUntil(lambda: first.width() > 60)
    assert pixels_of_one(first) == pytest.approx(pixels_of_one(second), rel=0.01)


@pytest.mark.parametrize("width", [360, 420, 560, 760, 1100, 1500])
def test_ticks_end_at_a_round_number_on_both_sides(view, qtbot, width):
    view.resize(width, 300)
    qtbot.waitUntil(lambda: view.canvas.view.width() <= width)
    for box, axis in zip(view.canvas.boxes, view.canvas.axes, strict=True):
        low, high = box.viewRange()[0]
        ((_, ticks),) = axis.tickValues(low, high, box.width())
        assert (ticks[0], ticks[-1]) == pytest.approx((0.0, 1.0))


def test_the_middle_columns_are_named(view):
    assert view.canvas.rows.heads == ("rank", "class")
    canvas = view.canvas
    needed = sum(canvas.fontMetrics().horizontalAdvance(head) for head in canvas.rows.heads)
    assert canvas.label_area().width() >= needed + 2 * canvas.beside_zero()


def test_zeros_of_a_quantised_side_have_no_rank(view, result):
    right = np.zeros(1000)
    right[574] = 1.0
    odd = replace(result, comparison=metrics_of(result.comparison.left, right))
    view.set_result(odd)
    assert [row.index for row in view.rows] == top_indices(result.comparison.left, 5).tolist()
    assert view.canvas.rows.marks[:2] == ("1", "2 → tied")
    assert "its least, shared with others" in view.canvas.rows.tips[1]


def test_left_grows_to_the_left(view):
    left, right = view.canvas.boxes
    assert left.state["xInverted"]
    assert not right.state["xInverted"]


def test_numbers_stand_at_the_ends_and_the_background_is_set_apart(view):
    left, right = view.canvas.rows.columns
    assert left.texts[0] == "63.5 %"
    assert right.texts[-1] == "<0.1 %"
    assert left.texts[-1] == "none"
    assert view.canvas.rows.labels[-1] == BACKGROUND_LABEL
    assert view.canvas.rows.separated


def test_without_a_background_class_there_is_no_row_for_it(view):
    view.set_result(make_result(right_output=OutputSwitches(drop_background=False)))
    assert BACKGROUND_LABEL not in view.canvas.rows.labels
    assert not view.canvas.rows.separated


def test_headers_name_release_and_mode(view):
    assert view.title(Side.LEFT) == "keras.applications MobileNetV2 · mode Keras"
    assert view.title(Side.RIGHT) == "TF Hub mobilenet_v2/classification/4 · mode TF Hub"


def test_logits_get_an_axis_of_their_own(view):
    odd = make_result(right_output=OutputSwitches(softmax=False))
    view.set_result(odd)
    left, right = view.canvas.boxes
    assert right.viewRange()[0][1] >= odd.comparison.right.max()
    assert left.viewRange()[0][1] < 1.5
    assert not view.canvas.rows.columns[1].texts[0].endswith("%")


@pytest.mark.parametrize(
    ("left", "right", "tied", "text"),
    [
        (2, 2, (False, False), "2"),
        (2, 3, (False, False), "2 → 3 ▼"),
        (9, 4, (False, False), "9 → 4 ▲"),
        (2, 297, (False, True), "2 → tied"),
        (297, 2, (True, False), "tied → 2"),
        (8, 9, (True, True), "tied"),
    ],
)
def test_rank_marks(left, right, tied, text):
    assert rank_mark(TopRow(0, "a", 0.1, 0.1, left, right, *tied)) == text


def test_k_follows_the_spin_box_and_is_told(view, qtbot, result):
    with qtbot.waitSignal(view.k_changed) as told:
        view.set_k(12)
    assert told.args == [12]
    assert view.rows == top_rows(result.comparison, result.labels, 12)


@pytest.mark.parametrize(("height", "k"), [(180, 5), (180, 20), (300, 20), (600, 20)])
def test_rows_never_overlap(view, qtbot, height, k):
    view.resize(600, height)
    view.set_k(k)
    canvas = view.canvas
    qtbot.waitUntil(lambda: canvas.view.height() > 0)
    assert canvas.row_height >= canvas.fontMetrics().height() * TIGHTEST
    total = canvas.row_height * len(canvas.rows.labels)
    assert canvas.scroll_bar.isVisible() == (total > canvas.plot_area().height() + 1)


def turn_wheel(canvas, *angles: int) -> float:
    """Turn the wheel over the rows; give by how many rows they are scrolled then."""
    for angle in angles:
        canvas.wheelEvent(
            QWheelEvent(
                QPointF(10, 10),
                QPointF(10, 10),
                QPoint(),
                QPoint(0, angle),
                Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            )
        )
    return canvas.scroll_bar.value() / canvas.row_height


def test_a_wheel_of_small_steps_scrolls_as_far_as_one_of_large_ones(view):
    canvas = view.canvas
    view.set_k(50)
    assert canvas.scroll_bar.maximum() > 10 * canvas.row_height
    assert turn_wheel(canvas, -120) == pytest.approx(3, abs=0.1)
    assert turn_wheel(canvas, *[-15] * 8) == pytest.approx(6, abs=0.1)
    assert turn_wheel(canvas, *[-1] * 40) == pytest.approx(7, abs=0.1)
    assert turn_wheel(canvas, -30, 40) == pytest.approx(6, abs=0.1), "it turns round at once"
    assert turn_wheel(canvas, *[8] * 30) == 0


def test_the_last_row_can_be_scrolled_to(view):
    view.resize(600, 180)
    view.set_k(20)
    canvas = view.canvas
    last = view.rows[-1].index
    view.set_selected_class(last)
    row = len(view.rows) - 1
    assert canvas.plot_area().contains(canvas.row_centre(row))


def test_a_click_on_a_row_selects_its_class(view, qtbot):
    place = view.canvas.row_centre(2)
    with qtbot.waitSignal(view.class_selected) as told:
        qtbot.mouseClick(view.canvas.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert told.args == [view.rows[2].index]
    assert view.canvas.selected == 2


def test_clicks_beside_the_classes_select_nothing(view, qtbot):
    canvas = view.canvas
    background = canvas.row_centre(len(view.rows))
    below = QPoint(20, canvas.view.height() - 2)
    with qtbot.assertNotEmitted(view.class_selected):
        for place in (background, below):
            qtbot.mouseClick(canvas.view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_arrow_keys_walk_through_the_rows(view, qtbot):
    chosen = []
    view.class_selected.connect(chosen.append)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_End):
        qtbot.keyClick(view, key)
    order = [row.index for row in view.rows]
    assert chosen == [order[0], order[1], order[0], order[-1]]


def test_tooltips_hold_label_wordnet_id_and_both_numbers(view, result):
    row, tip = view.rows[0], view.canvas.rows.tips[0]
    for part in ("golf ball", "n03445777", f"{row.left:.9g}", f"{row.right:.9g}"):
        assert part in tip


def test_the_mark_follows_the_class_into_another_result(view):
    view.set_selected_class(722)
    other = make_result(noise=0.0)
    view.set_result(other)
    assert view.rows[view.canvas.selected].index == 722
    view.set_selected_class(1)
    assert view.canvas.selected is None


def test_rows_are_told_to_screen_readers(view):
    assert view.accessibleDescription().startswith("golf ball: left 0.635, right 0.669")
