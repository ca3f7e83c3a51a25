"""The files of ImageNet weights that ``keras.applications`` asks for: name, address and digest.

The facts are those of Keras 3.15 (``keras/src/applications``); ``tests/engine/test_keras_files.py``
holds them against what Keras asks ``get_file`` for. To add an application, write a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from inspector.core.sources import Source

    _Row = Callable[[Source], "WeightsFile | None"]

BASE = "https://storage.googleapis.com/tensorflow/keras-applications/"
"""Where Keras keeps the weights of most applications."""

EFFICIENT_BASE = "https://storage.googleapis.com/keras-applications/"
"""Where it keeps those of EfficientNet."""


@dataclass(frozen=True, slots=True)
class Digest:
    """A published digest: its kind, ``md5`` or ``sha256``, and its hexadecimal digits."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class WeightsFile:
    """A file of weights.

    Attributes
    ----------
    name
        As Keras keeps it in its cache.
    url
        Where Keras fetches it from.
    digest
        As Keras demands it; None where it publishes none.
    """

    name: str
    url: str
    digest: Digest | None = None


def keras_weights_file(source: Source) -> WeightsFile | None:
    """Give the file that holds the ImageNet weights of a Keras application.

    Returns
    -------
    WeightsFile | None
        None where the application is not known here, or has no such weights (Keras publishes some
        values of alpha only).
    """
    row = _APPLICATIONS.get(source.target)
    return None if row is None else row(source)


def _has_top(source: Source) -> bool:
    return source.option("include_top", "true") not in {"false", "0"}


def _size(source: Source, published: tuple[int, ...]) -> int:
    """Give the size whose weights Keras takes: 224 where an input's own is not published."""
    size = int(source.option("size", "224"))
    return size if size in published else 224


def _mobilenet(source: Source) -> WeightsFile | None:
    alpha = {1.0: "1_0", 0.75: "7_5", 0.5: "5_0", 0.25: "2_5"}.get(
        float(source.option("alpha", "1.0"))
    )
    if alpha is None:
        return None
    top = "" if _has_top(source) else "_no_top"
    name = f"mobilenet_{alpha}_{_size(source, (128, 160, 192, 224))}_tf{top}.h5"
    return WeightsFile(name, f"{BASE}mobilenet/{name}")


def _mobilenet_v2(source: Source) -> WeightsFile | None:
    alpha = float(source.option("alpha", "1.0"))
    if alpha not in {0.35, 0.5, 0.75, 1.0, 1.3, 1.4}:
        return None
    top = "" if _has_top(source) else "_no_top"
    size = _size(source, (96, 128, 160, 192, 224))
    name = f"mobilenet_v2_weights_tf_dim_ordering_tf_kernels_{alpha}_{size}{top}.h5"
    return WeightsFile(name, f"{BASE}mobilenet_v2/{name}")


def _mobilenet_v3(size: str) -> _Row:
    def row(source: Source) -> WeightsFile | None:
        lean = "_minimalistic" if source.option("minimalistic") in {"1", "true", "True"} else ""
        model = f"{size}{lean}_224_{float(source.option('alpha', '1.0'))}_float"
        digests = _MOBILENET_V3.get(model)
        if digests is None:
            return None
        top = _has_top(source)
        name = f"weights_mobilenet_v3_{model}{'' if top else '_no_top_v2'}.h5"
        return WeightsFile(name, f"{BASE}mobilenet_v3/{name}", Digest("md5", digests[not top]))

    return row


def _nasnet(size: str, *digests: str) -> _Row:
    def row(source: Source) -> WeightsFile:
        top = _has_top(source)
        name = f"nasnet_{size}{'' if top else '_no_top'}.h5"
        url = f"{BASE}nasnet/NASNet-{size}{'' if top else '-no-top'}.h5"
        return WeightsFile(name, url, Digest("md5", digests[not top]))

    return row


def _plain(path: str, *digests: str, base: str = BASE) -> _Row:
    """Give the row of an application that has one file with its top and one without.

    Parameters
    ----------
    path
        Below `base`, without the ``_notop`` and the suffix.
    digests
        With the top and without; SHA-256 where they are as long, else MD5, as Keras takes them.
    """

    def row(source: Source) -> WeightsFile:
        top = _has_top(source)
        whole = f"{path}{'' if top else '_notop'}.h5"
        digest = digests[not top]
        kind = "sha256" if len(digest) == 64 else "md5"
        return WeightsFile(whole.rpartition("/")[2], base + whole, Digest(kind, digest))

    return row


def _kernels(folder: str, name: str, *digests: str) -> _Row:
    return _plain(f"{folder}/{name}_weights_tf_dim_ordering_tf_kernels", *digests)


_MOBILENET_V3 = {
    "large_224_0.75_float": (
        "765b44a33ad4005b3ac83185abf1d0eb",
        "40af19a13ebea4e2ee0c676887f69a2e",
    ),
    "large_224_1.0_float": ("59e551e166be033d707958cf9e29a6a7", "07fb09a5933dd0c8eaafa16978110389"),
    "large_minimalistic_224_1.0_float": (
        "675e7b876c45c57e9e63e6d90a36599c",
        "ec5221f64a2f6d1ef965a614bdae7973",
    ),
    "small_224_0.75_float": (
        "cb65d4e5be93758266aa0a7f2c6708b7",
        "ebdb5cc8e0b497cd13a7c275d475c819",
    ),
    "small_224_1.0_float": ("8768d4c2e7dee89b9d02b2d03d65d862", "d3e8ec802a04aa4fc771ee12a9a9b836"),
    "small_minimalistic_224_1.0_float": (
        "99cd97fb2fcdad2bf028eb838de69e37",
        "cde8136e733e811080d9fcd8a252f7e4",
    ),
}

_APPLICATIONS: dict[str, _Row] = {
    "MobileNet": _mobilenet,
    "MobileNetV2": _mobilenet_v2,
    "MobileNetV3Small": _mobilenet_v3("small"),
    "MobileNetV3Large": _mobilenet_v3("large"),
    "NASNetMobile": _nasnet(
        "mobile", "020fb642bf7360b370c678b08e0adf61", "1ed92395b5b598bdda52abe5c0dbfd63"
    ),
    "NASNetLarge": _nasnet(
        "large", "11577c9a518f0070763c2b964a382f17", "d81d89dc07e6e56530c4e77faddd61b5"
    ),
    "InceptionV3": _kernels(
        "inception_v3",
        "inception_v3",
        "9a0d58056eeedaa3f26cb7ebd46da564",
        "bcbd6486424b2319ff4ef7d526e38f63",
    ),
    "InceptionResNetV2": _kernels(
        "inception_resnet_v2",
        "inception_resnet_v2",
        "e693bd0210a403b3192acc6073ad2e96",
        "d19885ff4a710c122648d3b5c3b684e4",
    ),
    "Xception": _kernels(
        "xception",
        "xception",
        "0a58e3b7378bc2990ea3b43d5981f1f6",
        "b0042744bf5b25fce3cb969f33bebb97",
    ),
    "VGG16": _kernels(
        "vgg16", "vgg16", "64373286793e3c8b2b4e3219cbf3544b", "6d6bbae143d832006294945121d1f1fc"
    ),
    "VGG19": _kernels(
        "vgg19", "vgg19", "cbe5617147190e668d6c5d5026f83318", "253f8cb515780f3b799900260a226db6"
    ),
    "ResNet50": _kernels(
        "resnet", "resnet50", "2cb95161c43110f7111970584f804107", "4d473c1dd8becc155b73f8504c6f6626"
    ),
    "ResNet101": _kernels(
        "resnet",
        "resnet101",
        "f1aeb4b969a6efcfb50fad2f0c20cfc5",
        "88cf7a10940856eca736dc7b7e228a21",
    ),
    "ResNet152": _kernels(
        "resnet",
        "resnet152",
        "100835be76be38e30d865e96f2aaae62",
        "ee4c566cf9a93f14d82f913c2dc6dd0c",
    ),
    "ResNet50V2": _kernels(
        "resnet",
        "resnet50v2",
        "3ef43a0b657b3be2300d5770ece849e0",
        "fac2f116257151a9d068a22e544a4917",
    ),
    "ResNet101V2": _kernels(
        "resnet",
        "resnet101v2",
        "6343647c601c52e1368623803854d971",
        "c0ed64b8031c3730f411d2eb4eea35b5",
    ),
    "ResNet152V2": _kernels(
        "resnet",
        "resnet152v2",
        "a49b44d1979771252814e80f8ec446f9",
        "ed17cf2e0169df9d443503ef94b23b33",
    ),
    "DenseNet121": _kernels(
        "densenet",
        "densenet121",
        "9d60b8095a5708f2dcce2bca79d332c7",
        "30ee3e1110167f948a6b9946edeeb738",
    ),
    "DenseNet169": _kernels(
        "densenet",
        "densenet169",
        "d699b8f76981ab1b30698df4c175e90b",
        "b8c4d4c20dd625c148057b9ff1c1176b",
    ),
    "DenseNet201": _kernels(
        "densenet",
        "densenet201",
        "1ceb130c1ea1b78c3bf6114dbdfd8807",
        "c13680b51ded0fb44dff2d8f86ac8bb1",
    ),
    "EfficientNetB0": _plain(
        "efficientnetb0",
        "902e53a9f72be733fc0bcb005b3ebbac",
        "50bc09e76180e00e4465e1a485ddc09d",
        base=EFFICIENT_BASE,
    ),
    "EfficientNetB1": _plain(
        "efficientnetb1",
        "1d254153d4ab51201f1646940f018540",
        "74c4e6b3e1f6a1eea24c589628592432",
        base=EFFICIENT_BASE,
    ),
    "EfficientNetB2": _plain(
        "efficientnetb2",
        "b15cce36ff4dcbd00b6dd88e7857a6ad",
        "111f8e2ac8aa800a7a99e3239f7bfb39",
        base=EFFICIENT_BASE,
    ),
    "EfficientNetB3": _plain(
        "efficientnetb3",
        "ffd1fdc53d0ce67064dc6a9c7960ede0",
        "af6d107764bb5b1abb91932881670226",
        base=EFFICIENT_BASE,
    ),
    "EfficientNetB4": _plain(
        "efficientnetb4",
        "18c95ad55216b8f92d7e70b3a046e2fc",
        "ebc24e6d6c33eaebbd558eafbeedf1ba",
        base=EFFICIENT_BASE,
    ),
    "EfficientNetB5": _plain(
        "efficientnetb5",
        "ace28f2a6363774853a83a0b21b9421a",
        "38879255a25d3c92d5e44e04ae6cec6f",
        base=EFFICIENT_BASE,
    ),
    "EfficientNetB6": _plain(
        "efficientnetb6",
        "165f6e37dce68623721b423839de8be5",
        "9ecce42647a20130c1f39a5d4cb75743",
        base=EFFICIENT_BASE,
    ),
    "EfficientNetB7": _plain(
        "efficientnetb7",
        "8c03f828fec3ef71311cd463b6759d99",
        "cbcfe4450ddf6f3ad90b1b398090fe4a",
        base=EFFICIENT_BASE,
    ),
    "EfficientNetV2B0": _plain(
        "efficientnet_v2/efficientnetv2-b0",
        "21ecbf6da12460d5c40bb2f29ceb2188",
        "893217f2bb855e2983157299931e43ff",
    ),
    "EfficientNetV2B1": _plain(
        "efficientnet_v2/efficientnetv2-b1",
        "069f0534ff22adf035c89e2d9547a9dc",
        "0e80663031ca32d657f9caa404b6ec37",
    ),
    "EfficientNetV2B2": _plain(
        "efficientnet_v2/efficientnetv2-b2",
        "424e49f28180edbde1e94797771950a7",
        "1dfe2e7a5d45b6632553a8961ea609eb",
    ),
    "EfficientNetV2B3": _plain(
        "efficientnet_v2/efficientnetv2-b3",
        "1f1fc43bd98a6e4fd8fdfd551e02c7a0",
        "f6abf7b5849ac99a89b50dd3fd532856",
    ),
    "EfficientNetV2S": _plain(
        "efficientnet_v2/efficientnetv2-s",
        "e1d88a8495beba45748fedd0cecbe016",
        "af0682fb74e8c54910f2d4393339c070",
    ),
    "EfficientNetV2M": _plain(
        "efficientnet_v2/efficientnetv2-m",
        "a3bf6aa3276309f4fc6a34aa114c95cd",
        "1b8dc055df72dde80d614482840fe342",
    ),
    "EfficientNetV2L": _plain(
        "efficientnet_v2/efficientnetv2-l",
        "27e6d408b53c7ebc868fefa357689935",
        "b0b66b5c863aef5b46e8608fe1711615",
    ),
    "ConvNeXtTiny": _plain(
        "convnext/convnext_tiny",
        "8ae6e78ce2933352b1ef4008e6dd2f17bc40771563877d156bc6426c7cf503ff",
        "d547c096cabd03329d7be5562c5e14798aa39ed24b474157cef5e85ab9e49ef1",
    ),
    "ConvNeXtSmall": _plain(
        "convnext/convnext_small",
        "ce1277d8f1ee5a0ef0e171469089c18f5233860ceaf9b168049cb9263fd7483c",
        "6fc8009faa2f00c1c1dfce59feea9b0745eb260a7dd11bee65c8e20843da6eab",
    ),
    "ConvNeXtBase": _plain(
        "convnext/convnext_base",
        "52cbb006d3dadd03f6e095a8ca1aca47aecdd75acb4bc74bce1f5c695d0086e6",
        "40a20c5548a5e9202f69735ecc06c990e6b7c9d2de39f0361e27baeb24cb7c45",
    ),
    "ConvNeXtLarge": _plain(
        "convnext/convnext_large",
        "070c5ed9ed289581e477741d3b34beffa920db8cf590899d6d2c67fba2a198a6",
        "96f02b6f0753d4f543261bc9d09bed650f24dd6bc02ddde3066135b63d23a1cd",
    ),
    "ConvNeXtXLarge": _plain(
        "convnext/convnext_xlarge",
        "c1f5ccab661354fc3a79a10fa99af82f0fbf10ec65cb894a3ae0815f17a889ee",
        "de3f8a54174130e0cecdc71583354753d557fcf1f4487331558e2a16ba0cfe05",
    ),
}
"""Every application of Keras 3.15."""
