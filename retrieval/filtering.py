"""What a filter means, listing by listing: the reference that every engine's own filtering must equal."""

from __future__ import annotations

from catalog.products import Listing, Offer, any_size
from catalog.search import Filters

UNISEX = "unisex"


def passes(listing: Listing, filters: Filters) -> bool:
    """Whether a listing of the marketplace passes every restriction."""
    product, offer = listing.product, listing.offer
    return (
        (not filters.categories or listing.category in filters.categories)
        and (not filters.concepts or product.concept in filters.concepts)
        and (not filters.colours or product.colour in filters.colours)
        and (not filters.genders or product.gender in (*filters.genders, UNISEX))
        and product.product_id not in filters.exclude_products
        and _offer_passes(offer, filters)
    )


def _offer_passes(offer: Offer, filters: Filters) -> bool:
    price = offer.price.amount_minor
    return (
        (filters.min_price_minor is None or price >= filters.min_price_minor)
        and (filters.max_price_minor is None or price <= filters.max_price_minor)
        and (filters.prime is None or offer.prime is filters.prime)
        and (filters.available is None or offer.available is filters.available)
        and (filters.size is None or any_size(offer.sizes) or _in_size(offer.sizes, filters))
    )


def _in_size(sizes: tuple[str, ...], filters: Filters) -> bool:
    return filters.size in sizes or any(one in sizes for one in filters.sizes_alike)
