from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from inspector.core.pairs import Side
from inspector.core.palette import DARK, LIGHT
from inspector.gui.side_runs import SHOWN_CLASSES, SideRuns
from tests.support.results import make_result
from tests.support.side_runs import make_full_result, with_training

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def strip(qtbot: QtBot) -> SideRuns:
    made = SideRuns()
    qtbot.addWidget(made)
    return made


def shown(strip: SideRuns) -> list[str]:
    return [line.mark.text() for line in strip.lines if not line.isHidden()]


def test_it_is_hidden_where_there_is_no_run(strip: SideRuns) -> None:
    strip.set_result(make_result())
    assert strip.isHidden()
    strip.set_result(with_training(make_result(), Side.LEFT))
    assert not strip.isHidden()
    strip.set_result(None)
    assert strip.isHidden()


def test_each_run_has_a_line_with_its_mark(strip: SideRuns) -> None:
    strip.set_result(make_full_result())
    assert shown(strip) == [
        "Left, training mode",
        "Left, auxiliary head",
        "Right, training mode",
        "Right, auxiliary head",
    ]
    assert [line.warning.text() for line in strip.lines] == ["", "untrained", "", ""]
    assert strip.lines[0].text.text().startswith("Top 1 changes from golf ball")
    assert "A note." in strip.lines[0].text.text()
    assert "16 pictures" in strip.lines[0].text.toolTip()
    strip.set_result(with_training(make_result(), Side.RIGHT))
    assert shown(strip) == ["Right, training mode"]


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_its_mark_has_the_colour_of_its_side(strip: SideRuns, palette: object) -> None:
    strip.set_palette_scheme(palette)  # type: ignore[arg-type]
    strip.set_result(with_training(make_result(), Side.RIGHT))
    assert palette.right in strip.lines[0].mark.styleSheet()  # type: ignore[attr-defined]


def test_the_dialog_follows_the_result(strip: SideRuns) -> None:
    strip.show()
    strip.set_result(with_training(make_result(), Side.LEFT, first=722))
    line = strip.lines[0]
    line.button.click()
    dialog = line.dialog
    assert dialog is not None
    assert SHOWN_CLASSES <= dialog.table.rowCount() <= 2 * SHOWN_CLASSES
    head = [dialog.table.horizontalHeaderItem(i) for i in range(4)]
    assert [item.text() for item in head if item] == [
        *("Class", "Inference", "Training", "Difference"),
    ]
    first = dialog.table.item(0, 0)
    assert first is not None
    assert first.text() == "ping-pong ball"
    assert "Top 1 changes" in dialog.text.text()
    strip.set_result(with_training(make_result(), Side.LEFT, first=574))
    assert "Top 1 stays" in dialog.text.text()
    strip.set_result(make_result())
    assert line.dialog is None


def test_it_is_dimmed_while_it_is_out_of_date(strip: SideRuns) -> None:
    strip.set_result(make_full_result())
    strip.set_stale(True)
    assert not any(line.isEnabled() for line in strip.lines)
    strip.set_stale(False)
    assert all(line.isEnabled() for line in strip.lines)
