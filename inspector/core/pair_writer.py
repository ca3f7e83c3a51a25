"""Pairs written as the TOML that :func:`inspector.core.pairs.read_pairs` reads, with comments."""

from __future__ import annotations

import json
import textwrap
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inspector.core.errors import ExportError, PairFileError
from inspector.core.files import write_text
from inspector.core.pairs import PairSpec, ReleaseSpec, Side, parse_pairs
from inspector.core.proposing_notes import unsettled_note
from inspector.core.proposing_words import certainty_text
from inspector.core.sources import Source, SourceKind, is_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from inspector.core.proposing import ConventionProposal, PairProposal, SideProposal

_WIDTH = 96
_KEPT_WORDS = frozenset({"imagenet", "indices"})
_PATH_OPTIONS = frozenset({"weights", "config"})
_NO_PATHS = frozenset({"imagenet", "none"})


@dataclass(frozen=True, slots=True)
class Comments:
    """What is said above the lines of a pair file, in sentences.

    Attributes
    ----------
    head
        Above the pair.
    labels
        Above its labels.
    sides
        Above each side's line of a key such as ``range``.
    """

    head: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    sides: Mapping[Side, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)

    def of(self, side: Side, key: str) -> tuple[str, ...]:
        """Give the sentences above one line of a side."""
        return self.sides.get(side, {}).get(key, ())


NO_COMMENTS = Comments()


def save_pair(
    path: Path, pair: PairSpec, comments: Comments = NO_COMMENTS, *, force: bool = False
) -> None:
    """Write a pair file, atomically.

    Parameters
    ----------
    path
        Ending in ``.toml``; paths under its folder are written relative to it.
    pair, comments
        What to write.
    force
        Whether a file that is there already is replaced.

    Raises
    ------
    ExportError
        Where the name does not end in ``.toml``, a file is there already, it cannot be written, or
        the pair could not be read back as it is.
    """
    if path.suffix != ".toml":
        raise ExportError(f"{path.name!r} is no name of a pair file.", "Let the name end in .toml.")
    if not force:
        require_free(path)
    write_text(path, pair_text(pair, path.resolve().parent, comments))


def require_free(path: Path) -> None:
    """Demand that nothing is at a path yet.

    Raises
    ------
    ExportError
        Where something is.
    """
    if path.exists() or path.is_symlink():
        raise ExportError(
            f"{path} is there already.", "Choose another name, or add --force to replace it."
        )


def pair_text(pair: PairSpec, base: Path, comments: Comments = NO_COMMENTS) -> str:
    """Give a pair as TOML whose relative paths start at the folder `base`.

    Raises
    ------
    ExportError
        Where the pair could not be read back as it is.
    """
    text = "\n".join(_pair_lines(pair, base, comments)) + "\n"
    try:
        read = parse_pairs(tomllib.loads(text), base, "the pair file")
    except (tomllib.TOMLDecodeError, PairFileError) as error:
        raise ExportError(
            f"The pair {pair.id!r} cannot be written as a pair file: {error}",
            "Change what the message names.",
        ) from error
    if read != (pair,):
        raise ExportError(
            f"The pair {pair.id!r} cannot be written so that it is read back as it is.",
            "Rename files whose names hold a question mark or other signs of a source line.",
        )
    return text


def side_text(
    release: ReleaseSpec, side: Side, base: Path, comments: Comments = NO_COMMENTS
) -> str:
    """Give one side's table of a pair file as TOML."""
    return "\n".join(_side_lines(release, side, base, comments)) + "\n"


def comments_of(proposal: PairProposal, pair: PairSpec | None = None) -> Comments:
    """Give the evidence of a proposal as comments.

    Parameters
    ----------
    proposal
        What was proposed.
    pair
        What is written; a convention that differs from the proposal is told as the user's choice.
    """
    return Comments(
        head=("Proposed by experiment; each line says how sure it is and why.", *proposal.notes),
        labels=_said(proposal.labels, pair is None or pair.labels == proposal.labels.value),
        sides={
            side: _side_comments(found, None if pair is None else pair.release(side))
            for side, found in proposal.sides()
        },
    )


def _side_comments(found: SideProposal, release: ReleaseSpec | None) -> dict[str, tuple[str, ...]]:
    proposed = found.to_spec()
    is_range_kept = release is None or release.range == proposed.range
    gone = () if is_range_kept else (unsettled_note(found.range),)
    said = {"source": tuple(note for note in found.notes if note not in gone)}
    for key, proposal in found.rows():
        if key not in {"channels", "labels"}:
            kept = release is None or getattr(release, key) == getattr(proposed, key)
            said[key] = _said(proposal, kept)
    if found.channels.value == "bgr" and not found.range.value.bgr:
        said["range"] = (*said["range"], *_said(found.channels, kept=True))
    return said


def _said(proposal: ConventionProposal[Any], kept: bool) -> tuple[str, ...]:
    if not kept:
        return ("Chosen by the user.",)
    sure = certainty_text(proposal)
    first, *others = proposal.evidence or ("",)
    return (f"{sure[:1].upper()}{sure[1:]}: {first}", *others)


def _pair_lines(pair: PairSpec, base: Path, comments: Comments) -> Iterator[str]:
    yield from _comment(comments.head)
    yield "[[pair]]"
    yield f"id = {_quoted(pair.id)}"
    yield f"title = {_quoted(pair.title)}"
    yield from _comment(comments.labels)
    labels = pair.labels if pair.labels in _KEPT_WORDS else _relative(pair.labels, base)
    yield f"labels = {_quoted(labels)}"
    for key in ("note", "family"):
        if value := getattr(pair, key):
            yield f"{key} = {_quoted(value)}"
    for side in Side:
        yield ""
        yield from _side_lines(pair.release(side), side, base, comments)


def _side_lines(release: ReleaseSpec, side: Side, base: Path, comments: Comments) -> Iterator[str]:
    values = {
        "title": _quoted(release.title) if release.title else "",
        "source": _quoted(_source_text(release.source, base)),
        "mode": _quoted(release.mode),
        "range": _range_text(release),
        "output": _quoted(release.output),
        "background": str(release.background).lower(),
        "size": "" if release.size is None else str(list(release.size)),
    }
    yield f"[pair.{side}]"
    for key, value in values.items():
        if value:
            yield from _comment(comments.of(side, key))
            yield f"{key} = {value}"


def _range_text(release: ReleaseSpec) -> str:
    wanted = release.range
    return _quoted(wanted.name) if wanted.name else f"[{wanted.low!r}, {wanted.high!r}]"


def _source_text(source: Source, base: Path) -> str:
    options = tuple(
        (key, _relative(value, base) if key in _PATH_OPTIONS and value not in _NO_PATHS else value)
        for key, value in source.options
    )
    is_name = source.kind is SourceKind.KERAS_APPLICATION or is_url(source.target)
    target = source.target if is_name else _relative(source.target, base)
    return str(Source(source.kind, target, options))


def _relative(path: str, base: Path) -> str:
    """Write a path relative to `base` where it lies under it, else as it is."""
    try:
        inner = Path(path).relative_to(base).as_posix()
    except ValueError:
        return path
    needs_mark = inner in _KEPT_WORDS | _NO_PATHS or inner.startswith("~")
    return f"./{inner}" if needs_mark else inner


def _quoted(text: str) -> str:
    """Write a TOML basic string; JSON's escapes are among TOML's."""
    return json.dumps(str(text), ensure_ascii=False).replace("\x7f", "\\u007f")


def _comment(sentences: tuple[str, ...]) -> Iterator[str]:
    for sentence in sentences:
        plain = "".join(letter if letter.isprintable() else " " for letter in sentence)
        for line in textwrap.wrap(plain, _WIDTH, break_long_words=False, break_on_hyphens=False):
            yield f"# {line}"
