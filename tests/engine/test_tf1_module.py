"""Modules of Hub's TF1 format, and SavedModels with several graphs: tags, signatures, outputs."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import tensorflow as tf

from inspector.core.catalogue import hub_directory_name
from inspector.core.errors import ReleaseError, UntrustedModelError
from inspector.core.pairs import OutputKind
from inspector.core.saved_model_names import choose_name
from inspector.core.scores import OutputSwitches
from inspector.core.script.release import release_lines
from inspector.core.sources import Source, SourceKind
from inspector.core.weights.audit import AuditCode
from inspector.engine.keras_release import KerasClassifier
from inspector.engine.loading import load_release
from inspector.engine.saved_model_release import SavedModelClassifier
from inspector.engine.saved_model_scan import read_saved_model, scan_saved_model
from inspector.engine.tf1_module import attached_size, choose_meta_graph, tag_sets
from inspector.engine.weights import audit_pair, read_weights
from tests.support import models
from tests.support.tf1_modules import Inception, Tf1Module, keras_twin, make_module

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.core.pairs import ReleaseSpec

HANDLE = "https://tfhub.dev/google/imagenet/inception_v3/feature_vector/1"


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Tf1Module:
    return make_module(tmp_path_factory.mktemp("tf1") / "module")


@pytest.fixture(scope="module")
def inference(module: Tf1Module) -> SavedModelClassifier:
    return load(module.folder)


@pytest.fixture(scope="module")
def training(module: Tf1Module) -> SavedModelClassifier:
    return load(module.folder, tags="train")


@pytest.fixture(scope="module")
def vector(tmp_path_factory: pytest.TempPathFactory) -> Tf1Module:
    """Give a feature vector module of any size, with resource variables and an attachment."""
    made = Inception(size=75, classifier=False, fixed_size=False, attachment=True, resource=True)
    return make_module(tmp_path_factory.mktemp("tf1") / "vector", made)


def spec_of(folder: Path, kind: SourceKind = SourceKind.HUB, **options: str) -> ReleaseSpec:
    return models.hub_spec("", source=Source(kind, str(folder), tuple(options.items())))


def load(folder: Path, kind: SourceKind = SourceKind.HUB, **options: str) -> SavedModelClassifier:
    loaded = load_release(spec_of(folder, kind, **options))
    assert isinstance(loaded, SavedModelClassifier)
    return loaded


def batch(count: int = 3, size: int = 107) -> np.ndarray:
    return np.random.default_rng(3).random((count, size, size, 3), dtype=np.float32)


def refuse(folder: Path, **options: str) -> ReleaseError:
    with pytest.raises(ReleaseError) as caught:
        load(folder, **options)
    assert caught.value.mend
    return caught.value


def test_the_fixture_is_like_a_published_module(module: Tf1Module) -> None:
    message = read_saved_model(module.folder)
    assert tag_sets(message) == ((), ("train",))
    assert (module.folder / "tfhub_module.pb").read_bytes() == b"\x08\x03"
    ops = {node.op for node in message.meta_graphs[0].graph_def.node}
    assert "VariableV2" in ops
    with pytest.raises(ValueError, match="more than one MetaGraph"):
        tf.saved_model.load(str(module.folder))
    assert tf.executing_eagerly()


@pytest.mark.parametrize("kind", [SourceKind.HUB, SourceKind.SAVED_MODEL])
def test_inference_is_the_default(module: Tf1Module, kind: SourceKind) -> None:
    loaded = load(module.folder, kind)
    assert loaded.size == (107, 107)
    assert loaded.folder == module.folder
    assert loaded.published.signature == "image_classification"
    expected = np.asarray(keras_twin(module)(batch() * 2 - 1))
    logits = loaded.run(batch()).raw
    assert logits.shape == (3, 11)
    np.testing.assert_allclose(tf.nn.softmax(logits[:, 1:]), expected, atol=1e-5)


def test_written_with_a_saver_it_is_the_same(
    inference: SavedModelClassifier, tmp_path: Path
) -> None:
    other = make_module(tmp_path / "saver", Inception(saver=True))
    np.testing.assert_allclose(
        load(other.folder).run(batch()).raw, inference.run(batch()).raw, atol=1e-6
    )


def test_the_graph_for_training(
    module: Tf1Module, inference: SavedModelClassifier, training: SavedModelClassifier
) -> None:
    """Batch norm takes the batch's statistics, so that a picture alone gives other numbers."""
    rows = training.run(batch()).raw
    assert np.abs(rows - inference.run(batch()).raw).max() > 0.1
    assert np.abs(rows[:1] - training.run(batch(1)).raw).max() > 0.1
    # A second module of the same names in one process shares no variable with the first.
    again = load(module.folder)
    np.testing.assert_array_equal(again.run(batch()).raw, inference.run(batch()).raw)


def test_dropout_is_on_in_training(training: SavedModelClassifier) -> None:
    assert np.abs(training.run(batch()).raw - training.run(batch()).raw).max() > 1e-3


@pytest.mark.parametrize(
    ("declared", "signature", "width"),
    [
        (OutputKind.LOGITS, "image_classification", 11),
        (OutputKind.PROBABILITIES, "image_classification", 11),
        (OutputKind.FEATURES, "image_feature_vector", 128),
    ],
)
def test_the_declared_output_chooses_the_signature(
    module: Tf1Module, declared: OutputKind, signature: str, width: int
) -> None:
    spec = replace(spec_of(module.folder), output=declared)
    loaded = load_release(spec)
    assert isinstance(loaded, SavedModelClassifier)
    assert loaded.published.signature == signature
    assert loaded.run(batch(1)).raw.shape == (1, width)


def test_options_choose_signature_and_output(module: Tf1Module) -> None:
    chosen = load(module.folder, signature="image_feature_vector", output="InceptionV3/global_pool")
    default = load(module.folder, signature="image_feature_vector")
    given = chosen.run(batch(2)).raw
    assert given.shape == (2, 1, 1, 128)
    np.testing.assert_array_equal(given[:, 0, 0], default.run(batch(2)).raw)


@pytest.mark.parametrize("options", [{}, {"signature": "twin"}])
def test_an_output_of_another_signature_is_found(tmp_path: Path, options: dict[str, str]) -> None:
    made = tf.Module()
    taken = [tf.TensorSpec([None, 16, 16, 3], tf.float32)]
    signatures = {
        name: tf.function(lambda x, output=output: {output: x[:, 0, 0]}, input_signature=taken)
        for name, output in (("serving_default", "logits"), ("twin", "logits"), ("soft", "probs"))
    }
    path = models.saved_model(tmp_path, made, signatures=signatures)
    error = refuse(path, output="probs", **options)
    assert "has no output 'probs', but soft has it" in error.message
    assert error.mend == "Write ?signature=soft&output=probs in its source."
    assert load(path, signature="soft", output="probs").published.signature == "soft"


def test_a_signature_is_taken_although_the_object_can_be_called(tmp_path: Path) -> None:
    made = models.HubStyle(models.keras_model(activation=None))

    @tf.function(input_signature=[tf.TensorSpec([None, 16, 16, 3], tf.float32)])
    def doubled(inputs: Any) -> dict[str, Any]:
        return {"twice": 2.0 * made.logits(inputs), "once": made.logits(inputs)}

    path = models.saved_model(tmp_path, made, signatures={"other": doubled})
    called = load(path).run(batch(2, 16)).raw
    twice = load(path, signature="other", output="twice").run(batch(2, 16)).raw
    np.testing.assert_allclose(twice, 2 * called, rtol=1e-5)
    assert "several outputs (once, twice)" in refuse(path, signature="other").message
    assert "without a name" in refuse(path, output="twice").message


def test_unknown_names_are_listed_with_the_nearest(module: Tf1Module) -> None:
    error = refuse(module.folder, signature="image_classifcation")
    assert "there is: default, image_classification, image_feature_vector" in error.message
    assert error.mend == "Did you mean 'image_classification'?"
    error = refuse(module.folder, output="InceptionV3/Mixed_6f")
    assert "InceptionV3/Mixed_5b" in error.message
    assert "default" in error.message
    assert error.mend == "Did you mean 'InceptionV3/Mixed_6e'?"
    error = refuse(module.folder, tags="trian")
    assert "there is: nothing (inference); train" in error.message
    assert error.mend == "Did you mean 'train'?"
    assert "serve,gpu" not in refuse(module.folder, tags="serve, gpu").mend


def test_a_signature_that_takes_no_picture(tmp_path: Path) -> None:
    made = tf.Module()

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string)])
    def parse(examples: Any) -> Any:
        return tf.strings.length(examples)

    path = models.saved_model(tmp_path, made, signatures={"parse": parse})
    assert "takes examples string" in refuse(path, signature="parse").message
    assert "no signature that takes one picture: parse" in refuse(path).message


def _message(*tags: tuple[str, ...]) -> Any:
    from tensorflow.core.protobuf import saved_model_pb2

    message = saved_model_pb2.SavedModel()
    for each in tags:
        message.meta_graphs.add().meta_info_def.tags.extend(each)
    return message


@pytest.mark.parametrize(
    ("tags", "chosen"),
    [
        ([("odd",)], ("odd",)),
        ([("train",)], ("train",)),
        ([("train",), ()], ()),
        ([("serve", "gpu"), ("serve",), ("train",)], ("serve",)),
        ([("train",), ("eval",)], ("eval",)),
    ],
)
def test_default_tags(tags: list[tuple[str, ...]], chosen: tuple[str, ...]) -> None:
    found = choose_meta_graph("it", Source(SourceKind.HUB, "/m"), _message(*tags))
    assert tuple(found.meta_info_def.tags) == chosen


def test_tags_that_have_to_be_named() -> None:
    message = _message(("cpu",), ("gpu",), ("train",))
    with pytest.raises(ReleaseError, match="tagged cpu; gpu; train") as caught:
        choose_meta_graph("it", Source(SourceKind.HUB, "/m"), message)
    assert "?tags=cpu" in caught.value.mend
    named = Source(SourceKind.HUB, "/m", (("tags", "gpu"),))
    assert choose_meta_graph("it", named, message) is message.meta_graphs[1]


def test_tags_are_a_set() -> None:
    message = _message(("serve", "gpu"), ("serve",))
    named = Source(SourceKind.HUB, "/m", (("tags", "gpu, serve"),))
    assert choose_meta_graph("it", named, message) is message.meta_graphs[0]


def test_size_from_the_attachment(vector: Tf1Module) -> None:
    """It is what the module was published for; the signature takes any, and the entry may say."""
    assert attached_size(read_saved_model(vector.folder).meta_graphs[0]) == (75, 75)
    spec = replace(spec_of(vector.folder), output=OutputKind.FEATURES)
    assert load_release(spec).size == (75, 75)
    other = load_release(replace(spec, size=(107, 107)))
    assert other.size is None
    assert other.run(batch(2)).raw.shape == (2, 128)


def test_no_attachment(module: Tf1Module) -> None:
    assert attached_size(read_saved_model(module.folder).meta_graphs[0]) is None


def test_the_weights_are_those_of_the_signature(
    module: Tf1Module, inference: SavedModelClassifier, vector: Tf1Module
) -> None:
    """Reference variables are read, and constants of ones are no gamma."""
    features = load_release(replace(spec_of(vector.folder), output=OutputKind.FEATURES))
    for made, loaded in ((module, inference), (vector, features)):
        found = {weight.name: weight for weight in read_weights(loaded)}
        assert set(found) == set(made.weights)
        for name, values in made.weights.items():
            np.testing.assert_array_equal(found[name].values, values, name)
    name = "InceptionV3/Conv2d_1a_3x3/BatchNorm/moving_variance"
    assert found[name].epsilon == 0.001


def test_the_checkpoint_is_that_of_the_keras_twin(
    module: Tf1Module, inference: SavedModelClassifier
) -> None:
    twin = KerasClassifier(models.keras_spec("/twin.keras"), keras_twin(module))
    audit = audit_pair(twin, inference)
    assert audit.code is AuditCode.SAME, audit.text


def test_every_graph_is_checked_before_one_is_opened(module: Tf1Module, tmp_path: Path) -> None:
    assert scan_saved_model(module.folder) == ()
    bad = tmp_path / "bad"
    shutil.copytree(module.folder, bad)
    message = read_saved_model(bad)
    message.meta_graphs[1].graph_def.node.add(name="write", op="WriteFile")
    (bad / "saved_model.pb").write_bytes(message.SerializeToString())
    with pytest.raises(UntrustedModelError, match="WriteFile"):
        load(bad)


def test_another_batch_size_is_no_new_trace(inference: SavedModelClassifier) -> None:
    for count in (1, 2, 3):
        inference.run(batch(count))
    assert inference._call.experimental_get_tracing_count() == 1


def test_another_size_is_one_error(inference: SavedModelClassifier) -> None:
    with pytest.raises(ReleaseError, match=r"\[1, 75, 75, 3\]"):
        inference.run(batch(1, 75))


def test_by_its_handle_from_hubs_cache_without_a_network(
    vector: Tf1Module, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path))
    place = tmp_path / hub_directory_name(HANDLE)
    shutil.copytree(vector.folder, place)
    loaded = load_release(models.hub_spec(HANDLE, output=OutputKind.FEATURES))
    assert isinstance(loaded, SavedModelClassifier)
    assert loaded.folder == place
    assert loaded.run(batch(1, 75)).raw.shape == (1, 128)


@pytest.mark.parametrize("kind", [SourceKind.HUB, SourceKind.SAVED_MODEL])
@pytest.mark.parametrize(
    "options", [{}, {"signature": "image_feature_vector", "output": "InceptionV3/global_pool"}]
)
def test_the_exported_script_makes_the_same_call(
    module: Tf1Module, kind: SourceKind, options: dict[str, str]
) -> None:
    import tensorflow_hub as hub

    spec = spec_of(module.folder, kind, **options)
    names: dict[str, Any] = {"tf": tf, "hub": hub, "np": np, "left_input": batch(1)[0]}
    lines = release_lines(spec, OutputSwitches(softmax=False, drop_background=False), "left")
    exec("\n".join(lines), names)
    np.testing.assert_allclose(names["left"], load_release(spec).run(batch(1)).raw[0], atol=1e-6)


def test_the_exported_script_names_the_tags(module: Tf1Module) -> None:
    spec = spec_of(module.folder, tags="train")
    lines = release_lines(spec, OutputSwitches(), "left")
    assert any('tags=["train"]' in line for line in lines)


def test_choosing_a_name() -> None:
    assert choose_name({"b", "c"}, ("a", "c", "b")) == "c"
    assert choose_name(["only"], ("a",)) == "only"
    assert choose_name(["one", "two"], ("a",)) is None
    assert choose_name([], ("a",)) is None
