"""Writes the catalogue to JSONL or Parquet; the file appears whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from catalog.product_json import product_document
from catalog.store import CatalogStore

BATCH = 1000


def export_jsonl(
    store: CatalogStore, path: Path, on_products: Callable[[int], None] = lambda _: None
) -> int:
    """One object a line, by product id; `souk catalog upsert` reads it back. Returns how many."""
    count = 0
    beside = _beside(path)
    with beside.open("w", encoding="utf-8") as stream:
        for document in _documents(store):
            stream.write(json.dumps(document, ensure_ascii=False) + "\n")
            count += 1
            on_products(1)
    beside.replace(path)
    return count


def export_parquet(
    store: CatalogStore, path: Path, on_products: Callable[[int], None] = lambda _: None
) -> int:
    """One row a product, with the same columns; titles and offers are nested. Returns how many."""
    import pyarrow as pa  # noqa: PLC0415 (half a second that only Parquet needs)
    import pyarrow.parquet as pq  # noqa: PLC0415

    schema = _schema()
    count = 0
    beside = _beside(path)
    documents = _documents(store)
    with pq.ParquetWriter(beside, schema) as writer:
        while batch := list(islice(documents, BATCH)):
            rows = [{**d, "titles": list(_titles(d).items())} for d in batch]
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
            count += len(batch)
            on_products(len(batch))
    beside.replace(path)
    return count


def _documents(store: CatalogStore) -> Iterator[dict[str, object]]:
    return (product_document(p, store.offers(p.product_id)) for p in store.products())


def _titles(document: dict[str, object]) -> dict[str, str]:
    titles = document["titles"]
    return titles if isinstance(titles, dict) else {}


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}")


def _schema() -> Any:
    import pyarrow as pa  # noqa: PLC0415 (as above)

    offer = pa.struct(
        [
            ("marketplace", pa.string()), ("price", pa.string()), ("currency", pa.string()),
            ("list_price", pa.string()), ("available", pa.bool_()), ("sizes", pa.list_(pa.string())),
            ("prime", pa.bool_()), ("rating", pa.float64()), ("rating_count", pa.int64()),
            ("popularity", pa.float64()), ("listed_on", pa.string()),
        ]
    )  # fmt: skip
    texts = [
        "product_id", "concept", "colour", "gender", "brand", "season", "occasion", "image",
        "source", "group_id",
    ]  # fmt: skip
    return pa.schema(
        [
            *[(name, pa.string()) for name in texts],
            ("titles", pa.map_(pa.string(), pa.string())),
            ("generated", pa.bool_()),
            ("offers", pa.list_(offer)),
        ]
    )
