"""Random damage to small pictures: the right error or some picture, nothing else, no warning."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from inspector.core.errors import PictureError
from inspector.core.modes import KERAS
from inspector.core.picture import PictureSource
from inspector.core.preprocessing import Alpha, Decode, Decoder
from inspector.engine.decode import decode_picture, preview_of
from inspector.engine.picture_file import inspect_picture, read_picture
from inspector.engine.preprocess import make_input
from tests.support import pictures

SMALL = pictures.image(23, 17)
WHOLE = {
    "jpeg": pictures.jpeg(23, 17),
    "progressive": pictures.jpeg(23, 17, progressive=True),
    "exif": pictures.with_orientation("JPEG", 6),
    "cmyk": pictures.jpeg(23, 17, "CMYK"),
    "mpo": pictures.animated("MPO", 2),
    "png": pictures.png(23, 17),
    "png exif": pictures.with_orientation("PNG", 3),
    "palette": pictures.palette_png_with_transparency(),
    "grey16": pictures.png_grey16(),
    "apng": pictures.animated("PNG"),
    "gif": pictures.animated("GIF"),
    "webp": pictures.encode(SMALL, "WEBP"),
    "webp animation": pictures.animated("WEBP", 2),
    "tiff": pictures.encode(SMALL, "TIFF"),
    "tiff lzw": pictures.encode(SMALL, "TIFF", compression="tiff_lzw"),
    "tiff jpeg": pictures.encode(SMALL, "TIFF", compression="jpeg"),
    "tiff exif": pictures.with_orientation("TIFF", 8),
    "bmp": pictures.encode(SMALL, "BMP"),
    "ico": pictures.encode(SMALL.resize((32, 32)), "ICO"),
    "jp2": pictures.encode(SMALL, "JPEG2000"),
    "avif": pictures.encode(SMALL, "AVIF"),
    "tga": pictures.encode(SMALL, "TGA"),
    "ppm": pictures.encode(SMALL, "PPM"),
    "qoi": pictures.encode(SMALL, "QOI"),
    "pcx": pictures.encode(SMALL, "PCX"),
    "sgi": pictures.encode(SMALL, "SGI"),
    "dds": pictures.encode(SMALL, "DDS"),
}
ROUNDS = 60
STAGES = (
    Decode(Decoder.REFERENCE, Alpha.WHITE),
    Decode(Decoder.TF_JPEG),
    Decode(Decoder.TF_IMAGE, Alpha.BLACK),
)


def damage(data: bytes, random: np.random.Generator) -> bytes:
    """Cut, flip, overwrite, repeat or remove some bytes, more often near the header."""
    changed = bytearray(data)
    for _ in range(random.integers(1, 5)):
        reach = len(changed) if random.random() < 0.5 else min(len(changed), 120)
        if reach < 2:
            break
        place = int(random.integers(0, reach))
        match random.integers(0, 5):
            case 0:
                changed[place] ^= 1 << int(random.integers(0, 8))
            case 1:
                changed[place] = int(random.choice([0, 1, 127, 128, 254, 255]))
            case 2:
                changed[place : place + 4] = random.bytes(4)
            case 3:
                del changed[place : place + int(random.integers(1, 20))]
            case _:
                if random.random() < 0.4:
                    del changed[place:]
    return bytes(changed)


def use(data: bytes) -> bool:
    """Read, decode and prepare as the engine does; tell whether it went well."""
    source = PictureSource("picture", data=data)
    try:
        info = inspect_picture(read_picture(source), source)
        pictures_made = [decode_picture(data, info, stage)[0] for stage in STAGES]
    except PictureError as error:
        refusal = error
    else:
        refusal = None
    if refusal is not None:
        assert refusal.message
        assert refusal.mend
        assert "\n" not in str(refusal)
        return False
    for picture in pictures_made:
        assert picture.dtype == np.uint8
        assert picture.ndim == 3
    preview_of(pictures_made[0])
    assert make_input(pictures_made[0], KERAS, (32, 32)).shape == (32, 32, 3)
    return True


@pytest.mark.parametrize("name", WHOLE)
def test_damage(name: str) -> None:
    assert use(WHOLE[name])
    random = np.random.default_rng(sum(name.encode()))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        outcomes = [use(damage(WHOLE[name], random)) for _ in range(ROUNDS)]
    assert False in outcomes


@pytest.mark.parametrize("name", WHOLE)
def test_every_cut(name: str) -> None:
    whole = WHOLE[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for length in np.linspace(0, len(whole) - 1, 40).astype(int):
            use(whole[:length])
