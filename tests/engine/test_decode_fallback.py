"""The words by which a rule knows that Pillow stood in for a decoder."""

from __future__ import annotations

import pytest

from inspector.core.causes.rules.pixels import FALLBACK
from inspector.core.picture import PictureSource
from inspector.core.preprocessing import Alpha, Decode, Decoder
from inspector.engine.decode import decode_picture
from inspector.engine.picture_file import inspect_picture
from tests.support import pictures


@pytest.mark.parametrize(("kind", "stands_in"), [("TIFF", True), ("BMP", False), ("PNG", False)])
def test_the_rule_knows_the_decoders_own_words(kind: str, stands_in: bool) -> None:
    data = pictures.encode(pictures.image(48, 48), kind)
    info = inspect_picture(data, PictureSource("picture", data=data))
    _, notes = decode_picture(data, info, Decode(Decoder.TF_IMAGE, Alpha.DROP))
    assert any(FALLBACK in note for note in notes) is stands_in
