"""What a run says of itself: as JSON in its file, and held against a resume."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from inspector.sweep.rows import RunInfo

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MUST_AGREE = {
    "pair_id": "pair",
    "pair": "pair",
    "left_settings": "left",
    "right_settings": "right",
    "release_hashes": "release hash",
    "labels": "labels",
    "wordnet_ids": "WordNet ids",
}
_WHERE_NAMED = {"listed": "pictures", "truth": "true classes"}
_ABSENT = "nothing"


@dataclass(frozen=True, slots=True)
class OtherFact:
    """One fact that is not the same of two runs.

    Attributes
    ----------
    place
        What it is, from the general to the particular, such as ``("left", "mode")``.
    was, now
        Its values in the earlier and the later run, as short texts.
    is_version
        Whether it is the version of a library.
    """

    place: tuple[str, ...]
    was: str
    now: str
    is_version: bool = False

    @property
    def title(self) -> str:
        """The place in words, such as ``Left: preprocessing, resize, method``."""
        if self.is_version:
            return f"Version of {' '.join(self.place)}"
        first, *rest = (part.replace("_", " ") for part in self.place)
        title = first[:1].upper() + first[1:]
        return f"{title}: {', '.join(rest)}" if rest else title


def to_json(info: RunInfo) -> str:
    """Write a run's facts as JSON."""
    return json.dumps(asdict(info), ensure_ascii=True, default=str)


def from_json(text: str) -> RunInfo:
    """Read a run's facts.

    Raises
    ------
    ValueError
        Where the text is not what :func:`to_json` writes.
    """
    table = json.loads(text)
    names = {part.name for part in fields(RunInfo)}
    if not isinstance(table, dict) or not names - {"options"} <= table.keys():
        raise ValueError("not the facts of a run")
    known = {name: value for name, value in table.items() if name in names}
    known["labels"] = tuple(known["labels"])
    known["wordnet_ids"] = tuple(known["wordnet_ids"])
    return RunInfo(**known)


def differences(stored: RunInfo, asked: RunInfo) -> tuple[str, ...]:
    """Name what keeps a run from being resumed: other pair, modes, stages, hashes or labels.

    What the user named (`listed`, `truth`) counts only where it is named again; the noise floor,
    the title and the options don't count.
    """
    found = (
        f"{' '.join(fact.place)}: {fact.was} in the run, {fact.now} now"
        for fact in other_settings(stored, asked)
    )
    return tuple(dict.fromkeys(found))


def other_settings(before: RunInfo, after: RunInfo) -> tuple[OtherFact, ...]:
    """Give what :func:`differences` names, as facts."""
    old, new = (_untitled(json.loads(to_json(info))) for info in (before, after))
    keys = dict(_MUST_AGREE)
    keys.update({key: title for key, title in _WHERE_NAMED.items() if new[key]})
    return tuple(
        OtherFact((title, *place), was, now)
        for key, title in keys.items()
        for place, was, now in _unequal(old[key], new[key])
    )


def _untitled(value: Any) -> Any:
    """Leave out what only names the releases of a pair."""
    if not isinstance(value, dict):
        return value
    return {key: _untitled(each) for key, each in value.items() if key != "title"}


def other_versions(before: RunInfo, after: RunInfo) -> tuple[OtherFact, ...]:
    """Give the versions that are not the same."""
    return tuple(
        OtherFact(place, was, now, is_version=True)
        for place, was, now in _unequal(dict(before.versions), dict(after.versions))
    )


def version_changes(stored: RunInfo, asked: RunInfo) -> tuple[str, ...]:
    """Give a sentence for each version that is another one than when the run began."""
    return tuple(
        f"{' '.join(fact.place)} was {fact.was} when the run began and is {fact.now} now."
        for fact in other_versions(stored, asked)
    )


def _unequal(old: Any, new: Any) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield place, old and new text of every leaf that differs."""
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _unequal_tables(old, new)
    elif old != new:
        yield (), _short(old), _short(new)


def _unequal_tables(
    old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[tuple[tuple[str, ...], str, str]]:
    for key in {**old, **new}:
        for place, was, now in _unequal(old.get(key), new.get(key)):
            yield (str(key), *place), was, now


def _short(value: Any) -> str:
    if value is None or value == "":
        return _ABSENT
    if isinstance(value, list) and len(value) > 8:
        return f"a list of {len(value)}"
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
