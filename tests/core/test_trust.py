from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING

import pytest

from inspector.core.errors import ExportError, ReleaseMissingError, UsageError
from inspector.core.trust import (
    TRUST_VARIABLE,
    TrustStore,
    content_sha256,
    parse_digest,
    trust_content,
    trust_for_this_run,
)

if TYPE_CHECKING:
    from pathlib import Path

ONE, TWO = "1" * 64, "2" * 64


@pytest.fixture
def store(tmp_path: Path) -> TrustStore:
    return TrustStore(tmp_path / "data" / "trusted.json", {})


def folder_of(path: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def test_nobody_trusts_anything_at_first(store: TrustStore) -> None:
    assert store.entries() == ()
    assert not store.trusts(ONE)
    assert not store.path.exists()


def test_what_is_trusted_stays_so(store: TrustStore) -> None:
    added = store.add(ONE, "/models/mine")
    again = TrustStore(store.path, {})
    assert again.trusts(ONE)
    assert not again.trusts(TWO)
    assert again.entries() == (added,)
    assert added.since.endswith("+00:00")


def test_each_content_is_kept_once(store: TrustStore) -> None:
    for name in ("a", "b", "a"):
        store.add(ONE, name)
    store.add(TWO, "c")
    assert [(entry.sha256, entry.name) for entry in store.entries()] == [(ONE, "a"), (TWO, "c")]


def test_trust_can_be_taken_back(store: TrustStore) -> None:
    store.add(ONE, "a")
    store.add(TWO, "b")
    assert store.remove(ONE)
    assert not store.remove(ONE)
    assert not store.trusts(ONE)
    assert store.trusts(TWO)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        "[]",
        "null",
        '{"trusted": 3}',
        '{"trusted": [3, null, {}, {"sha256": 7}, {"sha256": "12"}]}',
        "[" * 10**5,
        "\x00\xff",
    ],
)
def test_a_broken_store_trusts_nobody_and_can_be_written(store: TrustStore, text: str) -> None:
    store.path.parent.mkdir()
    store.path.write_text(text, encoding="utf-8")
    assert store.entries() == ()
    store.add(ONE, "a")
    assert store.trusts(ONE)
    assert json.loads(store.path.read_text())["schema"] == "twin-inspector/trust/1"


def test_a_store_that_is_no_text(store: TrustStore) -> None:
    store.path.parent.mkdir()
    store.path.write_bytes(b"\xff\xfe\xff")
    assert store.entries() == ()


def test_a_store_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError) as caught:
        TrustStore(tmp_path / "file" / "trusted.json", {}).add(ONE, "a")
    assert TRUST_VARIABLE in caught.value.mend


@pytest.mark.parametrize("word", ["", "1" * 63, "g" * 64, "1" * 65])
def test_what_is_no_digest(store: TrustStore, word: str) -> None:
    with pytest.raises(UsageError, match="is not a SHA-256"):
        store.add(word, "a")
    assert not store.path.exists()


def test_spellings_of_a_digest() -> None:
    assert parse_digest(f" sha256:{'A' * 64}\n") == "a" * 64


def test_the_environment_trusts_for_one_run(tmp_path: Path) -> None:
    store = TrustStore(tmp_path / "none.json", {TRUST_VARIABLE: f"junk, {ONE} ,{'A' * 64}"})
    assert store.trusts(ONE)
    assert store.trusts("a" * 64)
    assert not store.trusts("junk")
    assert store.entries() == ()


def test_trusting_for_this_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TRUST_VARIABLE, ONE)
    trust_for_this_run(TWO.upper())
    assert os.environ[TRUST_VARIABLE] == f"{ONE},{TWO}"
    assert TrustStore(tmp_path / "none.json").trusts(TWO)
    with pytest.raises(UsageError):
        trust_for_this_run("all")


def test_a_file_has_the_digest_that_other_tools_give(tmp_path: Path) -> None:
    file = tmp_path / "model.keras"
    data = os.urandom(3_000_000)
    file.write_bytes(data)
    assert content_sha256(file) == hashlib.sha256(data).hexdigest()


def test_a_folder_is_its_files_wherever_it_lies(tmp_path: Path) -> None:
    files = {"saved_model.pb": b"graph", "variables/variables.index": b"index"}
    first = folder_of(tmp_path / "a", files)
    second = folder_of(tmp_path / "b", dict(reversed(files.items())))
    (second / "empty").mkdir()
    assert content_sha256(first) == content_sha256(second)


BASE = {"a": b"12", "b": b"3"}


@pytest.mark.parametrize(
    "other",
    [
        {"a": b"12", "b": b"4"},
        {"a": b"1", "b": b"23"},
        {"a": b"12", "c": b"3"},
        {"a": b"12"},
        {"a": b"12", "b": b"3", "c": b""},
        {"a": b"12", "d/b": b"3"},
    ],
)
def test_any_change_of_a_folder_is_another_content(tmp_path: Path, other: dict[str, bytes]) -> None:
    base, changed = folder_of(tmp_path / "a", BASE), folder_of(tmp_path / "b", other)
    assert content_sha256(base) != content_sha256(changed)


def test_trusting_what_lies_there(store: TrustStore, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "model", BASE)
    entry = trust_content(folder, store)
    assert entry.name == str(folder.resolve())
    assert store.trusts(content_sha256(folder))
    (folder / "a").write_bytes(b"99")
    assert not store.trusts(content_sha256(folder))


def test_nothing_there_to_trust(store: TrustStore, tmp_path: Path) -> None:
    with pytest.raises(ReleaseMissingError):
        trust_content(tmp_path / "none", store)
