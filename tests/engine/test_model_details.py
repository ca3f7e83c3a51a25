"""The questions of the model details with the real engine process, on the starter pair.

It stands beside the engine's tests, and so runs before any window is made in this process.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from inspector.core.catalogue import PUBLISHED, STARTER, choose_pair
from inspector.core.description import DescribeTask, Description
from inspector.core.errors import ReleaseMissingError
from inspector.core.pairs import Side
from inspector.core.picture import PictureSource
from inspector.core.resources import resource_path
from inspector.core.sources import Source, SourceKind
from inspector.core.trace import Trace, TraceCode, TraceTask
from inspector.engine.fetching import remote_releases
from inspector.engine.messages import TaskRequest
from inspector.gui.model_details.inquiries import Inquiries
from inspector.session import Session
from tests.support import models

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

WAIT_MS = 90_000


@pytest.fixture
def inquiries() -> Iterator[Inquiries]:
    """Give questions to a real engine; no other thread may destroy a Qt object meanwhile."""
    gc.collect()
    gc.disable()
    made = Inquiries()
    yield made
    made.close()
    gc.collect()
    gc.enable()


def trace_task() -> TraceTask:
    session = Session(choose_pair(STARTER))
    session.set_picture(PictureSource.from_path(resource_path("samples", "golf_ball.jpg")))
    session.set_pair_mode("identical")
    request = session.request()
    assert request is not None
    return TraceTask(request.picture, request.pair, request.left, request.right)


def test_the_starter_pair(inquiries: Inquiries, qtbot: QtBot) -> None:
    told: dict[str, object] = {}
    inquiries.answered.connect(told.__setitem__)
    inquiries.failed.connect(told.__setitem__)
    pair = choose_pair(STARTER)
    lost = models.keras_spec("/nothing/here.keras")
    inquiries.ask("left", DescribeTask(pair.left))
    inquiries.ask("right", DescribeTask(pair.right))
    inquiries.ask("lost", DescribeTask(lost))
    inquiries.ask("trace", trace_task())
    qtbot.waitUntil(lambda: len(told) == 4, timeout=WAIT_MS)
    assert list(told) == ["left", "right", "lost", "trace"]
    left, right, lost_error, trace = told.values()
    assert isinstance(left, Description)
    assert isinstance(right, Description)
    assert left.size == right.size == (96, 96)
    assert left.layers
    assert [graph.tags for graph in right.graphs] == [("serve",)]
    assert isinstance(lost_error, ReleaseMissingError)
    assert isinstance(trace, Trace)
    assert trace.path.code is TraceCode.AGREE
    assert len(trace.path.aligned) > 50


def test_what_the_questions_need_is_fetched_first() -> None:
    """The engine process has no network: each task says which releases it touches."""
    pair = choose_pair(PUBLISHED)
    for side in Side:
        release = pair.release(side)
        assert remote_releases(TaskRequest(1, DescribeTask(release))) == (release,)
    here = trace_task()
    assert remote_releases(TaskRequest(1, here)) == ()
    both = TraceTask(here.picture, pair, here.left, here.right)
    assert remote_releases(TaskRequest(1, both)) == (pair.left, pair.right)
    local = models.keras_spec("", source=Source(SourceKind.TFLITE, "/a.tflite"))
    assert remote_releases(TaskRequest(1, DescribeTask(local))) == ()
