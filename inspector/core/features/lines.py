"""An explanation of features in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.causes.explanation_lines import (
    cause_sentences,
    closing_sentences,
    feed_conclusion,
)
from inspector.core.features.explanation import DISTANCE_NAME

if TYPE_CHECKING:
    from inspector.core.causes.crossfeed import CrossFeed
    from inspector.core.features.explanation import FeatureExplanation

_NAME = DISTANCE_NAME[:1].upper() + DISTANCE_NAME[1:]


def feature_lines(explanation: FeatureExplanation) -> tuple[str, ...]:
    """Give an explanation as sentences, each of which can stand alone."""
    return (
        *cause_sentences(explanation, _NAME),
        feature_feed_sentence(explanation.cross_feed, explanation.result.comparison.noise_floor),
        *closing_sentences(explanation.proposals),
        *(() if explanation.audit is None else (explanation.audit.text,)),
    )


def feature_feed_sentence(table: CrossFeed, noise_floor: float | None = None) -> str:
    """Say what exchanging the input moves, what exchanging the model moves, and what follows."""
    return (
        f"Exchanging the input moves the features by up to {table.by_input:.3g}, exchanging the "
        f"model by up to {table.by_model:.3g} (relative L2): {feed_conclusion(table, noise_floor)}."
    )
