"""Makes modules of Hub's TF1 format in the manner of the published InceptionV3, and Keras twins.

The network has InceptionV3's stem, its eleven ``Mixed`` blocks by name and order, batch norm
without gamma, and dropout before the logits; the blocks have two branches instead of four, and the
numbers of channels are scaled by `Inception.width`. A module holds two MetaGraphs, tagged with
nothing (inference) and with ``train`` (batch norm on the batch's statistics, dropout on), one
checkpoint, and ``tfhub_module.pb``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

v1 = tf.compat.v1
SCOPE = "InceptionV3"
EPSILON = 1e-3
DECAY = 0.9997

_STEM = (
    ("Conv2d_1a_3x3", 32, 3, 2, "VALID"),
    ("Conv2d_2a_3x3", 32, 3, 1, "VALID"),
    ("Conv2d_2b_3x3", 64, 3, 1, "SAME"),
    ("MaxPool_3a_3x3", 0, 3, 2, "VALID"),
    ("Conv2d_3b_1x1", 80, 1, 1, "VALID"),
    ("Conv2d_4a_3x3", 192, 3, 1, "VALID"),
    ("MaxPool_5a_3x3", 0, 3, 2, "VALID"),
)
_MIXED = {
    **{"Mixed_5b": 256, "Mixed_5c": 288, "Mixed_5d": 288},
    **{"Mixed_6a": 768, "Mixed_6b": 768, "Mixed_6c": 768, "Mixed_6d": 768, "Mixed_6e": 768},
    **{"Mixed_7a": 1280, "Mixed_7b": 2048, "Mixed_7c": 2048},
}
_REDUCING = {"Mixed_6a", "Mixed_7a"}


@dataclass(frozen=True)
class Inception:
    """What to make.

    Attributes
    ----------
    size
        Height and width of the input: at 299 ``Mixed_6e`` is 17 × 17; 107 is the least at which it
        is 5 × 5, 75 the least of all.
    width
        Share of InceptionV3's channels; ``Mixed_6e`` has 768 of them at 1.
    classes
        Rows of the classifier, the background at index 0 among them.
    dropout
        Share of the features that the ``train`` graph drops.
    classifier
        Whether it is published as a classification module, else as a feature vector.
    fixed_size
        Whether the signature fixes height and width.
    attachment
        Whether ``image_module_info`` with the size is attached.
    resource
        Whether variables are resources; published modules hold reference variables.
    saver
        Whether it is written by ``saved_model.Builder``, which puts a saver into each graph; Hub's
        own writer put none.
    """

    size: int = 107
    width: float = 1 / 16
    classes: int = 11
    dropout: float = 0.2
    classifier: bool = True
    fixed_size: bool = True
    attachment: bool = False
    resource: bool = False
    saver: bool = False
    seed: int = 0

    def channels(self, full: int) -> int:
        return max(2, round(full * self.width))


@dataclass(frozen=True, eq=False)
class Tf1Module:
    """A module on disk.

    Attributes
    ----------
    folder
        Holds ``saved_model.pb``, ``variables/`` and ``tfhub_module.pb``.
    weights
        Values by slim's names, such as ``InceptionV3/Conv2d_1a_3x3/weights``.
    endpoints
        Names of the activations that its signatures give beside ``default``, in depth order.
    """

    folder: Path
    made: Inception
    weights: dict[str, NDArray[np.float32]]
    endpoints: tuple[str, ...] = field(default=())


def make_module(folder: Path, made: Inception | None = None) -> Tf1Module:
    """Write a TF1-format Hub module; eager mode stays as it is."""
    made = made or Inception()
    weights = dict(_draw(made))
    graphs = []
    for tags in ((), ("train",)):
        with tf.Graph().as_default() as graph:
            network = _Graph(made, training="train" in tags)
            signatures = network.signatures()
            graphs.append((tags, graph, network, signatures))
    write = _write_with_saver if made.saver else _write_as_hub
    write(folder, made, weights, graphs)
    (folder / "tfhub_module.pb").write_bytes(b"\x08\x03")
    return Tf1Module(folder, made, weights, tuple(graphs[0][2].endpoints))


def _convolutions(made: Inception) -> Iterator[tuple[str, int, int, int]]:
    """Give scope, kernel size, and channels in and out of each convolution with batch norm."""
    before = 3
    for name, full, kernel, _, _ in _STEM:
        if full:
            after = made.channels(full)
            yield name, kernel, before, after
            before = after
    for name, full in _MIXED.items():
        after = made.channels(full)
        if name in _REDUCING:
            yield f"{name}/Branch_0/Conv2d_1a_1x1", 3, before, after - before
        else:
            half, quarter = after // 2, max(1, after // 4)
            yield f"{name}/Branch_0/Conv2d_0a_1x1", 1, before, half
            yield f"{name}/Branch_1/Conv2d_0a_1x1", 1, before, quarter
            yield f"{name}/Branch_1/Conv2d_0b_3x3", 3, quarter, after - half
        before = after


def _draw(made: Inception) -> Iterator[tuple[str, NDArray[np.float32]]]:
    random = np.random.default_rng(made.seed)
    for name, kernel, before, after in _convolutions(made):
        spread = np.sqrt(2.0 / (kernel * kernel * before))
        shape = (kernel, kernel, before, after)
        for part, values in (
            ("weights", random.normal(0, spread, shape)),
            ("BatchNorm/beta", random.normal(0, 0.1, after)),
            ("BatchNorm/moving_mean", random.normal(0, 0.1, after)),
            ("BatchNorm/moving_variance", random.uniform(0.6, 1.4, after)),
        ):
            yield f"{SCOPE}/{name}/{part}", values.astype(np.float32)
    features = made.channels(2048)
    if made.classifier:
        head = f"{SCOPE}/Logits/Conv2d_1c_1x1"
        kernel_values = random.normal(0, 3 / np.sqrt(features), (1, 1, features, made.classes))
        yield f"{head}/weights", kernel_values.astype(np.float32)
        yield f"{head}/biases", random.normal(0, 0.5, made.classes).astype(np.float32)


class _Graph:
    """One MetaGraph's network, built into the default graph."""

    def __init__(self, made: Inception, training: bool) -> None:
        self.made = made
        self.training = training
        self.endpoints: dict[str, Any] = {}
        self.variables: dict[str, Any] = {}
        side = made.size if made.fixed_size else None
        self.images = v1.placeholder(tf.float32, [None, side, side, 3], name="images")
        with tf.name_scope("hub_input"):
            x = tf.subtract(tf.multiply(self.images, 2.0), 1.0)
        self.features, self.logits = self._network(x)

    def signatures(self) -> dict[str, Any]:
        inputs = {"images": self.images}
        vector = {"default": self.features, **self.endpoints}
        if not self.made.classifier:
            chosen = {"default": vector, "image_feature_vector": vector}
        else:
            logits = {"default": self.logits, **self.endpoints}
            chosen = {
                "default": logits,
                "image_classification": logits,
                "image_feature_vector": vector,
            }
        return {
            name: v1.saved_model.predict_signature_def(inputs, outputs)
            for name, outputs in chosen.items()
        }

    def _variable(self, name: str, shape: tuple[int, ...], trainable: bool = True) -> Any:
        with v1.variable_scope(v1.get_variable_scope(), use_resource=self.made.resource):
            variable = v1.get_variable(
                f"{SCOPE}/{name}", shape, initializer=v1.zeros_initializer(), trainable=trainable
            )
        self.variables[f"{SCOPE}/{name}"] = variable
        return variable

    def _network(self, x: Any) -> tuple[Any, Any]:
        layers = {name: (kernel, i, o) for name, kernel, i, o in _convolutions(self.made)}
        for name, full, kernel, stride, padding in _STEM:
            if full:
                x = self._convolve(x, name, layers[name], stride, padding)
            else:
                x = tf.nn.max_pool2d(x, kernel, stride, padding, name=f"{SCOPE}/{name}/MaxPool")
            self.endpoints[f"{SCOPE}/{name}"] = x
        for name in _MIXED:
            x = self._mixed(x, name, layers)
            self.endpoints[f"{SCOPE}/{name}"] = x
        x = tf.reduce_mean(x, [1, 2], keepdims=True, name=f"{SCOPE}/Logits/AvgPool_1a")
        self.endpoints[f"{SCOPE}/global_pool"] = x
        features = tf.squeeze(x, [1, 2], name="hub_output/feature_vector/SpatialSqueeze")
        return features, self._logits(x) if self.made.classifier else None

    def _logits(self, x: Any) -> Any:
        made, head = self.made, "Logits/Conv2d_1c_1x1"
        if self.training and made.dropout:
            x = tf.nn.dropout(x, made.dropout, name=f"{SCOPE}/Logits/Dropout_1b/dropout")
        kernel = self._variable(f"{head}/weights", (1, 1, made.channels(2048), made.classes))
        x = tf.nn.conv2d(x, kernel, 1, "SAME", name=f"{SCOPE}/{head}/Conv2D")
        bias = self._variable(f"{head}/biases", (made.classes,))
        x = tf.nn.bias_add(x, bias, name=f"{SCOPE}/{head}/BiasAdd")
        logits = tf.squeeze(x, [1, 2], name=f"{SCOPE}/Logits/SpatialSqueeze")
        self.endpoints[f"{SCOPE}/Logits"] = logits
        self.endpoints[f"{SCOPE}/Predictions"] = tf.nn.softmax(
            logits, name=f"{SCOPE}/Predictions/Softmax"
        )
        return logits

    def _mixed(self, x: Any, name: str, layers: dict[str, tuple[int, int, int]]) -> Any:
        if name in _REDUCING:
            conv = f"{name}/Branch_0/Conv2d_1a_1x1"
            first = self._convolve(x, conv, layers[conv], 2, "VALID")
            second = tf.nn.max_pool2d(
                x, 3, 2, "VALID", name=f"{SCOPE}/{name}/Branch_1/MaxPool_1a_3x3/MaxPool"
            )
        else:
            zero, one, two = (
                f"{name}/Branch_0/Conv2d_0a_1x1",
                f"{name}/Branch_1/Conv2d_0a_1x1",
                f"{name}/Branch_1/Conv2d_0b_3x3",
            )
            first = self._convolve(x, zero, layers[zero], 1, "SAME")
            second = self._convolve(x, one, layers[one], 1, "SAME")
            second = self._convolve(second, two, layers[two], 1, "SAME")
        return tf.concat([first, second], 3, name=f"{SCOPE}/{name}/concat")

    def _convolve(
        self, x: Any, name: str, layer: tuple[int, int, int], stride: int, padding: str
    ) -> Any:
        size, before, after = layer
        kernel = self._variable(f"{name}/weights", (size, size, before, after))
        x = tf.nn.conv2d(x, kernel, stride, padding, name=f"{SCOPE}/{name}/Conv2D")
        x = self._normalise(x, name, after)
        return tf.nn.relu(x, name=f"{SCOPE}/{name}/Relu")

    def _normalise(self, x: Any, name: str, channels: int) -> Any:
        parts = [self._variable(f"{name}/BatchNorm/beta", (channels,))]
        parts += [
            self._variable(f"{name}/BatchNorm/{part}", (channels,), trainable=False)
            for part in ("moving_mean", "moving_variance")
        ]
        beta, *moving = parts
        statistics = {} if self.training else {"mean": moving[0], "variance": moving[1]}
        y, *batch = v1.nn.fused_batch_norm(
            x,
            tf.ones([channels], name=f"{SCOPE}/{name}/BatchNorm/Const"),
            beta,
            **statistics,
            epsilon=EPSILON,
            is_training=self.training,
            name=f"{SCOPE}/{name}/BatchNorm/FusedBatchNorm",
        )
        if self.training:
            for variable, value in zip(moving, batch, strict=True):
                update = v1.assign_sub(variable, (variable - value) * (1 - DECAY))
                v1.add_to_collection(v1.GraphKeys.UPDATE_OPS, update)
        return y


_Graphs = list[tuple[tuple[str, ...], Any, _Graph, dict[str, Any]]]


def _write_as_hub(
    folder: Path, made: Inception, weights: dict[str, NDArray[np.float32]], graphs: _Graphs
) -> None:
    """Write graphs without savers, and a checkpoint beside them, as Hub's own writer did."""
    model = saved_model_pb2.SavedModel(saved_model_schema_version=1)
    for tags, graph, _, signatures in graphs:
        with graph.as_default():
            meta = v1.train.export_meta_graph(strip_default_attrs=True)
        meta.meta_info_def.tags.extend(tags)
        for name, signature in signatures.items():
            meta.signature_def[name].CopyFrom(signature)
        _attach(meta, made)
        model.meta_graphs.append(meta)
    _, graph, network, _ = graphs[0]
    (folder / "variables").mkdir(parents=True)
    with graph.as_default(), v1.Session(graph=graph) as session:
        saver = v1.train.Saver(network.variables)
        _assign(session, network, weights)
        saver.save(
            session,
            str(folder / "variables" / "variables"),
            write_meta_graph=False,
            write_state=False,
        )
    (folder / "saved_model.pb").write_bytes(model.SerializeToString())


def _write_with_saver(
    folder: Path, made: Inception, weights: dict[str, NDArray[np.float32]], graphs: _Graphs
) -> None:
    folder.rmdir() if folder.is_dir() else None
    builder = v1.saved_model.Builder(str(folder))
    for number, (tags, graph, network, signatures) in enumerate(graphs):
        with graph.as_default(), v1.Session(graph=graph) as session:
            _assign(session, network, weights)
            if number:
                builder.add_meta_graph(list(tags), signatures)
            else:
                builder.add_meta_graph_and_variables(session, list(tags), signatures)
    builder.save()


def _assign(session: Any, network: _Graph, weights: dict[str, NDArray[np.float32]]) -> None:
    assert set(weights) == set(network.variables)
    for name, variable in network.variables.items():
        variable.load(weights[name], session)


def _attach(meta: Any, made: Inception) -> None:
    """Attach ``image_module_info``: two protocol buffers of a few bytes, written by hand."""
    if not made.attachment:
        return
    sides = b"\x08" + _varint(made.size) + b"\x10" + _varint(made.size)
    value = b"\x0a" + _varint(len(sides)) + sides
    key = b"image_module_info"
    attachment = b"\x0a" + _varint(len(key)) + key + b"\x12" + _varint(len(value)) + value
    meta.collection_def["hub_module_attachments"].bytes_list.value.append(attachment)


def _varint(number: int) -> bytes:
    """Encode a number of protocol buffers: seven bits a byte, the lowest first."""
    head, rest = number & 0x7F, number >> 7
    return bytes([head | 0x80]) + _varint(rest) if rest else bytes([head])


def keras_twin(module: Tf1Module) -> Any:
    """Make a Keras model of the same weights: [-1, 1] in, probabilities without background out.

    Its layers are named as in ``keras.applications.InceptionV3``: ``mixed0`` for ``Mixed_5b``.
    """
    made, weights, known = module.made, module.weights, []
    layers = {name: (kernel, after) for name, kernel, _, after in _convolutions(made)}

    def convolve(x: Any, name: str, stride: int = 1, padding: str = "same") -> Any:
        kernel, after = layers[name]
        convolution = keras.layers.Conv2D(after, kernel, stride, padding, use_bias=False)
        norm = keras.layers.BatchNormalization(scale=False, epsilon=EPSILON)
        known.append((convolution, norm, name))
        return keras.layers.Activation("relu")(norm(convolution(x)))

    x = inputs = keras.Input((made.size, made.size, 3))
    for name, full, _, stride, padding in _STEM:
        x = (
            convolve(x, name, stride, padding.lower())
            if full
            else keras.layers.MaxPooling2D(3, 2)(x)
        )
    for number, name in enumerate(_MIXED):
        if name in _REDUCING:
            first = convolve(x, f"{name}/Branch_0/Conv2d_1a_1x1", 2, "valid")
            second = keras.layers.MaxPooling2D(3, 2)(x)
        else:
            first = convolve(x, f"{name}/Branch_0/Conv2d_0a_1x1")
            second = convolve(x, f"{name}/Branch_1/Conv2d_0a_1x1")
            second = convolve(second, f"{name}/Branch_1/Conv2d_0b_3x3")
        x = keras.layers.Concatenate(name=f"mixed{number}")([first, second])
    x = keras.layers.GlobalAveragePooling2D(name="avg_pool")(x)
    if made.classifier:
        head = keras.layers.Dense(made.classes - 1, activation="softmax", name="predictions")
        x = head(x)
    model = keras.Model(inputs, x)
    for convolution, norm, name in known:
        scope = f"{SCOPE}/{name}"
        convolution.set_weights([weights[f"{scope}/weights"]])
        parts = ("beta", "moving_mean", "moving_variance")
        norm.set_weights([weights[f"{scope}/BatchNorm/{part}"] for part in parts])
    if made.classifier:
        slim = f"{SCOPE}/Logits/Conv2d_1c_1x1"
        head.set_weights([weights[f"{slim}/weights"][0, 0, :, 1:], weights[f"{slim}/biases"][1:]])
    return model
