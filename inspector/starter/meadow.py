"""The golf ball on grass: blades in rows from far to near, sharp only where the ball lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from inspector.starter.golf_ball import render_ball

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

WIDTH, HEIGHT = 640, 480
_SCALE = 3  # supersampling
_SEED = 574
_HORIZON = 118.0
_BALL_X, _BALL_Y, _BALL_RADIUS = 318, 246, 132
_GROUND = _BALL_Y + _BALL_RADIUS - 10.0
_SHADOW_X = _BALL_X + 62.0

_TREES = (30, 52, 30)
_FAIRWAY = (112, 150, 58)
_ROOT = np.array([26.0, 50.0, 14.0])
_TIPS = np.array([[108, 158, 48], [134, 176, 60], [84, 138, 42], [156, 186, 78], [74, 122, 46]])


@dataclass(frozen=True, slots=True)
class Blade:
    """One blade of grass, in pixels of the finished picture.

    Attributes
    ----------
    x, y
        Its root.
    height, lean, width
        How far it rises, how far its tip stands aside, how thick it is at the root.
    tip
        RGB of its lit end.
    light
        Share of the sun that reaches it.
    """

    x: float
    y: float
    height: float
    lean: float
    width: float
    tip: tuple[float, float, float]
    light: float


def golf_ball_on_grass() -> NDArray[np.uint8]:
    """Render the picture; the same on every run.

    Returns
    -------
    ndarray
        uint8 RGB (480, 640, 3).
    """
    random = np.random.default_rng(_SEED)
    image = _backdrop(random)
    for near, far, count, blur in _BEHIND:
        _draw(image, _blades(random, near, far, count))
        image = image.filter(ImageFilter.GaussianBlur(blur * _SCALE))
    _draw(image, _blades(random, 290.0, _GROUND - 4.0, 3400))
    image = _shadowed(image)
    image = _with_ball(image)
    _draw(image, _blades(random, _GROUND + 3.0, _GROUND + 36.0, 1500))
    for far, near, count, blur in _BEFORE:
        image = _overlaid(image, _blades(random, far, near, count), blur)
    return _finished(image)


# Rows behind the ball and before it: from y, to y, blades, blur in pixels.
_BEHIND = ((128.0, 190.0, 1500, 3.0), (180.0, 240.0, 1600, 2.0), (230.0, 300.0, 1900, 1.1))
_BEFORE = ((_GROUND + 26.0, 440.0, 1300, 0.6), (432.0, 490.0, 950, 1.2), (480.0, 570.0, 650, 2.6))


def _backdrop(random: np.random.Generator) -> Image.Image:
    """Draw trees and fairway far out of focus, with discs of light between the leaves."""
    image = Image.new("RGB", (WIDTH * _SCALE, HEIGHT * _SCALE), _FAIRWAY)
    draw = ImageDraw.Draw(image, "RGBA")
    draw.rectangle((0, 0, WIDTH * _SCALE, int(_HORIZON * _SCALE)), fill=_TREES)
    for _ in range(130):
        x, y = random.uniform(-20, WIDTH + 20), random.uniform(-20, _HORIZON - 4)
        shade = random.uniform(0.55, 1.75)
        colour = tuple(int(c * shade) for c in _TREES)
        _disc(draw, x, y, random.uniform(16, 44), (*colour, 150))
    image = image.filter(ImageFilter.GaussianBlur(11 * _SCALE))
    draw = ImageDraw.Draw(image, "RGBA")
    for _ in range(46):
        x, y = random.uniform(0, WIDTH), random.uniform(-6, _HORIZON * 0.72)
        colour = (205, 224, 150, int(random.uniform(16, 62)))
        _disc(draw, x, y, random.uniform(5, 13), colour)
    return image.filter(ImageFilter.GaussianBlur(1.6 * _SCALE))


def _disc(
    draw: ImageDraw.ImageDraw, x: float, y: float, radius: float, colour: tuple[int, ...]
) -> None:
    left, top = (x - radius) * _SCALE, (y - radius) * _SCALE
    right, bottom = (x + radius) * _SCALE, (y + radius) * _SCALE
    draw.ellipse((left, top, right, bottom), fill=colour)


def _blades(random: np.random.Generator, far: float, near: float, count: int) -> Iterator[Blade]:
    """Draw `count` blades with roots between `far` and `near`, the farthest first."""
    for y in np.sort(random.uniform(far, near, count)):
        size = 0.32 + (y - _HORIZON) / 300.0
        x = random.uniform(-30.0, WIDTH + 30.0)
        tip = _TIPS[random.integers(len(_TIPS))] * random.uniform(0.80, 1.22)
        yield Blade(
            x=x,
            y=y,
            height=size * random.uniform(20.0, 46.0),
            lean=size * random.normal(4.0, 13.0),
            width=size * random.uniform(2.6, 5.0),
            tip=(tip[0], tip[1], tip[2]),
            light=1.0 - float(_shadow(np.array(x), np.array(y))),
        )


def _draw(image: Image.Image, blades: Iterator[Blade]) -> None:
    draw = ImageDraw.Draw(image)
    alpha = (255,) if image.mode == "RGBA" else ()
    for blade in blades:
        for corners, colour in _pieces(blade):
            draw.polygon(corners, fill=(*colour, *alpha))


def _pieces(blade: Blade) -> Iterator[tuple[list[tuple[float, float]], tuple[int, ...]]]:
    """Cut a bent, tapering blade into quadrangles, dark at the root and bright at the tip."""
    steps = np.linspace(0.0, 1.0, 7)
    xs = blade.x + blade.lean * steps**2
    ys = blade.y - blade.height * (steps - 0.12 * steps**2)
    halves = blade.width * 0.5 * (1.0 - steps**1.6)
    for i in range(len(steps) - 1):
        outline = (
            (xs[i] - halves[i], ys[i]),
            (xs[i] + halves[i], ys[i]),
            (xs[i + 1] + halves[i + 1], ys[i + 1]),
            (xs[i + 1] - halves[i + 1], ys[i + 1]),
        )
        part = float(steps[i + 1]) ** 0.8
        lit = (_ROOT * (1.0 - part) + np.array(blade.tip) * part) * blade.light
        colour = tuple(int(value) for value in np.clip(lit, 0, 255))
        yield [(float(x) * _SCALE, float(y) * _SCALE) for x, y in outline], colour


def _shadow(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of the light that the ball takes away, at ground points in finished pixels."""
    cast = ((x - _SHADOW_X) / 150.0) ** 2 + ((y - _GROUND - 4.0) / 34.0) ** 2
    contact = ((x - _BALL_X) / 96.0) ** 2 + ((y - _GROUND - 2.0) / 22.0) ** 2
    share: NDArray[np.float64] = np.maximum(0.62 * np.exp(-(cast**1.5)), 0.58 * np.exp(-contact))
    return share


def _shadowed(image: Image.Image) -> Image.Image:
    pixels = np.asarray(image, np.float32)
    y, x = np.mgrid[0 : pixels.shape[0], 0 : pixels.shape[1]] / _SCALE
    light = 1.0 - _shadow(x, y + 10.0)
    return Image.fromarray((pixels * light[..., None]).astype(np.uint8))


def _with_ball(image: Image.Image) -> Image.Image:
    ball = render_ball(_BALL_RADIUS * _SCALE)
    colour = Image.fromarray((_to_srgb(ball.colour) * 255.0).round().astype(np.uint8))
    cover = Image.fromarray((ball.cover * 255.0).round().astype(np.uint8))
    corner = ((_BALL_X - _BALL_RADIUS) * _SCALE, (_BALL_Y - _BALL_RADIUS) * _SCALE)
    image = image.copy()
    image.paste(colour, corner, cover)
    return image


def _overlaid(image: Image.Image, blades: Iterator[Blade], blur: float) -> Image.Image:
    """Lay blurred blades over the picture; the clear parts of the layer are green, not black."""
    layer = Image.new("RGBA", image.size, (70, 112, 36, 0))
    _draw(layer, blades)
    layer = layer.filter(ImageFilter.GaussianBlur(blur * _SCALE))
    return Image.alpha_composite(image.convert("RGBA"), layer).convert("RGB")


def _finished(image: Image.Image) -> NDArray[np.uint8]:
    """Bring the picture to its size and darken the corners a little."""
    small = np.asarray(image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS), np.float32)
    y, x = np.mgrid[-1.0 : 1.0 : HEIGHT * 1j, -1.0 : 1.0 : WIDTH * 1j]
    vignette = 1.0 - 0.10 * (x**2 + y**2)
    return np.asarray(np.clip(small * vignette[..., None], 0.0, 255.0).round(), np.uint8)


def _to_srgb(linear: NDArray[np.float32]) -> NDArray[np.float32]:
    """Encode linear light as sRGB (IEC 61966-2-1)."""
    curve = 1.055 * np.maximum(linear, 1e-6) ** (1.0 / 2.4) - 0.055
    return np.where(linear <= 0.0031308, 12.92 * linear, curve).astype(np.float32)
