"""Aligning two networks' endpoints, and where they part."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.core.endpoints import Activation, Endpoint, EndpointKind
from inspector.core.trace import (
    TraceCode,
    input_endpoint,
    output_endpoint,
    path_text,
    trace_path,
)
from inspector.core.trace_alignment import align

SHAPES = {"a": (8, 8, 4), "b": (8, 8, 4), "c": (4, 4, 6), "d": (4, 4, 6), "e": (1, 1, 9)}


def values(key: str, shape: tuple[int, ...]) -> np.ndarray:
    seed = sum(map(ord, key))
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def activation(key: str, name: str = "", noise: float = 0.0) -> Activation:
    """Make what the endpoint `key` of a made-up network gives, under another name and a bit off."""
    shape = SHAPES.get(key[0], (5, 5, 2))
    given_values = values(key, shape)
    given_values = given_values + noise * values(f"{key} noise", shape)
    endpoint = Endpoint(name or key, shape, EndpointKind.LAYER)
    return Activation(endpoint, given_values.astype(np.float32))


def network(*inner: Activation, pixels: float = 0.0, output: float = 0.0) -> list[Activation]:
    """Put an input and an output around activations; each may be off by some noise."""
    first = values("pixels", (6, 6, 3)) + pixels * values("other pixels", (6, 6, 3))
    last = values("scores", (10,)) + output * values("other scores", (10,))
    return [
        Activation(input_endpoint((6, 6, 3)), first.astype(np.float32)),
        *inner,
        Activation(output_endpoint(10), last.astype(np.float32)),
    ]


def names(pairs: list[tuple[int, int]], left: list[Activation], right: list[Activation]) -> list:
    return [(left[i].endpoint.name, right[j].endpoint.name) for i, j in pairs]


def test_names_do_not_matter_and_surplus_is_left_out() -> None:
    left = [activation(key) for key in ("a", "a2", "b", "c", "d", "e")]
    right = [activation(key, key.upper(), 1e-6) for key in ("x", "a", "b", "b2", "c", "d", "e")]
    found = names(align(left, right), left, right)
    assert ("a", "A") in found
    assert ("b", "B") in found
    assert [pair for pair in found if pair[0] in "cde"] == [("c", "C"), ("d", "D"), ("e", "E")]


def test_one_equal_pair_outweighs_several_alike() -> None:
    """With order alone, two pairs of the same shape would beat one."""
    left = [activation("a"), activation("a2")]
    right = [activation("a2", "same"), activation("a3", "other")]
    assert align(left, right) == ((1, 0),)


def test_unrelated_values_are_paired_by_shape_and_order() -> None:
    left = [activation("a1"), activation("c1"), activation("e1")]
    right = [activation("a2"), activation("c2"), activation("e2")]
    assert align(left, right) == ((0, 0), (1, 1), (2, 2))


def test_nothing_to_align() -> None:
    assert align([], []) == ()
    assert align([activation("a")], []) == ()
    assert align([activation("a")], [activation("c")]) == ()


def test_axes_of_length_one_do_not_keep_two_apart() -> None:
    flat = activation("e")
    row = Activation(Endpoint("row", (9,), EndpointKind.LAYER), flat.values.reshape(9))
    assert align([flat], [row]) == ((0, 0),)


def test_numbers_that_are_none_are_aligned_all_the_same() -> None:
    bad = Activation(activation("a").endpoint, np.full(SHAPES["a"], np.nan, np.float32))
    assert align([bad], [activation("a")]) == ((0, 0),)


@given(
    st.lists(st.sampled_from("abcde"), max_size=7), st.lists(st.sampled_from("abcde"), max_size=7)
)
def test_an_alignment_keeps_the_order_and_the_shapes(one: list[str], other: list[str]) -> None:
    left = [activation(f"{key}{place}") for place, key in enumerate(one)]
    right = [activation(f"{key}{place}") for place, key in enumerate(other)]
    pairs = align(left, right)
    for sides in zip(*pairs, strict=True):
        assert list(sides) == sorted(set(sides))
    assert all(left[i].compact.shape == right[j].compact.shape for i, j in pairs)
    # A network is aligned with itself endpoint by endpoint.
    assert align(left, left) == tuple((i, i) for i in range(len(left)))


def test_they_agree() -> None:
    left = network(activation("a"), activation("c"))
    right = network(activation("a", "A", 1e-6), activation("c", "C", 3e-5), output=1e-6)
    path = trace_path(left, right)
    assert (path.code, path.departs) == (TraceCode.AGREE, None)
    assert len(path.aligned) == 4
    assert "all 4 aligned endpoints" in path_text(path)
    assert "at c / C" in path_text(path)


def test_the_first_departure_is_named() -> None:
    left = network(*(activation(key) for key in "abcde"))
    right = network(
        activation("a", "A", 1e-6),
        activation("b", "B", 2e-6),
        activation("c", "C", 0.02),
        activation("d", "D", 0.05),
        activation("e", "E", 0.1),
        output=0.1,
    )
    path = trace_path(left, right)
    assert path.code is TraceCode.DEPART
    assert path.departs == 3
    assert path.rows[3].name == "c / C"
    text = path_text(path)
    assert text.startswith("Both networks agree up to b / B (")
    assert "first differ at c / C: relative difference 0.0" in text


def test_a_departure_at_the_output_alone() -> None:
    path = trace_path(network(activation("a")), network(activation("a"), output=0.2))
    assert (path.code, path.departs) == (TraceCode.DEPART, 2)
    assert "first differ at output" in path_text(path)


def test_a_saturated_output_hides_no_departure() -> None:
    """Scores may agree although everything before them differs."""
    left = network(activation("a"), activation("c"))
    right = network(activation("a", "A", 0.1), activation("c", "C", 0.1))
    path = trace_path(left, right)
    assert (path.code, path.departs) == (TraceCode.DEPART, 1)


def test_a_lone_row_above_the_noise_is_noise() -> None:
    left = network(activation("a"), activation("c"))
    right = network(activation("a", "A", 3e-4), activation("c", "C", 1e-6))
    path = trace_path(left, right)
    assert path.code is TraceCode.AGREE
    assert not path.rows[1].agrees


def test_a_pair_by_chance_is_taken_apart() -> None:
    """Where both agree further down, two endpoints that differ were not the same point."""
    left = network(activation("a1"), activation("c"))
    right = network(activation("a2"), activation("c"))
    path = trace_path(left, right)
    assert path.code is TraceCode.AGREE
    assert [row.gap is None for row in path.rows] == [False, True, True, False, False]
    assert [row.name for row in path.rows[1:3]] == ["a1", "a2"]


def test_inputs_that_differ_are_said_first() -> None:
    left, right = network(activation("a")), network(activation("a", noise=0.1), pixels=0.1)
    path = trace_path(left, right)
    assert path.code is TraceCode.INPUT
    assert "identical" in path_text(path)


def test_inputs_of_different_sizes() -> None:
    left, right = network(activation("a")), network(activation("a"))
    small = Activation(input_endpoint((3, 3, 3)), np.ones((3, 3, 3), np.float32))
    path = trace_path(left, [small, *right[1:]])
    assert path.code is TraceCode.INPUT
    assert "different sizes" in path_text(path)


def test_networks_with_nothing_in_common() -> None:
    path = trace_path(network(activation("a")), network(activation("c"), output=1.0))
    assert path.code is TraceCode.NOT_ALIGNED
    assert "no activations in common" in path_text(path)


@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_a_broken_activation_departs(number: float) -> None:
    broken = Activation(activation("c").endpoint, np.full(SHAPES["c"], number, np.float32))
    path = trace_path(network(activation("a"), activation("c")), network(activation("a"), broken))
    assert (path.code, path.departs) == (TraceCode.DEPART, 2)
    assert "relative difference inf" in path_text(path)
