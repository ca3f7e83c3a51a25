"""The engine: picture and pair in, frozen result out. Runs with or without a process around it."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from inspector.core.causes.attribution import largest_difference
from inspector.core.comparison import compare
from inspector.core.facts import Facts
from inspector.core.features.comparison import relative_l2
from inspector.core.features.facts import FeatureCheck, FeatureFacts
from inspector.core.features.result import gives_features
from inspector.core.findings import find_causes
from inspector.core.labels import load_labels
from inspector.core.preprocessing import Alpha, Decode, Decoder, Orientation
from inspector.core.result import Result, SideResult
from inspector.core.scores import interpret
from inspector.core.verdict import judge
from inspector.core.versions import library_versions
from inspector.engine.auxiliary import run_auxiliary
from inspector.engine.checks import check_pair, input_size
from inspector.engine.decode import (
    decode_key,
    decode_picture,
    inspect_picture,
    orient,
    preview_of,
    read_picture,
)
from inspector.engine.explain import Case, explain
from inspector.engine.features.checks import open_feature_pair
from inspector.engine.features.compare import feature_facts, feature_result, for_features
from inspector.engine.features.explain import explain_features
from inspector.engine.freshness import Stamp, stamp_of
from inspector.engine.loading import fetch_releases, open_release
from inspector.engine.memory import give_memory_back
from inspector.engine.preprocess import make_input
from inspector.engine.study import study_pair, try_audit
from inspector.engine.training import run_training
from inspector.engine.watcher import Watcher

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from inspector.core.facts import PairCheck
    from inspector.core.features.kinds import AnyExplanation, AnyResult
    from inspector.core.labels import Labels
    from inspector.core.pairs import PairSpec
    from inspector.core.picture import PictureInfo, PictureSource
    from inspector.core.result import SideSettings
    from inspector.engine.classifier import Classifier, Outputs
    from inspector.engine.messages import CompareRequest
    from inspector.engine.study import PairStudy

KEPT_PAIRS = 2
"""Loaded pairs that are kept; a MobileNetV2 pair takes about 150 MB."""

_REFERENCE = Decode(Decoder.REFERENCE, Alpha.WHITE)


@dataclass(frozen=True, eq=False, slots=True)
class LoadedPair:
    """Both models of a pair, checked."""

    spec: PairSpec
    left: Classifier
    right: Classifier
    check: PairCheck
    labels: Labels
    stamp: Stamp = ()


@dataclass(frozen=True, eq=False, slots=True)
class Opened:
    """A picture that was read, with each decoding of it that was asked for so far."""

    data: bytes
    info: PictureInfo
    decoded: dict[tuple[Decoder, Alpha], tuple[NDArray[np.uint8], tuple[str, ...]]]

    def holds(self, data: bytes, source: PictureSource) -> bool:
        """Tell whether this is the same file with the same bytes."""
        same_place = (self.info.name, self.info.path) == (source.name, source.path)
        return same_place and self.data == data

    def decode(self, stage: Decode) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
        """Decode as `stage` says, once."""
        key = decode_key(self.info, stage)
        if key not in self.decoded:
            self.decoded[key] = decode_picture(self.data, self.info, stage)
        return self.decoded[key]


class Engine:
    """Loads pairs, keeps the last few, and compares pictures."""

    def __init__(self) -> None:
        self._pairs: OrderedDict[PairSpec, LoadedPair] = OrderedDict()
        self._opened: Opened | None = None
        self._studies: dict[PairSpec, PairStudy] = {}

    def load(self, pair: PairSpec, watcher: Watcher | None = None) -> LoadedPair:
        """Load and check both releases of a pair, or take them from those kept.

        Raises
        ------
        ReleaseMissingError, ReleaseError, PairFileError
            Where a release is not here, cannot be opened, or is not what its entry declares.
        """
        kept = self._pairs.get(pair)
        if kept is not None and kept.stamp == stamp_of(pair):
            self._pairs.move_to_end(pair)
            return kept
        self._forget(pair)
        watcher = watcher or Watcher()
        fetch_releases((pair.left, pair.right), watcher)
        watcher.stage(f"Loading {pair.left.name}", 0.2)
        left = open_release(pair.left)
        watcher.stage(f"Loading {pair.right.name}", 0.45)
        right = open_release(pair.right)
        stamp = stamp_of(pair)  # of what was fetched, too
        watcher.stage("Checking both models on a probe picture", 0.7)
        check: PairCheck
        if gives_features(pair):
            left, right, check = open_feature_pair(left, right)
            labels = load_labels("indices", check.dimensions)
        else:
            check, classes = check_pair(left, right)
            labels = load_labels(pair.labels, classes)
        if not check.same_function:
            watcher.stage("Comparing the weights of both releases", 0.75)
            check = replace(check, audit=try_audit(left, right))
        loaded = LoadedPair(pair, left, right, check, labels, stamp)
        self._pairs[pair] = loaded
        while len(self._pairs) > KEPT_PAIRS:
            self._forget(next(iter(self._pairs)))
        return loaded

    def _forget(self, pair: PairSpec) -> None:
        """Let go of a pair and what was measured of it."""
        self._pairs.pop(pair, None)
        self._studies.pop(pair, None)

    def explain(self, request: CompareRequest, watcher: Watcher | None = None) -> AnyExplanation:
        """Compare as :meth:`compare`, then measure what causes the difference.

        The pair itself (noise floor, classes, weights) is studied once, at its first explanation.
        """
        watcher = watcher or Watcher()
        compared = self._compare(request, watcher)
        study = self._studies.get(request.pair)
        if study is None:
            distance = relative_l2 if gives_features(request.pair) else largest_difference
            study = self._studies[request.pair] = study_pair(compared.pair, watcher, distance)
            give_memory_back()
        result, facts = compared.result, compared.facts
        if isinstance(result, Result):
            return explain(Case(facts, result, compared.pair, compared.opened, study), watcher)
        assert isinstance(facts, FeatureFacts)
        return explain_features(result, facts, compared.pair, compared.opened, study, watcher)

    def compare(self, request: CompareRequest, watcher: Watcher | None = None) -> AnyResult:
        """Run one picture through both releases and compare.

        Returns
        -------
        AnyResult
            A FeatureResult where the pair declares features, else a Result.

        Raises
        ------
        PictureError
            Where the picture cannot be used; found before any model is loaded.
        ReleaseMissingError, ReleaseError, PairFileError
            As for :meth:`load`.
        """
        return self._compare(request, watcher or Watcher()).result

    def _compare(self, request: CompareRequest, watcher: Watcher) -> _Compared:
        clock = _Clock()
        if gives_features(request.pair):
            request = for_features(request)
        watcher.stage(f"Reading {request.picture.name}", 0.05)
        opened = self._open(request.picture)
        reference, _ = opened.decode(_REFERENCE)
        decode_ms = clock.lap()
        pair = self.load(request.pair, watcher)
        load_ms = clock.lap()
        for settings in (request.left, request.right):
            opened.decode(settings.preprocessing.decode)
        decode_ms += clock.lap()
        watcher.stage("Preprocessing", 0.85)
        left_input = _prepare(opened, request.left, pair.left)
        left_ms = clock.lap()
        right_input = _prepare(opened, request.right, pair.right)
        right_ms = clock.lap()
        watcher.stage(f"Running {pair.spec.left.name}", 0.9)
        left_out = pair.left.run(left_input[None])
        left_run = clock.lap()
        watcher.stage(f"Running {pair.spec.right.name}", 0.95)
        right_out = pair.right.run(right_input[None])
        right_run = clock.lap()
        watcher.stage("Comparing", 1.0)
        left = _side(opened, request.left, pair.left, left_input, left_out, (left_ms, left_run))
        right = _side(
            opened, request.right, pair.right, right_input, right_out, (right_ms, right_run)
        )
        timings = {
            "decode": decode_ms,
            "preprocess": left_ms + right_ms,
            "left": left_run,
            "right": right_run,
            "load": load_ms,
            "total": clock.total() - load_ms,
        }
        if isinstance(pair.check, FeatureCheck):
            measured = feature_facts(opened.info, left, right, pair.check)
            found = feature_result(measured, preview_of(reference), pair.spec, timings)
            return _Compared(found, measured, pair, opened)
        comparison = compare(left.scores, right.scores, pair.check.noise_floor)
        facts = Facts(opened.info, left, right, comparison, pair.check, pair.labels)
        result = Result(
            picture=opened.info,
            preview=preview_of(reference),
            pair=pair.spec,
            labels=pair.labels,
            left=left,
            right=right,
            comparison=comparison,
            verdict=judge(facts),
            findings=find_causes(facts),
            timings_ms=timings,
            versions=library_versions(),
        )
        return _Compared(result, facts, pair, opened)

    def _open(self, source: PictureSource) -> Opened:
        data = read_picture(source)
        if self._opened is not None and self._opened.holds(data, source):
            return self._opened
        self._opened = Opened(data, inspect_picture(data, source), {})
        return self._opened


@dataclass(frozen=True, eq=False, slots=True)
class _Compared:
    """A result with what was loaded for it."""

    result: AnyResult
    facts: Facts
    pair: LoadedPair
    opened: Opened


class _Clock:
    """Wall time in milliseconds since the last lap, and in all."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()

    def lap(self) -> float:
        now = time.perf_counter()
        passed, self._last = now - self._last, now
        return passed * 1e3

    def total(self) -> float:
        return (time.perf_counter() - self._start) * 1e3


def _prepare(opened: Opened, settings: SideSettings, model: Classifier) -> NDArray[np.float32]:
    stages = settings.preprocessing
    picture, _ = opened.decode(stages.decode)
    if stages.orient is Orientation.EXIF:
        picture = orient(picture, opened.info.exif_orientation)
    return make_input(picture, stages, input_size(model))


def _side(
    opened: Opened,
    settings: SideSettings,
    model: Classifier,
    model_input: NDArray[np.float32],
    outputs: Outputs,
    milliseconds: tuple[float, float],
) -> SideResult:
    spec = model.spec
    logits = None if outputs.logits is None else outputs.logits[0]
    _, notes = opened.decode(settings.preprocessing.decode)
    scores = interpret(outputs.raw[0], spec.output, spec.background, settings.output, logits)
    return SideResult(
        release=spec,
        settings=settings,
        model_input=model_input,
        raw=np.asarray(outputs.raw[0], dtype=np.float32),
        scores=scores,
        milliseconds={"preprocess": milliseconds[0], "run": milliseconds[1]},
        notes=(*notes, *_own_notes(model)),
        training=run_training(opened, settings, model, model_input, scores),
        auxiliary=run_auxiliary(settings, model, model_input, scores),
    )


def _own_notes(model: Classifier) -> tuple[str, ...]:
    """Give what a release says of itself, as one sentence; most say nothing."""
    notes: tuple[str, ...] = getattr(model, "notes", ())
    return (f"{model.spec.name}: {'; '.join(notes)}.",) if notes else ()
