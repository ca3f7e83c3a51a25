"""The whole window with a worker that answers when the test says so."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent, QGuiApplication, QImage

from inspector.core.catalogue import STARTER, default_pair, find_pair, shipped_pairs
from inspector.core.errors import ReleaseMissingError
from inspector.core.pairs import Side
from inspector.core.picture import PictureInfo, PictureSource
from inspector.core.preprocessing import ScaleRule
from inspector.core.scores import OutputSwitches
from inspector.gui.causes.proposals_section import ProposalsSection
from inspector.gui.key_guard import KeyGuard
from inspector.gui.picture_panel import Tab
from inspector.gui.settings import Settings
from inspector.gui.start import pair_to_use
from inspector.gui.window import Window
from inspector.session import CUSTOM
from tests.gui.fakes import FakeWorker
from tests.support.results import make_result
from tests.support.verdicts import below_headline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication, QPushButton
    from pytestqt.qtbot import QtBot


@pytest.fixture(autouse=True)
def empty_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path / "hub"))


@pytest.fixture
def store(tmp_path: Path) -> Settings:
    return Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def worker() -> FakeWorker:
    return FakeWorker()


@pytest.fixture
def window(
    qtbot: QtBot, qapp: QApplication, store: Settings, worker: FakeWorker
) -> Iterator[Window]:
    made = Window(qapp, worker, store, default_pair())
    qtbot.addWidget(made.frame)
    guard = KeyGuard(qapp)
    with qtbot.waitSignal(made.binder.plots_built, timeout=20000):
        made.frame.show()
    made.frame.activateWindow()
    qtbot.waitUntil(made.frame.isActiveWindow)
    yield made
    made.frame.close()
    qapp.removeEventFilter(guard)


@pytest.fixture
def photos(tmp_path: Path) -> list[str]:
    folder = tmp_path / "photos"
    folder.mkdir()
    paths = []
    for name in ("img1.png", "img2.png", "img10.png"):
        image = QImage(8, 6, QImage.Format.Format_RGB32)
        image.fill(QColor("green"))
        assert image.save(str(folder / name))
        paths.append(str(folder / name))
    return paths


def drop(window: Window, mime: QMimeData) -> None:
    event = QDropEvent(
        QPointF(10, 10),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.frame.dropEvent(event)


def of_files(*paths: str) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(path) for path in paths])
    return mime


def settle(qtbot: QtBot, window: Window) -> None:
    qtbot.waitUntil(lambda: not window.binder.jobs.busy)


def names(worker: FakeWorker) -> list[str]:
    return [request.picture.name for request in worker.requests]


def facts(window: Window) -> list[str]:
    return [message.fact for message in window.frame.messages.messages]


def test_without_a_picture_the_sample_is_compared_at_once(
    window: Window, worker: FakeWorker
) -> None:
    window.open([])
    assert names(worker) == ["golf_ball.jpg"]
    assert not window.frame.panel.view.image.isNull()
    assert window.frame.panel.hint_shown


def test_the_result_is_drawn_everywhere(window: Window, worker: FakeWorker, qtbot: QtBot) -> None:
    window.open([])
    result = worker.answer()
    assert window.frame.banner.text == below_headline(result.verdict, finding_out=True)
    assert window.frame.banner.look == "warning"
    assert "total 38" in window.frame.status_texts[1]
    qtbot.waitUntil(lambda: all(view.isVisible() for view in _shown_views(window)))
    assert all(view.result is result for view in _shown_views(window))


def _shown_views(window: Window) -> list[object]:
    views = window.frame.plots.views
    return [views["top"], views["histogram"], views["details"]]


def test_selecting_a_class_marks_it_in_every_view(window: Window, worker: FakeWorker) -> None:
    window.open([])
    worker.answer()
    views = window.frame.plots.views
    views["top"].class_selected.emit(3)
    marked = {name: view.selected_class for name, view in views.items() if name != "search"}
    assert set(marked.values()) == {3}


def test_a_dropped_file_is_compared_and_its_folder_is_walked(
    window: Window, worker: FakeWorker, qtbot: QtBot, photos: list[str]
) -> None:
    drop(window, of_files(photos[1]))
    settle(qtbot, window)
    worker.answer()
    assert not window.frame.panel.hint_shown
    qtbot.keyClick(window.frame.panel.view, Qt.Key.Key_Right)
    qtbot.keyClick(window.frame.panel.view, Qt.Key.Key_Right)
    qtbot.keyClick(window.frame.panel.view, Qt.Key.Key_Left)
    assert names(worker) == ["img2.png", "img10.png", "img1.png", "img10.png"]
    settle(qtbot, window)


def test_several_dropped_files_become_the_walk(
    window: Window, worker: FakeWorker, qtbot: QtBot, photos: list[str]
) -> None:
    drop(window, of_files(photos[2], photos[0]))
    settle(qtbot, window)
    window.binder.deeds.walk(1)
    settle(qtbot, window)
    assert names(worker) == ["img10.png", "img1.png"]


def test_a_dropped_folder_starts_with_its_first_picture(
    window: Window, worker: FakeWorker, qtbot: QtBot, photos: list[str], tmp_path: Path
) -> None:
    drop(window, of_files(str(tmp_path / "photos")))
    settle(qtbot, window)
    assert names(worker) == ["img1.png"]
    assert len(window.binder.opener.walk) == len(photos)


def test_a_folder_without_pictures_is_told(
    window: Window, worker: FakeWorker, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    drop(window, of_files(str(tmp_path / "empty")))
    settle(qtbot, window)
    assert "no pictures in it" in facts(window)[0]
    assert worker.requests == []


def test_the_newest_of_two_drops_wins(
    window: Window, worker: FakeWorker, qtbot: QtBot, photos: list[str]
) -> None:
    drop(window, of_files(photos[0], photos[1]))
    drop(window, of_files(photos[2]))
    settle(qtbot, window)
    assert names(worker) == ["img10.png"]


def test_a_dropped_image_is_encoded_and_compared(
    window: Window, worker: FakeWorker, qtbot: QtBot
) -> None:
    image = QImage(5, 4, QImage.Format.Format_RGB32)
    image.fill(QColor(10, 200, 30))
    mime = QMimeData()
    mime.setImageData(image)
    mime.setUrls([QUrl("https://example.org/cat.png")])
    drop(window, mime)
    settle(qtbot, window)
    data = worker.requests[0].picture.data
    assert data is not None
    again = QImage.fromData(data)
    assert (again.width(), again.height(), again.pixelColor(2, 2)) == (5, 4, QColor(10, 200, 30))


def test_an_address_alone_is_told(window: Window, worker: FakeWorker) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/cat.png")])
    drop(window, mime)
    assert "does not fetch" in facts(window)[0]
    assert worker.requests == []


def test_paste_of_a_path(
    window: Window, worker: FakeWorker, qtbot: QtBot, photos: list[str]
) -> None:
    QGuiApplication.clipboard().setText(photos[0])
    qtbot.keyClick(window.frame.panel.view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, window)
    assert names(worker) == ["img1.png"]


def test_a_failure_stays_on_screen_with_the_last_result(
    window: Window, worker: FakeWorker, qtbot: QtBot, photos: list[str]
) -> None:
    window.open([])
    good = worker.answer()
    drop(window, of_files(photos[0]))
    settle(qtbot, window)
    worker.fail()
    assert facts(window)[0] == "The picture is broken."
    assert window.frame.banner.text.startswith(below_headline(good.verdict))
    assert window.controller.session.picture is not None
    assert window.controller.session.picture.name == "golf_ball.jpg"
    window.controller.rerun()
    worker.answer()
    assert facts(window)[0] == "The picture is broken."


def test_a_first_failure_is_said_in_the_banner(window: Window, worker: FakeWorker) -> None:
    window.open([])
    worker.fail()
    assert window.frame.banner.headline == "Nothing has been compared yet"


def test_space_flips_left_and_right(window: Window, worker: FakeWorker, qtbot: QtBot) -> None:
    window.open([])
    worker.answer()
    seen = []
    for _ in range(3):
        qtbot.keyClick(window.frame.panel.view, Qt.Key.Key_Space)
        seen.append(window.frame.panel.tab)
    assert seen == [Tab.LEFT, Tab.RIGHT, Tab.LEFT]


def test_space_presses_a_focused_button_instead(
    window: Window, worker: FakeWorker, qtbot: QtBot
) -> None:
    window.open([])
    worker.answer(result=make_result(pair=default_pair(), right_output=OutputSwitches(False)))
    button: QPushButton = window.frame.banner.causes_button
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert window.frame.panel.tab is Tab.PICTURE
    assert window.frame.plots.tabs.currentIndex() == 3
    assert len(window.frame.plots.causes.cards) == 1


def test_stages_run_again_and_can_be_undone(window: Window, worker: FakeWorker) -> None:
    window.open([])
    worker.answer()
    control = window.frame.stages.control(Side.LEFT, "scale")
    control.choose(ScaleRule.HALF)  # type: ignore[attr-defined]
    assert worker.requests[-1].left.mode == CUSTOM
    assert worker.requests[-1].left.preprocessing.scale is ScaleRule.HALF
    assert window.frame.stages.mode_box(Side.LEFT).mode == CUSTOM
    window.binder.actions.by_id["undo"].trigger()
    assert worker.requests[-1].left.mode == "keras"
    assert window.frame.stages.mode_box(Side.LEFT).mode == "own"


def test_exif_switch_shows_only_for_a_turned_picture(window: Window, worker: FakeWorker) -> None:
    window.open([])
    worker.answer()
    panel = window.frame.panel
    assert panel.exif_switch.isHidden()
    turned = make_result(pair=default_pair())
    turned = replace(turned, picture=replace(turned.picture, exif_orientation=6))
    window.controller.rerun()
    worker.answer(result=turned)
    assert not panel.exif_switch.isHidden()
    assert "EXIF orientation 6" in panel.badges.text()
    wide = panel.view.image.size()
    panel.exif_switch.click()
    assert worker.requests[-1].left.preprocessing.orient == "exif"
    assert panel.view.image.size() == wide.transposed()


def test_progress_shows_after_a_while_and_can_be_cancelled(
    window: Window, worker: FakeWorker, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(window.frame.progress.visibility_changed):
        window.open([])
    assert window.frame.progress.isVisible()
    window.frame.progress.cancel_button.click()
    assert worker.cancels == 1
    assert not window.frame.progress.isVisible()


def test_the_starter_pair_says_so_and_offers_the_published_one(
    window: Window, worker: FakeWorker
) -> None:
    assert window.controller.session.pair.id == STARTER
    assert "starter pair" in facts(window)[0]
    window.open([])
    window.frame.messages.row().button.click()
    assert worker.requests[-1].pair.id != STARTER
    assert facts(window) == []


def test_a_pair_that_failed_is_not_kept_and_is_offered_again(
    window: Window, worker: FakeWorker, store: Settings
) -> None:
    window.open([])
    worker.answer()
    window.frame.messages.row().button.click()
    worker.fail(error=ReleaseMissingError("It could not be fetched.", "Go online."))
    assert store.pair == ""
    assert window.controller.session.pair.id == STARTER
    assert any("starter pair" in fact for fact in facts(window))
    assert "It could not be fetched." in facts(window)


def test_good_pictures_are_remembered_but_not_samples(
    window: Window, worker: FakeWorker, qtbot: QtBot, photos: list[str], store: Settings
) -> None:
    window.open([])
    worker.answer()
    assert store.recent == ()
    drop(window, of_files(photos[0]))
    settle(qtbot, window)
    made = make_result(pair=default_pair())
    worker.answer(result=replace(made, picture=replace(made.picture, path=photos[0])))
    assert store.recent == (photos[0],)


def test_modes_and_layout_survive_a_restart(
    window: Window, worker: FakeWorker, store: Settings, qtbot: QtBot, qapp: QApplication
) -> None:
    window.open([])
    window.binder.deeds.set_pair_mode("swapped")
    window.binder.deeds.choose_pair(find_pair(shipped_pairs(), STARTER))
    worker.answer()
    window.binder.deeds.change_top(3)
    window.frame.stages_dock.hide()
    window.frame.close()
    pair, note = pair_to_use(None, store)
    assert (pair.id, note) == (STARTER, "")
    again = Window(qapp, FakeWorker(), store, pair)
    qtbot.addWidget(again.frame)
    assert again.controller.session.choices.left.mode == "hub"
    assert again.frame.stages_dock.isHidden()
    assert store.top == 8
    again.frame.close()


def test_a_stored_pair_that_is_gone_is_told(store: Settings) -> None:
    store.pair = "/nowhere/pair.toml"
    pair, note = pair_to_use(None, store)
    assert pair == default_pair()
    assert "cannot be used" in note
    assert store.pair == ""


def test_colours_can_be_chosen(window: Window) -> None:
    window.binder.deeds.set_scheme("dark")
    assert window.scheme.palette.name == "dark"
    assert window.binder.actions.by_id["scheme_dark"].isChecked()
    window.binder.deeds.set_scheme("light")
    assert window.scheme.palette.name == "light"


def test_every_control_has_an_accessible_name(window: Window) -> None:
    from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QTabBar

    unnamed = [
        widget
        for kind in (QComboBox, QAbstractSpinBox, QTabBar)
        for widget in window.frame.findChildren(kind)
        if not (widget.accessibleName() or widget.parentWidget().accessibleName())
    ]
    assert unnamed == []


def test_the_window_fits_its_least_size(window: Window) -> None:
    window.frame.resize(900, 600)
    assert window.frame.minimumSizeHint().width() <= 900
    assert window.frame.minimumSizeHint().height() <= 600


def test_pictures_of_the_command_line_become_the_walk(
    window: Window, worker: FakeWorker, qtbot: QtBot, photos: list[str]
) -> None:
    window.open([PictureSource.from_path(path) for path in photos[:2]])
    settle(qtbot, window)
    assert names(worker) == ["img1.png"]
    assert len(window.binder.opener.walk) == 2


def test_dragging_the_banner_prepares_the_figure(
    window: Window, worker: FakeWorker, qtbot: QtBot
) -> None:
    window.open([])
    worker.answer()
    with qtbot.waitSignal(window.frame.banner.drag_pressed):
        qtbot.mousePress(window.frame.banner, Qt.MouseButton.LeftButton, pos=QPoint(200, 8))
    settle(qtbot, window)
    qtbot.mouseRelease(window.frame.banner, Qt.MouseButton.LeftButton, pos=QPoint(200, 8))


def test_the_causes_reach_banner_and_tabs(window: Window, worker: FakeWorker, qtbot: QtBot) -> None:
    plots = window.frame.plots
    window.open([])
    worker.answer()
    explanation = worker.explain()
    assert window.frame.banner.text == below_headline(explanation.verdict)
    assert plots.tabs.tabText(3) == f"Causes ({len(explanation.findings)})"
    window.binder.actions.by_id["plot_tab_3"].trigger()
    qtbot.waitUntil(lambda: plots.causes.is_filled)
    assert len(plots.causes.cards) == len(explanation.findings)
    window.binder.actions.by_id["plot_tab_4"].trigger()
    assert explanation.audit is not None
    assert plots.weights.summary == explanation.audit.text
    window.controller.rerun()
    result = worker.answer()
    assert window.frame.banner.text == below_headline(result.verdict)


def test_a_proposal_is_applied_in_one_step(
    window: Window, worker: FakeWorker, qtbot: QtBot
) -> None:
    window.open([])
    worker.answer()
    explanation = worker.explain()
    window.binder.deeds.show_plot_tab(3)
    causes = window.frame.plots.causes
    qtbot.waitUntil(lambda: causes.is_filled)
    section = causes.section("proposals")
    assert isinstance(section, ProposalsSection)
    row = next(r for r in section.rows if r.proposal.changes[0].side is Side.RIGHT)
    before = worker.requests[-1]
    row.button.click()
    after = worker.requests[-1]
    assert after.generation > before.generation
    assert after.left == before.left
    stages = after.right.preprocessing
    assert stages.resize == explanation.result.left.settings.preprocessing.resize
    assert stages.scale == before.right.preprocessing.scale
    window.binder.actions.by_id["undo"].trigger()
    assert worker.requests[-1].right == before.right
    assert window.controller.session.undo_goal is None


def test_causes_that_cannot_be_measured_are_told_in_their_tab_alone(
    window: Window, worker: FakeWorker, qtbot: QtBot
) -> None:
    window.open([])
    result = worker.answer()
    told = facts(window)
    window.binder.deeds.show_plot_tab(3)
    error = worker.fail_explaining()
    assert facts(window) == told
    assert window.frame.banner.text == below_headline(result.verdict)
    assert error.message in window.frame.plots.causes.state.text
    window.frame.plots.causes.state.again_button.click()
    assert len(worker.explains) == 2


def test_the_causes_are_marked_while_they_are_out_of_date(
    window: Window, worker: FakeWorker, qtbot: QtBot
) -> None:
    causes = window.frame.plots.causes
    window.open([])
    worker.answer()
    worker.explain()
    assert not causes.is_stale
    window.controller.set_mode(Side.LEFT, "bgr")
    qtbot.waitUntil(lambda: causes.is_stale)
    worker.answer()
    assert causes.is_stale
    worker.explain()
    assert not causes.is_stale


def test_measuring_the_causes_does_not_look_like_comparing(
    window: Window, worker: FakeWorker
) -> None:
    window.open([])
    worker.answer()
    assert not window.controller.is_busy
    assert window.frame.progress.isHidden()
    assert not window.binder.actions.by_id["cancel"].isEnabled()
    assert window.frame.plots.causes.state.is_moving


@pytest.mark.parametrize(
    ("command", "parts", "told"),
    [
        ("copy_python_both", ("left = ", "right = "), "both sides"),
        ("copy_python_left", ("left = ",), "the left side"),
        ("copy_python_right", ("right = ",), "the right side"),
        ("copy_markdown", ("## Explanation", "- Exchanging the input"), "with its causes"),
    ],
)
def test_copies_are_on_the_clipboard(
    window: Window, worker: FakeWorker, command: str, parts: tuple[str, ...], told: str
) -> None:
    window.open([])
    worker.answer()
    worker.explain()
    window.binder.actions.by_id[command].trigger()
    text = QGuiApplication.clipboard().text()
    assert all(part in text for part in parts)
    assert told in window.frame.statusBar().currentMessage()
    if command == "copy_python_left":
        assert "right = " not in text
    if command.startswith("copy_python"):
        compile(text, "copied", "exec")


def test_markdown_without_causes_says_so(window: Window, worker: FakeWorker) -> None:
    window.open([])
    result = worker.answer()
    window.binder.actions.by_id["copy_markdown"].trigger()
    assert "## Explanation" not in QGuiApplication.clipboard().text()
    assert result.picture.name in QGuiApplication.clipboard().text()
    assert "not measured" in window.frame.statusBar().currentMessage()


def test_a_dropped_data_address_is_compared(
    window: Window, worker: FakeWorker, qtbot: QtBot, photos: list[str]
) -> None:
    data = Path(photos[0]).read_bytes()
    mime = QMimeData()
    mime.setUrls([QUrl(f"data:image/png;base64,{b64encode(data).decode()}")])
    drop(window, mime)
    settle(qtbot, window)
    assert worker.requests[-1].picture.data == data
    assert names(worker) == ["pasted image.png"]


def test_a_pasted_picture_can_be_saved_and_named_in_a_script(
    window: Window, worker: FakeWorker, qtbot: QtBot, photos: list[str], tmp_path: Path
) -> None:
    save = window.binder.actions.by_id["save_picture"]
    window.open([])
    worker.answer()
    assert not save.isEnabled()
    data = Path(photos[0]).read_bytes()
    window.binder.opener.open_data(data, "pasted image")
    settle(qtbot, window)
    info = PictureInfo("pasted image", None, "", "PNG", 8, 6, "RGB", 1, 1, False)
    worker.answer(result=make_result(pair=default_pair(), picture=info))
    assert save.isEnabled()
    window.binder.actions.by_id["copy_python_both"].trigger()
    script = QGuiApplication.clipboard().text()
    assert 'PATH = "pasted image.png"' in script.replace("'", '"')
    assert "save the picture" in window.frame.statusBar().currentMessage()
    assert "pasted image.png" in window.frame.statusBar().currentMessage()
    save.trigger()
    dialog = window.binder.exporter.dialog
    assert dialog is not None
    assert dialog.selectedFiles()[0].endswith("pasted image.png")
    target = tmp_path / "kept.png"
    with qtbot.waitSignal(window.binder.exporter.written):
        dialog.fileSelected.emit(str(target))
    dialog.reject()
    assert target.read_bytes() == data


def test_the_difference_says_that_the_scaling_differs_too(
    window: Window, worker: FakeWorker
) -> None:
    window.open([])
    right = make_result(pair=default_pair())
    stages = replace(right.right.settings.preprocessing, scale=ScaleRule.RAW)
    wrong = replace(
        right.right,
        settings=replace(right.right.settings, preprocessing=stages),
        model_input=right.right.model_input * 255,
    )
    worker.answer(result=replace(right, right=wrong))
    window.binder.deeds.show_picture_tab(Tab.DIFFERENCE)
    assert "max 5.1" in window.frame.panel.caption
    assert "scaling" in window.frame.panel.caption
    worker.answer(result=right)
    assert "scaling" not in window.frame.panel.caption
