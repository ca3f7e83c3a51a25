"""A Keras classifier as a reusable TF2 SavedModel in the manner of TensorFlow Hub.

Input `inputs`, float32 [N, height, width, 3] in [0, 1], scaled inside to the model's own range;
output logits, with a background class at index 0 where that is wanted. The interface is that of
"Reusable SavedModels" in TensorFlow Hub's documentation: a restorable ``__call__`` with
`training`, `variables`, `trainable_variables`, `regularization_losses`, and a signature
``serving_default``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inspector.core.errors import ReleaseError
from inspector.core.pairs import OutputKind
from inspector.core.scores import SMALLEST
from inspector.engine.picture_shape import as_input

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from inspector.core.input_range import InputRange


def logits_model(name: str, model: Any, kind: OutputKind) -> tuple[Any, bool]:
    """Give a model that gives logits where the Keras model gives class scores.

    A softmax at its end is taken off `model` itself, so that every weight stays the very one.

    Returns
    -------
    tuple
        The model, and whether its logits are logarithms of probabilities because its softmax could
        not be taken off.

    Raises
    ------
    ReleaseError
        Where it is no classifier with one output.
    """
    import keras

    outputs = model.outputs
    if len(outputs) != 1:
        raise ReleaseError(
            f"{name} gives {len(outputs)} outputs, and a twin has one.",
            "Make a model of the one that classifies: keras.Model(model.inputs, OUTPUT).",
        )
    if kind is OutputKind.FEATURES:
        raise ReleaseError(
            f"{name} gives features, not class scores.", "Choose a model with its classifier."
        )
    if kind is OutputKind.LOGITS:
        return model, False
    last = model.layers[-1]
    if last.output is not outputs[0]:
        return model, True
    is_softmax = getattr(last, "activation", None) is keras.activations.softmax
    if isinstance(last, keras.layers.Softmax) or (
        is_softmax and isinstance(last, keras.layers.Activation)
    ):
        return keras.Model(model.inputs, last.input), False
    if is_softmax and isinstance(last, keras.layers.Dense):
        last.activation = keras.activations.linear
        return model, False
    return model, True


def twin_call(
    model: Any, wanted: InputRange, *, background: bool, from_probabilities: bool
) -> Callable[..., Any]:
    """Give what the twin computes: ``call(inputs, training=False)``.

    Parameters
    ----------
    model
        Gives logits, or probabilities where `from_probabilities` is true.
    wanted
        The range that it takes.
    background
        Whether a background class is put first. Its logit is the mean of the others, so that it
        gets little and the order of the classes stays as it is.
    from_probabilities
        Whether logarithms are to be taken.
    """
    import tensorflow as tf

    dtype = tf.as_dtype(model.inputs[0].dtype)
    black = tf.constant(wanted.black, tf.float32)
    span = tf.constant(wanted.white, tf.float32) - black

    def call(inputs: Any, training: bool = False) -> Any:
        pixels = inputs[..., ::-1] if wanted.bgr else inputs
        logits = model(as_input(pixels * span + black, dtype), training=training)
        logits = tf.cast(logits, tf.float32)
        if from_probabilities:
            logits = tf.math.log(tf.maximum(logits, SMALLEST))
        if background:
            first = tf.reduce_mean(logits, axis=-1, keepdims=True)
            logits = tf.concat([first, logits], axis=-1)
        return logits

    return call


def save_twin(
    call: Callable[..., Any], model: Any, size: tuple[int, int] | None, folder: Path
) -> None:
    """Write the SavedModel."""
    import tensorflow as tf

    height, width = size or (None, None)
    inputs = tf.TensorSpec([model.input_shape[0], height, width, 3], tf.float32, name="inputs")
    traced = tf.function(call, autograph=False)
    inference = traced.get_concrete_function(inputs, False)
    traced.get_concrete_function(inputs, True)

    @tf.function(input_signature=[inputs], autograph=False)  # type: ignore[untyped-decorator]
    def serving_default(inputs: Any) -> dict[str, Any]:
        return {"logits": inference(inputs)}

    exported = tf.train.Checkpoint()
    exported.__call__ = traced
    exported.variables = [variable.value for variable in model.variables]
    exported.trainable_variables = [variable.value for variable in model.trainable_variables]
    exported.regularization_losses = list(_losses(model))
    tf.saved_model.save(exported, str(folder), signatures={"serving_default": serving_default})


def _losses(model: Any) -> list[Any]:
    """Give one function for each regularised weight, as Hub's trainers add them up."""
    return [
        _loss_of(variable)
        for variable in model.trainable_variables
        if getattr(variable, "regularizer", None) is not None
    ]


def _loss_of(variable: Any) -> Any:
    import tensorflow as tf

    def loss() -> Any:
        return variable.regularizer(variable.value)

    return tf.function(loss, input_signature=[], autograph=False)
