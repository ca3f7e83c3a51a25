from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest

from inspector.core.errors import PictureError
from inspector.gui.folder_walk import Walk, list_pictures, walk_of
from inspector.gui.recent import MAX_RECENT, with_recent
from inspector.sweep import folders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def fill(folder: Path, *names: str) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_bytes(b"x")
    return [str(folder / name) for name in names]


def test_natural_order(tmp_path: Path) -> None:
    fill(tmp_path, "b1.png", "img10.png", "IMG2.png", "img1.png", "²x.png")
    names = [os.path.basename(path) for path in list_pictures(tmp_path)]
    assert names == ["b1.png", "img1.png", "IMG2.png", "img10.png", "²x.png"]


def test_only_pictures_of_a_folder(tmp_path: Path) -> None:
    fill(tmp_path, "10.JPG", "2.png", "notes.txt")
    (tmp_path / "folder.png").mkdir()
    assert list_pictures(tmp_path) == (str(tmp_path / "2.png"), str(tmp_path / "10.JPG"))


def test_one_file_walks_its_folder(tmp_path: Path) -> None:
    paths = fill(tmp_path, "a.png", "b.png", "c.png")
    walk = walk_of([paths[1]])
    assert walk == Walk(tuple(paths), 1)
    assert walk.moved(1).current == paths[2]
    assert walk.moved(2).current == paths[0]
    assert walk.moved(-2).current == paths[2]


def test_one_file_with_an_unusual_ending_walks_alone(tmp_path: Path) -> None:
    paths = fill(tmp_path, "a.png", "b.dat")
    assert walk_of([paths[1]]).paths == (paths[1],)


def test_several_files_keep_their_order(tmp_path: Path) -> None:
    paths = fill(tmp_path, "c.png", "a.png", "b.png")
    assert walk_of(paths[:2]).paths == tuple(paths[:2])


def test_a_folder_stands_for_its_pictures(tmp_path: Path) -> None:
    paths = fill(tmp_path / "in", "a.png", "b.png")
    assert walk_of([str(tmp_path / "in")]).paths == tuple(paths)


def test_a_folder_of_class_folders_stands_for_what_is_below_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = [tmp_path / name for name in ("n1/a.jpg", "n1/b.jpg", "n2/deep/c.jpg")]
    for path in below:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert walk_of([str(tmp_path)]).paths == tuple(map(str, below))
    assert not walk_of([str(tmp_path)]).more
    monkeypatch.setattr("inspector.gui.folder_walk.MOST_BELOW", 2)
    cut = walk_of([str(tmp_path)])
    assert (cut.paths, cut.more) == (tuple(map(str, below[:2])), True)
    assert cut.moved(1).more
    monkeypatch.setattr("inspector.gui.folder_walk.MOST_BELOW", 3)
    assert not walk_of([str(tmp_path)]).more
    own = tmp_path / "own.jpg"
    own.touch()
    assert walk_of([str(tmp_path)]).paths == (str(own),)


def test_a_folder_without_pictures_is_told(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="no pictures in it"):
        walk_of([str(tmp_path)])


def test_a_folder_that_is_not_wanted_any_more_is_walked_no_further(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unwanted = threading.Event()
    seen: list[str] = []

    def endless(folder: str, note: object, _: object) -> Iterator[str]:
        for number in range(100):
            seen.append(f"{folder}/{number}.jpg")
            if number == 2:
                unwanted.set()
            yield seen[-1]

    monkeypatch.setattr("inspector.sweep.folders.walk", endless)
    assert walk_of([str(tmp_path)], unwanted) == Walk()
    assert len(seen) == 3


def test_a_tree_without_pictures_is_left_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unwanted = threading.Event()
    (tmp_path / "a" / "b" / "c").mkdir(parents=True)
    entered: list[str] = []
    scan = folders._entries

    def enter(folder: str, note: Callable[[str], None]) -> tuple[list[str], list[str]]:
        entered.append(os.path.basename(folder))
        if folder.endswith("a"):
            unwanted.set()
        return scan(folder, note)

    monkeypatch.setattr(folders, "_entries", enter)
    assert walk_of([str(tmp_path)], unwanted) == Walk()
    assert entered == [tmp_path.name, "a"]


def test_an_empty_walk_goes_nowhere() -> None:
    assert Walk().moved(1).current is None


def test_recent_files() -> None:
    assert with_recent(("a", "b"), "b") == ("b", "a")
    many = tuple(str(number) for number in range(MAX_RECENT))
    assert with_recent(many, "new") == ("new", *many[:-1])
