"""The table stays narrow and short; the JSON is finite and whole."""

from __future__ import annotations

import json

import numpy as np
import pytest

from inspector.core.catalogue import STARTER, choose_pair
from inspector.core.weights.audit import WeightAudit, audit_weights
from inspector.core.weights.report import WIDTH, audit_json, audit_table
from tests.support.checkpoints import (
    altered,
    changed,
    checkpoint,
    folded,
    renamed,
    with_background,
)

PAIR = choose_pair(STARTER)


@pytest.fixture(
    params=["same", "sliced", "folded", "altered", "other training", "head only", "not finite"]
)
def audit(request: pytest.FixtureRequest) -> WeightAudit:
    weights = checkpoint()
    right = {
        "same": weights,
        "sliced": renamed(with_background(weights)),
        "folded": folded(weights, "bias"),
        "altered": altered(weights, "stem/kernel"),
        "other training": checkpoint(1),
        "head only": weights[:-2],
        "not finite": changed(weights, lambda name, v: v * (np.inf if "stem/" in name else 1)),
    }[request.param]
    return audit_weights(weights, right)


def test_table(audit: WeightAudit) -> None:
    short, full = (audit_table(audit, PAIR, everything=each) for each in (False, True))
    for text in (short, full):
        assert max(map(len, text.splitlines())) <= WIDTH
        assert text.replace("\n", " ").startswith(audit.text)
    assert len(short.splitlines()) < 60
    for row in audit.rows:
        assert row.name[-20:] in full


def test_json(audit: WeightAudit) -> None:
    found = json.loads(json.dumps(audit_json(audit, PAIR), allow_nan=False))
    assert found["schema"] == "twin-inspector/weights/1"
    assert found["same_checkpoint"] is audit.same_checkpoint
    assert sum(found["counts"].values()) == len(found["rows"]) == len(audit.rows)
    assert found["left"] == {"release": PAIR.left.name, "variables": audit.left_count}
    assert set(found["rows"][0]) == {
        *("left", "left_shape", "right", "right_shape", "status", "note", "elements"),
        *("max_abs_difference", "relative_difference"),
    }


def test_the_worst_comes_first_and_long_lists_are_cut() -> None:
    text = audit_table(audit_weights(checkpoint(), checkpoint(1)), PAIR)
    assert "… and 25 more (--all lists them)" in text
    lines = audit_table(audit_weights(checkpoint(), checkpoint()[:-2]), PAIR).splitlines()
    titles = [line for line in lines if line.endswith((": 2", ": 35"))]
    assert titles == ["only on the left: 2", "equal: 35"]
