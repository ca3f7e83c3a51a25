"""The child process that does a sweep: the program's own command, spoken to in lines.

A sweep has an engine of its own, so that the window goes on comparing meanwhile, and so that a
crash of one leaves the other alone. The command writes the run file; the window only reads it.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, QProcess, QProcessEnvironment, QTimer, Signal

from inspector.core.errors import EngineError, InspectorError
from inspector.core.paths import log_file
from inspector.engine.client import engine_environment
from inspector.sweep.rows import SweepProgress

if TYPE_CHECKING:
    from collections.abc import Sequence

ERROR, MEND = "Error: ", "       "
"""How the command writes an error: the fact in a line, the mend in one that is set in."""

COMMAND = (sys.executable, "-P", "-m", "inspector", "sweep")
CANCEL_PATIENCE_MS = 20_000
"""How long a cancelled command may go on before it is killed; no finished row is lost by that."""

QUIT_PATIENCE_MS = 1500
"""How long the program waits for it when it ends itself."""


@dataclass(frozen=True, slots=True)
class SweepWish:
    """What a sweep is asked to do; each field is an argument of the command.

    A run that is gone on with keeps its own pictures, pair and modes.
    """

    pictures: str
    run: str
    pair: str
    left_mode: str = "own"
    right_mode: str = "own"
    apply_exif: bool = False
    labels: str = "auto"
    limit: int | None = None
    resume: bool = False
    force: bool = False
    trust: tuple[str, ...] = ()
    retry_errors: bool = False

    def going_on(self, retry_errors: bool = False) -> SweepWish:
        """Give the wish to go on with the same run, trying its errors again where that is asked."""
        return replace(self, resume=True, force=False, retry_errors=retry_errors)

    def arguments(self) -> list[str]:
        """Give the command's arguments."""
        if self.resume:
            words = ["--run", self.run, "--resume", "--progress", "json"]
            words += ["--retry-errors"] if self.retry_errors else []
            return [*words, *self._trust()]
        words = [self.pictures, "--run", self.run, "--pair", self.pair]
        words += ["--left-mode", self.left_mode, "--right-mode", self.right_mode]
        words += ["--labels", self.labels, "--progress", "json"]
        words += ["--apply-exif"] if self.apply_exif else []
        words += ["--limit", str(self.limit)] if self.limit is not None else []
        words += ["--force"] if self.force else []
        return [*words, *self._trust()]

    def _trust(self) -> list[str]:
        return [word for digest in self.trust for word in ("--trust", digest)]


class Farewell(QObject):
    """Sees a command out that nobody listens to any more; kills it where it does not go.

    It lives as long as the command does, or as the program, which waits for it at its very end.
    """

    def __init__(self, process: QProcess) -> None:
        application = QCoreApplication.instance()
        super().__init__(application)
        self._process = process
        process.setParent(self)
        process.finished.connect(self.deleteLater)
        process.errorOccurred.connect(self._on_error)
        process.write(b"cancel\n")
        QTimer.singleShot(CANCEL_PATIENCE_MS, process, process.kill)
        if application is not None:
            application.aboutToQuit.connect(self.wait)

    def wait(self) -> None:
        """Wait until the command is gone; at the end of the program, when no window is left."""
        if not self._process.waitForFinished(QUIT_PATIENCE_MS):
            self._process.kill()
            self._process.waitForFinished(QUIT_PATIENCE_MS)

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self.deleteLater()


class SweepRunner(QObject):
    """Runs one sweep at a time.

    Signals
    -------
    progressed(SweepProgress)
    told(str)
        A sentence that is no error.
    failed(InspectorError)
        The sweep could not begin, or stopped; what was done is in the run file.
    ended(bool)
        The process is gone; whether the sweep came to its end. After `failed`, where that comes.
    """

    progressed = Signal(object)
    told = Signal(str)
    failed = Signal(object)
    ended = Signal(bool)

    def __init__(self, command: Sequence[str] = COMMAND, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = list(command)
        self._process: QProcess | None = None
        self._rest = b""
        self._error: InspectorError | None = None
        self._cancelled = False

    @property
    def is_running(self) -> bool:
        """Whether a sweep is under way."""
        return self._process is not None

    @property
    def process_id(self) -> int:
        """Process id of the command, 0 where none runs."""
        return self._process.processId() if self._process is not None else 0

    def start(self, wish: SweepWish) -> None:
        """Begin a sweep; nothing where one runs."""
        if self._process is not None:
            return
        self._rest, self._error, self._cancelled = b"", None, False
        process = QProcess(self)
        environment = QProcessEnvironment()
        for name, value in engine_environment().items():
            environment.insert(name, value)
        process.setProcessEnvironment(environment)
        process.setStandardOutputFile(QProcess.nullDevice())
        process.readyReadStandardError.connect(self._read)
        process.finished.connect(self._finish)
        process.errorOccurred.connect(self._on_error)
        self._process = process
        first, *rest = self._command
        process.start(first, [*rest, *wish.arguments()])

    def pause(self) -> None:
        """Pause after the batch at work."""
        self._say("pause")

    def resume(self) -> None:
        """Go on after a pause."""
        self._say("resume")

    def cancel(self) -> None:
        """Stop after the batch at work; the run can be resumed later."""
        self._cancelled = True
        self._say("cancel")
        if self._process is not None:
            QTimer.singleShot(CANCEL_PATIENCE_MS, self._process, self._process.kill)

    def close(self) -> None:
        """Stop the sweep and hear no more of it; it ends by itself, and nobody waits for it.

        Nothing is lost by that: every finished row is in the run file.
        """
        process, self._process = self._process, None
        if process is not None:
            process.readyReadStandardError.disconnect(self._read)
            process.finished.disconnect(self._finish)
            process.errorOccurred.disconnect(self._on_error)
            Farewell(process)

    def _say(self, word: str) -> None:
        if self._process is not None:
            self._process.write(f"{word}\n".encode())

    def _read(self) -> None:
        if self._process is None:
            return
        self._rest += self._process.readAllStandardError().data()
        *lines, self._rest = self._rest.split(b"\n")
        for line in lines:
            self._hear(line.decode("utf-8", "replace").rstrip())

    def _hear(self, line: str) -> None:
        message = _table(line)
        if message is not None:
            if "state" in message:
                self.progressed.emit(_progress(message))
            elif "message" in message:
                self._hear(str(message["message"]))
        elif line.startswith(ERROR):
            self._error = InspectorError(line.removeprefix(ERROR).strip())
        elif self._error is not None and line.startswith(MEND) and not self._error.mend:
            self._error = InspectorError(self._error.message, line.strip())
        elif line.strip():
            self.told.emit(line.strip())

    def _finish(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read()
        process, self._process = self._process, None
        if process is None:
            return
        process.deleteLater()
        crashed = status is QProcess.ExitStatus.CrashExit
        if self._error is None and not self._cancelled and (crashed or code not in {0, 1}):
            self._error = EngineError(
                f"The sweep ended unexpectedly ({'signal' if crashed else 'exit code'} {code}).",
                f"What was done is kept; resume it. Its last words are in {log_file('sweep.log')}.",
            )
        if self._error is not None:
            self.failed.emit(self._error)
        self.ended.emit(self._error is None and not self._cancelled and not crashed)

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is not QProcess.ProcessError.FailedToStart or self._process is None:
            return
        process, self._process = self._process, None
        process.deleteLater()
        self.failed.emit(
            EngineError(
                f"The sweep could not be started: {process.errorString()}.",
                "Close other programs, or install this one again.",
            )
        )
        self.ended.emit(False)


def _table(line: str) -> dict[str, Any] | None:
    if not line.startswith("{"):
        return None
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _progress(message: dict[str, Any]) -> SweepProgress:
    return SweepProgress(
        done=int(message.get("done") or 0),
        total=int(message.get("total") or 0),
        errors=int(message.get("errors") or 0),
        rate=message.get("rate"),
        seconds_left=message.get("seconds_left"),
        state=str(message.get("state") or ""),
        text=str(message.get("text") or ""),
    )
