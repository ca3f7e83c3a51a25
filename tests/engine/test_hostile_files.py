"""Frozen graphs, configurations and TFLite files that act by themselves are named and not run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import tensorflow as tf

from inspector.core.errors import ReleaseError, UntrustedModelError
from inspector.core.pairs import OutputKind
from inspector.core.sources import Source, SourceKind
from inspector.core.trust import TRUST_VARIABLE, TrustStore, content_sha256, trust_content
from inspector.engine import safety, scan_frozen, scan_tflite
from inspector.engine.loading import load_release
from inspector.engine.safety import Clearance, require_safe
from tests.support import hostile_files as hostile
from tests.support import models
from tests.support.tflite import convert, tflite_spec

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from inspector.core.pairs import ReleaseSpec


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TrustStore:
    """Let the program use a store of the test's own."""
    monkeypatch.delenv(TRUST_VARIABLE, raising=False)
    own = TrustStore(tmp_path / "data" / "trusted.json")
    monkeypatch.setattr(safety, "TrustStore", lambda: own)
    return own


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an innocent TFLite file."""
    return convert(models.keras_model(), tmp_path_factory.mktemp("clean") / "clean.tflite")


def frozen_spec(path: Path) -> ReleaseSpec:
    source = Source(SourceKind.FROZEN_GRAPH, str(path))
    return models.hub_spec(path, source=source, background=False)


def weights_spec(weights: Path, config: Path) -> ReleaseSpec:
    source = Source(SourceKind.KERAS_WEIGHTS, str(weights), (("config", str(config)),))
    return models.keras_spec(weights, source=source, output=OutputKind.LOGITS)


def refuse(spec: ReleaseSpec, words: str, kind: type[ReleaseError] = UntrustedModelError) -> Any:
    for check in (load_release, require_safe):
        with pytest.raises(ReleaseError, match=words) as caught:
            check(spec)
        assert caught.type is kind, caught.value
        assert caught.value.mend
    return caught.value


# Frozen graphs

ACTS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "read": (lambda x: tf.io.read_file("/etc/passwd"), "the op ReadFile"),
    "python": (lambda x: tf.numpy_function(np.sum, [x], tf.float32), "the op PyFunc"),
    "print": (
        lambda x: (tf.print("x", output_stream="file:///tmp/x"), x)[1],
        "the op PrintV2, which prints into a file",
    ),
    "restore": (
        lambda x: tf.raw_ops.RestoreV2(
            prefix="/tmp/x", tensor_names=["a"], shape_and_slices=[""], dtypes=[tf.float32]
        )[0],
        "the op RestoreV2, which reads or writes files",
    ),
    "data": (lambda x: tf.data.TextLineDataset("/etc/passwd")._variant_tensor, "Dataset"),
}


@pytest.mark.parametrize("name", ACTS)
def test_a_graph_that_acts(tmp_path: Path, name: str) -> None:
    act, words = ACTS[name]
    refuse(frozen_spec(hostile.frozen(tmp_path / "acts.pb", act)), words)


@pytest.mark.parametrize("wrap", [lambda act: act, hostile.hidden], ids=["open", "hidden"])
def test_a_graph_that_writes(tmp_path: Path, store: TrustStore, wrap: Any) -> None:
    """Only the user's word opens it; were the graph harmless, the refusal would prove nothing."""
    marker = tmp_path / "marker"
    path = hostile.frozen(tmp_path / "writes.pb", wrap(hostile.writing(marker)))
    error = refuse(frozen_spec(path), "the op WriteFile, which reads or writes files")
    assert content_sha256(path) in error.mend
    assert not marker.exists()
    trust_content(path, store)
    load_release(frozen_spec(path)).run(np.zeros((1, 8, 8, 3), np.float32))
    assert marker.exists()


def test_an_unknown_operation(tmp_path: Path) -> None:
    path = hostile.frozen(tmp_path / "unknown.pb", lambda x: x)
    message = scan_frozen.read_frozen_graph(path)
    message.node.add(name="other", op="SomebodysKernel")
    path.write_bytes(message.SerializeToString())
    refuse(frozen_spec(path), "the op SomebodysKernel, which is unknown to this TensorFlow")


def test_an_innocent_graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = hostile.frozen(tmp_path / "clean.pb", lambda x: x)
    assert require_safe(frozen_spec(path)) == Clearance()
    assert load_release(frozen_spec(path)).size == (8, 8)
    monkeypatch.setattr(scan_frozen, "GRAPH_LIMIT", 100)
    refuse(frozen_spec(path), "more than", ReleaseError)


# Configurations


def test_a_configuration_with_code_in_it(tmp_path: Path, store: TrustStore) -> None:
    marker = tmp_path / "marker"
    layer = hostile.lambda_layer(marker)
    weights, config = hostile.config(tmp_path, layer)
    marker.unlink(missing_ok=True)
    error = refuse(weights_spec(weights, config), "the Lambda layer 'writer'")
    assert content_sha256(config) in error.mend
    assert not marker.exists()
    trust_content(config, store)
    load_release(weights_spec(weights, config))
    assert marker.exists()


@pytest.mark.parametrize(
    ("layer", "words", "kind"),
    [
        (
            {"class_name": "TFSMLayer", "config": {"name": "inner", "filepath": "/tmp/evil"}},
            "the TFSMLayer 'inner'",
            UntrustedModelError,
        ),
        (
            {"module": "mine", "class_name": "Layer", "config": {"name": "a"}},
            "it needs Layer of mine for 'a'",
            ReleaseError,
        ),
    ],
)
def test_a_configuration_that_needs_others(
    tmp_path: Path, layer: dict[str, Any], words: str, kind: type[ReleaseError]
) -> None:
    refuse(weights_spec(*hostile.config(tmp_path, layer)), words, kind)


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"a": 1}', "[" * 10**5])
def test_what_is_no_configuration(tmp_path: Path, text: str) -> None:
    weights, config = hostile.config(tmp_path)
    config.write_text(text)
    assert "made.json" in refuse(weights_spec(weights, config), "config", ReleaseError).message


def test_an_innocent_configuration(tmp_path: Path) -> None:
    spec = weights_spec(*hostile.config(tmp_path))
    assert require_safe(spec) == Clearance()
    assert load_release(spec).size == (8, 8)


# TFLite


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("FlexWriteFile", "the Flex op FlexWriteFile, which runs the TensorFlow operation WriteF"),
        ("Mine", "the custom op Mine, which runs native code that is no part of TFLite"),
    ],
)
def test_an_operator_of_somebody_else(
    model: Path, tmp_path: Path, store: TrustStore, name: str, words: str
) -> None:
    path = hostile.with_operator(model, tmp_path / "custom.tflite", name)
    refuse(tflite_spec(path), words)
    trust_content(path, store)
    pytest.importorskip("ai_edge_litert", reason="the extra 'tflite' is not installed")
    with pytest.raises(ReleaseError, match=r"custom\.tflite could not be opened"):
        load_release(tflite_spec(path))


def test_a_file_that_claims_too_much(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = hostile.oversized(model, tmp_path / "huge.tflite")
    refuse(tflite_spec(path), "its tensors would take 400 GB", ReleaseError)
    monkeypatch.setattr(scan_tflite, "FILE_LIMIT", 100)
    refuse(tflite_spec(model), "more than", ReleaseError)


def test_an_innocent_tflite_file(model: Path) -> None:
    assert require_safe(tflite_spec(model)) == Clearance()
