"""Finding products that a shopper would call the same: fingerprints, candidates, comparison, groups.

Only products whose picture is new since the last run are looked up among all others, so that after
a small import the run is short; groups that exist grow and join. Which pairs come into question:
`catalog.blocking`; what is compared and how much it counts: `catalog.likeness`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

import numpy as np

from catalog.blocking import Gallery, candidate_pairs
from catalog.fingerprints import Fingerprint, fingerprint
from catalog.grouping import group_pairs
from catalog.judging import Judge
from catalog.likeness import Thresholds
from catalog.pictures import PictureStore
from catalog.processes import Crew, portions, spread
from catalog.products import Product
from catalog.rows import array_of
from catalog.store import CatalogStore

BATCH = 10_000
"""Pictures whose fingerprints are written at once; processes are started anew for each."""
PORTION = 250
"""Pictures that one task fingerprints."""


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


def find_duplicates(
    store: CatalogStore,
    pictures: PictureStore,
    thresholds: Thresholds = Thresholds(),  # noqa: B008 (frozen)
    on_products: Callable[[int], None] = lambda _: None,
    *,
    processes: int = 1,
    crew: Crew | None = None,
) -> DuplicateSummary:
    """Fingerprint new pictures, compare them with what looks alike, and write the groups.

    So many processes of this machine work, unless there is a `crew`, which must see the same pictures.
    """
    crew = crew or partial(spread, processes=processes)
    unreadable = _fingerprint_new(store, pictures, on_products, crew)
    gallery = _read_gallery(store)
    judge = Judge(store, gallery, thresholds, crew)
    pairs = judge.duplicates(candidate_pairs(gallery, thresholds.neighbours))
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
    store: CatalogStore,
    pictures: PictureStore,
    on_products: Callable[[int], None],
    crew: Crew,
) -> int:
    """Fingerprint pictures that have none; returns how many could not be read."""
    unreadable = 0
    lacking = _lacking_fingerprint(store)
    while batch := list(islice(lacking, BATCH)):
        made: list[tuple[Product, Fingerprint]] = []
        images = portions([product.image or "" for product in batch], PORTION)
        products = iter(batch)
        for found in crew(partial(_fingerprints, pictures), images):
            made += [
                (product, one)
                for one, product in zip(found, products, strict=False)
                if one is not None
            ]
            on_products(len(found))
        unreadable += len(batch) - len(made)
        _write_fingerprints(store, made)
    return unreadable


def _fingerprints(pictures: PictureStore, images: Sequence[str]) -> list[Fingerprint | None]:
    return [_fingerprint_of(pictures, image) for image in images]


def _fingerprint_of(pictures: PictureStore, image: str) -> Fingerprint | None:
    try:
        return fingerprint(pictures.path(image).read_bytes())
    except (OSError, ValueError, SyntaxError):
        return None


def _lacking_fingerprint(store: CatalogStore) -> Iterator[Product]:
    known = store.database.connection().execute("SELECT product_id, image FROM fingerprints")
    images = {row[0]: row[1] for row in known}
    return (p for p in store.products() if p.image and images.get(p.product_id) != p.image)


def _write_fingerprints(store: CatalogStore, made: Sequence[tuple[Product, Fingerprint]]) -> None:
    rows = [
        (product.product_id, product.image, one.hashes.astype("<u8").tobytes(),
         one.look.astype("<f2").tobytes(), one.colour.astype("<f2").tobytes())
        for product, one in made
    ]  # fmt: skip
    with store.database.write() as write:
        write.connection.executemany(
            "INSERT OR REPLACE INTO fingerprints SELECT product_id, ?2, ?3, ?4, ?5, 0"
            " FROM products WHERE product_id = ?1",
            rows,
        )
        write.connection.executemany(
            "INSERT OR REPLACE INTO thumbnails SELECT product_id, ?2"
            " FROM fingerprints WHERE product_id = ?1",
            [(product.product_id, one.thumbnail.tobytes()) for product, one in made],
        )


def _read_gallery(store: CatalogStore) -> Gallery:
    ids, hashes, looks, colours, vectors, fresh = [], [], [], [], [], []
    with store.database.snapshot() as connection:
        rows = connection.execute(_GALLERY, (store.model_version() or "",))
        for index, row in enumerate(rows):
            ids.append(row["product_id"])
            hashes.append(np.frombuffer(row["hashes"], dtype="<u8"))
            looks.append(np.frombuffer(row["look"], dtype="<f2"))
            colours.append(np.frombuffer(row["colour"], dtype="<f2"))
            if row["vector"] is not None:
                vectors.append(array_of(row["vector"]))
            if not row["grouped"]:
                fresh.append(index)
    complete = len(vectors) == len(ids) > 0
    return Gallery(
        ids=ids,
        hashes=np.stack(hashes) if hashes else np.zeros((0, 2), np.uint64),
        looks=np.stack(looks).astype(np.float32) if looks else np.zeros((0, 1), np.float32),
        colours=np.stack(colours).astype(np.float32) if colours else np.zeros((0, 3), np.float32),
        vectors=np.stack(vectors) if complete else None,
        fresh=np.array(fresh, dtype=np.int64),
    )


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
SELECT f.product_id, f.hashes, f.look, f.colour, f.grouped, v.vector FROM fingerprints f
JOIN products p ON p.product_id = f.product_id AND p.image = f.image
LEFT JOIN vectors v
    ON v.model_version = ? AND v.product_id = f.product_id AND v.image = f.image
ORDER BY f.product_id
"""
