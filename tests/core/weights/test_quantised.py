from __future__ import annotations

import numpy as np

from inspector.core.pairs import Side
from inspector.core.weights.quantised import find_quantised
from inspector.core.weights.tensors import NamedWeight


def weight(name: str, shape: tuple[int, ...], levels: int | None) -> NamedWeight:
    values = np.random.default_rng(3).normal(size=shape)
    if levels:
        values = np.round(values / np.abs(values).max() * (levels // 2 - 1))
    return NamedWeight(name, values.astype(np.float32))


def test_few_levels_per_channel_are_found_and_the_largest_tensor_named() -> None:
    found = find_quantised(
        Side.RIGHT,
        [weight("small", (1, 1, 600, 20), 256), weight("large", (1280, 100), 256)],
    )
    assert found is not None
    assert found.name == "large"
    assert found.elements == 1280
    assert found.distinct <= 256
    assert (found.tensors, found.checked) == (2, 2)


def test_float_weights_are_not_called_quantised() -> None:
    assert find_quantised(Side.LEFT, [weight("dense", (1280, 100), None)]) is None


def test_short_channels_and_constants_prove_nothing() -> None:
    assert find_quantised(Side.LEFT, [weight("depthwise", (3, 3, 640, 1), 8)]) is None
    constant = NamedWeight("ones", np.ones((1024, 8), np.float32))
    assert find_quantised(Side.LEFT, [constant]) is None


def test_one_quantised_tensor_among_float_ones_is_not_enough() -> None:
    mixed = [weight("a", (1024, 8), 64), *(weight(f"f{i}", (1024, 8), None) for i in range(3))]
    assert find_quantised(Side.LEFT, mixed) is None
