"""What changed in the catalogue since an index was built, as the embedded index reads it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from catalog.categories import CategoryTree
from catalog.store import CatalogStore, StoreError
from retrieval.index import IndexUnavailable, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """Up to `counter`. By marketplace and product: its record now, or None when it is gone from there."""

    counter: int
    records: Mapping[str, Mapping[str, Record | None]]


class ChangeSource(Protocol):
    """A catalogue that counts its changes. `IndexUnavailable` when it cannot be read now."""

    def change_counter(self) -> int:
        """Grows with every change; cheap, it is asked several times a second."""

    def changed(self, since: int, model: str) -> Changed:
        """What differs from the state at counter `since`, with vectors of the model."""


class CatalogChanges:
    """The changes of a `CatalogStore`, listed by the marketplaces' trees."""

    def __init__(self, store: CatalogStore, trees: Mapping[str, CategoryTree]) -> None:
        self._store = store
        self._trees = trees

    def change_counter(self) -> int:
        with _readable():
            return self._store.change_counter()

    def changed(self, since: int, model: str) -> Changed:
        """A product that a marketplace no longer offers, or whose vector is lacking, is gone there."""
        with _readable():
            changes = self._store.changes(since)
            gone: dict[str, Record | None] = dict.fromkeys((*changes.removed, *changes.products))
            records = {}
            for marketplace, tree in self._trees.items():
                present = self._store.records_of(marketplace, tree, changes.products, model)
                records[marketplace] = gone | {r.listing.product.product_id: r for r in present}
        return Changed(counter=changes.counter, records=records)


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, StoreError) as error:
        raise IndexUnavailable(
            f"The catalogue cannot be read: {str(error).rstrip('.')}. See souk doctor."
        ) from error
