"""What is known of a release without loading it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.store.part import Partial
    from inspector.store.records import Record


class Presence(StrEnum):
    """How a release is on this machine."""

    HERE = "here"
    MISSING = "missing"
    INCOMPLETE = "incomplete"
    USER_FILE = "user_file"
    """A file or folder that a pair file names: the program reads it and never touches it."""
    UNKNOWN = "unknown"
    """Keras fetches it by itself, to a place that is not known here."""


@dataclass(frozen=True, slots=True)
class ReleaseState:
    """What is known of a release without loading it.

    Attributes
    ----------
    presence
        Whether it is here.
    path
        Where it lies, or would be put; None where it needs nothing.
    bytes
        Size of what lies there; None where there is nothing.
    sha256
        As it was recorded, where it was; :func:`inspector.store.records.fingerprint` of a folder.
    url, time
        The mirror it is from and when that was; empty where it is not known.
    note
        What is wrong with it; may be empty.
    partial
        What an earlier download received of it; None where there is nothing, or it is here.
    """

    presence: Presence
    path: Path | None
    bytes: int | None = None
    sha256: str | None = None
    url: str = ""
    time: str = ""
    note: str = ""
    partial: Partial | None = None

    @property
    def is_usable(self) -> bool:
        """Whether it can be loaded with no network."""
        return self.presence in {Presence.HERE, Presence.USER_FILE}

    def with_record(self, record: Record | None) -> ReleaseState:
        """Give the same with what was recorded of it."""
        if record is None:
            return self
        return replace(self, sha256=record.sha256, url=record.url, time=record.time)


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether a release is what it was, or what is published.

    Attributes
    ----------
    ok
        Whether it is whole, and the same where there is something to compare with.
    sha256
        Of what lies there now; None where it is incomplete.
    expected
        As published or recorded; None where this is the first look at it.
    text
        One sentence.
    """

    ok: bool
    path: Path
    sha256: str | None
    expected: str | None
    text: str
