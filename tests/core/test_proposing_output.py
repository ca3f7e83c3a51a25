from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import numpy as np
import pytest

from inspector.core.errors import PairFileError
from inspector.core.pairs import OutputKind
from inspector.core.proposing_labels import GOLF_BALL, labels_proposal, wished_labels
from inspector.core.proposing_output import (
    agreement_of,
    as_logits,
    background_proposal,
    before_sigmoid,
    output_proposal,
)
from inspector.core.sources import Source, SourceKind

if TYPE_CHECKING:
    from pathlib import Path


def rows(classes: int, seed: int = 0, count: int = 8) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 2, (count, classes))


def softmax(logits: np.ndarray) -> np.ndarray:
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


@pytest.mark.parametrize(
    ("given", "kind", "sure"),
    [
        (softmax(rows(19)), OutputKind.PROBABILITIES, True),
        (rows(19), OutputKind.LOGITS, True),
        (np.maximum(rows(1280), 0), OutputKind.FEATURES, True),
        (rows(1280), OutputKind.FEATURES, False),
        (np.abs(rows(77)), OutputKind.FEATURES, False),
        (np.abs(rows(1000)), OutputKind.LOGITS, True),
        (1 / (1 + np.exp(-rows(19))), OutputKind.LOGITS, False),
        (1 / (1 + np.exp(-rows(1000))), OutputKind.LOGITS, False),
    ],
)
def test_output_kinds(given: np.ndarray, kind: OutputKind, sure: bool) -> None:
    found = output_proposal(given)
    assert found.value is kind
    assert (not found.is_doubtful) is sure


@pytest.mark.parametrize("classes", [19, 1000, 1280])
def test_a_known_sigmoid_is_told_whatever_its_width(classes: int) -> None:
    found = output_proposal(1 / (1 + np.exp(-rows(classes))), sigmoid=True)
    assert found.value is OutputKind.LOGITS
    assert found.is_doubtful
    assert "Its last operation is a sigmoid" in found.evidence[0]


def test_what_stood_before_a_sigmoid_is_found_again() -> None:
    logits = rows(19)
    np.testing.assert_allclose(before_sigmoid(1 / (1 + np.exp(-logits))), logits, rtol=1e-9)
    assert np.isfinite(before_sigmoid(np.array([[0.0, 1.0]]))).all()


def test_what_half_precision_makes_0_does_not_drown_the_rest() -> None:
    exact = softmax(4 * rows(19))
    half = exact.astype(np.float16).astype(np.float64)
    assert (half == 0.0).any()
    assert np.abs(as_logits(half) - np.maximum(np.log(exact), np.log(2.0**-25))).max() < 0.7


def test_the_background_is_told_by_the_other_model() -> None:
    few = rows(19)
    many = np.concatenate([np.full((8, 1), -3.0), few], axis=1)
    found = background_proposal(many, OutputKind.LOGITS, few)
    assert found.value is True
    assert found.confidence > 0.9
    assert background_proposal(few, OutputKind.LOGITS, many).value is False


def test_a_class_more_at_the_end_is_no_background() -> None:
    few = rows(19)
    many = np.concatenate([few, np.full((8, 1), -3.0)], axis=1)
    assert background_proposal(many, OutputKind.LOGITS, few).value is False


def test_imagenet_counts_tell_the_background() -> None:
    assert background_proposal(rows(1001), OutputKind.LOGITS, None).value is True
    alone = background_proposal(rows(1000), OutputKind.LOGITS, None)
    assert alone.value is False
    beside = background_proposal(rows(1000), OutputKind.LOGITS, rows(1001, seed=4))
    assert (beside.value, beside.confidence) == (alone.value, alone.confidence)
    assert background_proposal(rows(19), OutputKind.LOGITS, None).is_doubtful


def test_logits_and_probabilities_of_one_model_agree() -> None:
    logits = rows(19)
    found = agreement_of(softmax(logits), logits)
    assert found.same
    assert found.correlation == pytest.approx(1.0)
    assert not agreement_of(rows(19, 1), rows(19, 2)).same
    shifted = np.concatenate([np.full((8, 1), -9.0), logits], axis=1)
    assert agreement_of(softmax(logits), shifted).same
    assert agreement_of(rows(19), rows(30)).correlation == 0.0


def test_what_all_pictures_share_is_no_agreement() -> None:
    shared = rows(19, seed=5, count=1) * 10
    a, b = rows(19, 1) + shared, rows(19, 2) + shared
    assert abs(agreement_of(a, b).correlation) < 0.3


def test_zero_probabilities_have_logits() -> None:
    assert np.isfinite(as_logits(np.array([[1.0, 0.0, 0.0]]))).all()


def source(path: Path) -> Source:
    return Source(SourceKind.KERAS_FILE, str(path))


def test_a_label_file_beside_the_model_is_found(tmp_path: Path) -> None:
    model = tmp_path / "flowers.keras"
    (tmp_path / "classes.txt").write_text("\n".join("abcd"), encoding="utf-8")
    (tmp_path / "labels.txt").write_text("rose\ntulip\n\noak\n", encoding="utf-8")
    found = labels_proposal(source(model), 3, OutputKind.PROBABILITIES, None)
    assert found.value == str(tmp_path / "labels.txt")
    assert labels_proposal(source(model), 9, OutputKind.LOGITS, None).value == "indices"
    (tmp_path / "flowers.txt").write_text("1\n2\n3", encoding="utf-8")
    own = labels_proposal(source(model), 3, OutputKind.PROBABILITIES, None)
    assert own.value == str(tmp_path / "flowers.txt")


def test_labels_packed_into_a_tflite_model_come_first(tmp_path: Path) -> None:
    model = tmp_path / "pets.tflite"
    model.write_bytes(b"\x1c\0\0\0TFL3" + bytes(200))
    (tmp_path / "labels.txt").write_text("1\n2\n3", encoding="utf-8")
    packed = Source(SourceKind.TFLITE, str(model))
    beside = labels_proposal(packed, 3, OutputKind.PROBABILITIES, None)
    assert beside.value == str(tmp_path / "labels.txt")
    with zipfile.ZipFile(model, "a") as archive:
        archive.writestr("pet_labels.txt", "background\ncat\ndog\nowl")
    found = labels_proposal(packed, 3, OutputKind.PROBABILITIES, None)
    assert found.value == str(model)
    assert found.evidence == ("3 labels are packed into the model.",)


def test_imagenet_is_sure_where_the_golf_ball_is_one(tmp_path: Path) -> None:
    sure = labels_proposal(source(tmp_path / "x"), 1000, OutputKind.LOGITS, GOLF_BALL)
    unsure = labels_proposal(source(tmp_path / "x"), 1000, OutputKind.LOGITS, 3)
    assert sure.value == unsure.value == "imagenet"
    assert sure.confidence > 0.95
    assert unsure.is_doubtful


def test_labels_that_the_user_names_must_fit(tmp_path: Path) -> None:
    file = tmp_path / "mine.txt"
    file.write_text("a\nb\n", encoding="utf-8")
    assert wished_labels(str(file), 2).certainty == "known"
    with pytest.raises(PairFileError, match="2 labels"):
        wished_labels(str(file), 3)


def test_a_quantised_softmax_gives_probabilities() -> None:
    step = 1 / 256
    given = np.floor(softmax(rows(1001)) / step) * step
    assert output_proposal(given).value is OutputKind.LOGITS
    by_sum = output_proposal(given, step)
    assert by_sum.value is OutputKind.PROBABILITIES
    known = output_proposal(given, step, softmax=True)
    assert known.certainty == "known"
    assert known.evidence[0] == "Its last operation is a softmax."
    assert known.confidence > by_sum.confidence
    assert as_logits(given, step).min() == pytest.approx(np.log(step / 2))
