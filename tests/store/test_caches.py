from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from inspector.core import catalogue
from inspector.core.catalogue import hub_cache, hub_directory_name, hub_places, keras_cache
from inspector.core.sources import parse_source
from inspector.store.caches import places_of, use_hub_cache
from inspector.store.state import Presence
from inspector.store.store import Store
from tests.store.made import release, write_model

if TYPE_CHECKING:
    from inspector.core.pairs import ReleaseSpec

HANDLE = "https://models.example/tiny/1"


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give Hub's folder among the temporary files, with no cache chosen."""
    monkeypatch.setattr(catalogue.tempfile, "gettempdir", lambda: str(tmp_path / "tmp"))
    monkeypatch.delenv("TFHUB_CACHE_DIR")
    return tmp_path / "tmp" / "tfhub_modules"


@pytest.fixture
def hub(tmp_path: Path) -> ReleaseSpec:
    return release(f"hub:{HANDLE}", tmp_path)


def test_a_cache_that_is_chosen_is_the_only_one(temporary: Path, tmp_path: Path) -> None:
    chosen = {"TFHUB_CACHE_DIR": str(tmp_path / "chosen")}
    write_model(temporary / hub_directory_name(HANDLE))
    assert hub_cache(chosen) == tmp_path / "chosen"
    assert hub_places(HANDLE, chosen) == [
        tmp_path / "chosen" / hub_directory_name(HANDLE),
        tmp_path / "chosen" / hub_directory_name(f"{HANDLE}/"),
    ]
    assert hub_cache({"TFHUB_CACHE_DIR": "~/hub"}) == Path("~/hub"), "Hub expands no ~"


def test_without_a_choice_modules_last(temporary: Path, tmp_path: Path) -> None:
    own = tmp_path / "cache" / "twin-inspector" / "tfhub_modules"
    assert hub_cache({}) == hub_cache({"TFHUB_CACHE_DIR": ""}) == own
    assert hub_cache() == own


def test_a_cache_folder_that_cannot_be_made(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue.os, "access", lambda *_: False)
    assert hub_cache({}) == temporary


def test_what_scripts_left_in_hubs_own_folder_is_found(temporary: Path, hub: ReleaseSpec) -> None:
    assert Store().state(hub).presence is Presence.MISSING
    assert Store().state(hub).path == hub_cache() / hub_directory_name(HANDLE)
    left = write_model(temporary / hub_directory_name(f"{HANDLE}/"))
    assert Store().state(hub).path == left
    assert catalogue.local_path(hub.source) == left
    Store().forget(hub)
    assert not left.exists()


def test_what_somebody_else_put_there_is_not(
    temporary: Path, hub: ReleaseSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_model(temporary / hub_directory_name(HANDLE))
    monkeypatch.setattr(catalogue.os, "getuid", lambda: os.geteuid() + 1)
    assert Store().state(hub).presence is Presence.MISSING


def test_hub_is_told_of_the_cache(temporary: Path, hub: ReleaseSpec) -> None:
    left = write_model(temporary / hub_directory_name(HANDLE))
    environment: dict[str, str] = {}
    assert use_hub_cache(environment) == hub_cache()
    assert environment == {"TFHUB_CACHE_DIR": str(hub_cache())}
    assert left in hub_places(HANDLE, environment), "the process that is told finds the same"
    chosen = {"TFHUB_CACHE_DIR": "/elsewhere"}
    use_hub_cache(chosen)
    assert chosen == {"TFHUB_CACHE_DIR": "/elsewhere"}


def test_keras_keeps_nothing_in_a_home_that_is_read_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".keras").mkdir()
    assert keras_cache({}) == tmp_path / ".keras" / "models"
    may = os.access
    monkeypatch.setattr(
        catalogue.os, "access", lambda path, mode: path != str(tmp_path) and may(path, mode)
    )
    assert keras_cache({}) == Path("/tmp/.keras/models")


def test_what_lies_in_no_cache(tmp_path: Path) -> None:
    for line in ("hub:model", "saved-model:model", "keras-file:a.keras"):
        assert places_of(parse_source(line, tmp_path)) == []
