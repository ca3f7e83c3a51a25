"""Writes a run until it is killed: ``python killed_writer.py RUN``; says what is committed."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


def main(path: str) -> None:
    """Go on with the run, five rows at a time."""
    from inspector.sweep.run_file import RunFile
    from tests.sweep.made_up import make_info, own_row

    with RunFile.resume(path, make_info()) as run:
        after = -1
        while items := run.pending(after, 5):
            run.add([own_row(item.number) for item in items])
            after = items[-1].number
            print(after, flush=True)  # noqa: T201 - this is what the test reads
        print("all", flush=True)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1])
