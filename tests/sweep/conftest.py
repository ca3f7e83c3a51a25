from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from inspector.sweep.run_file import RunFile
from tests.sweep.made_up import make_rows, make_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from inspector.sweep.rows import SweepRow

COUNT = 2000


@pytest.fixture(scope="session")
def finished_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a finished run of `COUNT` made-up rows; not to be written."""
    return make_run(tmp_path_factory.mktemp("runs") / "finished.sqlite", COUNT)


@pytest.fixture(scope="session")
def finished_rows() -> list[SweepRow]:
    """Give the rows of `finished_path`."""
    return list(make_rows(COUNT))


@pytest.fixture
def finished(finished_path: Path) -> Iterator[RunFile]:
    """Give the finished run, open for reading."""
    with RunFile.open(finished_path) as run:
        yield run
