"""From two sides' rows to a frozen comparison of features."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from inspector.core.comparison import compare
from inspector.core.features.comparison import compare_features
from inspector.core.features.facts import FeatureFacts
from inspector.core.features.findings import find_feature_causes
from inspector.core.features.result import FeatureResult, FeatureSide
from inspector.core.features.verdict import judge_features
from inspector.core.labels import load_labels
from inspector.core.scores import OutputSwitches
from inspector.core.versions import library_versions

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from inspector.core.features.facts import FeatureCheck
    from inspector.core.pairs import PairSpec
    from inspector.core.picture import PictureInfo
    from inspector.core.result import SideResult, SideSettings
    from inspector.engine.messages import CompareRequest


def for_features(request: CompareRequest) -> CompareRequest:
    """Give a request without what only class scores have: softmax, background, training, heads."""
    return replace(request, left=_plain(request.left), right=_plain(request.right))


def feature_facts(
    picture: PictureInfo, left: SideResult, right: SideResult, check: FeatureCheck
) -> FeatureFacts:
    """Compare both sides' rows.

    Parameters
    ----------
    picture
        What is known of the picture.
    left, right
        What each side did; their scores hold the features.
    check
        What was measured of the two models.
    """
    sides = _feature_side(left), _feature_side(right)
    return FeatureFacts(
        picture=picture,
        left=sides[0],
        right=sides[1],
        comparison=compare(left.scores, right.scores, check.noise_floor),
        check=check,
        labels=load_labels("indices", check.dimensions),
        features=compare_features(sides[0].features, sides[1].features, check.noise_floor),
    )


def feature_result(
    facts: FeatureFacts,
    preview: NDArray[np.uint8],
    pair: PairSpec,
    timings_ms: Mapping[str, float],
) -> FeatureResult:
    """Judge a comparison and freeze it."""
    return FeatureResult(
        picture=facts.picture,
        preview=preview,
        pair=pair,
        left=_feature_side(facts.left),
        right=_feature_side(facts.right),
        comparison=facts.features,
        verdict=judge_features(facts),
        findings=find_feature_causes(facts),
        match=facts.check.match,
        timings_ms=timings_ms,
        versions=library_versions(),
    )


def _plain(settings: SideSettings) -> SideSettings:
    return replace(settings, output=OutputSwitches(), training=None, auxiliary=None)


def _feature_side(side: SideResult) -> FeatureSide:
    if isinstance(side, FeatureSide):
        return side
    return FeatureSide(**{part.name: getattr(side, part.name) for part in fields(side)})
