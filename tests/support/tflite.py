"""Makes small TFLite files, right and wrong ones."""

from __future__ import annotations

import contextlib
import io
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import tensorflow as tf

from inspector.core.input_range import SYMMETRIC
from inspector.core.pairs import OutputKind, ReleaseSpec
from inspector.core.sources import Source, SourceKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def convert(model: Any, path: Path, dtype: Any = tf.float32) -> Path:
    """Convert a Keras model; quantise it after training where `dtype` is uint8 or int8."""
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    if dtype != tf.float32:
        shape = (1, *model.input_shape[1:])
        random = np.random.default_rng(0)
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: (
            [random.uniform(-1, 1, shape).astype(np.float32)] for _ in range(30)
        )
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = converter.inference_output_type = dtype
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")  # of the converter's own
        path.write_bytes(converter.convert())
    return path


def edit(source: Path, target: Path, change: Callable[[Any], None]) -> Path:
    """Copy a file, its model changed by hand (in the object form of the published schema)."""
    import flatbuffers
    from ai_edge_litert import schema_py_generated as schema

    model = schema.ModelT.InitFromPackedBuf(source.read_bytes(), 0)
    change(model)
    builder = flatbuffers.Builder(1 << 16)
    builder.Finish(model.Pack(builder), b"TFL3")
    target.write_bytes(bytes(builder.Output()))
    return target


def tflite_spec(path: Path, **options: Any) -> ReleaseSpec:
    source = Source(SourceKind.TFLITE, str(path), tuple(options.items()))
    return ReleaseSpec(source, "keras", SYMMETRIC, OutputKind.PROBABILITIES, background=False)
