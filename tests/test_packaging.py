"""The wheel: all that the program needs, nothing else, and it runs outside a checkout."""

from __future__ import annotations

import importlib.util
import json
import sys
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

import inspector
from tests.support.program import ROOT, Outcome, run_command

RESOURCES = ROOT / "resources"


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--no-deps", "--no-cache-dir", "--disable-pip-version-check", "--quiet"]
    if importlib.util.find_spec("hatchling"):
        options.append("--no-build-isolation")
    outcome = run_command(
        [sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", str(folder), str(ROOT)],
        cwd=folder,
    )
    assert outcome.code == 0, outcome.err
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        assert archive.testzip() is None
        return set(archive.namelist())


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into a folder of its own, without what it depends on."""
    folder = tmp_path_factory.mktemp("installed")
    options = ["--no-deps", "--no-index", "--quiet", "--disable-pip-version-check"]
    outcome = run_command(
        [sys.executable, "-m", "pip", "install", *options, "--target", str(folder), str(wheel)],
        cwd=folder,
    )
    assert outcome.code == 0, outcome.err
    return folder


def run_installed(installed: Path, *arguments: str) -> Outcome:
    return run_command(
        [sys.executable, "-P", "-m", "inspector", *arguments],
        cwd=installed.parent,
        env={"PYTHONPATH": str(installed)},
    )


def test_holds_every_resource(names: set[str]) -> None:
    expected = {
        f"inspector/_resources/{file.relative_to(RESOURCES).as_posix()}"
        for file in RESOURCES.rglob("*")
        if file.is_file() and RESOURCES / "readme" not in file.parents
    }
    assert expected == {name for name in names if name.startswith("inspector/_resources/")}
    for name in (
        "pairs.toml",
        "starter/mobilenet_v2_0.35_96.weights.h5",
        "starter/hub/saved_model.pb",
        "starter/hub/variables/variables.index",
        "starter/hub/variables/variables.data-00000-of-00001",
        "samples/golf_ball.jpg",
    ):
        assert f"inspector/_resources/{name}" in names


def test_holds_every_module(names: set[str]) -> None:
    package = ROOT / "inspector"
    expected = {
        f"inspector/{file.relative_to(package).as_posix()}" for file in package.rglob("*.py")
    }
    assert expected <= names


def test_holds_nothing_else(names: set[str]) -> None:
    version = inspector.__version__
    allowed = ("inspector/", f"twin_inspector-{version}.dist-info/")
    assert [name for name in names if not name.startswith(allowed)] == []
    assert [name for name in names if "test" in Path(name).parts or "__pycache__" in name] == []


def test_names_licence_version_and_what_it_needs(wheel: Path, names: set[str]) -> None:
    info = f"twin_inspector-{inspector.__version__}.dist-info"
    with zipfile.ZipFile(wheel) as archive:
        metadata = Parser().parsestr(archive.read(f"{info}/METADATA").decode("utf-8"))
        entry_points = archive.read(f"{info}/entry_points.txt").decode("utf-8")
    assert metadata["License-Expression"] == "Apache-2.0"
    assert f"{info}/licenses/LICENSE" in names
    needed = metadata.get_all("Requires-Dist") or []
    assert "setuptools<80" in needed
    assert "twin-inspector = inspector.app:main" in entry_points


def test_runs_outside_the_checkout(installed: Path) -> None:
    sample = installed / "inspector" / "_resources" / "samples" / "golf_ball.jpg"
    outcome = run_installed(installed, "compare", str(sample), "--json")
    assert outcome.code == 0, outcome.err
    result = json.loads(outcome.out)
    assert result["left"]["top"][0]["label"] == "golf ball"
    assert result["right"]["source"] == f"hub:{installed}/inspector/_resources/starter/hub"


def test_has_its_pairs_outside_the_checkout(installed: Path) -> None:
    outcome = run_installed(installed, "releases", "list", "--json", "--pair", "starter")
    rows = json.loads(outcome.out)["releases"]
    assert all(row["here"] and str(installed) in row["path"] for row in rows)


def test_the_test_extra_brings_all_that_the_tests_import() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        extra = tomllib.load(file)["project"]["optional-dependencies"]["test"]
    brought = {requirement.split(">")[0] for requirement in extra}
    assert {"pytest", "pytest-qt", "pytest-timeout", "hypothesis", "hatchling"} <= brought
    assert "import-linter" in brought
