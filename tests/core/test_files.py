from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from inspector.core.errors import ExportError, PictureError
from inspector.core.files import atomic_path, write_atomically, write_bytes, write_text

if TYPE_CHECKING:
    from pathlib import Path


def left_over(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_and_nothing_else_is_left(tmp_path: Path) -> None:
    write_text(tmp_path / "Bericht – ½.txt", "ä\n")
    write_bytes(tmp_path / "b.bin", b"\0\1")
    assert (tmp_path / "Bericht – ½.txt").read_bytes() == "ä\n".encode()
    assert left_over(tmp_path) == ["Bericht – ½.txt", "b.bin"]


def test_an_old_file_is_replaced(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    write_text(target, "old")
    write_text(target, "new")
    assert target.read_text() == "new"


def test_permissions_are_those_of_a_plain_file(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_text("")
    write_text(tmp_path / "ours", "")
    assert stat.S_IMODE((tmp_path / "ours").stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), PictureError("x.")])
def test_a_failure_leaves_the_old_file_whole(tmp_path: Path, error: Exception) -> None:
    target = tmp_path / "a.txt"
    write_text(target, "old")

    def fail(path: Path) -> None:
        path.write_text("half")
        raise error

    with pytest.raises((ExportError, PictureError)):
        write_atomically(target, fail)
    assert target.read_text() == "old"
    assert left_over(tmp_path) == ["a.txt"]


def test_the_writer_is_given_the_targets_suffix(tmp_path: Path) -> None:
    with atomic_path(tmp_path / "figure.svg") as temporary:
        assert temporary.suffix == ".svg"
        assert temporary.parent == tmp_path
        temporary.write_text("<svg/>")
    assert (tmp_path / "figure.svg").read_text() == "<svg/>"


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"a\.txt could not be written") as caught:
        write_text(tmp_path / "no" / "a.txt", "")
    assert str(tmp_path / "no") in caught.value.mend


def test_target_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(ExportError):
        write_text(tmp_path / "a.txt", "")
    assert left_over(tmp_path) == ["a.txt"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_folder_without_permission(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(ExportError, match="Permission denied"):
        write_text(tmp_path / "a.txt", "")


@pytest.mark.parametrize("name", ["a\0b.txt", "x" * 300 + ".txt", "a.\0"])
def test_names_that_no_file_can_have(tmp_path: Path, name: str) -> None:
    with pytest.raises(ExportError) as caught:
        write_text(str(tmp_path / name), "")
    assert caught.value.mend
    assert left_over(tmp_path) == []
