"""What a run comes to in one line, and how far it is, with pause and cancel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from inspector.core.numbers import rate_text, share_percent
from inspector.core.palette import LIGHT
from inspector.gui.sweep.words import counted

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance

    from inspector.core.palette import Palette
    from inspector.sweep.rows import SweepProgress
    from inspector.sweep.statistics import RunStatistics

STEPS = 1000

PAUSING, STOPPING, RESUMING = "pausing", "stopping", "going on"
"""What the user has asked for and the command has not done yet."""


class SummaryStrip(QWidget):
    """The answer of a run, and its progress while it goes on."""

    pause_wanted = Signal()
    resume_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._palette = LIGHT
        self._asked = ""
        self._progress: SweepProgress | None = None
        self.answer = QLabel("No picture is compared yet")
        font = self.answer.font()
        font.setPointSizeF(font.pointSizeF() * 1.35)
        font.setBold(True)
        self.answer.setFont(font)
        self.detail = QLabel()
        self.detail.setWordWrap(True)
        self.progress_text = QLabel()
        for label in (self.answer, self.detail, self.progress_text):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.bar.setRange(0, STEPS)
        self.pause = QPushButton("Pause")
        self.resume = QPushButton("Go on")
        self.cancel = QPushButton("Stop")
        self.cancel.setToolTip("Stop after the pictures at work; the run can be gone on with later")
        for button in (self.pause, self.resume, self.cancel):
            button.hide()
        self.pause.clicked.connect(lambda: self._ask(PAUSING, self.pause_wanted))
        self.resume.clicked.connect(lambda: self._ask(RESUMING, self.resume_wanted))
        self.cancel.clicked.connect(lambda: self._ask(STOPPING, self.cancel_wanted))
        row = self._buttons = QHBoxLayout()
        row.addWidget(self.progress_text, 1)
        for button in (self.pause, self.resume, self.cancel):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.answer)
        column.addWidget(self.detail)
        column.addLayout(row)
        column.addWidget(self.bar)

    def add_button(self, button: QWidget) -> None:
        """Put another button beside the others."""
        self._buttons.addWidget(button)

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        self._palette = palette
        for label in (self.detail, self.progress_text):
            label.setStyleSheet(f"color: {palette.muted};")

    def set_statistics(self, statistics: RunStatistics) -> None:
        """Say what the run comes to."""
        answer, detail = answer_text(statistics)
        self.answer.setText(answer)
        self.detail.setText(detail)

    def set_progress(self, progress: SweepProgress, ours: bool, resumable: bool) -> None:
        """Say how far the run is.

        Parameters
        ----------
        progress
            As the run file or the command tells it.
        ours
            Whether this window's command does the run, so that it listens.
        resumable
            Whether a run that is not going on can be gone on with from here.
        """
        state = progress.state
        self._progress = progress
        if _is_done(self._asked, state, ours):
            self._asked = ""
        self._tell()
        share = progress.done / progress.total if progress.total else 0.0
        self.bar.setValue(round(STEPS * share))
        loading = state == "loading"
        going = loading or state in {"running", "paused"}
        self.bar.setRange(0, 0 if loading else STEPS)
        self.bar.setVisible(going or progress.done < progress.total)
        self.pause.setVisible(ours and state == "running")
        self.cancel.setVisible(ours and going)
        left = progress.done < progress.total
        self.resume.setVisible((ours and state == "paused") or (resumable and not going and left))

    def set_idle(self, answer: str) -> None:
        """Say that nothing is under way, and nothing will be: the run did not begin."""
        self._asked, self._progress = "", None
        self.answer.setText(answer)
        self.progress_text.clear()
        for part in (self.bar, self.pause, self.resume, self.cancel):
            part.hide()

    def _ask(self, what: str, wanted: SignalInstance) -> None:
        """Say at once that an order was heard: the command carries it out after a batch."""
        self._asked = what
        self._tell()
        wanted.emit()

    def _tell(self) -> None:
        for button in (self.pause, self.resume):
            button.setEnabled(not self._asked)
        self.cancel.setEnabled(self._asked != STOPPING)
        if self._progress is not None:
            self.progress_text.setText(progress_line(self._progress, self._asked))


def answer_text(statistics: RunStatistics) -> tuple[str, str]:
    """Write what a run comes to: one line, and what belongs to it."""
    if not statistics.answered:
        if not statistics.errors:
            return "No picture is compared yet", ""
        return "No picture could be compared", f"{counted(statistics.errors, 'error')} so far"
    agreement = statistics.agreement
    share = agreement.strict
    rate = share.rate or 0.0
    answer = f"Both name the same class on {share_percent(rate)} of {share.total:,} pictures"
    parts = [f"95 % interval {share_percent(share.low)} to {share_percent(share.high)}"]
    if agreement.real or agreement.near_ties:
        parts.append(counted(agreement.real, "real disagreement"))
        parts.append(counted(agreement.near_ties, "near-tie"))
    if statistics.errors:
        parts.append(f"{counted(statistics.errors, 'picture')} could not be compared")
    return answer, " · ".join(parts)


def _is_done(asked: str, state: str, ours: bool) -> bool:
    """Tell whether what was asked for has come about, or can no longer."""
    if not ours:
        return True
    if asked == PAUSING:
        return state not in {"running", "loading"}
    return state in {"running", "loading"} if asked == RESUMING else asked != STOPPING


def progress_line(progress: SweepProgress, asked: str = "") -> str:
    """Write how far a run is; `asked` is what it will do next."""
    if progress.state == "loading":
        return _ASKED.get(asked) or progress.text or "Loading"
    state = _ASKED.get(asked) or _STATES.get(progress.state, "")
    parts = [f"{progress.done:,} of {progress.total:,}", state]
    if progress.state == "running" and not asked:
        if progress.rate:
            parts.append(f"{rate_text(progress.rate)} pictures/s")
        if progress.seconds_left is not None:
            parts.append(f"{time_text(progress.seconds_left)} left")
    if progress.errors:
        parts.append(counted(progress.errors, "error"))
    if progress.text:
        parts.append(progress.text)
    return " · ".join(part for part in parts if part)


_ASKED = {
    PAUSING: "pausing after the pictures at work…",
    STOPPING: "stopping after the pictures at work…",
    RESUMING: "going on…",
}
_STATES = {
    "paused": "paused",
    "finished": "finished",
    "cancelled": "stopped by you",
    "stopped": "stopped before its end",
}


def time_text(seconds: float) -> str:
    """Write a time in the largest unit that says enough."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
