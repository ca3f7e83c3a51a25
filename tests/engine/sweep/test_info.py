from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from inspector.core.errors import UsageError
from inspector.core.pairs import PairSpec, Side, parse_pairs
from inspector.core.trust import content_sha256
from inspector.engine.sweep.info import make_info, pair_table
from inspector.engine.sweep.machine import require_classes
from inspector.session import Session
from tests.support import models

if TYPE_CHECKING:
    from inspector.engine.engine import LoadedPair


def test_a_pair_is_read_back_from_its_table(tiny: PairSpec, starter: PairSpec) -> None:
    for pair in (tiny, starter):
        read = parse_pairs({"pair": [pair_table(pair)]}, Path.cwd(), "test")[0]
        assert pair_table(read) == pair_table(pair)
        assert read.left.source == pair.left.source
        assert read.right.range == pair.right.range


def test_a_run_says_which_releases_and_settings_it_is_about(tiny_loaded: LoadedPair) -> None:
    session = Session(tiny_loaded.spec)
    session.set_mode(Side.RIGHT, "identical")
    left, right = (session.settings(side) for side in Side)
    info = make_info(tiny_loaded, left, right, "/photos", "folders", {"batch": 4})
    assert info.pair_id == tiny_loaded.spec.id
    assert info.left_settings["mode"] == "keras"
    assert info.right_settings["mode"] == "identical"
    assert info.release_hashes["left"] == content_sha256(
        Path(tiny_loaded.spec.left.source.option("weights"))
    )
    assert len(info.release_hashes["right"]) == 64
    assert info.labels == tiny_loaded.labels.names
    assert info.noise_floor == tiny_loaded.check.noise_floor
    assert info.options == {"batch": 4}
    assert info.versions["tensorflow"]


def test_a_pair_of_features_is_refused() -> None:
    side = models.keras_spec("/a.keras", output=models.OutputKind.FEATURES)
    with pytest.raises(UsageError, match="features"):
        require_classes(models.pair_of(side, side))
