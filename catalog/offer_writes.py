"""Writing single offers, and marking their products as changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from catalog.database import StoreError, Write
from catalog.products import Offer
from catalog.queries import UPSERT_OFFER
from catalog.rows import offer_row


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
