"""Why two rows of features differ: everything that an explanation holds, frozen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inspector.core.causes.explanation import MeasuredCauses

if TYPE_CHECKING:
    from inspector.core.features.result import FeatureResult

DISTANCE_NAME = "relative L2 distance"
"""What is divided, fed across, closed and tried."""


@dataclass(frozen=True, eq=False, slots=True)
class FeatureExplanation(MeasuredCauses):
    """A comparison of features with its causes.

    Every distance in its parts is relative: Euclidean, over the mean length of the left and the
    right row of this picture. In `noise` it is each measurement's own relative L2. The first
    classes in the cells of the cross-feed mean nothing here.

    Attributes
    ----------
    result
        The comparison.
    """

    result: FeatureResult
