"""Rules that judge measured causes, one function each; see CONTRIBUTING to add one.

A rule takes :class:`inspector.core.causes.reasons.Reasons` and gives its findings, none where it
has nothing to say. Rules that need the comparison alone are in :mod:`inspector.core.findings`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.causes.rules import conventions, models, pixels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from inspector.core.causes.reasons import Reasons
    from inspector.core.findings import Finding

    Rule = Callable[[Reasons], Iterable[Finding]]

RULES: tuple[Rule, ...] = (
    conventions.wrong_range_declared,
    conventions.wrong_channels_declared,
    conventions.labels_shifted,
    conventions.labels_permuted,
    conventions.shared_array_overwritten,
    models.training_mode,
    models.different_weights,
    pixels.stage_causes,
    pixels.input_size,
    pixels.decoder_fallback,
    models.near_tie,
    models.quantised_weights,
)
"""Every rule, asked in this order."""
