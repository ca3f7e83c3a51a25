"""Tracing a picture through real networks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from inspector.core.errors import PictureError
from inspector.core.pairs import OutputKind, PairSpec, Side
from inspector.core.picture import PictureSource
from inspector.core.sources import Source, SourceKind
from inspector.core.trace import Trace, TraceCode, TraceTask
from inspector.engine.tasks import do_task
from inspector.engine.watcher import Watcher
from inspector.session import Session
from tests.support import models
from tests.support.tf1_modules import Inception, Tf1Module, keras_twin, make_module

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.engine.engine import Engine


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("twins")


@pytest.fixture(scope="module")
def module(folder: Path) -> Tf1Module:
    return make_module(folder / "module", Inception(size=75))


@pytest.fixture(scope="module")
def twins(folder: Path, module: Tf1Module) -> PairSpec:
    """Give a Keras model and a TF1-format module of one checkpoint."""
    path = models.keras_file(folder, keras_twin(module))
    return models.pair_of(models.keras_spec(path), models.hub_spec(module.folder))


def task_of(pair: PairSpec, picture: Path, mode: str = "identical") -> TraceTask:
    session = Session(pair)
    session.set_picture(PictureSource.from_path(picture))
    for side in Side:
        session.set_mode(side, mode)
    request = session.request()
    assert request is not None
    return TraceTask(request.picture, request.pair, request.left, request.right)


def traced(engine: Engine, pair: PairSpec, picture: Path, mode: str = "identical") -> Trace:
    trace = do_task(engine, task_of(pair, picture, mode), Watcher())
    assert isinstance(trace, Trace)
    return trace


def test_twins_of_different_formats_agree(engine: Engine, twins: PairSpec, photo: Path) -> None:
    trace = traced(engine, twins, photo)
    path = trace.path
    assert path.code is TraceCode.AGREE, trace.text
    pairs = {row.left.name: row.right.name for row in path.aligned if row.left and row.right}
    assert pairs["mixed0"] == "InceptionV3/Mixed_5b"
    assert pairs["mixed7"] == "InceptionV3/Mixed_6e"
    assert pairs["avg_pool"] == "InceptionV3/global_pool"
    assert len(pairs) == 7 + 11 + 1 + 2, "stem, blocks, pool, input and output"
    lone = [row.right.name for row in path.rows if row.left is None and row.right is not None]
    assert lone == [], "rows of classes are compared as the output alone"
    assert set(trace.milliseconds) == {"left", "right", "compare"}
    assert trace.result.comparison.top1_same


def test_modes_of_their_own_differ_from_the_input_on(
    engine: Engine, twins: PairSpec, photo: Path
) -> None:
    trace = traced(engine, twins, photo, "own")
    assert trace.path.code is TraceCode.INPUT
    assert trace.path.rows[0].gap is not None
    assert trace.path.rows[0].gap.relative_l2 > 1e-3


def test_the_changed_layer_is_found(
    engine: Engine, twins: PairSpec, module: Tf1Module, folder: Path, photo: Path
) -> None:
    model = keras_twin(module)
    mixed = model.get_layer("mixed4")
    kernel = next(
        layer
        for layer in reversed(model.layers[: model.layers.index(mixed)])
        if type(layer).__name__ == "Conv2D"
    )
    (values,) = kernel.get_weights()
    kernel.set_weights([values * 1.05])
    path = models.keras_file(folder, model, "changed.keras")
    pair = models.pair_of(models.keras_spec(path), twins.right)
    trace = traced(engine, pair, photo)
    assert trace.path.code is TraceCode.DEPART
    departs = trace.path.rows[trace.path.departs or 0]
    assert departs.name == "mixed4 / InceptionV3/Mixed_6b"
    assert "agree up to mixed3 / InceptionV3/Mixed_6a" in trace.text
    assert "first differ at mixed4 / InceptionV3/Mixed_6b" in trace.text


def test_operations_against_layers(engine: Engine, tiny: PairSpec, photo: Path) -> None:
    """A TF2 SavedModel has no names but those of its operations."""
    trace = traced(engine, tiny, photo)
    assert trace.path.code is TraceCode.AGREE, trace.text
    assert len(trace.path.aligned) > 60
    last = trace.path.aligned[-1]
    assert last.left is not None
    assert (last.name, last.left.shape) == ("output", (10,))


def test_the_graph_for_training_differs_from_its_first_batch_norm_on(
    engine: Engine, twins: PairSpec, module: Tf1Module, photo: Path
) -> None:
    source = Source(SourceKind.HUB, str(module.folder), (("tags", "train"),))
    pair = models.pair_of(twins.right, replace(twins.right, source=source))
    trace = traced(engine, pair, photo)
    assert trace.path.code is TraceCode.DEPART
    assert trace.path.departs == 1
    assert trace.path.rows[1].name == "InceptionV3/Conv2d_1a_3x3"


def test_features(
    engine: Engine, twins: PairSpec, module: Tf1Module, folder: Path, photo: Path
) -> None:
    import keras

    model = keras_twin(module)
    features = keras.Model(model.inputs, model.get_layer("avg_pool").output)
    path = models.keras_file(folder, features, "features.keras")
    options = (("signature", "image_feature_vector"), ("output", "InceptionV3/global_pool"))
    source = Source(SourceKind.HUB, str(module.folder), options)
    pair = models.pair_of(
        models.keras_spec(path, output=OutputKind.FEATURES),
        models.hub_spec("", source=source, output=OutputKind.FEATURES, background=False),
    )
    trace = traced(engine, pair, photo)
    assert trace.path.code is TraceCode.AGREE, trace.text
    assert trace.path.rows[-1].right is not None
    assert trace.path.rows[-1].right.shape == (128,)


def test_a_picture_that_is_none(engine: Engine, tiny: PairSpec, tmp_path: Path) -> None:
    path = tmp_path / "none.jpg"
    path.write_bytes(b"no picture")
    with pytest.raises(PictureError):
        traced(engine, tiny, path)


def test_the_releases_of_a_task_are_known_before_it_is_done(tiny: PairSpec, photo: Path) -> None:
    assert task_of(tiny, photo).releases == (tiny.left, tiny.right)


def test_the_real_pair(engine: Engine, imagenet: PairSpec, data: Path) -> None:
    picture = data / "photos" / "cat_720p.jpg"
    trace = traced(engine, imagenet, picture)
    assert trace.path.code is TraceCode.AGREE, trace.text
    assert len(trace.path.aligned) == 65
    worst = max(row.gap.relative_l2 for row in trace.path.aligned if row.gap)
    assert worst < 2e-5
