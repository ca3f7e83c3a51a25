from __future__ import annotations

import numpy as np
import pytest

from inspector.core.auxiliary import AuxiliaryHead, plain_auxiliary, restored_auxiliary
from inspector.core.pairs import OutputKind, Side
from inspector.core.scores import OutputSwitches, interpret
from inspector.core.side_runs import side_runs
from inspector.core.training import (
    BatchFrom,
    Training,
    plain_training,
    restored_training,
    training_effect,
)
from tests.support.results import make_result
from tests.support.side_runs import make_full_result, with_auxiliary, with_training

FOLDER = Training(7, 5, BatchFrom.FOLDER, "/photos/cats")


def test_there_is_none_where_none_was_asked_for() -> None:
    assert side_runs(make_result()) == ()


def test_they_come_side_by_side_each_with_its_mark() -> None:
    titles = [run.marked_title for run in side_runs(make_full_result())]
    assert titles == [
        "Left, training mode",
        "Left, auxiliary head, untrained",
        "Right, training mode",
        "Right, auxiliary head",
    ]


def test_training_mode_tells_what_moves() -> None:
    (run,) = side_runs(with_training(make_result(), Side.LEFT, first=722))
    effect = with_training(make_result(), Side.LEFT, first=722).left.training
    assert effect is not None
    assert run.settings == "16 pictures, random crops, seed 3"
    assert run.text.startswith("Top 1 changes from golf ball (")
    assert "to ping-pong ball (" in run.text
    assert f"{effect.max_abs_difference:.3g}" in run.text
    assert "another seed gives other numbers" in run.text
    assert run.warning == ""


def test_training_mode_tells_what_stays() -> None:
    (run,) = side_runs(with_training(make_result(), Side.RIGHT, first=574, random=False))
    assert run.text.startswith("Top 1 stays golf ball, ")
    assert run.text.endswith("; no random layers.")
    assert run.side is Side.RIGHT


def test_random_weights_are_marked() -> None:
    (run,) = side_runs(with_auxiliary(make_result(), Side.LEFT, trained=False))
    assert run.warning == "untrained"
    assert run.settings.startswith("random weights, seed 0")
    assert run.heads == ("Main head", "Untrained head")
    (trained,) = side_runs(with_auxiliary(make_result(), Side.LEFT, trained=True))
    assert not trained.warning
    assert trained.settings == "weights of inception_v3.ckpt, at InceptionV3/Mixed_6e"


def test_rows_set_the_run_beside_the_sides_own_answer() -> None:
    result = with_training(make_result(), Side.LEFT, first=722)
    (run,) = side_runs(result)
    effect = result.left.training
    assert effect is not None
    rows = {row.index: row for row in run.rows(result.labels, 3)}
    assert rows[722].right_rank == 1
    assert rows[574].left_rank == 1
    assert rows[722].left == result.left.scores.probabilities[722]
    assert rows[722].right == effect.scores.probabilities[722]


def test_the_effect_is_measured_between_the_two_answers() -> None:
    rows = np.log(np.array([[0.5, 0.3, 0.2], [0.2, 0.6, 0.2]])).astype(np.float32)
    one, other = (interpret(row, OutputKind.LOGITS, False, OutputSwitches()) for row in rows)
    effect = training_effect(Training(), one, other, random=False)
    assert not effect.top1_same
    assert effect.max_abs_difference == pytest.approx(0.3)
    middle = (np.exp(rows[0]) + np.exp(rows[1])) / 2
    js = sum(float(np.sum(np.exp(row) * (row - np.log(middle)))) for row in rows) / 2
    assert effect.js == pytest.approx(js, rel=1e-5)
    raw = interpret(rows[0], OutputKind.LOGITS, False, OutputSwitches(softmax=False))
    assert training_effect(Training(), raw, raw, random=False).js is None


@pytest.mark.parametrize("settings", [None, Training(), FOLDER])
def test_training_settings_come_back(settings: Training | None) -> None:
    assert restored_training(plain_training(settings)) == settings


@pytest.mark.parametrize(
    "plain",
    [
        "on",
        {},
        {"seed": 0, "count": 1, "batch": "crops"},
        {"seed": -1, "count": 8, "batch": "crops"},
        {"seed": True, "count": 8, "batch": "crops"},
        {"seed": 0, "count": 8, "batch": "magic"},
        {"seed": 0, "count": 8, "batch": "folder"},
        {"seed": 0, "count": 8, "batch": "crops", "folder": "/photos"},
    ],
)
def test_what_is_no_training_is_forgotten(plain: object) -> None:
    assert restored_training(plain) is None


@pytest.mark.parametrize("settings", [None, AuxiliaryHead(), AuxiliaryHead("/a.ckpt", 4)])
def test_auxiliary_settings_come_back(settings: AuxiliaryHead | None) -> None:
    assert restored_auxiliary(plain_auxiliary(settings)) == settings


@pytest.mark.parametrize("plain", [3, {}, {"checkpoint": 5, "seed": 0}, {"seed": -2}])
def test_what_is_no_head_is_forgotten(plain: object) -> None:
    assert restored_auxiliary(plain) is None


def test_the_batch_in_words() -> None:
    assert FOLDER.words == "5 pictures, of cats, seed 7"
