"""Of each duplicate group the product that a marketplace shows: well rated, cheap, Prime, in stock.

The weights are the marketplace's own (`ranking:` in marketplace.yaml): the rating is shrunk towards
its prior, the price counts by how far it lies above the group's cheapest, up to twice that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from catalog.marketplaces import Marketplace, RankingDefaults
from catalog.products import Offer
from catalog.rows import offer_of
from catalog.store import CatalogStore


def choose_representatives(store: CatalogStore, marketplaces: Iterable[Marketplace]) -> int:
    """Choose anew for every group and marketplace; returns how many were chosen."""
    chosen = []
    for marketplace in marketplaces:
        groups: dict[str, dict[str, Offer]] = {}
        for row in store.database.connection().execute(_GROUPED, (marketplace.id,)):
            groups.setdefault(row["group_id"], {})[row["product_id"]] = offer_of(row)
        chosen += [
            (group_id, marketplace.id, best_offer(offers, marketplace.ranking))
            for group_id, offers in groups.items()
        ]
    with store.database.write() as write:
        write.connection.execute("DELETE FROM representatives")
        write.connection.executemany("INSERT INTO representatives VALUES (?, ?, ?)", chosen)
    return len(chosen)


def representatives(store: CatalogStore, marketplace: str) -> Mapping[str, str]:
    """Product by group, in one marketplace."""
    rows = store.database.connection().execute(
        "SELECT group_id, product_id FROM representatives WHERE marketplace = ? ORDER BY group_id",
        (marketplace,),
    )
    return {row[0]: row[1] for row in rows}


def best_offer(offers: Mapping[str, Offer], ranking: RankingDefaults) -> str:
    """The product id whose offer is worth most; of equals the first id."""
    cheapest = min(offer.price.amount_minor for offer in offers.values())
    return min(
        offers, key=lambda product_id: (-_worth(offers[product_id], cheapest, ranking), product_id)
    )


def _worth(offer: Offer, cheapest_minor: int, ranking: RankingDefaults) -> float:
    rated = (
        offer.rating or 0.0
    ) * offer.rating_count + ranking.rating_prior * ranking.rating_prior_count
    shrunk = rated / (offer.rating_count + ranking.rating_prior_count)
    dearer = min(1.0, offer.price.amount_minor / cheapest_minor - 1)
    return (
        ranking.policy_rating * shrunk
        - ranking.policy_price * dearer
        + ranking.policy_prime * offer.prime
        + ranking.policy_availability * offer.available
    )


_GROUPED = """
SELECT p.group_id, o.* FROM products p JOIN offers o USING (product_id)
WHERE p.group_id IS NOT NULL AND o.marketplace = ? ORDER BY p.group_id, o.product_id
"""
