"""What a run can be saved as: one table row each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtWidgets import QFileDialog

from inspector.gui.sweep.thumbnails import small_picture
from inspector.sweep.rows import SweepItem
from inspector.sweep.run_file import RunFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

REPORT_SIDE = 160
"""Largest width and height of a picture in a report, in pixels."""


@dataclass(frozen=True, slots=True)
class Export:
    """One row: what the menu says, the file's ending, and what writes it.

    Attributes
    ----------
    title, suffix, kinds
        Of the menu, the file, and the file dialog.
    write
        Takes the run file and the file to write; called off the GUI thread.
    """

    title: str
    suffix: str
    kinds: str
    write: Callable[[Path, Path], object]


def _csv(run: Path, target: Path) -> None:
    from inspector.sweep.exports.csv_export import write_csv

    with RunFile.open(run) as opened:
        write_csv(target, opened)


def _parquet(run: Path, target: Path) -> None:
    from inspector.sweep.exports.parquet_export import write_parquet

    with RunFile.open(run) as opened:
        write_parquet(target, opened)


def _json(run: Path, target: Path) -> None:
    from inspector.sweep.exports.json_export import write_summary

    with RunFile.open(run) as opened:
        write_summary(target, opened)


def _html(run: Path, target: Path) -> None:
    from inspector.sweep.exports.html_report import write_html

    with RunFile.open(run) as opened:
        write_html(target, opened, thumbnail=_png)


def _png(path: str) -> bytes | None:
    """Give a small picture for the report; None where it cannot be read."""
    image = small_picture(SweepItem(0, path), REPORT_SIDE)
    if image is None:
        return None
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(data.data())


EXPORTS: tuple[Export, ...] = (
    Export("Report (HTML)…", ".html", "Reports (*.html)", _html),
    Export("Table (CSV)…", ".csv", "Tables (*.csv)", _csv),
    Export("Table (Parquet)…", ".parquet", "Tables (*.parquet)", _parquet),
    Export("Summary (JSON)…", ".json", "Summaries (*.json)", _json),
)
"""In the order of the menu."""


def ask_target(parent: QWidget, run: Path, export: Export) -> Path | None:
    """Ask for the file to write; None where the user thinks better of it."""
    proposed = run.with_suffix(export.suffix)
    chosen, _ = QFileDialog.getSaveFileName(parent, export.title, str(proposed), export.kinds)
    if not chosen:
        return None
    target = Path(chosen)
    return target if target.suffix else target.with_suffix(export.suffix)
