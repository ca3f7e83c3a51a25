"""The files that we say Keras asks for, against what Keras really asks ``get_file`` for."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras
import pytest
from keras.src.applications import convnext, efficientnet, efficientnet_v2, resnet, resnet_v2
from keras.src.utils import file_utils

from inspector.core.catalogue import shipped_pairs
from inspector.core.keras_weights import Digest, WeightsFile, keras_weights_file
from inspector.core.sources import SourceKind, parse_source

if TYPE_CHECKING:
    from collections.abc import Callable

    from inspector.core.sources import Source


def in_catalogue() -> list[Source]:
    """Give every Keras application of the catalogue that is not a file of our own, once."""
    sources = [side.source for pair in shipped_pairs() for side in (pair.left, pair.right)]
    return [
        source
        for source in dict.fromkeys(sources)
        if source.kind is SourceKind.KERAS_APPLICATION and source.is_remote
    ]


class AskedError(Exception):
    """Ends the building of a model, with what Keras wanted to fetch."""

    def __init__(self, file: WeightsFile) -> None:
        super().__init__(file.name)
        self.file = file


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[[Source], WeightsFile]:
    """Give what says what Keras asks for."""

    def get_file(
        name: str, origin: str, cache_subdir: str = "", file_hash: str | None = None
    ) -> None:
        assert cache_subdir == "models"
        digest = None
        if file_hash is not None:
            digest = Digest("sha256" if len(file_hash) == 64 else "md5", file_hash)
        raise AskedError(WeightsFile(name, origin, digest))

    monkeypatch.setattr(file_utils, "get_file", get_file)

    def ask(source: Source) -> WeightsFile:
        arguments: dict[str, Any] = {"weights": "imagenet"}
        if size := source.option("size"):
            arguments["input_shape"] = (int(size), int(size), 3)
        if alpha := source.option("alpha"):
            arguments["alpha"] = float(alpha)
        if source.option("minimalistic"):
            arguments["minimalistic"] = True
        if source.option("include_top") == "false":
            arguments |= {"include_top": False, "pooling": source.option("pooling") or None}
        with pytest.raises(AskedError) as caught:
            getattr(keras.applications, source.target)(**arguments)
        return caught.value.file

    return ask


def test_the_catalogue_has_many_applications() -> None:
    assert len({source.target for source in in_catalogue()}) >= 9
    assert any(source.option("include_top") == "false" for source in in_catalogue())


@pytest.mark.parametrize("source", in_catalogue(), ids=str)
def test_the_catalogues_files_are_those_that_keras_asks_for(
    source: Source, asked: Callable[[Source], WeightsFile]
) -> None:
    assert keras_weights_file(source) == asked(source)


@pytest.mark.parametrize(
    "text",
    [
        *("MobileNetV3Small?minimalistic=true&size=224", "MobileNetV3Large?alpha=0.75&size=224"),
        *("MobileNetV3Large?include_top=false&size=224", "VGG16?include_top=false", "Xception"),
        *("DenseNet121?include_top=false", "EfficientNetV2B0", "ConvNeXtTiny"),
    ],
)
def test_other_applications_of_each_kind(text: str, asked: Callable[[Source], WeightsFile]) -> None:
    source = parse_source(f"keras-application:{text}", Path())
    assert keras_weights_file(source) == asked(source)


def applications() -> list[str]:
    return [
        name
        for name in dir(keras.applications)
        if inspect.isfunction(getattr(keras.applications, name))
    ]


@pytest.mark.parametrize("top", ["true", "false"])
@pytest.mark.parametrize("name", applications())
def test_every_application_of_keras_has_a_file(name: str, top: str) -> None:
    """Large ones are not built: what we say stands in the source of their module."""
    file = keras_weights_file(parse_source(f"keras-application:{name}?include_top={top}", Path()))
    assert file is not None
    module = inspect.getmodule(getattr(keras.applications, name))
    assert module is not None
    if module is resnet_v2:
        module = resnet
    if file.digest is not None:
        assert f'"{file.digest.value}"' in inspect.getsource(module)


@pytest.mark.parametrize(
    ("module", "names"),
    [
        (resnet, {"resnet50": "ResNet50", "resnet101": "ResNet101", "resnet152v2": "ResNet152V2"}),
        (efficientnet, {f"b{n}": f"EfficientNetB{n}" for n in range(8)}),
        (efficientnet_v2, {"b3": "EfficientNetV2B3", "-s": "EfficientNetV2S"}),
        (convnext, {"convnext_base": "ConvNeXtBase", "convnext_xlarge": "ConvNeXtXLarge"}),
    ],
)
def test_digests_of_large_ones_belong_to_their_own_row(module: Any, names: dict[str, str]) -> None:
    for row, name in names.items():
        for top, digest in zip(("true", "false"), module.WEIGHTS_HASHES[row], strict=True):
            source = parse_source(f"keras-application:{name}?include_top={top}", Path())
            file = keras_weights_file(source)
            assert file is not None
            assert file.digest is not None
            assert file.digest.value == digest
