"""Tooltips about a class."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from inspector.core.class_facts import class_facts
from inspector.core.numbers import difference_text, exact_text

if TYPE_CHECKING:
    from inspector.core.result import Result


def class_tip(result: Result, index: int) -> str:
    """Give the tooltip of a class, as rich text: name, WordNet id, both numbers, difference."""
    facts = class_facts(result, index)
    named = [f"class {facts.index}"]
    if facts.wordnet_id:
        named.append(facts.wordnet_id)
    lines = [
        f"<b>{escape(facts.label)}</b>",
        " · ".join(named),
        f"left {exact_text(facts.left)}, {_rank_text(facts.left_rank)}",
        f"right {exact_text(facts.right)}, {_rank_text(facts.right_rank)}",
        f"difference {difference_text(facts.difference)}",
    ]
    if facts.near_tie:
        lines.append("near-tie: its rank is decided by no more than float noise")
    return "<br>".join(lines)


def _rank_text(rank: int | None) -> str:
    return "its least, shared with others" if rank is None else f"rank {rank}"
