"""A trace as JSON and as text."""

from __future__ import annotations

import json

import numpy as np
import pytest

from inspector.core.endpoints import Activation, Endpoint, EndpointKind
from inspector.core.reports.trace_report import SCHEMA, trace_json, trace_text
from inspector.core.trace import Trace, input_endpoint, output_endpoint, trace_path
from tests.support.results import make_result

LONG = "MobilenetV2/" + "very_long_scope/" * 6 + "Relu6"


def activation(name: str, shape: tuple[int, ...], seed: int, noise: float = 0.0) -> Activation:
    random = np.random.default_rng(seed)
    values = random.normal(size=shape) + noise * random.normal(size=shape)
    kind = EndpointKind.OPERATION
    return Activation(Endpoint(name, shape, kind, "Relu6"), values.astype(np.float32))


def side(noise: float, names: list[str], extra: str) -> list[Activation]:
    random = np.random.default_rng(9)
    inner = [activation(name, (8, 8, 4 + k), k, noise) for k, name in enumerate(names)]
    surplus = activation(extra, (2, 2, 77), 5)
    pixels = random.random((6, 6, 3), dtype=np.float32)
    return [
        Activation(input_endpoint((6, 6, 3)), pixels),
        surplus,
        *inner,
        Activation(output_endpoint(4), np.arange(4, dtype=np.float32) * np.float32(1 + noise)),
    ]


def make_trace(noise: float) -> Trace:
    left = side(0.0, ["first", "second"], "only_left_endpoint")
    right = side(noise, ["First/Relu", LONG], "OnlyRight")
    right[1] = activation("OnlyRight", (1, 3, 5), 5)
    milliseconds = {"left": 1.5, "right": 2.5, "compare": float("nan")}
    return Trace(make_result(), trace_path(left, right), milliseconds)


def test_json_has_every_endpoint() -> None:
    found = trace_json(make_trace(0.1), top=3)
    json.dumps(found, allow_nan=False)
    assert found["schema"] == SCHEMA == "twin-inspector/trace/1"
    assert found["comparison"]["schema"] == "twin-inspector/comparison/1"
    assert len(found["comparison"]["left"]["top"]) == 3
    assert found["verdict"]["code"] == "depart"
    assert found["aligned"] == 4
    rows = found["endpoints"]
    assert found["departs"] == 3
    assert rows[0]["left"]["kind"] == "input"
    assert rows[1] == {
        "left": {
            "name": "only_left_endpoint",
            "kind": "operation",
            "made_by": "Relu6",
            "shape": [2, 2, 77],
        },
        "right": None,
        "agrees": None,
        "difference": None,
    }
    departs = rows[3]
    assert (departs["left"]["name"], departs["right"]["name"]) == ("first", "First/Relu")
    assert departs["agrees"] is False
    assert departs["difference"]["relative_l2"] == pytest.approx(0.1, rel=0.5)
    assert 0 <= departs["difference"]["worst_channel"] < 4
    assert found["timings_ms"]["compare"] is None


def test_text_is_a_verdict_and_a_table() -> None:
    lines = trace_text(make_trace(0.1)).splitlines()
    assert lines[0].startswith("Both networks agree up to input")
    assert "first differ at first / First/Relu" in " ".join(lines[:3])
    (departs,) = [line for line in lines if line.startswith("→")]
    assert departs.split()[1:4] == ["first", "First/Relu", "8×8×4"]
    (later,) = [line for line in lines if line.startswith("≠ second")]
    assert "…" in later
    assert "very_long_scope/Relu6" in later, "the end of a name tells most"
    assert any("1 endpoints on the left and 1 on the right" in line for line in lines)
    assert not any("only_left_endpoint" in line for line in lines)
    assert max(map(len, lines)) <= 100
    assert any("left   keras.applications MobileNetV2, mode " in line for line in lines)


def test_all_lists_what_has_no_counterpart() -> None:
    lines = trace_text(make_trace(0.0), everything=True).splitlines()
    assert lines[0].startswith("Both networks agree at all 4 aligned endpoints")
    assert [line.split()[1:3] for line in lines if line.startswith("·")] == [
        ["only_left_endpoint", "-"],
        ["-", "OnlyRight"],
    ]
    assert not any(line.startswith(("→", "≠")) for line in lines)


def test_a_name_cannot_drive_the_terminal() -> None:
    trace = make_trace(0.0)
    evil = side(0.0, ["bad\x1b[31m\nname", "second"], "x")
    made = Trace(trace.result, trace_path(evil, evil), trace.milliseconds)
    assert "\x1b" not in trace_text(made, everything=True)
