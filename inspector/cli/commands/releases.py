"""``releases``: which releases the program knows, and what of them is on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from inspector.core.catalogue import choose_pair, local_path, missing_path, shipped_pairs
from inspector.core.pairs import Side, read_pairs

if TYPE_CHECKING:
    import argparse

    from inspector.cli.console import Console
    from inspector.core.pairs import PairSpec, ReleaseSpec

NAME = "releases"
HELP = "list the releases of the known pairs, and which of them are on this machine"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add this command's arguments."""
    parser.add_argument("action", choices=("list",), help="what to do")
    parser.add_argument(
        "--pair", metavar="ID|FILE.toml", help="only this pair, or the pairs of a pair file"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(arguments: argparse.Namespace, console: Console) -> int:
    """List the releases."""
    pairs = wanted_pairs(arguments.pair)
    rows = [(pair, side, release_facts(pair.release(side))) for pair in pairs for side in Side]
    if arguments.json:
        console.json(
            {
                "schema": "twin-inspector/releases/1",
                "releases": [
                    {"pair": pair.id, "side": str(side), **row} for pair, side, row in rows
                ],
            }
        )
    else:
        console.result("\n".join(_lines(pairs, rows)))
    return 0


def wanted_pairs(wanted: str | None) -> tuple[PairSpec, ...]:
    """Give the shipped pairs, all pairs of a file, or the one pair that is named."""
    if wanted is None:
        return shipped_pairs()
    if wanted.endswith(".toml"):
        return read_pairs(Path(wanted))
    return (choose_pair(wanted),)


def release_facts(release: ReleaseSpec) -> dict[str, Any]:
    """Give what is known of one release without loading it."""
    path = local_path(release.source)
    here = missing_path(release) is None
    return {
        "release": release.name,
        "source": str(release.source),
        "here": here,
        "path": None if path is None else str(path),
        "bytes": _size(path) if here and path is not None else None,
    }


def _size(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


def _lines(
    pairs: tuple[PairSpec, ...], rows: list[tuple[PairSpec, Side, dict[str, Any]]]
) -> list[str]:
    lines: list[str] = []
    for pair in pairs:
        lines.append(f"{pair.id}   {pair.title}")
        for _, side, row in (entry for entry in rows if entry[0] is pair):
            size = f"{row['bytes'] / 1e6:.1f} MB" if row["bytes"] is not None else ""
            state = f"here, {size}".rstrip(", ") if row["here"] else "not on this machine"
            lines += [f"  {side:5}  {row['release']}  ({state})", f"         {row['source']}"]
            if row["path"] is not None:
                lines.append(f"         {row['path']}")
    return lines
