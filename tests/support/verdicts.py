"""What the banner writes under its headline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.verdict import sentences
from inspector.gui.verdict_banner import FINDING_OUT

if TYPE_CHECKING:
    from inspector.core.verdict import Verdict


def below_headline(verdict: Verdict, *, finding_out: bool = False) -> str:
    """Give what stands there for a verdict that blames something and breaks no convention."""
    return sentences(verdict.what, verdict.why, FINDING_OUT if finding_out else "")
