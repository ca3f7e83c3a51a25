"""What stands for the window where there is no display: its figure in a file, and the verdict."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from inspector.cli.options import pair_of
from inspector.cli.progress import ConsoleWatcher
from inspector.core.picture import PictureSource
from inspector.core.reports.feature_aware import any_text
from inspector.core.resources import resource_path
from inspector.session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inspector.cli.console import Console

SAMPLE = "golf_ball.jpg"


def draw_without_display(pictures: Sequence[str], pair: str | None, console: Console) -> int:
    """Compare the first picture, or the shipped sample; draw the figure; print the verdict.

    The file is ``twin-inspector-NAME.png`` in the current folder, or in the temporary folder where
    that may not be written to.
    """
    from inspector.engine.engine import Engine
    from inspector.figure.application import ensure_gui_application
    from inspector.figure.export import export_figure

    console.message(
        "There is no display, so the comparison is drawn into a file. "
        "See 'twin-inspector --help' for the commands that need none."
    )
    if len(pictures) > 1:
        console.message(f"Of {len(pictures)} pictures the first is drawn.")
    session = Session(pair_of(pair, console))
    picture = pictures[0] if pictures else resource_path("samples", SAMPLE)
    session.set_picture(PictureSource.from_path(picture))
    request = session.request()
    assert request is not None
    with ConsoleWatcher(console) as watcher:
        result = Engine().compare(request, watcher)
    path = _figure_path(Path(picture).stem)
    ensure_gui_application()
    export_figure(result, path, scale=1.5)
    console.result(any_text(result))
    console.result(f"Figure: {path}")
    return 0


def _figure_path(stem: str) -> Path:
    folder = Path.cwd()
    if not os.access(folder, os.W_OK):
        folder = Path(tempfile.gettempdir())
    return folder / f"twin-inspector-{stem[:80]}.png"
