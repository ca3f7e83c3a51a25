"""Building the applications of Keras: what is said where their weights cannot be had."""

from __future__ import annotations

import keras
import pytest

from inspector.core.errors import ReleaseMissingError
from inspector.core.sources import Source, SourceKind
from inspector.engine.keras_application import build_application


def unreachable(monkeypatch: pytest.MonkeyPatch, name: str, *options: tuple[str, str]) -> str:
    """Build an application whose weights cannot be fetched, and give the mend of the error."""

    def refuse(weights: str = "imagenet", input_shape: object = None, alpha: float = 1.0) -> object:
        raise ConnectionError("no route to host")

    monkeypatch.setattr(keras.applications, name, refuse)
    with pytest.raises(ReleaseMissingError, match="could not be fetched") as caught:
        build_application(Source(SourceKind.KERAS_APPLICATION, name, options))
    return caught.value.mend


def test_a_file_that_is_known_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    mend = unreachable(monkeypatch, "MobileNetV2", ("alpha", "0.35"), ("size", "96"))
    assert "put the file at" in mend
    assert "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_96.h5" in mend


def test_a_file_that_is_not_known_is_not_named_none(monkeypatch: pytest.MonkeyPatch) -> None:
    mend = unreachable(monkeypatch, "MobileNetV2", ("alpha", "0.41"))
    assert mend == "Connect to the network, or name a file of weights with weights=PATH."
