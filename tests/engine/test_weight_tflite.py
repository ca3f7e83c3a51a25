"""TFLite files against the float checkpoint that they were made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import tensorflow as tf

from inspector.core.weights.audit import AuditCode
from inspector.core.weights.rows import Status
from inspector.engine.loading import load_release
from inspector.engine.weights import audit_pair
from tests.support import models
from tests.support.tflite import convert, tflite_spec

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("ai_edge_litert", reason="the extra 'tflite' is not installed")


def on_grid(values: np.ndarray, axis: int) -> np.ndarray:
    """Round a kernel as int8 does, with a step for each channel."""
    others = tuple(i for i in range(values.ndim) if i != axis)
    step = np.abs(values).max(axis=others, keepdims=True) / 127
    return np.asarray(np.rint(values / step) * step, np.float32)


def test_a_checkpoint_on_the_grid_already_is_its_own_quantised_release(tmp_path: Path) -> None:
    """Its kernels stay as they are; the biases alone are rounded, each to a step of its own."""
    model = models.keras_model(seed=3)
    for name, axis in (("convolution", 3), ("classes", 1)):
        layer = model.get_layer(name)
        kernel, bias = layer.get_weights()
        spread = np.linspace(0.1, 0.7, bias.size, dtype=np.float32)
        layer.set_weights([on_grid(kernel, axis), spread])
    path = convert(model, tmp_path / "gridded.tflite", tf.int8)
    own = load_release(models.keras_spec(models.keras_file(tmp_path, model, "gridded.keras")))
    audit = audit_pair(own, load_release(tflite_spec(path)))
    assert audit.code is AuditCode.QUANTISED, audit.text
    assert "the right side quantised" in audit.text
    assert {row.left for row in audit.with_status(Status.QUANTISED)} <= {
        "convolution/bias",
        "classes/bias",
    }
    bias = model.get_layer("classes").weights[1]
    bias.assign(bias + 0.01)
    moved = load_release(models.keras_spec(models.keras_file(tmp_path, model, "moved.keras")))
    audit = audit_pair(moved, load_release(tflite_spec(path)))
    assert audit.code is AuditCode.DIFFERENT_WEIGHTS
    assert [row.left for row in audit.with_status(Status.UNEQUAL)] == ["classes/bias"]
