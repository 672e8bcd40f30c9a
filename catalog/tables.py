"""Rows of a CSV, JSONL or Parquet file, streamed; a row that cannot be read is an error in its place."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from catalog.mapping import Row

SUFFIXES = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")
MAX_CELL = 1_000_000
LIST_SEPARATOR = "|"
"""Joins the items of a list in JSONL and Parquet cells."""


class TableError(ValueError):
    """A file that is no table at all; the message names it and the fix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """One row: `row` is None when `problem` says why it cannot be read."""

    line: int
    """Where it starts, from 1; in Parquet the number of the row."""
    row: Row | None
    problem: str = ""


def columns_of(path: Path) -> tuple[str, ...]:
    """The table's columns; of JSONL those of its first row. TableError when there are none."""
    if path.suffix == ".parquet":
        return tuple(_parquet(path).schema_arrow.names)
    if path.suffix in {".csv", ".tsv"}:
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
            header = next(csv.reader(stream, delimiter=_delimiter(path)), None)
        if not header:
            raise TableError(f"{path} has no header. Write the names of its columns on line 1.")
        return tuple(name.strip() for name in header)
    for found in read_rows(path):
        if found.row is not None:
            return tuple(found.row)
    raise TableError(f"{path} has no row that could be read. Write one JSON object a line.")


def read_rows(path: Path) -> Iterator[TableRow]:
    """Every row in file order. TableError when the kind of file is not known."""
    if path.suffix in {".csv", ".tsv"}:
        return _csv_rows(path)
    if path.suffix in {".jsonl", ".ndjson"}:
        return _json_rows(path)
    if path.suffix == ".parquet":
        return _parquet_rows(path)
    raise TableError(f"{path} is none of {', '.join(SUFFIXES)}. Convert it to one of these.")


def count_rows(path: Path) -> int:
    """About how many rows there are, for a progress bar: line breaks in text files."""
    if path.suffix == ".parquet":
        return int(_parquet(path).metadata.num_rows)
    with path.open("rb") as stream:
        return sum(block.count(b"\n") for block in iter(lambda: stream.read(1 << 20), b""))


def _delimiter(path: Path) -> str:
    if path.suffix == ".tsv":
        return "\t"
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        header = stream.readline()
    return max((",", ";", "\t"), key=header.count)


def _csv_rows(path: Path) -> Iterator[TableRow]:
    csv.field_size_limit(MAX_CELL)
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
        reader = csv.reader(stream, delimiter=_delimiter(path), strict=True)
        header = [name.strip() for name in next(reader, [])]
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield TableRow(line=line, row=None, problem=f"this is no CSV: {error}")
                continue
            if cells:
                yield _csv_row(line, header, cells)


def _csv_row(line: int, header: list[str], cells: list[str]) -> TableRow:
    if len(cells) != len(header):
        problem = f"the row has {len(cells)} values and the header {len(header)} columns"
        return TableRow(line=line, row=None, problem=problem)
    if any("\udc80" <= letter <= "\udcff" for letter in chain.from_iterable(cells)):
        return TableRow(line=line, row=None, problem="the row is not UTF-8 text")
    return TableRow(line=line, row=dict(zip(header, cells, strict=True)))


def _json_rows(path: Path) -> Iterator[TableRow]:
    with path.open("rb") as stream:
        for line, data in enumerate(stream, start=1):
            if not data.strip():
                continue
            try:
                values = json.loads(data)
            except ValueError as error:
                yield TableRow(line=line, row=None, problem=f"this is no JSON: {error}")
                continue
            if not isinstance(values, dict):
                yield TableRow(line=line, row=None, problem="this is no JSON object")
                continue
            yield TableRow(line=line, row=_text_row(values))


def _parquet_rows(path: Path) -> Iterator[TableRow]:
    line = 0
    for batch in _parquet(path).iter_batches(batch_size=1000):
        for values in batch.to_pylist():
            line += 1
            yield TableRow(line=line, row=_text_row(values))


def _parquet(path: Path) -> Any:
    import pyarrow as pa  # noqa: PLC0415 (half a second that only Parquet needs)
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        return pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise TableError(f"{path} is no Parquet file: {error}. Write it again.") from error


def _text_row(values: Mapping[str, object]) -> Row:
    return {name: _text(value) for name, value in values.items()}


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case list() | tuple():
            return LIST_SEPARATOR.join(_text(item) for item in value)
        case dict():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)
