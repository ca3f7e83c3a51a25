"""A golf ball: a ray-cast sphere with dimples at the vertices of a geodesic grid."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

SUN = np.array([-0.50, 0.70, 0.51], np.float32)
_SUN_COLOUR = np.array([1.00, 0.95, 0.86], np.float32) * 0.84
_SKY_COLOUR = np.array([0.62, 0.76, 1.00], np.float32) * 0.40
_GRASS_COLOUR = np.array([0.34, 0.52, 0.12], np.float32) * 0.42
_PAINT = np.array([0.97, 0.97, 0.95], np.float32)

_FREQUENCY = 6  # 10·6² + 2 = 362 dimples; real balls have 300 to 500
_DIMPLE_RADIUS = 0.088  # radians; neighbours are 0.2 apart
_DIMPLE_SLOPE = 0.62  # tangent of the wall's angle at the rim
_CHUNK = 64  # rows at a time: the distance table stays small


@dataclass(frozen=True, slots=True)
class Ball:
    """The ball as seen from the front.

    Attributes
    ----------
    colour
        float32 [2·radius, 2·radius, 3], linear light in [0, 1].
    cover
        float32 [2·radius, 2·radius], share of each pixel that the ball covers.
    """

    colour: Floats
    cover: Floats


def render_ball(radius: int) -> Ball:
    """Render the ball.

    Parameters
    ----------
    radius
        In pixels.
    """
    steps = (np.arange(2 * radius, dtype=np.float32) + 0.5) / radius - 1.0
    x, y = np.meshgrid(steps, -steps)
    distance = np.hypot(x, y)
    inside = np.minimum(distance, 0.9995)
    scale = inside / np.maximum(distance, 1e-6)
    normal = np.stack([x * scale, y * scale, np.sqrt(1.0 - inside**2)], axis=-1)
    cover = np.clip((1.0 - distance) * radius + 0.5, 0.0, 1.0)
    bent, hollow = _dimpled(normal.astype(np.float32))
    return Ball(_shade(normal, bent, hollow), cover.astype(np.float32))


def _shade(normal: Floats, bent: Floats, hollow: Floats) -> Floats:
    """Light the paint by sun, sky and grass, under a clear coat."""
    sun = np.clip(bent @ SUN, 0.0, 1.0) * _smooth(normal @ SUN, -0.10, 0.25)
    up = 0.5 + 0.5 * bent[..., 1]
    contact = _smooth(normal[..., 1], -1.05, -0.25)
    ambient = (1.0 - 0.35 * hollow) * (0.30 + 0.70 * contact)
    light = sun[..., None] * _SUN_COLOUR
    light = light + (ambient * up)[..., None] * _SKY_COLOUR
    light = light + (ambient * (1.0 - up))[..., None] * _GRASS_COLOUR
    half = SUN + np.array([0.0, 0.0, 1.0], np.float32)
    glint = np.clip(bent @ (half / np.linalg.norm(half)), 0.0, 1.0) ** 90
    fresnel = (1.0 - normal[..., 2]) ** 5 * contact
    coat = (0.32 * glint)[..., None] + (0.25 * fresnel)[..., None] * _SKY_COLOUR
    return np.asarray(np.clip(light * _PAINT + coat, 0.0, 1.0), np.float32)


def _dimpled(normal: Floats) -> tuple[Floats, Floats]:
    """Bend the sphere's normals into the dimples.

    Returns
    -------
    tuple
        The bent normals [h, w, 3], and how deep each point lies [h, w] in [0, 1].
    """
    grid = _geodesic(_FREQUENCY) @ _turn(0.42, 0.31, 0.17)
    centres = grid[grid[:, 2] > -0.15].astype(np.float32)
    bent, hollow = np.empty_like(normal), np.empty(normal.shape[:2], np.float32)
    for row in range(0, len(normal), _CHUNK):
        rows = slice(row, row + _CHUNK)
        bent[rows], hollow[rows] = _bend(normal[rows], centres)
    return bent, hollow


def _bend(normal: Floats, centres: Floats) -> tuple[Floats, Floats]:
    nearness = normal @ centres.T
    nearest = centres[nearness.argmax(axis=-1)]
    cosine = np.clip(nearness.max(axis=-1), -1.0, 1.0)
    part = np.arccos(cosine) / _DIMPLE_RADIUS
    rim = 1.0 - _smooth(part, 0.80, 1.0)
    outward = normal - nearest * cosine[..., None]
    outward = outward / np.maximum(np.linalg.norm(outward, axis=-1, keepdims=True), 1e-6)
    bent = normal - outward * (_DIMPLE_SLOPE * part * rim)[..., None]
    bent = bent / np.linalg.norm(bent, axis=-1, keepdims=True)
    return bent, np.clip(1.0 - part**2, 0.0, 1.0)


def _geodesic(frequency: int) -> NDArray[np.float64]:
    """Subdivide an icosahedron: 10·frequency² + 2 unit vectors, nearly evenly spread."""
    points = np.array(list(_subdivided(frequency)))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return np.unique(points.round(9), axis=0)


def _subdivided(frequency: int) -> Iterator[NDArray[np.float64]]:
    corners = _icosahedron()
    for a, b, c in _faces(corners):
        for i in range(frequency + 1):
            for j in range(frequency + 1 - i):
                k = frequency - i - j
                yield (i * corners[a] + j * corners[b] + k * corners[c]) / frequency


def _icosahedron() -> NDArray[np.float64]:
    golden = (1.0 + math.sqrt(5.0)) / 2.0
    flat = [(0.0, s, t * golden) for s in (-1, 1) for t in (-1, 1)]
    corners = [np.roll(corner, turn) for corner in flat for turn in range(3)]
    return np.array(corners) / math.hypot(1.0, golden)


def _faces(corners: NDArray[np.float64]) -> Iterator[tuple[int, int, int]]:
    """Yield the triples of corners that are neighbours of one another: the 20 triangles."""
    near = corners @ corners.T > 0.4
    count = len(corners)
    for a in range(count):
        for b in range(a + 1, count):
            for c in range(b + 1, count):
                if near[a, b] and near[b, c] and near[a, c]:
                    yield a, b, c


def _turn(x: float, y: float, z: float) -> NDArray[np.float64]:
    """Rotation matrix, so that no axis of symmetry faces the viewer."""
    cx, sx, cy, sy, cz, sz = (f(angle) for angle in (x, y, z) for f in (math.cos, math.sin))
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    turned: NDArray[np.float64] = about_x @ about_y @ about_z
    return turned


def _smooth(values: Floats, low: float, high: float) -> Floats:
    """Smooth step from 0 at `low` to 1 at `high`."""
    part = np.clip((values - low) / (high - low), 0.0, 1.0)
    step: Floats = part * part * (3.0 - 2.0 * part)
    return step
