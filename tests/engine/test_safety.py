"""Keras files that act by themselves or lead out of themselves, and the user's word."""

from __future__ import annotations

import shutil
import warnings
import zipfile
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
import pytest
import tensorflow as tf

from inspector.core.errors import ReleaseError, UntrustedModelError
from inspector.core.sources import SourceKind
from inspector.core.trust import TRUST_VARIABLE, TrustStore, content_sha256, trust_content
from inspector.engine import safety, scan_hdf5, scan_keras
from inspector.engine.loading import load_release
from inspector.engine.safety import Clearance, require_safe, require_safe_file
from inspector.engine.scan_keras import scan_keras_file
from tests.support import models
from tests.support.hostile import Hostile, rewrite

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from inspector.core.pairs import PairSpec

SUFFIXES = [".keras", ".h5"]


@pytest.fixture(scope="module")
def maker(tmp_path_factory: pytest.TempPathFactory) -> Hostile:
    return Hostile(tmp_path_factory.mktemp("hostile"))


@pytest.fixture
def hostile(maker: Hostile) -> Hostile:
    """Give the maker of hostile models, before any has acted."""
    maker.clean()
    return maker


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TrustStore:
    """Let the program use a store of the test's own."""
    monkeypatch.delenv(TRUST_VARIABLE, raising=False)
    own = TrustStore(tmp_path / "data" / "trusted.json")
    monkeypatch.setattr(safety, "TrustStore", lambda: own)
    return own


def refuse(path: Path, words: str, kind: type[ReleaseError] = ReleaseError) -> ReleaseError:
    with pytest.raises(ReleaseError, match=words) as caught:
        load_release(models.keras_spec(path))
    assert caught.type is kind, caught.value
    assert path.name in caught.value.message
    assert caught.value.mend
    return caught.value


# Code in the file


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_lambda_is_named_and_not_run(hostile: Hostile, suffix: str) -> None:
    path = hostile.with_lambda(suffix)
    error = refuse(path, "the Lambda layer 'writer'", UntrustedModelError)
    assert content_sha256(path) in error.mend
    assert not hostile.has_acted()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_trusted_lambda_runs(hostile: Hostile, store: TrustStore, suffix: str) -> None:
    """Only the user's word opens it; were the model harmless, the test above could not fail."""
    path = hostile.with_lambda(suffix)
    trust_content(path, store)
    load_release(models.keras_spec(path))
    assert hostile.has_acted()


def layers_of(config: dict[str, Any]) -> list[dict[str, Any]]:
    layers: list[dict[str, Any]] = config["config"]["layers"]
    return layers


def add(layer: dict[str, Any]) -> Callable[[dict[str, Any]], None]:
    return lambda config: layers_of(config).append(layer)


ACTING = {
    "TFSMLayer": (
        {
            "module": "keras.layers",
            "class_name": "TFSMLayer",
            "config": {"name": "inner", "filepath": "/tmp/evil"},
        },
        "the TFSMLayer 'inner', which runs the SavedModel at '/tmp/evil'",
    ),
    "function": (
        {
            "module": "keras.layers",
            "class_name": "Activation",
            "config": {"activation": {"class_name": "__lambda__", "config": {"value": "x"}}},
        },
        "a Python function of its own",
    ),
    "vocabulary": (
        {
            "module": "keras.layers",
            "class_name": "StringLookup",
            "config": {"name": "words", "vocabulary": "/etc/passwd"},
        },
        "the StringLookup layer 'words', which reads the file '/etc/passwd'",
    ),
}


@pytest.mark.parametrize("name", ACTING)
def test_what_acts_is_named(hostile: Hostile, name: str) -> None:
    layer, words = ACTING[name]
    refuse(hostile.with_config(f"{name}.keras", add(layer)), words, UntrustedModelError)


def test_several_findings_are_named_and_counted(hostile: Hostile) -> None:
    def change(config: dict[str, Any]) -> None:
        for number in range(5):
            add({"class_name": "Lambda", "config": {"name": f"layer{number}"}})(config)

    error = refuse(hostile.with_config("five.keras", change), "layer0", UntrustedModelError)
    assert "'layer2'" in error.message
    assert "and 2 more" in error.message


FOREIGN = [
    ({"module": "os", "class_name": "function", "config": "system"}, "function system of os"),
    (
        {"module": "keras.utils", "class_name": "function", "config": "get_file"},
        "get_file of keras.utils",
    ),
    ({"module": "mine", "class_name": "Layer", "config": {"name": "a"}}, "Layer of mine for 'a'"),
    (
        {"module": None, "class_name": "Mine", "registered_name": "pack>Mine", "config": {}},
        "Mine registered as pack>Mine",
    ),
]


@pytest.mark.parametrize(("layer", "words"), FOREIGN, ids=lambda value: str(value)[-24:])
def test_classes_of_others_are_named(hostile: Hostile, layer: dict[str, Any], words: str) -> None:
    path = hostile.with_config(f"foreign{FOREIGN.index((layer, words))}.keras", add(layer))
    assert "export" in refuse(path, words).mend


def test_how_a_model_was_trained_does_not_matter(hostile: Hostile) -> None:
    def change(config: dict[str, Any]) -> None:
        config["compile_config"] = {"loss": {"module": "mine", "class_name": "Loss", "config": {}}}

    load_release(models.keras_spec(hostile.with_config("compiled.keras", change)))


def test_a_configuration_nested_too_deeply(hostile: Hostile, tmp_path: Path) -> None:
    path = tmp_path / "deep.keras"
    rewrite(hostile.clean_keras(), path, {"config.json": lambda _: b"[" * 10**6})
    refuse(path, "configuration")


# Archives


def with_members(source: Path, path: Path, *members: tuple[str, bytes]) -> Path:
    shutil.copy(source, path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of a name that is there twice
        for name, data in members:
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize("name", ["../evil", "assets/../../evil", "/evil", "C:/evil", "..\\evil"])
def test_a_part_outside_the_archive(hostile: Hostile, tmp_path: Path, name: str) -> None:
    path = with_members(hostile.clean_keras(), tmp_path / "path.keras", (name, b"x"))
    refuse(path, "outside")


def test_a_bomb_is_not_unpacked(hostile: Hostile, tmp_path: Path) -> None:
    zeros = bytes(scan_keras.RATIO_FLOOR + 1)
    refuse(with_members(hostile.clean_keras(), tmp_path / "bomb.keras", ("x", zeros)), "unpack")


def test_two_parts_of_one_name(hostile: Hostile, tmp_path: Path) -> None:
    path = with_members(hostile.clean_keras(), tmp_path / "two.keras", ("config.json", b"{}"))
    refuse(path, "two files of the same name")


def test_too_many_parts(hostile: Hostile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_keras, "MEMBER_LIMIT", 5)
    parts = [(f"assets/{number}", b"") for number in range(5)]
    refuse(with_members(hostile.clean_keras(), tmp_path / "many.keras", *parts), "holds 8 files")


def test_a_huge_configuration(
    hostile: Hostile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "long.keras"
    shutil.copy(hostile.clean_keras(), path)
    monkeypatch.setattr(scan_keras, "CONFIG_LIMIT", 100)
    refuse(path, "configuration is too large")


def test_an_archive_that_is_hdf5_as_well_is_read_as_both(hostile: Hostile, tmp_path: Path) -> None:
    """Which of the two Keras takes depends on the name alone."""
    both = tmp_path / "both.h5"
    both.write_bytes(hostile.with_lambda(".h5").read_bytes() + hostile.clean_keras().read_bytes())
    hostile.clean()
    refuse(both, "Lambda", UntrustedModelError)
    other = tmp_path / "both.keras"
    shutil.copy(both, other)
    refuse(other, "Lambda", UntrustedModelError)


# HDF5


def outside(folder: Path) -> str:
    path = folder / "outside.h5"
    with h5py.File(path, "w") as file:
        file["secret"] = np.ones(3, np.float32)
    return str(path)


def virtual(file: h5py.File, path: str) -> None:
    layout = h5py.VirtualLayout((3,), np.float32)
    layout[:] = h5py.VirtualSource(path, "secret", (3,))
    file.create_virtual_dataset("virtual", layout)


def claim(file: h5py.File) -> None:
    file.create_dataset("claim", (10**11,), np.float32, chunks=(10**6,), compression="gzip")


def link_out(file: h5py.File, path: str) -> None:
    file["stolen"] = h5py.ExternalLink(path, "/secret")


HDF5: dict[str, tuple[Callable[[h5py.File, str], None], str]] = {
    "external link": (link_out, "'stolen' is a link to another file"),
    "deep link": (
        lambda f, path: link_out(f.create_group("a/b"), path),
        "'a/b/stolen' is a link to another file",
    ),
    "soft link": (
        lambda f, _: f.__setitem__("soft", h5py.SoftLink("/other")),
        "'soft' is a link by name",
    ),
    "external storage": (
        lambda f, path: f.create_dataset("far", (3,), np.float32, external=[(path, 0, 12)]),
        "'far' are in another file",
    ),
    "virtual data set": (virtual, "'virtual' is put together from other files"),
    "claim": (lambda f, _: claim(f), "claim to have 400,000 MB"),
}


@pytest.mark.parametrize("name", HDF5)
@pytest.mark.parametrize("place", ["old", "inside", "weights"])
def test_hdf5_that_leads_out_of_itself(
    hostile: Hostile, tmp_path: Path, name: str, place: str
) -> None:
    act, words = HDF5[name]
    path = outside(tmp_path)
    stem = name.replace(" ", "_")
    if place == "inside":
        refuse(hostile.with_hdf5_inside(f"{stem}.keras", lambda f: act(f, path)), words)
        return
    made = hostile.with_hdf5(f"{stem}_{place}.h5", lambda f: act(f, path))
    if place == "old":
        refuse(made, words)
        return
    spec = models.application_spec(("alpha", "0.35"), ("size", "96"), ("weights", str(made)))
    with pytest.raises(ReleaseError, match=words):
        load_release(spec)


def test_a_group_that_holds_itself(hostile: Hostile) -> None:
    path = hostile.with_hdf5("circle.h5", lambda f: f.__setitem__("circle", f["/"]))
    assert scan_keras_file(path) == ()


def test_too_many_objects(hostile: Hostile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_hdf5, "OBJECT_LIMIT", 3)
    refuse(hostile.clean_keras(".h5"), "more than 3 objects")


@pytest.mark.parametrize("config", ["{", "[" * 10**5])
def test_a_configuration_that_is_no_json(hostile: Hostile, config: str) -> None:
    def change(file: h5py.File) -> None:
        del file.attrs["model_config"]
        file.attrs.create("model_config", config, dtype=h5py.string_dtype())

    refuse(hostile.with_hdf5(f"config{len(config)}.h5", change), "configuration")


# Innocent files


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_innocent_file_passes(hostile: Hostile, suffix: str) -> None:
    assert require_safe_file(hostile.clean_keras(suffix)) == Clearance()


def test_the_known_pairs_pass(starter: PairSpec, tiny: PairSpec) -> None:
    for pair in (starter, tiny):
        assert require_safe(pair.left) == require_safe(pair.right) == Clearance()


def test_the_published_form_passes(imagenet: PairSpec) -> None:
    assert require_safe(imagenet.left) == require_safe(imagenet.right) == Clearance()


def test_what_is_not_here_passes(tmp_path: Path) -> None:
    for spec in (
        models.keras_spec(tmp_path / "none.keras"),
        models.hub_spec(tmp_path / "none"),
        models.application_spec(("weights", "none")),
    ):
        assert require_safe(spec) == Clearance()


# The user's word


def test_a_trusted_saved_model_opens_until_it_changes(hostile: Hostile, store: TrustStore) -> None:
    source = hostile.initialising("write", lambda: tf.io.write_file(str(hostile.marker), "x"))
    folder = hostile.folder / "trusted"
    shutil.copytree(source, folder)
    spec = models.hub_spec(folder, SourceKind.SAVED_MODEL)
    entry = trust_content(folder, store)
    clearance = require_safe(spec)
    assert clearance.on_trust
    assert clearance.sha256 == entry.sha256
    load_release(spec)
    assert hostile.has_acted()
    hostile.clean()
    data = folder / "variables" / "variables.data-00000-of-00001"
    changed = bytearray(data.read_bytes())
    changed[-1] ^= 1
    data.write_bytes(changed)
    with pytest.raises(UntrustedModelError, match="WriteFile") as caught:
        load_release(spec)
    assert entry.sha256 not in caught.value.mend
    assert not hostile.has_acted()


def test_trust_opens_nothing_that_is_broken(hostile: Hostile, store: TrustStore) -> None:
    path = hostile.with_hdf5("trusted_claim.h5", claim)
    trust_content(path, store)
    refuse(path, "claim to have")


def test_trust_for_one_run(hostile: Hostile, monkeypatch: pytest.MonkeyPatch) -> None:
    path = hostile.with_lambda(".keras")
    monkeypatch.setenv(TRUST_VARIABLE, content_sha256(path))
    monkeypatch.setattr(safety, "TrustStore", lambda: TrustStore(path.parent / "none.json"))
    load_release(models.keras_spec(path))
    assert hostile.has_acted()
