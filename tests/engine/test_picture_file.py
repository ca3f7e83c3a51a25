from __future__ import annotations

import hashlib
import io
import os
import struct
import threading
import time
import tracemalloc
import warnings
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inspector.core import picture as limits
from inspector.core.errors import PictureError
from inspector.core.picture import PictureInfo, PictureSource
from inspector.core.preprocessing import Alpha, Decode, Decoder
from inspector.engine.decode import decode_picture
from inspector.engine.picture_file import damaged, inspect_picture, read_picture
from tests.support import pictures

REFERENCE = Decode(Decoder.REFERENCE, Alpha.WHITE)


def look_at(data: bytes) -> PictureInfo:
    return inspect_picture(data, PictureSource("picture", data=data))


def refuse(data: bytes) -> PictureError:
    with pytest.raises(PictureError) as caught:
        look_at(read_picture(PictureSource("picture", data=data)))
    assert caught.value.message
    assert caught.value.mend
    return caught.value


def refuse_path(path: Path) -> PictureError:
    with pytest.raises(PictureError) as caught:
        read_picture(PictureSource.from_path(path))
    assert caught.value.message
    assert caught.value.mend
    assert len(caught.value.message) < 400
    return caught.value


def test_what_is_known_of_a_picture(tmp_path: Path) -> None:
    path = pictures.write(tmp_path, "photo.jpg", pictures.jpeg(61, 47))
    source = PictureSource.from_path(path)
    data = read_picture(source)
    info = inspect_picture(data, source)
    assert info == PictureInfo(
        name="photo.jpg",
        path=str(path),
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        format="JPEG",
        width=61,
        height=47,
        mode="RGB",
        exif_orientation=1,
        frames=1,
        has_alpha=False,
    )


@pytest.mark.parametrize(
    "name", ["猫 のしゃしん.jpg", "Größe ½ – é.jpg", "a" * 240 + ".jpg", "😺.jpg"]
)
def test_any_name_that_the_disk_takes_can_be_read(tmp_path: Path, name: str) -> None:
    path = pictures.write(tmp_path, name, pictures.jpeg())
    assert look_at(read_picture(PictureSource.from_path(path))).format == "JPEG"


def test_path_too_long_for_the_system() -> None:
    refuse_path(Path("/" + "x" * 5000 + ".jpg"))


def test_path_with_a_zero_byte() -> None:
    refuse_path(Path("/tmp/a\0b.jpg"))


def test_missing_file(tmp_path: Path) -> None:
    assert "is not there" in refuse_path(tmp_path / "gone.jpg").message


def test_broken_link(tmp_path: Path) -> None:
    link = tmp_path / "link.jpg"
    link.symlink_to(tmp_path / "gone.jpg")
    assert "is not there" in refuse_path(link).message


def test_link_to_itself(tmp_path: Path) -> None:
    link = tmp_path / "loop.jpg"
    link.symlink_to(link)
    refuse_path(link)


def test_folder(tmp_path: Path) -> None:
    assert "is a folder" in refuse_path(tmp_path).message


def test_file_used_as_a_folder(tmp_path: Path) -> None:
    path = pictures.write(tmp_path, "photo.jpg", pictures.jpeg())
    refuse_path(path / "inside.jpg")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file(tmp_path: Path) -> None:
    path = pictures.write(tmp_path, "photo.jpg", pictures.jpeg())
    path.chmod(0)
    assert "may not be read" in refuse_path(path).message


def test_permission_denied_by_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = pictures.write(tmp_path, "photo.jpg", pictures.jpeg())
    monkeypatch.setattr(Path, "open", denied)
    assert "may not be read" in refuse_path(path).message


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_named_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe.jpg"
    os.mkfifo(path)
    errors: list[PictureError] = []
    thread = threading.Thread(target=lambda: errors.append(refuse_path(path)), daemon=True)
    thread.start()
    thread.join(5)
    assert not thread.is_alive()
    assert "pipe or a device" in errors[0].message


def test_device_is_refused() -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("there is no /dev/zero")
    assert "pipe or a device" in refuse_path(Path("/dev/zero")).message


def test_empty_file(tmp_path: Path) -> None:
    assert "is empty" in refuse_path(pictures.write(tmp_path, "empty.jpg", b"")).message


def test_file_over_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_BYTES", 1000)
    data = pictures.jpeg()
    assert "more than the limit" in refuse_path(pictures.write(tmp_path, "big.jpg", data)).message
    assert "more than the limit" in refuse(data).message
    monkeypatch.setattr(limits, "MAX_BYTES", len(data))
    assert read_picture(PictureSource.from_path(tmp_path / "big.jpg")) == data


@pytest.mark.parametrize(
    "data",
    [b"This is no picture.\n" * 9, b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", b"\xff",
     bytes(5000), b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBP",
     b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n",
     b"\x89HDF\r\n\x1a\n" + bytes(60),
     b"PK\x03\x04" + bytes(40), b"%PDF-1.4\n"],
    ids=["text", "svg", "one byte", "zeros", "jpeg start", "png start", "gif start", "webp start",
         "eps", "hdf5", "zip", "pdf"],
)  # fmt: skip
def test_what_is_no_picture(data: bytes) -> None:
    refuse(data)


def test_postscript_is_never_handed_to_ghostscript(monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import EpsImagePlugin

    monkeypatch.setattr(EpsImagePlugin, "Ghostscript", lambda *_: pytest.fail("ran Ghostscript"))
    data = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n%%EOF\n"
    assert "is not a picture" in refuse(data).message


def test_too_many_pixels_are_refused_before_they_are_decoded() -> None:
    data = pictures.png_bomb()
    assert len(data) < 1_000_000
    tracemalloc.start()
    started = time.perf_counter()
    error = refuse(data)
    seconds = time.perf_counter() - started
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "30000 × 30000" in error.message
    assert "100 megapixels" in error.message
    assert seconds < 1
    assert peak < 20_000_000


def test_the_limit_of_pixels_is_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_PIXELS", 61 * 47)
    assert look_at(pictures.png(61, 47)).width == 61
    monkeypatch.setattr(limits, "MAX_PIXELS", 61 * 47 - 1)
    assert "61 × 47" in refuse(pictures.png(61, 47)).message
    assert "61 × 47" in refuse(pictures.encode(pictures.image(61, 47), "BMP")).message


def test_reading_leaves_pillows_own_limit_as_it_was() -> None:
    before = Image.MAX_IMAGE_PIXELS
    look_at(pictures.png())
    refuse(b"nothing")
    assert before == Image.MAX_IMAGE_PIXELS


def test_a_large_permitted_picture_warns_nobody() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        info = look_at(pictures.png_header(9000, 9000, b"\x78\x9c"))
    assert (info.width, info.notes) == (9000, ())


def test_transparency_palette_and_cmyk_are_told() -> None:
    assert look_at(pictures.png(mode="RGBA")).has_alpha
    assert look_at(pictures.palette_png_with_transparency()).has_alpha
    assert not look_at(pictures.png()).has_alpha
    assert any("CMYK" in note for note in look_at(pictures.jpeg(mode="CMYK")).notes)


def test_orientation_behind_the_pixels_of_a_png_is_found() -> None:
    exif = Image.Exif()
    exif[pictures.ORIENTATION_TAG] = 8
    plain = pictures.png()
    end = plain.rindex(b"IEND") - 4
    data = plain[:end] + pictures.png_chunk(b"eXIf", exif.tobytes()[6:]) + plain[end:]
    assert look_at(data).exif_orientation == 8


def test_a_plain_png_is_not_decoded_for_its_header() -> None:
    """Damaged pixels do not matter to the header; Pillow would decode them to look for EXIF."""
    info = look_at(pictures.png_header(4000, 4000, b"\x78\x9cdamaged"))
    assert (info.width, info.exif_orientation) == (4000, 1)


@pytest.mark.parametrize(
    "exif",
    [b"", b"\0" * 40, b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff", b"garbage" * 9,
     b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x63\0\0\0\0\0\0\0",
     b"II*\0\x08\0\0\0\x01\0\x12\x01\x02\0\x05\0\0\0six!\0\0\0\0",
     b"II*\0\x08\0\0\0\x01\0\x12\x01\x05\0\x01\0\0\0\xf0\xff\xff\x7f\0\0\0\0"],
    ids=["empty", "zeros", "offset", "entries", "text", "value 99", "string", "pointer"],
)  # fmt: skip
def test_odd_exif_blocks_do_not_spoil_a_picture(exif: bytes) -> None:
    data = pictures.jpeg_with_exif_bytes(exif)
    info = look_at(data)
    assert info.exif_orientation == 1
    picture, _ = decode_picture(data, info, REFERENCE)
    assert picture.shape == (47, 61, 3)


def test_huge_text_chunk_is_refused_or_read_but_never_fills_the_memory() -> None:
    data = pictures.png_with_text(80_000_000)
    tracemalloc.start()
    refuse(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60_000_000
    assert look_at(pictures.png_with_text(5000)).width == 61


def test_pillows_warnings_become_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    def warn(*_: object, **__: object) -> Image.Exif:
        warnings.warn("Corrupt EXIF data.  Expecting to read 4 bytes.\nmore", stacklevel=1)
        return Image.Exif()

    monkeypatch.setattr(Image.Image, "getexif", warn)
    notes = look_at(pictures.jpeg()).notes
    assert notes == ("Pillow warns: Corrupt EXIF data.  Expecting to read 4 bytes.",)


def test_damaged_later_frames_do_not_spoil_the_first() -> None:
    whole = pictures.animated("GIF", 6)
    data = whole[: int(len(whole) * 0.7)]
    info = look_at(data)
    picture, _ = decode_picture(data, info, REFERENCE)
    with Image.open(io.BytesIO(whole)) as image:
        assert np.array_equal(picture, np.asarray(image.convert("RGB")))


@pytest.mark.parametrize(("width", "height"), [(1, 1), (1, 5000), (5000, 1)])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP"])
def test_narrow_pictures(kind: str, width: int, height: int) -> None:
    info = look_at(pictures.encode(pictures.image(width, height), kind))
    assert (info.width, info.height) == (width, height)


def test_header_that_claims_no_pixels() -> None:
    refuse(pictures.png_header(0, 10))
    refuse(b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, 0, 5, 1, 24, 0, 0, 0, 0, 0, 0))


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("Truncated File Read", "is damaged or cut off: it ends too early."),
        ("image file is truncated (71 bytes not processed)", "cut off: it ends too early."),
        ("Expected to read 8 bytes but only got 0.", "cut off: it ends too early."),
        ("broken data stream when reading image file", "its pixels cannot be decoded."),
        ("Unsupported BMP compression (7)", "cut off (Unsupported BMP compression (7))."),
    ],
)
def test_what_pillow_says_of_damages_is_told_in_plain_words(reason: str, told: str) -> None:
    error = damaged("photo.jpg", OSError(reason))
    assert error.message.startswith("photo.jpg is damaged")
    assert error.message.endswith(told)
    assert error.mend
