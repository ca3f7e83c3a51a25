"""Every row of a run as Parquet, for pandas, Polars, DuckDB or Spark."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from inspector.core.errors import UsageError
from inspector.core.files import atomic_path
from inspector.sweep import run_info
from inspector.sweep.exports.records import FIELDS, labels_of, record_of
from inspector.sweep.filters import EVERY_ROW, RowFilter
from inspector.sweep.query import RunTable

if TYPE_CHECKING:
    import os

    from inspector.sweep.run_file import RunFile

_GROUP = 20_000


def write_parquet(
    target: str | os.PathLike[str], run: RunFile, row_filter: RowFilter = EVERY_ROW
) -> int:
    """Write rows, atomically and some thousands at a time, and give their number.

    Columns are :data:`inspector.sweep.exports.records.FIELDS`; the run's facts stand as JSON in the
    file's metadata under ``twin-inspector``.

    Raises
    ------
    UsageError
        Where pyarrow is not installed.
    ExportError
        Where the file cannot be written; the old one is whole then.
    """
    arrow, parquet = _pyarrow()
    schema = _schema(arrow).with_metadata({"twin-inspector": run_info.to_json(run.info)})
    labels = labels_of(run.info)
    rows = RunTable(run).every(row_filter)
    count = 0
    with (
        atomic_path(target) as temporary,
        parquet.ParquetWriter(str(temporary), schema, compression="zstd") as writer,
    ):
        while group := [record_of(row, labels) for row in itertools.islice(rows, _GROUP)]:
            writer.write_table(arrow.Table.from_pylist(group, schema=schema))
            count += len(group)
    return count


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise UsageError(
            "Writing Parquet needs pyarrow, which is not installed.",
            "Install it with: pip install 'twin-inspector[parquet]'",
        ) from error
    return pyarrow, pyarrow.parquet


def _schema(arrow: Any) -> Any:
    kinds = {
        "int": arrow.int64(),
        "float": arrow.float64(),
        "flag": arrow.bool_(),
        "text": arrow.string(),
        "ints": arrow.list_(arrow.int32()),
        "floats": arrow.list_(arrow.float64()),
    }
    return arrow.schema([(name, kinds[kind]) for name, kind in FIELDS.items()])
