"""How scores and differences are written for people: short, and never a false zero."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALLEST_SHARE = 0.0005
"""The least probability that is written as a percentage with one decimal."""

MINUS = "\N{MINUS SIGN}"


def reads_as_probabilities(row: NDArray[np.float64]) -> bool:
    """Tell whether every number of a row is finite and within 0 to 1 (but for float noise)."""
    return bool(np.isfinite(row).all() and row.min() >= 0.0 and row.max() <= 1.0 + 1e-6)


def score_text(value: float, probability: bool) -> str:
    """Write one score for the end of its bar.

    Parameters
    ----------
    value
        The number.
    probability
        Whether it is one of a row of probabilities: then a percentage with one decimal, ``<0.1 %``
        and ``>99.9 %`` where rounding would hide what is left. Otherwise four digits.
    """
    if not math.isfinite(value):
        return "not finite"
    if not probability:
        return f"{value:.4g}".replace("-", MINUS)
    if value == 0.0:
        return "0 %"
    if value < SMALLEST_SHARE:
        return "<0.1 %"
    if 0.9995 <= value < 1.0:
        return ">99.9 %"
    return f"{100 * value:.1f} %"


def difference_text(value: float) -> str:
    """Write a signed difference with three digits, such as ``+0.0123`` or ``−3.1e−07``."""
    if not math.isfinite(value):
        return "not finite"
    if value == 0.0:
        return "0"
    return f"{value:+.3g}".replace("-", MINUS)


def share_percent(share: float) -> str:
    """Write a share of 0 to 1 so that ``100.00 %`` is said of all only, and ``0.00 %`` of none."""
    text = f"{100.0 * share:.2f}"
    if text == "100.00" and share < 1.0:
        text = ">99.99"
    elif text == "0.00" and share > 0.0:
        text = "<0.01"
    return f"{text} %"


def rate_text(rate: float) -> str:
    """Write so many a second: whole numbers from 10 on, two digits below."""
    return f"{rate:,.0f}" if rate >= 9.95 else f"{rate:.2g}"


def exact_text(value: float) -> str:
    """Write a number for copying: nine digits, plain ASCII."""
    return f"{value:.9g}"


def tick_text(value: float, step: float) -> str:
    """Write a tick with no more decimals than its `step` needs."""
    if abs(value) < step * 1e-6:
        return "0"
    if not 1e-4 <= abs(value) < 1e6:
        return f"{value:.3g}".replace("-", MINUS)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return f"{value:.{decimals}f}".replace("-", MINUS)


def decade_text(exponent: int) -> str:
    """Write a power of ten, such as ``10⁻⁵``; 1 and 10 are written out."""
    if exponent in (0, 1):
        return str(10**exponent)
    superscript = str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"10{superscript}"
