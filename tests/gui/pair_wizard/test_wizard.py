from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QSpinBox

from inspector.core.input_range import LEVELS, SYMMETRIC
from inspector.core.pairs import Side, read_pairs
from inspector.core.palette import DARK, LIGHT
from inspector.core.proposing import ConventionProposal, ProposeTask, known
from inspector.gui.pair_wizard.fields import range_words
from inspector.gui.pair_wizard.runner import TaskRunner
from inspector.gui.pair_wizard.side_form import ROWS
from inspector.gui.pair_wizard.wizard import MODELS, PROGRESS, PROPOSALS, PairWizard
from tests.gui.pair_wizard.stand_ins import FakeTaskWorker
from tests.support.proposals import make_proposal, make_side

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def worker() -> FakeTaskWorker:
    return FakeTaskWorker()


@pytest.fixture
def wizard(qtbot: QtBot, worker: FakeTaskWorker, tmp_path: Path) -> PairWizard:
    made = PairWizard(str(tmp_path), LIGHT, TaskRunner(lambda: worker))
    qtbot.addWidget(made)
    made.show()
    return made


def choose(wizard: PairWizard) -> None:
    wizard.models.take_drop(["keras-application:VGG16", "https://tfhub.dev/google/x/1"])


def find_out(wizard: PairWizard, worker: FakeTaskWorker, tmp_path: Path) -> None:
    choose(wizard)
    wizard.next.click()
    worker.answer(make_proposal(str(tmp_path)))


def combo(wizard: PairWizard, side: Side, row: str) -> QComboBox:
    editor = wizard.proposals.forms[side].editors[row]
    assert isinstance(editor, QComboBox)
    return editor


def pick(wizard: PairWizard, side: Side, row: str, text: str) -> None:
    """Choose a row of a list, as a user does."""
    box = combo(wizard, side, row)
    place = next(i for i in range(box.count()) if box.itemText(i) == text)
    box.setCurrentIndex(place)
    box.activated.emit(place)


def test_nothing_can_be_found_out_before_two_models_are_named(
    wizard: PairWizard, worker: FakeTaskWorker
) -> None:
    assert not wizard.next.isEnabled()
    wizard.models.fields[Side.LEFT].set_model("keras-application:VGG16")
    assert not wizard.next.isEnabled()
    wizard.models.fields[Side.RIGHT].line.setText("/nothing/here")
    wizard.next.click()
    assert wizard.pages.currentIndex() == MODELS
    assert "no file or folder" in wizard.models.fields[Side.RIGHT].said.text()
    assert worker.starts == 0


def test_models_and_pictures_can_be_dropped(wizard: PairWizard, tmp_path: Path) -> None:
    picture = tmp_path / "cat.JPG"
    picture.write_bytes(b"")
    wizard.models.take_drop(["keras-application:VGG16", str(picture)])
    wizard.models.take_drop(["keras-application:ResNet50"])
    left, right = (wizard.models.fields[side].source for side in Side)
    assert left is not None
    assert right is not None
    assert (left.target, right.target) == ("VGG16", "ResNet50")
    assert wizard.models.pictures == (str(picture),)


def test_experiments_run_elsewhere_and_tell_how_far_they_are(
    wizard: PairWizard, worker: FakeTaskWorker
) -> None:
    choose(wizard)
    assert worker.starts == 0
    wizard.next.click()
    assert worker.starts == 1
    task = worker.requests[0].task
    assert isinstance(task, ProposeTask)
    assert task.left.target == "VGG16"
    assert wizard.pages.currentIndex() == PROGRESS
    worker.tell("Trying VGG16 with [0, 1]", 0.5)
    assert wizard.progress.text.text() == "Trying VGG16 with [0, 1]"
    assert wizard.progress.bar.value() == 500


def test_cancel_goes_back_and_nothing_comes_after(
    wizard: PairWizard, worker: FakeTaskWorker
) -> None:
    choose(wizard)
    wizard.next.click()
    assert not wizard.back.isVisible()
    assert not wizard.close_button.isVisible()
    wizard.cancel_button.click()
    assert worker.cancels == 1
    assert wizard.pages.currentIndex() == MODELS
    worker.answer(make_proposal())
    assert wizard.pages.currentIndex() == MODELS


def test_errors_go_back_to_the_models_with_their_mend(
    wizard: PairWizard, worker: FakeTaskWorker
) -> None:
    choose(wizard)
    wizard.next.click()
    worker.fail()
    assert wizard.pages.currentIndex() == MODELS
    assert wizard.models.problem.text() == "It is broken. Mend it."
    wizard.models.fields[Side.LEFT].line.setText("another")
    assert wizard.models.problem.isHidden()


def test_an_engine_that_does_not_start_is_told(wizard: PairWizard, worker: FakeTaskWorker) -> None:
    choose(wizard)
    wizard.next.click()
    worker.fail("There is no engine.", generation=0)
    assert "no engine" in wizard.models.problem.text()


def test_proposals_with_certainty_and_evidence(
    wizard: PairWizard, worker: FakeTaskWorker, tmp_path: Path
) -> None:
    find_out(wizard, worker, tmp_path)
    assert wizard.pages.currentIndex() == PROPOSALS
    forms = wizard.proposals.forms
    assert forms[Side.LEFT].marks["range"].text() == "almost certain, 97 %"
    assert forms[Side.RIGHT].marks["range"].text() == "a guess, 40 %"
    assert combo(wizard, Side.LEFT, "range").currentData() == SYMMETRIC
    assert wizard.proposals.evidence.text().startswith("Input range, right: [0, 1] (a guess")
    assert forms[Side.RIGHT].marks["range"].isChecked()
    forms[Side.LEFT].marks["output"].click()
    assert "•  Sums to 1." in wizard.proposals.evidence.text()
    assert not forms[Side.RIGHT].marks["range"].isChecked()
    assert "Right: The range is not settled." in wizard.proposals.notes.text()


def test_fixed_sizes_cannot_be_changed(
    wizard: PairWizard, worker: FakeTaskWorker, tmp_path: Path
) -> None:
    find_out(wizard, worker, tmp_path)
    sizes = [wizard.proposals.forms[side].editors["size"] for side in Side]
    assert [size.isEnabled() for size in sizes] == [False, True]


def test_saves_what_the_fields_say_and_hands_it_on(
    qtbot: QtBot, wizard: PairWizard, worker: FakeTaskWorker, tmp_path: Path
) -> None:
    find_out(wizard, worker, tmp_path)
    assert wizard.proposals.path == tmp_path / "keras-hub.toml"
    pick(wizard, Side.RIGHT, "range", range_words(LEVELS))
    pick(wizard, Side.RIGHT, "background", "No")
    size = wizard.proposals.forms[Side.RIGHT].editors["size"]
    assert isinstance(size, QSpinBox)
    size.setValue(192)
    wizard.proposals.forms[Side.LEFT].title.setText("My Keras model")
    wizard.proposals.id.setText("mine")
    assert wizard.proposals.forms[Side.RIGHT].marks["range"].text() == "your choice"
    with qtbot.waitSignal(wizard.saved) as saved:
        wizard.next.click()
    assert saved.args == [str(tmp_path / "keras-hub.toml")]
    assert wizard.result() == QDialog.DialogCode.Accepted
    pair = read_pairs(tmp_path / "keras-hub.toml")[0]
    assert pair.id == "mine"
    assert pair.left.title == "My Keras model"
    assert pair.right.range == LEVELS
    assert pair.right.background is False
    assert pair.right.size == (192, 192)
    text = (tmp_path / "keras-hub.toml").read_text(encoding="utf-8")
    assert "# Chosen by the user.\nrange = [0.0, 255.0]" in text
    assert worker.closes == 1


def test_a_choice_taken_back_is_a_proposal_again(
    wizard: PairWizard, worker: FakeTaskWorker, tmp_path: Path
) -> None:
    find_out(wizard, worker, tmp_path)
    pick(wizard, Side.LEFT, "range", range_words(LEVELS))
    pick(wizard, Side.LEFT, "range", range_words(SYMMETRIC))
    assert wizard.proposals.forms[Side.LEFT].marks["range"].text() == "almost certain, 97 %"


def test_a_file_that_is_there_is_named_before_it_is_replaced(
    wizard: PairWizard, worker: FakeTaskWorker, tmp_path: Path
) -> None:
    (tmp_path / "keras-hub.toml").write_text("old", encoding="utf-8")
    find_out(wizard, worker, tmp_path)
    assert wizard.next.text() == "Replace and compare"
    assert "will be replaced" in wizard.proposals.problem.text()
    wizard.proposals.file.setText(str(tmp_path / "other.toml"))
    assert wizard.next.text() == "Save and compare"
    assert wizard.proposals.problem.isHidden()


def test_a_pair_that_cannot_be_written_stays_open(
    wizard: PairWizard, worker: FakeTaskWorker, tmp_path: Path
) -> None:
    find_out(wizard, worker, tmp_path)
    wizard.proposals.file.setText(str(tmp_path / "missing" / "x.toml"))
    wizard.next.click()
    assert "could not be written" in wizard.proposals.problem.text()
    assert wizard.isVisible()
    pick(wizard, Side.LEFT, "output", "Features")
    wizard.proposals.file.setText(str(tmp_path / "x.toml"))
    wizard.next.click()
    assert "gives features" in wizard.proposals.problem.text()
    assert not (tmp_path / "x.toml").exists()


def test_closing_ends_the_engine(wizard: PairWizard, worker: FakeTaskWorker) -> None:
    choose(wizard)
    wizard.next.click()
    wizard.close_button.click()
    assert worker.closes == 1
    assert not wizard.isVisible()


def test_other_colours_reach_every_page(
    wizard: PairWizard, worker: FakeTaskWorker, tmp_path: Path
) -> None:
    find_out(wizard, worker, tmp_path)
    wizard.set_palette_scheme(DARK)
    assert DARK.bad in wizard.proposals.forms[Side.RIGHT].marks["range"].styleSheet()
    assert DARK.good in wizard.proposals.forms[Side.LEFT].marks["range"].styleSheet()


def test_what_is_no_model_is_told_in_the_colour_of_errors(
    wizard: PairWizard, worker: FakeTaskWorker
) -> None:
    left, right = (wizard.models.fields[side] for side in Side)
    left.set_model("keras-application:VGG16")
    right.line.setText("/nothing/here")
    assert wizard.next.isEnabled(), "it is not looked at while it is typed"
    wizard.next.click()
    assert LIGHT.bad in right.said.styleSheet()
    assert LIGHT.bad not in left.said.styleSheet()
    assert not wizard.next.isEnabled()
    wizard.set_palette_scheme(DARK)
    assert DARK.bad in right.said.styleSheet()
    right.line.setText("keras-application:ResNet50")
    assert DARK.bad not in right.said.styleSheet()
    assert wizard.next.isEnabled()
    wizard.next.click()
    assert len(worker.requests) == 1


@pytest.mark.parametrize("by_focus", [True, False])
def test_a_model_that_was_missing_may_be_there_by_now(
    wizard: PairWizard, qtbot: QtBot, tmp_path: Path, by_focus: bool
) -> None:
    late = tmp_path / "late.keras"
    left, right = (wizard.models.fields[side] for side in Side)
    right.set_model("keras-application:VGG16")
    left.set_model(str(late))
    assert left.is_wrong
    assert not wizard.next.isEnabled()
    with qtbot.assertNotEmitted(left.changed):
        left.look()
    late.write_bytes(b"PK\x03\x04")
    if by_focus:
        right.line.setFocus()
        left.line.setFocus()
    else:
        left.look()
    assert not left.is_wrong
    assert left.source is not None
    assert LIGHT.bad not in left.said.styleSheet()
    assert wizard.next.isEnabled()


def test_kinds_of_models_keep_their_capitals(wizard: PairWizard, tmp_path: Path) -> None:
    (tmp_path / "hub").mkdir()
    (tmp_path / "hub" / "saved_model.pb").write_bytes(b"")
    field = wizard.models.fields[Side.LEFT]
    field.set_model(str(tmp_path / "hub"))
    assert field.said.text() == "SavedModel: hub"


def test_all_that_is_doubtful_is_explained_first(
    wizard: PairWizard, worker: FakeTaskWorker, tmp_path: Path
) -> None:
    find_out(wizard, worker, tmp_path)
    heads = [block.splitlines()[0] for block in wizard.proposals.evidence.text().split("\n\n")]
    assert heads == [
        "Input range, right: [0, 1] (a guess, 40 %)",
        "Input size, right: 224 px (a guess, 50 %)",
        "Preprocessing, left: Keras (uncertain, 60 %)",
    ]
    forms = wizard.proposals.forms
    shown = [(side, row) for side in Side for row in ROWS if forms[side].marks[row].isChecked()]
    assert shown == [(Side.LEFT, "mode"), (Side.RIGHT, "range"), (Side.RIGHT, "size")]


def test_the_least_sure_is_explained_where_nothing_is_doubtful(
    wizard: PairWizard, worker: FakeTaskWorker
) -> None:
    choose(wizard)
    wizard.next.click()
    sure = make_side(mode=known("keras", "Said so."))
    least = make_side(
        mode=known("keras", "Said so."),
        background=ConventionProposal(True, 0.81, ("1001 outputs.",)),
    )
    worker.answer(make_proposal(left=sure, right=least))
    said = wizard.proposals.evidence.text()
    assert said.startswith("Background class, right: Yes, at index 0 (likely, 81 %)")
    assert "\n\n" not in said


def test_evidence_has_the_words_of_the_fields(
    wizard: PairWizard, worker: FakeTaskWorker, tmp_path: Path
) -> None:
    find_out(wizard, worker, tmp_path)
    for side in Side:
        form = wizard.proposals.forms[side]
        for row in ("mode", "range", "output", "background"):
            form.marks[row].click()
            head = wizard.proposals.evidence.text().splitlines()[0]
            assert f", {side}: {combo(wizard, side, row).currentText()} (" in head
    wizard.proposals.labels_mark.click()
    assert wizard.proposals.evidence.text().startswith("Labels: ImageNet (")


def test_the_editors_of_a_row_are_equally_high(
    wizard: PairWizard, worker: FakeTaskWorker, tmp_path: Path
) -> None:
    find_out(wizard, worker, tmp_path)
    QApplication.processEvents()
    editors = wizard.proposals.forms[Side.LEFT].editors.values()
    tallest = max(editor.sizeHint().height() for editor in editors)
    assert {editor.minimumHeight() for editor in editors} == {tallest}
    assert {editor.height() for editor in editors} == {tallest}
