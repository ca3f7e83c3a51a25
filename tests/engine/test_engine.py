from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from inspector.core.errors import Cancelled, PictureError, ReleaseMissingError
from inspector.core.modes import MODES, PAIR_MODES
from inspector.core.pairs import PairSpec, Side
from inspector.core.picture import PictureSource
from inspector.core.preprocessing import Orientation
from inspector.core.scores import OutputSwitches
from inspector.core.verdict import VerdictCode
from inspector.engine import engine as engine_module
from inspector.engine.engine import KEPT_PAIRS, Engine, LoadedPair
from inspector.engine.messages import CompareRequest
from inspector.engine.random_batch import run_random_batch
from inspector.engine.watcher import Watcher
from inspector.session import Session
from tests.support import models, pictures

if TYPE_CHECKING:
    from pathlib import Path

    from inspector.core.result import Result


class Listener(Watcher):
    """Notes the stages, and cancels where it is told to."""

    def __init__(self, stop_at: str = "") -> None:
        self.stages: list[tuple[str, float | None]] = []
        self._stop_at = stop_at

    def stage(self, text: str, fraction: float | None = None) -> None:
        self.stages.append((text, fraction))
        if self._stop_at and text.startswith(self._stop_at):
            raise Cancelled(text)


def session_of(pair: PairSpec, picture: Path | bytes) -> Session:
    session = Session(pair)
    if isinstance(picture, bytes):
        session.set_picture(PictureSource("made.png", data=picture))
    else:
        session.set_picture(PictureSource.from_path(picture))
    return session


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> PairSpec:
    """Give a pair that loads in a moment."""
    folder = tmp_path_factory.mktemp("small")
    left = models.keras_spec(models.keras_file(folder, models.keras_model()))
    twin = models.HubStyle(models.keras_model(activation=None))
    return models.pair_of(left, models.hub_spec(models.saved_model(folder, twin)))


def run(engine: Engine, session: Session, watcher: Watcher | None = None) -> Result:
    request = session.request()
    assert request is not None
    return engine.compare(request, watcher)


class TestKnownFigures:
    """The figures of the published case, on weights recovered from a public release."""

    @pytest.fixture
    def session(self, imagenet: PairSpec, data: Path) -> Session:
        return session_of(imagenet, data / "photos" / "cat_720p.jpg")

    def test_each_with_its_own_preprocessing(self, engine: Engine, session: Session) -> None:
        result = run(engine, session)
        assert (result.comparison.left_top, result.comparison.right_top) == (285, 285)
        assert result.labels.name(285) == "Egyptian cat"
        assert result.comparison.left[285] == pytest.approx(0.778, abs=5e-4)
        assert result.comparison.right[285] == pytest.approx(0.759, abs=5e-4)
        assert result.comparison.max_abs_difference == pytest.approx(0.0198, abs=5e-5)
        assert result.comparison.allclose_rtol_08
        assert result.left.raw.shape == (1000,)
        assert result.right.raw.shape == (1001,)
        assert result.left.scores.row_sum == pytest.approx(1, abs=1e-5)
        assert result.verdict.code is VerdictCode.PREPROCESSING
        assert result.findings == ()

    def test_the_very_same_pixels(self, engine: Engine, session: Session) -> None:
        session.set_pair_mode("identical")
        result = run(engine, session)
        assert result.verdict.code is VerdictCode.FLOAT_NOISE
        assert result.comparison.max_abs_difference < 1e-5

    def test_the_random_batch(self, engine: Engine, imagenet: PairSpec) -> None:
        found = run_random_batch(engine.load(imagenet), seed=42, count=32)
        assert found.left.shape == (32, 1000)
        assert found.right.shape == (32, 1001)
        assert float(found.left[0].sum()) == pytest.approx(1.0, abs=1e-3)
        assert float(found.right[0].sum()) == pytest.approx(-14.125, abs=1e-3)
        assert found.array_equal is False


def test_the_random_batch_is_the_users_script(tiny_loaded: LoadedPair) -> None:
    found = run_random_batch(tiny_loaded, seed=42, count=3)
    np.random.seed(42)
    data = np.random.rand(3, 32, 32, 3).astype(np.float32)
    assert np.array_equal(found.left, tiny_loaded.left.run(data).raw)
    assert np.array_equal(found.right, tiny_loaded.right.run(data).raw)


def test_a_result_is_whole(engine: Engine, tiny: PairSpec, photo: Path) -> None:
    result = run(engine, session_of(tiny, photo))
    assert result.picture.path == str(photo)
    assert result.preview.shape == (70, 91, 3)
    assert result.pair == tiny
    assert result.comparison.classes == len(result.labels.names) == 10
    for side in Side:
        found = result.side(side)
        assert found.model_input.shape == (32, 32, 3)
        assert found.release == tiny.release(side)
        assert found.scores.as_declared
        assert set(found.milliseconds) == {"preprocess", "run"}
    assert set(result.timings_ms) == {"decode", "preprocess", "left", "right", "load", "total"}
    assert all(value >= 0 for value in result.timings_ms.values())
    assert result.timings_ms["total"] >= result.timings_ms["left"]
    assert result.right.scores.background is not None


@pytest.mark.parametrize("mode", [mode.id for mode in MODES])
def test_every_mode_runs(engine: Engine, tiny: PairSpec, photo: Path, mode: str) -> None:
    session = session_of(tiny, photo)
    session.set_mode(Side.LEFT, mode)
    session.set_mode(Side.RIGHT, mode)
    result = run(engine, session)
    assert result.left.settings.mode == mode
    assert np.isfinite(result.comparison.difference).all()


@pytest.mark.parametrize("mode", PAIR_MODES)
def test_every_mode_of_the_pair_runs(
    engine: Engine, tiny: PairSpec, photo: Path, mode: str
) -> None:
    session = session_of(tiny, photo)
    session.set_pair_mode(mode)
    result = run(engine, session)
    expected = {"own": VerdictCode.PREPROCESSING, "swapped": VerdictCode.PREPROCESSING}
    if mode == "identical":
        assert result.verdict.code is VerdictCode.FLOAT_NOISE
    if mode in expected:
        assert result.verdict.code in {expected[mode], VerdictCode.FLOAT_NOISE}


@pytest.mark.parametrize(
    ("mode", "code"),
    [("raw_0_255", "input_range"), ("half_range", "input_range"), ("other_range", "input_range"),
     ("scaled_twice", "input_range"), ("bgr", "channel_order")],
)  # fmt: skip
@pytest.mark.parametrize("side", Side)
def test_a_mistake_is_known_by_its_finding(
    engine: Engine, tiny: PairSpec, photo: Path, side: Side, mode: str, code: str
) -> None:
    session = session_of(tiny, photo)
    session.set_mode(side, mode)
    result = run(engine, session)
    assert code in [finding.code for finding in result.findings]
    assert str(side) in result.findings[0].title


@pytest.mark.parametrize(
    ("side", "switches", "code"),
    [(Side.RIGHT, OutputSwitches(drop_background=False), VerdictCode.LABEL_SHIFT),
     (Side.RIGHT, OutputSwitches(softmax=False), VerdictCode.OUTPUT_CONVENTION),
     (Side.LEFT, OutputSwitches(softmax=True), VerdictCode.OUTPUT_CONVENTION),
     (Side.LEFT, OutputSwitches(drop_background=True), VerdictCode.FLOAT_NOISE)],
)  # fmt: skip
def test_output_switches(
    engine: Engine,
    tiny: PairSpec,
    photo: Path,
    side: Side,
    switches: OutputSwitches,
    code: VerdictCode,
) -> None:
    session = session_of(tiny, photo)
    session.set_pair_mode("identical")
    session.set_output(side, switches)
    assert run(engine, session).verdict.code is code


def test_orientation_is_applied_on_both_sides(engine: Engine, tiny: PairSpec) -> None:
    session = session_of(tiny, pictures.with_orientation("PNG", 6))
    stored = run(engine, session)
    session.set_apply_exif(True)
    turned = run(engine, session)
    assert "exif" in [finding.code for finding in stored.findings]
    assert "exif" not in [finding.code for finding in turned.findings]
    upright = pictures.encode(pictures.image(40, 24).transpose(4), "PNG")
    plain = run(engine, session_of(tiny, upright))
    assert np.array_equal(turned.left.model_input, plain.left.model_input)
    assert not np.array_equal(turned.left.model_input, stored.left.model_input)
    assert turned.left.settings.preprocessing.orient is Orientation.EXIF


def test_identical_composites_transparency_on_white(engine: Engine, tiny: PairSpec) -> None:
    clear = pictures.pixels(40, 30, channels=4)
    clear[..., 3] = 0
    from PIL import Image

    session = session_of(tiny, pictures.encode(Image.fromarray(clear), "PNG"))
    own = run(engine, session)
    assert "alpha" in [finding.code for finding in own.findings]
    assert (own.preview == 255).all()
    assert own.right.model_input.min() < 0.9
    session.set_pair_mode("identical")
    identical = run(engine, session)
    assert (identical.right.model_input == 1.0).all()
    assert "alpha" not in [finding.code for finding in identical.findings]


def test_a_stand_in_for_a_decoder_is_noted(engine: Engine, tiny: PairSpec) -> None:
    result = run(engine, session_of(tiny, pictures.encode(pictures.image(), "TIFF")))
    assert result.left.notes == ()
    assert "Pillow" in result.right.notes[0]


@pytest.mark.parametrize("data", [b"no picture", pictures.cut(pictures.png(), 0.5)])
def test_picture_errors_come_before_any_model_is_loaded(
    tiny: PairSpec, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "open_release", lambda _: pytest.fail("loaded a model"))
    with pytest.raises(PictureError):
        run(Engine(), session_of(tiny, data))


def test_an_engine_goes_on_after_an_error(engine: Engine, tiny: PairSpec, photo: Path) -> None:
    gone = replace(tiny, left=models.keras_spec("/none/model.keras"))
    with pytest.raises(ReleaseMissingError):
        run(engine, session_of(gone, photo))
    with pytest.raises(PictureError):
        run(engine, session_of(tiny, b"no picture"))
    assert run(engine, session_of(tiny, photo)).pair == tiny


def test_stages_are_told_in_order(small: PairSpec, photo: Path) -> None:
    listener = Listener()
    run(Engine(), session_of(small, photo), listener)
    texts = [text for text, _ in listener.stages]
    fractions = [fraction for _, fraction in listener.stages]
    assert texts[0] == "Reading photo.jpg"
    assert texts[-1] == "Comparing"
    assert any(text.startswith("Loading") for text in texts)
    assert fractions == sorted(fractions)
    again = Listener()
    engine = Engine()
    run(engine, session_of(small, photo))
    run(engine, session_of(small, photo), again)
    assert not any(text.startswith("Loading") for text, _ in again.stages)


@pytest.mark.parametrize(
    "stop_at", ["Reading", "Loading", "Checking", "Preprocessing", "Running", "Comparing"]
)
def test_it_can_be_stopped_between_stages(small: PairSpec, photo: Path, stop_at: str) -> None:
    engine = Engine()
    listener = Listener(stop_at)
    with pytest.raises(Cancelled):
        run(engine, session_of(small, photo), listener)
    assert listener.stages[-1][0].startswith(stop_at)


def test_the_last_pairs_are_kept_and_the_oldest_is_let_go(
    tmp_path: Path, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = models.keras_file(tmp_path, models.keras_model())
    spec = models.keras_spec(path)
    pairs = [replace(models.pair_of(spec, spec), id=f"pair {i}") for i in range(KEPT_PAIRS + 1)]
    loads: list[str] = []
    whole = engine_module.open_release

    def counted(*wanted: object) -> object:
        loads.append("load")
        return whole(*wanted)  # type: ignore[arg-type]

    monkeypatch.setattr(engine_module, "open_release", counted)
    engine = Engine()
    for pair in pairs[:KEPT_PAIRS]:
        engine.load(pair)
    engine.load(pairs[0])
    assert len(loads) == 2 * KEPT_PAIRS
    engine.load(pairs[-1])
    engine.load(pairs[0])
    assert len(loads) == 2 * (KEPT_PAIRS + 1)
    engine.load(pairs[1])
    assert len(loads) == 2 * (KEPT_PAIRS + 2)


def test_a_changed_file_under_the_same_name_is_read_anew(
    engine: Engine, tiny: PairSpec, tmp_path: Path
) -> None:
    path = pictures.write(tmp_path, "a.png", pictures.png(40, 30))
    first = run(engine, session_of(tiny, path))
    pictures.write(tmp_path, "a.png", pictures.png(50, 20))
    second = run(engine, session_of(tiny, path))
    assert (first.picture.width, second.picture.width) == (40, 50)
    assert first.picture.sha256 != second.picture.sha256


def test_the_same_picture_is_decoded_once(
    engine: Engine, tiny: PairSpec, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = session_of(tiny, photo).request()
    assert isinstance(request, CompareRequest)
    engine.compare(request)
    monkeypatch.setattr(engine_module, "decode_picture", lambda *_: pytest.fail("decoded again"))
    engine.compare(request)


def test_a_model_that_was_replaced_is_loaded_again(tmp_path: Path, photo: Path) -> None:
    engine = Engine()
    left = models.keras_spec(models.keras_file(tmp_path, models.keras_model()))
    folder = models.saved_model(tmp_path, models.HubStyle(models.keras_model(activation=None)))
    pair = models.pair_of(left, models.hub_spec(folder))
    before = engine.load(pair)
    assert engine.load(pair) is before
    other = models.keras_model()
    other.set_weights([weight * 1.5 for weight in other.get_weights()])
    models.keras_file(tmp_path, other)
    after = engine.load(pair)
    assert after is not before
    assert engine.load(pair) is after
    request = session_of(pair, photo).request()
    assert request is not None
    assert engine.compare(request).comparison.max_abs_difference > 1e-4
