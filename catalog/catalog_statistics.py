"""Counts of a catalogue, for `souk catalog stats`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.store import CatalogStore


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferCounts:
    """One marketplace's offers."""

    offers: int
    available: int
    with_vector: int
    """Of the model whose vectors were written last, of the present picture: what an index can hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogStatistics:
    products: int
    by_source: Mapping[str, int]
    by_concept: Mapping[str, int]
    marketplaces: Mapping[str, OfferCounts]
    model: str | None
    lacking_vectors: int
    """Products whose picture that model has not seen."""
    unusable_pictures: int
    duplicate_groups: int
    """Groups of more than one product."""
    change_counter: int


def count_catalogue(store: CatalogStore) -> CatalogStatistics:
    """Count everything, from one moment of the catalogue."""
    model = store.model_version()
    with store.database.snapshot() as connection:

        def pairs(sql: str, *values: str) -> dict[str, int]:
            return {str(row[0]): int(row[1]) for row in connection.execute(sql, values)}

        offers = connection.execute(_OFFERS, (model or "",)).fetchall()
        unusable = pairs(
            "SELECT '', count(*) FROM unusable_pictures WHERE model_version = ?", model or ""
        )
        groups = pairs(
            "SELECT '', count(*) FROM (SELECT group_id FROM products WHERE group_id IS NOT NULL"
            " GROUP BY group_id HAVING count(*) > 1)"
        )
        by_source = pairs("SELECT source, count(*) FROM products GROUP BY 1 ORDER BY 1")
        by_concept = pairs("SELECT concept, count(*) FROM products GROUP BY 1 ORDER BY 2 DESC, 1")
    return CatalogStatistics(
        products=sum(by_source.values()),
        by_source=by_source,
        by_concept=by_concept,
        marketplaces={
            row[0]: OfferCounts(offers=row[1], available=row[2], with_vector=row[3])
            for row in offers
        },
        model=model,
        lacking_vectors=store.count_lacking(model or ""),
        unusable_pictures=unusable[""],
        duplicate_groups=groups[""],
        change_counter=store.change_counter(),
    )


_OFFERS = """
SELECT o.marketplace, count(*), sum(o.available), count(v.product_id)
FROM offers o JOIN products p USING (product_id)
LEFT JOIN vectors v
    ON v.model_version = ? AND v.product_id = o.product_id AND v.image = coalesce(p.image, '')
GROUP BY o.marketplace ORDER BY o.marketplace
"""
