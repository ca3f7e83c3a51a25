from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from inspector.core.errors import ReleaseError
from inspector.engine.classifier import Outputs
from inspector.engine.sweep.runners import LEAST_LIMIT, Form, make_runner
from tests.support import models

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.core.pairs import ReleaseSpec
    from inspector.engine.engine import LoadedPair

SIZE = (models.SIZE, models.SIZE)


class Made:
    """A classifier whose published and traced forms can be told apart."""

    size = SIZE

    def __init__(self, spec: ReleaseSpec, offset: float = 0.0, traceable: bool = True) -> None:
        self.spec = spec
        self.offset = offset
        self.traceable = traceable
        self.at_once = 0
        self.most_at_once = 0
        self.meeting = threading.Event()

    def run(self, batch: NDArray[np.float32]) -> Outputs:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.meeting.wait(0.01)
        self.at_once -= 1
        means = batch.mean(axis=(1, 2))
        return Outputs(np.asarray(np.concatenate([means, 2 * means], axis=1), np.float32))

    def trace(self, batch: Any) -> Any:
        import tensorflow as tf

        if not self.traceable:
            raise ReleaseError("It cannot be traced.", "")
        means = tf.reduce_mean(batch, axis=[1, 2])
        return tf.concat([means + self.offset * batch[:, 0, 0], 2.0 * means], axis=1)


@pytest.fixture
def spec() -> ReleaseSpec:
    return models.hub_spec("made", background=False)


def test_both_models_of_a_pair_are_frozen_and_agree(tiny_loaded: LoadedPair) -> None:
    for model in (tiny_loaded.left, tiny_loaded.right):
        runner = make_runner(model, tiny_loaded.check.noise_floor)
        assert runner.form is not Form.PUBLISHED
        assert 0 <= runner.gap <= max(tiny_loaded.check.noise_floor, LEAST_LIMIT)
        batch = np.random.default_rng(2).uniform(size=(5, 32, 32, 3)).astype(np.float32)
        np.testing.assert_allclose(runner.run(batch), model.run(batch).raw, atol=2e-5)


def test_a_hub_release_has_its_batch_norms_folded(tiny_loaded: LoadedPair) -> None:
    assert make_runner(tiny_loaded.right, tiny_loaded.check.noise_floor).form is Form.FOLDED


def test_what_traces_to_the_same_is_frozen(spec: ReleaseSpec) -> None:
    assert make_runner(Made(spec), 0.0).form is Form.FROZEN


def test_what_traces_to_other_numbers_is_run_as_published(spec: ReleaseSpec) -> None:
    model = Made(spec, offset=0.01)
    runner = make_runner(model, 0.0)
    assert runner.form is Form.PUBLISHED
    batch = np.full((2, *SIZE, 3), 0.5, np.float32)
    np.testing.assert_array_equal(runner.run(batch), model.run(batch).raw)


def test_a_loud_noise_floor_lets_the_same_numbers_pass(spec: ReleaseSpec) -> None:
    assert make_runner(Made(spec, offset=5e-4), noise_floor=1e-3).form is Form.FROZEN


def test_a_release_without_a_steady_answer_is_run_as_published(spec: ReleaseSpec) -> None:
    assert make_runner(Made(spec, offset=0.01), noise_floor=0.5).form is Form.PUBLISHED


def test_what_cannot_be_traced_is_run_as_published(spec: ReleaseSpec) -> None:
    assert make_runner(Made(spec, traceable=False), 0.0).form is Form.PUBLISHED


def test_a_published_form_runs_one_batch_at_a_time(spec: ReleaseSpec) -> None:
    model = Made(spec, traceable=False)
    runner = make_runner(model, 0.0)
    batch = np.zeros((1, *SIZE, 3), np.float32)
    threads = [threading.Thread(target=runner.run, args=(batch,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert model.most_at_once == 1
