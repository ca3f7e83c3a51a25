"""The right conventions for every model that is at hand, and little confidence where none shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from inspector.core.errors import Cancelled, PictureError, ReleaseError
from inspector.core.input_range import LEVELS, SYMMETRIC, UNIT
from inspector.core.model_files import source_of_model
from inspector.core.pairs import OutputKind
from inspector.core.proposing import ProposeTask
from inspector.core.sources import Source, SourceKind
from inspector.engine.proposing import propose
from inspector.engine.proposing_pictures import made_pictures, sample_sources, unit_pictures
from inspector.engine.tasks import do_task
from inspector.engine.watcher import Watcher
from tests.support import models
from tests.support.tflite import convert
from tests.support.transfer import CLASSES, SIZE, save_h5, transfer_model

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from inspector.core.pairs import PairSpec
    from inspector.core.proposing import PairProposal, SideProposal


@pytest.fixture(scope="module")
def proposed() -> Callable[..., PairProposal]:
    """Give proposals, each made once."""
    made: dict[tuple[str, ...], PairProposal] = {}

    def give(*sources: Source) -> PairProposal:
        key = tuple(str(source) for source in sources)
        if key not in made:
            made[key] = propose(ProposeTask(*sources), Watcher())
        return made[key]

    return give


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Give a transfer-learning model that takes [-1, 1], as .h5 and as its own export."""
    folder = tmp_path_factory.mktemp("plain")
    model = transfer_model()
    file = save_h5(model, folder / "flowers.h5")
    tf.saved_model.save(model, str(folder / "export"))
    return file, folder / "export"


def sure(side: SideProposal) -> dict[str, Any]:
    """Give what is proposed with some certainty."""
    return {name: each.value for name, each in side.rows() if not each.is_doubtful}


def test_a_strangers_model_and_its_export(
    plain: tuple[Path, Path], proposed: Callable[..., PairProposal]
) -> None:
    file, folder = plain
    found = proposed(source_of_model(str(file)), source_of_model(str(folder)))
    for _, side in found.sides():
        right = sure(side)
        assert right["range"] == SYMMETRIC
        assert side.range.confidence > 0.95
        assert right["output"] is OutputKind.PROBABILITIES
        assert right["background"] is False
        assert right["size"] == (SIZE, SIZE)
        assert right["channels"] == "rgb"
        assert side.classes == CLASSES
        assert side.notes == ()
    assert "same numbers" in found.left.range.evidence[0]
    assert found.labels.value == "indices"
    assert found.right is not None
    assert found.right.source.kind is SourceKind.SAVED_MODEL
    assert found.to_pair().id == "flowers-export"


def test_a_strangers_model_alone(
    plain: tuple[Path, Path], proposed: Callable[..., PairProposal]
) -> None:
    found = proposed(source_of_model(str(plain[0]))).left
    assert found.range.value == SYMMETRIC
    assert found.range.confidence > 0.95
    assert "batch norm" in found.range.evidence[0]
    assert found.background.is_doubtful


def scaled_head(model: Any, factor: float = 5.0) -> Any:
    """Make the answers of a transfer-learning model so sure that float16 makes some of them 0."""
    head = model.get_layer("flowers")
    head.set_weights([factor * weight for weight in head.get_weights()])
    return model


def test_half_precision_and_single_precision_of_one_model(tmp_path: Path) -> None:
    plain = models.keras_file(tmp_path, scaled_head(transfer_model()), "plain.keras")
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = scaled_head(transfer_model())
    finally:
        keras.config.set_dtype_policy("float32")
    half = models.keras_file(tmp_path, model, "half.keras")
    sources = (source_of_model(str(half)), source_of_model(str(plain)))
    found = propose(ProposeTask(*sources), Watcher())
    for _, side in found.sides():
        assert side.range.value == SYMMETRIC
        assert side.range.confidence > 0.95
        told = " ".join(side.range.evidence)
        assert "the answers correlate by" in told
        assert "named like those of MobileNetV2" in told
        assert "passes its input on" not in told
        assert side.channels.value == "rgb"
        assert "so they take the same order" in side.channels.evidence[0]


def test_a_model_that_takes_blue_first_is_found_beside_its_twin(
    tmp_path: Path, plain: tuple[Path, Path]
) -> None:
    model = transfer_model()
    first = model.get_layer("mobilenetv2_0.35_160").get_layer("Conv1")
    first.set_weights([first.get_weights()[0][:, :, ::-1]])
    file = models.keras_file(tmp_path, model, "bgr.keras")
    task = ProposeTask(source_of_model(str(file)), source_of_model(str(plain[0])))
    found = propose(task, Watcher())
    assert found.right is not None
    assert "takes blue first (99 % likely)" in found.notes[0]
    assert {side.channels.value for _, side in found.sides()} == {"rgb", "bgr"}
    assert "one of them takes blue first" in found.left.channels.evidence[0]
    for _, side in found.sides():
        assert side.range.value == SYMMETRIC
        told = any("cannot say that a model" in note for note in side.notes)
        assert told is (side.channels.value == "bgr")


def test_scaling_inside_the_model_is_seen(
    tmp_path: Path, proposed: Callable[..., PairProposal]
) -> None:
    file = save_h5(transfer_model(rescaling=True, activation=None), tmp_path / "inside.h5")
    found = proposed(source_of_model(str(file))).left
    assert found.range.value == LEVELS
    assert found.range.confidence > 0.95
    assert any("[0, 255] to [-1, 1]" in each for each in found.range.evidence)
    assert found.output.value is OutputKind.LOGITS


def expect_declared(found: PairProposal, pair: PairSpec) -> None:
    for side, proposal in found.sides():
        declared = pair.release(side)
        assert proposal.range.value == declared.range
        assert proposal.range.confidence > 0.9
        assert proposal.output.value is declared.output
        assert proposal.background.value is declared.background
        assert not proposal.background.is_doubtful
        assert proposal.mode.value == declared.mode
        assert proposal.labels.value == pair.labels
        assert proposal.labels.confidence > 0.9
        assert proposal.notes == ()


def test_the_starter_pair(starter: PairSpec, proposed: Callable[..., PairProposal]) -> None:
    found = proposed(starter.left.source, starter.right.source)
    expect_declared(found, starter)
    assert "golf ball" in found.labels.evidence[0]


def test_the_imagenet_pair(imagenet: PairSpec, proposed: Callable[..., PairProposal]) -> None:
    """Its batch norms are folded, so that they tell nothing."""
    expect_declared(proposed(imagenet.left.source, imagenet.right.source), imagenet)


def test_a_tiny_pair_agrees_though_nothing_is_trained(
    tiny: PairSpec, proposed: Callable[..., PairProposal]
) -> None:
    found = proposed(tiny.left.source, tiny.right.source)
    assert found.left.range.value == SYMMETRIC
    assert found.right is not None
    assert found.right.range.value == UNIT
    assert found.right.background.value is True
    assert found.left.background.value is False


def test_an_untrained_model_gets_little_confidence(
    tmp_path: Path, proposed: Callable[..., PairProposal]
) -> None:
    keras.utils.set_random_seed(3)
    model = keras.applications.MobileNetV2(
        alpha=0.35, input_shape=(32, 32, 3), weights=None, classes=7
    )
    file = models.keras_file(tmp_path, model, "untrained.keras")
    found = proposed(source_of_model(str(file))).left
    assert found.range.confidence < 0.55
    assert found.range.certainty == "a guess"
    assert any("Nothing shows that this model is trained" in note for note in found.notes)
    assert any("not settled" in note for note in found.notes)


def test_a_network_without_norms_gets_little_confidence(
    tmp_path: Path, proposed: Callable[..., PairProposal]
) -> None:
    file = models.keras_file(tmp_path, models.keras_model(seed=2), "colours.keras")
    found = proposed(source_of_model(str(file))).left
    assert found.range.is_doubtful


def test_features_of_any_size(tmp_path: Path, proposed: Callable[..., PairProposal]) -> None:
    inputs = keras.Input((None, None, 3))
    x = keras.layers.Conv2D(512, 8, strides=8, activation="relu")(inputs)
    model = keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(x))
    found = proposed(source_of_model(str(models.keras_file(tmp_path, model, "f.keras")))).left
    assert found.output.value is OutputKind.FEATURES
    assert found.background.value is False
    assert found.labels.value == "indices"
    assert found.size.is_doubtful
    assert found.to_spec().size == found.size.value


def test_a_model_of_whole_numbers_wants_levels(
    tmp_path: Path, proposed: Callable[..., PairProposal]
) -> None:
    inputs = keras.Input((16, 16, 3), dtype="uint8")
    x = keras.layers.Rescaling(1 / 255)(inputs)
    x = keras.layers.GlobalAveragePooling2D()(keras.layers.Conv2D(8, 3)(x))
    model = keras.Model(inputs, keras.layers.Dense(5, activation="softmax")(x))
    found = proposed(source_of_model(str(models.keras_file(tmp_path, model, "u.keras")))).left
    assert found.range.value == LEVELS
    assert any("whole numbers" in each for each in found.range.evidence)


def test_what_gives_no_row_per_picture_is_refused(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((16, 16, 3)), keras.layers.Conv2D(4, 3)])
    source = source_of_model(str(models.keras_file(tmp_path, model, "map.keras")))
    with pytest.raises(ReleaseError, match="not one row"):
        propose(ProposeTask(source), Watcher())


def test_broken_pictures_are_told(tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    source = source_of_model(str(models.keras_file(tmp_path, models.keras_model(), "model.keras")))
    with pytest.raises(PictureError):
        propose(ProposeTask(source, pictures=(str(broken),)), Watcher())


def test_can_be_cancelled_between_experiments(tmp_path: Path) -> None:
    class Impatient(Watcher):
        def stage(self, text: str, fraction: float | None = None) -> None:
            if text.startswith("Trying"):
                raise Cancelled(text)

    source = source_of_model(str(models.keras_file(tmp_path, models.keras_model(), "model.keras")))
    with pytest.raises(Cancelled):
        do_task(None, ProposeTask(source), Impatient())  # type: ignore[arg-type]


def test_made_pictures_look_like_photographs_to_a_first_layer() -> None:
    made = made_pictures((64, 64), 8)
    assert made.min() >= 0.0
    assert made.max() <= 1.0
    np.testing.assert_allclose(made.mean(axis=(0, 1, 2)), (0.485, 0.456, 0.406), atol=0.08)
    channels = np.corrcoef(made.reshape(-1, 3).T)
    assert channels[0, 1] > 0.8
    steps = made[:, :, 1:] - made[:, :, :-1]
    assert steps.var() < 0.6 * made.var(), "neighbours are no more alike than noise"


def test_the_golf_ball_is_where_it_is_said_to_be() -> None:
    sources = sample_sources(("/mine.png",))
    assert [source.name for source in sources][:2] == ["mine.png", "golf_ball.jpg"]
    batch = unit_pictures(sample_sources(), (32, 32))
    assert batch.shape == (3, 32, 32, 3)
    assert batch.max() <= 1.0


def test_half_precision_still_gives_probabilities(tmp_path: Path) -> None:
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = models.keras_model(classes=300)
    finally:
        keras.config.set_dtype_policy("float32")
    file = models.keras_file(tmp_path, model)
    side = propose(ProposeTask(source_of_model(str(file))), Watcher()).left
    assert side.output.value is OutputKind.PROBABILITIES


def test_a_single_sigmoid_is_named(tmp_path: Path) -> None:
    file = models.keras_file(tmp_path, models.keras_model(classes=1, activation="sigmoid"))
    with pytest.raises(ReleaseError, match="gives one number per picture") as caught:
        propose(ProposeTask(source_of_model(str(file))), Watcher())
    assert "two outputs" in caught.value.mend


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")
def test_a_tflite_softmax_is_known(tmp_path: Path) -> None:
    file = convert(models.keras_model(), tmp_path / "small.tflite")
    side = propose(ProposeTask(source_of_model(str(file))), Watcher()).left
    assert side.output.certainty == "known"
    assert side.output.value is OutputKind.PROBABILITIES
    assert not any("could not be looked into" in note for note in side.notes)


def test_a_sigmoid_for_each_class_is_named(tmp_path: Path) -> None:
    file = models.keras_file(tmp_path, models.keras_model(activation="sigmoid"))
    side = propose(ProposeTask(source_of_model(str(file))), Watcher()).left
    assert side.output.is_doubtful
    assert "Its last operation is a sigmoid" in side.output.evidence[0]
    assert any(note.startswith("It ends in a sigmoid") for note in side.notes)
