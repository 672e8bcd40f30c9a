"""Finding products that a shopper would call the same: fingerprints, candidates, comparison, groups.

Only products whose picture is new since the last run are looked up among all others, so that after
a small import the run is short; groups that exist grow and join. What is compared and how much it
counts: `catalog.likeness`; which pairs are worth it: `catalog.blocking`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from catalog.alignment import HEIGHT, WIDTH, Sheet, compare
from catalog.blocking import nearest_rows
from catalog.fingerprints import Fingerprint, descriptor, fingerprint
from catalog.grouping import group_pairs
from catalog.likeness import Thresholds, conflicting, picture_score
from catalog.pictures import PictureStore
from catalog.products import Product
from catalog.rows import array_of
from catalog.store import CatalogStore, StoreError

BATCH = 200
SHEETS = 20_000
"""Thumbnails with their spectra that stay in memory, about 100 kB each at most."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateSummary:
    """What one run did, and what there is now."""

    pictures: int
    """New pictures looked up."""
    unreadable: int
    compared: int
    """Pairs of pictures laid over each other."""
    groups: int
    """Groups of two or more products, in the whole catalogue."""
    grouped_products: int
    changed: int
    """Products whose group changed in this run."""


@dataclass(slots=True)
class _Gallery:
    """Every fingerprinted product, in order of its id."""

    ids: list[str]
    hashes: NDArray[np.uint64]
    looks: Floats
    vectors: Floats | None
    """None when not every product has one of the present model."""
    fresh: NDArray[np.int64]
    """Rows that no earlier run has looked up."""


class _Judge:
    """Scores pairs, each once."""

    def __init__(self, store: CatalogStore, gallery: _Gallery, thresholds: Thresholds) -> None:
        self._store = store
        self._gallery = gallery
        self._row = {product_id: row for row, product_id in enumerate(gallery.ids)}
        self._thresholds = thresholds
        self._scores: dict[tuple[str, str], float] = {}
        self._sheet = lru_cache(maxsize=SHEETS)(self._read_sheet)
        self._product = lru_cache(maxsize=SHEETS)(self._read_product)

    @property
    def compared(self) -> int:
        return len(self._scores)

    def score(self, first: str, second: str) -> float:
        """Log-odds above the threshold: duplicates from 0."""
        key = (first, second) if first < second else (second, first)
        if key not in self._scores:
            self._scores[key] = self._judge(*key)
        return self._scores[key]

    def together(self, first: str, second: str) -> bool:
        return self.score(first, second) >= -self._thresholds.member

    def _judge(self, first: str, second: str) -> float:
        thresholds = self._thresholds
        vectors = self._gallery.vectors
        if vectors is not None:
            a, b = vectors[self._row[first]], vectors[self._row[second]]
            if float(a @ b) < thresholds.similarity:
                return float("-inf")
        score = picture_score(compare(self._sheet(first), self._sheet(second)))
        needed = thresholds.score
        if conflicting(self._product(first), self._product(second)):
            needed += thresholds.conflict
        return score - needed

    def _read_sheet(self, product_id: str) -> Sheet:
        row = (
            self._store.database.connection()
            .execute("SELECT thumbnail FROM fingerprints WHERE product_id = ?", (product_id,))
            .fetchone()
        )
        pixels = np.frombuffer(row[0], dtype=np.uint8).reshape(HEIGHT, WIDTH, 3)
        return Sheet(pixels)

    def _read_product(self, product_id: str) -> Product:
        product = self._store.product(product_id)
        if product is None:
            raise StoreError(f"{product_id!r} was deleted meanwhile. Run the command again.")
        return product


def find_duplicates(
    store: CatalogStore,
    pictures: PictureStore,
    thresholds: Thresholds = Thresholds(),  # noqa: B008 (frozen)
    on_products: Callable[[int], None] = lambda _: None,
) -> DuplicateSummary:
    """Fingerprint new pictures, compare them with what looks alike, and write the groups."""
    unreadable = _fingerprint_new(store, pictures, on_products)
    gallery = _read_gallery(store)
    judge = _Judge(store, gallery, thresholds)
    pairs = [
        (score, first, second)
        for first, second in sorted(_candidates(gallery, thresholds.neighbours))
        if (score := judge.score(first, second)) >= 0
    ]
    fresh = {gallery.ids[row] for row in gallery.fresh}
    groups = group_pairs(pairs, judge.together, _standing_groups(store, fresh))
    changed = _write_groups(store, groups, fresh)
    return DuplicateSummary(
        pictures=len(fresh),
        unreadable=unreadable,
        compared=judge.compared,
        groups=len(groups),
        grouped_products=sum(map(len, groups)),
        changed=changed,
    )


def forget_groups(store: CatalogStore) -> None:
    """Take every group apart, so that the next run looks up all pictures again."""
    grouped = {p.product_id: None for p in store.products() if p.group_id is not None}
    store.set_groups(grouped)
    with store.database.write() as write:
        write.connection.execute("UPDATE fingerprints SET grouped = 0")


def _fingerprint_new(
    store: CatalogStore, pictures: PictureStore, on_products: Callable[[int], None]
) -> int:
    """Fingerprint pictures that have none; returns how many could not be read."""
    unreadable = 0
    products = _lacking_fingerprint(store)
    while batch := list(islice(products, BATCH)):
        rows = []
        for product in batch:
            made = _fingerprint_of(product, pictures)
            unreadable += made is None
            if made is not None:
                rows.append(
                    (
                        product.product_id,
                        product.image,
                        made.hashes.astype("<u8").tobytes(),
                        made.thumbnail.tobytes(),
                    )
                )
        with store.database.write() as write:
            write.connection.executemany(
                "INSERT OR REPLACE INTO fingerprints SELECT product_id, ?2, ?3, ?4, 0"
                " FROM products WHERE product_id = ?1",
                rows,
            )
        on_products(len(batch))
    return unreadable


def _lacking_fingerprint(store: CatalogStore) -> Iterator[Product]:
    known = store.database.connection().execute("SELECT product_id, image FROM fingerprints")
    images = {row[0]: row[1] for row in known}
    return (p for p in store.products() if p.image and images.get(p.product_id) != p.image)


def _fingerprint_of(product: Product, pictures: PictureStore) -> Fingerprint | None:
    try:
        return fingerprint(pictures.path(product.image or "").read_bytes())
    except (OSError, ValueError, SyntaxError):
        return None


def _read_gallery(store: CatalogStore) -> _Gallery:
    ids, hashes, looks, vectors, fresh = [], [], [], [], []
    with store.database.snapshot() as connection:
        rows = connection.execute(_GALLERY, (store.model_version() or "",))
        for index, row in enumerate(rows):
            ids.append(row["product_id"])
            hashes.append(np.frombuffer(row["hashes"], dtype="<u8"))
            thumbnail = np.frombuffer(row["thumbnail"], dtype=np.uint8)
            looks.append(descriptor(thumbnail.reshape(HEIGHT, WIDTH, 3)))
            if row["vector"] is not None:
                vectors.append(array_of(row["vector"]))
            if not row["grouped"]:
                fresh.append(index)
    complete = len(vectors) == len(ids) > 0
    return _Gallery(
        ids=ids,
        hashes=np.stack(hashes) if hashes else np.zeros((0, 2), np.uint64),
        looks=np.stack(looks) if looks else np.zeros((0, 1), np.float32),
        vectors=np.stack(vectors) if complete else None,
        fresh=np.array(fresh, dtype=np.int64),
    )


def _candidates(gallery: _Gallery, neighbours: int) -> set[tuple[str, str]]:
    """Pairs with at least one fresh product that share a hash or are near by look or by vector."""
    pairs = set(_same_hash(gallery))
    for matrix in (gallery.looks, gallery.vectors):
        if matrix is None:
            continue
        nearest = nearest_rows(matrix, gallery.fresh, neighbours)
        for row, others in zip(gallery.fresh.tolist(), nearest.tolist(), strict=True):
            pairs.update((min(row, o), max(row, o)) for o in others if o >= 0)
    return {(gallery.ids[a], gallery.ids[b]) for a, b in pairs}


def _same_hash(gallery: _Gallery) -> Iterator[tuple[int, int]]:
    by_hash: dict[int, list[int]] = {}
    for row, (plain, mirrored) in enumerate(gallery.hashes.tolist()):
        by_hash.setdefault(min(plain, mirrored), []).append(row)
    fresh = set(gallery.fresh.tolist())
    for rows in by_hash.values():
        for index, row in enumerate(rows[:-1]):
            other = rows[index + 1]  # neighbours suffice: equal pictures chain through the group
            if row in fresh or other in fresh:
                yield row, other


def _standing_groups(store: CatalogStore, fresh: set[str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    rows = store.database.connection().execute(
        "SELECT group_id, product_id FROM products WHERE group_id IS NOT NULL ORDER BY product_id"
    )
    for group_id, product_id in rows:
        if product_id not in fresh:
            groups.setdefault(group_id, []).append(product_id)
    return groups


def _write_groups(store: CatalogStore, groups: Sequence[tuple[str, ...]], fresh: set[str]) -> int:
    """Name each group by an id that a member had already, else by its first member."""
    rows = store.database.connection().execute(
        "SELECT product_id, group_id FROM products WHERE group_id IS NOT NULL"
    )
    before = {row[0]: row[1] for row in rows}
    wanted: dict[str, str | None] = dict.fromkeys(before)
    for members in groups:
        names = sorted({before[m] for m in members if m in before and m not in fresh})
        for member in members:
            wanted[member] = names[0] if names else members[0]
    changed = store.set_groups(wanted)
    with store.database.write() as write:
        write.connection.execute("UPDATE fingerprints SET grouped = 1 WHERE grouped = 0")
    return changed


_GALLERY = """
SELECT f.product_id, f.hashes, f.thumbnail, f.grouped, v.vector FROM fingerprints f
JOIN products p ON p.product_id = f.product_id AND p.image = f.image
LEFT JOIN vectors v
    ON v.model_version = ? AND v.product_id = f.product_id AND v.image = f.image
ORDER BY f.product_id
"""
