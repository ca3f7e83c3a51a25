from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from inspector.core.errors import DiskFullError, ExportError
from inspector.sweep.query import RunTable
from inspector.sweep.run_file import RunFile
from tests.sweep.made_up import make_info, make_rows

ROOT = Path(__file__).resolve().parents[2]


def test_a_full_disk_keeps_what_was_done_and_can_be_tried_again(tmp_path: Path) -> None:
    rows = list(make_rows(2000))
    with RunFile.create(tmp_path / "run", make_info(), (row.item for row in rows)) as run:
        run.add(rows[:500])
        pages = run.connection.execute("PRAGMA page_count").fetchone()[0]
        run.connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(DiskFullError) as caught:
            run.add(rows[500:])
        assert isinstance(caught.value, ExportError)
        assert "no more room" in caught.value.message
        assert run.progress().done == 500
        assert list(RunTable(run).every()) == rows[:500]
        run.connection.execute("PRAGMA max_page_count = 1000000")
        assert run.add(rows[500:]) == 1500
        assert list(RunTable(run).every()) == rows


@pytest.mark.skipif(sys.platform == "win32", reason="there are no limits of that kind")
def test_a_system_that_refuses_to_write_is_a_full_disk(tmp_path: Path) -> None:
    script = """
        import resource, signal, sys
        sys.path.insert(0, sys.argv[2])
        from inspector.core.errors import DiskFullError
        from inspector.sweep.run_file import RunFile
        from tests.sweep.made_up import make_info, make_rows

        rows = list(make_rows(3000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        with RunFile.create(sys.argv[1], make_info(), (row.item for row in rows)) as run:
            run.add(rows[:100])
            resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, resource.RLIM_INFINITY))
            try:
                run.add(rows[100:])
            except DiskFullError as error:
                print(error.message)
            print(run.progress().done)
            resource.setrlimit(
                resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
            )
            run.add(rows[100:])
            print(run.progress().done)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(tmp_path / "run"), str(ROOT)],
        capture_output=True,
        text=True,
        check=True,
    )
    message, before, after = done.stdout.splitlines()
    assert "no more room" in message
    assert (before, after) == ("100", "3000")
