from __future__ import annotations

from pathlib import Path

import pytest

from inspector.core.errors import InputError, PairFileError, ReleaseMissingError
from inspector.core.input_range import CAFFE, SYMMETRIC
from inspector.core.proposing import ConventionProposal, PairProposal, ProposeTask, id_of
from inspector.core.proposing_words import (
    certainty_text,
    labels_of,
    others_text,
    plain_value,
    source_of,
    value_text,
)
from inspector.core.sources import Source, SourceKind
from tests.support.proposals import make_proposal, make_side


@pytest.mark.parametrize(
    ("confidence", "word", "doubtful"),
    [
        (1.0, "known", False),
        (0.99, "almost certain", False),
        (0.85, "likely", False),
        (0.6, "uncertain", True),
        (0.3, "a guess", True),
    ],
)
def test_certainty_in_words(confidence: float, word: str, doubtful: bool) -> None:
    found = ConventionProposal("x", confidence, (), (("y", 0.2), ("z", 0.01)))
    assert found.certainty == word
    assert found.is_doubtful is doubtful
    assert certainty_text(found).startswith(word)
    assert others_text(found) == "y 20 %"


def test_a_pair_takes_what_is_proposed() -> None:
    proposal = make_proposal()
    pair = proposal.to_pair()
    assert pair.left.range == SYMMETRIC
    assert pair.left.size is None
    assert pair.right.size == (224, 224)
    assert pair.right.background is True
    assert pair.labels == "imagenet"


def test_one_model_makes_no_pair() -> None:
    alone = PairProposal("x", "x", make_side(), None)
    with pytest.raises(InputError, match="needs two models"):
        alone.to_pair()
    assert [side for side, _ in alone.sides()] == ["left"]


def test_ids_are_made_of_names() -> None:
    assert id_of("My Model.keras", "hub v4") == "my_model-hub_v4"
    assert id_of("ü") == "pair"


def test_a_task_names_what_has_to_be_fetched() -> None:
    handle = Source(SourceKind.HUB, "https://tfhub.dev/google/x/1")
    task = ProposeTask(Source(SourceKind.KERAS_FILE, "/x.keras"), handle)
    assert [release.source.is_remote for release in task.releases] == [False, True]


def test_sources_are_lines_paths_or_handles(tmp_path: Path) -> None:
    assert source_of("keras-application:VGG16").kind is SourceKind.KERAS_APPLICATION
    assert source_of(" https://tfhub.dev/x ").kind is SourceKind.HUB
    with pytest.raises(ReleaseMissingError):
        source_of(str(tmp_path / "nothing"))
    with pytest.raises(PairFileError):
        source_of("keras-application:")
    assert labels_of("indices") == "indices"
    assert Path(labels_of("labels.txt")).is_absolute()


def test_values_in_words() -> None:
    assert plain_value(CAFFE) == "caffe"
    assert value_text(SYMMETRIC) == "[-1, 1]"
    assert value_text((96, 96)) == "[96, 96]"
    assert value_text(True) == "yes"
