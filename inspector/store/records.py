"""What was fetched or found: a small note per release, in the program's own data folder."""

from __future__ import annotations

import hashlib
import json
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platformdirs import user_data_dir

from inspector.core.files import write_text
from inspector.core.paths import APPLICATION
from inspector.store.part import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterable

SCHEMA = "twin-inspector/record/1"


@dataclass(frozen=True, slots=True)
class Record:
    """What a release was when it was first seen whole.

    Attributes
    ----------
    path
        The file or folder in a cache.
    sha256
        Of the file, or of a folder as :func:`fingerprint` makes it.
    size
        Bytes of all its files.
    time
        When it was recorded, ISO 8601 in UTC.
    url
        The mirror it is from; empty where it was found here.
    download_sha256
        Of what the mirror sent, which for a folder is an archive; empty where it was found here.
    """

    path: str
    sha256: str
    size: int
    time: str
    url: str = ""
    download_sha256: str = ""


def data_folder() -> Path:
    """Give the program's data folder, made; one among the temporary files where that fails."""
    folder = Path(user_data_dir(APPLICATION))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        folder = Path(tempfile.gettempdir()) / APPLICATION
        folder.mkdir(parents=True, exist_ok=True)
    return folder


class Records:
    """The notes of a folder, one file per release, so that processes never mix them up."""

    def __init__(self, folder: Path | None = None) -> None:
        self._given = folder

    @property
    def _folder(self) -> Path:
        return self._given or data_folder() / "releases"

    def read(self, place: Path) -> Record | None:
        """Give the note of what lies in `place`; None where there is none that can be read."""
        try:
            value = json.loads(self._file(place).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return _record(value, place)

    def write(self, place: Path, url: str = "", download_sha256: str = "") -> Record:
        """Note what lies in `place` now."""
        sha256, size = fingerprint(place)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        record = Record(str(place), sha256, size, now, url, download_sha256)
        self._folder.mkdir(parents=True, exist_ok=True)
        write_text(
            self._file(place), json.dumps({"schema": SCHEMA, **asdict(record)}, indent=2) + "\n"
        )
        return record

    def forget(self, place: Path) -> None:
        """Remove the note of what lies in `place`."""
        self._file(place).unlink(missing_ok=True)

    def turn_file(self, place: Path) -> Path:
        """Give the file to hold while fetching what is to lie in `place`; its folder is made."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return self._file(place).with_suffix(".lock")

    def _file(self, place: Path) -> Path:
        name = hashlib.sha256(str(place).encode("utf-8", "surrogateescape")).hexdigest()[:32]
        return self._folder / f"{name}.json"


def _record(value: Any, place: Path) -> Record | None:
    if not isinstance(value, dict) or value.pop("schema", None) != SCHEMA:
        return None
    try:
        record = Record(**value)
    except TypeError:
        return None
    texts = (record.path, record.sha256, record.time, record.url, record.download_sha256)
    well_formed = all(isinstance(text, str) for text in texts) and type(record.size) is int
    return record if well_formed and record.path == str(place) else None


def fingerprint(place: Path) -> tuple[str, int]:
    """Give the SHA-256 and the size of a file, or of a folder.

    A folder's is that of a text with one line ``<SHA-256>  <path>`` for each of its files, ordered
    by path.
    """
    if not place.is_dir():
        return digest_of(place).hexdigest(), place.stat().st_size
    files = sorted(files_of(place), key=lambda file: file.relative_to(place).as_posix())
    lines = (
        f"{digest_of(file).hexdigest()}  {file.relative_to(place).as_posix()}\n" for file in files
    )
    return _sha256(lines), sum(file.stat().st_size for file in files)


def files_of(folder: Path) -> list[Path]:
    """Give all files below a folder."""
    return [path for path in folder.rglob("*") if path.is_file()]


def _sha256(lines: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()
