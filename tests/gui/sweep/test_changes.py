"""What changed between two runs, as the dialog tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from inspector.core.palette import LIGHT
from inspector.gui.sweep.changes import ChangesDialog, compare_runs, kind_choices
from inspector.gui.sweep.other_facts import OtherFacts, facts_text
from inspector.sweep.compare_runs import CHANGED, ChangeKind
from inspector.sweep.run_info import OtherFact
from tests.sweep.made_up import make_info, make_run

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from inspector.gui.sweep.changes import Changes

COUNT = 600


@pytest.fixture(scope="module")
def changes(tmp_path_factory: pytest.TempPathFactory) -> Changes:
    folder: Path = tmp_path_factory.mktemp("runs")
    later = make_info(
        right_settings={"mode": "hub", "preprocessing": {"resize": {"method": "nearest"}}},
        versions={"python": "3.11.7", "keras": "3.16.0"},
    )
    return compare_runs(
        make_run(folder / "before.sqlite", COUNT, seed=1),
        make_run(folder / "after.sqlite", COUNT, seed=2, info=later),
    )


def test_what_is_not_the_same_is_folded_away(changes: Changes, qtbot: QtBot) -> None:
    dialog = ChangesDialog(changes, make_info().labels, LIGHT, None)
    qtbot.addWidget(dialog)
    dialog.show()
    facts = dialog.facts
    assert facts.button.text() == "1 setting and 1 version are not the same"
    assert not facts.table.isVisible()
    facts.button.click()
    assert facts.table.isVisible()
    items = [facts.table.topLevelItem(place) for place in range(2)]
    assert [[item.text(column) for column in range(3)] for item in items if item] == [
        ["Right: preprocessing, resize, method", "bilinear", "nearest"],
        ["Version of keras", "3.15.1", "3.16.0"],
    ]
    assert "resize" not in dialog.text.text()


def test_nothing_else_means_no_line(qtbot: QtBot) -> None:
    facts = OtherFacts(())
    qtbot.addWidget(facts)
    assert facts.isHidden()
    assert facts_text((OtherFact(("pair",), "a", "b"),)) == "1 setting is not the same"


def test_each_kind_has_its_count_and_its_pictures(changes: Changes, qtbot: QtBot) -> None:
    dialog = ChangesDialog(changes, make_info().labels, LIGHT, None)
    qtbot.addWidget(dialog)
    counts = changes.difference.counts
    choices = kind_choices(changes.difference)
    assert choices[0][1] == f"All changes {sum(counts[kind] for kind in CHANGED):,}"
    met = [kind for kind in CHANGED if counts[kind]]
    assert len(met) > 3
    for kind in met:
        dialog.kinds.choose(kind)
        assert dialog.tree.topLevelItemCount() == counts[kind]
        item = dialog.tree.topLevelItem(0)
        assert item is not None
        assert item.toolTip(1)[0].isupper()
        with qtbot.waitSignal(dialog.compare_wanted) as caught:
            dialog.tree.itemActivated.emit(item, 0)
        assert caught.args[0] == changes.worst[kind][0].after


def test_all_kinds_stand_from_the_worst(changes: Changes) -> None:
    listed = changes.listed(None)
    places = [list(ChangeKind).index(change.kind) for change in listed]
    assert places == sorted(places)
    assert len(listed) == sum(changes.difference.counts[kind] for kind in CHANGED)
