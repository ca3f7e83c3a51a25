"""Batch norm folded in every way is the same checkpoint; with an altered weight it is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inspector.core.weights.audit import AuditCode, WeightAudit, audit_weights
from inspector.core.weights.rows import Status
from inspector.core.weights.tensors import NamedWeight
from tests.support.checkpoints import (
    EPSILON,
    altered,
    changed,
    checkpoint,
    folded,
    renamed,
    torch_layout,
    with_background,
)

WAYS = ("bias", "beta", "kernel")


def unproven(audit: WeightAudit) -> list[str]:
    return [row.name for row in audit.rows if not row.status.proven]


@pytest.mark.parametrize("left", [None, *WAYS])
@pytest.mark.parametrize("right", WAYS)
def test_every_way_of_folding_is_the_same_checkpoint(left: str | None, right: str) -> None:
    one = checkpoint() if left is None else folded(checkpoint(), left)
    other = torch_layout(renamed(folded(checkpoint(), right)))
    audit = audit_weights(one, other)
    assert audit.code is AuditCode.SAME, audit.text
    named = [row.left for row in audit.rows if row.left], [r.right for r in audit.rows if r.right]
    assert sorted(named[0]) == sorted(weight.name for weight in one)
    assert sorted(named[1]) == sorted(weight.name for weight in other)
    for row in audit.rows:
        assert row.relative_difference is None or row.relative_difference < audit.tolerance


def test_folding_and_the_background_class_together() -> None:
    audit = audit_weights(with_background(folded(checkpoint(), "bias")), checkpoint())
    assert audit.code is AuditCode.SAME
    assert audit.text.startswith("Same checkpoint: all variables (16 on the left, 37 on the right)")
    assert "batch norm is folded differently" in audit.text


@pytest.mark.parametrize("way", WAYS)
def test_a_kernel_altered_beside_a_fold_is_named(way: str) -> None:
    right = altered(folded(checkpoint(), way), "project_2/kernel")
    audit = audit_weights(checkpoint(), right)
    assert audit.code is AuditCode.DIFFERENT_WEIGHTS
    assert unproven(audit) == ["project_2/kernel"]


@pytest.mark.parametrize("way", WAYS)
def test_a_mean_altered_beside_a_fold_shows_in_the_shift(way: str) -> None:
    audit = audit_weights(altered(checkpoint(), "expand_bn/moving_mean"), folded(checkpoint(), way))
    assert audit.code is AuditCode.DIFFERENT_WEIGHTS
    assert unproven(audit) == ["expand_bn/beta"]
    assert audit.with_status(Status.UNEQUAL)[0].note == "shift compared"


@pytest.mark.parametrize("way", WAYS)
def test_folded_with_another_epsilon(way: str) -> None:
    audit = audit_weights(checkpoint(), folded(checkpoint(), way, epsilon=1e-5))
    assert audit.code is AuditCode.OTHER_EPSILON
    assert audit.same_checkpoint
    assert audit.epsilons == (1e-3, 1e-5)
    notes = [row.note for row in audit.rows if row.left and row.left.endswith("variance")]
    assert all("agrees with epsilon 1e-05, not with 0.001" in note for note in notes)


def test_declared_epsilons_that_differ_are_told() -> None:
    audit = audit_weights(checkpoint(), checkpoint(epsilon=1e-5))
    assert audit.code is AuditCode.OTHER_EPSILON
    assert audit.epsilons == (EPSILON, 1e-5)
    assert "epsilon 0.001 on the left and 1e-05 on the right" in audit.text


def test_an_unknown_epsilon_is_found_by_the_values() -> None:
    nowhere = [replace(weight, epsilon=None) for weight in checkpoint()]
    for epsilon in (1e-3, 1e-5):
        audit = audit_weights(nowhere, folded(checkpoint(), "bias", epsilon))
        assert audit.code is AuditCode.SAME
    odd = audit_weights(nowhere, folded(checkpoint(), "bias", epsilon=0.02))
    assert odd.code is AuditCode.DIFFERENT_WEIGHTS


def test_a_batch_norm_without_gamma() -> None:
    ones = changed(checkpoint(), lambda name, v: v**0 if name.endswith("gamma") else v)
    without = [weight for weight in ones if not weight.name.endswith("gamma")]
    audit = audit_weights(ones, without)
    assert audit.code is AuditCode.SAME
    assert len([row for row in audit.rows if row.right is None]) == 7
    assert audit_weights(checkpoint(), without).code is not AuditCode.SAME


def test_a_bias_before_the_batch_norm() -> None:
    """A convolution with a bias and a batch norm, folded into one kernel and one bias."""
    random = np.random.default_rng(5)
    stem = [weight for weight in checkpoint() if weight.name.startswith("stem")]
    bias = NamedWeight("stem/bias", random.normal(size=8).astype(np.float32))
    parts = {weight.name: weight.values.astype(np.float64) for weight in stem}
    scale = parts["stem_bn/gamma"] / np.sqrt(parts["stem_bn/moving_variance"] + EPSILON)
    shift = parts["stem_bn/beta"] + (bias.values - parts["stem_bn/moving_mean"]) * scale
    right = [
        NamedWeight("k", (parts["stem/kernel"] * scale).astype(np.float32)),
        NamedWeight("b", shift.astype(np.float32)),
    ]
    assert audit_weights([*stem, bias], right).code is AuditCode.SAME
    assert audit_weights(stem, right).code is not AuditCode.SAME


def test_dead_channels() -> None:
    def kill(name: str, values: np.ndarray) -> np.ndarray:
        if name == "stem/kernel":
            values = values.copy()
            values[..., :5] = 0.0
        return values * (0.0 if name == "expand_bn/gamma" else 1.0)

    weights = changed(checkpoint(), kill)
    for way in WAYS:
        audit = audit_weights(weights, folded(weights, way))
        assert audit.code is AuditCode.SAME, (way, unproven(audit))
