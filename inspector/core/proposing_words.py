"""Proposals in words and plain values, for terminal and window alike."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from inspector.core.input_range import InputRange
from inspector.core.model_files import source_of_model
from inspector.core.sources import Source, SourceKind, absolute_path, parse_source

if TYPE_CHECKING:
    from inspector.core.proposing import ConventionProposal


def source_of(text: str) -> Source:
    """Read a source line, a path or a handle.

    Raises
    ------
    PairFileError
        Where it is a source line that is not well formed.
    ReleaseMissingError, ReleaseError
        Where nothing is there, or it is no model.
    """
    kind, colon, _ = text.strip().partition(":")
    if colon and kind in set(SourceKind):
        return parse_source(text.strip(), Path.cwd())
    return source_of_model(text)


def labels_of(text: str) -> str:
    """Give the labels that somebody names: a word, or an absolute path; empty stays empty.

    Raises
    ------
    PairFileError
        Where no file can have such a name.
    """
    words = text.strip()
    return words if words in {"", "imagenet", "indices"} else absolute_path(words, Path.cwd())


def plain_value(value: Any) -> Any:
    """Give a proposed value as a pair file, or JSON, would hold it."""
    if isinstance(value, InputRange):
        return value.name or [value.low, value.high]
    return list(value) if isinstance(value, tuple) else value


def value_text(value: Any) -> str:
    """Write a proposed value for people."""
    plain = plain_value(value)
    if isinstance(plain, bool):
        return "yes" if plain else "no"
    if isinstance(plain, list):
        return f"[{', '.join(f'{number:g}' for number in plain)}]"
    return str(plain)


def certainty_text(proposal: ConventionProposal[Any]) -> str:
    """Say how sure a proposal is: ``likely, 90 %``."""
    if proposal.certainty == "known":
        return "known"
    return f"{proposal.certainty}, {proposal.confidence * 100:.0f} %"


def others_text(proposal: ConventionProposal[Any], least: float = 0.05) -> str:
    """Name what else it may be, from a belief of `least` on; may be empty."""
    others = [(each, belief) for each, belief in proposal.alternatives if belief >= least]
    return ", ".join(f"{each} {belief * 100:.0f} %" for each, belief in others)
