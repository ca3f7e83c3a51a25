"""The audit of real releases: the starter, the ImageNet pair, altered ones, and other kinds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from inspector.core.catalogue import STARTER, choose_pair
from inspector.core.errors import ReleaseError
from inspector.core.pairs import PairSpec, read_pairs
from inspector.core.weights.audit import AuditCode, audit_weights
from inspector.core.weights.rows import Status
from inspector.engine.loading import load_release
from inspector.engine.saved_model_release import SavedModelClassifier
from inspector.engine.weights import audit_pair, read_weights
from inspector.starter.tiny import tiny_pair

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.core.weights.audit import WeightAudit
    from inspector.core.weights.tensors import NamedWeight
    from inspector.engine.classifier import Classifier

    Pair = tuple[Classifier, Classifier]
    Weights = tuple[NamedWeight, ...]

VARIABLES = 262
"""Of a MobileNetV2."""


def load(spec: PairSpec) -> Pair:
    return load_release(spec.left), load_release(spec.right)


@pytest.fixture(scope="module")
def starter() -> Pair:
    return load(choose_pair(STARTER))


@pytest.fixture(scope="module")
def imagenet(data: Path) -> Pair:
    return load(read_pairs(data / "imagenet_pair" / "pair.toml")[0])


@pytest.fixture(scope="module")
def imagenet_weights(imagenet: Pair) -> tuple[Weights, Weights]:
    left, right = imagenet
    return read_weights(left), read_weights(right)


@pytest.fixture(scope="module")
def tiny_left(tiny: PairSpec) -> Classifier:
    return load_release(tiny.left)


def assert_sliced_twins(audit: WeightAudit) -> None:
    assert audit.code is AuditCode.SAME, audit.text
    assert (audit.left_count, audit.right_count) == (VARIABLES, VARIABLES)
    assert len(audit.with_status(Status.MATCHED)) == VARIABLES - 2
    assert [row.left for row in audit.with_status(Status.SLICED)] == [
        "predictions/kernel",
        "predictions/bias",
    ]
    assert "262 of 262 variables match" in audit.text
    assert "1000 of the right side's 1001 classes (the first one" in audit.text


def test_the_starter_pair_is_one_checkpoint(starter: Pair) -> None:
    audit = audit_pair(*starter)
    assert_sliced_twins(audit)
    partners = {row.left: row.right for row in audit.rows}
    assert partners["bn_Conv1/gamma"] == "MobilenetV2/Conv/BatchNorm/gamma"
    assert partners["block_16_project_BN/moving_variance"] == (
        "MobilenetV2/expanded_conv_16/project/BatchNorm/moving_variance"
    )


def test_the_imagenet_pair_is_one_checkpoint(imagenet: Pair) -> None:
    audit = audit_pair(*imagenet)
    assert_sliced_twins(audit)
    assert audit.epsilons is None
    partners = {row.left: row.right for row in audit.rows}
    assert partners["block_16_project_BN/gamma"] == "expanded_conv_17/project/batch_norm/gamma"


@pytest.mark.parametrize(
    "name",
    [
        *("block_5_expand/kernel", "block_7_depthwise/kernel", "block_3_project_BN/gamma"),
        "predictions/kernel",
    ],
)
@pytest.mark.parametrize("how", ["times 1.01", "noise of 1 %"])
def test_one_tensor_altered_by_one_per_cent(
    imagenet_weights: tuple[Weights, Weights], name: str, how: str
) -> None:
    left, right = imagenet_weights
    audit = audit_weights(
        [altered(weight, how) if weight.name == name else weight for weight in left], right
    )
    assert audit.code is AuditCode.DIFFERENT_WEIGHTS
    assert [row.left for row in audit.rows if not row.status.proven] == [name]
    assert audit.text.startswith(f"Different weights: {name} differs by up to")
    assert audit.text.endswith("261 others match.")


def altered(weight: NamedWeight, how: str) -> NamedWeight:
    values = weight.values.astype(np.float64)
    if how == "times 1.01":
        return replace(weight, values=(values * 1.01).astype(np.float32))
    noise = np.random.default_rng(0).normal(size=values.shape)
    size = 0.01 * float(np.sqrt(np.mean(np.square(values))))
    return replace(weight, values=(values + size * noise).astype(np.float32))


def test_models_of_another_width(starter: Pair, imagenet: Pair) -> None:
    audit = audit_pair(starter[0], imagenet[1])
    assert audit.code is AuditCode.DIFFERENT_MODELS
    assert not audit.same_checkpoint
    assert len(audit.text) < 200


def test_another_seed_is_other_weights(
    tiny_left: Classifier, tiny: PairSpec, tmp_path: Path
) -> None:
    assert audit_pair(tiny_left, load_release(tiny.right)).code is AuditCode.SAME
    (other,) = read_pairs(tiny_pair(tmp_path, seed=6, classes=11))
    audit = audit_pair(tiny_left, load_release(other.right))
    assert audit.code is AuditCode.DIFFERENT_WEIGHTS
    assert {row.status for row in audit.rows} == {Status.UNEQUAL}
    assert "none has the same values" in audit.text


def test_epsilons_are_read(tiny_left: Classifier, tiny: PairSpec) -> None:
    for classifier in (tiny_left, load_release(tiny.right)):
        epsilons = {w.epsilon for w in read_weights(classifier) if "variance" in w.name}
        assert epsilons == {0.001}


def test_a_keras_export(tiny_left: Any, tiny: PairSpec, tmp_path: Path) -> None:
    """Keras' own SavedModel spells batch norm out and has other names."""
    import tensorflow as tf

    tiny_left._model.export(str(tmp_path / "export"), verbose=False)
    exported = SavedModelClassifier(tiny.left, tf.saved_model.load(str(tmp_path / "export")))
    found = read_weights(exported)
    assert len(found) == VARIABLES
    audit = audit_weights(read_weights(tiny_left), found)
    assert audit.code is AuditCode.SAME, audit.text


def test_a_frozen_graph(tiny: PairSpec) -> None:
    """Where variables became constants, those are the weights."""
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import (
        convert_variables_to_constants_v2,
    )

    release: Any = load_release(tiny.right)
    frozen = convert_variables_to_constants_v2(release._loaded.signatures["serving_default"])

    class Frozen:
        signatures = {"serving_default": frozen}  # noqa: RUF012

    release._loaded = Frozen()
    assert not frozen.graph.variables
    audit = audit_pair(load_release(tiny.left), release)
    assert audit.code is AuditCode.SAME, audit.text
    assert audit.right_count == VARIABLES
    assert tf.executing_eagerly()


def test_a_release_without_weights(tiny_left: Classifier) -> None:
    class Sealed:
        spec = tiny_left.spec

    sealed: Any = Sealed()
    with pytest.raises(ReleaseError, match="gives no access to its weights"):
        audit_pair(tiny_left, sealed)
