"""The loop inside the engine process: ``python -m inspector.engine.server``.

Requests come on standard input and replies leave on what was standard output; both descriptors
are then pointed elsewhere, so that nothing that TensorFlow prints can reach the user or the
replies (standard error is a log file already, see :mod:`inspector.engine.client`). It has no
network: what a request needs was fetched before it came. A reader thread
takes requests at all times: newer ones and cancels take effect between the stages of the one at
work. When the other end closes, however that came, the process ends at once.
"""

from __future__ import annotations

import os
import queue
import threading
import time
import traceback
from typing import TYPE_CHECKING

from inspector.core.errors import Cancelled, EngineError, InspectorError, first_line
from inspector.core.versions import library_versions
from inspector.engine import wire
from inspector.engine.isolation import deny_network
from inspector.engine.messages import (
    Cancel,
    Compared,
    Explained,
    ExplainRequest,
    Failed,
    Finished,
    Progress,
    Ready,
    Shutdown,
    TaskDone,
    TaskRequest,
)
from inspector.engine.watcher import Watcher

if TYPE_CHECKING:
    from typing import IO

    from inspector.engine.engine import Engine
    from inspector.engine.messages import Reply, Request, Work


NICENESS = 10
"""How far this process stands back behind others (0 not at all, 19 the most)."""


class Server:
    """Answers requests from one stream on another; newest wins."""

    def __init__(self, requests: IO[bytes], replies: IO[bytes]) -> None:
        self._requests = requests
        self._replies = replies
        self._waiting: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self._newest = 0
        self._cancelled = 0

    def serve(self) -> None:
        """Import TensorFlow, say so, and answer until told to stop."""
        threading.Thread(target=self._read, name="engine-reader", daemon=True).start()
        started = time.perf_counter()
        import tensorflow as tf

        from inspector.engine.engine import Engine

        tf.get_logger().setLevel("ERROR")
        engine = Engine()
        self._send(Ready(library_versions(), time.perf_counter() - started))
        while (request := self._waiting.get()) is not None:
            self._answer(engine, request)

    def is_unwanted(self, generation: int) -> bool:
        """Tell whether a generation was cancelled, or a newer request has come."""
        return generation <= self._cancelled or generation < self._newest

    def _read(self) -> None:
        """Take requests for ever (in a thread of its own); end the process with the stream."""
        while True:
            try:
                message: Request = wire.receive(self._requests)
            except (EOFError, OSError):
                os._exit(0)
            except wire.BadMessageError:
                traceback.print_exc()
                os._exit(1)
            self._take(message)

    def _take(self, message: Request) -> None:
        if isinstance(message, Shutdown):
            os._exit(0)
        if isinstance(message, Cancel):
            self._cancelled = max(self._cancelled, message.generation)
        else:
            self._newest = max(self._newest, message.generation)
            self._waiting.put(message)

    def _answer(self, engine: Engine, request: Work) -> None:
        generation = request.generation
        watcher = _Watcher(self, generation)
        cancelled = False
        try:
            watcher.stage("Starting", 0.0)
            self._send(_work(engine, request, watcher))
        except Cancelled:
            cancelled = True
        except InspectorError as error:
            self._send(Failed(generation, error, traceback.format_exc()))
        except Exception as error:  # noqa: BLE001 - the process's outer edge: report, go on
            traceback.print_exc()
            wrapped = EngineError(
                f"The engine failed: {type(error).__name__}: {first_line(error)}",
                "Try again; if it happens again, report it with the log file named by 'doctor'.",
            )
            self._send(Failed(generation, wrapped, traceback.format_exc()))
        finally:
            self._send(Finished(generation, cancelled))

    def send_progress(self, generation: int, text: str, fraction: float | None) -> None:
        """Say what is being done."""
        self._send(Progress(generation, text, fraction))

    def _send(self, reply: Reply) -> None:
        try:
            wire.send(self._replies, reply)
        except OSError:
            os._exit(0)


def _work(engine: Engine, request: Work, watcher: Watcher) -> Compared | Explained | TaskDone:
    if isinstance(request, TaskRequest):
        from inspector.engine.tasks import do_task

        return TaskDone(request.generation, do_task(engine, request.task, watcher))
    if isinstance(request, ExplainRequest):
        return Explained(request.generation, engine.explain(request.comparison, watcher))
    return Compared(request.generation, engine.compare(request, watcher))


class _Watcher(Watcher):
    """Sends progress and looks at cancels between stages."""

    def __init__(self, server: Server, generation: int) -> None:
        self._server = server
        self._generation = generation

    def stage(self, text: str, fraction: float | None = None) -> None:
        if self._server.is_unwanted(self._generation):
            raise Cancelled(text)
        self._server.send_progress(self._generation, text, fraction)

    def is_unwanted(self) -> bool:
        return self._server.is_unwanted(self._generation)


def main() -> None:
    """Redirect the standard descriptors, then serve."""
    requests = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    deny_network()
    _make_way_for_the_window()
    Server(requests, replies).serve()


def _make_way_for_the_window() -> None:
    """Lower the priority: TensorFlow takes every core, and the window needs one now and then."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)


if __name__ == "__main__":
    main()
