"""Opening releases: what is found, what is missing, what is broken; never with a network."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from inspector.core.catalogue import hub_directory_name, keras_cache, keras_weights_name
from inspector.core.errors import ReleaseError, ReleaseMissingError
from inspector.core.pairs import OutputKind, PairSpec, ReleaseSpec
from inspector.core.sources import Source, SourceKind
from inspector.engine.loading import LOADERS, load_release
from tests.support import models

HANDLE = "https://tfhub.dev/twin-inspector/tests/classification/1"
NOWHERE = "http://127.0.0.1:9/twin-inspector/classification/1"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def model() -> Any:
    return models.keras_model()


@pytest.fixture(scope="module")
def keras_path(folder: Path, model: Any) -> Path:
    return models.keras_file(folder, model)


@pytest.fixture(scope="module")
def hub_path(folder: Path) -> Path:
    return models.saved_model(folder, models.HubStyle(models.keras_model(activation=None)))


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send every download to a port where nobody answers."""
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)


def batch(count: int = 3, size: int = models.SIZE) -> np.ndarray:
    return np.random.default_rng(3).random((count, size, size, 3), dtype=np.float32)


def refuse(spec: ReleaseSpec, kind: type[Exception] = ReleaseError) -> Any:
    with pytest.raises(kind) as caught:
        load_release(spec)
    assert caught.value.message  # type: ignore[attr-defined]
    assert caught.value.mend  # type: ignore[attr-defined]
    assert "\n" not in str(caught.value)
    return caught.value


def test_every_kind_of_source_has_a_loader() -> None:
    assert set(LOADERS) == set(SourceKind)


def test_keras_file_gives_the_models_own_numbers_and_its_logits(
    keras_path: Path, model: Any
) -> None:
    loaded = load_release(models.keras_spec(keras_path))
    assert loaded.size == (models.SIZE, models.SIZE)
    outputs = loaded.run(batch())
    assert outputs.raw.dtype == np.float32
    np.testing.assert_allclose(outputs.raw, np.asarray(model(batch())), atol=1e-6)
    assert outputs.logits is not None
    np.testing.assert_allclose(tf.nn.softmax(outputs.logits), outputs.raw, atol=1e-6)


def test_keras_model_with_logits_has_no_second_output(tmp_path: Path) -> None:
    path = models.keras_file(tmp_path, models.keras_model(activation=None))
    outputs = load_release(models.keras_spec(path, output=OutputKind.LOGITS)).run(batch())
    assert outputs.logits is None


def test_softmax_as_a_layer_of_its_own(tmp_path: Path) -> None:
    for layer in (keras.layers.Softmax(), keras.layers.Activation("softmax")):
        model = keras.Sequential([*models.keras_model(activation=None).layers, layer])
        model.build((None, models.SIZE, models.SIZE, 3))
        outputs = load_release(models.keras_spec(models.keras_file(tmp_path, model))).run(batch())
        assert outputs.logits is not None
        np.testing.assert_allclose(tf.nn.softmax(outputs.logits), outputs.raw, atol=1e-6)


def test_old_keras_h5_file(tmp_path: Path, model: Any) -> None:
    path = tmp_path / "model.h5"
    model.save(path)
    outputs = load_release(models.keras_spec(path)).run(batch())
    np.testing.assert_allclose(outputs.raw, np.asarray(model(batch())), atol=1e-6)


@pytest.mark.parametrize("kind", [SourceKind.HUB, SourceKind.SAVED_MODEL])
def test_saved_model_from_a_folder(hub_path: Path, kind: SourceKind) -> None:
    loaded = load_release(models.hub_spec(hub_path, kind))
    assert loaded.size == (models.SIZE, models.SIZE)
    outputs = loaded.run(batch())
    assert outputs.raw.shape == (3, models.CLASSES + 1)
    assert (outputs.raw[:, 0] == -2).all()


def test_saved_model_with_only_a_signature(tmp_path: Path) -> None:
    module = models.HubStyle(models.keras_model(activation=None))
    function = module.__call__
    plain = tf.Module()
    plain.model = module.model
    path = models.saved_model(tmp_path, plain, signatures={"serving_default": function})
    loaded = load_release(models.hub_spec(path))
    assert loaded.size == (models.SIZE, models.SIZE)
    assert loaded.run(batch(1)).raw.shape == (1, models.CLASSES + 1)


def test_keras_export_is_a_saved_model(tmp_path: Path, model: Any) -> None:
    model.export(str(tmp_path / "exported"), verbose=False)
    spec = models.hub_spec(tmp_path / "exported", SourceKind.SAVED_MODEL, background=False)
    outputs = load_release(spec).run(batch())
    np.testing.assert_allclose(outputs.raw, np.asarray(model(batch())), atol=1e-6)


@pytest.mark.parametrize("fixed", [1, 2, 4])
@pytest.mark.parametrize("count", [1, 3, 4, 5])
def test_a_fixed_batch_size_takes_any_batch(tmp_path: Path, fixed: int, count: int) -> None:
    made = models.keras_model(batch=fixed, activation=None)
    free = models.keras_model(activation=None)
    expected = np.asarray(free(batch(count)))
    path = models.keras_file(tmp_path, made)
    found = load_release(models.keras_spec(path, output=OutputKind.LOGITS)).run(batch(count))
    np.testing.assert_allclose(found.raw, expected, atol=1e-6)
    module = models.HubStyle(free, batch=fixed)
    hub = load_release(models.hub_spec(models.saved_model(tmp_path, module))).run(batch(count))
    assert hub.raw.shape == (count, models.CLASSES + 1)
    np.testing.assert_allclose(hub.raw[:, 1:], np.asarray(free(batch(count) * 2 - 1)), atol=1e-5)


def test_another_size_is_one_error(keras_path: Path, hub_path: Path) -> None:
    """A SavedModel's signature does not check height and width by itself."""
    for spec in (models.keras_spec(keras_path), models.hub_spec(hub_path)):
        loaded = load_release(spec)
        with pytest.raises(ReleaseError, match=r"shape \[1, 24, 24, 3\]") as caught:
            loaded.run(batch(1, 24))
        assert "size" in caught.value.mend


@pytest.mark.parametrize(
    "spec",
    [
        models.keras_spec("/none/model.keras"),
        models.hub_spec("/none/hub"),
        models.hub_spec("/none/hub", SourceKind.SAVED_MODEL),
        models.application_spec(("weights", "/none/weights.h5")),
    ],
    ids=lambda spec: str(spec.source),
)
def test_a_file_that_is_not_there(spec: ReleaseSpec) -> None:
    error = refuse(spec, ReleaseMissingError)
    assert "/none/" in error.message
    assert error.exit_code == 4


def test_a_folder_instead_of_a_keras_file(tmp_path: Path) -> None:
    assert "is a folder" in refuse(models.keras_spec(tmp_path)).message
    (tmp_path / "saved_model.pb").write_bytes(b"")
    assert "saved-model:" in refuse(models.keras_spec(tmp_path)).mend


@pytest.mark.parametrize(("saved", "named"), [(".h5", ".keras"), (".keras", ".h5")])
def test_a_keras_file_of_the_other_name(tmp_path: Path, model: Any, saved: str, named: str) -> None:
    model.save(tmp_path / f"a{saved}")
    path = (tmp_path / f"a{saved}").rename(tmp_path / f"b{named}")
    error = refuse(models.keras_spec(path))
    assert f"named {named}" in error.message
    assert error.mend == f"Rename it to b{saved}."


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<!DOCTYPE html><html>not found", "is a web page"),
        (b"\x80\x04\x95abc.", "is a PyTorch file or a pickle"),
        (b"\0\0\0\0TFL3" * 9, "is a TFLite model"),
        (b"", "is empty"),
    ],
)
def test_another_format_is_named(tmp_path: Path, data: bytes, words: str) -> None:
    path = tmp_path / "model.keras"
    path.write_bytes(data)
    error = refuse(models.keras_spec(path))
    assert words in error.message
    assert error.mend


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
@pytest.mark.parametrize("suffix", [".keras", ".h5"])
def test_a_keras_file_that_is_cut_off(
    tmp_path: Path, model: Any, suffix: str, share: float
) -> None:
    path = tmp_path / f"cut{suffix}"
    model.save(path)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    message = refuse(models.keras_spec(path)).message
    assert f"cut{suffix}" in message
    assert ("is cut off" if share else "is empty") in message


def test_a_keras_file_with_changed_bytes(tmp_path: Path, model: Any) -> None:
    path = models.keras_file(tmp_path, model)
    data = bytearray(path.read_bytes())
    middle = slice(len(data) // 2, len(data) // 2 + 60)
    data[middle] = bytes(byte ^ 0xFF for byte in data[middle])
    path.write_bytes(data)
    refuse(models.keras_spec(path))


@pytest.mark.parametrize("name", ["text.keras", "text.h5", "photo.jpg"])
def test_what_is_no_keras_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"This is no model.\n" * 40)
    assert name in refuse(models.keras_spec(path)).message


def test_weights_without_layers_name_the_builder(tmp_path: Path, model: Any) -> None:
    path = tmp_path / "only.weights.h5"
    model.save_weights(path)
    assert "keras-application" in refuse(models.keras_spec(path)).mend


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
def test_a_keras_file_with_code_in_it_is_refused(tmp_path: Path, suffix: str) -> None:
    made = keras.Sequential(
        [
            keras.Input((models.SIZE, models.SIZE, 3)),
            keras.layers.Lambda(lambda x: x[:, 0, 0]),
            keras.layers.Softmax(),
        ]
    )
    path = tmp_path / f"code{suffix}"
    made.save(path)
    error = refuse(models.keras_spec(path))
    assert f"code{suffix}" in error.message
    assert error.exit_code == 3


@pytest.mark.parametrize(("shares", "name"), [(0.5, "weights.h5"), (0.5, "cut.weights.h5")])
def test_application_weights_that_are_cut_off(
    tmp_path: Path, starter: PairSpec, shares: float, name: str
) -> None:
    whole = Path(starter.left.source.option("weights")).read_bytes()
    path = tmp_path / name
    path.write_bytes(whole[: int(len(whole) * shares)])
    spec = models.application_spec(("alpha", "0.35"), ("size", "96"), ("weights", str(path)))
    assert name in refuse(spec).message


@pytest.mark.filterwarnings("ignore:Skipping nested container:UserWarning")
def test_application_weights_of_another_model(starter: PairSpec) -> None:
    weights = starter.left.source.option("weights")
    spec = models.application_spec(("alpha", "0.5"), ("size", "96"), ("weights", weights))
    assert weights in refuse(spec).message


def test_unknown_applications_and_options() -> None:
    assert "'MobileNetV2'" in refuse(models.application_spec(name="MobileNetv2")).mend
    refuse(models.application_spec(name="mobilenet_v2"))
    options = (("weights", "none"), ("alpha", "1.0"))
    assert "no 'alpha'" in refuse(models.application_spec(*options, name="ResNet50")).message


def test_application_options_that_keras_refuses() -> None:
    options = (("weights", "none"), ("size", "16"), ("alpha", "0.35"))
    refuse(models.application_spec(*options))


@pytest.mark.parametrize("kind", [SourceKind.HUB, SourceKind.SAVED_MODEL])
def test_a_broken_saved_model(tmp_path: Path, hub_path: Path, kind: SourceKind) -> None:
    def copy(name: str) -> Path:
        return Path(shutil.copytree(hub_path, tmp_path / name))

    empty = tmp_path / "empty"
    empty.mkdir()
    bare = copy("bare")
    shutil.rmtree(bare / "variables")
    garbage = copy("garbage")
    (garbage / "saved_model.pb").write_bytes(b"garbage" * 99)
    cut = copy("cut")
    (cut / "saved_model.pb").write_bytes((hub_path / "saved_model.pb").read_bytes()[:900])
    nothing = copy("nothing")
    (nothing / "saved_model.pb").write_bytes(b"")
    values = copy("values")
    data = values / "variables" / "variables.data-00000-of-00001"
    data.write_bytes(data.read_bytes()[:100])
    for path in (empty, bare, garbage, cut, nothing, values):
        error = refuse(models.hub_spec(path, kind))
        assert str(path) in error.message
        assert "saved_model.pb" in error.mend


def test_what_is_no_classifier_of_pictures(tmp_path: Path) -> None:
    grey = models.keras_model(channels=1)
    error = refuse(models.keras_spec(models.keras_file(tmp_path, grey, "grey.keras")))
    assert "RGB" in error.message
    flat = keras.Sequential([keras.Input((7,)), keras.layers.Dense(3, activation="softmax")])
    refuse(models.keras_spec(models.keras_file(tmp_path, flat, "flat.keras")))
    one, two = keras.Input((8, 8, 3)), keras.Input((8, 8, 3))
    both = keras.layers.Dense(3)(keras.layers.Flatten()(keras.layers.Add()([one, two])))
    double = keras.Model([one, two], both)
    refuse(models.keras_spec(models.keras_file(tmp_path, double, "two.keras")))
    hub = models.saved_model(tmp_path, models.HubStyle(models.keras_model(channels=1)), "grey")
    assert "RGB" in refuse(models.hub_spec(hub)).message


def test_a_saved_model_without_anything_to_call(tmp_path: Path) -> None:
    module = tf.Module()
    module.weight = tf.Variable(1.0)
    path = models.saved_model(tmp_path, module)
    assert "cannot be called" in refuse(models.hub_spec(path)).message


class _TwoOutputs(tf.Module):  # type: ignore[misc]
    def __init__(self, names: tuple[str, ...] | None) -> None:
        super().__init__()
        self.names = names

    @tf.function(input_signature=[tf.TensorSpec([None, 16, 16, 3], tf.float32)])
    def __call__(self, inputs: Any) -> Any:
        rows = tf.reduce_mean(inputs, axis=(1, 2))
        return dict.fromkeys(self.names, rows) if self.names else (rows, rows)


def test_several_outputs(tmp_path: Path) -> None:
    known = models.saved_model(tmp_path, _TwoOutputs(("endpoint", "logits")), "known")
    assert load_release(models.hub_spec(known)).run(batch(2)).raw.shape == (2, 3)
    for names in (("one", "two"), None):
        path = models.saved_model(tmp_path, _TwoOutputs(names), f"unknown{names is None}")
        assert "outputs" in refuse(models.hub_spec(path)).message


def test_hub_finds_a_module_in_its_cache_without_a_network(
    tmp_path: Path, hub_path: Path, offline: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path))
    shutil.copytree(hub_path, tmp_path / hub_directory_name(HANDLE))
    loaded = load_release(models.hub_spec(HANDLE))
    assert loaded.run(batch(1)).raw.shape == (1, models.CLASSES + 1)


def test_keras_finds_weights_in_its_cache_without_a_network(
    starter: PairSpec, offline: None
) -> None:
    options = (("alpha", "0.35"), ("size", "96"))
    spec = models.application_spec(*options)
    file = keras_cache() / keras_weights_name(spec.source)
    file.parent.mkdir(parents=True, exist_ok=True)
    given = load_release(starter.left)
    try:
        _legacy_weights(file)
        loaded = load_release(spec)
    finally:
        file.unlink()
    pictures = batch(2, 96) * 2 - 1
    assert loaded.size == (96, 96)
    assert loaded.run(pictures).raw.shape == given.run(pictures).raw.shape == (2, 1000)


def _legacy_weights(file: Path) -> None:
    """Save random weights as Keras publishes its own: an old-style .h5 of layers in order."""
    import h5py
    from keras.src.legacy.saving import legacy_h5_format

    model = keras.applications.MobileNetV2(input_shape=(96, 96, 3), alpha=0.35, weights=None)
    with h5py.File(file, "w") as target:
        legacy_h5_format.save_weights_to_hdf5_group(target, model)


@pytest.mark.parametrize("handle", [NOWHERE, HANDLE])
def test_hub_offline_says_so_at_once(
    tmp_path: Path, offline: None, monkeypatch: pytest.MonkeyPatch, handle: str
) -> None:
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path))
    started = time.perf_counter()
    error = refuse(models.hub_spec(handle), ReleaseMissingError)
    assert time.perf_counter() - started < 10
    assert handle.split("/", 3)[-1] in error.message
    assert "could not be fetched" in error.message
    assert "Connect to the network" in error.mend
    assert not (tmp_path / hub_directory_name(handle)).exists()


def test_keras_offline_says_so_at_once(offline: None) -> None:
    spec = models.application_spec(("alpha", "0.35"), ("size", "128"))
    started = time.perf_counter()
    error = refuse(spec, ReleaseMissingError)
    assert time.perf_counter() - started < 10
    place = keras_cache() / keras_weights_name(spec.source)
    assert "could not be fetched" in error.message
    assert "Connect to the network" in error.mend
    assert not place.exists()


def test_a_download_leaves_the_timeout_of_sockets_as_it_was(offline: None) -> None:
    import socket

    before = socket.getdefaulttimeout()
    refuse(models.hub_spec(NOWHERE), ReleaseMissingError)
    assert socket.getdefaulttimeout() == before


def test_a_name_to_show(hub_path: Path) -> None:
    spec = replace(models.hub_spec(hub_path), source=Source(SourceKind.HUB, HANDLE))
    assert spec.name == "TF Hub twin-inspector/tests/classification/1"
