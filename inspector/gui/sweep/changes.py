"""What changed from an earlier run to this one: figures in words, and the pictures, worst first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from inspector.gui.sweep.classes import class_name
from inspector.sweep.compare_runs import CHANGE_TITLES, CHANGED, ChangeKind, RunPair

if TYPE_CHECKING:
    from inspector.core.palette import Palette
    from inspector.sweep.compare_runs import Change, RunDifference
    from inspector.sweep.rows import SweepRow

MOST_CHANGES = 1000
"""Pictures that are listed; all are counted."""

COLUMNS = (
    "Picture",
    "What changed",
    "Left before",
    "Left now",
    "Right before",
    "Right now",
    "|Δp|",
)


@dataclass(frozen=True, slots=True)
class Changes:
    """Two runs, compared: in figures, and the worst pictures."""

    before: Path
    after: Path
    difference: RunDifference
    worst: tuple[Change, ...]


def compare_runs(before: Path, after: Path) -> Changes:
    """Compare two run files; takes seconds for long ones.

    Raises
    ------
    InputError
        Where one is no run file, or they share no classes.
    """
    with RunPair(before, after) as pair:
        worst = tuple(pair.changes(limit=MOST_CHANGES))
        return Changes(before, after, pair.summary(), worst)


class ChangesDialog(QDialog):
    """Lists what changed; it stops nothing else."""

    compare_wanted = Signal(object)
    """SweepRow of the later run."""

    def __init__(
        self, changes: Changes, labels: tuple[str, ...], palette: Palette, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"{changes.before.name} → {changes.after.name}")
        self.resize(980, 560)
        self._rows: dict[int, SweepRow] = {}
        self.text = QLabel(changes_text(changes.difference))
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.tree = QTreeWidget()
        self.tree.setHeaderLabels(list(COLUMNS))
        self.tree.setRootIsDecorated(False)
        self.tree.setAlternatingRowColors(True)
        self.tree.setUniformRowHeights(True)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.tree.setAccessibleName("Pictures that changed")
        for place, change in enumerate(changes.worst):
            item = QTreeWidgetItem(_cells(change, labels))
            item.setToolTip(0, change.after.item.path)
            item.setTextAlignment(6, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setData(0, Qt.ItemDataRole.UserRole, place)
            self._rows[place] = change.after
            self.tree.addTopLevelItem(item)
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        for place, width in ((0, 190), (2, 110), (3, 110), (4, 110), (5, 110), (6, 120)):
            header.resizeSection(place, width)
        self.tree.itemActivated.connect(self._open)
        note = QLabel(f"The worst {MOST_CHANGES:,} are listed.")
        note.setStyleSheet(f"color: {palette.muted};")
        note.setVisible(len(changes.worst) == MOST_CHANGES)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for part in (self.text, self.tree, note, buttons):
            column.addWidget(part)

    def _open(self, item: QTreeWidgetItem, _: int) -> None:
        self.compare_wanted.emit(self._rows[item.data(0, Qt.ItemDataRole.UserRole)])


def changes_text(found: RunDifference) -> str:
    """Write what changed between two runs, in a few sentences."""
    before, after = found.before.tolerant.rate, found.after.tolerant.rate
    lines = [f"{found.matched:,} pictures are in both runs."]
    if before is not None and after is not None:
        lines.append(
            f"The two sides agreed on {100 * before:.2f} % before and agree on {100 * after:.2f} % "
            "now (near-ties count as agreement)."
        )
    changed = [(kind, found.counts.get(kind, 0)) for kind in CHANGED]
    parts = [f"{CHANGE_TITLES[kind]}: {count:,}" for kind, count in changed if count]
    same = found.counts.get(ChangeKind.SAME, 0)
    lines.append("; ".join([*parts, f"{CHANGE_TITLES[ChangeKind.SAME]}: {same:,}"]) + ".")
    for count, which in ((found.only_before, "earlier"), (found.only_after, "later")):
        if count:
            lines.append(f"{count:,} are in the {which} run only.")
    return "\n".join([*lines, *found.settings, *found.versions])


def _cells(change: Change, labels: tuple[str, ...]) -> list[str]:
    return [
        Path(change.after.item.path).name,
        CHANGE_TITLES[change.kind],
        *(
            _first(row, side, labels)
            for side in ("left", "right")
            for row in (change.before, change.after)
        ),
        " → ".join(_gap(row) for row in (change.before, change.after)),
    ]


def _first(row: SweepRow, side: str, labels: tuple[str, ...]) -> str:
    found = row.left if side == "left" else row.right
    return "" if found is None else class_name(found.top[0], labels)


def _gap(row: SweepRow) -> str:
    return "–" if row.measures is None else f"{row.measures.max_abs_difference:.2g}"
