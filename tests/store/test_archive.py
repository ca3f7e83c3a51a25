from __future__ import annotations

import gzip
import io
import re
import shutil
import stat
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from inspector.core.errors import Cancelled, ReleaseError
from inspector.store.archive import Limits, unpack
from tests.store.made import member, model_files, read_model, tar_gz, zipped

if TYPE_CHECKING:
    from pathlib import Path

FILES = model_files()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "in" / "module.archive"


def refuse(archive: Path, data: bytes, limits: Limits | None = None) -> str:
    """Unpack what is refused; give the message. Nothing lies outside the folder afterwards."""
    archive.parent.mkdir(exist_ok=True)
    archive.write_bytes(data)
    into = archive.parent / "out" / "new"
    shutil.rmtree(into.parent, ignore_errors=True)
    with pytest.raises(ReleaseError) as caught:
        unpack(archive, into, limits)
    outside = {path for path in archive.parent.parent.rglob("*") if into not in path.parents}
    assert outside == {archive.parent, archive, into.parent, into}
    assert not any(path.is_symlink() for path in into.rglob("*"))
    return caught.value.message


@pytest.mark.parametrize("prefix", ["./", ""])
def test_tar_gz(archive: Path, tmp_path: Path, prefix: str) -> None:
    archive.parent.mkdir()
    folders = [member(".", tarfile.DIRTYPE), member("variables/", tarfile.DIRTYPE)]
    archive.write_bytes(tar_gz(FILES, *folders, prefix=prefix))
    assert unpack(archive, tmp_path / "new") == sum(map(len, FILES.values()))
    assert read_model(tmp_path / "new") == FILES


def test_zip(archive: Path, tmp_path: Path) -> None:
    archive.parent.mkdir()
    archive.write_bytes(zipped({"variables/": b"", **FILES}))
    unpack(archive, tmp_path / "new")
    assert read_model(tmp_path / "new") == FILES


def test_permissions_in_the_archive_do_not_count(archive: Path, tmp_path: Path) -> None:
    archive.parent.mkdir()
    archive.write_bytes(tar_gz({}, member("run", mode=0o6777, uid=0)))
    unpack(archive, tmp_path / "new")
    assert stat.S_IMODE((tmp_path / "new" / "run").stat().st_mode) & 0o6111 == 0


REFUSED_NAME = re.compile("has (the path|a path of|a file named) ")

NAMES = [
    "../out.pb",
    "a/../../out.pb",
    "/tmp/out.pb",
    "//tmp/out.pb",
    "a/..",
    "a\\b",
    "C:x",
    "a\nb",
    "con?",
    "a. ",
    "x" * 201,
    "a/" * 201,
]


@pytest.mark.parametrize("name", NAMES)
def test_names_that_are_refused_in_a_tar(archive: Path, name: str) -> None:
    assert REFUSED_NAME.search(refuse(archive, tar_gz({}, member(name))))


@pytest.mark.parametrize("name", NAMES)
def test_names_that_are_refused_in_a_zip(archive: Path, name: str) -> None:
    assert REFUSED_NAME.search(refuse(archive, zipped({name: b"x"})))


@pytest.mark.parametrize(
    "kind",
    [
        *(tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE),
        tarfile.GNUTYPE_SPARSE,
    ],
)
def test_links_and_devices(archive: Path, kind: bytes) -> None:
    data = tar_gz(FILES, member("odd", kind, linkname="../../out"))
    assert "'odd', which is neither a file nor a folder" in refuse(archive, data)


def test_writing_through_a_link(archive: Path) -> None:
    data = tar_gz({}, member("a", tarfile.SYMTYPE, linkname=".."), member("a/out", size=5))
    assert "neither a file nor a folder" in refuse(archive, data)


def test_links_in_a_zip(archive: Path) -> None:
    info = zipfile.ZipInfo("odd")
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert "neither a file nor a folder" in refuse(archive, zipped({info: b"/etc"}))


@pytest.mark.parametrize(
    "names",
    [("a", "a"), ("a", "./a"), ("A", "a"), ("a", "a/b"), ("a/b", "a"), ("é", "e\u0301")],
)
def test_names_that_stand_for_the_same_file(archive: Path, names: tuple[str, str]) -> None:
    assert "twice" in refuse(archive, tar_gz({}, *map(member, names)))


def test_too_many_files(archive: Path) -> None:
    data = tar_gz({f"f{number}": b"" for number in range(11)})
    assert "more than 10 files" in refuse(archive, data, Limits(files=10))


def test_too_large(archive: Path) -> None:
    assert "larger than 0 MB" in refuse(archive, tar_gz(FILES), Limits(size=1000))
    assert "larger than 0 MB" in refuse(archive, zipped(FILES), Limits(size=1000))


def test_bombs(archive: Path) -> None:
    zeros = bytes(30_000_000)
    assert "far more than it is" in refuse(archive, tar_gz({"zeros": zeros}))
    assert "far more than it is" in refuse(archive, zipped({"zeros": zeros}))


def test_a_small_file_may_be_packed_well(archive: Path, tmp_path: Path) -> None:
    archive.parent.mkdir()
    archive.write_bytes(tar_gz({"zeros": bytes(5_000_000)}))
    assert unpack(archive, tmp_path / "new") == 5_000_000


def test_a_header_of_many_megabytes(archive: Path) -> None:
    info = member("long", tarfile.XHDTYPE, size=100_000_000)
    plain = info.tobuf(tarfile.USTAR_FORMAT) + bytes(1_000_000)
    assert "a header of many megabytes" in refuse(archive, gzip.compress(plain))


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9999])
@pytest.mark.parametrize("make", [tar_gz, zipped])
def test_a_cut_archive(archive: Path, make: type, share: float) -> None:
    data = make(FILES)
    assert "damaged" in refuse(archive, data[: int(len(data) * share)])


def test_flipped_bytes(archive: Path) -> None:
    data = bytearray(tar_gz(FILES))
    data[len(data) // 2] ^= 0xFF
    assert "damaged" in refuse(archive, bytes(data))


def test_a_wrong_checksum_at_the_end(archive: Path) -> None:
    data = bytearray(tar_gz(FILES))
    data[-6] ^= 0xFF
    assert "damaged" in refuse(archive, bytes(data))


def test_no_tar_within(archive: Path) -> None:
    assert "damaged" in refuse(archive, gzip.compress(b"no tar at all" * 100))


def test_an_encrypted_zip(archive: Path) -> None:
    data = bytearray(zipped({"a": b"x"}))
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1
    assert "not known here" in refuse(archive, bytes(data))


def test_other_packings(archive: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_LZMA) as file:
        file.writestr("a", b"x")
    assert "not known here" in refuse(archive, target.getvalue())


def test_neither_tar_nor_zip(archive: Path, tmp_path: Path) -> None:
    archive.parent.mkdir()
    archive.write_bytes(b"BZh9")
    with pytest.raises(ReleaseError, match=r"neither a \.tar\.gz nor a \.zip"):
        unpack(archive, tmp_path / "new")


def test_cancel(archive: Path, tmp_path: Path) -> None:
    archive.parent.mkdir()
    archive.write_bytes(tar_gz(FILES))
    with pytest.raises(Cancelled):
        unpack(archive, tmp_path / "new", cancelled=lambda: True)
