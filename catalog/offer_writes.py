"""Writing single offers, and marking their products as changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, replace

from catalog.database import StoreError, Write
from catalog.money import Money
from catalog.products import Offer
from catalog.queries import UPSERT_OFFER
from catalog.rows import offer_row


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferUpdate:
    """A new price or availability of an existing offer; None leaves the value as it is."""

    product_id: str
    marketplace: str
    price: Money | None = None
    list_price: Money | None = None
    available: bool | None = None
    sizes: tuple[str, ...] | None = None


def put_offer(write: Write, product_id: str, offer: Offer) -> bool:
    """Add or replace; False when it was there already. StoreError when the product is unknown."""
    try:
        return write.connection.execute(UPSERT_OFFER, offer_row(product_id, offer)).rowcount > 0
    except sqlite3.IntegrityError as error:
        raise StoreError(
            f"product {product_id!r} has an offer in {offer.marketplace!r} but is not in the catalogue. "
            "Upsert the product first, or both together."
        ) from error


def mark(write: Write, product_ids: Iterable[str]) -> None:
    """Let the products count as changed by this write."""
    for product_id in product_ids:
        write.connection.execute(
            "UPDATE products SET changed = ? WHERE product_id = ?", (write.counter, product_id)
        )
        write.touch()


def updated(offer: Offer, update: OfferUpdate) -> Offer:
    """The offer with what the update states."""
    return replace(
        offer,
        price=update.price or offer.price,
        list_price=update.list_price or offer.list_price,
        available=offer.available if update.available is None else update.available,
        sizes=offer.sizes if update.sizes is None else update.sizes,
    )
