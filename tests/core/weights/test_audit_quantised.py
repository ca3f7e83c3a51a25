"""A float checkpoint against its own quantised release."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from inspector.core.weights.audit import AuditCode, audit_weights
from inspector.core.weights.report import audit_table
from inspector.core.weights.rows import Status
from inspector.core.weights.tensors import NamedWeight
from tests.support.checkpoints import altered, checkpoint, folded, noisy
from tests.support.results import PAIR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.core.weights.audit import WeightAudit

KERNELS = 8


def rounded(values: NDArray[np.floating], step: NDArray[np.floating]) -> NDArray[np.float32]:
    whole = np.clip(np.rint(values / step), -127, 127)
    return np.asarray(whole * step, np.float32)


def per_channel(values: NDArray[np.floating]) -> NDArray[np.float32]:
    """Round as TFLite does: symmetric int8, one scale for each output channel."""
    axis = 2 if values.ndim == 4 and values.shape[3] == 1 else values.ndim - 1
    others = tuple(i for i in range(values.ndim) if i != axis)
    return rounded(values, np.abs(values).max(axis=others, keepdims=True) / 127)


def per_tensor(values: NDArray[np.floating]) -> NDArray[np.float32]:
    return rounded(values, np.abs(values).max(keepdims=True) / 127)


def asymmetric(values: NDArray[np.floating]) -> NDArray[np.float32]:
    step = (values.max() - values.min()) / 255
    zero = np.rint(-values.min() / step)
    whole = np.clip(np.rint(values / step) + zero, 0, 255)
    return np.asarray((whole - zero) * step, np.float32)


def quantised(weights: list[NamedWeight], how: object = per_channel) -> list[NamedWeight]:
    assert callable(how)
    return [
        replace(weight, values=how(weight.values)) if weight.name.endswith("kernel") else weight
        for weight in weights
    ]


def large() -> list[NamedWeight]:
    random = np.random.default_rng(4)
    return [
        NamedWeight("conv/kernel", random.normal(size=(3, 3, 16, 32)).astype(np.float32)),
        NamedWeight("dense/kernel", random.normal(size=(32, 100)).astype(np.float32)),
        NamedWeight("dense/bias", random.normal(size=100).astype(np.float32)),
    ]


def count(audit: WeightAudit, status: Status) -> int:
    return len(audit.with_status(status))


@pytest.mark.parametrize("how", [per_channel, per_tensor])
def test_a_quantised_release_holds_the_same_checkpoint(how: object) -> None:
    audit = audit_weights(checkpoint(), quantised(checkpoint(), how))
    assert audit.code is AuditCode.QUANTISED
    assert audit.same_checkpoint
    assert count(audit, Status.QUANTISED) == KERNELS
    assert audit.text.startswith("Same checkpoint, the right side quantised: 8 variables lie")
    assert "within half a quantisation step" in audit_table(audit, PAIR)


def test_values_of_one_asymmetric_scale() -> None:
    audit = audit_weights(quantised(large(), asymmetric), large())
    assert audit.code is AuditCode.QUANTISED
    assert "the left side quantised: 2 variables lie" in audit.text


def test_batch_norm_folded_and_then_quantised() -> None:
    right = quantised(folded(checkpoint(), "bias"))
    audit = audit_weights(checkpoint(), right)
    assert audit.code is AuditCode.QUANTISED, audit.text
    assert count(audit, Status.QUANTISED) == KERNELS
    assert count(audit, Status.UNEQUAL) == 0


def test_biases_rounded_beside_quantised_kernels() -> None:
    right = [
        replace(w, values=np.asarray(np.rint(w.values / 2e-4) * 2e-4, np.float32))
        if w.name.endswith("bias")
        else w
        for w in quantised(large())
    ]
    audit = audit_weights(large(), right)
    assert audit.code is AuditCode.QUANTISED
    assert "all 3 variables lie within" in audit.text
    assert audit.with_status(Status.QUANTISED)[2].note == "beside quantised kernels"
    alone = audit_weights(large(), [*large()[:2], right[2]])
    assert alone.code is AuditCode.DIFFERENT_WEIGHTS


STEP = 4e-3
"""What one whole number of a bias stands for: the input's step times the kernel's."""


def whole_biases(weights: list[NamedWeight], off: float = 0.0) -> list[NamedWeight]:
    """Store biases in whole numbers, as int8 layers do; move them by some steps more."""
    return [
        replace(
            w,
            values=np.asarray((np.rint(w.values / STEP) + off) * STEP, np.float32),
            steps=np.full(w.values.shape, STEP),
        )
        if w.name.endswith("bias")
        else w
        for w in weights
    ]


@pytest.mark.parametrize("turned", [False, True])
def test_a_checkpoint_on_the_grid_already_is_known_by_the_steps_of_the_biases(turned: bool) -> None:
    gridded = quantised(folded(checkpoint(), "bias"))
    sides = [gridded, whole_biases(gridded)]
    audit = audit_weights(*(sides[::-1] if turned else sides))
    side = "left" if turned else "right"
    assert audit.code is AuditCode.QUANTISED, audit.text
    assert count(audit, Status.MATCHED) == KERNELS, "kernels need no rounding"
    assert audit.text.startswith(f"Same checkpoint, the {side} side quantised: 8 variables lie")


def test_a_bias_in_whole_numbers_beside_a_batch_norm() -> None:
    random = np.random.default_rng(3)
    kernel = per_channel(random.normal(size=(3, 3, 8, 16)).astype(np.float32))
    names = ("gamma", "beta", "moving_mean", "moving_variance")
    drawn = [random.uniform(0.5, 2.0, 16).astype(np.float32) for _ in names]
    left = [NamedWeight("a/kernel", kernel)]
    for name, values in zip(names, drawn, strict=True):
        epsilon = 1e-3 if name == "moving_variance" else None
        left.append(NamedWeight(f"a_bn/{name}", values, epsilon))
    scale = drawn[0] / np.sqrt(drawn[3] + 1e-3)
    bias = NamedWeight("a/bias", np.asarray(drawn[1] - drawn[2] * scale, np.float32))
    right = [NamedWeight("a/kernel", np.asarray(kernel * scale, np.float32)), bias]
    audit = audit_weights(left, whole_biases(right))
    assert audit.code is AuditCode.QUANTISED, audit.text
    (row,) = audit.with_status(Status.QUANTISED)
    assert (row.left, row.right) == ("a_bn/beta", "a/bias")
    assert row.note == "shift compared, the right side quantised, within half a step"
    other = audit_weights(left, whole_biases(right, off=1.0))
    assert other.code is AuditCode.DIFFERENT_WEIGHTS


def test_a_bias_that_is_further_off_than_half_its_own_step_is_another() -> None:
    left, gridded = large(), quantised(large())
    assert audit_weights(left, whole_biases(gridded)).code is AuditCode.QUANTISED
    audit = audit_weights(left, whole_biases(gridded, off=1.0))
    assert audit.code is AuditCode.DIFFERENT_WEIGHTS, "8 bits would allow more than its own step"
    assert [row.name for row in audit.with_status(Status.UNEQUAL)] == ["dense/bias"]


def test_two_releases_whose_biases_are_rounded_differently() -> None:
    gridded = quantised(large())
    other = [
        replace(w, values=w.values + np.float32(STEP), steps=np.full(100, 1.5 * STEP))
        if w.name.endswith("bias")
        else w
        for w in whole_biases(gridded)
    ]
    audit = audit_weights(whole_biases(gridded), other)
    assert audit.code is AuditCode.QUANTISED
    assert audit.text.startswith("Same checkpoint, both sides quantised: 1 variable lies")


@pytest.mark.parametrize("given", [checkpoint, lambda: quantised(checkpoint())])
def test_half_precision_is_told_from_a_grid_that_was_there_before(given: object) -> None:
    assert callable(given)
    half = [replace(w, values=w.values.astype(np.float16)) for w in folded(given(), "bias")]
    audit = audit_weights(given(), half)
    assert audit.code is AuditCode.QUANTISED, audit.text
    assert audit.text.startswith("Same checkpoint, the right side quantised")
    turned = audit_weights(half, given())
    assert turned.text.startswith("Same checkpoint, the left side quantised")
    assert not any(row.note == "beside quantised kernels" for row in audit.rows)
    moved = audit_weights(altered(given(), "stem/kernel", 1.02), half)
    assert moved.code is AuditCode.DIFFERENT_WEIGHTS


def test_small_noise_is_no_quantisation() -> None:
    audit = audit_weights(checkpoint(), noisy(checkpoint(), "stem/kernel", 1e-3))
    assert audit.code is AuditCode.DIFFERENT_WEIGHTS
    assert count(audit, Status.QUANTISED) == 0
    factor = audit_weights(large(), altered(large(), "dense/bias", 1.001))
    assert factor.code is AuditCode.DIFFERENT_WEIGHTS


def test_a_grid_that_is_more_than_half_a_step_off_is_another_checkpoint() -> None:
    right = quantised(large())
    step = np.abs(right[0].values).max(axis=(0, 1, 2)) / 127
    moved = np.where(np.abs(right[0].values) < 100 * step, right[0].values + step, right[0].values)
    right[0] = replace(right[0], values=moved.astype(np.float32))
    audit = audit_weights(large(), right)
    assert audit.code is AuditCode.DIFFERENT_WEIGHTS
    assert [row.name for row in audit.with_status(Status.UNEQUAL)] == ["conv/kernel"]
    assert audit.text.endswith("1 more lies within half a quantisation step.")


def test_two_trainings_that_are_both_on_a_grid_are_not_the_same() -> None:
    other = [replace(w, values=w.values[::-1].copy()) for w in large()]
    assert audit_weights(quantised(large()), quantised(other)).code is AuditCode.DIFFERENT_WEIGHTS


def test_one_variable_is_spoken_of_as_one() -> None:
    left = [NamedWeight("a/kernel", np.arange(12, dtype=np.float32).reshape(3, 4))]
    left.append(NamedWeight("a/gamma", np.ones(5, np.float32)))
    right = [replace(left[0], values=left[0].values[::-1] ** 2), left[1]]
    text = audit_weights(left, right).text
    assert "1 variable has the same shape" in text
    assert "(1 constant one is the same)" in text
    assert "1 variables" not in text


def test_two_float16_releases_that_differ_have_two_origins() -> None:
    """Rounding one number to one grid always gives the same; a step apart is no rounding."""
    random = np.random.default_rng(1)
    left, right = [], []
    for number in range(4):
        for name, shape in (("kernel", (3, 3, 8, 8)), ("bias", (8,))):
            values = random.normal(0, 0.1, shape).astype(np.float16)
            left.append(NamedWeight(f"c{number}/{name}", values))
            right.append(NamedWeight(f"c{number}/{name}", np.nextafter(values, np.float16(9))))
    audit = audit_weights(left, right)
    assert not audit.same_checkpoint
    assert audit_weights(left, left).same_checkpoint


def test_whole_numbers_with_the_same_steps_are_the_same_or_others() -> None:
    random = np.random.default_rng(2)
    kernel = NamedWeight("a/kernel", random.normal(0, 0.1, (3, 3, 8, 8)).astype(np.float32))
    bias, steps = np.arange(8, dtype=np.float32) * np.float32(1e-3), np.full(8, 1e-3)
    left = NamedWeight("a/bias", bias, steps=steps)
    right = NamedWeight("a/bias", bias + np.float32(1e-3), steps=steps)
    assert not audit_weights([kernel, left], [kernel, right]).same_checkpoint
