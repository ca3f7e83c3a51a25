"""Whether ``numpy.allclose`` passes, and what it would need to."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_CEILING, Context
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.causes.tolerance import required_atol, required_rtol

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

DIGITS = 3
"""Significant digits of the least tolerances; they are rounded up, so that they do pass."""


MOST_RTOL = 10.0
"""A relative tolerance beyond says nothing: numbers ten times as large would pass."""


@dataclass(frozen=True, slots=True)
class Allclose:
    """The outcome for one pair of tolerances.

    Attributes
    ----------
    rtol, atol
        The tolerances.
    passes
        What ``numpy.allclose(left, right, rtol, atol)`` gives.
    failing, classes
        How many classes are too far apart, of how many.
    least_rtol, least_atol
        The least tolerance of `DIGITS` digits that passes while the other one stays as it is;
        infinite where none does.
    """

    rtol: float
    atol: float
    passes: bool
    failing: int
    classes: int
    least_rtol: float
    least_atol: float


def check_allclose(
    left: NDArray[np.float64], right: NDArray[np.float64], rtol: float, atol: float
) -> Allclose:
    """Ask ``numpy.allclose``.

    Parameters
    ----------
    left, right
        float64 (classes,).
    rtol, atol
        Tolerances, 0 or more.
    """
    close = np.isclose(left, right, rtol=rtol, atol=atol)
    least_rtol = least_atol = math.inf
    if np.isfinite(left).all() and np.isfinite(right).all():
        least_rtol = _passing(
            required_rtol(left, right, atol),
            lambda tried: np.allclose(left, right, rtol=tried, atol=atol),
        )
        least_atol = _passing(
            required_atol(left, right, rtol),
            lambda tried: np.allclose(left, right, rtol=rtol, atol=tried),
        )
    return Allclose(
        rtol=rtol,
        atol=atol,
        passes=bool(close.all()),
        failing=int(np.count_nonzero(~close)),
        classes=int(left.size),
        least_rtol=least_rtol,
        least_atol=least_atol,
    )


def allclose_text(check: Allclose, one: str = "class", many: str = "classes") -> str:
    """Say what was found, such as ``numpy.allclose fails: 998 of 1000 classes are …``.

    `one` and `many` name what was compared.
    """
    if check.passes:
        return f"numpy.allclose passes: all {check.classes} {many} are within the tolerance."
    are = f"{one} is" if check.failing == 1 else f"{many} are"
    return f"numpy.allclose fails: {check.failing} of {check.classes} {are} too far apart."


def least_text(check: Allclose) -> str:
    """Say which tolerances would just pass; an rtol over `MOST_RTOL` is not worth naming."""
    choices = _choices(check.least_rtol, check.least_atol)
    if not choices:
        return "No tolerance would pass."
    if check.passes:
        return f"It would still pass with {', or with '.join(choices)}."
    return f"It would pass with {', or with '.join(choices)}."


def needed_text(rtol: float, atol: float) -> str:
    """Say which tolerance ``numpy.allclose`` would need, with its default for the other one.

    Parameters
    ----------
    rtol, atol
        As :func:`inspector.core.causes.tolerance.required_rtol` and ``required_atol`` give them.
    """
    if rtol <= 0 or atol <= 0:
        return "numpy.allclose passes with its own tolerances."
    choices = _choices(*(rounded_up(v) if math.isfinite(v) else v for v in (rtol, atol)))
    if not choices:
        return "numpy.allclose would pass with no tolerance."
    return f"numpy.allclose would pass with {', or with '.join(choices)}."


def _choices(rtol: float, atol: float) -> list[str]:
    choices = [f"rtol={rtol:g}"] if rtol <= MOST_RTOL else []
    return [*choices, f"atol={atol:g}"] if math.isfinite(atol) else choices


def rounded_up(value: float, digits: int = DIGITS) -> float:
    """Round a finite number of 0 or more up to some significant digits."""
    return float(Context(prec=digits, rounding=ROUND_CEILING).create_decimal_from_float(value))


def _passing(needed: float, passes: Callable[[float], bool]) -> float:
    """Round up, and once more where the sums inside numpy are rounded down."""
    if not math.isfinite(needed):
        return needed
    tried = rounded_up(needed)
    return tried if passes(tried) else rounded_up(math.nextafter(tried, math.inf))
