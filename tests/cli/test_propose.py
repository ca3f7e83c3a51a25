"""``propose`` and ``releases publish`` as a user starts them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from inspector.core.input_range import LEVELS, SYMMETRIC
from inspector.core.pairs import read_pairs
from inspector.core.proposing import PairProposal
from inspector.core.twin import Parity, Published, PublishTask
from tests.support.program import ROOT, run_program
from tests.support.proposals import make_proposal, make_side

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from inspector.core.proposing import ProposeTask
    from tests.support.program import Outcome

    Call = Callable[..., Outcome]

STARTER = ROOT / "resources" / "starter"
WEIGHTS = STARTER / "mobilenet_v2_0.35_96.weights.h5"
LEFT = f"keras-application:MobileNetV2?alpha=0.35&size=96&weights={WEIGHTS}"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[ProposeTask]:
    """Answer every task with a made-up proposal; give the tasks."""
    tasks: list[ProposeTask] = []

    def propose(task: ProposeTask, watcher: object) -> PairProposal:
        tasks.append(task)
        if task.right is None:
            return PairProposal("alone", "Alone", make_side(), None)
        return make_proposal("/models")

    monkeypatch.setattr("inspector.engine.proposing.propose", propose)
    return tasks


def test_the_real_program_writes_a_pair_that_compares(tmp_path: Path) -> None:
    file = tmp_path / "starter.toml"
    outcome = run_program("propose", LEFT, STARTER / "hub", "-o", file, "--json")
    assert outcome.code == 0, outcome.err
    value = outcome.json()
    assert value["schema"] == "twin-inspector/proposal/1"
    assert value["file"] == str(file)
    assert value["left"]["range"]["value"] == [-1.0, 1.0]
    assert value["right"]["range"]["value"] == [0.0, 1.0]
    assert value["right"]["range"]["confidence"] > 0.9
    assert value["right"]["background"]["value"] is True
    pair = read_pairs(file)[0]
    assert pair.left.range == SYMMETRIC
    assert pair.labels == "imagenet"
    compared = run_program(
        "compare", ROOT / "resources" / "samples" / "golf_ball.jpg", "--pair", file, "--json"
    )
    assert compared.code == 0, compared.err
    assert compared.json()["comparison"]["top1_same"] is True


def test_text_tells_certainty_evidence_and_the_next_command(
    call: Call, asked: list[ProposeTask], tmp_path: Path
) -> None:
    file = tmp_path / "mine.toml"
    outcome = call("propose", LEFT, "keras-application:VGG16", "-o", file, "--labels", "indices")
    assert outcome.code == 0, outcome.err
    assert "range      [-1, 1]  (almost certain, 97 %)" in outcome.out
    assert "range      [0, 1]  (a guess, 40 %; else [-1, 1] 35 %)" in outcome.out
    assert "      It fits." in outcome.out
    assert "note: The range is not settled." in outcome.out
    assert f"compare IMAGE --pair {file}" in outcome.err
    assert asked[0].labels == "indices"
    assert "# A guess, 40 %: Unclear." in file.read_text(encoding="utf-8")


def test_one_model_prints_its_table(call: Call, asked: list[ProposeTask]) -> None:
    outcome = call("propose", LEFT)
    assert outcome.code == 0, outcome.err
    assert "[pair.left]" in outcome.out
    assert "range = [-1.0, 1.0]" in outcome.out
    assert "releases publish" in outcome.err


def test_nothing_is_tried_where_the_answer_could_not_be_written(
    call: Call, asked: list[ProposeTask], tmp_path: Path
) -> None:
    file = tmp_path / "mine.toml"
    assert call("propose", LEFT, "-o", file).code == 2
    file.write_text("old", encoding="utf-8")
    outcome = call("propose", LEFT, LEFT, "-o", file)
    assert outcome.code == 3
    assert "is there already" in outcome.err
    assert call("propose", LEFT, LEFT, "-o", tmp_path / "mine.txt").code == 3
    assert not asked
    assert call("propose", LEFT, LEFT, "-o", file, "--force").code == 0
    assert read_pairs(file)[0].id == "keras-hub"


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (("/nothing/here.keras",), 4, "no file or folder"),
        (("keras-fil:x",), 4, "no file or folder"),
        (("keras-application:",), 3, "names nothing"),
        ((LEFT, LEFT, "--picture", "/no/picture.png"), 3, "no picture"),
    ],
)
def test_wrong_arguments(
    call: Call, asked: list[ProposeTask], arguments: tuple[str, ...], code: int, text: str
) -> None:
    outcome = call("propose", *arguments)
    assert outcome.code == code
    assert text in outcome.err
    assert not asked


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[PublishTask]:
    """Answer every task as if the twin were made; give the tasks."""
    tasks: list[PublishTask] = []

    def publish(task: PublishTask, watcher: object) -> Published:
        tasks.append(task)
        pair = make_proposal().to_pair()
        found = make_side().range
        return Published(
            task.folder, task.pair_file, pair, found, Parity(2e-6, 9.0, 7), ("A note.",)
        )

    monkeypatch.setattr("inspector.engine.twin.publish_twin", publish)
    return tasks


def test_publish_says_what_was_proven(
    call: Call, published: list[PublishTask], tmp_path: Path
) -> None:
    outcome = call(
        *("releases", "publish", LEFT, "-o", tmp_path / "twin"),
        *("--range=0,255", "--background", "--labels", "imagenet", "--force"),
    )
    assert outcome.code == 0, outcome.err
    assert "at most 2e-06 apart" in outcome.out
    assert "note: A note." in outcome.out
    assert f"--pair {tmp_path / 'twin.toml'}" in outcome.err
    (task,) = published
    assert task.range == LEVELS
    assert task.background
    assert task.force
    assert task.labels == "imagenet"
    assert task.folder == tmp_path / "twin"


def test_publish_as_json(call: Call, published: list[PublishTask], tmp_path: Path) -> None:
    outcome = call("releases", "publish", LEFT, "-o", tmp_path / "twin", "--json")
    value: dict[str, Any] = json.loads(outcome.out)
    assert value["schema"] == "twin-inspector/published/1"
    assert value["parity"] == {
        "max_logit_difference": 2e-6,
        "tolerance": pytest.approx(9e-4),
        "pictures": 7,
    }
    assert value["pair_file"] == str(tmp_path / "twin.toml")
    assert published[0].range is None


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("releases", "publish", "-o", "x"), "needs a model"),
        (("releases", "publish", LEFT), "needs a folder"),
        (("releases", "publish", LEFT, "-o", "x", "--range", "0,2"), "range '0,2' is not known"),
        (("releases", "list", "--background"), "takes no --background"),
        (("releases", "forget", "starter", "--force"), "takes no --force"),
    ],
)
def test_publish_with_wrong_arguments(
    call: Call, published: list[PublishTask], arguments: tuple[str, ...], text: str
) -> None:
    outcome = call(*arguments)
    assert outcome.code == 2
    assert text in outcome.err
    assert not published
