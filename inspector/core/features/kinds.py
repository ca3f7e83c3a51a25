"""Results and explanations of either kind: of classes, or of features."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias

from inspector.core.causes.explanation import Explanation
from inspector.core.features.explanation import FeatureExplanation
from inspector.core.features.result import FeatureResult
from inspector.core.labels import Labels
from inspector.core.result import Result

AnyResult: TypeAlias = Result | FeatureResult
AnyExplanation: TypeAlias = Explanation | FeatureExplanation


class Kind(StrEnum):
    """What a pair's outputs are compared by."""

    CLASSES = "classes"
    FEATURES = "features"


def kind_of(result: AnyResult) -> Kind:
    """Tell which kind of result it is."""
    return Kind.FEATURES if isinstance(result, FeatureResult) else Kind.CLASSES


def entry_labels(result: AnyResult) -> Labels:
    """Give the names of the classes, or plain names of the dimensions."""
    if isinstance(result, FeatureResult):
        return dimension_labels(result.comparison.dimensions)
    return result.labels


def first_entry(result: AnyResult) -> int:
    """Give what is marked at first: the left side's first class, or the dimension most apart."""
    if isinstance(result, FeatureResult):
        return result.comparison.largest
    return result.comparison.left_top


@lru_cache(maxsize=4)
def dimension_labels(dimensions: int) -> Labels:
    """Name the dimensions ``dimension 0`` and so on."""
    return Labels(tuple(f"dimension {index}" for index in range(dimensions)))
