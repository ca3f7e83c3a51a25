"""Models that act by themselves when they are loaded or run; made here, shipped nowhere.

Each that writes does so to `Hostile.marker`, so that a test can see whether it acted.
"""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from typing import TYPE_CHECKING, Any

import h5py
import keras
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

from tests.support import models

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SHAPE = [None, 8, 8, 3]
_v1 = tf.compat.v1


class Hostile:
    """Makes hostile models below one folder, each once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.marker = folder / "marker"
        self._made: dict[str, Path] = {}

    def once(self, name: str, make: Callable[[Path], None]) -> Path:
        """Give what `make` puts at `folder / name`; the marker is gone afterwards."""
        if name not in self._made:
            make(self.folder / name)
            self._made[name] = self.folder / name
        self.clean()
        return self._made[name]

    def clean(self) -> None:
        for file in self.folder.glob("marker*"):
            file.unlink()

    def has_acted(self) -> bool:
        return any(self.folder.glob("marker*"))

    # SavedModels

    def clean_model(self) -> Path:
        """Give an innocent SavedModel with a restorable variable."""
        return self.once("clean", lambda path: _save(_Caller(lambda x: x), path))

    def calling(self, name: str, act: Callable[[Any], Any]) -> Path:
        """Give a SavedModel that acts when it is called."""
        return self.once(name, lambda path: _save(_Caller(act), path))

    def initialising(self, name: str, act: Callable[[], Any]) -> Path:
        """Give a SavedModel that acts when it is loaded: in the initialiser of a resource."""

        def make(path: Path) -> None:
            module = _Caller(lambda x: x)
            module.resource = _Resource(act)
            _save(module, path)

        return self.once(name, make)

    def old_style(self, name: str, act: Callable[[], Any]) -> Path:
        """Give a TensorFlow 1 SavedModel that acts when it is loaded: in its ``main_op``."""
        return self.once(name, lambda path: save_old_style(path, act))

    def edited(self, name: str, source: Path, change: Callable[[Any], None]) -> Path:
        """Give a SavedModel whose graph was changed by hand."""

        def make(path: Path) -> None:
            shutil.copytree(source, path)
            file = path / "saved_model.pb"
            message = saved_model_pb2.SavedModel.FromString(file.read_bytes())
            change(message)
            file.write_bytes(message.SerializeToString())

        return self.once(name, make)

    # Keras files

    def clean_keras(self, suffix: str = ".keras") -> Path:
        return self.once(f"clean{suffix}", lambda path: models.keras_model().save(path))

    def with_lambda(self, suffix: str) -> Path:
        """Give a Keras model whose layer 'writer' writes when the model is built."""
        marker = str(self.marker)

        def make(path: Path) -> None:
            model = keras.Sequential(
                [
                    keras.Input((8, 8, 3)),
                    keras.layers.GlobalAveragePooling2D(),
                    keras.layers.Lambda(_writing_lambda(marker), name="writer"),
                    keras.layers.Softmax(),
                ]
            )
            model.save(path)

        return self.once(f"lambda{suffix}", make)

    def with_config(self, name: str, change: Callable[[dict[str, Any]], None]) -> Path:
        """Give a ``.keras`` file whose configuration was changed by hand."""
        source = self.clean_keras()

        def edit(data: bytes) -> bytes:
            config = json.loads(data)
            change(config)
            return json.dumps(config).encode()

        return self.once(name, lambda path: rewrite(source, path, {"config.json": edit}))

    def with_hdf5(self, name: str, change: Callable[[h5py.File], None]) -> Path:
        """Give an old-style ``.h5`` model that was changed by hand."""
        source = self.clean_keras(".h5")

        def make(path: Path) -> None:
            shutil.copy(source, path)
            with h5py.File(path, "r+") as file:
                change(file)

        return self.once(name, make)

    def with_hdf5_inside(self, name: str, change: Callable[[h5py.File], None]) -> Path:
        """Give a ``.keras`` file whose weights were changed by hand."""
        source = self.clean_keras()

        def edit(data: bytes) -> bytes:
            buffer = io.BytesIO(data)
            with h5py.File(buffer, "r+") as file:
                change(file)
            return buffer.getvalue()

        return self.once(name, lambda path: rewrite(source, path, {"model.weights.h5": edit}))


class _Caller(tf.Module):  # type: ignore[misc]
    """Averages the colours of a picture, and does something else beside it."""

    def __init__(self, act: Callable[[Any], Any]) -> None:
        super().__init__()
        self.weight = tf.Variable(tf.ones([3, 4]))

        def call(images: Any) -> Any:
            return tf.reduce_mean(act(images), axis=(1, 2)) @ self.weight

        self.__call__ = tf.function(call, input_signature=[tf.TensorSpec(SHAPE, tf.float32)])


class _Resource(tf.saved_model.experimental.TrackableResource):  # type: ignore[misc]
    """A resource whose initialiser does something."""

    def __init__(self, act: Callable[[], Any]) -> None:
        super().__init__()
        self._act = act

    def _create_resource(self) -> Any:
        return tf.raw_ops.HashTableV2(key_dtype=tf.string, value_dtype=tf.int64)

    def _initialize(self) -> None:
        self._act()

    def _destroy_resource(self) -> None:
        pass


def _save(module: Any, path: Path) -> None:
    tf.saved_model.save(module, str(path))


def save_old_style(
    path: Path,
    act: Callable[[], Any],
    tags: tuple[tuple[str, ...], ...] = (("serve",),),
    assets: bool = False,
) -> None:
    """Write a TensorFlow 1 SavedModel with one meta graph for each set of tags."""
    builder = _v1.saved_model.Builder(str(path))
    for number, tag in enumerate(tags):
        with tf.Graph().as_default(), _v1.Session() as session:
            images = _v1.placeholder(tf.float32, SHAPE, "images")
            weight = _v1.get_variable("weight", initializer=tf.ones([3, 4]), use_resource=True)
            logits = tf.matmul(tf.reduce_mean(images, axis=(1, 2)), weight)
            session.run(_v1.global_variables_initializer())
            signature = _v1.saved_model.signature_def_utils.predict_signature_def(
                {"images": images}, {"default": logits}
            )
            arguments: dict[str, Any] = {
                "signature_def_map": {"default": signature},
                "main_op": tf.group(act()),
                "assets_collection": _v1.get_collection("asset_filepaths") if assets else None,
            }
            if number:
                builder.add_meta_graph(list(tag), **arguments)
            else:
                builder.add_meta_graph_and_variables(session, list(tag), **arguments)
    builder.save()


def _writing_lambda(marker: str) -> Callable[[Any], Any]:
    """Give a function that writes when it is called; it takes everything that it needs along."""
    return lambda x: (open(marker, "w").close(), x)[1]


def rewrite(source: Path, target: Path, changes: dict[str, Callable[[bytes], bytes]]) -> None:
    """Copy an archive, some of its members changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for member in old.namelist():
            data = old.read(member)
            new.writestr(member, changes[member](data) if member in changes else data)
