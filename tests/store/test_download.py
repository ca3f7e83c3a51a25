from __future__ import annotations

import hashlib
import threading
import time
from collections import namedtuple
from typing import TYPE_CHECKING, Any

import pytest

from inspector.core.errors import Cancelled, InspectorError, ReleaseError, ReleaseMissingError
from inspector.store.content import Content
from inspector.store.download import Wanted, download
from tests.store.made import hdf5, model_files, tar_gz
from tests.store.servers import Reply, closed_address, serving

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.store.download import Downloaded
    from tests.store.servers import Server

BODY = hdf5()
SHA256 = hashlib.sha256(BODY).hexdigest()
WEIGHTS = Wanted(Content.HDF5)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "weights.h5"


def get(target: Path, *urls: str, wanted: Wanted = WEIGHTS, **how: Any) -> Downloaded:
    return download(urls, target, wanted, **{"timeout": 5.0, **how})


def refused(target: Path, *urls: str, wanted: Wanted = WEIGHTS, **how: Any) -> str:
    """Fetch what cannot be had; give the message. Nothing is at the target afterwards."""
    with pytest.raises(ReleaseMissingError) as caught:
        get(target, *urls, wanted=wanted, **how)
    assert not target.exists()
    assert caught.value.exit_code == 4
    assert caught.value.mend
    return caught.value.message


def mend_of(target: Path, *urls: str, wanted: Wanted = WEIGHTS, **how: Any) -> str:
    """Fetch what cannot be had; give what is to be done about it."""
    with pytest.raises(ReleaseMissingError) as caught:
        get(target, *urls, wanted=wanted, **how)
    return caught.value.mend


def is_right(target: Path, got: Downloaded) -> None:
    """Check that the file is the right one and that nothing else was left."""
    assert target.read_bytes() == BODY
    assert (got.path, got.sha256, got.size) == (target, SHA256, len(BODY))
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def part_of(target: Path) -> Path:
    return target.with_name(f"{target.name}.part")


def test_fetches_and_tells_how_far_it_is(server: Server, target: Path) -> None:
    seen: list[tuple[int, int | None, float]] = []
    url = server.put("/w", BODY, pace=0.01)
    got = get(target, url, progress=lambda *values: seen.append(values))
    is_right(target, got)
    assert got.url == url
    assert [received for received, _, _ in seen] == sorted(received for received, _, _ in seen)
    assert seen[-1][:2] == (len(BODY), len(BODY))
    assert all(total == len(BODY) for _, total, _ in seen)
    assert 0 < seen[-1][2] < 100e6


def test_replaces_what_was_there_only_when_whole(server: Server, target: Path) -> None:
    target.parent.mkdir()
    target.write_bytes(b"old")
    with pytest.raises(ReleaseMissingError):
        get(target, server.put("/w", BODY, cut=1000, ranges=False, etag=None))
    assert target.read_bytes() == b"old"
    is_right(target, get(target, server.put("/w", BODY)))


def test_published_size_and_hash_are_checked(server: Server, target: Path) -> None:
    url = server.put("/w", BODY)
    right = Wanted(Content.HDF5, len(BODY), SHA256.upper())
    is_right(target, get(target, url, wanted=right))


def test_wrong_size(server: Server, target: Path) -> None:
    url = server.put("/w", BODY)
    said = refused(target, url, wanted=Wanted(Content.HDF5, size=len(BODY) + 1))
    assert f"offers {len(BODY):,} bytes instead of {len(BODY) + 1:,}" in said
    url = server.put("/w", BODY, length=False)
    said = refused(target, url, wanted=Wanted(Content.HDF5, size=len(BODY) + 1))
    assert f"sent {len(BODY):,} bytes instead of" in said
    assert not part_of(target).exists()


def test_wrong_hash_goes_to_the_next_mirror(server: Server, target: Path) -> None:
    wanted = Wanted(Content.HDF5, sha256=SHA256)
    other = server.put("/other", hdf5(seed=1))
    assert "sent other content (SHA-256" in refused(target, other, wanted=wanted)
    assert not part_of(target).exists()
    is_right(target, get(target, other, server.put("/w", BODY), wanted=wanted))


@pytest.mark.parametrize("share", [0.3, 0.6, 0.99])
@pytest.mark.parametrize("ranges", [True, False])
def test_a_cut_answer_is_never_taken_for_whole(
    server: Server, target: Path, share: float, ranges: bool
) -> None:
    cut = int(len(BODY) * share)
    url = server.put("/w", BODY, cut=cut, ranges=ranges, etag='"one"' if ranges else None, cuts=1)
    if ranges:
        is_right(target, get(target, url))
        assert server.asked("/w")[1].headers["Range"] == f"bytes={cut}-"
    else:
        assert f"broke off after {cut:,} of {len(BODY):,} bytes" in refused(target, url)
        is_right(target, get(target, url))


def test_a_mirror_that_always_breaks_off_gives_way(server: Server, target: Path) -> None:
    bad = server.put("/bad", BODY, cut=1000)
    is_right(target, get(target, bad, server.put("/w", BODY)))
    assert 1 < len(server.asked("/bad")) < 10


def test_a_file_cut_off_before_it_was_served(server: Server, target: Path) -> None:
    def accept(path: Path) -> None:
        raise ReleaseError("The file is cut off.", "")

    url = server.put("/w", BODY[:-1])
    said = refused(target, url, wanted=Wanted(Content.HDF5, accept=accept))
    assert "sent what is refused (The file is cut off)" in said
    assert not part_of(target).exists()


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        (b"<!DOCTYPE html><title>Sign in</title>", "application/octet-stream", "a web page"),
        (b"anything", "text/html; charset=utf-8", "a web page"),
        (b"  \n<html>", "", "a web page"),
        (tar_gz(model_files(size=10)), "application/x-hdf", "something else"),
        (b"", "application/x-hdf", "something else"),
        (b"\x89HD", "application/x-hdf", "something else"),
    ],
)
def test_something_else_instead_of_weights(
    server: Server, target: Path, body: bytes, kind: str, said: str
) -> None:
    url = server.put("/w", body, headers={"Content-Type": kind} if kind else {})
    assert f"sent {said} instead of Keras weights" in refused(target, url)
    assert not part_of(target).exists()
    assert "instead of an archive" in refused(
        target, server.put("/a", b"<html>"), wanted=Wanted(Content.ARCHIVE)
    )


@pytest.mark.parametrize("status", [403, 404, 410, 500, 503])
def test_an_error_goes_to_the_next_mirror(server: Server, target: Path, status: int) -> None:
    bad = server.put("/bad", status=status)
    assert f"answered {status} " in refused(target, bad)
    got = get(target, bad, server.put("/w", BODY))
    is_right(target, got)
    assert got.url.endswith("/w")


@pytest.mark.parametrize(
    "reply",
    [
        {"status": 403},
        {"status": 404},
        {"body": b"<html>"},
        {"body": hdf5(seed=1)},
        {"body": BODY + b"x"},
        {"body": BODY, "cut": 1000},
    ],
)
def test_the_mend_fits_a_server_that_was_reached(
    server: Server, target: Path, reply: dict[str, Any]
) -> None:
    wanted = Wanted(Content.HDF5, len(BODY), SHA256)
    said = mend_of(target, server.put("/w", **reply), f"{closed_address()}/b", wanted=wanted)
    assert "Connect to the network" not in said
    for part in ("Try again later", f"put the file at {target} yourself"):
        assert part in said
    assert said.endswith("in the variable TWIN_INSPECTOR_MIRRORS.")


@pytest.mark.parametrize("stalls", [False, True])
def test_the_mend_fits_where_no_server_answers(server: Server, target: Path, stalls: bool) -> None:
    url = server.put("/w", BODY, stall=0) if stalls else f"{closed_address()}/w"
    assert "Connect to the network" in mend_of(target, url, timeout=0.3)


def test_a_proxy_that_wants_a_password_is_a_matter_of_the_network(
    server: Server, target: Path
) -> None:
    assert "https_proxy" in mend_of(target, server.put("/w", status=407))


def test_without_a_mirror_nothing_is_said_of_the_network(target: Path) -> None:
    assert "no mirror is known" in refused(target)
    mend = mend_of(target)
    assert mend.startswith(
        f"Put the file at {target} yourself, or name a table of your own mirrors"
    )
    assert "network" not in mend


def test_says_what_each_mirror_did(server: Server, target: Path) -> None:
    with serving() as other:
        said = refused(target, server.put("/a", status=403), other.put("/b", b"<html>"))
        for part in (server.address, "answered 403 Forbidden", other.address, "sent a web page"):
            assert part.removeprefix("http://") in said
    assert said.count(".\n") == 0


@pytest.mark.parametrize("stall", [0, 50_000])
def test_a_stalled_server_is_given_up(server: Server, target: Path, stall: int) -> None:
    url = server.put("/w", BODY, stall=stall)
    started = time.monotonic()
    assert "did not answer for 0.3 s" in refused(target, url, timeout=0.3)
    assert time.monotonic() - started < 3
    is_right(target, get(target, url, server.put("/good", BODY), timeout=0.3))


def test_a_slow_server_is_waited_for(server: Server, target: Path) -> None:
    url = server.put("/w", BODY, pace=0.06, piece=60_000)
    is_right(target, get(target, url, timeout=0.4))


def test_redirects_are_followed(server: Server, target: Path) -> None:
    for number in range(4):
        server.put(f"/{number}", status=302, headers={"Location": f"/{number + 1}"})
    server.put("/4", BODY, cut=300_000, cuts=1)
    got = get(target, f"{server.address}/0")
    is_right(target, got)
    assert got.url.endswith("/0")
    assert server.asked("/4")[1].headers["Range"] == "bytes=300000-"


def test_redirects_in_circles(server: Server, target: Path) -> None:
    url = server.put("/w", status=302, headers={"Location": "/w"})
    assert "redirects in circles" in refused(target, url)
    for number in range(30):
        server.put(f"/{number}", status=301, headers={"Location": f"/{number + 1}"})
    assert "redirects in circles" in refused(target, f"{server.address}/0")
    assert len(server.requests) < 20


@pytest.mark.parametrize("place", ["file:///etc/passwd", "ftp://127.0.0.1/x", "data:text/plain,x"])
def test_redirects_lead_nowhere_but_to_the_web(server: Server, target: Path, place: str) -> None:
    url = server.put("/w", status=302, headers={"Location": place})
    assert "not followed" in refused(target, url)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://", "nothing"])
def test_other_addresses_are_refused(target: Path, url: str) -> None:
    assert "could not be" in refused(target, url)


def cancel_at(size: int) -> dict[str, Any]:
    """Cancel once that many bytes are here."""
    enough = threading.Event()
    return {
        "progress": lambda received, *_: enough.set() if received >= size else None,
        "cancelled": enough.is_set,
    }


def cancelled_part(server: Server, target: Path, url: str) -> int:
    """Cancel a download half way; give the bytes that are kept."""
    server.replies["/w"].pace = 0.02
    with pytest.raises(Cancelled):
        get(target, url, **cancel_at(100_000))
    server.replies["/w"].pace = 0
    server.requests.clear()
    assert not target.exists()
    assert BODY.startswith(part_of(target).read_bytes())
    return part_of(target).stat().st_size


def test_goes_on_after_a_cancel(server: Server, target: Path) -> None:
    url = server.put("/w", BODY)
    kept = cancelled_part(server, target, url)
    assert 100_000 <= kept < len(BODY)
    seen: list[int] = []
    is_right(target, get(target, url, progress=lambda received, *_: seen.append(received)))
    (request,) = server.requests
    assert request.headers["Range"] == f"bytes={kept}-"
    assert request.headers["If-Range"] == '"one"'
    assert min(seen) >= kept


def test_begins_again_where_the_server_ignores_ranges(server: Server, target: Path) -> None:
    url = server.put("/w", BODY)
    cancelled_part(server, target, url)
    server.replies["/w"].ranges = False
    is_right(target, get(target, url))
    assert "Range" in server.requests[0].headers


def test_begins_again_where_the_content_has_changed(server: Server, target: Path) -> None:
    url = server.put("/w", hdf5(seed=5))
    server.replies["/w"].pace = 0.02
    with pytest.raises(Cancelled):
        get(target, url, **cancel_at(100_000))
    server.put("/w", BODY, etag='"two"')
    is_right(target, get(target, url))


def test_a_server_that_sends_the_rest_of_another_content(server: Server, target: Path) -> None:
    url = server.put("/w", BODY)
    kept = cancelled_part(server, target, url)
    wrong = hdf5(len(BODY) + 7, seed=3)
    server.replies["/w"] = _Careless(wrong)
    got = get(target, url)
    assert target.read_bytes() == wrong
    assert got.sha256 == hashlib.sha256(wrong).hexdigest()
    assert [request.headers.get("Range") for request in server.requests] == [
        f"bytes={kept}-",
        None,
    ]


class _Careless(Reply):
    """Answers a range whatever its validator says."""

    @property
    def etag(self) -> str | None:  # type: ignore[override]
        return '"one"'

    @etag.setter
    def etag(self, value: str | None) -> None:
        pass


def test_a_range_that_is_refused(server: Server, target: Path) -> None:
    url = server.put("/w", BODY)
    cancelled_part(server, target, url)
    calls = iter([Reply(status=416, etag=None), Reply(BODY)])

    class Once(dict[str, Reply]):
        def get(self, key: str, default: Any = None) -> Any:
            return next(calls)

    server.replies = Once()
    is_right(target, get(target, url))


def test_a_weak_validator_is_none(server: Server, target: Path) -> None:
    url = server.put("/w", BODY, etag='W/"one"')
    cancelled_part(server, target, url)
    is_right(target, get(target, url))
    assert "Range" not in server.requests[0].headers


@pytest.mark.parametrize("text", ["", "{", "[]", '{"url": 1}', '{"total": "x"}'])
def test_a_broken_note_of_a_part(server: Server, target: Path, text: str) -> None:
    url = server.put("/w", BODY)
    cancelled_part(server, target, url)
    target.with_name(f"{target.name}.part.json").write_text(text)
    is_right(target, get(target, url))
    assert "Range" not in server.requests[0].headers


def test_a_whole_part_is_finished(server: Server, target: Path) -> None:
    url = server.put("/w", BODY)
    cancelled_part(server, target, url)
    part_of(target).write_bytes(BODY)
    is_right(target, get(target, url))
    assert server.requests[0].headers["Range"] == f"bytes={len(BODY) - 1}-"


def test_a_part_of_one_mirror_is_kept_while_another_has_nothing(
    server: Server, target: Path
) -> None:
    url = server.put("/w", BODY)
    kept = cancelled_part(server, target, url)
    refused(target, server.put("/bad", status=404), server.put("/html", b"<html>"))
    assert part_of(target).stat().st_size == kept
    is_right(target, get(target, url))
    assert server.asked("/w")[0].headers["Range"] == f"bytes={kept}-"


def test_a_part_of_one_mirror_is_never_taken_for_anothers(server: Server, target: Path) -> None:
    url = server.put("/other", hdf5(seed=4), pace=0.02)
    with pytest.raises(Cancelled):
        get(target, url, **cancel_at(100_000))
    is_right(target, get(target, server.put("/w", BODY)))


def test_a_mirror_that_gets_no_further_is_not_asked_again(server: Server, target: Path) -> None:
    url = server.put("/w", BODY)
    cancelled_part(server, target, url)
    server.replies["/w"].cut = 0
    assert "broke off" in refused(target, url)
    assert len(server.requests) == 1


@pytest.mark.parametrize("stall", [0, 50_000])
def test_cancel_is_heard_while_a_server_stalls(server: Server, target: Path, stall: int) -> None:
    url = server.put("/w", BODY, stall=stall)
    started = time.monotonic()
    with pytest.raises(Cancelled):
        get(target, url, timeout=60, cancelled=lambda: time.monotonic() - started > 0.2)
    assert time.monotonic() - started < 2


def test_an_error_in_the_progress_leaves_a_part_to_go_on_from(server: Server, target: Path) -> None:
    def stop(received: int, *_: object) -> None:
        if received > 50_000:
            raise Cancelled

    url = server.put("/w", BODY, pace=0.03)
    with pytest.raises(Cancelled):
        get(target, url, progress=stop)
    server.replies["/w"].pace = 0
    is_right(target, get(target, url))
    assert "Range" in server.requests[-1].headers


def test_offline_is_said_at_once(target: Path) -> None:
    nowhere = closed_address()
    started = time.monotonic()
    said = refused(target, f"{nowhere}/a", f"{nowhere}/b", f"{closed_address()}/c", timeout=60)
    assert time.monotonic() - started < 1
    assert said.count("refused the connection") == 2, "each host once"
    assert said.count(".") == said.count(".h5") + 3 * 2 + 1, "one sentence"


def test_an_unknown_name_is_said(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    lookups: list[object] = []

    def fail(*host: object, **__: object) -> None:
        lookups.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    said = refused(target, "https://weights.example/a", "http://weights.example/b", timeout=60)
    told = "weights.example could not be found (no network, or no such address)"
    assert said.count(told) == 1
    assert len(lookups) == 1, "a name server may take many seconds to say no"


def test_a_proxy_of_the_environment_is_used(
    server: Server, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", server.address)
    server.replies["http://weights.example/w"] = Reply(BODY)
    is_right(target, get(target, "http://weights.example/w"))
    assert server.requests[0].path == "http://weights.example/w"


def test_no_proxy_is_used_where_none_is_wanted(
    server: Server, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", closed_address())
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    is_right(target, get(target, server.put("/w", BODY)))


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_dead_proxy_is_named_without_its_password(
    target: Path, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    dead = closed_address().removeprefix("http://")
    monkeypatch.setenv(f"{scheme}_proxy", f"http://me:secret@{dead}")
    said = refused(target, f"{scheme}://weights.example/w")
    assert f"weights.example refused the connection, through the proxy {dead}" in said
    assert "secret" not in said


def test_no_room_is_said_before_anything_is_written(
    server: Server, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(10**9, 10**9, 20_100_000))
    said = refused(target, server.put("/w", BODY))
    assert "sends 0.4 MB" in said
    assert "has only 20.1 MB free" in said
    assert "Make room there" in mend_of(target, server.put("/w", BODY))
    assert list(target.parent.iterdir()) == []


def test_a_mirror_that_claims_an_absurd_size_gives_way_to_the_next(
    server: Server, target: Path
) -> None:
    absurd = server.put("/w", BODY, headers={"Content-Length": str(10**14)})
    is_right(target, get(target, absurd, server.put("/good", BODY)))
    target.unlink()
    assert "sends 100.0 TB, but the disk" in refused(target, absurd)


def test_a_mirror_that_drips_gives_way_to_the_next(
    server: Server, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inspector.store.meter.SLOW_SECONDS", 0.3)
    drip = server.put("/w", BODY, pace=0.05, piece=20)
    is_right(target, get(target, drip, server.put("/good", BODY), timeout=5))
    target.unlink()
    assert "sends only" in refused(target, drip, timeout=5)


def test_a_folder_that_cannot_be_made(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InspectorError, match="could not be written to"):
        get(tmp_path / "file" / "weights.h5", server.put("/w", BODY))


def test_a_link_in_the_parts_place_is_not_followed(
    server: Server, target: Path, tmp_path: Path
) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    target.parent.mkdir()
    part_of(target).symlink_to(victim)
    refused(target, server.put("/w", BODY))
    assert victim.read_bytes() == b"mine"
