"""Weights by name, and batch norms found among them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Vector = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class NamedWeight:
    """One variable, or one large constant, of a release.

    Attributes
    ----------
    name
        As its release calls it, without TensorFlow's ``:0``.
    values
        Floating-point array of any shape.
    epsilon
        For a batch norm's variance: what the layer adds to it, or None where that isn't known.
    steps
        For a vector that is stored in whole numbers: what one of them stands for, for each element;
        else None.
    """

    name: str
    values: NDArray[np.floating]
    epsilon: float | None = None
    steps: Vector | None = None

    @property
    def is_coarse(self) -> bool:
        """Whether what it is stored in tells how finely: whole numbers, or half precision."""
        return self.steps is not None or self.values.dtype == np.float16

    @property
    def known_steps(self) -> Vector:
        """Give how far apart neighbours are that it can hold; 0 where it is not coarse."""
        if self.steps is not None:
            return np.broadcast_to(self.steps, self.values.shape)
        if self.is_coarse:
            return np.asarray(np.spacing(np.abs(self.values)), np.float64)
        return np.zeros(self.values.shape)


class Role(StrEnum):
    """What a variable is to its batch norm."""

    GAMMA = "gamma"
    BETA = "beta"
    MEAN = "moving_mean"
    VARIANCE = "moving_variance"


_ROLES = {
    **{role.value: role for role in Role},
    "running_mean": Role.MEAN,
    "running_var": Role.VARIANCE,
    "weight": Role.GAMMA,
    "scale": Role.GAMMA,
    "bias": Role.BETA,
    "offset": Role.BETA,
}
_COPY = re.compile(r"(_\d+)?(:\d+)?$")


@dataclass(frozen=True, eq=False)
class Item:
    """What is matched as one: a single weight, or the variables of one batch norm.

    Attributes
    ----------
    index
        Its place in the release's order of weights; a batch norm's is that of its first variable.
    members
        By role for a batch norm; a single weight stands under None.
    """

    index: int
    members: dict[Role | None, NamedWeight]

    @property
    def is_norm(self) -> bool:
        """Whether this is a batch norm."""
        return None not in self.members

    @property
    def weight(self) -> NamedWeight:
        """The single weight."""
        return self.members[None]

    @property
    def values(self) -> NDArray[np.floating]:
        """The single weight's values."""
        return self.members[None].values

    @property
    def channels(self) -> int:
        """Number of channels of a batch norm."""
        return next(iter(self.members.values())).values.size

    @property
    def epsilon(self) -> float | None:
        """The epsilon of a batch norm, or None where it isn't known."""
        variance = self.members.get(Role.VARIANCE)
        return None if variance is None else variance.epsilon

    @cached_property
    def key(self) -> tuple[int | str, ...]:
        """What two items that hold the same values have in common."""
        if self.is_norm:
            return (self.channels, *sorted(role for role in self.members if role is not None))
        return (self.values.size,)

    @cached_property
    def fingerprint(self) -> Vector:
        """Least, largest and mean value of each member: no layout changes them."""
        return np.array(
            [number for role in self._roles for number in _summary(self.members[role].values)]
        )

    @cached_property
    def reach(self) -> Vector:
        """Largest absolute value of each member, three times each, beside the fingerprint."""
        roughly = np.abs(self.fingerprint.reshape(-1, 3)).max(axis=1)
        return np.repeat(roughly, 3)

    @property
    def kind(self) -> str:
        """Last part of the name, which tells equal tensors of other kinds apart."""
        return kind_of(next(iter(self.members.values())).name)

    @property
    def _roles(self) -> list[Role | None]:
        return [role for role in (*Role, None) if role in self.members]

    def affine(self, epsilon: float) -> tuple[Vector, Vector]:
        """Give scale and shift of a batch norm in inference, float64 (channels,).

        ``scale = gamma / sqrt(variance + epsilon)``, ``shift = beta - mean * scale`` (Ioffe and
        Szegedy 2015); what the layer leaves out is 1 for gamma and variance, 0 for the others.
        """
        part = {role: self._part(role) for role in Role}
        with np.errstate(invalid="ignore", divide="ignore"):
            scale = part[Role.GAMMA] / np.sqrt(part[Role.VARIANCE] + epsilon)
            return scale, part[Role.BETA] - part[Role.MEAN] * scale

    def _part(self, role: Role) -> Vector:
        if role in self.members:
            return self.members[role].values.astype(np.float64).ravel()
        default = 1.0 if role in {Role.GAMMA, Role.VARIANCE} else 0.0
        return np.full(self.channels, default)

    def dissolved(self) -> list[Item]:
        """Give the variables of a batch norm as single weights."""
        return [
            Item(self.index + place, {None: self.members[role]})
            for place, role in enumerate(self._roles)
        ]


def _summary(values: NDArray[np.floating]) -> tuple[float, float, float]:
    if not values.size:
        return 0.0, 0.0, 0.0
    with np.errstate(invalid="ignore"):
        three = (values.min(), values.max(), values.mean(dtype=np.float64))
    low, high, mean = np.nan_to_num([float(number) for number in three], posinf=0.0, neginf=0.0)
    return float(low), float(high), float(mean)


def as_floats(values: Any) -> NDArray[np.floating]:
    """Give an array of a type that numpy knows: bfloat16 and smaller become float32."""
    array = np.asarray(values)
    return array if np.issubdtype(array.dtype, np.floating) else array.astype(np.float32)


def kind_of(name: str) -> str:
    """Give the last part of a name, without a copy's counter: ``a/kernel_1:0`` → ``kernel``."""
    return _COPY.sub("", re.split(r"[/.]", name)[-1]).lower()


def find_items(weights: Sequence[NamedWeight]) -> list[Item]:
    """Gather batch norms by their names; every other weight stands alone.

    The variables of one batch norm share everything but the last part of their names, have the
    same size, and hold at least a moving mean or variance. A role that comes twice under the same
    name begins another batch norm.
    """
    open_groups: dict[tuple[str, int], dict[Role, int]] = {}
    groups: list[dict[Role, int]] = []
    for index, weight in enumerate(weights):
        role = _ROLES.get(kind_of(weight.name))
        if role is None or weight.values.size != max(weight.values.shape, default=0):
            continue
        place = (_owner(weight.name), weight.values.size)
        group = open_groups.get(place)
        if group is None or role in group:
            group = open_groups[place] = {}
            groups.append(group)
        group[role] = index
    norms = [group for group in groups if {Role.MEAN, Role.VARIANCE} & group.keys()]
    taken = {index for group in norms for index in group.values()}
    items = [
        Item(min(group.values()), {role: weights[index] for role, index in group.items()})
        for group in norms
    ]
    items += [Item(i, {None: w}) for i, w in enumerate(weights) if i not in taken]
    return sorted(items, key=lambda item: item.index)


def _owner(name: str) -> str:
    return re.split(r"[/.][^/.]*$", name)[0] if re.search(r"[/.]", name) else ""


def is_constant(values: NDArray[np.floating]) -> bool:
    """Tell whether every element is the same, so that equality proves nothing."""
    return values.size == 0 or bool((values == values.flat[0]).all())


def members_of(items: Iterable[Item]) -> list[NamedWeight]:
    """Give the weights of some items."""
    return [weight for item in items for weight in item.members.values()]
