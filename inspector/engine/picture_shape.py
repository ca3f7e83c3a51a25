"""What the shape of a model's input says: one RGB picture, and of which size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inspector.core.errors import ReleaseError
from inspector.core.input_range import LEVELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inspector.core.input_range import InputRange

_MEND = "Choose a model with the input (height, width, 3)."
_COLOURS = {3, None}


def picture_size(name: str, shape: Sequence[int | None]) -> tuple[int, int] | None:
    """Give height and width of an input, or None where the model takes any.

    Parameters
    ----------
    name
        What to call the model.
    shape
        (batch, height, width, channels); None for each axis that is free.

    Raises
    ------
    ReleaseError
        Where that is no batch of RGB pictures; the message says what it is instead.
    """
    shown = f"its input is {_shown(shape)}"
    if len(shape) != 4:
        raise ReleaseError(
            f"{name} does not take one RGB picture: {shown}.",
            "Choose a model of pictures, with the input (height, width, 3).",
        )
    if shape[3] == 1:
        raise ReleaseError(
            f"{name} takes grey pictures, not RGB ones: {shown}.",
            f"{_MEND} A grey-scale model needs a layer before it that makes grey of RGB.",
        )
    if shape[3] not in _COLOURS and shape[1] == 3:
        raise ReleaseError(
            f"{name} takes RGB pictures with the channels first: {shown}.",
            f"{_MEND} Put a keras.layers.Permute((3, 1, 2)) before it.",
        )
    if shape[3] not in _COLOURS:
        raise ReleaseError(
            f"{name} does not take RGB pictures, but {shape[3]} channels: {shown}.", _MEND
        )
    height, width = shape[1:3]
    return None if height is None or width is None else (int(height), int(width))


def _shown(shape: Sequence[int | None]) -> str:
    return f"({', '.join('any' if length is None else str(length) for length in shape)})"


def require_whole_range(name: str, dtype: str, declared: InputRange) -> None:
    """Demand that a model of whole numbers is given the levels 0 to 255.

    Raises
    ------
    ReleaseError
        Where another range is declared: its numbers would be rounded to two or three levels.
    """
    if declared != LEVELS:
        raise ReleaseError(
            f"{name} takes {dtype} pixels, but its declared range is {declared.text}.",
            f"Write range = {LEVELS.text} in the pair's entry.",
        )


def as_input(batch: Any, dtype: Any) -> Any:
    """Turn a float32 TensorFlow batch into the type that a model takes.

    Whole numbers are rounded, halves to even, and clipped to what the type holds.
    """
    import tensorflow as tf

    if dtype == batch.dtype:
        return batch
    if dtype.is_integer:
        batch = tf.clip_by_value(tf.round(batch), float(dtype.min), float(dtype.max))
    return tf.cast(batch, dtype)


def dimensions(shape: Any) -> tuple[int | None, ...] | None:
    """Give a TensorFlow shape as plain numbers, None for each free axis; None for any rank."""
    return None if shape.rank is None else tuple(shape.as_list())
