"""The line of a run: what it comes to, how far it is, and what can be asked of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from inspector.gui.sweep.filter_bar import filter_text
from inspector.gui.sweep.summary import SummaryStrip, answer_text, progress_line, time_text
from inspector.sweep.filters import RowFilter
from inspector.sweep.rows import SweepProgress
from inspector.sweep.run_file import RunFile
from inspector.sweep.statistics import RunStatistics, measure_run
from tests.sweep.made_up import make_run

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture(scope="module")
def statistics(tmp_path_factory: pytest.TempPathFactory) -> RunStatistics:
    path: Path = make_run(tmp_path_factory.mktemp("run") / "made.sqlite", 500)
    with RunFile.open(path) as opened:
        return measure_run(opened)


def test_stopping_is_said_at_once_and_until_the_end(qtbot: QtBot) -> None:
    strip = SummaryStrip()
    qtbot.addWidget(strip)
    running = SweepProgress(5, 10, 0, None, None, "running")
    strip.set_progress(running, True, False)
    with qtbot.waitSignal(strip.cancel_wanted):
        strip.cancel.click()
    for state in ("running", "cancelled"):
        strip.set_progress(SweepProgress(6, 10, 0, None, None, state), True, False)
        assert "stopping" in strip.progress_text.text()
        assert not strip.cancel.isEnabled()
        assert not strip.pause.isEnabled()
    strip.set_progress(SweepProgress(6, 10, 0, None, None, "cancelled"), False, True)
    assert strip.progress_text.text() == "6 of 10 · stopped by you"
    assert not strip.resume.isHidden()
    assert strip.resume.isEnabled()


def test_texts(statistics: RunStatistics) -> None:
    answer, detail = answer_text(statistics)
    assert answer.startswith("Both name the same class on ")
    assert "95 % interval" in detail
    line = progress_line(SweepProgress(10, 1000, 2, 3.25, 200.0, "running"))
    assert line == "10 of 1,000 · 3.2 pictures/s · 3 min left · 2 errors"
    assert [time_text(seconds) for seconds in (5, 600, 7200)] == ["5 s", "10 min", "2.0 h"]
    assert filter_text(RowFilter(left_class=0, right_correct=False), ("cat",)) == (
        "left: cat · right wrong"
    )
    assert filter_text(RowFilter(left_correct=True), ()) == "left correct"


@pytest.mark.parametrize(
    ("state", "ours", "resumable", "buttons"),
    [("running", True, False, {"pause", "cancel"}), ("paused", True, False, {"resume", "cancel"}),
     ("running", False, False, set()), ("stopped", False, True, {"resume"}),
     ("loading", True, False, {"cancel"}), ("finished", False, True, {"resume"}),
     ("cancelled", False, False, set())],
)  # fmt: skip
def test_the_buttons_of_a_state(
    state: str, ours: bool, resumable: bool, buttons: set[str], qtbot: QtBot
) -> None:
    strip = SummaryStrip()
    qtbot.addWidget(strip)
    strip.set_progress(SweepProgress(5, 10, 0, None, None, state), ours, resumable)
    found = {name for name in ("pause", "resume", "cancel") if not getattr(strip, name).isHidden()}
    assert found == buttons
