"""The documents keep up with the program."""

from __future__ import annotations

import re
import tomllib

import pytest

import inspector
from inspector.core.command_names import COMMAND_NAMES
from inspector.core.modes import MODES
from inspector.core.pairs import parse_pairs
from inspector.core.sources import SourceKind
from tests.support.program import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_mode_table_has_every_mode_in_order() -> None:
    assert re.findall(r"^\| `(\w+)` \|", README, re.MULTILINE) == [mode.id for mode in MODES]


@pytest.mark.parametrize("command", COMMAND_NAMES)
def test_every_command_has_an_example(command: str) -> None:
    assert f"\ntwin-inspector {command}" in README


@pytest.mark.parametrize("line", re.findall(r"^twin-inspector (.+)$", README, re.MULTILINE))
def test_every_example_can_be_parsed(line: str) -> None:
    from inspector.cli.main import make_parser

    words = line.partition("#")[0].partition(">")[0].split()
    assert make_parser().parse_args(words).command == words[0]


def test_every_kind_of_source_is_named() -> None:
    assert all(f"`{kind}:" in README for kind in SourceKind)


def test_the_pair_file_of_the_readme_is_valid() -> None:
    text = re.search(r"```toml\n(.*?)```", README, re.DOTALL)
    assert text is not None
    (pair,) = parse_pairs(tomllib.loads(text[1]), ROOT, "README.md")
    assert pair.id == "mine"


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`([\w.]+/[\w./]+)`", CONTRIBUTING))))
def test_every_path_of_the_guide_is_there(path: str) -> None:
    if not path.startswith(".."):
        assert (ROOT / path).exists()


@pytest.mark.parametrize("target", re.findall(r"\]\(([\w./]+)\)", README))
def test_every_link_of_the_readme_is_there(target: str) -> None:
    assert (ROOT / target).exists()


def test_the_changelog_has_this_version() -> None:
    assert f"\n## [{inspector.__version__}]" in CHANGELOG
