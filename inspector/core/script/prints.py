"""What a script prints once both rows are there, as source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inspector.core.pairs import OutputKind
from inspector.core.script.code import indented
from inspector.core.script.release import drops_background

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inspector.core.pairs import ReleaseSpec, Side
    from inspector.core.result import SideSettings

_TOP = 5
_LARGEST = 'print("max |left - right|:", float(np.abs({difference}).max()))'


@dataclass(frozen=True, slots=True)
class Part:
    """One side of the script."""

    side: Side
    release: ReleaseSpec
    settings: SideSettings
    size: tuple[int, int]


def print_lines(parts: Sequence[Part], named: bool) -> list[str]:
    """Write the prints: how far the sides are apart, then the entries of each that matter most.

    Parameters
    ----------
    parts
        The sides of the script, one or two.
    named
        Whether the script has the names of the classes in ``NAMES``.
    """
    if any(part.release.output is OutputKind.FEATURES for part in parts):
        return _feature_lines(parts)
    lines = _difference_lines(parts) if len(parts) > 1 else []
    names = ", *NAMES[index : index + 1]" if named else ""
    for part in parts:
        side = str(part.side)
        lines.append(f'for index in np.argsort(-{side}, kind="stable")[:{_TOP}]:')
        lines += _entry(side, names)
    return lines


def _difference_lines(parts: Sequence[Part]) -> list[str]:
    keeping = [
        part
        for part in parts
        if part.release.background and not drops_background(part.release, part.settings.output)
    ]
    if not keeping:
        return [_LARGEST.format(difference="left - right")]
    return [
        "classes = min(left.size, right.size)  # a background class was kept",
        "difference = left[:classes] - right[:classes]",
        _LARGEST.format(difference="difference"),
    ]


def _feature_lines(parts: Sequence[Part]) -> list[str]:
    """Write the distances of two rows of features and the dimensions that are most apart.

    They are those of :func:`inspector.core.features.comparison.compare_features`. Of one row alone,
    its length and its largest dimensions are written.
    """
    if len(parts) == 1:
        side = str(parts[0].side)
        return [
            f'print("{side}:", {side}.size, "features, length", float(np.linalg.norm({side})))',
            f'for index in np.argsort(-np.abs({side}), kind="stable")[:{_TOP}]:',
            *_entry(side),
        ]
    return [
        "difference = left - right",
        "lengths = np.linalg.norm(left), np.linalg.norm(right)",
        'print("cosine:", float(left @ right / (lengths[0] * lengths[1])))',
        'print("relative L2:", float(np.linalg.norm(difference) / (sum(lengths) / 2)))',
        _LARGEST.format(difference="difference"),
        f'most_apart = np.argsort(-np.abs(difference), kind="stable")[:{_TOP}]',
        *(line for part in parts for line in ("for index in most_apart:", *_entry(str(part.side)))),
    ]


def _entry(side: str, names: str = "") -> list[str]:
    return indented([f'print(f"{side}: {{index}} {{float({side}[index])!r}}"{names})'])
