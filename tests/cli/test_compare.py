"""``compare`` and its options, on made-up results."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from inspector.core.preprocessing import Orientation
from tests.store.made import hdf5
from tests.support.program import GOLF_BALL, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from inspector.engine.messages import CompareRequest
    from tests.support.program import Outcome

    Call = Callable[..., Outcome]
    Requests = list[CompareRequest]

pytestmark = pytest.mark.usefixtures("made_up")


def test_prints_verdict_and_table(call: Call) -> None:
    outcome = call("compare", GOLF_BALL)
    assert outcome.code == 0
    assert outcome.out.startswith("Both name golf ball first")
    assert "Rank  Class" in outcome.out
    assert "Traceback" not in outcome.err


def test_says_that_the_starter_pair_stands_in(call: Call, made_up: Requests) -> None:
    assert "the small starter pair is used" in call("compare", GOLF_BALL).err
    assert made_up[0].pair.id == "starter"


def test_is_silent_where_the_pair_was_chosen(call: Call) -> None:
    assert call("compare", GOLF_BALL, "--pair", "starter").err == ""


@pytest.mark.parametrize(
    ("modes", "code"), [((), 1), (("--left-mode", "identical", "--right-mode", "identical"), 0)]
)
def test_fail_on_difference(call: Call, modes: tuple[str, ...], code: int) -> None:
    assert call("compare", GOLF_BALL, "--fail-on-difference", *modes).code == code


def test_modes_and_exif_reach_the_request(call: Call, made_up: Requests) -> None:
    call("compare", GOLF_BALL, "--left-mode", "bgr", "--right-mode", "slim_eval", "--apply-exif")
    request = made_up[0]
    assert (request.left.mode, request.right.mode) == ("bgr", "slim_eval")
    assert request.left.preprocessing.orient is Orientation.EXIF


def test_top_decides_how_many_classes_are_listed(call: Call) -> None:
    result = json.loads(call("compare", GOLF_BALL, "--json", "--top", "12").out)
    assert len(result["left"]["top"]) == len(result["right"]["top"]) == 12


@pytest.mark.parametrize("top", ["0", "21", "-3", "many", "2.5", ""])
def test_refuses_a_top_out_of_range(call: Call, made_up: Requests, top: str) -> None:
    outcome = call("compare", GOLF_BALL, f"--top={top}")
    assert outcome.code == 2
    assert "is not a whole number from 1 to 20" in outcome.err
    assert made_up == []


def test_unicode_paths(call: Call, made_up: Requests, tmp_path: Path) -> None:
    picture = tmp_path / "Zoë 高尔夫 ⛳ & 'x'.jpg"
    shutil.copy(GOLF_BALL, picture)
    assert call("compare", picture).code == 0
    assert made_up[0].picture.path == str(picture)


def test_pair_by_file_and_by_file_and_id(call: Call, made_up: Requests) -> None:
    file = ROOT / "resources" / "pairs.toml"
    assert call("compare", GOLF_BALL, "--pair", file).code == 0
    assert call("compare", GOLF_BALL, "--pair", f"{file}#starter").code == 0
    assert [request.pair.id for request in made_up] == ["mobilenet_v2_1.0_224", "starter"]


def test_the_published_pair_is_the_default_where_it_is_here(
    call: Call, made_up: Requests, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5"
    handle = "https://tfhub.dev/google/tf2-preview/mobilenet_v2/classification/4"
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path))
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / weights).write_bytes(hdf5())
    module = tmp_path / _sha1(handle)
    module.mkdir()
    (module / "saved_model.pb").write_bytes(b"a graph")
    outcome = call("compare", GOLF_BALL)
    assert made_up[0].pair.id == "mobilenet_v2_1.0_224"
    assert outcome.err == ""


def _sha1(text: str) -> str:
    import hashlib

    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
