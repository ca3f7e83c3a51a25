from __future__ import annotations

from pathlib import Path

from inspector.store.content import saved_model_fault
from tests.store.made import model_files, write_model

ROOT = Path(__file__).resolve().parents[2]


def test_a_saved_model(tmp_path: Path) -> None:
    assert saved_model_fault(ROOT / "resources" / "starter" / "hub") == ""
    for lost, fault in [
        ("saved_model.pb", "has no saved_model.pb"),
        ("variables/variables.index", "has no variables/variables.index"),
        ("variables/variables.data-00000-of-00001", "has no variables/variables.data"),
    ]:
        folder = write_model(tmp_path / lost.replace("/", "-"))
        assert saved_model_fault(folder) == ""
        (folder / lost).unlink()
        assert saved_model_fault(folder) == fault


def test_a_shard_that_is_missing(tmp_path: Path) -> None:
    folder = write_model(
        tmp_path, {**model_files(), "variables/variables.data-00001-of-00002": b""}
    )
    (folder / "variables" / "variables.data-00000-of-00001").unlink()
    assert saved_model_fault(folder) == "has no variables/variables.data-00000-of-00002"


def test_a_tf1_module_may_have_no_variables(tmp_path: Path) -> None:
    folder = write_model(tmp_path, {"saved_model.pb": b"x"})
    assert saved_model_fault(folder) == "has no variables"
    (folder / "tfhub_module.pb").write_bytes(b"\x08\x03")
    assert saved_model_fault(folder) == ""
