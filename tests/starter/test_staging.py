from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from inspector.core.errors import ExportError
from inspector.starter.staging import copy_file, require_writable, staged

if TYPE_CHECKING:
    from pathlib import Path


def _tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


def _fill(folder: Path, text: str) -> None:
    (folder / "sub").mkdir(parents=True)
    (folder / "file").write_text(text, "utf-8")
    (folder / "sub" / text).write_text(text, "utf-8")


def test_new_entries_replace_old_ones_and_others_stay(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "target"
    _fill(target, "old")
    (target / "other").write_text("kept", "utf-8")
    with staged(target) as folder:
        _fill(folder, "new")
        assert _tree(target)["file"] == "old"
    assert _tree(target) == {"file": "new", "sub/new": "new", "other": "kept"}


def _fail_after_writing(target: Path) -> None:
    with staged(target) as folder:
        _fill(folder, "new")
        raise RuntimeError


def test_an_error_changes_nothing(tmp_path: Path) -> None:
    _fill(tmp_path / "target", "old")
    before = _tree(tmp_path)
    with pytest.raises(RuntimeError):
        _fail_after_writing(tmp_path / "target")
    assert _tree(tmp_path) == before


def test_a_target_that_can_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(ExportError, match="could not be written"), staged(tmp_path / "file"):
        pass
    with pytest.raises(ExportError, match="could not be copied"):
        copy_file(tmp_path / "absent", tmp_path / "copy")


def _leave(target: Path, owner: str | None) -> Path:
    """Leave a temporary folder as a process does that is killed while it exchanges two folders."""
    left = target / ".twin-inspector-abc"
    _fill(left / "new" / "twin", "new")
    _fill(left / "old" / "twin", "old")
    if owner is not None:
        (left / "owner").write_text(owner, "utf-8")
    return left


def _write(target: Path) -> None:
    with staged(target) as folder:
        (folder / "other").write_text("other", "utf-8")


def _dead() -> int:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def test_what_a_killed_process_left_is_removed_and_the_former_version_put_back(
    tmp_path: Path,
) -> None:
    _leave(tmp_path, f"{_dead()} {socket.gethostname()}")
    _write(tmp_path)
    assert _tree(tmp_path) == {"other": "other", "twin/file": "old", "twin/sub/old": "old"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other", "twin"]


def test_a_version_that_is_in_its_place_is_not_overwritten(tmp_path: Path) -> None:
    _leave(tmp_path, f"{_dead()} {socket.gethostname()}")
    _fill(tmp_path / "twin", "newest")
    _write(tmp_path)
    assert (tmp_path / "twin" / "file").read_text("utf-8") == "newest"
    assert not list(tmp_path.glob(".twin-inspector-*"))


@pytest.mark.parametrize(
    "owner",
    [f"{os.getpid()} {socket.gethostname()}", "1 elsewhere", None],
    ids=["this process", "another machine", "nobody"],
)
def test_what_may_still_be_written_is_left_alone(tmp_path: Path, owner: str | None) -> None:
    left = _leave(tmp_path, owner)
    _write(tmp_path)
    assert (left / "old" / "twin" / "file").is_file()


def test_nobodys_folder_is_removed_after_a_day(tmp_path: Path) -> None:
    left = _leave(tmp_path, None)
    long_ago = time.time() - 2 * 24 * 60 * 60
    os.utime(left, (long_ago, long_ago))
    _write(tmp_path)
    assert not left.exists()


def test_whether_a_folder_can_be_written_is_told_before_anything_is_made(tmp_path: Path) -> None:
    require_writable(tmp_path / "deep" / "target")
    assert not list(tmp_path.iterdir())
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(ExportError, match="could not be written"):
        require_writable(tmp_path / "file" / "target")


def test_a_folder_that_another_process_just_removed_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _leave(tmp_path, f"{_dead()} {socket.gethostname()}")

    def gone(folder: Path) -> bool:
        shutil.rmtree(folder)
        return True

    monkeypatch.setattr("inspector.starter.staging._is_left", gone)
    _write(tmp_path)
    assert (tmp_path / "other").is_file()


def test_a_garbled_name_of_its_owner_is_nobodys(tmp_path: Path) -> None:
    left = _leave(tmp_path, None)
    (left / "owner").write_bytes(b"\xff\xfe 12")
    _write(tmp_path)
    assert left.is_dir()
