"""MobileNetV2 as a table: every convolution with its Keras names, slim names and widths.

The stages are table 2 of Sandler et al., "MobileNetV2: Inverted Residuals and Linear
Bottlenecks" (2018). The Keras layer names are those of `keras.applications.MobileNetV2`; the
slim scopes are those of the TF-Slim checkpoints that the Hub releases were exported from.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

INPUT_CHANNELS = 3
BATCH_NORM_EPSILON = 1e-3
BATCH_NORM_PARTS = ("gamma", "beta", "moving_mean", "moving_variance")
HEAD_LAYER = "predictions"
HEAD_SCOPE = "MobilenetV2/Logits/Conv2d_1c_1x1"
PUBLISHED_ALPHAS = (0.35, 0.5, 0.75, 1.0, 1.3, 1.4)

_STEM_CHANNELS = 32
_LAST_CHANNELS = 1280
_DIVISOR = 8


@dataclass(frozen=True, slots=True)
class Stage:
    """One line of the paper's table: `repeats` bottleneck blocks of equal width."""

    expansion: int
    channels: int
    repeats: int
    stride: int


STAGES = (
    Stage(1, 16, 1, 1),
    Stage(6, 24, 2, 2),
    Stage(6, 32, 3, 2),
    Stage(6, 64, 4, 2),
    Stage(6, 96, 3, 1),
    Stage(6, 160, 3, 2),
    Stage(6, 320, 1, 1),
)


@dataclass(frozen=True, slots=True)
class Convolution:
    """One bias-free convolution and the batch norm behind it.

    Attributes
    ----------
    layer, norm
        Keras' names of the two layers.
    scope
        Slim's scope, e.g. ``MobilenetV2/expanded_conv_1/depthwise``.
    inputs, outputs
        Channels; equal for a depthwise convolution.
    relu
        Whether a ReLU6 follows. The projections are linear.
    """

    layer: str
    norm: str
    scope: str
    kernel: int
    stride: int
    inputs: int
    outputs: int
    depthwise: bool = False
    relu: bool = True

    @property
    def kernel_shape(self) -> tuple[int, int, int, int]:
        """Shape of the kernel, the same in Keras and in slim."""
        return (self.kernel, self.kernel, self.inputs, 1 if self.depthwise else self.outputs)

    def names(self) -> Iterator[tuple[str, str]]:
        """Yield ``(Keras key, slim variable name)`` of the five variables, in Keras' order."""
        weights = "depthwise_weights" if self.depthwise else "weights"
        yield f"{self.layer}/kernel", f"{self.scope}/{weights}"
        for part in BATCH_NORM_PARTS:
            yield f"{self.norm}/{part}", f"{self.scope}/BatchNorm/{part}"


@dataclass(frozen=True, slots=True)
class Block:
    """One inverted residual block: expand (but in the first block), depthwise, project."""

    scope: str
    convolutions: tuple[Convolution, ...]

    @property
    def residual(self) -> bool:
        """Whether the block's input is added to its output: same shape on both ends."""
        first, last = self.convolutions[0], self.convolutions[-1]
        return first.inputs == last.outputs and all(c.stride == 1 for c in self.convolutions)


@dataclass(frozen=True)
class Network:
    """MobileNetV2 of one width, without its classifier."""

    alpha: float
    stem: Convolution
    blocks: tuple[Block, ...]
    last: Convolution

    @cached_property
    def convolutions(self) -> tuple[Convolution, ...]:
        """All convolutions from the input to the pooling, in order."""
        inner = (convolution for block in self.blocks for convolution in block.convolutions)
        return (self.stem, *inner, self.last)

    @property
    def features(self) -> int:
        """Channels that reach the classifier."""
        return self.last.outputs

    def shapes(self, classes: int) -> dict[str, tuple[int, ...]]:
        """Give every variable's Keras key and shape, in Keras' order.

        Parameters
        ----------
        classes
            Outputs of the classifier, a background class included where there is one.
        """
        found: dict[str, tuple[int, ...]] = {}
        for convolution in self.convolutions:
            (kernel, _), *norm = convolution.names()
            found[kernel] = convolution.kernel_shape
            found |= {key: (convolution.outputs,) for key, _ in norm}
        found[f"{HEAD_LAYER}/kernel"] = (self.features, classes)
        found[f"{HEAD_LAYER}/bias"] = (classes,)
        return found

    def slim_names(self) -> dict[str, str]:
        """Map every Keras key to slim's variable name; the two hold the same numbers.

        The classifier's kernel is (features, classes) in Keras and (1, 1, features, classes)
        in slim; all other variables have one shape.
        """
        found = dict(pair for convolution in self.convolutions for pair in convolution.names())
        found[f"{HEAD_LAYER}/kernel"] = f"{HEAD_SCOPE}/weights"
        found[f"{HEAD_LAYER}/bias"] = f"{HEAD_SCOPE}/biases"
        return found


def network(alpha: float) -> Network:
    """Lay out MobileNetV2 of width multiplier `alpha`."""
    stem_width = _width(_STEM_CHANNELS * alpha)
    stem = Convolution("Conv1", "bn_Conv1", "MobilenetV2/Conv", 3, 2, INPUT_CHANNELS, stem_width)
    blocks = tuple(_blocks(alpha, stem_width))
    # The last convolution never becomes narrower than the paper's (its section 6.1).
    last_width = _width(_LAST_CHANNELS * max(alpha, 1.0))
    last_input = blocks[-1].convolutions[-1].outputs
    last = Convolution("Conv_1", "Conv_1_bn", "MobilenetV2/Conv_1", 1, 1, last_input, last_width)
    return Network(alpha, stem, blocks, last)


def infer_alpha(widths: Mapping[str, int]) -> float | None:
    """Find the width multiplier whose network has these widths.

    Parameters
    ----------
    widths
        Output channels by Keras layer name; only the layers present are compared.

    Returns
    -------
    float or None
        A published multiplier where one fits, else the first that fits of 0.01, 0.02 … 3.00.
        Multipliers that give the same widths give the same network.
    """
    for alpha in _candidates():
        layers = network(alpha).convolutions
        if all(widths.get(layer.layer, layer.outputs) == layer.outputs for layer in layers):
            return alpha
    return None


def _candidates() -> Iterable[float]:
    yield from PUBLISHED_ALPHAS
    yield from (step / 100 for step in range(1, 301))


def _blocks(alpha: float, inputs: int) -> Iterator[Block]:
    index = 0
    for stage in STAGES:
        outputs = _width(int(stage.channels * alpha))
        for repeat in range(stage.repeats):
            stride = stage.stride if repeat == 0 else 1
            yield _block(index, inputs, outputs, stage.expansion, stride)
            inputs = outputs
            index += 1


def _block(index: int, inputs: int, outputs: int, expansion: int, stride: int) -> Block:
    layer = f"block_{index}" if index else "expanded_conv"
    scope = f"MobilenetV2/expanded_conv_{index}" if index else "MobilenetV2/expanded_conv"
    inner = inputs * expansion

    def named(part: str) -> tuple[str, str, str]:
        return f"{layer}_{part}", f"{layer}_{part}_BN", f"{scope}/{part}"

    depthwise = Convolution(*named("depthwise"), 3, stride, inner, inner, depthwise=True)
    project = Convolution(*named("project"), 1, 1, inner, outputs, relu=False)
    if index == 0:
        return Block(scope, (depthwise, project))
    return Block(scope, (Convolution(*named("expand"), 1, 1, inputs, inner), depthwise, project))


def _width(channels: float) -> int:
    """Round to the nearest multiple of 8, at least 8, never more than 10 % narrower."""
    rounded = max(_DIVISOR, int(channels + _DIVISOR / 2) // _DIVISOR * _DIVISOR)
    return rounded if rounded >= 0.9 * channels else rounded + _DIVISOR
