from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

from inspector.core.pairs import Side
from inspector.core.reports.csv_report import COLUMNS, comparison_csv
from inspector.core.reports.explain_report import explanation_text
from inspector.core.reports.markdown_report import markdown_report
from inspector.core.reports.report import TEXT_WIDTH, comparison_json, report_text
from inspector.core.reports.runs_report import run_lines
from tests.support.explanations import make_explanation
from tests.support.results import make_result
from tests.support.side_runs import CHECKPOINT, make_full_result, with_training


def test_json_has_nothing_where_nothing_was_asked_for() -> None:
    found = comparison_json(make_result())
    assert found["left"]["training"] is None
    assert found["right"]["auxiliary"] is None


def test_json_of_training_mode() -> None:
    result = make_full_result()
    effect = result.left.training
    assert effect is not None
    found = comparison_json(result, top=3)["left"]["training"]
    assert found["settings"] == {"seed": 3, "count": 16, "batch": "crops", "folder": None}
    assert found["max_abs_difference"] == effect.max_abs_difference
    assert found["js"] == effect.js
    assert found["top1_same"] is False
    assert found["random"] is True
    assert found["note"] == "A note."
    assert [row["rank"] for row in found["top"]] == [1, 2, 3]
    first = found["top"][0]
    assert (first["index"], first["label"]) == (722, "ping-pong ball")
    assert first["probability"] == effect.scores.probabilities[722]
    assert first["inference_probability"] == result.left.scores.probabilities[722]
    json.dumps(found, allow_nan=False)


def test_json_of_an_auxiliary_head() -> None:
    found = comparison_json(make_full_result())
    left, right = found["left"]["auxiliary"], found["right"]["auxiliary"]
    assert left["trained"] is False
    assert left["settings"] == {"checkpoint": None, "seed": 0}
    assert right["trained"] is True
    assert right["settings"]["checkpoint"] == CHECKPOINT
    assert right["endpoint"] == "InceptionV3/Mixed_6e"
    assert right["top"][0]["index"] == 574
    assert right["top"][0]["main_probability"] is not None


def test_text_marks_each_run_and_stays_in_its_width() -> None:
    text = report_text(make_full_result())
    for mark in (
        "Left, training mode (16 pictures, random crops, seed 3)",
        "Left, auxiliary head, untrained (random weights, seed 0",
        "Right, training mode",
        "Right, auxiliary head (weights of inception_v3.ckpt",
        "  Note: A note.",
    ):
        assert mark in text
    assert max(map(len, text.splitlines())) <= TEXT_WIDTH
    assert "training" not in report_text(make_result())


def test_an_explanation_shows_them_too() -> None:
    text = explanation_text(make_explanation(make_full_result()))
    assert "Left, training mode (16 pictures, random crops, seed 3)" in text
    assert "Left, auxiliary head, untrained" in text


def test_lines_set_the_classes_side_by_side() -> None:
    (lines,) = run_lines(with_training(make_result(), Side.LEFT), 2)
    head = next(line for line in lines if "Inference" in line)
    assert head.split() == ["Class", "Inference", "Training", "Difference"]
    row = next(line for line in lines if line.strip().startswith("ping-pong ball"))
    assert head.index("Training") + len("Training") == row.rindex("%") + 1


def test_csv_has_a_column_for_each_run() -> None:
    result = make_full_result()
    rows = list(csv.DictReader(io.StringIO(comparison_csv(result), newline="")))
    assert tuple(rows[0])[len(COLUMNS) :] == (
        "left_training_probability",
        "left_auxiliary_untrained_probability",
        "right_training_probability",
        "right_auxiliary_probability",
    )
    effect = result.left.training
    assert effect is not None
    assert float(rows[722]["left_training_probability"]) == effect.scores.probabilities[722]


def test_markdown_has_a_section_for_each_run() -> None:
    text = markdown_report(make_full_result())
    assert "## Left, training mode\n\n16 pictures, random crops, seed 3." in text
    assert "| Class (index) | Inference | Training | Difference |" in text
    assert "## Left, auxiliary head, untrained" in text
    assert "| Class (index) | Main head | Untrained head | Difference |" in text
    assert CHECKPOINT not in text, "a path names a machine"
    assert "training" not in markdown_report(make_result())


def test_pictures_of_a_folder_are_named() -> None:
    names = tuple(f"{number}.jpg" for number in range(5))
    result = with_training(make_result(), Side.LEFT)
    effect = result.left.training
    assert effect is not None
    assert comparison_json(result)["left"]["training"]["pictures"] == []
    told = replace(result.left, training=replace(effect, pictures=names))
    result = replace(result, left=told)
    assert comparison_json(result)["left"]["training"]["pictures"] == list(names)
    said = "  Beside this picture: 0.jpg, 1.jpg, 2.jpg and 2 more (all are named in the JSON)."
    assert said in report_text(result).splitlines()
