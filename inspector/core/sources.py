"""Where a release comes from: the `source` line of a pair file."""

from __future__ import annotations

import difflib
import math
import os
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from inspector.core.errors import PairFileError

if TYPE_CHECKING:
    from pathlib import Path


class SourceKind(StrEnum):
    """What loads a release."""

    KERAS_APPLICATION = "keras-application"
    KERAS_FILE = "keras-file"
    KERAS_WEIGHTS = "keras-weights"
    HUB = "hub"
    SAVED_MODEL = "saved-model"
    FROZEN_GRAPH = "frozen-graph"
    TFLITE = "tflite"


@dataclass(frozen=True, slots=True)
class Source:
    """A parsed `source` line.

    Attributes
    ----------
    kind
        What loads it.
    target
        Name of the Keras application, hub handle, or absolute path.
    options
        What follows the question mark, as ordered pairs; see `OPTIONS`.
    """

    kind: SourceKind
    target: str
    options: tuple[tuple[str, str], ...] = ()

    def option(self, name: str, default: str = "") -> str:
        """Give the option called `name`, or `default`."""
        return dict(self.options).get(name, default)

    def __str__(self) -> str:
        """Give the line as a pair file writes it."""
        query = "&".join(f"{key}={_escape(value)}" for key, value in self.options)
        return f"{self.kind}:{self.target}" + (f"?{query}" if query else "")

    @property
    def is_remote(self) -> bool:
        """Tell whether loading it may need the network."""
        if self.kind is SourceKind.KERAS_APPLICATION:
            return self.option("weights", "imagenet") == "imagenet"
        return self.kind is SourceKind.HUB and is_url(self.target)


def is_url(text: str) -> bool:
    """Tell whether `text` is a hub handle on the web rather than a path."""
    return text.startswith(("http://", "https://"))


OPTIONS: dict[SourceKind, tuple[str, ...]] = {
    SourceKind.KERAS_APPLICATION: (
        *("alpha", "size", "weights", "classes", "minimalistic"),
        *("include_top", "pooling"),
    ),
    SourceKind.KERAS_FILE: (),
    SourceKind.KERAS_WEIGHTS: ("config",),
    SourceKind.HUB: ("tags", "signature", "output"),
    SourceKind.SAVED_MODEL: ("tags", "signature", "output"),
    SourceKind.FROZEN_GRAPH: ("input", "output"),
    SourceKind.TFLITE: ("output",),
}
"""What may follow the question mark of each kind.

``tags`` are MetaGraph tags with commas between them (``train``; none by default), ``signature`` and
``output`` name what to call and what to take of it, ``config`` is the path of a model's
``to_json()``, ``include_top`` and ``pooling`` are the arguments of a Keras application.
"""

_PATH_OPTIONS = frozenset({"config"})


def parse_source(text: str, base: Path) -> Source:
    """Parse a `source` line.

    Parameters
    ----------
    text
        ``keras-application:NAME?alpha=1.0&size=224&weights=imagenet``, ``keras-file:PATH``,
        ``keras-weights:PATH?config=MODEL.json``, ``hub:HANDLE``, ``saved-model:DIRECTORY``,
        ``frozen-graph:PATH?input=NAME&output=NAME`` or ``tflite:PATH``.
    base
        Directory that relative paths are resolved from.

    Raises
    ------
    PairFileError
        Where the kind is unknown, or an option is unknown or not well formed.
    """
    kind_text, colon, rest = text.partition(":")
    try:
        kind = SourceKind(kind_text)
    except ValueError:
        raise PairFileError(
            f"The source {text!r} has an unknown kind.",
            nearest_hint(kind_text, [str(kind) for kind in SourceKind], "kind"),
        ) from None
    if not colon or not rest:
        raise PairFileError(
            f"The source {text!r} names nothing after '{kind}:'.",
            f"Write {kind}: followed by a name or a path.",
        )
    if kind is SourceKind.KERAS_APPLICATION:
        return _parse_application(rest, base)
    target, options = _split_options(kind, rest, base)
    if kind is SourceKind.HUB and is_url(target):
        return Source(kind, target, options)
    return Source(kind, absolute_path(target, base), options)


def _split_options(
    kind: SourceKind, rest: str, base: Path
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Split what follows the last question mark off, where it has options of this kind.

    A handle or a file name may hold a question mark of its own: what is no option stays with it,
    unless only what stands before the question mark is there.
    """
    target, mark, query = rest.rpartition("?")
    pairs = _pairs_of(query)
    known = OPTIONS[kind]
    if not mark or not target or not pairs:
        return rest, ()
    if all(key not in known for key, _ in pairs) and not _is_mistaken(kind, rest, target, base):
        return rest, ()
    for key, _ in pairs:
        if key not in known:
            raise PairFileError(
                f"The source {kind}:{target} has an unknown option {key!r}.",
                nearest_hint(key, known, "option")
                if known
                else f"Leave the question mark out: {kind} takes no options.",
            )
    return target, tuple(
        (key, absolute_path(value, base) if key in _PATH_OPTIONS else value) for key, value in pairs
    )


def _is_mistaken(kind: SourceKind, rest: str, target: str, base: Path) -> bool:
    """Tell whether unknown options were meant as such: only the path before them is there."""
    if kind is SourceKind.HUB and is_url(target):
        return False
    whole, before = absolute_path(rest, base), absolute_path(target, base)
    return not os.path.exists(whole) and os.path.exists(before)


def _parse_application(rest: str, base: Path) -> Source:
    name, _, query = rest.partition("?")
    options: list[tuple[str, str]] = []
    known = OPTIONS[SourceKind.KERAS_APPLICATION]
    for key, value in _pairs_of(query):
        if key not in known:
            raise PairFileError(
                f"The Keras application {name} has an unknown option {key!r}.",
                nearest_hint(key, known, "option"),
            )
        if key in {"alpha", "size", "classes"}:
            _require_number(name, key, value)
        if key == "weights" and value not in {"imagenet", "none"}:
            value = absolute_path(value, base)
        options.append((key, value))
    return Source(SourceKind.KERAS_APPLICATION, name, tuple(options))


def _require_number(name: str, key: str, value: str) -> None:
    try:
        number = float(value) if key == "alpha" else int(value)
        valid = number > 0 and math.isfinite(number)
    except ValueError:
        valid = False
    if not valid:
        raise PairFileError(
            f"The Keras application {name} has {key}={value!r}, which is not a positive number.",
            f"Write for example {key}={'1.0' if key == 'alpha' else '224'}.",
        )


def _pairs_of(query: str) -> list[tuple[str, str]]:
    """Split ``a=1&b=2``; a plus sign stays one, since the values may be paths."""
    parts = (part.partition("=") for part in query.split("&") if part)
    return [(key, unquote(value)) for key, _, value in parts]


def _escape(value: str) -> str:
    """Escape what would end or change a value of the query; the rest stays readable."""
    return "".join(quote(letter) if letter in "%&" else letter for letter in value)


def absolute_path(path: str, base: Path) -> str:
    """Give `path` absolute: ``~`` expanded, relative paths resolved from `base`.

    Raises
    ------
    PairFileError
        Where no file can have such a name.
    """
    try:
        return str((base / os.path.expanduser(path)).resolve())
    except (OSError, ValueError, RuntimeError) as error:
        raise PairFileError(
            f"{path[:80]!r} cannot be a path: {error}.", "Correct it in the pair's entry."
        ) from error


def nearest_hint(word: str, known: list[str] | tuple[str, ...], what: str) -> str:
    """Say which known word is nearest to `word`, or list them all.

    Returns
    -------
    str
        One sentence for the `mend` of an error.
    """
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    if close:
        return f"Did you mean {close[0]!r}?"
    return f"Use one of the known {what}s: {', '.join(known)}."
