"""The auxiliary head of slim's InceptionV3: its weights, and what it computes.

As in slim's ``inception_v3.py`` under ``inception_v3_arg_scope``: average pooling 5 × 5 with stride
3, a 1 × 1 convolution to 128 channels, a convolution over all that is left to 768 channels, both
with batch norm (epsilon 0.001, no gamma) and ReLU, and a 1 × 1 convolution with biases to the
classes. A network of another width scales 128 and 768 by slim's ``depth_multiplier``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from inspector.core.errors import ReleaseError, ReleaseMissingError, first_line
from inspector.core.hdf5 import HDF5_MAGIC

if TYPE_CHECKING:
    from numpy.typing import NDArray

SCOPE = "InceptionV3/AuxLogits"
STEM = "InceptionV3/Conv2d_1a_3x3/weights"
EPSILON = 0.001
POOLING, STRIDE = 5, 3
CHANNELS = 768
"""Of ``Mixed_6e`` at full width."""

_MOST_SIDE = 5
_LEAST_CHANNELS = 16
_SHARD = ".data-"
_START = 512
_WEB_PAGE = (b"<!doc", b"<html", b"<head", b"<?xml", b"<!--")


@dataclass(frozen=True, eq=False, slots=True)
class Convolution:
    """A convolution with batch norm.

    Attributes
    ----------
    kernel
        float32 (height, width, channels in, channels out).
    gamma, beta, mean, variance
        float32 (channels out,); gamma is 1 where slim has none.
    """

    kernel: NDArray[np.float32]
    gamma: NDArray[np.float32]
    beta: NDArray[np.float32]
    mean: NDArray[np.float32]
    variance: NDArray[np.float32]


@dataclass(frozen=True, eq=False, slots=True)
class HeadWeights:
    """All weights of the head.

    Attributes
    ----------
    reduce, whole
        The two convolutions with batch norm.
    kernel, biases
        Of the classifier: float32 (1, 1, channels, classes) and (classes,).
    stem
        The first kernel of the network that the head was trained with, or None.
    """

    reduce: Convolution
    whole: Convolution
    kernel: NDArray[np.float32]
    biases: NDArray[np.float32]
    stem: NDArray[np.float32] | None = None

    @property
    def classes(self) -> int:
        """Rows of the classifier, a background class among them."""
        return int(self.biases.size)


def remaining(side: int) -> int:
    """Give the length that the pooling leaves of a side."""
    return (side - POOLING) // STRIDE + 1 if side >= POOLING else 0


def check_endpoint(name: str, shape: tuple[int, ...]) -> tuple[int, int]:
    """Give height and width that the pooling leaves of an endpoint.

    Parameters
    ----------
    name
        What to call it.
    shape
        Height, width and channels.

    Raises
    ------
    ReleaseError
        Where slim's head does not fit on it.
    """
    height, width = remaining(shape[0]), remaining(shape[1])
    if min(height, width) < 1 or max(height, width) > _MOST_SIDE:
        raise ReleaseError(
            f"The auxiliary head does not fit on {name} of {shape[0]} × {shape[1]}: its pooling "
            f"leaves {height} × {width}, and its kernel takes 1 to {_MOST_SIDE} a side.",
            "Use the input size that InceptionV3 was made for, 299 × 299.",
        )
    return height, width


def random_head(shape: tuple[int, ...], classes: int, seed: int, name: str) -> HeadWeights:
    """Draw a head as slim starts to train one, from its own initialisers.

    Truncated normal numbers: variance 2 / fan-in for the first kernel, standard deviations 0.01
    and 0.001 for the others; nothing is trained.

    Parameters
    ----------
    shape
        Height, width and channels of the endpoint.
    classes
        Rows of the classifier.
    seed
        Of the numbers.
    name
        What to call the endpoint.

    Raises
    ------
    ReleaseError
        Where slim's head does not fit on the endpoint.
    """
    import tensorflow as tf

    height, width = check_endpoint(name, shape)
    before = shape[2]
    few, many = (max(_LEAST_CHANNELS, full * before // CHANNELS) for full in (128, 768))

    def draw(number: int, spread: float, *lengths: int) -> NDArray[np.float32]:
        drawn = tf.random.stateless_truncated_normal(lengths, (seed, number), 0.0, spread)
        return np.asarray(drawn, np.float32)

    # slim's variance_scaling_initializer makes up for the tails that truncation cuts off.
    he = float(np.sqrt(1.3 * 2.0 / before))
    return HeadWeights(
        reduce=_untrained(draw(0, he, 1, 1, before, few)),
        whole=_untrained(draw(1, 0.01, height, width, few, many)),
        kernel=draw(2, 0.001, 1, 1, many, classes),
        biases=np.zeros(classes, np.float32),
    )


def _untrained(kernel: NDArray[np.float32]) -> Convolution:
    zeros, ones = np.zeros(kernel.shape[-1], np.float32), np.ones(kernel.shape[-1], np.float32)
    return Convolution(kernel, ones, zeros, zeros, ones)


def read_head(checkpoint: str, shape: tuple[int, ...], name: str) -> HeadWeights:
    """Read a head from a checkpoint of slim.

    Parameters
    ----------
    checkpoint
        A checkpoint in one file, one of its files, its common prefix, or its folder.
    shape
        Height, width and channels of the endpoint.
    name
        What to call the endpoint.

    Raises
    ------
    ReleaseMissingError
        Where there is no such file.
    ReleaseError
        Where it is no checkpoint, or has no head that fits on the endpoint.
    """
    height, width = check_endpoint(name, shape)
    reader = _Reader(checkpoint)
    reduce = reader.convolution("Conv2d_1b_1x1", (1, 1, shape[2], None))
    middle = reduce.kernel.shape[-1]
    whole = reader.convolution(f"Conv2d_2a_{height}x{width}", (height, width, middle, None))
    many = whole.kernel.shape[-1]
    kernel = reader.tensor(f"{SCOPE}/Conv2d_2b_1x1/weights", (1, 1, many, None))
    biases = reader.tensor(f"{SCOPE}/Conv2d_2b_1x1/biases", (kernel.shape[-1],))
    stem = reader.tensor(STEM, (None,) * 4) if reader.has(STEM) else None
    return HeadWeights(reduce, whole, kernel, biases, stem)


class _Reader:
    """Reads tensors of a checkpoint by their names, and says what is missing."""

    def __init__(self, checkpoint: str) -> None:
        import tensorflow as tf

        path = Path(checkpoint)
        prefix = path.with_suffix("") if path.suffix == ".index" else path
        if _SHARD in path.name:
            prefix = path.with_name(path.name.split(_SHARD)[0])
        if not prefix.exists() and not Path(f"{prefix}.index").exists():
            raise ReleaseMissingError(
                f"The checkpoint {checkpoint} is not there.",
                "Give the file of a slim checkpoint, such as inception_v3.ckpt.",
            )
        try:
            self._reader = tf.train.load_checkpoint(str(prefix))
            self._shapes = self._reader.get_variable_to_shape_map()
        except tf.errors.DataLossError as error:
            raise ReleaseError(
                f"{path.name} is no TensorFlow checkpoint{_instead(path)}.",
                "Give the file of a slim checkpoint, such as inception_v3.ckpt.",
            ) from error
        except (ValueError, RuntimeError, tf.errors.OpError) as error:
            raise ReleaseError(
                f"{path.name} could not be read as a TensorFlow checkpoint: {first_line(error)}",
                "Give the file of a slim checkpoint, such as inception_v3.ckpt.",
            ) from error
        self._name = path.name

    def has(self, name: str) -> bool:
        return name in self._shapes

    def tensor(self, name: str, shape: tuple[int | None, ...]) -> NDArray[np.float32]:
        """Read a tensor whose lengths are known where they are not None."""
        import tensorflow as tf

        if not self.has(name):
            raise ReleaseError(
                f"The checkpoint {self._name} has no {name}.",
                "Give a checkpoint of slim's inception_v3 with its auxiliary head, "
                "such as inception_v3_2016_08_28.",
            )
        found = tuple(self._shapes[name])
        fits = len(found) == len(shape) and all(
            wanted in {None, length} for wanted, length in zip(shape, found, strict=True)
        )
        if not fits:
            wanted_text = " × ".join("any" if length is None else str(length) for length in shape)
            raise ReleaseError(
                f"{name} in {self._name} has the shape {' × '.join(map(str, found))}, but this "
                f"network needs {wanted_text}.",
                "Give a checkpoint of an InceptionV3 of the same width and input size.",
            )
        try:
            return np.asarray(self._reader.get_tensor(name), np.float32)
        except (ValueError, RuntimeError, tf.errors.OpError) as error:
            raise ReleaseError(
                f"{name} in {self._name} could not be read: {first_line(error)}",
                "The checkpoint may be cut off; fetch it again.",
            ) from error

    def convolution(self, layer: str, shape: tuple[int | None, ...]) -> Convolution:
        scope = f"{SCOPE}/{layer}"
        kernel = self.tensor(f"{scope}/weights", shape)
        channels = (kernel.shape[-1],)
        gamma = np.ones(channels, np.float32)
        if self.has(f"{scope}/BatchNorm/gamma"):
            gamma = self.tensor(f"{scope}/BatchNorm/gamma", channels)
        beta, mean, variance = (
            self.tensor(f"{scope}/BatchNorm/{part}", channels)
            for part in ("beta", "moving_mean", "moving_variance")
        )
        return Convolution(kernel, gamma, beta, mean, variance)


def _instead(path: Path) -> str:
    """Say what a file is that is no checkpoint, as the rest of a sentence."""
    start = b""
    if path.is_file():
        with path.open("rb") as file:
            start = file.read(_START)
    if start.startswith(HDF5_MAGIC):
        return " but an HDF5 file, as Keras writes them"
    if start.lstrip().lower().startswith(_WEB_PAGE):
        return " but a web page"
    return ", or a damaged one"


def head_logits(weights: HeadWeights, activation: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give the head's logits in inference mode.

    Parameters
    ----------
    weights
        Of the head.
    activation
        float32 (batch, height, width, channels), the endpoint.

    Returns
    -------
    NDArray[np.float32]
        (batch, classes).
    """
    import tensorflow as tf

    x: Any = tf.nn.avg_pool2d(activation, POOLING, STRIDE, "VALID")
    for layer in (weights.reduce, weights.whole):
        x = tf.nn.conv2d(x, layer.kernel, 1, "VALID")
        x = tf.nn.batch_normalization(
            x, layer.mean, layer.variance, layer.beta, layer.gamma, EPSILON
        )
        x = tf.nn.relu(x)
    x = tf.nn.conv2d(x, weights.kernel, 1, "VALID") + weights.biases
    return np.asarray(tf.squeeze(x, [1, 2]), np.float32)
