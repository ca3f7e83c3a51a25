"""A Keras model in training mode, without a change to the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from inspector.engine.picture_shape import as_input

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


class KerasTraining:
    """Runs ``model(x, training=True)`` by ``stateless_call``: nothing is written to the model.

    Moving statistics stay as they are, and so do the model's own random states: each run takes
    states made of its seed, so that the same seed gives the same numbers.
    """

    def __init__(self, model: Any) -> None:
        import tensorflow as tf

        weights = {id(variable) for variable in model.weights}
        self._model = model
        self._states = [v for v in model.non_trainable_variables if id(v) not in weights]
        self._call = tf.function(self._stateless, autograph=False)

    @property
    def note(self) -> str:
        """What the user should know; may be empty."""
        return frozen_note(self._model)

    @property
    def draws(self) -> bool:
        """Whether any of its layers draws random numbers."""
        return bool(self._states)

    def run(self, batch: NDArray[np.float32], seed: int) -> NDArray[np.float32]:
        """Give the outputs, float32 (batch, n), for float32 (batch, height, width, 3)."""
        import tensorflow as tf

        drawn = np.random.SeedSequence(seed).generate_state(max(len(self._states), 1)) >> 1
        states = tf.constant([[int(number), 0] for number in drawn], tf.int64)
        taken = as_input(tf.constant(batch), tf.as_dtype(self._model.inputs[0].dtype))
        return np.asarray(self._call(taken, states), dtype=np.float32)

    def _stateless(self, batch: Any, states: Any) -> Any:
        import tensorflow as tf

        made = {
            id(variable): tf.cast(states[number], variable.dtype)
            for number, variable in enumerate(self._states)
        }
        others = [made.get(id(v), v.value) for v in self._model.non_trainable_variables]
        own = [variable.value for variable in self._model.trainable_variables]
        outputs, _ = self._model.stateless_call(own, others, batch, training=True)
        return outputs[0] if isinstance(outputs, list | tuple) else outputs


def frozen_note(model: Any) -> str:
    """Say how many batch norm layers are frozen; empty where none is."""
    import keras

    norms = [x for x in _layers(model) if isinstance(x, keras.layers.BatchNormalization)]
    frozen = sum(not layer.trainable for layer in norms)
    if not frozen:
        return ""
    which = "Its batch norm layers are" if frozen == len(norms) else f"{frozen} of its batch norm"
    whole = which if frozen == len(norms) else f"{which} layers are"
    return f"{whole} frozen (trainable=False): Keras runs them in inference mode even in training."


def _layers(model: Any) -> Iterator[Any]:
    """Give the layers of a model and of the models inside it."""
    for layer in model.layers:
        yield layer
        if hasattr(layer, "layers"):
            yield from _layers(layer)
