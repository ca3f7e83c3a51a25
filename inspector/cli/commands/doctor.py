"""``doctor``: versions, caches, display, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inspector.core.health import Check, examine

if TYPE_CHECKING:
    import argparse

    from inspector.cli.console import Console

NAME = "doctor"
HELP = "show versions, caches and display, and what is missing"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """Examine this machine and print what was found; 5 where something needed is missing."""
    checks = examine()
    if arguments.json:
        console.json(
            {
                "schema": "twin-inspector/doctor/1",
                "ok": all(check.ok for check in checks if check.needed),
                "checks": [
                    {
                        "name": check.name,
                        "ok": check.ok,
                        "needed": check.needed,
                        "text": check.text,
                        "mend": check.mend,
                    }
                    for check in checks
                ],
            }
        )
    else:
        shown = (check for check in checks if not check.detail)
        console.result("\n".join(line for check in shown for line in _lines(check)))
    return 0 if all(check.ok for check in checks if check.needed) else 5


def _lines(check: Check) -> list[str]:
    mark = "ok     " if check.ok else "MISSING" if check.needed else "note   "
    lines = [f"{mark}  {check.name}: {check.text}"]
    if check.mend:
        lines.append(f"         {check.mend}")
    return lines
