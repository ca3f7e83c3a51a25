from __future__ import annotations

import contextlib
import os
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from inspector.core.errors import InputError, PictureError, UsageError
from inspector.sweep.item_bytes import ItemReader
from inspector.sweep.listing import Listing, read_item_bytes
from inspector.sweep.natural import natural_key
from inspector.sweep.rows import SweepItem

if TYPE_CHECKING:
    from collections.abc import Iterator

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs links and permissions")


def plant(folder: Path, *names: str) -> Path:
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(name.encode())
    return folder


def listed(*named: Path | str, base: Path) -> list[str]:
    return [os.path.relpath(path, base) for path in Listing(*named).paths()]


def test_a_folder_is_walked_naturally_and_without_hidden_files(tmp_path: Path) -> None:
    plant(tmp_path, "img10.jpg", "img2.JPG", "b/1.png", "a/x.webp", "notes.txt", "a/z/9.gif")
    plant(tmp_path, ".hidden.jpg", ".git/1.jpg", "a/.x/2.jpg")
    assert listed(tmp_path, base=tmp_path) == [
        "img2.JPG",
        "img10.jpg",
        "a/x.webp",
        "a/z/9.gif",
        "b/1.png",
    ]


def test_the_order_does_not_depend_on_the_file_system() -> None:
    names = ["img2", "IMG2", "img02", "img10", "Img1", "²x", "1", "01"]
    backwards = names[::-1]
    assert sorted(backwards, key=natural_key) == sorted(names, key=natural_key)
    assert sorted(["b10", "b9", "a", "B1"], key=natural_key) == ["a", "B1", "b9", "b10"]


@POSIX
def test_loops_of_links_end_and_every_folder_is_walked_once(tmp_path: Path) -> None:
    plant(tmp_path, "a/1.jpg", "a/b/2.jpg")
    (tmp_path / "a/b/up").symlink_to(tmp_path / "a")
    (tmp_path / "again").symlink_to(tmp_path / "a/b")
    (tmp_path / "self").symlink_to(tmp_path)
    listing = Listing(tmp_path)
    assert [os.path.basename(path) for path in listing.paths()] == ["1.jpg", "2.jpg"]
    assert len(listing.notes) == 3
    assert all("listed already" in note for note in listing.notes)


@POSIX
def test_a_link_to_nothing_is_a_row_and_a_note(tmp_path: Path) -> None:
    (tmp_path / "gone.jpg").symlink_to(tmp_path / "nowhere.jpg")
    listing = Listing(tmp_path)
    (item,) = listing.items()
    assert "link to nothing" in listing.notes[0]
    with pytest.raises(PictureError, match="There is no file"):
        read_item_bytes(item)


@POSIX
def test_a_folder_that_may_not_be_read_is_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, "a/1.jpg", "b/2.jpg")
    real = os.scandir

    def refusing(folder: str):  # type: ignore[no-untyped-def] # also for a super user
        if str(folder).endswith("a"):
            raise PermissionError(13, "Permission denied", folder)
        return real(folder)

    monkeypatch.setattr(os, "scandir", refusing)
    listing = Listing(tmp_path)
    assert [os.path.basename(path) for path in listing.paths()] == ["2.jpg"]
    assert "Permission denied" in listing.notes[0]
    with pytest.raises(InputError, match="Permission denied"):
        list(Listing(tmp_path / "a").paths())


def test_lists_are_relative_to_themselves(tmp_path: Path) -> None:
    plant(tmp_path, "in/1.jpg")
    (tmp_path / "list.txt").write_text(
        "\ufeffin/1.jpg\n\n# a note\n../elsewhere.raw\n", encoding="utf-8"
    )
    assert listed(tmp_path / "list.txt", base=tmp_path) == ["in/1.jpg", "../elsewhere.raw"]


def test_a_picture_that_a_list_names_twice_is_listed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, "a.jpg", "b.jpg")
    named = tmp_path / "list.txt"
    named.write_text("a.jpg\nb.jpg\na.jpg\n./a.jpg\n", encoding="utf-8")
    listing = Listing(named)
    assert [os.path.basename(path) for path in listing.paths()] == ["a.jpg", "b.jpg"]
    assert listing.notes == ["1 picture was named more than once and listed once."]

    monkeypatch.setattr("inspector.sweep.listing.MOST_REMEMBERED", 1)
    assert [os.path.basename(path) for path in listing.paths()] == ["a.jpg", "b.jpg"]
    assert "Only the first 1 pictures" in listing.notes[0]


@pytest.mark.parametrize("name", ["", "  "])
def test_an_empty_name_is_no_folder(name: str, tmp_path: Path) -> None:
    """It is what an unset variable of a script leaves, and must not mean the current folder."""
    with pytest.raises(UsageError, match="empty"):
        Listing(name)
    with pytest.raises(UsageError, match="empty"):
        Listing(tmp_path, name)


@pytest.mark.parametrize(
    "text", ["label;path\ncat;in/1.jpg\n", "in/1.jpg,cat\n", "image\tclass\nin/1.jpg\tcat\n"]
)
def test_tables_are_lists_too(tmp_path: Path, text: str) -> None:
    (tmp_path / "list.csv").write_text(text, encoding="utf-8")
    assert listed(tmp_path / "list.csv", base=tmp_path) == ["in/1.jpg"]


def test_a_list_that_is_no_text_says_so(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(InputError, match="not UTF-8"):
        list(Listing(tmp_path / "list.txt").paths())


def test_patterns(tmp_path: Path) -> None:
    plant(tmp_path, "a/10.jpg", "a/9.jpg", "b/1.png", "a/.h.jpg", "a/n.txt", "a/dir.jpg/in.gif")
    assert listed(f"{tmp_path}/*/*", base=tmp_path) == ["a/9.jpg", "a/10.jpg", "b/1.png"]
    assert listed(f"{tmp_path}/**/*.gif", base=tmp_path) == ["a/dir.jpg/in.gif"]
    assert listed(f"{tmp_path}/nothing*", base=tmp_path) == []


def test_a_name_with_brackets_that_exists_is_no_pattern(tmp_path: Path) -> None:
    plant(tmp_path, "set [1]/1.jpg")
    assert listed(tmp_path / "set [1]", base=tmp_path) == ["set [1]/1.jpg"]


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file or folder"):
        Listing(tmp_path / "nowhere")
    with pytest.raises(UsageError):
        Listing()


def test_several_names_and_a_limit(tmp_path: Path) -> None:
    plant(tmp_path, "a/1.jpg", "a/2.jpg", "b/3.jpg")
    listing = Listing(tmp_path / "b", tmp_path / "a")
    assert [item.number for item in listing.items()] == [0, 1, 2]
    assert [os.path.basename(item.path) for item in listing.items(limit=2)] == ["3.jpg", "1.jpg"]
    assert listing.described == f"{tmp_path / 'b'}, {tmp_path / 'a'}"


def test_a_deep_tree_is_no_problem(tmp_path: Path) -> None:
    here = os.getcwd()
    os.chdir(tmp_path)
    try:
        for _ in range(300):
            os.mkdir("d")
            os.chdir("d")
        Path("1.jpg").write_bytes(b"x")
    finally:
        os.chdir(here)
    assert len(list(Listing(tmp_path).paths())) == 1


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "set.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name in ("b/10.jpg", "b/9.jpg", "a.png", "__MACOSX/b/9.jpg", ".x.jpg", "n.txt", "d/"):
            file.writestr(name, name.encode())
    return path


def test_members_of_an_archive(archive: Path) -> None:
    paths = list(Listing(archive).paths())
    assert paths == [f"{archive}!/{name}" for name in ("a.png", "b/9.jpg", "b/10.jpg")]
    with ItemReader() as reader:
        assert reader.read(paths[1]) == b"b/9.jpg"
        assert reader.read(paths[2]) == b"b/10.jpg"
    assert read_item_bytes(SweepItem(0, paths[0])) == b"a.png"


def test_a_member_that_is_not_there(archive: Path) -> None:
    with pytest.raises(PictureError, match=r"has no file c\.jpg"):
        read_item_bytes(SweepItem(0, f"{archive}!/c.jpg"))
    with pytest.raises(PictureError, match="could not be read"):
        read_item_bytes(SweepItem(0, f"{archive.parent}/none.zip!/c.jpg"))


def test_a_member_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("1.jpg", bytes(3_000_000))
    with ItemReader(limit=1_000_000) as reader, pytest.raises(PictureError, match="larger than"):
        reader.read(f"{path}!/1.jpg")


def test_a_member_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("1.jpg", bytes(3_000_000))
    size = (3_000_000).to_bytes(4, "little")
    data = path.read_bytes()
    assert data.count(size) == 2
    path.write_bytes(data.replace(size, (10).to_bytes(4, "little")))
    with ItemReader() as reader, pytest.raises(PictureError):
        reader.read(f"{path}!/1.jpg")


def test_a_damaged_member_is_an_error_of_its_own(archive: Path) -> None:
    data = bytearray(archive.read_bytes())
    start = data.index(b"b/10.jpg") + len(b"b/10.jpg")
    data[start : start + 4] = b"\xff\xff\xff\xff"
    archive.write_bytes(data)
    with ItemReader() as reader:
        with pytest.raises(PictureError, match="could not be read"):
            reader.read(f"{archive}!/b/10.jpg")
        assert reader.read(f"{archive}!/a.png") == b"a.png"


def test_what_is_no_archive_says_so(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"no zip at all")
    with pytest.raises(InputError, match="not a zip archive"):
        list(Listing(tmp_path / "x.zip").paths())


def test_a_folder_whose_name_looks_like_a_mark_is_a_folder(tmp_path: Path) -> None:
    plant(tmp_path, "x.zip!/1.jpg")
    assert read_item_bytes(SweepItem(0, str(tmp_path / "x.zip!/1.jpg"))) == b"x.zip!/1.jpg"


@POSIX
def test_a_named_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    with pytest.raises(PictureError, match="not a plain file"):
        read_item_bytes(SweepItem(0, str(tmp_path / "pipe.jpg")))


def test_a_folder_and_a_huge_file_are_no_pictures(tmp_path: Path) -> None:
    with pytest.raises(PictureError):
        read_item_bytes(SweepItem(0, str(tmp_path)))
    plant(tmp_path, "1.jpg")
    with ItemReader(limit=3) as reader, pytest.raises(PictureError, match="larger than"):
        reader.read(str(tmp_path / "1.jpg"))


@POSIX
def test_a_bad_entry_costs_itself_only(tmp_path: Path) -> None:
    plant(tmp_path, "a.jpg", "z.jpg", "deep/1.jpg")
    for name in ("loop.jpg", "loop"):
        (tmp_path / name).symlink_to(name)
    listing = Listing(tmp_path)
    paths = list(listing.paths())
    assert [os.path.relpath(path, tmp_path) for path in paths] == [
        *("a.jpg", "loop.jpg", "z.jpg", "deep/1.jpg"),
    ]
    assert len(listing.notes) == 1
    assert listing.notes[0].startswith(f"{tmp_path / 'loop'} was left out: ")
    with pytest.raises(PictureError, match=r"loop\.jpg could not be read"):
        read_item_bytes(SweepItem(0, paths[1]))


@POSIX
def test_a_folder_that_breaks_off_keeps_what_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, "a.jpg", "b.jpg")
    real = os.scandir

    @contextlib.contextmanager
    def breaking(folder: str) -> Iterator[Iterator[os.DirEntry[str]]]:
        def entries() -> Iterator[os.DirEntry[str]]:
            yield next(iter(found))
            raise OSError(116, "Stale file handle", folder)

        with real(folder) as found:
            yield entries()

    listing = Listing(tmp_path)
    first = os.scandir(tmp_path)
    monkeypatch.setattr("inspector.sweep.folders._is_new", lambda *_: True)
    answers = iter([first, breaking(str(tmp_path))])
    monkeypatch.setattr(os, "scandir", lambda _: next(answers))
    assert len(list(listing.paths())) == 1
    assert listing.notes == [f"The rest of the folder {tmp_path} was left out: Stale file handle."]


def test_members_with_dots_are_listed_and_archives_inside_are_noted(tmp_path: Path) -> None:
    path = tmp_path / "set.zip"
    with zipfile.ZipFile(path, "w") as file:
        for name in ("../up.jpg", "./a/../b.jpg", "in/more.ZIP", "in/.more.zip", "__MACOSX/x.zip"):
            file.writestr(name, name)
    listing = Listing(path)
    paths = list(listing.paths())
    assert sorted(paths) == [f"{path}!/../up.jpg", f"{path}!/./a/../b.jpg"]
    with ItemReader() as reader:
        assert reader.read(f"{path}!/../up.jpg") == b"../up.jpg"
    assert listing.notes == [
        f"{path}!/in/more.ZIP was left out: archives inside archives are not opened."
    ]


def test_a_picture_that_is_named_several_ways_is_listed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, "a.jpg", "z/a.jpg", "z/b.jpg")
    monkeypatch.chdir(tmp_path)
    listing = Listing("a.jpg", "./a.jpg", "z/*.jpg", "z/a.jpg", "z")
    for _ in range(2):
        found = [os.path.relpath(path, tmp_path) for path in listing.paths()]
        assert found == ["a.jpg", os.path.join("z", "a.jpg"), os.path.join("z", "b.jpg")]
        assert listing.notes == ["3 pictures were named more than once and listed once."]
    assert [item.number for item in listing.items()] == [0, 1, 2]


def test_lists_know_the_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    plant(tmp_path, "home/1.jpg", "lists/x.jpg")
    (tmp_path / "lists/list.txt").write_text("~/1.jpg\n", encoding="utf-8")
    assert list(Listing(tmp_path / "lists/list.txt").paths()) == [str(tmp_path / "home/1.jpg")]
