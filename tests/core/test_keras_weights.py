from __future__ import annotations

from pathlib import Path

import pytest

from inspector.core.catalogue import keras_weights_name, local_path
from inspector.core.keras_weights import Digest, keras_weights_file
from inspector.core.sources import Source, parse_source


def source(text: str) -> Source:
    return parse_source(f"keras-application:{text}", Path())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("MobileNet", "mobilenet_1_0_224_tf.h5"),
        ("MobileNet?alpha=0.25&size=128", "mobilenet_2_5_128_tf.h5"),
        ("MobileNet?alpha=0.5&size=96", "mobilenet_5_0_224_tf.h5"),
        (
            "MobileNetV2?alpha=1.4&include_top=false",
            "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.4_224_no_top.h5",
        ),
        ("MobileNetV3Small", "weights_mobilenet_v3_small_224_1.0_float.h5"),
        (
            "MobileNetV3Large?minimalistic=true&include_top=false",
            "weights_mobilenet_v3_large_minimalistic_224_1.0_float_no_top_v2.h5",
        ),
        ("ResNet50?include_top=true", "resnet50_weights_tf_dim_ordering_tf_kernels.h5"),
        ("ResNet50V2?include_top=0", "resnet50v2_weights_tf_dim_ordering_tf_kernels_notop.h5"),
        ("NASNetMobile?include_top=false", "nasnet_mobile_no_top.h5"),
        ("EfficientNetB0", "efficientnetb0.h5"),
        ("EfficientNetV2S?include_top=false", "efficientnetv2-s_notop.h5"),
    ],
)
def test_names_are_those_of_keras(text: str, name: str) -> None:
    file = keras_weights_file(source(text))
    assert file is not None
    assert file.name == keras_weights_name(source(text)) == name
    assert file.url.startswith("https://storage.googleapis.com/")


def test_an_address_may_have_another_name_than_the_file() -> None:
    file = keras_weights_file(source("NASNetLarge?include_top=false"))
    assert file is not None
    assert file.url.endswith("/nasnet/NASNet-large-no-top.h5")
    assert file.name == "nasnet_large_no_top.h5"


def test_digests_say_their_kind() -> None:
    md5 = keras_weights_file(source("InceptionV3?include_top=false"))
    assert md5 is not None
    assert md5.digest == Digest("md5", "bcbd6486424b2319ff4ef7d526e38f63")
    sha256 = keras_weights_file(source("ConvNeXtTiny"))
    assert sha256 is not None
    assert sha256.digest is not None
    assert (sha256.digest.kind, len(sha256.digest.value)) == ("sha256", 64)
    none = keras_weights_file(source("MobileNetV2"))
    assert none is not None
    assert none.digest is None


@pytest.mark.parametrize(
    "text",
    [
        "MobileNetV9",
        "MobileNet?alpha=1.3",
        "MobileNetV2?alpha=0.3",
        "MobileNetV3Small?alpha=0.5",
        "MobileNetV3Small?alpha=0.75&minimalistic=true",
    ],
)
def test_what_keras_does_not_publish_has_no_file(text: str) -> None:
    assert keras_weights_file(source(text)) is None
    assert keras_weights_name(source(text)) is None
    assert local_path(source(text)) is None
