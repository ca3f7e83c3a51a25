"""What a user would write by hand to compare the two releases of a pair on a picture.

``python tests/bench/plain_script.py KERAS HUB SIZE IMAGE``, where KERAS is a Keras file or the
weights of a MobileNetV2 0.35, and HUB the folder of a SavedModel. Its time is what the window's is
measured against.
"""

from __future__ import annotations

import sys
from typing import Any

import keras
import numpy as np
import tensorflow as tf
import tensorflow_hub as hub


def load_keras(path: str, size: int) -> Any:
    """Load the left release."""
    if path.endswith(".weights.h5"):
        return keras.applications.MobileNetV2(alpha=0.35, input_shape=(size, size, 3), weights=path)
    return keras.models.load_model(path)


def keras_scores(model: Any, path: str, size: int) -> np.ndarray:
    """Run the left release as keras.io shows it."""
    image = keras.utils.load_img(path, target_size=(size, size))
    batch = np.expand_dims(keras.utils.img_to_array(image), 0)
    batch = keras.applications.mobilenet_v2.preprocess_input(batch)
    return np.asarray(model.predict(batch, verbose=0)[0])


def hub_scores(model: Any, path: str, size: int) -> np.ndarray:
    """Run the right release as tfhub.dev shows it."""
    image = tf.image.decode_jpeg(tf.io.read_file(path), channels=3)
    image = tf.image.convert_image_dtype(image, tf.float32)
    image = tf.image.resize(image, (size, size))
    return np.asarray(tf.nn.softmax(model(image[None]))[0])


def main(keras_path: str, hub_path: str, size: int, path: str) -> None:
    """Load both, run both, print what they say."""
    left = keras_scores(load_keras(keras_path, size), path, size)
    right = hub_scores(hub.load(hub_path), path, size)
    print(int(left.argmax()), int(right.argmax()) - 1, float(np.abs(left - right[1:]).max()))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
