"""Weights that are the same, or are not, across names, orders and plain layouts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inspector.core.weights.audit import AuditCode, WeightAudit, audit_weights
from inspector.core.weights.rows import Status
from inspector.core.weights.tensors import NamedWeight
from tests.support.checkpoints import (
    CLASSES,
    altered,
    changed,
    checkpoint,
    folded,
    noisy,
    renamed,
    torch_layout,
    with_background,
)

COUNT = 7 * 5 + 2


def statuses(audit: WeightAudit) -> dict[Status, int]:
    return {status: n for status in Status if (n := len(audit.with_status(status)))}


def unproven(audit: WeightAudit) -> list[str]:
    return [row.name for row in audit.rows if not row.status.proven]


def shuffled(weights: list[NamedWeight]) -> list[NamedWeight]:
    return [weights[place] for place in np.random.default_rng(3).permutation(len(weights))]


def test_a_checkpoint_is_the_same_as_itself() -> None:
    audit = audit_weights(checkpoint(), checkpoint())
    assert audit.same_checkpoint
    assert statuses(audit) == {Status.MATCHED: COUNT}
    assert [row.left for row in audit.rows] == [weight.name for weight in checkpoint()]
    assert all(row.max_abs_difference == 0 for row in audit.rows)
    assert audit.text == f"Same checkpoint: {COUNT} of {COUNT} variables match."


def test_names_and_order_do_not_matter() -> None:
    audit = audit_weights(checkpoint(), shuffled(renamed(checkpoint())))
    assert audit.same_checkpoint
    partners = {row.left: row.right for row in audit.rows}
    assert partners["expand_2_bn/gamma"] == "Net/expand_2/BatchNorm/gamma"
    assert partners["depthwise/kernel"] == "Net/depthwise/weights"


def test_names_that_say_nothing_do_not_matter() -> None:
    nameless = [replace(weight, name=f"var_{i}") for i, weight in enumerate(checkpoint())]
    assert audit_weights(checkpoint(), shuffled(nameless)).same_checkpoint
    assert audit_weights(nameless, checkpoint()).same_checkpoint
    for audit in (
        audit_weights(altered(checkpoint(), "expand_bn/gamma"), nameless),
        audit_weights(altered(checkpoint(), "project/kernel"), nameless),
    ):
        assert audit.code is AuditCode.DIFFERENT_WEIGHTS
        assert len(unproven(audit)) == 1


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("swap", [True, False])
def test_a_background_class_is_found_at_either_end(first: bool, swap: bool) -> None:
    sides = checkpoint(), with_background(checkpoint(), first)
    audit = audit_weights(*(sides[::-1] if swap else sides))
    assert audit.same_checkpoint
    assert statuses(audit) == {Status.MATCHED: COUNT - 2, Status.SLICED: 2}
    holder, other = ("right", "left") if swap else ("left", "right")
    assert (
        f"the {holder} side's classifier holds {CLASSES} of the {other} side's {CLASSES + 1} "
        f"classes (the {'first' if first else 'last'} one, the background class" in audit.text
    )


def test_other_layouts() -> None:
    audit = audit_weights(checkpoint(), torch_layout(checkpoint()))
    assert audit.same_checkpoint
    assert len(audit.with_status(Status.TRANSPOSED)) == 8
    notes = {row.left: row.note for row in audit.rows}
    assert notes["stem/kernel"] == "axes (2, 3, 1, 0) of the right"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((8, 5), (1, 1, 8, 5)),
        ((3, 3, 6, 1), (3, 3, 1, 6)),
        ((3, 3, 6, 2), (3, 3, 1, 12)),
        ((2, 2, 6, 5), (24, 5)),
        ((7,), (1, 1, 1, 7)),
    ],
)
def test_shapes_that_hold_the_same_in_order(left: tuple[int, ...], right: tuple[int, ...]) -> None:
    values = np.random.default_rng(0).normal(size=left).astype(np.float32)
    a, b = NamedWeight("a", values), NamedWeight("b", values.reshape(right))
    for audit in (audit_weights([a], [b]), audit_weights([b], [a])):
        assert audit.same_checkpoint
        assert audit.rows[0].status is Status.TRANSPOSED
        assert audit.rows[0].note


def test_a_square_matrix_and_its_transpose() -> None:
    values = np.random.default_rng(0).normal(size=(6, 6))
    audit = audit_weights([NamedWeight("a", values)], [NamedWeight("b", values.T)])
    assert audit.rows[0].status is Status.TRANSPOSED
    assert audit.rows[0].note == "axes (1, 0) of the right"


@pytest.mark.parametrize(
    "name",
    [
        *("expand_2/kernel", "depthwise/kernel", "project_bn/gamma", "stem_bn/moving_variance"),
        *("expand_bn/beta", "depthwise_2_bn/moving_mean", "predictions/kernel", "predictions/bias"),
    ],
)
@pytest.mark.parametrize("how", [altered, noisy])
@pytest.mark.parametrize("constant", [True, False])
def test_one_altered_variable_is_named_and_no_other(name: str, how: object, constant: bool) -> None:
    assert callable(how)
    weights = folded(checkpoint(), "beta") if constant else checkpoint()
    if constant and name.endswith("moving_mean"):
        weights = changed(weights, lambda own, values: values + own.endswith("moving_mean"))
    audit = audit_weights(how(weights, name), renamed(with_background(weights)))
    assert audit.code is AuditCode.DIFFERENT_WEIGHTS
    assert not audit.same_checkpoint
    assert unproven(audit) == [name]
    (row,) = audit.with_status(Status.UNEQUAL)
    own = name.replace("_bn/", "/BatchNorm/").replace("/kernel", "/weights")
    assert row.right == f"Net/{own}".replace("/bias", "/biases")
    assert row.relative_difference is not None
    assert 0.001 < row.relative_difference < 0.05
    assert audit.text.startswith(f"Different weights: {name} differs by up to ")
    assert audit.text.endswith(f"; {COUNT - 1} others match.")


def test_float_noise_is_no_difference_and_more_is() -> None:
    for share, same in ((2e-7, True), (1e-5, False)):
        right = altered(checkpoint(), "stem/kernel", 1 + share)
        assert audit_weights(checkpoint(), right).same_checkpoint is same


def test_how_unequal_tensors_follow_from_each_other() -> None:
    twice = audit_weights(checkpoint(), altered(checkpoint(), "stem/kernel", 2.0))
    assert twice.with_status(Status.UNEQUAL)[0].note == "right is 2 times left throughout"
    half = changed(checkpoint(), lambda _, values: values.astype(np.float16))
    audit = audit_weights(checkpoint(), half)
    assert not audit.same_checkpoint
    assert audit.text.endswith("Each that differs is the left side rounded to float16.")


def test_another_training() -> None:
    audit = audit_weights(checkpoint(0), renamed(checkpoint(1)))
    assert audit.code is AuditCode.DIFFERENT_WEIGHTS
    assert statuses(audit) == {Status.UNEQUAL: COUNT}
    assert f"{COUNT} variables have the same shapes on both sides, and none" in audit.text
    assert all(row.left and row.right for row in audit.rows)


def test_constant_variables_prove_nothing() -> None:
    sides = (folded(checkpoint(seed), "kernel") for seed in (0, 1))
    audit = audit_weights(*sides)
    assert audit.code is AuditCode.DIFFERENT_WEIGHTS
    assert "(21 constant ones are the same)" in audit.text


def test_another_architecture() -> None:
    wider = [
        NamedWeight(f"wide_{i}/kernel", np.random.default_rng(i).normal(size=(3, 3, 20, 24 + i)))
        for i in range(40)
    ]
    audit = audit_weights(checkpoint(), wider)
    assert audit.code is AuditCode.DIFFERENT_MODELS
    assert len(audit.text) < 200
    assert f"{COUNT} of the left side's {COUNT} variables" in audit.text


def test_another_head_only() -> None:
    audit = audit_weights(checkpoint(), checkpoint()[:-2])
    assert audit.code is AuditCode.PARTLY_SAME
    assert not audit.same_checkpoint
    assert unproven(audit) == ["predictions/kernel", "predictions/bias"]
    assert "predictions/kernel, predictions/bias only on the left" in audit.text


def test_no_weights() -> None:
    assert audit_weights([], checkpoint()).code is AuditCode.NO_WEIGHTS
    assert "left release" in audit_weights([], checkpoint()).text
    assert "neither" in audit_weights([], []).text


def test_numbers_that_are_not_finite() -> None:
    broken = changed(checkpoint(), lambda name, v: v * (np.nan if name == "stem/kernel" else 1))
    assert unproven(audit_weights(broken, checkpoint())) == ["stem/kernel"]
    assert audit_weights(broken, broken).same_checkpoint


def test_classes_in_another_order() -> None:
    order = np.random.default_rng(2).permutation(CLASSES)
    mixed = changed(
        checkpoint(), lambda name, v: v[..., order] if name.startswith("predictions") else v
    )
    for right in (checkpoint(), with_background(checkpoint())):
        audit = audit_weights(mixed, right)
        assert audit.code is AuditCode.CLASSES_REORDERED
        assert audit.class_order == tuple(order)
        assert len(audit.with_status(Status.PERMUTED)) == 2
        assert "another order" in audit.text
    other_bias = audit_weights(altered(mixed, "predictions/bias"), checkpoint())
    assert other_bias.code is AuditCode.DIFFERENT_WEIGHTS
    assert unproven(other_bias) == ["predictions/bias"]
