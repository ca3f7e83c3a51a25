"""A tiny pair made ready for sweeps, and pictures of several kinds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from inspector.core.pairs import Side
from inspector.engine.sweep.control import SweepWatcher
from inspector.engine.sweep.info import make_info
from inspector.engine.sweep.machine import Machine, make_machine
from inspector.engine.sweep.shares import Shares
from inspector.session import Session
from inspector.sweep.rows import SweepItem
from inspector.sweep.run_file import RunFile
from tests.support import pictures

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from inspector.engine.engine import LoadedPair


@pytest.fixture(scope="session")
def tiny_machine(tiny_loaded: LoadedPair) -> Machine:
    session = Session(tiny_loaded.spec)
    settings = (session.settings(side) for side in Side)
    return make_machine(tiny_loaded, *settings, SweepWatcher(), batch=4)


@pytest.fixture
def machine(tiny_machine: Machine) -> Machine:
    """Give the machine with shares of its own."""
    return replace(tiny_machine, shares=Shares())


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Give thirteen pictures; two of them are bad."""
    folder = tmp_path_factory.mktemp("gallery")
    kinds = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif"}
    found = [
        pictures.write(
            folder,
            f"{number:02}.{kinds[kind]}",
            pictures.encode(pictures.image(40 + 9 * number, 33 + 5 * number, seed=number), kind),
        )
        for number, kind in enumerate((*kinds, *kinds, "JPEG", "JPEG", "JPEG"))
    ]
    found.insert(3, pictures.write(folder, "cut.jpg", pictures.cut(pictures.jpeg(), 0.4)))
    found.insert(9, pictures.write(folder, "text.jpg", b"no picture"))
    return found


@pytest.fixture
def begin(tmp_path: Path, machine: Machine) -> Callable[..., RunFile]:
    """Give what begins a run over some files."""

    def begin(paths: Sequence[Path], name: str = "run.sqlite") -> RunFile:
        info = make_info(machine.pair, machine.left, machine.right, "", "", machine.options())
        items = [SweepItem(n, str(path), n % 10) for n, path in enumerate(paths)]
        return RunFile.create(tmp_path / name, info, items)

    return begin
