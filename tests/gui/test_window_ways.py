"""Ways through the whole window: giving up, walking a folder, dragging, the Tab key, messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPoint, QSettings, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QScrollArea, QTabBar

from inspector.core.catalogue import default_pair, find_pair, shipped_pairs
from inspector.core.errors import EngineError, PictureError, ReleaseMissingError
from inspector.core.pairs import Side
from inspector.gui.folder_walk import Walk
from inspector.gui.notices import CANCELLED, MANY_PICTURES, RELEASES, SWEEP_ALL, TRY_AGAIN
from inspector.gui.plot_area import CAUSES_TAB
from inspector.gui.settings import Settings
from inspector.gui.tab_order import tab_stops
from inspector.gui.verdict_banner import NOTHING_COMPARED, WAITING
from inspector.gui.window import Window
from tests.gui.fakes import FakeWorker

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from inspector.core.errors import InspectorError


@pytest.fixture
def worker() -> FakeWorker:
    return FakeWorker()


@pytest.fixture
def window(
    qtbot: QtBot,
    qapp: QApplication,
    worker: FakeWorker,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Window]:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path / "hub"))
    settings = Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    made = Window(qapp, worker, settings, default_pair())
    qtbot.addWidget(made.frame)
    with qtbot.waitSignal(made.binder.plots_built, timeout=20000):
        made.frame.show()
    made.frame.activateWindow()
    qtbot.waitUntil(made.frame.isActiveWindow)
    yield made
    made.frame.close()


def folder_of(parent: Path, name: str, count: int) -> str:
    folder = parent / name
    folder.mkdir()
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    image.fill(QColor("green"))
    for number in range(count):
        assert image.save(str(folder / f"{name}{number}.png"))
    return str(folder)


def open_paths(qtbot: QtBot, window: Window, *paths: str) -> None:
    window.binder.opener.open_paths(paths)
    qtbot.waitUntil(lambda: not window.binder.jobs.busy)


def facts(window: Window) -> list[str]:
    return [message.fact for message in window.frame.messages.messages]


def place(window: Window) -> str | None:
    label = window.frame.panel.place
    return None if label.isHidden() else label.text()


def test_cancel_leaves_the_last_comparison_as_what_it_is(
    window: Window, worker: FakeWorker, qtbot: QtBot, tmp_path: Path
) -> None:
    first = folder_of(tmp_path, "first", 3)
    second = folder_of(tmp_path, "second", 5)
    open_paths(qtbot, window, first)
    worker.answer()
    worker.explain()
    headline, told = window.frame.banner.headline, window.frame.panel.caption
    open_paths(qtbot, window, second)
    assert place(window) == "1 of 5"
    with qtbot.waitSignal(window.controller.stale_changed, check_params_cb=bool):
        window.binder.deeds.set_pair_mode("identical")
    qtbot.keyClick(window.frame.panel.view, Qt.Key.Key_Escape)
    assert window.frame.banner.headline == headline
    assert window.frame.panel.caption == told
    assert place(window) == "1 of 3"
    assert window.frame.stages.mode_box(Side.LEFT).mode == "own"
    assert not window.frame.plots.causes.is_stale
    assert window.frame.status.message == CANCELLED
    window.binder.deeds.walk(1)
    assert worker.requests[-1].picture.name == "first1.png"


def test_cancel_of_the_first_comparison_says_how_to_go_on(
    window: Window, worker: FakeWorker, qtbot: QtBot, tmp_path: Path
) -> None:
    open_paths(qtbot, window, folder_of(tmp_path, "walk", 5))
    window.frame.progress.cancelled.emit()
    assert "cancelled" in facts(window)[0]
    assert window.frame.banner.headline == NOTHING_COMPARED
    assert place(window) == "1 of 5"
    window.frame.messages.row().button.click()
    assert len(worker.requests) == 2
    assert not any("cancelled" in fact for fact in facts(window))
    assert window.frame.banner.headline == WAITING
    worker.answer()
    assert place(window) == "1 of 5"
    assert window.binder.actions.by_id["next"].isEnabled()


@pytest.mark.parametrize(
    ("error", "action", "other"),
    [
        (ReleaseMissingError("It could not be fetched.", "Go online."), TRY_AGAIN, RELEASES),
        (EngineError("It ended.", ""), TRY_AGAIN, ""),
        (PictureError("It is broken.", "Choose another one."), "", ""),
    ],
)
def test_a_failure_has_the_buttons_that_may_help(
    window: Window, worker: FakeWorker, error: InspectorError, action: str, other: str
) -> None:
    window.open([])
    worker.answer()
    window.binder.deeds.choose_pair(find_pair(shipped_pairs(), "resnet50"))
    worker.fail(error=error)
    row = window.frame.messages.row()
    assert (row.message.action, row.message.other) == (action, other)
    if action == TRY_AGAIN:
        row.button.click()
        assert worker.requests[-1].pair.id == "resnet50"


def test_each_failure_is_tried_again_by_its_own_button(
    window: Window, worker: FakeWorker, qtbot: QtBot, tmp_path: Path
) -> None:
    open_paths(qtbot, window, folder_of(tmp_path, "walk", 2))
    worker.answer()
    pair = window.controller.session.pair
    for other in ("resnet50", "mobilenet_v2_1.4_224"):
        window.binder.deeds.choose_pair(find_pair(shipped_pairs(), other))
        worker.fail(error=ReleaseMissingError(f"{other} is not here.", "Go online."))
    window.binder.deeds.walk(1)
    worker.fail()
    assert window.controller.session.pair == pair
    window.frame.messages.row(facts(window).index("resnet50 is not here.")).button.click()
    asked = worker.requests[-1]
    assert (asked.pair.id, asked.picture.name) == ("resnet50", "walk0.png")
    assert "mobilenet_v2_1.4_224 is not here." in facts(window)


def test_nothing_is_tried_again_that_would_undo_what_was_compared_since(
    window: Window, worker: FakeWorker
) -> None:
    window.open([])
    worker.answer()
    window.binder.deeds.choose_pair(find_pair(shipped_pairs(), "resnet50"))
    worker.fail(error=ReleaseMissingError("It is not here.", "Go online."))
    row = window.frame.messages.row()
    window.binder.deeds.set_mode(Side.LEFT, "bgr")
    window.controller.cancel()
    assert not row.button.isHidden()
    window.binder.deeds.set_mode(Side.LEFT, "bgr")
    worker.answer()
    assert row.button.isHidden()
    assert not row.other_button.isHidden()
    assert facts(window)[0] == "It is not here."


def test_a_message_can_be_dismissed_while_there_is_one(window: Window, worker: FakeWorker) -> None:
    window.open([])
    worker.fail()
    dismiss = window.binder.actions.by_id["dismiss"]
    while window.frame.messages.messages:
        assert dismiss.isEnabled()
        window.frame.messages.row().close_button.click()
    assert not dismiss.isEnabled()


def test_the_releases_are_a_click_from_a_failed_fetch(window: Window, worker: FakeWorker) -> None:
    window.open([])
    worker.fail(error=ReleaseMissingError("It could not be fetched.", "Go online."))
    window.frame.messages.row().other_button.click()
    shown = [type(each).__name__ for each in QApplication.topLevelWidgets() if each.isVisible()]
    assert "ReleasesDialog" in shown


def test_a_folder_shows_its_place_and_is_walked_with_buttons(
    window: Window, worker: FakeWorker, qtbot: QtBot, tmp_path: Path
) -> None:
    open_paths(qtbot, window, folder_of(tmp_path, "walk", 3))
    worker.answer()
    assert place(window) == "1 of 3"
    window.frame.panel.next_button.click()
    window.frame.panel.next_button.click()
    worker.answer()
    assert place(window) == "3 of 3"
    assert worker.requests[-1].picture.name == "walk2.png"
    window.frame.panel.previous_button.click()
    worker.fail()
    assert place(window) == "3 of 3", "a broken picture is passed over, and not shown as the place"
    window.frame.panel.previous_button.click()
    assert worker.requests[-1].picture.name == "walk0.png"
    alone = folder_of(tmp_path, "alone", 1)
    open_paths(qtbot, window, alone)
    assert place(window) is None


def test_the_offer_of_a_sweep_goes_with_its_folder(
    window: Window, worker: FakeWorker, qtbot: QtBot, tmp_path: Path
) -> None:
    many = folder_of(tmp_path, "many", MANY_PICTURES)
    single = folder_of(tmp_path, "single", 1)
    open_paths(qtbot, window, many)
    assert window.frame.messages.messages[0].action == SWEEP_ALL
    window.binder.deeds.walk(1)
    qtbot.waitUntil(lambda: not window.binder.jobs.busy)
    assert window.frame.messages.messages[0].action == SWEEP_ALL
    open_paths(qtbot, window, f"{single}/single0.png")
    assert not any("many has" in fact for fact in facts(window))
    assert "starter pair" in facts(window)[0]


def test_the_offer_says_where_a_folder_has_more_than_is_walked(
    window: Window, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inspector.gui.folder_walk.MOST_BELOW", MANY_PICTURES)
    folder_of(tmp_path, "big", 0)
    folder_of(tmp_path / "big", "below", MANY_PICTURES + 1)
    open_paths(qtbot, window, str(tmp_path / "big"))
    assert facts(window)[0].startswith(f"big has more than {MANY_PICTURES} pictures.")


def test_a_closed_window_waits_for_no_walk_below_a_folder(
    window: Window, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[bool] = []

    def slow(_: object, unwanted: threading.Event) -> Walk:
        ended.append(unwanted.wait(5))
        return Walk()

    monkeypatch.setattr("inspector.gui.opener.walk_of", slow)
    window.binder.opener.open_paths((str(tmp_path),))
    window.frame.close()
    assert ended == [True]


def test_a_message_of_the_status_line_can_be_read(window: Window, worker: FakeWorker) -> None:
    window.open([])
    worker.answer()
    status, copy = window.frame.status, window.binder.actions.by_id["copy_markdown"]
    for width, timings_shown in ((1600, True), (900, False)):
        status.clearMessage()
        window.frame.resize(width, 700)
        assert not status.timings.isHidden()
        copy.trigger()
        QApplication.processEvents()
        label = status._message
        assert "Markdown" in label.text()
        assert label.fontMetrics().horizontalAdvance(label.text()) <= label.contentsRect().width()
        assert label.visibleRegion().boundingRect().width() == label.width()
        assert status.timings.isHidden() is not timings_shown


def drag_over(window: Window, *paths: str) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(path) for path in paths])
    where, copy = QPoint(600, 400), Qt.DropAction.CopyAction
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window.frame, QDragEnterEvent(where, copy, mime, buttons, keys))
    return mime


@pytest.mark.parametrize(
    ("paths", "text"),
    [
        (("/photos/owl.jpg",), "Drop to compare"),
        (("/photos/a.jpg", "/photos/b.jpg"), "Drop to compare the first of 2"),
        (("/pairs/mine.toml",), "Drop to use this pair"),
        (("/runs/night.sqlite",), "Drop to open this run"),
        (("/photos/all.zip",), "Drop to sweep this archive"),
    ],
)
def test_a_drag_over_the_window_is_shown_until_it_leaves(
    window: Window, paths: tuple[str, ...], text: str
) -> None:
    frame = window.frame.drop_frame
    mime = drag_over(window, *paths)
    assert frame.isVisible()
    assert frame.text == text
    assert frame.geometry() == window.frame.rect()
    QApplication.sendEvent(window.frame, QDragLeaveEvent())
    assert frame.isHidden()
    mime.clear()


def test_a_drop_takes_the_frame_away(window: Window, worker: FakeWorker) -> None:
    drag_over(window, "/photos/owl.jpg")
    mime = QMimeData()
    mime.setText("no path")
    where, keys = QPoint(600, 400), Qt.KeyboardModifier.NoModifier
    drop = QDropEvent(where, Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, keys)
    window.frame.dropEvent(drop)
    assert window.frame.drop_frame.isHidden()


def test_tab_goes_through_the_window_as_one_reads_it(
    window: Window, worker: FakeWorker, qtbot: QtBot
) -> None:
    window.open([])
    worker.answer()
    worker.explain()
    frame = window.frame
    qtbot.waitUntil(lambda: all(slot.wanted for slot in frame.plots.slots.values()))
    frame.panel.view.setFocus()
    seen = [QApplication.focusWidget()]
    while len(seen) < 200:
        qtbot.keyClick(seen[-1], Qt.Key.Key_Tab)
        if QApplication.focusWidget() is seen[0]:
            break
        seen.append(QApplication.focusWidget())
    parts = (frame.toolbar, frame.panel, frame.banner, frame.plots, frame.stages)
    first = [next(i for i, each in enumerate(seen) if part.isAncestorOf(each)) for part in parts]
    panel, banner, plots, stages, toolbar = first[1], *first[2:5], first[0]
    assert panel < banner < plots < stages < toolbar
    tab_bar = seen.index(frame.plots.tabs.tabBar())
    content = [
        i for i, each in enumerate(seen) if frame.plots.slots["histogram"].isAncestorOf(each)
    ]
    assert tab_bar < min(content)
    qtbot.keyClick(seen[0], Qt.Key.Key_Backtab)
    assert isinstance(QApplication.focusWidget(), QTabBar)


def test_everything_that_tab_reaches_has_a_name(
    window: Window, worker: FakeWorker, qtbot: QtBot
) -> None:
    window.open([])
    worker.answer()
    worker.explain()
    frame = window.frame
    qtbot.waitUntil(lambda: all(slot.wanted for slot in frame.plots.slots.values()))
    for tab in range(frame.plots.tabs.count()):
        frame.plots.tabs.setCurrentIndex(tab)
        qtbot.waitUntil(lambda: frame.plots.causes.is_filled or not frame.plots.causes.isVisible())
        for stop in tab_stops([frame]):
            name = stop.accessibleName()
            assert name or (isinstance(stop, QAbstractButton) and stop.text()), stop
    inside = [stop for stop in tab_stops([frame]) if frame.stages.isAncestorOf(stop)]
    assert inside
    assert not any(isinstance(stop, QScrollArea) for stop in inside), "it is no stop of its own"


def test_the_findings_are_shown_from_their_beginning(
    window: Window, worker: FakeWorker, qtbot: QtBot
) -> None:
    window.open([])
    worker.answer()
    worker.explain()
    causes = window.frame.plots.causes
    window.binder.deeds.show_plot_tab(CAUSES_TAB)
    qtbot.waitUntil(lambda: causes.is_filled)
    bar = causes._scroll.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    window.binder.deeds.show_plot_tab(0)
    window.frame.banner.causes_button.click()
    assert window.frame.plots.tabs.currentIndex() == CAUSES_TAB
    assert bar.value() == 0


def test_the_mode_of_the_pair_is_ticked_and_undo_names_it(
    window: Window, worker: FakeWorker
) -> None:
    window.open([])
    by_id = window.binder.actions.by_id
    assert by_id["pair_mode_own"].isChecked()
    by_id["pair_mode_swapped"].trigger()
    assert by_id["pair_mode_swapped"].isChecked()
    assert not by_id["pair_mode_own"].isChecked()
    assert by_id["undo"].text() == "Undo mode of both sides"
    window.binder.deeds.set_mode(Side.LEFT, "bgr")
    assert not any(by_id[f"pair_mode_{name}"].isChecked() for name in ("own", "swapped"))
    by_id["undo"].trigger()
    assert by_id["pair_mode_swapped"].isChecked()
    assert by_id["redo"].text() == "Redo left mode"


def test_an_elided_stage_says_all_of_it_in_its_tooltip(window: Window) -> None:
    control = window.frame.stages.control(Side.RIGHT, "decode.decoder")
    assert "tf.image.decode_jpeg" in control.box.toolTip()  # type: ignore[attr-defined]
