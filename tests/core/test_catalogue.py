from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from inspector.core import catalogue
from inspector.core.catalogue import (
    PUBLISHED,
    STARTER,
    choose_pair,
    default_pair,
    hub_cache,
    hub_directory_name,
    is_here,
    keras_cache,
    keras_weights_name,
    local_path,
    missing_path,
    shipped_pairs,
)
from inspector.core.errors import PairFileError, UsageError
from inspector.core.input_range import CAFFE, LEVELS, SYMMETRIC, UNIT
from inspector.core.pairs import OutputKind, PairSpec, find_pair
from inspector.core.sources import Source, SourceKind, parse_source
from tests.store.made import hdf5

PAIR = """
[[pair]]
id = "{id}"
[pair.left]
source = "keras-application:MobileNetV2?weights=none"
mode = "keras"
range = [-1.0, 1.0]
output = "probabilities"
background = false
[pair.right]
source = "hub:hub"
mode = "hub"
range = [0.0, 1.0]
output = "logits"
background = true
"""


@pytest.fixture
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Give empty caches of Keras and Hub."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path / "hub"))
    (tmp_path / "keras").mkdir()
    return tmp_path / "keras" / "models", tmp_path / "hub"


@pytest.fixture
def published() -> PairSpec:
    return find_pair(shipped_pairs(), PUBLISHED)


def put_keras(folder: Path, pair: PairSpec) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / keras_weights_name(pair.left.source)
    file.write_bytes(hdf5())
    return file


def put_hub(folder: Path, pair: PairSpec) -> Path:
    place = folder / hub_directory_name(pair.right.source.target)
    place.mkdir(parents=True)
    (place / "saved_model.pb").write_bytes(b"model")
    return place


def test_names_in_the_caches_are_those_of_keras_and_hub() -> None:
    source = parse_source("keras-application:MobileNetV2?alpha=0.35&size=96", Path())
    assert (
        keras_weights_name(source) == "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_96.h5"
    )
    plain = parse_source("keras-application:MobileNetV2", Path())
    assert keras_weights_name(plain) == "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5"
    handle = "https://tfhub.dev/google/tf2-preview/mobilenet_v2/classification/4"
    assert hub_directory_name(handle) == hashlib.sha1(handle.encode()).hexdigest()
    assert hub_directory_name(handle) != hub_directory_name(handle + "/")


def test_the_first_shipped_pairs_are_the_published_one_and_the_starter() -> None:
    assert [pair.id for pair in shipped_pairs()[:2]] == [PUBLISHED, STARTER]
    assert is_here(find_pair(shipped_pairs(), STARTER))


def test_every_further_pair_is_listed_under_a_family_and_says_what_differs() -> None:
    further = shipped_pairs()[2:]
    assert len(further) >= 30
    assert len({pair.family for pair in further}) <= 10
    for pair in further:
        assert pair.family
        assert pair.note.endswith(".")
        assert pair.left.source.target.startswith(pair.family.removesuffix("V3"))
        assert keras_weights_name(pair.left.source) is not None
    assert len({pair.title for pair in shipped_pairs()}) == len(shipped_pairs())


def test_sides_of_a_shipped_pair_take_pictures_of_one_size() -> None:
    """A Hub handle names its size, or takes any and has it in the entry."""
    for pair in shipped_pairs()[2:]:
        size = int(pair.left.source.option("size"))
        named = pair.right.source.target.split("/")[-3].rpartition("_")[2] == str(size)
        assert pair.right.size in {None, (size, size)}
        assert named or pair.right.size or size == 224


def test_shipped_pairs_declare_what_keras_preprocess_input_makes() -> None:
    ranges = {pair.left.source.target: pair.left.range for pair in shipped_pairs()}
    assert ranges["ResNet50"] == CAFFE
    assert ranges["ResNet50V2"] == ranges["InceptionV3"] == ranges["MobileNet"] == SYMMETRIC
    assert ranges["EfficientNetB0"] == ranges["MobileNetV3Small"] == LEVELS
    assert {pair.right.range for pair in shipped_pairs()} == {UNIT}


def test_feature_pairs_have_neither_top_nor_classes() -> None:
    features = [p for p in shipped_pairs() if p.left.output is OutputKind.FEATURES]
    assert len(features) >= 8
    for pair in shipped_pairs():
        without_top = pair.left.source.option("include_top") == "false"
        assert without_top == (pair in features) == ("feature" in pair.right.source.target)
        assert (pair.left.source.option("pooling") == "avg") == without_top
        assert (pair.labels == "indices") == without_top


def test_weights_that_are_cut_off_are_not_here(
    caches: tuple[Path, Path], published: PairSpec
) -> None:
    file = put_keras(caches[0], published)
    assert missing_path(published.left) is None
    file.write_bytes(file.read_bytes()[:-1])
    assert missing_path(published.left) == file
    put_hub(caches[1], published)
    assert not is_here(published)


def test_published_pair_is_used_only_where_both_releases_are_here(
    caches: tuple[Path, Path], published: PairSpec
) -> None:
    assert default_pair().id == STARTER
    file = put_keras(caches[0], published)
    assert default_pair().id == STARTER
    put_hub(caches[1], published)
    assert default_pair() == published
    assert choose_pair(None) == published
    file.write_bytes(b"")
    assert default_pair().id == STARTER


def test_a_broken_folder_in_hubs_cache_does_not_count(
    caches: tuple[Path, Path], published: PairSpec
) -> None:
    put_keras(caches[0], published)
    place = put_hub(caches[1], published)
    (place / "saved_model.pb").rename(place / "variables")
    assert missing_path(published.right) == place
    assert choose_pair(None).id == STARTER


def test_missing_path_names_what_is_missing(caches: tuple[Path, Path], published: PairSpec) -> None:
    assert missing_path(published.left) == caches[0] / keras_weights_name(published.left.source)
    place = caches[1] / hub_directory_name(published.right.source.target)
    assert missing_path(published.right) == place
    assert missing_path(published.right, {"TFHUB_CACHE_DIR": "/elsewhere"}) == (
        Path("/elsewhere") / place.name
    )


def test_random_weights_need_no_file(published: PairSpec) -> None:
    source = Source(SourceKind.KERAS_APPLICATION, "MobileNetV2", (("weights", "none"),))
    assert local_path(source) is None
    assert missing_path(replace(published.left, source=source)) is None


def test_a_file_release_lies_where_it_says(tmp_path: Path, published: PairSpec) -> None:
    release = replace(published.left, source=parse_source("keras-file:m.keras", tmp_path))
    assert missing_path(release) == tmp_path / "m.keras"
    (tmp_path / "m.keras").write_bytes(b"x")
    assert missing_path(release) is None


def test_keras_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert keras_cache({"KERAS_HOME": str(tmp_path / "new")}) == tmp_path / "new" / "models"
    assert keras_cache({"KERAS_HOME": "~/k"}) == tmp_path / "k" / "models"
    assert keras_cache({}) == tmp_path / ".keras" / "models"
    assert keras_cache({"KERAS_HOME": ""}) == Path("/tmp/.keras/models")
    monkeypatch.setattr(catalogue.os, "access", lambda *_: False)
    assert keras_cache({}) == Path("/tmp/.keras/models")


def test_hub_cache() -> None:
    assert hub_cache({"TFHUB_CACHE_DIR": "/hub"}) == Path("/hub")
    assert hub_cache({"TFHUB_CACHE_DIR": "~/hub"}) == Path("~/hub"), "Hub expands no ~"
    assert hub_cache({}).is_absolute()
    assert hub_cache({"TFHUB_CACHE_DIR": ""}) == hub_cache({})


def test_choose_pair_by_id_and_file(tmp_path: Path) -> None:
    folder = tmp_path / "a#b"
    folder.mkdir()
    file = folder / "mine.toml"
    file.write_text(PAIR.format(id="one") + PAIR.format(id="two"))
    assert choose_pair(STARTER).id == STARTER
    assert choose_pair(str(file)).id == "one"
    assert choose_pair(f"{file}#two").id == "two"
    with pytest.raises(UsageError, match="'three'"):
        choose_pair(f"{file}#three")


def test_choose_pair_expands_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "mine.toml").write_text(PAIR.format(id="one"))
    assert choose_pair("~/mine.toml").id == "one"


@pytest.mark.parametrize("wanted", ["startr", "", "x" * 5000, "a\0b", "#", "x#y"])
def test_choose_pair_of_an_unknown_id(wanted: str) -> None:
    with pytest.raises(UsageError) as caught:
        choose_pair(wanted)
    assert "starter" in caught.value.mend


def test_choose_pair_of_a_wrong_file(tmp_path: Path) -> None:
    picture = tmp_path / "photo.jpg"
    picture.write_bytes(b"x")
    with pytest.raises(PairFileError, match="not a pair file"):
        choose_pair(str(picture))
    with pytest.raises(PairFileError, match="could not be read"):
        choose_pair(str(tmp_path / "none.toml"))
