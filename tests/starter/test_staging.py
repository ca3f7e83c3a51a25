from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from inspector.core.errors import ExportError
from inspector.starter.staging import copy_file, staged

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
