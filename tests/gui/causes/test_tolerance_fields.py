from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QValidator

from inspector.gui.causes.tolerance_fields import ToleranceBox

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def box(qtbot: QtBot) -> ToleranceBox:
    made = ToleranceBox("rtol", 1e-5)
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize("text", ["1e-12", "0.8", "0,8", "3E-7", " 2 ", "1e-5"])
def test_numbers_are_taken_exactly(box: ToleranceBox, text: str) -> None:
    assert box.validate(text, 0)[0] is QValidator.State.Acceptable
    box.lineEdit().setText(text)
    box.interpretText()
    assert box.value() == float(text.replace(",", "."))


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("", QValidator.State.Intermediate),
        ("1e-", QValidator.State.Intermediate),
        ("-1", QValidator.State.Invalid),
        ("x", QValidator.State.Invalid),
        ("1e9", QValidator.State.Invalid),
    ],
)
def test_other_texts_are_not(box: ToleranceBox, text: str, state: QValidator.State) -> None:
    assert box.validate(text, 0)[0] is state


def test_steps_are_factors_of_ten(box: ToleranceBox) -> None:
    box.stepUp()
    assert box.text() == "0.0001"
    box.stepBy(-3)
    assert box.value() == 1e-7
    box.setValue(1e-12)
    box.stepDown()
    assert box.value() == 0
    box.stepUp()
    assert box.value() == 1e-12
