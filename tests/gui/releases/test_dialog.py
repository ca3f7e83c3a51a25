from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from inspector.core.catalogue import STARTER, choose_pair, hub_directory_name, shipped_pairs
from inspector.core.pairs import PairSide, PairSpec, Side
from inspector.core.palette import DARK, LIGHT
from inspector.gui.releases.dialog import ReleasesDialog
from inspector.gui.releases.jobs import ReleaseJobs
from inspector.gui.releases.rows import megabytes, progress_text, release_rows
from inspector.gui.releases.tree import NOT_FETCHED, SIZE, STATE
from inspector.store.part import Partial
from inspector.store.records import Records
from inspector.store.state import Presence, ReleaseState
from inspector.store.store import Store
from tests.store.made import (
    KERAS_SOURCE,
    model_files,
    put_module,
    release,
    tar_gz,
    write_model,
)
from tests.store.servers import Server, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

WAIT_MS = 20_000


@pytest.fixture(autouse=True)
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path / "hub"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("TWIN_INSPECTOR_MIRRORS", raising=False)
    return tmp_path / "hub"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as made:
        yield made


@pytest.fixture
def pair(server: Server, tmp_path: Path) -> PairSpec:
    handle = f"{server.address}/module/1"
    left, right = release(KERAS_SOURCE, tmp_path), release(f"hub:{handle}", tmp_path)
    return PairSpec("made", "A made pair", "indices", left, right)


@pytest.fixture
def show(qtbot: QtBot, pair: PairSpec, tmp_path: Path) -> Iterator[Callable[[], ReleasesDialog]]:
    made: list[ReleasesDialog] = []

    def show_one() -> ReleasesDialog:
        jobs = ReleaseJobs(Store(Records(tmp_path / "records"), mirrors=(), timeout=5.0))
        dialog = ReleasesDialog([pair, choose_pair(STARTER)], LIGHT, jobs)
        made.append(dialog)
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitUntil(lambda: not words(dialog).count("Looking"), timeout=WAIT_MS)
        return dialog

    yield show_one
    for dialog in made:
        dialog.close()


def words(dialog: ReleasesDialog) -> list[str]:
    texts = []
    for place in range(dialog.tree.topLevelItemCount()):
        parent = dialog.tree.topLevelItem(place)
        texts += [parent.child(number).text(2) for number in range(parent.childCount())]
    return texts


def usable(dialog: ReleasesDialog) -> set[str]:
    return {name for name, button in dialog.buttons.items() if button.isEnabled()}


def test_it_lists_what_is_here_and_what_is_not(show: Callable[[], ReleasesDialog]) -> None:
    dialog = show()
    assert words(dialog) == ["Not here", "Not here", "A local file", "A local file"]
    assert usable(dialog) == {"fetch", "use", "close"}
    starter = dialog.rows[2]
    dialog.select(starter)
    assert usable(dialog) == {"folder", "use", "close"}
    assert str(starter.release.source.option("weights")) == dialog.place.text()


def test_fetch_verify_and_forget(
    show: Callable[[], ReleasesDialog], server: Server, pair: PairSpec, hub: Path, qtbot: QtBot
) -> None:
    handle = put_module(server, tar_gz(model_files()))
    dialog = show()
    dialog.select(PairSide(pair, Side.RIGHT))
    with qtbot.waitSignal(dialog.changed, timeout=WAIT_MS):
        dialog.buttons["fetch"].click()
    assert (hub / hub_directory_name(handle) / "saved_model.pb").is_file()
    qtbot.waitUntil(lambda: "verify" in usable(dialog), timeout=WAIT_MS)
    assert words(dialog)[1] == "On this machine"
    dialog.buttons["verify"].click()
    qtbot.waitUntil(lambda: "is what it was" in dialog.messages.text(), timeout=WAIT_MS)
    with qtbot.waitSignal(dialog.changed, timeout=WAIT_MS):
        dialog.buttons["forget"].click()
    assert not (hub / hub_directory_name(handle)).exists()
    qtbot.waitUntil(lambda: "are free again" in dialog.messages.text(), timeout=WAIT_MS)
    assert words(dialog)[1] == "Not here"


def test_a_changed_release_is_told(
    show: Callable[[], ReleasesDialog], server: Server, pair: PairSpec, hub: Path, qtbot: QtBot
) -> None:
    handle = put_module(server, tar_gz(model_files()))
    dialog = show()
    dialog.select(PairSide(pair, Side.RIGHT))
    dialog.buttons["fetch"].click()
    qtbot.waitUntil(lambda: "verify" in usable(dialog), timeout=WAIT_MS)
    (hub / hub_directory_name(handle) / "saved_model.pb").write_bytes(b"another")
    dialog.buttons["verify"].click()
    qtbot.waitUntil(lambda: "has changed" in dialog.messages.text(), timeout=WAIT_MS)


def test_what_cannot_be_fetched_says_why_and_can_be_tried_again(
    show: Callable[[], ReleasesDialog], server: Server, pair: PairSpec, qtbot: QtBot
) -> None:
    put_module(server, status=403)
    dialog = show()
    dialog.select(PairSide(pair, Side.RIGHT))
    dialog.buttons["fetch"].click()
    assert "fetch" not in usable(dialog)
    qtbot.waitUntil(lambda: "403" in dialog.messages.text(), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "fetch" in usable(dialog), timeout=WAIT_MS)
    assert words(dialog)[1] == NOT_FETCHED
    assert "403" in dialog.tree.currentItem().toolTip(STATE)
    dialog.messages.dismiss.click()
    assert words(dialog)[1] == "Not here"
    assert dialog.messages.isHidden()


@pytest.mark.parametrize("how", ["cancel", "close"])
def test_a_stalled_fetch_is_cancelled(
    show: Callable[[], ReleasesDialog], server: Server, pair: PairSpec, qtbot: QtBot, how: str
) -> None:
    put_module(server, tar_gz(model_files()), stall=30_000)
    dialog = show()
    dialog.select(PairSide(pair, Side.RIGHT))
    dialog.buttons["fetch"].click()
    qtbot.waitUntil(lambda: " % of " in words(dialog)[1], timeout=WAIT_MS)
    assert dialog.bar.isVisible()
    assert "cancel" in usable(dialog)
    dialog.buttons[how].click()
    if how == "cancel":
        qtbot.waitUntil(lambda: "Fetch goes on" in words(dialog)[1], timeout=2000)
        assert {"fetch", "forget"} <= usable(dialog)
        assert not dialog.bar.isVisible()
    else:
        assert not dialog.isVisible()


def test_both_releases_of_a_pair_at_once(
    show: Callable[[], ReleasesDialog], server: Server, qtbot: QtBot, tmp_path: Path
) -> None:
    put_module(server, tar_gz(model_files()))
    dialog = show()
    assert len(dialog.selected()) == 2
    write_model(tmp_path / "unrelated")
    dialog.buttons["fetch"].click()
    assert dialog.jobs.fetching
    dialog.jobs.cancel_all()
    qtbot.waitUntil(lambda: "fetch" in usable(dialog), timeout=WAIT_MS)


def test_the_search(show: Callable[[], ReleasesDialog]) -> None:
    dialog = show()
    dialog.search.setText("STARTER hub")
    hidden = [dialog.tree.topLevelItem(place).isHidden() for place in range(2)]
    assert hidden == [True, False]
    assert dialog.selected() == []
    assert usable(dialog) == {"close"}
    dialog.search.clear()
    assert len(dialog.selected()) == 2


def test_what_was_received_has_the_size_that_its_server_told(
    show: Callable[[], ReleasesDialog], server: Server, pair: PairSpec, qtbot: QtBot
) -> None:
    body = tar_gz(model_files())
    put_module(server, body, stall=30_000)
    dialog = show()
    dialog.select(PairSide(pair, Side.RIGHT))
    assert dialog.tree.currentItem().text(SIZE) == ""
    dialog.buttons["fetch"].click()
    qtbot.waitUntil(lambda: " % of " in words(dialog)[1], timeout=WAIT_MS)
    dialog.buttons["cancel"].click()
    qtbot.waitUntil(lambda: words(dialog)[1].endswith("received; Fetch goes on"), timeout=WAIT_MS)
    assert dialog.tree.currentItem().text(SIZE) == megabytes(len(body))
    dialog.buttons["forget"].click()
    qtbot.waitUntil(lambda: words(dialog)[1] == "Not here", timeout=WAIT_MS)
    assert dialog.tree.currentItem().text(SIZE) == ""


def test_both_sides_of_a_pair_say_why_they_failed(
    show: Callable[[], ReleasesDialog], server: Server, qtbot: QtBot
) -> None:
    put_module(server, status=403)
    dialog = show()
    dialog.buttons["fetch"].click()
    assert dialog.tree.pairs()[0].text(STATE) == "Fetching"
    qtbot.waitUntil(lambda: words(dialog)[:2] == [NOT_FETCHED] * 2, timeout=WAIT_MS)
    assert "no mirror is known" in dialog.messages.text()
    assert "403" in dialog.messages.text()
    put_module(server, tar_gz(model_files()))
    dialog.select(dialog.rows[1])
    dialog.buttons["fetch"].click()
    qtbot.waitUntil(lambda: words(dialog)[1] == "On this machine", timeout=WAIT_MS)
    assert "403" not in dialog.messages.text()
    assert "no mirror is known" in dialog.messages.text()
    assert [item.text(STATE) for item in dialog.tree.pairs()] == ["1 of 2 here", "Ready to compare"]


def test_a_fetch_that_broke_off_says_what_is_kept(
    show: Callable[[], ReleasesDialog], pair: PairSpec
) -> None:
    tree = show().tree
    source = str(pair.right.source)
    kept = ReleaseState(Presence.MISSING, None, partial=Partial(600, 1000))
    tree.show_states({source: kept}, {}, {source: "It broke off."})
    item = tree.pairs()[0].child(1)
    assert item.text(STATE) == "Failed; 60 % received; Fetch goes on"
    assert item.toolTip(STATE) == "It broke off."


def test_what_is_on_this_machine_alone(
    show: Callable[[], ReleasesDialog], server: Server, pair: PairSpec, qtbot: QtBot
) -> None:
    put_module(server, tar_gz(model_files()))
    dialog = show()
    dialog.only_here.click()
    assert [item.isHidden() for item in dialog.tree.pairs()] == [True, False]
    dialog.only_here.click()
    dialog.select(PairSide(pair, Side.RIGHT))
    dialog.buttons["fetch"].click()
    qtbot.waitUntil(lambda: "verify" in usable(dialog), timeout=WAIT_MS)
    dialog.only_here.click()
    assert not any(item.isHidden() for item in dialog.tree.pairs())


def test_a_search_without_a_hit_says_so(show: Callable[[], ReleasesDialog]) -> None:
    dialog = show()
    dialog.search.setText("nosuch")
    assert dialog.tree.nothing_text == "No pair or release has “nosuch” in its name."
    dialog.only_here.setChecked(True)
    assert "of what is on this machine has “nosuch”" in dialog.tree.nothing_text
    dialog.search.clear()
    assert dialog.tree.nothing_text == ""


def test_no_strip_stays_empty(show: Callable[[], ReleasesDialog]) -> None:
    dialog = show()
    assert dialog.place.isHidden()
    starter = dialog.tree.pairs()[1]
    dialog.tree.setCurrentItem(starter)
    assert dialog.place.text() == choose_pair(STARTER).note
    assert dialog.place.isVisible()


def test_no_two_releases_are_called_the_same() -> None:
    called: dict[str, str] = {}
    for row in release_rows(shipped_pairs()):
        assert called.setdefault(row.release.name, row.source) == row.source


def test_the_pair_can_be_used(
    show: Callable[[], ReleasesDialog], pair: PairSpec, qtbot: QtBot
) -> None:
    dialog = show()
    with qtbot.waitSignal(dialog.pair_wanted) as caught:
        dialog.buttons["use"].click()
    assert caught.args == [pair]


def test_a_message_takes_the_colours_of_the_scheme(
    show: Callable[[], ReleasesDialog], server: Server, pair: PairSpec, qtbot: QtBot
) -> None:
    put_module(server, status=404)
    dialog = show()
    dialog.select(PairSide(pair, Side.RIGHT))
    dialog.buttons["fetch"].click()
    qtbot.waitUntil(dialog.messages.isVisible, timeout=WAIT_MS)
    assert LIGHT.bad in dialog.messages.styleSheet()
    dialog.set_palette_scheme(DARK)
    assert DARK.bad in dialog.messages.styleSheet()


@pytest.mark.parametrize(
    ("received", "total", "rate", "text"),
    [(1_500_000, None, 1e6, "1.5 MB, 1.0 MB/s"), (0, 4_000_000, 0.0, "0 % of 4.0 MB, 0.0 MB/s"),
     (1_000_000, 4_000_000, 1e6, "25 % of 4.0 MB, 1.0 MB/s, 3 s left"),
     (0, 400_000_000, 1e6, "0 % of 400.0 MB, 1.0 MB/s, 7 min left")],
)  # fmt: skip
def test_progress(received: int, total: int | None, rate: float, text: str) -> None:
    assert progress_text(received, total, rate) == text
