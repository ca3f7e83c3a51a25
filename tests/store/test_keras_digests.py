"""Files of Keras' that it publishes a digest of: fetched, found, verified."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from inspector.core import keras_weights
from inspector.core.errors import ReleaseMissingError
from inspector.store.mirrors import Mirrors
from inspector.store.state import Presence
from inspector.store.store import Store
from tests.store.made import hdf5, release

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.core.pairs import ReleaseSpec
    from tests.store.conftest import Caches
    from tests.store.servers import Server

SOURCE = "keras-application:InceptionV3?size=299&include_top=false&pooling=avg&weights=imagenet"
NAME = "inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5"
RIGHT = hdf5(seed=1)
WRONG = hdf5(seed=2)


@pytest.fixture(autouse=True)
def published(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Keras publish the digest of a small file."""
    digests = ("0" * 32, hashlib.md5(RIGHT).hexdigest())
    row = keras_weights._kernels("inception_v3", "inception_v3", *digests)
    monkeypatch.setitem(keras_weights._APPLICATIONS, "InceptionV3", row)


@pytest.fixture
def spec(tmp_path: Path) -> ReleaseSpec:
    return release(SOURCE, tmp_path)


def store_of(*urls: str) -> Store:
    return Store(mirrors=(Mirrors("*", urls),), timeout=5.0)


def put(caches: Caches, data: bytes) -> Path:
    file = caches.keras / NAME
    file.parent.mkdir(parents=True)
    file.write_bytes(data)
    return file


def test_a_file_without_its_top_is_fetched_and_verified(
    server: Server, caches: Caches, spec: ReleaseSpec
) -> None:
    store = store_of(server.put(f"/{NAME}", RIGHT))
    assert store.state(spec).presence is Presence.MISSING
    state = store.fetch(spec)
    assert state.presence is Presence.HERE
    assert state.path == caches.keras / NAME
    assert state.path.read_bytes() == RIGHT
    assert store.verify(spec).ok
    store.fetch(spec)
    assert len(server.asked(f"/{NAME}")) == 1
    removed, _ = store.forget(spec)
    assert state.path in removed
    assert not list(caches.keras.iterdir())


def test_other_content_gives_way_to_the_next_mirror(
    server: Server, caches: Caches, spec: ReleaseSpec
) -> None:
    state = store_of(server.put("/a", WRONG), server.put("/b", RIGHT)).fetch(spec)
    assert state.url.endswith("/b")
    assert (caches.keras / NAME).read_bytes() == RIGHT


def test_other_content_alone_leaves_nothing_behind(
    server: Server, caches: Caches, spec: ReleaseSpec
) -> None:
    with pytest.raises(ReleaseMissingError, match=r"sent other content \(MD5 ") as caught:
        store_of(server.put("/a", WRONG)).fetch(spec)
    assert caught.value.mend
    assert not list(caches.keras.iterdir())


def test_a_changed_file_is_found_out_and_replaced(
    server: Server, caches: Caches, spec: ReleaseSpec
) -> None:
    """Keras would fetch it again by itself when it builds the model."""
    file = put(caches, WRONG)
    store = store_of(server.put("/a", RIGHT))
    found = store.verify(spec)
    assert not found.ok
    assert f"has the MD5 {hashlib.md5(WRONG).hexdigest()}, but Keras publishes" in found.text
    assert store.fetch(spec).presence is Presence.HERE
    assert file.read_bytes() == RIGHT
    assert store.verify(spec).ok


def test_a_changed_file_stays_where_no_mirror_can_be_reached(
    caches: Caches, spec: ReleaseSpec
) -> None:
    file = put(caches, WRONG)
    with pytest.raises(ReleaseMissingError, match=r"but Keras publishes .* could not be fetched"):
        store_of("http://127.0.0.1:9/a").fetch(spec)
    assert file.read_bytes() == WRONG


def test_the_right_file_that_a_script_left_needs_no_mirror(
    caches: Caches, spec: ReleaseSpec
) -> None:
    put(caches, RIGHT)
    state = store_of().fetch(spec)
    assert state.presence is Presence.HERE
    assert state.sha256 == hashlib.sha256(RIGHT).hexdigest()
