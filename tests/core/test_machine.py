"""Paths, resources, versions and health: what the program finds on this machine."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from inspector.core import health, paths, resources, versions
from inspector.core.catalogue import PUBLISHED, STARTER, find_pair, shipped_pairs
from inspector.core.errors import InspectorError
from inspector.core.paths import LOG_LIMIT, log_file
from inspector.core.picture import PICTURE_SUFFIXES, PictureSource
from inspector.core.resources import resource_path
from inspector.core.sources import Source, SourceKind


def test_a_log_file_is_made_where_logs_belong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "user_log_dir", lambda _: str(tmp_path / "logs"))
    path = log_file("engine.log")
    assert path == tmp_path / "logs" / "engine.log"
    assert path.read_bytes() == b""
    path.write_bytes(b"kept")
    assert log_file("engine.log").read_bytes() == b"kept"


def test_a_large_log_is_moved_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "user_log_dir", lambda _: str(tmp_path))
    (tmp_path / "engine.log").write_bytes(bytes(LOG_LIMIT + 1))
    assert log_file("engine.log").read_bytes() == b""
    assert (tmp_path / "engine.old").stat().st_size == LOG_LIMIT + 1


def test_without_a_place_for_logs_a_temporary_folder_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setattr(paths, "user_log_dir", lambda _: str(blocked / "logs"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    path = log_file("engine.log")
    assert path.is_file()
    assert tmp_path in path.parents
    (tmp_path / paths.APPLICATION / "engine.log").unlink()
    (tmp_path / paths.APPLICATION).rmdir()
    (tmp_path / paths.APPLICATION).write_text("")
    assert log_file("engine.log").parent.is_dir()


def test_resources_are_found() -> None:
    assert resource_path("pairs.toml").is_file()
    assert resource_path("starter", "hub").is_dir()


def test_a_missing_resource_is_an_incomplete_installation() -> None:
    with pytest.raises(InspectorError, match=r"a/b\.txt is missing") as caught:
        resource_path("a", "b.txt")
    assert "again" in caught.value.mend


def test_installed_resources_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = tmp_path / "one", tmp_path / "two"
    for place in (first, second):
        place.mkdir()
        (place / "x").write_text("")
    monkeypatch.setattr(resources, "_PLACES", (first, second))
    assert resource_path("x") == first / "x"


def test_versions_name_all_that_decides_the_numbers() -> None:
    found = versions.library_versions()
    assert {"twin-inspector", "python", "platform", "tensorflow", "keras", "pillow"} <= set(found)
    found["python"] = "changed"
    assert versions.library_versions()["python"] != "changed"


def test_health_of_this_machine() -> None:
    checks = {check.name: check for check in health.examine()}
    assert checks["setuptools"].ok
    assert checks["pair starter"].ok
    assert "Keras cache" in checks
    for check in checks.values():
        assert check.text
        assert check.ok or check.mend, check


def test_health_counts_what_is_in_a_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path))
    (tmp_path / "module").mkdir()
    checks = {check.name: check for check in health.examine()}
    assert "(1 entries)" in checks["TF Hub cache"].text


def test_a_cache_that_may_not_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(Path, "iterdir", denied)
    checks = {check.name: check for check in health.examine()}
    assert not checks["TF Hub cache"].ok
    assert "Permission denied" in checks["TF Hub cache"].text


def test_a_picture_source_of_a_file_is_absolute_and_keeps_its_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    monkeypatch.chdir(tmp_path)
    source = PictureSource.from_path("link/photo.jpg")
    assert source == PictureSource("photo.jpg", str(tmp_path / "link" / "photo.jpg"))
    monkeypatch.setenv("HOME", "/home/somebody")
    assert PictureSource.from_path("~/a.png").path == "/home/somebody/a.png"


def test_picture_suffixes_are_in_small_letters() -> None:
    assert all(suffix == suffix.lower() and suffix[0] == "." for suffix in PICTURE_SUFFIXES)


@pytest.mark.parametrize(
    ("here", "told"),
    [
        ((), "none here, 33 fetched when used"),
        (("a",), "1 here (a), 32 fetched when used"),
        (tuple("abcdef"), "6 here (a, b, c, d and 2 more), 27 fetched when used"),
    ],
)
def test_the_pairs_are_summed_up(
    here: tuple[str, ...], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = find_pair(shipped_pairs(), PUBLISHED)
    names = [*here, *(f"absent {number}" for number in range(33 - len(here)))]
    pairs = tuple(replace(published, id=name) for name in names)
    monkeypatch.setattr(health, "shipped_pairs", lambda: pairs)
    monkeypatch.setattr(health, "is_here", lambda pair: pair.id in here)
    checks = {check.name: check for check in health.examine()}
    assert checks["pairs"].ok
    assert checks["pairs"].text == f"33 known: {told}; 'releases list' tells more"
    assert checks["pair absent 0"].detail
    assert "fetches it" in checks["pair absent 0"].mend
    assert not checks["pairs"].detail


def test_a_pair_that_should_have_come_with_the_program_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    starter = find_pair(shipped_pairs(), STARTER)
    lost = Source(SourceKind.HUB, str(tmp_path / "lost"))
    broken = replace(starter, right=replace(starter.right, source=lost))
    monkeypatch.setattr(health, "shipped_pairs", lambda: (broken,))
    checks = {check.name: check for check in health.examine()}
    assert not checks["pairs"].ok
    assert checks["pairs"].text == "not whole: starter"
    assert "again" in checks["pairs"].mend
    assert checks["pair starter"].mend == checks["pairs"].mend


@pytest.mark.parametrize("installed", [True, False])
def test_the_interpreter_of_tflite_files_is_an_extra(
    monkeypatch: pytest.MonkeyPatch, installed: bool
) -> None:
    def version(name: str) -> str:
        if name == "ai-edge-litert" and not installed:
            raise health.PackageNotFoundError(name)
        return "2.1.0"

    monkeypatch.setattr(health, "version", version)
    (check,) = (check for check in health.examine() if check.name == "ai-edge-litert")
    assert check.ok is installed
    assert not check.needed
    assert ("twin-inspector[tflite]" in check.mend) is not installed
