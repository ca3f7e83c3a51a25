"""What the engine does besides comparing: one table row for each kind of task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inspector.core.description import DescribeTask
from inspector.core.errors import EngineError
from inspector.core.proposing import ProposeTask
from inspector.core.trace import TraceTask
from inspector.core.twin import PublishTask
from inspector.engine.describe import do_describe
from inspector.engine.proposing import propose_task
from inspector.engine.trace import do_trace
from inspector.engine.twin import publish_task

if TYPE_CHECKING:
    from collections.abc import Callable

    from inspector.engine.engine import Engine
    from inspector.engine.watcher import Watcher

TASKS: dict[type, Callable[[Engine, Any, Watcher], Any]] = {
    TraceTask: do_trace,
    DescribeTask: do_describe,
    ProposeTask: propose_task,
    PublishTask: publish_task,
}
"""What does each kind of task: takes the engine, the task and who watches; gives the outcome."""


def do_task(engine: Engine, task: object, watcher: Watcher) -> Any:
    """Do one task.

    Raises
    ------
    EngineError
        Where there is no such kind of task.
    InspectorError
        Whatever the task itself raises.
    """
    doer = TASKS.get(type(task))
    if doer is None:
        raise EngineError(f"The engine knows no task {type(task).__name__}.", "Update the program.")
    return doer(engine, task, watcher)
