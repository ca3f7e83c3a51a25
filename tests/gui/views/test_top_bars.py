from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from inspector.core.pairs import Side
from inspector.core.scores import OutputSwitches
from inspector.core.top import TopRow, top_rows
from inspector.gui.views.top_bars import BACKGROUND_LABEL, TopBarsView, rank_mark
from tests.support.results import make_result


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
    assert first.viewRange()[0] == pytest.approx(second.viewRange()[0], rel=0.02)


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
    assert view.title(Side.LEFT) == "keras.applications MobileNetV2 · Keras"
    assert view.title(Side.RIGHT) == "TF Hub mobilenet_v2/classification/4 · TF Hub"


def test_logits_get_an_axis_of_their_own(view):
    odd = make_result(right_output=OutputSwitches(softmax=False))
    view.set_result(odd)
    left, right = view.canvas.boxes
    assert right.viewRange()[0][1] >= odd.comparison.right.max()
    assert left.viewRange()[0][1] < 1.5
    assert not view.canvas.rows.columns[1].texts[0].endswith("%")


@pytest.mark.parametrize(
    ("left", "right", "text"), [(2, 2, "2"), (2, 3, "2 → 3 ▼"), (9, 4, "9 → 4 ▲")]
)
def test_rank_marks(left, right, text):
    assert rank_mark(TopRow(0, "a", 0.1, 0.1, left, right)) == text


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
    assert canvas.row_height >= canvas.fontMetrics().height() * 1.4
    total = canvas.row_height * len(canvas.rows.labels)
    assert canvas.scroll_bar.isVisible() == (total > canvas.plot_area().height() + 1)


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
