"""A run as one HTML file that needs nothing else: figures, plots, worst pictures, errors.

No script, no font and no picture from elsewhere; its policy forbids a browser to fetch any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.files import atomic_path
from inspector.sweep.exports import html_lists, html_sections
from inspector.sweep.exports.escaping import escape
from inspector.sweep.exports.html_style import style_sheet
from inspector.sweep.exports.records import plain
from inspector.sweep.statistics import measure_run

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator

    from inspector.sweep.gate import GateResult
    from inspector.sweep.run_file import RunFile
    from inspector.sweep.statistics import RunStatistics

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def write_html(
    target: str | os.PathLike[str],
    run: RunFile,
    statistics: RunStatistics | None = None,
    thumbnail: Callable[[str], bytes | None] = lambda path: None,
    gate: GateResult | None = None,
    metric: str = "max_abs_difference",
    worst: int = 50,
) -> None:
    """Write the report, atomically.

    Parameters
    ----------
    target
        The file to write.
    run
        The run; one that is not finished too.
    statistics
        Of the run, where they are known already.
    thumbnail
        Gives a small PNG, JPEG, GIF or WebP file of the picture at a path (of an item, so it may be
        inside an archive), or None where there is none. It must not raise.
    gate
        What the run was held against.
    metric, worst
        By which measure, and how many, pictures are shown.

    Raises
    ------
    UsageError
        Where `metric` is no measure of disagreement.
    ExportError
        Where the file cannot be written; the old one is whole then.
    """
    found = statistics or measure_run(run)
    with (
        atomic_path(target) as temporary,
        temporary.open("w", encoding="utf-8", newline="\n") as file,
    ):
        for piece in _pieces(run, found, thumbnail, gate, metric, worst):
            file.write(plain(piece))


def _pieces(
    run: RunFile,
    found: RunStatistics,
    thumbnail: Callable[[str], bytes | None],
    gate: GateResult | None,
    metric: str,
    worst: int,
) -> Iterator[str]:
    title = f"{run.info.pair_title}: left against right"
    yield (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style_sheet()}</style></head><body>\n"
    )
    yield html_sections.head(run, found, title)
    if gate is not None:
        yield html_sections.gate(gate)
    yield html_sections.distributions(found)
    yield html_sections.quality(found)
    yield html_lists.confusion(run.info, found)
    yield html_lists.classes(run.info, found)
    yield from html_lists.worst_pictures(run, thumbnail, metric, worst)
    yield html_lists.errors(run, found)
    yield html_lists.notes(run)
    yield html_lists.settings(run.info)
    yield "</body></html>\n"
