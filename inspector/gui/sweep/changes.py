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

from inspector.core.numbers import share_percent
from inspector.gui.sweep.cells import one_line
from inspector.gui.sweep.other_facts import OtherFacts
from inspector.gui.sweep.words import class_name, counted
from inspector.gui.views.segmented import Segmented
from inspector.sweep.compare_runs import (
    CHANGE_TITLES,
    CHANGED,
    SHORT_TITLES,
    ChangeKind,
    RunPair,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from inspector.core.palette import Palette
    from inspector.sweep.compare_runs import Change, RunDifference

MOST_CHANGES = 1000
"""Pictures that are listed of a kind, and of all; all are counted."""

ALL = "all"
COLUMNS = (
    ("Picture", 210),
    ("What changed", 110),
    ("Left before", 130),
    ("Left now", 130),
    ("Right before", 130),
    ("Right now", 130),
    ("|Δp| before", 90),
    ("|Δp| now", 90),
)
_FIRST_NUMBER = 6


@dataclass(frozen=True, slots=True)
class Changes:
    """Two runs, compared: in figures, and the worst pictures of each kind of change."""

    before: Path
    after: Path
    difference: RunDifference
    worst: dict[ChangeKind, tuple[Change, ...]]

    def listed(self, kind: ChangeKind | None) -> tuple[Change, ...]:
        """Give the worst pictures of one kind, or of all kinds for None; the worst first."""
        if kind is not None:
            return self.worst.get(kind, ())
        # The kinds stand from the worst to the best, and each has its worst pictures first.
        every = (change for kind in CHANGED for change in self.worst.get(kind, ()))
        return tuple(every)[:MOST_CHANGES]


def compare_runs(
    before: Path, after: Path, cancelled: Callable[[], bool] = lambda: False
) -> Changes:
    """Compare two run files; takes seconds for long ones.

    Raises
    ------
    InputError
        Where one is no run file, or they share no classes.
    Cancelled
        Where `cancelled` said so.
    """
    with RunPair(before, after, cancelled=cancelled) as pair:
        difference = pair.summary()
        worst = {
            kind: tuple(pair.changes([kind], limit=MOST_CHANGES))
            for kind in CHANGED
            if difference.counts.get(kind)
        }
        return Changes(before, after, difference, worst)


class ChangesDialog(QDialog):
    """Lists what changed; it stops nothing else."""

    compare_wanted = Signal(object)
    """SweepRow of the later run."""

    def __init__(
        self, changes: Changes, labels: tuple[str, ...], palette: Palette, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"{changes.before.name} → {changes.after.name}")
        self.resize(1060, 600)
        self._changes = changes
        self._labels = labels
        self._listed: tuple[Change, ...] = ()
        self.headline = QLabel(headline(changes.difference))
        font = self.headline.font()
        font.setPointSizeF(font.pointSizeF() * 1.35)
        font.setBold(True)
        self.headline.setFont(font)
        self.text = QLabel(detail(changes.difference))
        for label in (self.headline, self.text):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.kinds = Segmented("Which changes", kind_choices(changes.difference))
        self.kinds.chosen.connect(lambda _: self._list())
        self.tree = _make_tree()
        self.tree.itemActivated.connect(self._open)
        self.note = QLabel()
        self.facts = OtherFacts(changes.difference.facts)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.headline)
        column.addWidget(self.text)
        column.addWidget(self.facts)
        column.addWidget(self.kinds, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.tree, 1)
        column.addWidget(self.note)
        column.addWidget(buttons)
        self.set_palette_scheme(palette)
        self._list()

    def set_palette_scheme(self, palette: Palette) -> None:
        """Take other colours."""
        for label in (self.text, self.note):
            label.setStyleSheet(f"color: {palette.muted};")

    def _list(self) -> None:
        """List the pictures of the kind that is chosen."""
        chosen = self.kinds.value
        kind = None if chosen == ALL else ChangeKind(chosen)
        self._listed = self._changes.listed(kind)
        self.tree.clear()
        self.tree.addTopLevelItems(
            [self._item(place, change) for place, change in enumerate(self._listed)]
        )
        self.note.setText(f"The worst {MOST_CHANGES:,} are listed.")
        self.note.setVisible(len(self._listed) == MOST_CHANGES)

    def _item(self, place: int, change: Change) -> QTreeWidgetItem:
        item = QTreeWidgetItem(_cells(change, self._labels))
        item.setToolTip(0, change.after.item.path)
        item.setToolTip(1, sentence(CHANGE_TITLES[change.kind]))
        for column in range(_FIRST_NUMBER, len(COLUMNS)):
            item.setTextAlignment(
                column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            )
        item.setData(0, Qt.ItemDataRole.UserRole, place)
        return item

    def _open(self, item: QTreeWidgetItem, _: int) -> None:
        self.compare_wanted.emit(self._listed[item.data(0, Qt.ItemDataRole.UserRole)].after)


def _make_tree() -> QTreeWidget:
    tree = QTreeWidget()
    tree.setHeaderLabels([title for title, _ in COLUMNS])
    tree.setRootIsDecorated(False)
    tree.setAlternatingRowColors(True)
    tree.setUniformRowHeights(True)
    tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    tree.setAccessibleName("Pictures that changed")
    tree.setToolTip("A double click compares the picture in the main window")
    header = tree.header()
    header.setStretchLastSection(False)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    for place, (_, width) in enumerate(COLUMNS):
        header.resizeSection(place, width)
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    for place in range(_FIRST_NUMBER, len(COLUMNS)):
        tree.headerItem().setTextAlignment(place, right)
    return tree


def kind_choices(found: RunDifference) -> tuple[tuple[str, str, str], ...]:
    """Give what the list can be limited to: id, text with the count, and the change in words."""
    changed = [(kind, found.counts.get(kind, 0)) for kind in CHANGED]
    whole = sum(count for _, count in changed)
    return (
        (ALL, f"All changes {whole:,}", "Every picture that changed, the worst first"),
        *(
            (str(kind), f"{SHORT_TITLES[kind]} {count:,}", sentence(CHANGE_TITLES[kind]))
            for kind, count in changed
            if count
        ),
    )


def headline(found: RunDifference) -> str:
    """Write how the agreement changed, in a line."""
    before, after = found.before.tolerant.rate, found.after.tolerant.rate
    if before is None or after is None:
        return "No picture has an answer in both runs"
    return (
        f"Both name the same class on {share_percent(before)} before → {share_percent(after)} now"
    )


def detail(found: RunDifference) -> str:
    """Write what the headline is about: how many pictures, and those without a partner."""
    parts = [f"{counted(found.matched, 'picture')} in both runs"]
    same = found.counts.get(ChangeKind.SAME, 0)
    parts.append(f"{same:,} the same but for float noise")
    for count, which in ((found.only_before, "earlier"), (found.only_after, "later")):
        if count:
            parts.append(f"{count:,} in the {which} run only")
    parts.append("near-ties count as agreement")
    return " · ".join(parts)


def sentence(text: str) -> str:
    """Begin a text with a capital letter."""
    return text[:1].upper() + text[1:]


def _cells(change: Change, labels: tuple[str, ...]) -> list[str]:
    rows = (change.before, change.after)
    classes = []
    for side in ("left", "right"):
        for row in rows:
            found = row.left if side == "left" else row.right
            classes.append("" if found is None else class_name(found.top[0], labels))
    gaps = [
        "–" if row.measures is None else f"{row.measures.max_abs_difference:.2g}" for row in rows
    ]
    name = one_line(Path(change.after.item.path).name)
    return [name, SHORT_TITLES[change.kind], *classes, *gaps]
