"""TFLite files, as source: run by the interpreter of LiteRT, quantised and brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.script.code import call, literal
from inspector.core.script.row import may_take_whole_numbers, row

if TYPE_CHECKING:
    from inspector.core.pairs import ReleaseSpec
    from inspector.core.script.row import Statement

_QUANTISE = (
    'if np.issubdtype(given["dtype"], np.integer):',
    '    limits = np.iinfo(given["dtype"])',
    '    scale, zero_point = given["quantization"]',
    "    if scale:  # the nearest whole numbers that stand for these",
    "        batch = np.rint(batch.astype(np.float64) / scale) + zero_point",
    "    batch = np.clip(np.rint(batch), limits.min, limits.max)",
)
_QUANTISE_LEVELS = (
    *_QUANTISE[:3],
    '    saturates = given["dtype"] == np.uint8 and 2 * (255 - zero_point) * scale < 255',
    "    if scale and not saturates:  # else it is given the levels as they are",
    *_QUANTISE[4:],
)
_DEQUANTISE = (
    'scale, zero_point = taken["quantization"]',
    'if np.issubdtype(taken["dtype"], np.integer) and scale:',
    "    output = ((output.astype(np.float64) - zero_point) * scale).astype(np.float32)",
)


def tflite(release: ReleaseSpec, side: str) -> list[Statement]:
    """Write a ``tflite`` release."""
    path = literal(release.source.target)
    return [
        call("interpreter", "Interpreter", f"model_path={path}", "num_threads=2"),
        *_output_lines(release.source.option("output")),
        "[given] = interpreter.get_input_details()",
        call("batch", "np.asarray", f"{side}_input", after="[None]"),
        *(_QUANTISE_LEVELS if may_take_whole_numbers(release) else _QUANTISE),
        'interpreter.resize_tensor_input(given["index"], batch.shape)',
        "interpreter.allocate_tensors()",
        'interpreter.set_tensor(given["index"], batch.astype(given["dtype"]))',
        "interpreter.invoke()",
        'output = interpreter.get_tensor(taken["index"])',
        *_DEQUANTISE,
        row(release, side, "output"),
    ]


def _output_lines(name: str) -> list[str]:
    """Take the only output, or the one that is named: by its tensor, or by a signature."""
    if not name:
        return ["[taken] = interpreter.get_output_details()"]
    return [
        'outputs = {each["name"]: each for each in interpreter.get_output_details()}',
        "for key in interpreter.get_signature_list():",
        "    outputs |= interpreter.get_signature_runner(key).get_output_details()",
        f"taken = outputs[{literal(name)}]",
    ]
