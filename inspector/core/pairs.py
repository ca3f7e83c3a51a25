"""Pairs of releases and the TOML form they are written in (``resources/pairs.toml``)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from inspector.core.errors import PairFileError, UsageError
from inspector.core.input_range import KNOWN_RANGES, InputRange, find_range
from inspector.core.modes import OWN_MODE_IDS
from inspector.core.sources import Source, SourceKind, absolute_path, nearest_hint, parse_source


class OutputKind(StrEnum):
    """What the numbers of a release's output row are."""

    LOGITS = "logits"
    PROBABILITIES = "probabilities"
    FEATURES = "features"


class Side(StrEnum):
    """The two sides of a pair."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> Side:
        """Give the other side."""
        return Side.RIGHT if self is Side.LEFT else Side.LEFT


@dataclass(frozen=True, slots=True)
class ReleaseSpec:
    """One release with its declared input and output convention.

    Attributes
    ----------
    source
        What to load.
    mode
        Name of its own preprocessing mode.
    range
        What its input numbers stand for.
    output
        Logits, probabilities or features.
    background
        Whether index 0 is a background class before the shared classes.
    title
        Name to show; made from the source where empty.
    size
        Input height and width, or None to take them from the model.
    """

    source: Source
    mode: str
    range: InputRange
    output: OutputKind
    background: bool
    title: str = ""
    size: tuple[int, int] | None = None

    @property
    def name(self) -> str:
        """Give the name to show."""
        return self.title or _title_of(self.source)


@dataclass(frozen=True, slots=True)
class PairSpec:
    """Two releases to compare.

    Attributes
    ----------
    id, title
        Name on the command line, and name to show.
    labels
        ``imagenet``, ``indices``, or the absolute path of a text file with one label a line.
    left, right
        The releases.
    note
        A line to show beside the pair; may be empty.
    family
        What it is listed under; may be empty.
    """

    id: str
    title: str
    labels: str
    left: ReleaseSpec
    right: ReleaseSpec
    note: str = ""
    family: str = ""

    def release(self, side: Side) -> ReleaseSpec:
        """Give the release of one side."""
        return self.left if side is Side.LEFT else self.right


@dataclass(frozen=True, slots=True)
class PairSide:
    """One side of a pair."""

    pair: PairSpec
    side: Side

    @property
    def release(self) -> ReleaseSpec:
        """The release of this side."""
        return self.pair.release(self.side)

    @property
    def id(self) -> str:
        """What names it on the command line."""
        return f"{self.pair.id}/{self.side}"

    @property
    def source(self) -> str:
        """What is loaded; the same release may stand in several pairs."""
        return str(self.release.source)


_PAIR_KEYS = ("id", "title", "labels", "note", "family", "left", "right")
_SIDE_KEYS = ("source", "mode", "range", "output", "background", "title", "size")


def read_pairs(path: Path) -> tuple[PairSpec, ...]:
    """Read all pairs of a file.

    Parameters
    ----------
    path
        A TOML file with at least one ``[[pair]]``; its relative paths are resolved from its folder.

    Raises
    ------
    PairFileError
        Where the file cannot be read, is not TOML, or has an unknown, missing or wrong key.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise PairFileError(
            f"The pair file {path} could not be read: {reason}.", "Check its path and permissions."
        ) from error
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PairFileError(
            f"The pair file {path} is not valid TOML: {error}.", "Correct that line."
        ) from error
    except RecursionError:
        raise PairFileError(
            f"The pair file {path} is nested too deeply.", "Write [[pair]] tables only."
        ) from None
    return parse_pairs(table, path.resolve().parent, path.name)


def parse_pairs(table: dict[str, Any], base: Path, where: str) -> tuple[PairSpec, ...]:
    """Turn a parsed TOML table into pairs; `where` names the file in messages."""
    _check_keys(table, ("pair",), where)
    entries = table.get("pair")
    if not isinstance(entries, list) or not entries:
        raise PairFileError(f"{where} has no [[pair]].", "Add at least one [[pair]] table.")
    pairs = tuple(_pair(entry, base, where) for entry in entries)
    seen: set[str] = set()
    for pair in pairs:
        if pair.id in seen:
            raise PairFileError(
                f"{where} has two pairs with the id {pair.id!r}.",
                "Give each pair an id of its own.",
            )
        seen.add(pair.id)
    return pairs


def find_pair(pairs: tuple[PairSpec, ...], pair_id: str) -> PairSpec:
    """Give the pair called `pair_id`, or raise UsageError naming the nearest."""
    for pair in pairs:
        if pair.id == pair_id:
            return pair
    raise UsageError(
        f"There is no pair {pair_id!r}.",
        nearest_hint(pair_id, tuple(pair.id for pair in pairs), "pair"),
    )


def _pair(entry: Any, base: Path, where: str) -> PairSpec:
    if not isinstance(entry, dict):
        raise PairFileError(f"{where}: 'pair' is not a table.", "Write [[pair]].")
    name = f"{where}, pair {entry.get('id', '?')!r}"
    _check_keys(entry, _PAIR_KEYS, name)
    for key in ("id", "left", "right"):
        if key not in entry:
            raise PairFileError(f"{name} has no {key!r}.", f"Add {key}.")
    pair_id = _text(entry, "id", "", name)
    if not pair_id.strip():
        raise PairFileError(f"{name} has an empty id.", "Give each pair an id of its own.")
    labels = _text(entry, "labels", "indices", name)
    if labels not in {"imagenet", "indices"}:
        labels = absolute_path(labels, base)
    left = _release(entry["left"], base, f"{name}, left")
    right = _release(entry["right"], base, f"{name}, right")
    _check_features(left, right, labels, name)
    return PairSpec(
        id=pair_id,
        title=_text(entry, "title", pair_id, name),
        labels=labels,
        left=left,
        right=right,
        note=_text(entry, "note", "", name),
        family=_text(entry, "family", "", name),
    )


def _check_features(left: ReleaseSpec, right: ReleaseSpec, labels: str, where: str) -> None:
    """See that features are compared with features, which have neither classes nor a background."""
    giving = [side for side in (left, right) if side.output is OutputKind.FEATURES]
    if len(giving) == 1:
        raise PairFileError(
            f"{where}: one side gives features, and the other one class scores.",
            'Write output = "features" on both sides, or on neither.',
        )
    if any(side.background for side in giving):
        raise PairFileError(
            f"{where}: features have no background class.", "Write background = false."
        )
    if giving and labels != "indices":
        raise PairFileError(f"{where}: features have no class labels.", 'Write labels = "indices".')


def _release(entry: Any, base: Path, where: str) -> ReleaseSpec:
    if not isinstance(entry, dict):
        raise PairFileError(f"{where} is not a table.", "Write [pair.left] and [pair.right].")
    _check_keys(entry, _SIDE_KEYS, where)
    for key in ("source", "mode", "range", "output", "background"):
        if key not in entry:
            raise PairFileError(
                f"{where} has no {key!r}.", f"Add {key}; the program never guesses it in silence."
            )
    if not isinstance(entry["background"], bool):
        raise PairFileError(f"{where}: background is not true or false.", "Write true or false.")
    return ReleaseSpec(
        source=parse_source(_text(entry, "source", "", where), base),
        mode=_choice(entry, "mode", OWN_MODE_IDS, where),
        range=_range(entry["range"], where),
        output=OutputKind(_choice(entry, "output", tuple(OutputKind), where)),
        background=entry["background"],
        title=_text(entry, "title", "", where),
        size=_size(entry.get("size"), where),
    )


def _check_keys(entry: dict[str, Any], known: tuple[str, ...], where: str) -> None:
    for key in entry:
        if key not in known:
            raise PairFileError(f"{where}: unknown key {key!r}.", nearest_hint(key, known, "key"))


def _text(entry: dict[str, Any], key: str, default: str, where: str) -> str:
    value = entry.get(key, default)
    if not isinstance(value, str):
        raise PairFileError(f"{where}: {key} is not a text.", f'Write {key} = "…".')
    return value


def _choice(entry: dict[str, Any], key: str, known: tuple[str, ...], where: str) -> str:
    value = _text(entry, key, "", where)
    if value not in known:
        names = tuple(str(name) for name in known)
        raise PairFileError(
            f"{where}: {key} = {value!r} is not known.", nearest_hint(value, names, key)
        )
    return value


def _range(value: Any, where: str) -> InputRange:
    known = ", ".join(each.text for each in KNOWN_RANGES)
    if isinstance(value, str):
        found = find_range(value)
        said = f"the input range {value!r}"
    elif isinstance(value, list) and len(value) == 2 and all(map(_is_number, value)):
        low, high = (float(number) for number in value)
        found = find_range((low, high))
        said = f"the input range [{low:g}, {high:g}]"
    else:
        raise PairFileError(
            f"{where}: range is neither two numbers nor a name.", f"Write one of {known}."
        )
    if found is None:
        raise PairFileError(f"{where}: {said} is not known.", f"Write one of {known}.")
    return found


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _size(value: Any, where: str) -> tuple[int, int] | None:
    if value is None:
        return None
    valid = (
        isinstance(value, list)
        and len(value) == 2
        and all(type(number) is int and number > 0 for number in value)
    )
    if not valid:
        raise PairFileError(
            f"{where}: size is not two positive whole numbers.", "Write size = [height, width]."
        )
    return (value[0], value[1])


def _title_of(source: Source) -> str:
    if source.kind is SourceKind.KERAS_APPLICATION:
        return f"keras.applications.{source.target}"
    if source.is_remote:
        return "TF Hub " + "/".join(source.target.rstrip("/").split("/")[-4:])
    return Path(source.target).name
