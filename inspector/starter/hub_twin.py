"""A checkpoint as a Hub release: a reusable TF2 SavedModel in the manner of tf2-preview.

Input `inputs`, float32 [N, size, size, 3] in [0, 1], scaled inside; output logits with a
background class at index 0. Variable and operation names are slim's. The interface is that of
"Reusable SavedModels" in TensorFlow Hub's documentation: a restorable `__call__` with
`training` and `batch_norm_momentum`, `variables`, `trainable_variables`,
`regularization_losses`, and a signature `serving_default`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import tensorflow as tf  # noqa: TID253 - the module below is a tf.Module

from inspector.core.errors import ReleaseError
from inspector.starter.architecture import BATCH_NORM_EPSILON, HEAD_SCOPE
from inspector.starter.checkpoint import Checkpoint
from inspector.starter.keras_twin import checkpoint_from_model, input_size
from inspector.starter.staging import staged

if TYPE_CHECKING:
    from os import PathLike

    from inspector.starter.architecture import Block, Convolution

BATCH_NORM_MOMENTUM = 0.997
_MOVING = ("moving_mean", "moving_variance")


class HubMobileNetV2(tf.Module):  # type: ignore[misc]
    """MobileNetV2 with slim's variable names, from the block table of the paper.

    Every convolution is padded with SAME. On stride 2 that equals Keras' explicit padding for
    even and odd sizes alike: one row below for an even number of rows, one on either side for
    an odd one. Batch norm is kept apart from the kernels, with epsilon 1e-3.

    Parameters
    ----------
    checkpoint
        The weights; a background class is added where there is none.
    """

    def __init__(self, checkpoint: Checkpoint) -> None:
        super().__init__(name="MobilenetV2")
        full = checkpoint.with_background()
        self._network = full.network
        self._held = {
            slim: _variable(slim, full.weights[key])
            for key, slim in full.network.slim_names().items()
        }

    @property
    def named(self) -> dict[str, Any]:
        """Variables by slim name, in the network's order."""
        return dict(self._held)

    def logits(
        self, inputs: Any, training: bool = False, batch_norm_momentum: Any = BATCH_NORM_MOMENTUM
    ) -> Any:
        """Compute the logits.

        Parameters
        ----------
        inputs
            float32 [N, size, size, 3], RGB in [0, 1].
        training
            Normalise with the batch's own mean and variance, and update the moving ones.
        batch_norm_momentum
            Share of the old moving average that an update keeps.

        Returns
        -------
        tf.Tensor
            float32 [N, 1 + classes]; index 0 is the background.
        """
        momentum = batch_norm_momentum if training else None
        with tf.name_scope("MobilenetV2/input/"):
            x = tf.subtract(tf.multiply(inputs, 2.0), 1.0)
        x = self._convolve(x, self._network.stem, momentum)
        for block in self._network.blocks:
            x = self._block(x, block, momentum)
        return self._classify(self._convolve(x, self._network.last, momentum))

    def _block(self, x: Any, block: Block, momentum: Any) -> Any:
        entry = x
        for convolution in block.convolutions:
            x = self._convolve(x, convolution, momentum)
        with tf.name_scope(f"{block.scope}/"):
            if block.residual:
                x = tf.add(x, entry, name="add")
            return tf.identity(x, name="output")

    def _convolve(self, x: Any, convolution: Convolution, momentum: Any) -> Any:
        strides = [1, convolution.stride, convolution.stride, 1]
        with tf.name_scope(f"{convolution.scope}/"):
            if convolution.depthwise:
                kernel = self._held[f"{convolution.scope}/depthwise_weights"]
                x = tf.nn.depthwise_conv2d(x, kernel, strides, "SAME", name="depthwise")
            else:
                kernel = self._held[f"{convolution.scope}/weights"]
                x = tf.nn.conv2d(x, kernel, strides, "SAME", name="Conv2D")
            x = self._normalise(x, convolution.scope, momentum)
            return tf.nn.relu6(x, name="Relu6") if convolution.relu else x

    def _normalise(self, x: Any, scope: str, momentum: Any) -> Any:
        training = momentum is not None
        part = {name: self._held[f"{scope}/BatchNorm/{name}"] for name in ("gamma", "beta")}
        moving = [self._held[f"{scope}/BatchNorm/{name}"] for name in _MOVING]
        statistics = {} if training else dict(zip(("mean", "variance"), moving, strict=True))
        y, *batch = tf.compat.v1.nn.fused_batch_norm(
            x,
            part["gamma"],
            part["beta"],
            **statistics,
            epsilon=BATCH_NORM_EPSILON,
            is_training=training,
            name="BatchNorm",
        )
        if training:
            for variable, value in zip(moving, batch, strict=True):
                variable.assign(variable * momentum + value * (1.0 - momentum))
        return y

    def _classify(self, x: Any) -> Any:
        with tf.name_scope("MobilenetV2/Logits/"):
            x = tf.reduce_mean(x, [1, 2], keepdims=True, name="AvgPool")
        with tf.name_scope(f"{HEAD_SCOPE}/"):
            x = tf.nn.conv2d(x, self._held[f"{HEAD_SCOPE}/weights"], 1, "SAME", name="Conv2D")
            x = tf.nn.bias_add(x, self._held[f"{HEAD_SCOPE}/biases"], name="BiasAdd")
        with tf.name_scope("MobilenetV2/Logits/"):
            return tf.squeeze(x, [1, 2], name="output")


def _variable(name: str, value: Any) -> Any:
    if name == f"{HEAD_SCOPE}/weights":
        value = value[None, None]
    return tf.Variable(value, trainable=not name.endswith(_MOVING), name=name, dtype=tf.float32)


def publish_hub_twin(
    source: Checkpoint | Any, directory: str | PathLike[str], *, size: int | None = None
) -> Path:
    """Write a Hub-style SavedModel of a checkpoint or of a Keras MobileNetV2.

    Parameters
    ----------
    source
        A `Checkpoint`, or a `keras.applications.MobileNetV2` object with its classifier. Where
        it has no background class, one is added that gets the mean of the other logits.
    directory
        Folder of the SavedModel; replaced as a whole.
    size
        Height and width of the input in pixels; a Keras model's own where it is not given.

    Returns
    -------
    Path
        `directory`, which `tensorflow_hub.load` and `tf.saved_model.load` open.

    Raises
    ------
    ReleaseError
        Where the source is no MobileNetV2, or a checkpoint comes without a size.
    ExportError
        Where the folder can't be written.
    """
    target = Path(directory)
    if isinstance(source, Checkpoint):
        checkpoint = source
    else:
        checkpoint = checkpoint_from_model(source)
        size = input_size(source) if size is None else size
    if size is None or size < 1:
        raise ReleaseError(
            "A Hub release needs the size of its input.", "Name the size in pixels, such as 224."
        )
    exported, signature = _export(HubMobileNetV2(checkpoint), size)
    with staged(target.parent) as folder:
        tf.saved_model.save(
            exported, str(folder / target.name), signatures={"serving_default": signature}
        )
    return target


def _export(module: HubMobileNetV2, size: int) -> tuple[Any, Any]:
    """Trace the calls that a loaded model shall accept, and hang them on a plain object."""
    inputs = tf.TensorSpec([None, size, size, 3], tf.float32, name="inputs")
    momentum = tf.TensorSpec([], tf.float32, name="batch_norm_momentum")
    call = tf.function(module.logits, autograph=False)  # its conditions are plain Python
    inference = call.get_concrete_function(inputs, False, momentum)
    call.get_concrete_function(inputs, True, momentum)

    @tf.function(input_signature=[inputs], autograph=False)  # type: ignore[untyped-decorator]
    def serving_default(inputs: Any) -> dict[str, Any]:
        return {"logits": inference(inputs, tf.constant(BATCH_NORM_MOMENTUM))}

    exported = tf.train.Checkpoint()
    exported.__call__ = call
    exported.variables = list(module.named.values())
    exported.trainable_variables = [v for v in exported.variables if v.trainable]
    exported.regularization_losses = []
    return exported, serving_default
