"""The window of a sweep, on made-up runs and with a stand-in for the command."""

from __future__ import annotations

import os
import sys
import textwrap
import time
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from inspector.core.errors import Cancelled, EngineError
from inspector.core.palette import DARK, LIGHT
from inspector.gui.sweep.exports import EXPORTS
from inspector.gui.sweep.run_view import RunView
from inspector.gui.sweep.runner import SweepRunner, SweepWish
from inspector.gui.sweep.window import SweepWindow, about_text
from inspector.gui.theme import apply_palette
from inspector.sweep.compare_runs import ChangeKind
from inspector.sweep.filters import RowFilter, RowKind
from inspector.sweep.run_file import RunFile
from inspector.sweep.statistics import measure_run
from tests.sweep.made_up import make_info, make_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from inspector.sweep.rows import RunInfo
    from inspector.sweep.statistics import RunStatistics

WAIT_MS = 20_000
COUNT = 3000


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_run(tmp_path_factory.mktemp("run") / "made.sqlite", COUNT)


@pytest.fixture(scope="module")
def statistics(run: Path) -> RunStatistics:
    with RunFile.open(run) as opened:
        return measure_run(opened)


@pytest.fixture
def show(qtbot: QtBot) -> Iterator[Callable[..., SweepWindow]]:
    made: list[SweepWindow] = []

    def show_one(path: Path, wish: SweepWish | None = None, script: str = "") -> SweepWindow:
        runner = SweepRunner([sys.executable, "-c", textwrap.dedent(script)]) if script else None
        window = SweepWindow(path, LIGHT, wish, runner)
        made.append(window)
        window.show()
        return window

    yield show_one
    for window in made:
        window.close()
        window.deleteLater()


def opened(window: SweepWindow, qtbot: QtBot) -> RunView:
    qtbot.waitUntil(lambda: window.view is not None, timeout=WAIT_MS)
    assert window.view is not None
    return window.view


def ready(window: SweepWindow, qtbot: QtBot, count: int = COUNT) -> RunView:
    view = opened(window, qtbot)
    qtbot.waitUntil(lambda: view.model.rowCount() == count, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "%" in window.summary.answer.text(), timeout=WAIT_MS)
    return view


def test_a_run_is_shown(
    show: Callable[..., SweepWindow], run: Path, statistics: RunStatistics, qtbot: QtBot
) -> None:
    window = show(run)
    ready(window, qtbot)
    rate = statistics.agreement.strict.rate
    assert rate is not None
    assert f"{100 * rate:.2f} %" in window.summary.answer.text()
    assert f"{statistics.agreement.real:,} real disagreement" in window.summary.detail.text()
    qtbot.waitUntil(lambda: "finished" in window.summary.progress_text.text(), timeout=WAIT_MS)
    for button in ("pause", "resume", "cancel"):
        assert getattr(window.summary, button).isHidden()


def test_a_class_filters_the_table(
    show: Callable[..., SweepWindow], run: Path, statistics: RunStatistics, qtbot: QtBot
) -> None:
    view = ready(show(run), qtbot)
    cell = statistics.confusion[0]
    view.filters.set_filter(
        RowFilter(kind=RowKind.ANSWERED, left_class=cell.left, right_class=cell.right)
    )
    qtbot.waitUntil(lambda: view.model.rowCount() == cell.count, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: view.model.row(0) is not None, timeout=WAIT_MS)
    row = view.model.row(0)
    assert row is not None
    assert row.left is not None
    assert row.left.top[0] == cell.left
    assert not view.filters.chip.isHidden()
    view.filters.chip.click()
    qtbot.waitUntil(lambda: view.model.rowCount() > cell.count, timeout=WAIT_MS)


def test_a_cell_of_the_confusion_chooses_its_pictures(
    show: Callable[..., SweepWindow], run: Path, statistics: RunStatistics, qtbot: QtBot
) -> None:
    view = ready(show(run), qtbot)
    view.plots.setCurrentIndex(1)
    confusion = view.views[1]
    cell = statistics.confusion[0]
    with qtbot.waitSignal(confusion.filter_wanted) as caught:
        row = confusion._rows.index(cell.left)
        column = confusion._columns.index(cell.right)
        assert confusion.table.item(row, column).text() == f"{cell.count:,}"
        confusion.table.cellClicked.emit(row, column)
    assert caught.args[0].left_class is not None


def test_worst_first(show: Callable[..., SweepWindow], run: Path, qtbot: QtBot) -> None:
    view = ready(show(run), qtbot)
    view.filters.worst_wanted.emit("max_abs_difference")
    with RunFile.open(run) as opened_run:
        from inspector.sweep.query import RunTable

        worst = RunTable(opened_run).worst(limit=1)[0]
    qtbot.waitUntil(
        lambda: (row := view.model.row(0)) is not None and row.item == worst.item, timeout=WAIT_MS
    )


def test_a_row_is_compared(show: Callable[..., SweepWindow], run: Path, qtbot: QtBot) -> None:
    window = show(run)
    view = ready(window, qtbot)
    qtbot.waitUntil(lambda: view.model.row(3) is not None, timeout=WAIT_MS)
    with qtbot.waitSignal(window.compare_wanted) as caught:
        view.table.doubleClicked.emit(view.model.index(3, 0))
    info, row = caught.args
    assert info.pair_id == "mobilenet_v2"
    assert row.item.number == 3


@pytest.mark.parametrize("export", EXPORTS, ids=[export.suffix for export in EXPORTS])
def test_it_is_saved(
    show: Callable[..., SweepWindow], run: Path, tmp_path: Path, qtbot: QtBot, export: object
) -> None:
    window = show(run)
    opened(window, qtbot)
    target = tmp_path / f"saved{export.suffix}"  # type: ignore[attr-defined]
    window.save(export, target)  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: "Saved" in window.statusBar().currentMessage(), timeout=WAIT_MS)
    assert target.stat().st_size > 1000


def test_two_runs_are_compared(
    show: Callable[..., SweepWindow], run: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    earlier = make_run(tmp_path / "earlier.sqlite", COUNT, seed=5)
    window = show(run)
    opened(window, qtbot)
    window.compare_with(earlier)
    qtbot.waitUntil(lambda: window.changes is not None, timeout=WAIT_MS)
    dialog = window.changes
    assert dialog is not None
    assert "pictures in both runs" in dialog.text.text()
    assert "in the earlier run only" in dialog.text.text()
    first = dialog.tree.topLevelItem(0)
    assert first is not None
    assert first.text(1) == "New error"
    assert dialog.headline.text().startswith("Both name the same class on ")
    assert dialog.facts.isHidden()
    dialog.kinds.choose(ChangeKind.MENDED)
    kinds = {dialog.tree.topLevelItem(i).text(1) for i in range(dialog.tree.topLevelItemCount())}  # type: ignore[union-attr]
    assert kinds == {"Now agree"}
    dialog.kinds.choose("all")
    first = dialog.tree.topLevelItem(0)
    assert first is not None
    with qtbot.waitSignal(window.compare_wanted) as caught:
        dialog.tree.itemActivated.emit(first, 0)
    assert caught.args[1].error


def test_the_changes_follow_the_colours(
    show: Callable[..., SweepWindow], run: Path, qtbot: QtBot
) -> None:
    window = show(run)
    opened(window, qtbot)
    window.compare_with(run)
    qtbot.waitUntil(lambda: window.changes is not None, timeout=WAIT_MS)
    dialog = window.changes
    assert dialog is not None
    assert LIGHT.muted in dialog.text.styleSheet()
    window.set_palette_scheme(DARK)
    assert DARK.muted in dialog.text.styleSheet()
    dialog.reject()
    assert window.changes is None


def test_closing_ends_a_comparison_of_runs(
    show: Callable[..., SweepWindow],
    run: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, ended = Event(), Event()

    def compare(before: Path, after: Path, cancelled: Callable[[], bool]) -> None:
        begun.set()
        deadline = time.monotonic() + WAIT_MS / 1000
        while time.monotonic() < deadline:
            if cancelled():
                ended.set()
                raise Cancelled("the comparison")

    monkeypatch.setattr("inspector.gui.sweep.window.compare_runs", compare)
    window = show(run)
    opened(window, qtbot)
    window.compare_with(run)
    assert begun.wait(WAIT_MS / 1000)
    window.close()
    assert ended.is_set()
    QApplication.processEvents()
    assert window.changes is None
    assert window.messages.messages == ()


def test_changes_found_as_the_window_closes_are_not_shown(
    show: Callable[..., SweepWindow],
    run: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown: list[object] = []
    monkeypatch.setattr(SweepWindow, "_show_changes", lambda _, changes: shown.append(changes))
    window = show(run)
    opened(window, qtbot)
    window.compare_with(run)
    window.jobs._pool.waitForDone()
    window.close()
    QApplication.processEvents()
    assert shown == []


def test_a_command_that_fails_while_the_run_is_read_shows_it_once(
    show: Callable[..., SweepWindow],
    run: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    go_on = Event()

    def read(path: Path) -> RunInfo:
        assert go_on.wait(WAIT_MS / 1000)
        with RunFile.open(path) as opened_run:
            return opened_run.info

    monkeypatch.setattr("inspector.gui.sweep.window._read_info", read)
    window = show(run, SweepWish("/pictures", str(run), "starter"))
    window._begun = True
    window._try_open()
    window.runner.failed.emit(EngineError("The sweep ended unexpectedly.", "Resume it."))
    window.runner.ended.emit(False)
    assert window.dead_end.isHidden()
    go_on.set()
    opened(window, qtbot)
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=WAIT_MS)
    assert len(window.findChildren(RunView)) == 1
    assert [message.fact for message in window.messages.messages] == [
        "The sweep ended unexpectedly."
    ]


def test_what_was_being_done_is_not_told_after_it_failed(
    show: Callable[..., SweepWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    window = show(make_run(tmp_path / "run.sqlite", 50, info=make_info(truth="")))
    opened(window, qtbot)
    for count, ask in enumerate(
        (
            partial(window.give_truth, str(tmp_path / "none.csv")),
            partial(window.compare_with, tmp_path / "none.sqlite"),
        ),
        start=1,
    ):
        ask()
        assert window.statusBar().currentMessage()
        qtbot.waitUntil(lambda count=count: len(window.messages.messages) == count, timeout=WAIT_MS)
        assert window.statusBar().currentMessage() == ""


@pytest.mark.parametrize(
    ("mode", "title"), [("hub", "TF Hub"), ("custom", "Custom"), ("", "unknown")]
)
def test_modes_are_named_as_everywhere(mode: str, title: str) -> None:
    text = about_text(make_info(left_settings={"mode": mode}))
    assert f"Left: {title} · " in text


def test_what_cannot_be_saved_is_told(
    show: Callable[..., SweepWindow], run: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    window = show(run)
    opened(window, qtbot)
    window.save(EXPORTS[1], tmp_path / "none" / "x.csv")
    qtbot.waitUntil(lambda: bool(window.messages.messages), timeout=WAIT_MS)


def test_the_run_itself_is_never_written_over(
    show: Callable[..., SweepWindow], run: Path, qtbot: QtBot
) -> None:
    window = show(run)
    opened(window, qtbot)
    size = run.stat().st_size
    window.save(EXPORTS[1], run)
    assert "belongs to the run itself" in window.messages.messages[0].fact
    assert run.stat().st_size == size


def test_names_that_are_no_text_are_read_once(tmp_path: Path, qtbot: QtBot) -> None:
    from inspector.gui.sweep.thumbnails import Thumbnails
    from inspector.sweep.rows import SweepItem, SweepRow

    path = f"{tmp_path}/stray\udcff.png"
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(0)
    image.save(str(tmp_path / "plain.png"))
    os.rename(tmp_path / "plain.png", path)
    thumbnails = Thumbnails()
    row = SweepRow(SweepItem(0, path))
    with qtbot.waitSignal(thumbnails.ready, timeout=WAIT_MS):
        assert thumbnails.image(row) is None
    assert thumbnails.image(row) is not None
    thumbnails.close()


def test_a_file_that_is_no_run(
    show: Callable[..., SweepWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "x.sqlite").write_text("no run at all")
    window = show(tmp_path / "x.sqlite")
    qtbot.waitUntil(lambda: bool(window.messages.messages), timeout=WAIT_MS)
    assert window.view is None
    assert not window.dead_end.isHidden()
    assert window.dead_end.change.isHidden()


WRITES = """
import itertools, json, sys, time
from pathlib import Path
from inspector.sweep.run_file import RunFile
from tests.sweep.made_up import make_info, make_rows
rows = list(make_rows(600))
run = RunFile.create(Path(sys.argv[3]), make_info(), [row.item for row in rows])
def say():
    p = run.progress()
    print(json.dumps(dict(done=p.done, total=p.total, errors=p.errors, rate=p.rate,
        seconds_left=p.seconds_left, state=p.state, text="")), file=sys.stderr, flush=True)
run.set_state("running")
say()
run.add(rows[:300])
say()
word = sys.stdin.readline().strip()
run.set_state("paused"); say()
word = sys.stdin.readline().strip()
run.set_state("running"); say()
run.add(rows[300:])
run.set_state("finished"); say()
run.close()
"""


def test_a_run_that_is_being_made(
    show: Callable[..., SweepWindow], tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "new.sqlite"
    window = show(path, SweepWish("/pictures", str(path), "starter"), WRITES)
    assert not window.waiting.isHidden()
    window.begin()
    view = opened(window, qtbot)
    assert window.waiting.isHidden()
    qtbot.waitUntil(lambda: view.model.rowCount() == 300, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: not window.summary.pause.isHidden(), timeout=WAIT_MS)
    window.summary.pause.click()
    assert "pausing" in window.summary.progress_text.text()
    assert not window.summary.pause.isEnabled()
    qtbot.waitUntil(lambda: not window.summary.resume.isHidden(), timeout=WAIT_MS)
    assert "paused" in window.summary.progress_text.text()
    window.summary.resume.click()
    qtbot.waitUntil(lambda: view.model.rowCount() == 600, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "finished" in window.summary.progress_text.text(), timeout=WAIT_MS)


def test_a_command_that_fails_at_once_is_told(
    show: Callable[..., SweepWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "new.sqlite"
    script = """
    import sys
    print("Error: There are no pictures.", file=sys.stderr)
    print("       Name others.", file=sys.stderr)
    sys.exit(3)
    """
    window = show(path, SweepWish("/none", str(path), "starter"), script)
    window.begin()
    qtbot.waitUntil(lambda: bool(window.messages.messages), timeout=WAIT_MS)
    message = window.messages.messages[0]
    assert (message.fact, message.mend) == ("There are no pictures.", "Name others.")
    qtbot.waitUntil(lambda: not window.dead_end.isHidden(), timeout=WAIT_MS)
    for gone in (window.waiting, window.summary.bar, window.summary.cancel, window.export_button):
        assert gone.isHidden()
    assert window.summary.answer.text() == "The sweep did not begin"
    with qtbot.waitSignal(window.change_wanted):
        window.dead_end.change.click()
    with qtbot.waitSignal(window.closed):
        window.dead_end.close_button.click()


def _ground(button: QWidget) -> str:
    return button.palette().button().color().name()


def test_the_buttons_follow_the_colours(
    show: Callable[..., SweepWindow], run: Path, qtbot: QtBot, qapp: QApplication
) -> None:
    """A button with a style of its own would keep the colours it was made with."""
    window = show(run)
    ready(window, qtbot)
    buttons = (window.export_button, window.earlier_button, window.retry_button)
    try:
        apply_palette(qapp, DARK)
        window.set_palette_scheme(DARK)
        for button in buttons:
            colour = partial(_ground, button)
            qtbot.waitUntil(lambda colour=colour: colour() == DARK.window, timeout=WAIT_MS)
    finally:
        apply_palette(qapp, LIGHT)


def test_errors_can_be_tried_again(
    show: Callable[..., SweepWindow], run: Path, statistics: RunStatistics, qtbot: QtBot
) -> None:
    window = show(run, None, "import json, sys\nprint(json.dumps(sys.argv), file=sys.stderr)")
    ready(window, qtbot)
    button = window.retry_button
    qtbot.waitUntil(lambda: not button.isHidden(), timeout=WAIT_MS)
    assert button.text() == f"Try {statistics.errors} errors again"
    with qtbot.waitSignal(window.runner.told, timeout=WAIT_MS) as told:
        button.click()
    assert "--retry-errors" in told.args[0]


def test_true_classes_are_given_to_a_finished_run(
    show: Callable[..., SweepWindow], tmp_path: Path, qtbot: QtBot
) -> None:
    path = make_run(tmp_path / "run.sqlite", 200, info=make_info(truth=""))
    window = show(path)
    view = ready(window, qtbot, 200)
    qtbot.waitUntil(lambda: not view.calibration.give.isHidden(), timeout=WAIT_MS)
    folders = next(a for a in view.calibration.give.menu().actions() if "folder" in a.text())
    folders.trigger()
    qtbot.waitUntil(lambda: view.info.truth == "folders", timeout=WAIT_MS)
    assert "200 of 200" in window.statusBar().currentMessage()
    with RunFile.open(path) as opened_run:
        assert opened_run.info.truth == "folders"


def test_true_classes_of_its_own_are_not_asked_for(
    show: Callable[..., SweepWindow], run: Path, qtbot: QtBot
) -> None:
    window = show(run)
    view = ready(window, qtbot)
    qtbot.waitUntil(lambda: "finished" in window.summary.progress_text.text(), timeout=WAIT_MS)
    assert view.calibration.give.isHidden()


def test_the_colours_change(show: Callable[..., SweepWindow], run: Path, qtbot: QtBot) -> None:
    window = show(run)
    view = ready(window, qtbot)
    window.set_palette_scheme(DARK)
    for place in range(view.plots.count()):
        view.plots.setCurrentIndex(place)
    labels = [label for label in view.findChildren(QLabel) if DARK.muted in label.styleSheet()]
    assert labels
