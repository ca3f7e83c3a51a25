from __future__ import annotations

import io
import time
import warnings

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image, ImageOps

from inspector.core.errors import PictureError
from inspector.core.picture import PictureSource
from inspector.core.preprocessing import Alpha, Decode, Decoder
from inspector.engine.decode import (
    decode_key,
    decode_picture,
    inspect_picture,
    orient,
    preview_of,
)
from tests.support import pictures

SOURCE = PictureSource("picture", data=b"")
REFERENCE = Decode(Decoder.REFERENCE, Alpha.WHITE)
TENSORFLOW = (Decoder.TF_JPEG, Decoder.TF_JPEG_ACCURATE, Decoder.TF_IMAGE)


def decode(data: bytes, stage: Decode | Decoder = REFERENCE) -> np.ndarray:
    return decode_with_notes(data, stage)[0]


def decode_with_notes(
    data: bytes, stage: Decode | Decoder = REFERENCE
) -> tuple[np.ndarray, tuple[str, ...]]:
    info = inspect_picture(data, SOURCE)
    picture, notes = decode_picture(
        data, info, Decode(stage) if isinstance(stage, Decoder) else stage
    )
    assert picture.dtype == np.uint8
    assert picture.shape == (info.height, info.width, 3)
    assert not picture.flags.writeable
    return picture, notes


def by_pillow(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as image, warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Palette images with Transparency")
        return np.asarray(image.convert("RGB"))


@pytest.mark.parametrize(
    "data",
    [pictures.jpeg(), pictures.jpeg(mode="L"), pictures.jpeg(mode="CMYK"), pictures.png(),
     pictures.png(mode="RGBA"), pictures.png(mode="LA"), pictures.png(mode="1"),
     pictures.palette_png_with_transparency(), pictures.animated("GIF")],
    ids=["jpeg", "grey", "cmyk", "png", "rgba", "la", "bilevel", "palette", "gif"],
)  # fmt: skip
def test_pillow_decoder_is_plain_pillow(data: bytes) -> None:
    assert np.array_equal(decode(data, Decoder.PILLOW), by_pillow(data))


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_tf_decoders_are_tensorflows(mode: str) -> None:
    data = pictures.jpeg(mode=mode)
    plain = tf.image.decode_jpeg(data, channels=3).numpy()
    accurate = tf.image.decode_jpeg(data, channels=3, dct_method="INTEGER_ACCURATE").numpy()
    image = tf.io.decode_image(data, channels=3, expand_animations=False).numpy()
    for decoder, theirs in zip(TENSORFLOW, (plain, accurate, image), strict=True):
        assert np.array_equal(decode(data, decoder), theirs)


def test_multi_picture_jpeg_is_decoded_as_decode_jpeg_does() -> None:
    """A phone's MPO holds a second JPEG behind the first; it is no animation."""
    data = pictures.animated("MPO", 2)
    info = inspect_picture(data, SOURCE)
    assert (info.format, info.frames) == ("MPO", 2)
    assert not info.notes
    for decoder, method in ((Decoder.TF_JPEG, ""), (Decoder.TF_JPEG_ACCURATE, "INTEGER_ACCURATE")):
        found, notes = decode_with_notes(data, decoder)
        theirs = tf.image.decode_jpeg(data, channels=3, dct_method=method).numpy()
        assert np.array_equal(found, theirs)
        assert notes == ()


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_animations_give_their_first_frame_and_say_so(kind: str) -> None:
    data = pictures.animated(kind)
    info = inspect_picture(data, SOURCE)
    assert info.frames == 3
    assert any("3 frames" in note for note in info.notes)
    with Image.open(io.BytesIO(data)) as image:
        first = np.asarray(image.convert("RGB"))
    assert np.array_equal(decode(data), first)
    for decoder in TENSORFLOW:
        close = np.abs(decode(data, decoder).astype(int) - first).mean()
        assert close < 3


@pytest.mark.parametrize("kind", ["WEBP", "BMP"])
def test_jpeg_decoder_names_the_stand_in_that_it_used(kind: str) -> None:
    data = pictures.encode(pictures.image(), kind)
    picture, notes = decode_with_notes(data, Decoder.TF_JPEG)
    assert notes
    assert kind in notes[0]
    expected = tf.io.decode_image(data, channels=3, expand_animations=False).numpy()
    assert np.array_equal(picture, expected)
    assert decode_with_notes(data, Decoder.TF_IMAGE)[1] == ()


@pytest.mark.parametrize("kind", ["TIFF", "AVIF", "JPEG2000", "ICO", "TGA", "PPM"])
def test_formats_that_tensorflow_lacks_use_pillow_and_say_so(kind: str) -> None:
    data = pictures.encode(pictures.image(48, 48), kind)
    assert inspect_picture(data, SOURCE).format in {kind, "JPEG2000"}
    picture, notes = decode_with_notes(data, Decoder.TF_JPEG)
    assert np.array_equal(picture, by_pillow(data))
    assert any("Pillow's pixels are used" in note for note in notes)
    assert np.array_equal(decode(data), by_pillow(data)) or kind == "ICO"


@pytest.mark.parametrize("make", [pictures.png_grey16, pictures.tiff_grey16])
def test_16_bit_grey_keeps_its_shades_in_the_reference(make: object) -> None:
    data = make()  # type: ignore[operator]
    expected = np.rint(pictures.grey16() / 257.0)
    found = decode(data)
    assert np.array_equal(found[..., 0], expected)
    assert np.array_equal(found[..., 0], found[..., 2])


def test_dark_16_bit_grey_stays_dark() -> None:
    assert decode(pictures.png_grey16(top=255)).max() == 1


def test_16_bit_grey_by_tensorflow_is_right_and_by_plain_pillow_as_published() -> None:
    data = pictures.png_grey16()
    expected = pictures.grey16() >> 8
    assert np.abs(decode(data, Decoder.TF_JPEG)[..., 0].astype(int) - expected).max() <= 1
    assert np.array_equal(decode(data, Decoder.PILLOW), by_pillow(data))


@pytest.mark.parametrize(
    "data",
    [pictures.png(mode="RGBA"), pictures.palette_png_with_transparency(),
     pictures.encode(pictures.image(mode="RGBA"), "WEBP", lossless=True)],
    ids=["png", "palette", "webp"],
)  # fmt: skip
@pytest.mark.parametrize("decoder", [Decoder.PILLOW, Decoder.REFERENCE, Decoder.TF_IMAGE])
@pytest.mark.parametrize("alpha", [Alpha.WHITE, Alpha.BLACK, Alpha.GREY])
def test_transparency_is_composited(data: bytes, decoder: Decoder, alpha: Alpha) -> None:
    info = inspect_picture(data, SOURCE)
    assert info.has_alpha
    assert any("transparency" in note for note in info.notes)
    with Image.open(io.BytesIO(data)) as image:
        rgba = np.asarray(image.convert("RGBA")).astype(np.float64)
    ground = {Alpha.WHITE: 255, Alpha.BLACK: 0, Alpha.GREY: 128}[alpha]
    share = rgba[..., 3:] / 255
    expected = rgba[..., :3] * share + ground * (1 - share)
    assert np.abs(decode(data, Decode(decoder, alpha)) - expected).max() <= 1


@pytest.mark.parametrize("decoder", [Decoder.PILLOW, Decoder.TF_JPEG, Decoder.TF_IMAGE])
def test_dropped_transparency_reveals_hidden_colours(decoder: Decoder) -> None:
    rgba = pictures.pixels(20, 20, channels=4)
    rgba[..., 3] = 0
    data = pictures.encode(Image.fromarray(rgba), "PNG")
    assert np.array_equal(decode(data, decoder), rgba[..., :3])
    assert (decode(data) == 255).all()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_that_of_exif_transpose(kind: str, orientation: int) -> None:
    data = pictures.with_orientation(kind, orientation)
    info = inspect_picture(data, SOURCE)
    assert info.exif_orientation == orientation
    with Image.open(io.BytesIO(data)) as image:
        expected = np.asarray(ImageOps.exif_transpose(image))
        stored = np.asarray(image)
    picture = decode(data, Decoder.PILLOW)
    assert np.array_equal(picture, stored)
    turned = orient(picture, info.exif_orientation)
    assert np.array_equal(turned, expected)
    assert turned.flags.c_contiguous


@pytest.mark.parametrize("orientation", [0, 9, -1, 77])
def test_senseless_orientations_turn_nothing(orientation: int) -> None:
    picture = pictures.pixels(5, 4)
    assert np.array_equal(orient(picture, orientation), picture)


def test_decode_key_is_equal_only_where_the_pixels_are() -> None:
    plain = inspect_picture(pictures.jpeg(), SOURCE)
    deep = inspect_picture(pictures.png_grey16(), SOURCE)
    alpha = inspect_picture(pictures.png(mode="RGBA"), SOURCE)
    pillow = Decode(Decoder.PILLOW)
    assert decode_key(plain, pillow) == decode_key(plain, REFERENCE)
    assert decode_key(deep, pillow) != decode_key(deep, REFERENCE)
    assert decode_key(alpha, pillow) != decode_key(alpha, REFERENCE)
    assert decode_key(plain, pillow) != decode_key(plain, Decode(Decoder.TF_IMAGE))


def test_preview_is_the_picture_where_it_is_small() -> None:
    picture = pictures.pixels(300, 200)
    assert preview_of(picture) is picture


@pytest.mark.parametrize(("width", "height"), [(3200, 100), (1, 5000), (1601, 1600)])
def test_preview_is_shrunk_to_its_limit(width: int, height: int) -> None:
    shown = preview_of(np.full((height, width, 3), 90, np.uint8))
    assert max(shown.shape[:2]) == 1600
    assert min(shown.shape[:2]) >= 1
    assert (shown == 90).all()


@pytest.mark.parametrize("decoder", [Decoder.PILLOW, *TENSORFLOW])
@pytest.mark.parametrize(
    "data",
    [pictures.cut(pictures.jpeg(400, 300), 0.3), pictures.cut(pictures.jpeg(400, 300), 0.6),
     pictures.cut(pictures.jpeg(400, 300), 0.95), pictures.cut(pictures.png(), 0.6),
     pictures.png_with_bad_zlib()],
    ids=["jpeg 30 %", "jpeg 60 %", "jpeg 95 %", "png 60 %", "bad zlib"],
)  # fmt: skip
def test_damaged_pixels_are_one_error(data: bytes, decoder: Decoder) -> None:
    info = inspect_picture(data, SOURCE)
    with pytest.raises(PictureError, match="damaged or cut off") as caught:
        decode_picture(data, info, Decode(decoder))
    assert caught.value.mend
    assert "\n" not in caught.value.message


def test_an_icon_cannot_hide_a_huge_picture() -> None:
    data = pictures.icon_with_hidden_size(pictures.png_bomb())
    started = time.perf_counter()
    with pytest.raises(PictureError, match="more pixels than the limit"):
        inspect_picture(data, SOURCE)
    assert time.perf_counter() - started < 2


def test_a_tiff_is_turned_once() -> None:
    """Pillow turns a TIFF while it reads it, so that nothing is left to turn."""
    for orientation in range(1, 9):
        data = pictures.with_orientation("TIFF", orientation)
        source = PictureSource("turned.tif", data=data)
        info = inspect_picture(data, source)
        decoded, _ = decode_picture(data, info, Decode(Decoder.PILLOW))
        assert info.exif_orientation == 1
        assert decoded.shape[:2] == (info.height, info.width)
        with Image.open(io.BytesIO(data)) as image:
            assert np.array_equal(
                orient(decoded, info.exif_orientation), np.asarray(image.convert("RGB"))
            )
        assert bool(info.notes) == (orientation != 1)
