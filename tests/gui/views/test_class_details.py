from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from inspector.core.comparison import first_near_ties
from inspector.gui.views.class_details import NOTHING_SELECTED, ClassDetailsView


@pytest.fixture
def view(show, result) -> ClassDetailsView:
    view = show(ClassDetailsView)
    view.set_result(result)
    return view


def test_without_a_class_it_says_how_to_choose_one(view):
    assert view.message == NOTHING_SELECTED


def test_all_numbers_of_the_class_are_there(view, result):
    view.set_selected_class(518)
    comparison = result.comparison
    assert view.message == ""
    entries = view.entries
    assert entries["Class"] == "crash helmet"
    assert entries["Index"] == "518"
    assert entries["WordNet id"] == result.labels.wordnet_id(518)
    assert float(entries["Left probability"]) == pytest.approx(comparison.left[518])
    assert float(entries["Right probability"]) == pytest.approx(comparison.right[518])
    assert float(entries["Difference"]) == pytest.approx(comparison.difference[518])
    assert float(entries["Left logit"]) == pytest.approx(comparison.left_logits[518])
    assert float(entries["Right logit"]) == pytest.approx(comparison.right_logits[518])
    plain = comparison.left_logits[518] - comparison.right_logits[518]
    assert float(entries["Logit difference"]) == pytest.approx(plain)
    assert float(entries["Centred difference"]) == pytest.approx(comparison.logit_difference[518])
    assert entries["Rank"] == f"{comparison.left_ranks[518]} → {comparison.right_ranks[518]}"
    assert entries["Near-tie"] == ("yes" if first_near_ties(comparison)[518] else "no")


def test_the_logit_difference_is_that_of_the_two_lines_above_it(view, result):
    shifted = replace(result.comparison, left_logits=result.comparison.left_logits + 5.0)
    view.set_result(replace(result, comparison=shifted))
    view.set_selected_class(518)
    entries = view.entries
    shown = float(entries["Left logit"]) - float(entries["Right logit"])
    assert float(entries["Logit difference"]) == pytest.approx(shown)
    assert float(entries["Centred difference"]) != pytest.approx(shown)
    labels = {label.text(): label.toolTip() for label in view.findChildren(QLabel)}
    assert "less its mean" in labels["Centred difference"]


def test_another_class_replaces_the_numbers_and_none_brings_the_sentence(view):
    view.set_selected_class(518)
    view.set_selected_class(574)
    assert view.entries["Class"] == "golf ball"
    assert len(view.entries) == 12
    view.set_selected_class(None)
    assert view.message == NOTHING_SELECTED


def test_values_can_be_marked_and_copied(view):
    view.set_selected_class(574)
    value = next(label for label in view.findChildren(QLabel) if label.text() == "golf ball")
    assert value.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
    assert "Index\t574" in view.as_text().splitlines()
