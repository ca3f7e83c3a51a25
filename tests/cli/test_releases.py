"""``releases``: what is on this machine; fetching, verifying and forgetting it."""

from __future__ import annotations

import json
import os
import signal
import time
from typing import TYPE_CHECKING, Any

import pytest

from inspector.core.catalogue import PUBLISHED, shipped_pairs
from tests.store.made import hdf5, model_files, tar_gz
from tests.store.servers import closed_address, serving
from tests.support.program import GOLF_BALL, ROOT, finish, program, run_program, started

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.store.servers import Server
    from tests.support.program import Outcome

    Call = Callable[..., Outcome]

BODY = hdf5()
FILES = model_files()


def rows(outcome: Outcome, progress: bool = False) -> list[dict[str, Any]]:
    assert outcome.code == 0, outcome.err
    assert progress or outcome.err == ""
    value = json.loads(outcome.out)
    assert value["schema"] == "twin-inspector/releases/1"
    return list(value["releases"])


def test_json_has_both_sides_of_every_pair(call: Call) -> None:
    found = rows(call("releases", "list", "--json"))
    assert [(row["pair"], row["side"]) for row in found] == [
        (pair.id, side) for pair in shipped_pairs() for side in ("left", "right")
    ]
    assert {row["pair"] for row in found if row["here"]} == {"starter"}
    assert {row["state"] for row in found if row["pair"] != "starter"} == {"missing"}


def test_tells_where_a_release_lies_or_would_lie(call: Call) -> None:
    published, _, starter, hub, *_ = rows(call("releases", "list", "--json"))
    weights = ROOT / "resources" / "starter" / "mobilenet_v2_0.35_96.weights.h5"
    assert starter["path"] == str(weights)
    assert starter["bytes"] == weights.stat().st_size
    assert hub["bytes"] == sum(
        file.stat().st_size for file in weights.parent.joinpath("hub").rglob("*") if file.is_file()
    )
    assert published["path"].endswith("mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5")
    assert published["bytes"] is None


def test_text_names_the_ids_to_use(call: Call) -> None:
    outcome = call("releases", "list")
    assert "starter   Starter: MobileNetV2 0.35" in outcome.out
    assert "(not on this machine)" in outcome.out
    assert "(here, " in outcome.out


def test_one_pair_only(call: Call) -> None:
    assert {
        row["pair"] for row in rows(call("releases", "list", "--json", "--pair", "starter"))
    } == {"starter"}


def test_a_pair_file(call: Call, tmp_path: Path) -> None:
    text = (ROOT / "resources" / "pairs.toml").read_text(encoding="utf-8")
    file = tmp_path / "mine.toml"
    file.write_text(text.replace('"starter"', '"mine"'), encoding="utf-8")
    found = rows(call("releases", "list", "--json", "--pair", file))
    assert {row["pair"] for row in found} >= {"mobilenet_v2_1.0_224", "mine"}
    assert "starter" not in {row["pair"] for row in found}
    assert not any(row["here"] for row in found)


def test_a_wrong_id_names_the_nearest(call: Call) -> None:
    outcome = call("releases", "list", "--pair", "startr")
    assert outcome.code == 2
    assert "Did you mean 'starter'?" in outcome.err


def test_a_picture_is_no_pair_file(call: Call) -> None:
    outcome = call("releases", "list", "--pair", GOLF_BALL)
    assert outcome.code == 3
    assert "is not a pair file" in outcome.err


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start with empty caches and no records."""
    for name in ("KERAS_HOME", "TFHUB_CACHE_DIR", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as made:
        yield made


@pytest.fixture
def mirrors(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """Serve both releases of the published pair as ``/w`` and ``/m``, and name them as mirrors."""
    table = tmp_path / "mirrors.toml"
    table.write_text(
        f'[[mirror]]\nsource = "keras-application:*"\nurls = ["{server.put("/w", BODY)}"]\n'
        f'[[mirror]]\nsource = "hub:*"\nurls = ["{server.put("/m", tar_gz(FILES))}"]\n'
    )
    monkeypatch.setenv("TWIN_INSPECTOR_MIRRORS", str(table))
    return server


def test_fetch_and_list(call: Call, mirrors: Server) -> None:
    outcome = call("releases", "fetch", PUBLISHED)
    assert outcome.code == 0, outcome.err
    assert "keras.applications MobileNetV2 1.0, 224 px  (here, 0.4 MB)" in outcome.out
    assert "keras.applications MobileNetV2 1.0, 224 px: 0.4 of 0.4 MB" in outcome.err
    found = rows(call("releases", "list", "--json", "--pair", PUBLISHED))
    assert [(row["here"], row["state"]) for row in found] == [(True, "here")] * 2
    assert [row["url"] for row in found] == [f"{mirrors.address}/w", f"{mirrors.address}/m"]
    assert all(len(row["sha256"]) == 64 and row["time"] for row in found)
    assert call("releases", "fetch", PUBLISHED).err == ""
    assert len(mirrors.requests) == 2


def test_one_side(call: Call, mirrors: Server) -> None:
    found = rows(call("releases", "fetch", f"{PUBLISHED}/right", "--json"), progress=True)
    assert [(row["side"], row["state"]) for row in found] == [("right", "here")]
    listed = rows(call("releases", "list", "--json", "--pair", PUBLISHED))
    assert [row["state"] for row in listed] == ["missing", "here"]


def test_says_where_scripts_find_the_module(
    call: Call, mirrors: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TFHUB_CACHE_DIR")
    outcome = call("releases", "fetch", f"{PUBLISHED}/right")
    own = tmp_path / "xdg_cache_home" / "twin-inspector" / "tfhub_modules"
    assert f"TFHUB_CACHE_DIR={own}" in outcome.err


def test_one_side_that_cannot_be_had_does_not_keep_the_other(call: Call, mirrors: Server) -> None:
    mirrors.put("/w", status=403)
    outcome = call("releases", "fetch", PUBLISHED)
    assert outcome.code == 4
    assert "Error: keras.applications MobileNetV2 1.0, 224 px could not be fetched" in outcome.err
    assert "answered 403 Forbidden" in outcome.err
    assert "(here, 0.2 MB)" in outcome.out
    mirrors.put("/m", status=500)
    call("releases", "forget", PUBLISHED)
    outcome = call("releases", "fetch", PUBLISHED, "--json")
    assert (outcome.code, outcome.out) == (4, "")
    assert outcome.err.count("Error: ") == 2


def test_a_release_without_a_network(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", closed_address())
    outcome = call("releases", "fetch", f"{PUBLISHED}/left")
    assert outcome.code == 4
    assert "refused the connection" in outcome.err
    assert "TWIN_INSPECTOR_MIRRORS" in outcome.err


def test_a_lock_of_another_machine_is_told_of_and_ctrl_c_ends_the_wait(
    call: Call, mirrors: Server
) -> None:
    (_, right) = rows(call("releases", "list", "--json", "--pair", PUBLISHED))
    lock = f"{right['path']}.lock"
    os.makedirs(os.path.dirname(lock), exist_ok=True)
    with open(lock, "w", encoding="utf-8") as file:
        file.write("oldcontainer.7.abc")
    with started(program("releases", "fetch", f"{PUBLISHED}/right")) as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        outcome = finish(process)
    assert "process 7 of the machine oldcontainer" in line
    assert f"delete {lock}" in line
    assert outcome.code == 130
    assert mirrors.requests == []


def test_a_stalled_server_is_given_up(call: Call, mirrors: Server) -> None:
    mirrors.put("/w", BODY, stall=1000)
    outcome = call("releases", "fetch", f"{PUBLISHED}/left", "--timeout", "0.3")
    assert outcome.code == 4
    assert "did not answer for 0.3 s" in outcome.err


def test_verify(call: Call, mirrors: Server) -> None:
    assert call("releases", "verify", PUBLISHED).code == 4
    (left, _) = rows(call("releases", "fetch", PUBLISHED, "--json"), progress=True)
    outcome = call("releases", "verify", PUBLISHED)
    assert outcome.code == 0
    assert outcome.out.count("is what it was") == 2
    with open(left["path"], "r+b") as file:
        file.seek(-1, 2)
        file.write(b"?")
    outcome = call("releases", "verify", PUBLISHED, "--json")
    assert outcome.code == 3
    assert f"Not verified: {PUBLISHED}/left." in outcome.err
    assert [row["ok"] for row in outcome.json()["releases"]] == [False, True]


def test_verify_looks_at_what_is_here_where_the_other_side_is_not(
    call: Call, mirrors: Server
) -> None:
    (right,) = rows(call("releases", "fetch", f"{PUBLISHED}/right", "--json"), progress=True)
    outcome = call("releases", "verify", PUBLISHED)
    assert outcome.code == 4
    assert outcome.out.count("is what it was") == 1
    assert "keras.applications MobileNetV2 1.0, 224 px is not on this machine" in outcome.err
    with open(os.path.join(right["path"], "saved_model.pb"), "ab") as file:
        file.write(b"?")
    outcome = call("releases", "verify", PUBLISHED, "--json")
    assert outcome.code == 3
    assert f"Not verified: {PUBLISHED}/right." in outcome.err
    assert [row["ok"] for row in outcome.json()["releases"]] == [False]


def test_forget(call: Call, mirrors: Server) -> None:
    (left, right) = rows(call("releases", "fetch", PUBLISHED, "--json"), progress=True)
    found = rows(call("releases", "forget", f"{PUBLISHED}/right", "--json"))
    assert right["path"] in found[0]["removed"]
    assert [os.path.exists(row["path"]) for row in (left, right)] == [True, False]
    outcome = call("releases", "forget", PUBLISHED)
    assert "removed, 0.4 MB" in outcome.out
    assert "was not on this machine" in outcome.out


def test_the_starter_pair_is_never_forgotten(call: Call) -> None:
    assert call("releases", "fetch", "starter").code == 0
    assert call("releases", "verify", "starter").code == 0
    outcome = call("releases", "forget", "starter")
    assert outcome.code == 2
    assert "a file of your own" in outcome.err
    assert all(row["here"] for row in rows(call("releases", "list", "--json", "--pair", "starter")))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("fetch",), "needs to know which"),
        (("forget",), "needs to know which"),
        (("fetch", "startr"), "Did you mean 'starter'?"),
        (("fetch", "startr/left"), "Did you mean 'starter'?"),
        (("fetch", "starter/middle"), "There is no pair"),
        (("fetch", "/left"), "There is no pair"),
        (("list", "--timeout", "0"), "not a number of seconds"),
        (("list", "--timeout", "nan"), "not a number of seconds"),
        (("remove", "starter"), "invalid choice"),
    ],
)
def test_wrong_usage(call: Call, words: tuple[str, ...], said: str) -> None:
    outcome = call("releases", *words)
    assert outcome.code == 2
    assert said in outcome.err.replace("Invalid", "invalid")


def test_a_pair_of_a_file_of_ones_own(call: Call, mirrors: Server, tmp_path: Path) -> None:
    text = (ROOT / "resources" / "pairs.toml").read_text(encoding="utf-8")
    file = tmp_path / "mine.toml"
    file.write_text(text.replace(f'"{PUBLISHED}"', '"mine/one"'), encoding="utf-8")
    for words in (("mine/one/left",), ("mine/one",)):
        outcome = call("releases", "fetch", *words, "--pair", file)
        assert outcome.code == 0, outcome.err
    assert call("releases", "fetch", "--pair", file).code == 4, "its starter pair is not beside it"


def test_a_wrong_table_of_mirrors(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWIN_INSPECTOR_MIRRORS", str(tmp_path / "none.toml"))
    outcome = call("releases", "fetch", PUBLISHED)
    assert outcome.code == 3
    assert "table of mirrors" in outcome.err
    assert call("releases", "list").code == 0


@pytest.mark.parametrize(("side", "path"), [("left", "/w"), ("right", "/m")])
@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGINT])
def test_a_download_that_is_killed_is_continued(
    call: Call, mirrors: Server, side: str, path: str, blow: signal.Signals
) -> None:
    reply = mirrors.replies[path]
    reply.pace = 0.2
    whole = reply.body
    with started(program("releases", "fetch", f"{PUBLISHED}/{side}")) as process:
        mirrors.wait_for(60_000)
        process.send_signal(blow)
        outcome = finish(process)
    assert outcome.code == (130 if blow == signal.SIGINT else -signal.SIGKILL)
    (missing,) = rows(call("releases", "list", "--json", "--pair", PUBLISHED))[side == "right" :][
        :1
    ]
    assert missing["state"] == "missing"
    folder = os.path.dirname(missing["path"])
    (part,) = [name for name in os.listdir(folder) if name.endswith(".part")]
    with open(os.path.join(folder, part), "rb") as file:
        kept = file.read()
    assert 0 < len(kept) < len(whole)
    assert whole.startswith(kept)

    reply.pace = 0
    begun = time.monotonic()
    outcome = run_program("releases", "fetch", f"{PUBLISHED}/{side}", "--json")
    assert time.monotonic() - begun < 20, "it waits for no lock"
    assert outcome.code == 0, outcome.err
    assert mirrors.asked(path)[-1].headers["Range"] == f"bytes={len(kept)}-"
    assert outcome.json()["releases"][0]["state"] == "here"
    assert call("releases", "verify", f"{PUBLISHED}/{side}").code == 0
    assert not [name for name in os.listdir(folder) if ".part" in name or name.endswith(".lock")]
