from __future__ import annotations

import pickle

import pytest

from inspector.core import errors
from inspector.core.errors import Cancelled, InspectorError, first_line

TREE = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, InspectorError)
]
EXIT_CODES = {
    "InspectorError": 5,
    "UsageError": 2,
    "InputError": 3,
    "PictureError": 3,
    "ReleaseError": 3,
    "UntrustedModelError": 3,
    "NoGraphError": 3,
    "PairFileError": 3,
    "RunBusyError": 3,
    "ExportError": 3,
    "DiskFullError": 3,
    "ReleaseMissingError": 4,
    "EngineError": 5,
    "EngineCrashedError": 5,
    "ClusterError": 5,
}


def test_exit_codes_are_the_contract() -> None:
    assert {kind.__name__: kind.exit_code for kind in TREE} == EXIT_CODES


@pytest.mark.parametrize("kind", TREE)
def test_both_sentences_cross_a_process_boundary(kind: type[InspectorError]) -> None:
    error = pickle.loads(pickle.dumps(kind("It is broken.", "Mend it.")))
    assert type(error) is kind
    assert (error.message, error.mend, str(error)) == (
        "It is broken.",
        "Mend it.",
        "It is broken. Mend it.",
    )


def test_without_a_mend_only_the_fact_is_said() -> None:
    assert str(InspectorError("It is broken.")) == "It is broken."


def test_a_cancel_is_no_error() -> None:
    assert not issubclass(Cancelled, InspectorError)


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ValueError("one\ntwo"), "one."),
        (ValueError("Ends well."), "Ends well."),
        (ValueError("\n  \n"), "ValueError."),
        (KeyError(), "KeyError."),
        (
            ValueError("{{function_node a/b:0}} must be positive [Op:Resize] name: "),
            "must be positive.",
        ),
        (ValueError("x" * 900), "x" * 300 + "."),
    ],
)
def test_first_line(error: Exception, line: str) -> None:
    assert first_line(error) == line
