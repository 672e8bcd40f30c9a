"""Flat rows to Parquet, for logs that other tools read; pyarrow's home is this room."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path

BATCH = 10_000


def write_rows(
    path: Path, columns: Mapping[str, type], rows: Iterable[Mapping[str, object]]
) -> int:
    """One column a name, of `str` or `int`, empty where a row has None; in one step. How many rows."""
    import pyarrow as pa  # noqa: PLC0415 (half a second that only Parquet needs)
    import pyarrow.parquet as pq  # noqa: PLC0415

    kinds = {str: pa.string(), int: pa.int64()}
    schema = pa.schema([(name, kinds[kind]) for name, kind in columns.items()])
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    waiting: Iterator[Mapping[str, object]] = iter(rows)
    count = 0
    with pq.ParquetWriter(beside, schema) as writer:
        while batch := list(islice(waiting, BATCH)):
            writer.write_table(pa.Table.from_pylist([dict(row) for row in batch], schema=schema))
            count += len(batch)
    beside.replace(path)
    return count
