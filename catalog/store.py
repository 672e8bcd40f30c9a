"""The source of truth of embedded mode: products, offers, vectors, and what changed since when.

Every write is one transaction and raises the change counter only when it changes something, so that
writing the same values again is free and a reader that remembers a counter learns what it missed.
Iterators stream: a million products never stand in memory.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from catalog.categories import CategoryTree
from catalog.database import Database, StoreError, Write
from catalog.offer_writes import mark, put_offer
from catalog.products import Listing, Offer, Product, Vector
from catalog.queries import (
    COUNT_LACKING,
    LACKING,
    LISTINGS,
    RECORDS,
    RECORDS_OF,
    STOCKED,
    UPSERT_PRODUCT,
)
from catalog.rows import array_bytes, array_of, offer_of, product_of, product_row

__all__ = ["CatalogStore", "Changes", "IndexRecord", "StoreError"]

CHUNK = 900
"""Ids in one IN (…): SQLite's oldest limit of variables is 999."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRecord:
    """What an index is built from: a listing with the vector and appearance of its picture."""

    listing: Listing
    vector: Vector = field(repr=False, compare=False)
    appearance: NDArray[np.float32] = field(repr=False, compare=False)
    """Shape (32,), as in `catalog.search.Look`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a reader that stopped at an earlier counter has missed, up to `counter`."""

    counter: int
    products: tuple[str, ...]
    """Products whose row, offers, vector or group changed, and that still exist."""
    removed: tuple[str, ...]


class CatalogStore:
    """The catalogue in one SQLite file. Safe to share between threads, and across a fork."""

    def __init__(self, path: Path) -> None:
        self.database = Database(path)

    # ---- writing

    def upsert(
        self, products: Iterable[Product], offers: Mapping[str, Sequence[Offer]] | None = None
    ) -> int:
        """Add or replace products, and add or replace the given offers; others stay.

        A product without a group keeps the one that it has. Returns how many rows changed.
        StoreError when an offer's product is neither given nor known; nothing is written then.
        """
        with self.database.write() as write:
            return self.upsert_in(write, products, offers)

    def upsert_in(
        self,
        write: Write,
        products: Iterable[Product],
        offers: Mapping[str, Sequence[Offer]] | None = None,
    ) -> int:
        """As `upsert`, inside a transaction that the caller holds."""
        changed = 0
        for product in products:
            changed += write.connection.execute(
                UPSERT_PRODUCT, (*product_row(product), write.counter)
            ).rowcount
            write.connection.execute(
                "DELETE FROM removed WHERE product_id = ?", (product.product_id,)
            )
        touched = set()
        for product_id, of_product in (offers or {}).items():
            for offer in of_product:
                if put_offer(write, product_id, offer):
                    touched.add(product_id)
                    changed += 1
        mark(write, touched)
        if changed:
            write.touch()
        return changed

    def replace_offers(self, offers: Mapping[str, Sequence[Offer]]) -> int:
        """Make these the only offers of the products; an empty sequence withdraws all."""
        with self.database.write() as write:
            withdrawn = 0
            for product_id, of_product in offers.items():
                keep = json.dumps([offer.marketplace for offer in of_product])
                gone = write.connection.execute(
                    "DELETE FROM offers WHERE product_id = ? AND marketplace NOT IN "
                    "(SELECT value FROM json_each(?))",
                    (product_id, keep),
                ).rowcount
                if gone:
                    mark(write, {product_id})
                    withdrawn += gone
            return withdrawn + self.upsert_in(write, (), offers)

    def delete(self, product_ids: Iterable[str]) -> int:
        """Remove products with their offers and vectors; returns how many there were."""
        with self.database.write() as write:
            return sum(self.delete_in(write, product_id) for product_id in product_ids)

    def delete_in(self, write: Write, product_id: str) -> bool:
        """Remove one product inside a transaction that the caller holds; False: it was not there."""
        found = write.connection.execute(
            "DELETE FROM products WHERE product_id = ?", (product_id,)
        ).rowcount
        if found:
            write.touch()
            write.connection.execute(
                "INSERT OR REPLACE INTO removed VALUES (?, ?)", (product_id, write.counter)
            )
        return found > 0

    def set_vectors(
        self,
        vectors: Iterable[tuple[str, Vector, NDArray[np.float32]]],
        model_version: str,
        images: Mapping[str, str] | None = None,
    ) -> None:
        """Keep (product id, vector, appearance) of a model; it becomes the model of `records`.

        `images` names the picture that each was computed from, where it may have changed meanwhile;
        products that were deleted meanwhile are passed over.
        """
        with self.database.write() as write:
            written = set()
            for product_id, vector, appearance in vectors:
                image = (images or {}).get(product_id)
                found = write.connection.execute(
                    "INSERT OR REPLACE INTO vectors SELECT ?, product_id, coalesce(?, image, ''), ?, ?"
                    " FROM products WHERE product_id = ?",
                    (
                        model_version,
                        image,
                        array_bytes(vector),
                        array_bytes(appearance),
                        product_id,
                    ),
                ).rowcount
                if found:
                    written.add(product_id)
            mark(write, written)
            write.connection.execute(
                "INSERT OR REPLACE INTO meta VALUES ('model_version', ?)", (model_version,)
            )

    def set_unusable(self, reasons: Mapping[str, str], model_version: str) -> None:
        """Remember pictures that the model could not read, so that they are not tried again."""
        with self.database.write() as write:
            for product_id, reason in reasons.items():
                write.connection.execute(
                    "INSERT OR REPLACE INTO unusable_pictures SELECT ?, product_id, image, ?"
                    " FROM products WHERE product_id = ? AND image IS NOT NULL",
                    (model_version, reason, product_id),
                )

    def set_groups(self, groups: Mapping[str, str | None]) -> int:
        """Set the duplicate group of products; returns how many changed."""
        with self.database.write() as write:
            changed = 0
            for product_id, group_id in groups.items():
                changed += write.connection.execute(
                    "UPDATE products SET group_id = ?, changed = ?"
                    " WHERE product_id = ? AND group_id IS NOT ?",
                    (group_id, write.counter, product_id, group_id),
                ).rowcount
            if changed:
                write.touch()
            return changed

    # ---- reading

    def change_counter(self) -> int:
        return self.database.counter()

    def model_version(self) -> str | None:
        """The model whose vectors were written last; None when there are none."""
        row = self._one("SELECT value FROM meta WHERE key = 'model_version'")
        return None if row is None else str(row[0])

    def changes(self, since: int) -> Changes:
        """What changed after the counter `since`."""
        with self.database.snapshot() as connection:
            counter = int(
                connection.execute("SELECT value FROM meta WHERE key = 'counter'").fetchone()[0]
            )
            products = connection.execute(
                "SELECT product_id FROM products WHERE changed > ? ORDER BY product_id", (since,)
            ).fetchall()
            removed = connection.execute(
                "SELECT product_id FROM removed WHERE changed > ? ORDER BY product_id", (since,)
            ).fetchall()
        return Changes(
            counter=counter,
            products=tuple(row[0] for row in products),
            removed=tuple(row[0] for row in removed),
        )

    def product(self, product_id: str) -> Product | None:
        row = self._one("SELECT * FROM products WHERE product_id = ?", product_id)
        return None if row is None else product_of(row)

    def offers(self, product_id: str) -> tuple[Offer, ...]:
        """The product's offers by marketplace."""
        rows = self.database.connection().execute(
            "SELECT * FROM offers WHERE product_id = ? ORDER BY marketplace", (product_id,)
        )
        return tuple(offer_of(row) for row in rows)

    def products(self) -> Iterator[Product]:
        """Every product by id, as of now."""
        yield from map(product_of, self._stream("SELECT * FROM products ORDER BY product_id"))

    def count(self) -> int:
        row = self._one("SELECT count(*) FROM products")
        return 0 if row is None else int(row[0])

    def listings(self, marketplace: str, tree: CategoryTree) -> Iterator[Listing]:
        """What the marketplace offers and its tree takes, by product id; with or without vector."""
        for row in self._stream(LISTINGS, marketplace):
            listing = _listing(row, tree)
            if listing is not None:
                yield listing

    def stocked(self, marketplace: str) -> Mapping[tuple[str, str | None], int]:
        """How many products of each concept and gender the marketplace can sell today."""
        return {
            (row["concept"], row["gender"]): row["n"] for row in self._stream(STOCKED, marketplace)
        }

    def records(
        self, marketplace: str, tree: CategoryTree, model_version: str | None = None
    ) -> Iterator[IndexRecord]:
        """The marketplace's listings with vectors of the model (default: written last), by id.

        Left out: products whose concept no leaf takes, and those without a vector of their present
        picture (`lacking_vectors` finds these).
        """
        version = model_version or self.model_version()
        if version is None:
            return
        for row in self._stream(RECORDS, version, marketplace):
            record = _record(row, tree)
            if record is not None:
                yield record

    def records_of(
        self,
        marketplace: str,
        tree: CategoryTree,
        product_ids: Sequence[str],
        model_version: str | None = None,
    ) -> tuple[IndexRecord, ...]:
        """As `records`, of these products only, by id; what is not offered here is left out."""
        version = model_version or self.model_version()
        if version is None:
            return ()
        found = []
        for start in range(0, len(product_ids), CHUNK):
            ids = json.dumps(list(product_ids[start : start + CHUNK]))
            rows = self.database.connection().execute(RECORDS_OF, (version, marketplace, ids))
            found += [record for row in rows if (record := _record(row, tree)) is not None]
        return tuple(sorted(found, key=lambda record: record.listing.product.product_id))

    def lacking_vectors(
        self, model_version: str, *, after: str = "", limit: int = 256
    ) -> tuple[Product, ...]:
        """The next products, by id after `after`, whose present picture this model has not seen."""
        rows = self.database.connection().execute(LACKING, (model_version, after, limit))
        return tuple(product_of(row) for row in rows)

    def count_lacking(self, model_version: str) -> int:
        row = self._one(COUNT_LACKING, model_version)
        return 0 if row is None else int(row[0])

    def close(self) -> None:
        """Close this thread's connection."""
        self.database.close()

    def _one(self, sql: str, *values: str) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self.database.connection().execute(sql, values).fetchone()
        return row

    def _stream(self, sql: str, *values: str) -> Iterator[sqlite3.Row]:
        with (
            self.database.snapshot() as connection,
            closing(connection.execute(sql, values)) as rows,
        ):
            yield from rows


def _listing(row: sqlite3.Row, tree: CategoryTree) -> Listing | None:
    product = product_of(row)
    leaf = tree.leaf_of(product.concept, product.gender)
    if leaf is None:
        return None
    return Listing(product=product, offer=offer_of(row), category=leaf)


def _record(row: sqlite3.Row, tree: CategoryTree) -> IndexRecord | None:
    listing = _listing(row, tree)
    if listing is None:
        return None
    return IndexRecord(
        listing=listing, vector=array_of(row["vector"]), appearance=array_of(row["appearance"])
    )
