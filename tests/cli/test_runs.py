"""Options of training mode and of auxiliary heads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from inspector.core.pairs import Side
from inspector.core.training import BatchFrom, Training
from tests.support.program import GOLF_BALL, run_program

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from inspector.engine.messages import CompareRequest
    from tests.support.program import Outcome


def test_options_become_the_request(
    call: Callable[..., Outcome],
    made_up: list[CompareRequest],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    call(
        *("compare", GOLF_BALL, "--left-training", "--training-seed", "4"),
        *("--training-count", "6", "--training-batch", "others", "--right-aux", "slim.ckpt"),
    )
    (request,) = made_up
    wanted = Training(4, 6, BatchFrom.FOLDER, str(tmp_path / "others"))
    assert request.left.training == wanted
    assert request.right.training is None
    assert request.left.auxiliary is None
    assert request.right.auxiliary is not None
    assert request.right.auxiliary.checkpoint == str(tmp_path / "slim.ckpt")


def test_defaults(call: Callable[..., Outcome], made_up: list[CompareRequest]) -> None:
    call("compare", GOLF_BALL)
    call("compare", GOLF_BALL, "--right-training", "--left-aux", "--aux-seed", "9")
    request = made_up[0]
    assert request.left.training is None
    assert request.left.auxiliary is None
    request = made_up[1]
    assert request.right.training == Training()
    assert request.left.auxiliary is not None
    assert (request.left.auxiliary.checkpoint, request.left.auxiliary.seed) == ("", 9)


@pytest.mark.parametrize(
    ("options", "needed"),
    [
        (("--training-seed", "1"), "--left-training"),
        (("--training-count", "4"), "--left-training"),
        (("--training-batch", "crops"), "--left-training"),
        (("--aux-seed", "1", "--left-training"), "--left-aux"),
    ],
)
def test_an_option_that_means_nothing_is_refused(
    call: Callable[..., Outcome], options: tuple[str, ...], needed: str
) -> None:
    outcome = call("compare", GOLF_BALL, *options)
    assert outcome.code == 2
    assert f"means nothing without {needed}" in outcome.err


@pytest.mark.parametrize("count", ["1", "65", "many"])
def test_a_count_out_of_its_range(call: Callable[..., Outcome], count: str) -> None:
    outcome = call("compare", GOLF_BALL, "--left-training", "--training-count", count)
    assert outcome.code == 2
    assert "from 2 to 64" in outcome.err


def test_training_mode_of_the_starter_pair() -> None:
    """Both shipped releases take it: one is a Keras application, one a reusable SavedModel."""
    outcome = run_program(
        *("compare", GOLF_BALL, "--json", "--left-training", "--right-training"),
        *("--left-mode", "identical", "--right-mode", "identical", "--training-count", "4"),
    )
    assert outcome.code == 0, outcome.err
    found = outcome.json()
    for side in Side:
        training = found[side]["training"]
        assert training["settings"]["count"] == 4
        assert training["max_abs_difference"] > 0.01
        assert len(training["top"]) == 5
    left, right = (found[side]["training"]["top"][0] for side in Side)
    assert left["index"] == right["index"], "the two are the same network in this mode too"
    assert left["probability"] == pytest.approx(right["probability"], rel=1e-3)


def test_a_release_that_is_no_inception_v3() -> None:
    outcome = run_program("compare", GOLF_BALL, "--left-aux")
    assert outcome.code == 3
    assert "is no InceptionV3" in outcome.err
    assert "Mixed_6e" in outcome.err
