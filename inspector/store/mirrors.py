"""Where each release can be had: ``resources/mirrors.toml``, or a table of the user's own."""

from __future__ import annotations

import fnmatch
import os
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from inspector.core.errors import PairFileError
from inspector.core.keras_weights import keras_weights_file
from inspector.core.resources import resource_path
from inspector.core.sources import SourceKind, nearest_hint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inspector.core.keras_weights import WeightsFile
    from inspector.core.sources import Source

VARIABLE = "TWIN_INSPECTOR_MIRRORS"
"""Names a table that replaces the shipped one."""

_KEYS = ("source", "urls", "size", "sha256", "md5")
_PLACEHOLDERS = ("{file}", "{handle}", "{path}", "{keras}")
_DIGITS = {"sha256": 64, "md5": 32}


@dataclass(frozen=True, slots=True)
class Mirrors:
    """A row: the addresses of one release, or of a family of them.

    Attributes
    ----------
    source
        A pattern of ``source`` lines (``*`` stands for anything).
    urls
        In the order to try. ``{file}`` stands for the name that the release has in its cache,
        ``{handle}`` for Hub's address of the archive, ``{path}`` for the path of the handle,
        ``{keras}`` for Keras' own address of the file.
    size, sha256, md5
        Of what is downloaded, where they are published; else None.
    """

    source: str
    urls: tuple[str, ...]
    size: int | None = None
    sha256: str | None = None
    md5: str | None = None


def read_mirrors(environment: Mapping[str, str] | None = None) -> tuple[Mirrors, ...]:
    """Read the table: that of ``$TWIN_INSPECTOR_MIRRORS``, else the shipped one.

    Raises
    ------
    PairFileError
        Where it cannot be read, is not TOML, or has an unknown, missing or wrong key.
    """
    env = os.environ if environment is None else environment
    own = env.get(VARIABLE)
    path = Path(os.path.expanduser(own)) if own else resource_path("mirrors.toml")
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise PairFileError(
            f"The table of mirrors {path} is not valid TOML: {error}.", "Correct that line."
        ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise PairFileError(
            f"The table of mirrors {path} could not be read: {reason}.",
            f"Correct {VARIABLE}, or unset it for the shipped table.",
        ) from error
    rows = table.get("mirror")
    if not isinstance(rows, list) or set(table) != {"mirror"}:
        raise PairFileError(
            f"The table of mirrors {path} holds other things than [[mirror]].",
            "Write [[mirror]] tables only, at least one.",
        )
    return tuple(_row(row, f"{path.name}, mirror {number}") for number, row in enumerate(rows, 1))


def mirrors_of(source: Source, name: str, table: tuple[Mirrors, ...]) -> Mirrors:
    """Give the addresses of one release: the first row whose pattern fits.

    Parameters
    ----------
    name
        Its name in the cache.

    Returns
    -------
    Mirrors
        With whole addresses. A Hub handle that no row fits has its own; others then have none. A
        file of Keras' has the digest that Keras publishes, whichever the mirror, but where the row
        has one of its own.
    """
    line = str(source)
    for row in table:
        if fnmatch.fnmatchcase(line.rstrip("/"), row.source.rstrip("/")):
            urls = tuple(_filled(url, source, name) for url in row.urls)
            return _with_published(Mirrors(line, urls, row.size, row.sha256, row.md5), source)
    own = (compressed(source.target),) if source.kind is SourceKind.HUB else ()
    return Mirrors(line, own)


def _with_published(row: Mirrors, source: Source) -> Mirrors:
    file = _keras_file(source)
    if file is None or file.digest is None or row.sha256 or row.md5:
        return row
    if file.digest.kind == "md5":
        return replace(row, md5=file.digest.value)
    return replace(row, sha256=file.digest.value)


def _keras_file(source: Source) -> WeightsFile | None:
    return keras_weights_file(source) if source.kind is SourceKind.KERAS_APPLICATION else None


def compressed(handle: str) -> str:
    """Give the address of a Hub module's archive, as Hub itself asks for it."""
    parts = urlsplit(handle)
    query = urlencode([*parse_qsl(parts.query), ("tf-hub-format", "compressed")])
    return urlunsplit(parts._replace(query=query))


def _filled(url: str, source: Source, name: str) -> str:
    file = _keras_file(source)
    values = {"{file}": name, "{handle}": "", "{path}": "", "{keras}": file.url if file else ""}
    if source.kind is SourceKind.HUB:
        values["{handle}"] = compressed(source.target)
        values["{path}"] = urlsplit(source.target).path.strip("/")
    for placeholder in _PLACEHOLDERS:
        url = url.replace(placeholder, values[placeholder])
    return url


def _row(row: Any, where: str) -> Mirrors:
    if not isinstance(row, dict):
        raise PairFileError(f"{where} is not a table.", "Write [[mirror]].")
    for key in row:
        if key not in _KEYS:
            raise PairFileError(f"{where}: unknown key {key!r}.", nearest_hint(key, _KEYS, "key"))
    source, urls = row.get("source"), row.get("urls")
    if not isinstance(source, str) or not source:
        raise PairFileError(f"{where} has no source.", 'Write source = "hub:https://…".')
    if not isinstance(urls, list) or not urls or not all(map(_is_address, urls)):
        raise PairFileError(
            f"{where}: urls is not a list of http or https addresses.",
            'Write urls = ["https://…"].',
        )
    size = row.get("size")
    if size is not None and (type(size) is not int or size <= 0):
        raise PairFileError(f"{where}: size is not a number of bytes.", "Write it without quotes.")
    sha256, md5 = (_digest(row, kind, where) for kind in _DIGITS)
    return Mirrors(source, tuple(urls), size, sha256, md5)


def _digest(row: dict[str, Any], kind: str, where: str) -> str | None:
    value = row.get(kind)
    if value is None or _is_digest(value, _DIGITS[kind]):
        return value
    raise PairFileError(
        f"{where}: {kind} is not {_DIGITS[kind]} hexadecimal digits.",
        f"Write what '{kind}sum' prints.",
    )


def _is_address(value: Any) -> bool:
    starts = ("http://", "https://", "{handle}", "{keras}")
    return isinstance(value, str) and value.startswith(starts)


def _is_digest(value: Any, length: int) -> bool:
    digits = set("0123456789abcdefABCDEF")
    return isinstance(value, str) and len(value) == length and set(value) <= digits
