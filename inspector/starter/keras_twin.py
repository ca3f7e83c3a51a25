"""A checkpoint as a Keras release: weights for `keras.applications.MobileNetV2`.

Input RGB in [-1, 1]; output probabilities without a background class.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from inspector.core.errors import ReleaseError
from inspector.starter.checkpoint import Checkpoint, make_checkpoint
from inspector.starter.staging import staged

if TYPE_CHECKING:
    from os import PathLike

SUFFIX = ".weights.h5"


def publish_keras_twin(checkpoint: Checkpoint, path: str | PathLike[str], *, size: int) -> Path:
    """Write weights that `keras.applications.MobileNetV2(…, weights=path)` loads.

    Parameters
    ----------
    checkpoint
        The weights; a background class is left out.
    path
        Target, ending in ``.weights.h5`` as Keras 3 demands.
    size
        Height and width of the input in pixels. The weights don't depend on it.

    Returns
    -------
    Path
        `path`.

    Raises
    ------
    ReleaseError
        Where the name does not end in ``.weights.h5`` or Keras refuses the size.
    ExportError
        Where the file can't be written.
    """
    target = Path(path)
    if not target.name.endswith(SUFFIX):
        raise ReleaseError(
            f"Keras would not load weights from {target.name!r}.",
            f"Let the file name end in {SUFFIX}.",
        )
    model = keras_model(checkpoint, size=size)
    with staged(target.parent) as folder:
        model.save_weights(folder / target.name)
    return target


def keras_model(checkpoint: Checkpoint, *, size: int) -> Any:
    """Build `keras.applications.MobileNetV2` and fill in the weights.

    Parameters
    ----------
    checkpoint
        The weights; a background class is left out.
    size
        Height and width of the input in pixels, 32 or more.

    Returns
    -------
    keras.Model
        float32 [N, size, size, 3] in [-1, 1] to probabilities [N, classes].

    Raises
    ------
    ReleaseError
        Where Keras refuses the size.
    """
    import keras

    shared = checkpoint.without_background()
    try:
        model = keras.applications.MobileNetV2(
            alpha=shared.alpha,
            input_shape=(size, size, 3),
            weights=None,
            classes=shared.outputs,
        )
    except ValueError as error:
        raise ReleaseError(
            f"Keras builds no MobileNetV2 for {size} pixels: {error}",
            "Use a size of 32 or more.",
        ) from error
    for layer in model.layers:
        if layer.weights:
            layer.set_weights([shared.weights[f"{layer.name}/{w.name}"] for w in layer.weights])
    return model


def checkpoint_from_model(model: Any, *, background: bool | None = None) -> Checkpoint:
    """Take the weights out of a Keras MobileNetV2.

    Parameters
    ----------
    model
        A `keras.applications.MobileNetV2` with its classifier, of any width, size and number
        of classes. It must expect its input in [-1, 1].
    background
        Whether its class 0 is a background class, as for `read_checkpoint`.

    Raises
    ------
    ReleaseError
        Where the model is no such MobileNetV2.
    """
    weights = {
        f"{layer.name}/{weight.name}": weight.value.numpy()
        for layer in model.layers
        for weight in layer.weights
    }
    return make_checkpoint(weights, background=background)


def input_size(model: Any) -> int:
    """Give height and width of a Keras model's square input.

    Raises
    ------
    ReleaseError
        Where the input isn't square or its size is open.
    """
    shape = tuple(model.input_shape)
    if len(shape) != 4 or shape[1] is None or shape[1] != shape[2]:
        raise ReleaseError(
            f"The model's input shape {shape} has no fixed square size.",
            "Name the size in pixels.",
        )
    return int(shape[1])
