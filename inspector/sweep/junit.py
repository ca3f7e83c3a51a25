"""A gate's result as JUnit XML: one test case per rule, so that a CI shows which one failed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from inspector.core.files import write_bytes

if TYPE_CHECKING:
    import os

    from inspector.sweep.gate import GateResult, RuleResult
    from inspector.sweep.rows import RunInfo

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
SUITE = "twin-inspector sweep"


def write_junit(
    target: str | os.PathLike[str],
    result: GateResult,
    info: RunInfo,
    seconds: float | None = None,
) -> None:
    """Write a gate's result, atomically.

    Parameters
    ----------
    target
        The file to write.
    result
        The rules.
    info
        The run they were held against.
    seconds
        How long the run took, where that is not as the result says.
    """
    write_bytes(target, junit_xml(result, info, seconds))


def junit_xml(result: GateResult, info: RunInfo, seconds: float | None = None) -> bytes:
    """Give a gate's result as JUnit XML, UTF-8; without a time where that is unknown.

    What XML cannot hold (control characters in a file's name) is shown as its escape.
    """
    counts = {
        "tests": str(len(result.rules)),
        "failures": str(len(result.violated)),
        "errors": "0",
        "skipped": "0",
    }
    took = result.seconds if seconds is None else seconds
    if took is not None:
        counts["time"] = f"{took:.3f}"
    suites = ElementTree.Element("testsuites", {"name": SUITE, **counts})
    suite = ElementTree.SubElement(
        suites,
        "testsuite",
        {"name": _clean(f"{SUITE}: {info.pair_id}"), **counts, "timestamp": _clean(info.started)},
    )
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in _facts(info):
        ElementTree.SubElement(properties, "property", {"name": name, "value": _clean(value)})
    for rule in result.rules:
        _add_case(suite, rule, info)
    if result.notes:
        said = ElementTree.SubElement(suite, "system-out")
        said.text = _clean("\n".join(result.notes))
    ElementTree.indent(suites)
    xml: bytes = ElementTree.tostring(suites, encoding="utf-8", xml_declaration=True)
    return xml + b"\n"


def _add_case(suite: ElementTree.Element, rule: RuleResult, info: RunInfo) -> None:
    case = ElementTree.SubElement(
        suite,
        "testcase",
        {"classname": _clean(f"sweep.{info.pair_id}"), "name": rule.title},
    )
    if rule.passed:
        return
    failure = ElementTree.SubElement(
        case,
        "failure",
        {
            "type": rule.id,
            "message": _clean(f"demanded: {rule.demanded}; measured: {rule.measured}"),
        },
    )
    failure.text = _clean("\n".join([rule.text, *rule.pictures]))


def _facts(info: RunInfo) -> list[tuple[str, str]]:
    facts = [
        ("pair", f"{info.pair_id}: {info.pair_title}"),
        ("pictures", info.listed),
        ("left mode", str(info.left_settings.get("mode", ""))),
        ("right mode", str(info.right_settings.get("mode", ""))),
    ]
    facts += [(f"{side} SHA-256", text) for side, text in info.release_hashes.items() if text]
    return facts + [(f"version of {name}", text) for name, text in info.versions.items()]


def _clean(text: str) -> str:
    return _NOT_XML.sub(lambda found: ascii(found[0])[1:-1], text)
