"""The user's word: which model contents may be opened although a check refused them.

A content is known by its SHA-256. Whoever changes one byte of a trusted model has made another
content, which nobody trusts. The store is a JSON file in the user's data folder; for one run, or
for a machine without a home, ``TWIN_INSPECTOR_TRUST`` names further contents.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platformdirs import user_data_dir

from inspector.core.errors import ExportError, ReleaseError, ReleaseMissingError, UsageError
from inspector.core.files import write_text
from inspector.core.paths import APPLICATION

if TYPE_CHECKING:
    from collections.abc import Mapping

TRUST_VARIABLE = "TWIN_INSPECTOR_TRUST"
"""SHA-256 digests, separated by commas, that are trusted beside those of the store."""

_SCHEMA = "twin-inspector/trust/1"
_CHUNK = 1 << 20
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class TrustEntry:
    """One content that the user trusts.

    Attributes
    ----------
    sha256
        What :func:`content_sha256` gives for it, 64 hexadecimal digits.
    name
        Where it lay when it was trusted; for people to read, never to decide by.
    since
        When, as ISO 8601 in UTC.
    """

    sha256: str
    name: str
    since: str


class TrustStore:
    """The contents that the user trusts.

    Parameters
    ----------
    path
        The JSON file; ``trusted.json`` in the user's data folder where it is not given.
    environment
        Where ``TWIN_INSPECTOR_TRUST`` is looked up; the process's own where it is not given.
    """

    def __init__(
        self, path: Path | None = None, environment: Mapping[str, str] | None = None
    ) -> None:
        self.path = Path(user_data_dir(APPLICATION)) / "trusted.json" if path is None else path
        self._environment = os.environ if environment is None else environment

    def trusts(self, sha256: str) -> bool:
        """Tell whether a content is trusted, by the store or for this run."""
        return sha256 in self._of_this_run() or any(
            entry.sha256 == sha256 for entry in self.entries()
        )

    def entries(self) -> tuple[TrustEntry, ...]:
        """Give what the store holds, oldest first; nothing where the file cannot be understood.

        Forgetting is the safe way to fail: a model that was trusted is then refused again.
        """
        try:
            table = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return ()
        rows = table.get("trusted") if isinstance(table, dict) else None
        found = (_entry_of(row) for row in rows) if isinstance(rows, list) else ()
        return tuple(entry for entry in found if entry is not None)

    def add(self, sha256: str, name: str) -> TrustEntry:
        """Trust a content from now on.

        Raises
        ------
        UsageError
            Where `sha256` is no SHA-256.
        ExportError
            Where the store cannot be written; what it held is unchanged.
        """
        entry = TrustEntry(
            parse_digest(sha256), name, datetime.now(UTC).isoformat(timespec="seconds")
        )
        others = tuple(known for known in self.entries() if known.sha256 != entry.sha256)
        self._write((*others, entry))
        return entry

    def remove(self, sha256: str) -> bool:
        """Trust a content no longer; tell whether it was trusted by the store."""
        digest = parse_digest(sha256)
        before = self.entries()
        after = tuple(entry for entry in before if entry.sha256 != digest)
        if len(after) == len(before):
            return False
        self._write(after)
        return True

    def _of_this_run(self) -> set[str]:
        words = self._environment.get(TRUST_VARIABLE, "").lower().split(",")
        return {word.strip() for word in words if _DIGEST.fullmatch(word.strip())}

    def _write(self, entries: tuple[TrustEntry, ...]) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ExportError(
                f"The folder {self.path.parent} could not be made: {error.strerror or error}.",
                f"Name the content in the environment variable {TRUST_VARIABLE} instead.",
            ) from error
        table = {"schema": _SCHEMA, "trusted": [asdict(entry) for entry in entries]}
        write_text(self.path, json.dumps(table, indent=2) + "\n")


def trust_content(path: str | os.PathLike[str], store: TrustStore | None = None) -> TrustEntry:
    """Trust what lies at `path` now, a file or a folder.

    Raises
    ------
    ReleaseMissingError, ReleaseError
        Where nothing is there, or it cannot be read.
    ExportError
        Where the store cannot be written.
    """
    place = Path(os.path.expanduser(path)).resolve()
    return (store or TrustStore()).add(content_sha256(place), str(place))


def trust_for_this_run(sha256: str) -> None:
    """Trust a content in this process and those that it starts, without storing it.

    Raises
    ------
    UsageError
        Where `sha256` is no SHA-256.
    """
    known = os.environ.get(TRUST_VARIABLE, "")
    os.environ[TRUST_VARIABLE] = ",".join(filter(None, (known, parse_digest(sha256))))


def parse_digest(text: str) -> str:
    """Give a SHA-256 in its one spelling: 64 hexadecimal digits in lower case.

    Raises
    ------
    UsageError
        Where it is none.
    """
    digest = text.strip().lower().removeprefix("sha256:")
    if not _DIGEST.fullmatch(digest):
        raise UsageError(
            f"{text[:80]!r} is not a SHA-256.",
            "Give all of the 64 hexadecimal digits that the refusal names.",
        )
    return digest


def content_sha256(path: Path) -> str:
    """Give the SHA-256 of a content, read in pieces.

    Of a file it is what ``sha256sum`` gives. Of a folder it covers, in the order of their relative
    paths, each file's path and bytes, each with its length before it, so that no two folders of
    different content share one. Links are read as what they lead to; empty folders do not count.

    Raises
    ------
    ReleaseMissingError
        Where nothing is there.
    ReleaseError
        Where it cannot be read.
    """
    digest = hashlib.sha256()
    try:
        if path.is_file():
            _feed(digest, path)
        elif path.is_dir():
            digest.update(b"twin-inspector/folder/1\0")
            for name, file in sorted(_files_of(path)):
                _feed_length(digest, len(name))
                digest.update(name)
                _feed_length(digest, file.stat().st_size)
                _feed(digest, file)
        else:
            raise ReleaseMissingError(f"There is nothing at {path}.", "Check the path.")
    except OSError as error:
        raise ReleaseError(
            f"{path} could not be read: {error.strerror or error}.", "Check its permissions."
        ) from error
    return digest.hexdigest()


def _files_of(folder: Path) -> list[tuple[bytes, Path]]:
    found = []
    for place, _, names in os.walk(folder):
        for name in names:
            file = Path(place, name)
            found.append((os.fsencode(file.relative_to(folder).as_posix()), file))
    return found


def _feed(digest: Any, file: Path) -> None:
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)


def _feed_length(digest: Any, length: int) -> None:
    digest.update(length.to_bytes(8, "big"))


def _entry_of(row: object) -> TrustEntry | None:
    if not isinstance(row, dict):
        return None
    sha256, name, since = (row.get(key, "") for key in ("sha256", "name", "since"))
    if not isinstance(sha256, str) or not _DIGEST.fullmatch(sha256):
        return None
    return TrustEntry(sha256, str(name), str(since))
