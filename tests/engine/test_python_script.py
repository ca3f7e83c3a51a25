from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from inspector.core.modes import HUB, KERAS
from inspector.core.pairs import PairSpec, Side
from inspector.core.picture import PictureSource
from inspector.core.preprocessing import (
    RESIZE_METHODS,
    Alpha,
    Aspect,
    Augment,
    AugmentKind,
    ChannelOrder,
    Crop,
    CropKind,
    Decode,
    Decoder,
    Orientation,
    Preprocessing,
    Resize,
    ResizeLibrary,
    ResizeMethod,
    ScaleRule,
)
from inspector.core.resources import resource_path
from inspector.core.scores import OutputSwitches
from inspector.core.script.code import import_lines, names_in
from inspector.core.script.picture import known_picture
from inspector.core.script.python_script import result_script
from inspector.core.script.stages import input_lines
from inspector.core.sources import SourceKind
from inspector.engine.decode import decode_picture, inspect_picture, orient
from inspector.engine.preprocess import make_input
from inspector.session import Session
from tests.support import pictures
from tests.support.scripts import run_scripts

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.core.result import Result
    from inspector.engine.engine import Engine

SIZE = (32, 48)
TF_BILINEAR = Resize(ResizeLibrary.TF, ResizeMethod.BILINEAR)
TF1_BILINEAR = Resize(ResizeLibrary.TF1, ResizeMethod.BILINEAR)


def scripted_input(data: bytes, path: Path, stages: Preprocessing, known: bool) -> Any:
    """Run the part of a script that makes a model input."""
    source = PictureSource.from_path(path)
    picture = known_picture(inspect_picture(data, source) if known else source)
    lines = input_lines(picture, stages, SIZE, "made")
    names = names_in(lines)
    space: dict[str, Any] = {"PATH": str(path)}
    exec("\n".join([*import_lines(names), *lines]), space)
    return np.asarray(space["made"])


def engine_input(data: bytes, path: Path, stages: Preprocessing) -> Any:
    info = inspect_picture(data, PictureSource.from_path(path))
    picture, _ = decode_picture(data, info, stages.decode)
    if stages.orient is Orientation.EXIF:
        picture = orient(picture, info.exif_orientation)
    return make_input(picture, stages, SIZE)


def check(data: bytes, path: Path, stages: Preprocessing) -> None:
    """Hold a script's model input against the engine's, bit for bit."""
    path.write_bytes(data)
    expected = engine_input(data, path, stages)
    for known in (True, False):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)
            warnings.filterwarnings("ignore", "Palette images with Transparency")
            made = scripted_input(data, path, stages, known)
        assert made.dtype == np.float32
        np.testing.assert_array_equal(made, expected)


FILES = {
    "jpeg": pictures.jpeg(),
    "jpeg_cmyk": pictures.jpeg(mode="CMYK"),
    "png": pictures.png(),
    "png_rgba": pictures.png(mode="RGBA"),
    "png_palette": pictures.palette_png_with_transparency(),
    "png_grey16": pictures.png_grey16(),
    "png_dark_grey16": pictures.png_grey16(top=200),
    "png_moving": pictures.animated("PNG"),
    "gif": pictures.encode(pictures.image(), "GIF"),
    "gif_moving": pictures.animated("GIF"),
    "bmp": pictures.encode(pictures.image(), "BMP"),
    "webp": pictures.encode(pictures.image(), "WEBP", lossless=True),
    "webp_rgba": pictures.encode(pictures.image(mode="RGBA"), "WEBP", lossless=True, exact=True),
    "tiff": pictures.encode(pictures.image(), "TIFF"),
    "tiff_grey16": pictures.tiff_grey16(),
    "mpo": pictures.animated("MPO"),
}


@pytest.mark.parametrize("decoder", Decoder)
@pytest.mark.parametrize("alpha", [Alpha.DROP, Alpha.WHITE, Alpha.GREY])
@pytest.mark.parametrize("file", FILES)
def test_every_decoder(file: str, alpha: Alpha, decoder: Decoder, tmp_path: Path) -> None:
    stages = replace(HUB, decode=Decode(decoder, alpha))
    check(FILES[file], tmp_path / "it's a picture", stages)


@pytest.mark.parametrize("decoder", [Decoder.PILLOW, Decoder.TF_IMAGE])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation(orientation: int, decoder: Decoder, tmp_path: Path) -> None:
    data = pictures.with_orientation("JPEG", orientation)
    stages = replace(KERAS, decode=Decode(decoder), orient=Orientation.EXIF)
    check(data, tmp_path / "turned.jpg", stages)


def test_orientation_and_transparency_together(tmp_path: Path) -> None:
    data = pictures.with_orientation("PNG", 6)
    for decoder in Decoder:
        decode = Decode(decoder, Alpha.BLACK)
        check(data, tmp_path / "x.png", replace(HUB, decode=decode, orient=Orientation.EXIF))


@pytest.mark.parametrize("library", ResizeLibrary)
@pytest.mark.parametrize("scale", ScaleRule)
def test_every_resize_and_scale(scale: ScaleRule, library: ResizeLibrary, tmp_path: Path) -> None:
    for method in RESIZE_METHODS[library]:
        for aspect in Aspect:
            resize = Resize(library, method, method is ResizeMethod.BICUBIC, aspect)
            check(FILES["jpeg"], tmp_path / "x.jpg", Preprocessing(resize=resize, scale=scale))


@pytest.mark.parametrize("scale", ScaleRule)
def test_a_picture_of_the_very_size(scale: ScaleRule, tmp_path: Path) -> None:
    height, width = SIZE
    for resize in (TF_BILINEAR, TF1_BILINEAR, Resize()):
        stages = Preprocessing(resize=resize, scale=scale)
        check(pictures.png(width, height), tmp_path / "x.png", stages)


@pytest.mark.parametrize("library", ResizeLibrary)
@pytest.mark.parametrize("kind", [AugmentKind.SLIM, AugmentKind.SLIM_FAST, AugmentKind.RETRAIN])
@pytest.mark.parametrize("scale", [ScaleRule.KERAS, ScaleRule.UNIT, ScaleRule.SYMMETRIC_TWICE])
def test_every_augmentation(
    scale: ScaleRule, kind: AugmentKind, library: ResizeLibrary, tmp_path: Path
) -> None:
    method = ResizeMethod.BILINEAR if library is ResizeLibrary.PILLOW else ResizeMethod.RANDOM
    for seed in range(4):
        stages = Preprocessing(
            crop=Crop(CropKind.RANDOM_BOX if seed % 2 else CropKind.CENTRAL, 0.6),
            resize=Resize(library, method),
            augment=Augment(kind, seed, flip=True, scale_percent=20 * seed, crop_percent=10),
            scale=scale,
            channel_order=ChannelOrder.BGR,
        )
        check(FILES["png"], tmp_path / "x.png", stages)
        bright = replace(stages.augment, brightness_percent=30, crop_percent=0)
        check(FILES["png"], tmp_path / "x.png", replace(stages, augment=bright))


@dataclass(frozen=True)
class Case:
    """One state of the window, and what it shows."""

    name: str
    result: Result


def cases(engine: Engine, starter: PairSpec, folder: Path) -> list[Case]:
    golf = resource_path("samples", "golf_ball.jpg")
    clear, turned = folder / "clear.png", folder / "turned.jpg"
    clear.write_bytes(pictures.png(120, 90, "RGBA"))
    turned.write_bytes(pictures.with_orientation("JPEG", 6))

    def case(name: str, picture: Path, left: str, right: str, **options: Any) -> Case:
        session = Session(options.get("pair", starter))
        session.set_picture(PictureSource.from_path(picture))
        session.set_mode(Side.LEFT, left)
        session.set_mode(Side.RIGHT, right)
        session.set_apply_exif(options.get("exif", False))
        for side in Side:
            session.set_output(side, options.get("output", OutputSwitches()))
        request = session.request()
        assert request is not None
        return Case(name, engine.compare(request))

    as_saved = replace(
        starter,
        right=replace(
            starter.right, source=replace(starter.right.source, kind=SourceKind.SAVED_MODEL)
        ),
    )
    return [
        case("own", golf, "own", "own"),
        case("identical", golf, "identical", "identical"),
        case("slim_and_pad", golf, "slim_eval", "resize_with_pad"),
        case("wrong", golf, "bgr", "other_range", output=OutputSwitches(drop_background=False)),
        case(
            "read_wrong", golf, "scaled_twice", "half_range", output=OutputSwitches(softmax=False)
        ),
        case("transparent", clear, "identical", "identical", pair=as_saved),
        case("turned", turned, "own", "own", exif=True),
    ]


def test_scripts_print_what_the_window_shows(
    engine: Engine, starter: PairSpec, tmp_path: Path
) -> None:
    shown = cases(engine, starter, tmp_path)
    scripts = [tmp_path / f"{case.name}.py" for case in shown]
    for case, script in zip(shown, scripts, strict=True):
        script.write_text(result_script(case.result), encoding="utf-8")
    printed = run_scripts(scripts)
    for case, script in zip(shown, scripts, strict=True):
        comparison = case.result.comparison
        lines = printed[str(script)]
        for side, row in (("left", comparison.left), ("right", comparison.right)):
            inputs = np.load(f"{script}.npz")
            expected = case.result.side(Side(side)).model_input
            np.testing.assert_array_equal(inputs[f"{side}_input"], expected, case.name)
            top = [line.split(" ", 3) for line in lines if line.startswith(f"{side}:")]
            assert len(top) == 5, case.name
            for _, index, number, *_ in top:
                assert float(number) == pytest.approx(row[int(index)], rel=1e-5, abs=1e-6)
            best = np.sort(row)[::-1][:5]
            np.testing.assert_allclose([float(t[2]) for t in top], best, rtol=1e-5, atol=1e-6)
        [largest] = [line for line in lines if line.startswith("max |left - right|:")]
        wanted = comparison.max_abs_difference
        assert float(largest.split()[-1]) == pytest.approx(wanted, rel=1e-5, abs=2e-6), case.name
        assert "golf ball" in "".join(lines) or case.name != "own"
