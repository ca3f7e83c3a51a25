from __future__ import annotations

import hashlib
import os
import socket
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from inspector.core.catalogue import hub_directory_name, keras_weights_name
from inspector.core.errors import (
    Cancelled,
    ReleaseError,
    ReleaseMissingError,
    UsageError,
)
from inspector.store.mirrors import Mirrors
from inspector.store.state import Presence
from inspector.store.store import Store
from tests.store.made import (
    KERAS_SOURCE,
    hdf5,
    member,
    model_files,
    read_model,
    release,
    tar_gz,
    write_model,
    zipped,
)

if TYPE_CHECKING:
    from inspector.core.pairs import ReleaseSpec
    from tests.store.conftest import Caches
    from tests.store.servers import Server

HANDLE = "https://models.example/google/tiny/classification/1"
BODY = hdf5()
FILES = model_files()


@pytest.fixture
def keras(tmp_path: Path) -> ReleaseSpec:
    return release(KERAS_SOURCE, tmp_path)


@pytest.fixture
def hub(tmp_path: Path) -> ReleaseSpec:
    return release(f"hub:{HANDLE}", tmp_path)


@pytest.fixture
def weights(keras: ReleaseSpec, caches: Caches) -> Path:
    """Give where Keras keeps the weights."""
    return caches.keras / keras_weights_name(keras.source)


@pytest.fixture
def module(caches: Caches) -> Path:
    """Give where Hub keeps the module."""
    return caches.hub / hub_directory_name(HANDLE)


def store_of(*urls: str, sha256: str | None = None, timeout: float = 5.0) -> Store:
    return Store(mirrors=(Mirrors("*", urls, sha256=sha256),), timeout=timeout)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_weights_are_fetched_into_keras_cache(
    server: Server, keras: ReleaseSpec, weights: Path
) -> None:
    url = server.put("/w", BODY)
    store = store_of(url)
    before = store.state(keras)
    assert (before.presence, before.path, before.bytes) == (Presence.MISSING, weights, None)
    after = store.fetch(keras)
    assert after == store.state(keras)
    assert (after.presence, after.path, after.bytes) == (Presence.HERE, weights, len(BODY))
    assert (after.sha256, after.url) == (hashlib.sha256(BODY).hexdigest(), url)
    assert names(weights.parent) == {weights.name}
    store.fetch(keras)
    assert len(server.requests) == 1


@pytest.mark.parametrize("archive", [tar_gz(FILES), tar_gz(FILES, prefix="v1/"), zipped(FILES)])
def test_a_module_is_fetched_into_hubs_cache(
    server: Server, hub: ReleaseSpec, module: Path, archive: bytes
) -> None:
    url = server.put("/m", archive)
    state = store_of(url).fetch(hub)
    assert (state.presence, state.path, state.url) == (Presence.HERE, module, url)
    assert read_model(module) == FILES
    descriptor = Path(f"{module}.descriptor.txt")
    assert names(module.parent) == {module.name, descriptor.name}
    text = descriptor.read_text()
    assert text.startswith(f"Module: {HANDLE}\nDownload Time: 2")
    assert text.endswith(f"\nDownloader Hostname: {socket.gethostname()} (PID:{os.getpid()})")


def test_cut_weights_under_the_final_name_are_fetched_again(
    server: Server, keras: ReleaseSpec, weights: Path
) -> None:
    weights.parent.mkdir(parents=True)
    weights.write_bytes(BODY[:1000])
    store = store_of(server.put("/w", BODY))
    state = store.state(keras)
    assert state.presence is Presence.INCOMPLETE
    assert state.note == f"is cut off: 1,000 of {len(BODY):,} bytes"
    assert not state.is_usable
    assert store.fetch(keras).presence is Presence.HERE
    assert weights.read_bytes() == BODY


@pytest.mark.parametrize("lost", [*FILES, None])
def test_a_broken_module_is_fetched_again(
    server: Server, hub: ReleaseSpec, module: Path, lost: str | None
) -> None:
    write_model(module)
    if lost is None:
        for path in (*module.rglob("*.*"), module / "variables"):
            path.rmdir() if path.is_dir() else path.unlink()
    else:
        (module / lost).unlink()
    store = store_of(server.put("/m", status=403))
    assert store.state(hub).presence is Presence.INCOMPLETE
    before = read_model(module)
    with pytest.raises(ReleaseMissingError):
        store.fetch(hub)
    assert read_model(module) == before, "a broken one is left alone while there is none to take"
    server.put("/m", tar_gz(FILES))
    assert store.fetch(hub).presence is Presence.HERE
    assert read_model(module) == FILES
    assert names(module.parent) == {module.name, f"{module.name}.descriptor.txt"}


def test_a_file_in_a_modules_place(server: Server, hub: ReleaseSpec, module: Path) -> None:
    module.parent.mkdir()
    module.write_bytes(b"x")
    store = store_of(server.put("/m", tar_gz(FILES)))
    assert store.state(hub).note == "is not a folder"
    store.fetch(hub)
    assert read_model(module) == FILES


HOSTILE = {
    "traversal": tar_gz(FILES, member("../../out", size=3)),
    "absolute": tar_gz(FILES, member("/tmp/twin-inspector-out")),
    "link": tar_gz(FILES, member("link", b"2", linkname="/etc")),
    "device": tar_gz(FILES, member("null", b"3", devmajor=1, devminor=3)),
    "bomb": tar_gz({**FILES, "zeros": bytes(60_000_000)}),
    "cut": tar_gz(FILES)[:-2000],
    "no model": tar_gz({"readme.txt": b"hello"}),
    "no variables": tar_gz({"saved_model.pb": b"x"}),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_archives_leave_nothing(
    server: Server, hub: ReleaseSpec, module: Path, kind: str
) -> None:
    bad = server.put("/bad", HOSTILE[kind])
    with pytest.raises(ReleaseMissingError, match="sent what is refused") as caught:
        store_of(bad).fetch(hub)
    assert "The archive" in caught.value.message
    assert names(module.parent) == set()
    assert store_of(bad, server.put("/m", tar_gz(FILES))).fetch(hub).is_usable
    assert read_model(module) == FILES


def test_whole_weights_from_a_mirror_whose_file_is_cut(
    server: Server, keras: ReleaseSpec, weights: Path
) -> None:
    bad = server.put("/bad", BODY[:-1])
    with pytest.raises(ReleaseMissingError, match="is cut off: 399,999 of 400,000 bytes"):
        store_of(bad).fetch(keras)
    assert names(weights.parent) == set()
    store_of(bad, server.put("/w", BODY)).fetch(keras)
    assert weights.read_bytes() == BODY


def test_a_published_hash(server: Server, keras: ReleaseSpec, weights: Path) -> None:
    sha256 = hashlib.sha256(BODY).hexdigest()
    bad, good = server.put("/bad", hdf5(seed=2)), server.put("/w", BODY)
    store = store_of(bad, good, sha256=sha256.upper())
    assert store.fetch(keras).url == good
    weights.write_bytes(hdf5(seed=2))
    found = store.verify(keras)
    assert (found.ok, found.expected) == (False, sha256)


def test_no_mirror_is_known(tmp_path: Path) -> None:
    with pytest.raises(ReleaseMissingError, match="no mirror is known"):
        Store(mirrors=()).fetch(release(KERAS_SOURCE, tmp_path))


def test_cancel_and_go_on(server: Server, hub: ReleaseSpec, module: Path) -> None:
    url = server.put("/m", tar_gz(FILES), pace=0.05)
    enough = threading.Event()
    with pytest.raises(Cancelled):
        store_of(url).fetch(hub, lambda *_: enough.set(), enough.is_set)
    assert names(module.parent) == {
        f"{module.name}.archive.part",
        f"{module.name}.archive.part.json",
    }
    state = store_of(url).state(hub)
    assert state.presence is Presence.MISSING
    assert state.partial is not None
    assert state.partial.received == (module.parent / f"{module.name}.archive.part").stat().st_size
    assert state.partial.total == len(server.replies["/m"].body)
    server.replies["/m"].pace = 0
    assert store_of(url).fetch(hub).partial is None
    assert "Range" in server.requests[-1].headers
    assert names(module.parent) == {module.name, f"{module.name}.descriptor.txt"}


def test_offline_is_said_at_once(hub: ReleaseSpec, keras: ReleaseSpec) -> None:
    from tests.store.servers import closed_address

    store = store_of(f"{closed_address()}/m", timeout=60)
    started = time.monotonic()
    for spec in (hub, keras):
        with pytest.raises(ReleaseMissingError, match="refused the connection"):
            store.fetch(spec)
    assert time.monotonic() - started < 1


def test_locks_that_hub_left_are_no_reason_to_wait(
    server: Server, hub: ReleaseSpec, module: Path
) -> None:
    module.parent.mkdir()
    Path(f"{module}.lock").write_text(f"{socket.gethostname()}.4194999.{'0' * 32}")
    Path(f"{module}.{'0' * 32}.tmp").mkdir()
    started = time.monotonic()
    store_of(server.put("/m", tar_gz(FILES))).fetch(hub)
    assert time.monotonic() - started < 2
    assert names(module.parent) == {module.name, f"{module.name}.descriptor.txt"}


def test_a_live_download_of_hub_is_waited_for_and_taken(
    server: Server, hub: ReleaseSpec, module: Path
) -> None:
    write_model(module.parent / "elsewhere")
    lock = Path(f"{module}.lock")
    lock.write_text(f"{socket.gethostname()}.{os.getpid()}.{'0' * 32}")
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        if len(asked) == 2:
            (module.parent / "elsewhere").rename(module)
            lock.unlink()
        return False

    state = store_of(server.put("/m", tar_gz(model_files(9)))).fetch(hub, cancelled=cancelled)
    assert state.is_usable
    assert read_model(module) == FILES
    assert server.requests == []


def test_a_stale_lock_of_another_container_is_told_of(
    server: Server, hub: ReleaseSpec, module: Path
) -> None:
    """Each start of a container has another host name; its own old lock is then a stranger's."""
    module.parent.mkdir(parents=True, exist_ok=True)
    lock = Path(f"{module}.lock")
    lock.write_text("oldcontainer.7.abc")
    then = time.time() - 59.5
    os.utime(lock, (then, then))
    told: list[str] = []
    started = time.monotonic()
    state = store_of(server.put("/m", tar_gz(FILES))).fetch(
        hub, cancelled=lambda: time.monotonic() - started > 20, tell=told.append
    )
    assert state.is_usable
    assert len(told) == 1
    assert "process 7 of the machine oldcontainer" in told[0]
    assert not lock.exists()


def test_a_long_timeout_waits_longer_for_another_machine(
    server: Server, hub: ReleaseSpec, module: Path
) -> None:
    module.parent.mkdir(parents=True, exist_ok=True)
    lock = Path(f"{module}.lock")
    lock.write_text("other.7.abc")
    os.utime(lock, (time.time() - 100,) * 2)
    told: list[str] = []
    with pytest.raises(Cancelled):
        store_of(server.put("/m", tar_gz(FILES)), timeout=300.0).fetch(
            hub, cancelled=lambda: bool(told), tell=told.append
        )
    assert lock.exists()


def test_a_module_that_no_mirror_has_is_to_be_unpacked_by_hand(
    server: Server, hub: ReleaseSpec, module: Path
) -> None:
    with pytest.raises(ReleaseMissingError) as caught:
        store_of(server.put("/m", status=403)).fetch(hub)
    assert f"later, unpack the module into {module} yourself, or name" in caught.value.mend


def test_what_hub_finished_meanwhile_is_kept(
    server: Server, hub: ReleaseSpec, module: Path
) -> None:
    def hub_is_faster(received: int, total: int | None, rate: float) -> None:
        if received == total:
            write_model(module)

    assert store_of(server.put("/m", tar_gz(model_files(9)))).fetch(hub, hub_is_faster).is_usable
    assert read_model(module) == FILES


def test_two_at_once_fetch_once(server: Server, keras: ReleaseSpec, weights: Path) -> None:
    url = server.put("/w", BODY, pace=0.02)
    found: list[Presence] = []
    threads = [
        threading.Thread(target=lambda: found.append(store_of(url).fetch(keras).presence))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [Presence.HERE] * 3
    assert weights.read_bytes() == BODY
    assert len(server.requests) == 1


def test_what_hub_or_keras_fetched_is_found_and_recorded(
    hub: ReleaseSpec, keras: ReleaseSpec, module: Path, weights: Path
) -> None:
    write_model(module)
    weights.parent.mkdir(parents=True)
    weights.write_bytes(BODY)
    for spec in (hub, keras):
        assert Store().state(spec).sha256 is None
        state = Store().fetch(spec)
        assert state.presence is Presence.HERE
        assert state.sha256
        assert state.url == ""
        assert Store().verify(spec).ok


def test_a_module_under_the_handle_with_a_slash(
    caches: Caches, tmp_path: Path, hub: ReleaseSpec
) -> None:
    slash = write_model(caches.hub / hub_directory_name(f"{HANDLE}/"))
    assert Store().state(hub).path == slash
    assert Store().state(release(f"hub:{HANDLE}/", tmp_path)).path == slash
    other = write_model(caches.hub / hub_directory_name(HANDLE))
    assert Store().state(hub).path == other


def test_verify(server: Server, keras: ReleaseSpec, hub: ReleaseSpec, weights: Path) -> None:
    store = store_of(server.put("/w", BODY))
    with pytest.raises(ReleaseMissingError, match="is not on this machine"):
        store.verify(keras)
    store.fetch(keras)
    found = store.verify(keras)
    assert (found.ok, found.sha256) == (True, hashlib.sha256(BODY).hexdigest())
    flipped = bytearray(BODY)
    flipped[-1] ^= 1
    weights.write_bytes(flipped)
    assert store.state(keras).presence is Presence.HERE, "which no look at its length can tell"
    found = store.verify(keras)
    assert not found.ok
    assert "has changed" in found.text
    weights.write_bytes(BODY[:100])
    found = store.verify(keras)
    assert (found.ok, found.sha256) == (False, None)
    assert "is cut off" in found.text


def test_verify_records_what_it_sees_first(keras: ReleaseSpec, weights: Path) -> None:
    weights.parent.mkdir(parents=True)
    weights.write_bytes(BODY)
    first = Store().verify(keras)
    assert (first.ok, first.expected) == (True, None)
    assert "recorded now" in first.text
    assert Store().verify(keras).expected == first.sha256


def test_verify_a_module(server: Server, hub: ReleaseSpec, module: Path) -> None:
    store = store_of(server.put("/m", tar_gz(FILES)))
    store.fetch(hub)
    assert store.verify(hub).ok
    (module / "assets").mkdir()
    (module / "assets" / "more.txt").write_bytes(b"x")
    assert not store.verify(hub).ok


def test_forget(
    server: Server, hub: ReleaseSpec, keras: ReleaseSpec, module: Path, weights: Path
) -> None:
    store = store_of(server.put("/m", tar_gz(FILES)))
    store.fetch(hub)
    others = [module.parent / "other", Path(f"{module}x"), Path(f"{module}.old")]
    for other in others:
        write_model(other)
    Path(f"{module}.archive.part").write_bytes(b"half")
    removed, size = store.forget(hub)
    assert module in removed
    assert size > sum(map(len, FILES.values()))
    assert names(module.parent) == {other.name for other in others}
    assert store.state(hub).presence is Presence.MISSING
    assert store.forget(hub) == ([], 0)

    store = store_of(server.put("/w", BODY))
    store.fetch(keras)
    neighbour = weights.with_name("mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5")
    neighbour.write_bytes(BODY)
    assert store.forget(keras) == ([weights], len(BODY))
    assert names(weights.parent) == {neighbour.name}
    assert store.fetch(keras).url, "the record was forgotten, too"


def test_forget_never_follows_a_link(
    tmp_path: Path, hub: ReleaseSpec, module: Path, keras: ReleaseSpec, weights: Path
) -> None:
    mine = write_model(tmp_path / "mine")
    module.parent.mkdir()
    module.symlink_to(mine)
    weights.parent.mkdir(parents=True)
    weights.symlink_to(mine / "saved_model.pb")
    Store().forget(hub)
    Store().forget(keras)
    assert read_model(mine) == FILES
    assert not os.path.lexists(module)
    assert not os.path.lexists(weights)


def test_forget_waits_for_nobody(hub: ReleaseSpec, module: Path) -> None:
    write_model(module)
    Path(f"{module}.lock").write_text(f"{socket.gethostname()}.{os.getpid()}.{'0' * 32}")
    with pytest.raises(ReleaseError, match="fetched by another process"):
        Store().forget(hub)
    assert read_model(module) == FILES


def test_forget_leaves_a_download_of_ours_alone(
    server: Server, keras: ReleaseSpec, weights: Path
) -> None:
    store = store_of(server.put("/w", BODY, pace=0.05))
    thread = threading.Thread(target=lambda: store.fetch(keras))
    thread.start()
    server.wait_for(1)
    with pytest.raises(ReleaseError, match="fetched by another process"):
        Store().forget(keras)
    thread.join()
    assert weights.read_bytes() == BODY


@pytest.mark.parametrize("length", [True, False])
def test_a_cut_answer_of_unknown_length(
    server: Server, hub: ReleaseSpec, keras: ReleaseSpec, caches: Caches, length: bool
) -> None:
    for spec, body in ((hub, tar_gz(FILES)), (keras, BODY)):
        url = server.put("/x", body, cut=len(body) * 9 // 10, etag=None, length=length)
        said = "broke off" if length else "sent what is refused"
        with pytest.raises(ReleaseMissingError, match=said):
            store_of(url).fetch(spec)
        assert not store_of().state(spec).is_usable


def test_a_cache_that_cannot_be_written_to(
    server: Server,
    hub: ReleaseSpec,
    keras: ReleaseSpec,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"")
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(file))
    monkeypatch.setenv("KERAS_HOME", str(file))
    for spec in (hub, keras):
        with pytest.raises(ReleaseMissingError, match="could not be written to"):
            store_of(server.put("/x", BODY)).fetch(spec)


def own_files(folder: Path) -> list[ReleaseSpec]:
    write_model(folder / "model")
    (folder / "w.h5").write_bytes(BODY)
    return [
        release("hub:model", folder),
        release("saved-model:model", folder),
        release("keras-file:w.h5", folder),
        release("keras-application:MobileNetV2?weights=w.h5", folder),
    ]


def test_a_file_of_the_users_own_is_read_and_left_alone(tmp_path: Path) -> None:
    for spec in own_files(tmp_path / "mine"):
        state = Store().fetch(spec)
        assert state.presence is Presence.USER_FILE
        assert state.note == ""
        assert state.is_usable
        found = Store().verify(spec)
        assert (found.ok, found.expected) == (True, None)
        with pytest.raises(UsageError, match="a file of your own"):
            Store().forget(spec)
        assert state.path is not None
        assert state.path.exists()


def test_a_file_of_the_users_own_that_is_cut_off_or_missing(tmp_path: Path) -> None:
    spec = own_files(tmp_path)[3]
    (tmp_path / "w.h5").write_bytes(BODY[:200])
    assert "is cut off" in Store().state(spec).note
    assert not Store().verify(spec).ok
    (tmp_path / "w.h5").unlink()
    assert Store().state(spec).presence is Presence.MISSING
    with pytest.raises(ReleaseMissingError, match="is not there"):
        Store().fetch(spec)


def test_random_weights_need_nothing(tmp_path: Path) -> None:
    spec = release("keras-application:MobileNetV2?weights=none", tmp_path)
    assert Store().fetch(spec).path is None
    assert Store().state(spec).is_usable
    with pytest.raises(UsageError):
        Store().verify(spec)


def test_applications_that_are_not_known_are_left_to_keras(tmp_path: Path) -> None:
    spec = release("keras-application:ResNet9000", tmp_path)
    assert Store().fetch(spec).presence is Presence.UNKNOWN
    for deed in (Store().verify, Store().forget):
        with pytest.raises(ReleaseError, match="Keras itself keeps"):
            deed(spec)


def test_what_is_left_of_weights_is_told_beside_a_broken_file(
    server: Server, keras: ReleaseSpec, weights: Path
) -> None:
    url = server.put("/w", BODY, pace=0.05)
    weights.parent.mkdir(parents=True)
    weights.write_bytes(BODY[:1000])
    enough = threading.Event()
    with pytest.raises(Cancelled):
        store_of(url).fetch(keras, lambda *_: enough.set(), enough.is_set)
    state = store_of(url).state(keras)
    assert state.presence is Presence.INCOMPLETE
    assert state.partial == store_of(url).partial(keras)
    assert state.partial is not None
    assert state.partial.total == len(BODY)


def test_a_file_of_the_users_own_is_never_partly_fetched(tmp_path: Path) -> None:
    spec = release(f"keras-file:{tmp_path / 'mine.keras'}", tmp_path)
    (tmp_path / "mine.keras.part").write_bytes(b"something of another program")
    assert Store().partial(spec) is None
    assert Store().state(spec).partial is None
