"""Weights of a Keras model."""

from __future__ import annotations

from typing import Any

from inspector.core.weights.tensors import NamedWeight, as_floats


def keras_weights(model: Any) -> tuple[NamedWeight, ...]:
    """Read every floating-point weight of a Keras model by its path, ``layer/weight``."""
    epsilons = _variance_epsilons(model)
    return tuple(
        NamedWeight(weight.path, as_floats(weight.value), epsilons.get(id(weight)))
        for weight in model.weights
        if "float" in str(weight.dtype)
    )


def _variance_epsilons(model: Any) -> dict[int, float]:
    """Give each batch norm's epsilon by the identity of its moving variance."""
    import keras

    return {
        id(layer.moving_variance): float(layer.epsilon)
        for layer in model._flatten_layers()
        if isinstance(layer, keras.layers.BatchNormalization)
    }
