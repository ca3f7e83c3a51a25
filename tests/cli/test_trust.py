from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from inspector.app import main
from inspector.core.trust import TRUST_VARIABLE, TrustStore

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv(TRUST_VARIABLE, raising=False)


def test_trust_is_given_to_the_content_and_taken_back(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    model = tmp_path / "model.keras"
    model.write_bytes(b"a model")
    digest = hashlib.sha256(b"a model").hexdigest()
    assert main(["releases", "trust", str(model), "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["trusted"]["sha256"] == digest
    assert TrustStore().trusts(digest)
    assert main(["releases", "distrust", str(model)]) == 0
    assert not TrustStore().trusts(digest)
    assert main(["releases", "distrust", digest]) == 0
    assert "It was not trusted" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["releases", "trust"], 2, "named"),
        (["releases", "trust", "nowhere.keras"], 4, "nowhere.keras"),
        (["releases", "distrust", "nothing"], 2, "SHA-256"),
        (["compare", "x.png", "--trust", "nothing"], 2, "SHA-256"),
    ],
)
def test_what_cannot_be_trusted_is_told(
    arguments: list[str], code: int, words: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == code
    assert words in capfd.readouterr().err
