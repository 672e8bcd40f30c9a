"""Gives the catalogue's generated products their offers, as each marketplace stocks them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from catalog.locale_schemas import Stocking
from catalog.marketplaces import Marketplace
from catalog.offers import OfferGenerator
from catalog.products import Offer, Product
from catalog.stocking import Stock, choose_stock
from catalog.store import CatalogStore

BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A marketplace with what it stocks."""

    marketplace: Marketplace
    stocking: Mapping[str, Stocking]


def offer_generated(
    store: CatalogStore,
    shelves: Sequence[Shelf],
    generator: OfferGenerator,
    *,
    since: int = 0,
    on_products: Callable[[int], None] = lambda _: None,
) -> int:
    """Make the offers of every generated product agree with the stocking; returns how many changed.

    Offers of products that did not change after the counter `since` are made again only where the
    choice of the stock has moved.
    """
    fresh = set(store.changes(since).products) if since else None
    stocks = [
        choose_stock(
            ((p.product_id, p.concept) for p in _generated(store)),
            shelf.marketplace.id,
            shelf.stocking,
            generator.concepts,
            generator.seed,
        )
        for shelf in shelves
    ]
    changed = 0
    products = _generated(store)
    while batch := list(islice(products, BATCH)):
        offers = {}
        for product in batch:
            wanted = _wanted(product, shelves, stocks)
            stale = fresh is None or product.product_id in fresh
            if stale or _offered(store, product) != {m.id for m in wanted}:
                offers[product.product_id] = _offers(product, wanted, generator)
        if offers:
            changed += store.replace_offers(offers)
        on_products(len(batch))
    return changed


def _wanted(
    product: Product, shelves: Sequence[Shelf], stocks: Sequence[Stock]
) -> tuple[Marketplace, ...]:
    return tuple(
        shelf.marketplace
        for shelf, stock in zip(shelves, stocks, strict=True)
        if stock.holds(product.product_id, product.concept)
    )


def _offers(
    product: Product, wanted: Sequence[Marketplace], generator: OfferGenerator
) -> tuple[Offer, ...]:
    return tuple(generator.offer(product, marketplace) for marketplace in wanted)


def _offered(store: CatalogStore, product: Product) -> set[str]:
    return {offer.marketplace for offer in store.offers(product.product_id)}


def _generated(store: CatalogStore) -> Iterator[Product]:
    return (product for product in store.products() if product.generated)
