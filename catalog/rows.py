"""Rows of the catalogue's database ↔ the values of `catalog.products`: the only place that knows both."""

from __future__ import annotations

import json
import sqlite3

import numpy as np
from numpy.typing import NDArray

from catalog.money import Money
from catalog.products import Offer, Product

PRODUCT_COLUMNS = (
    "product_id", "concept", "titles", "colour", "gender", "brand", "season", "occasion", "image",
    "group_id", "source", "generated",
)  # fmt: skip
OFFER_COLUMNS = (
    "marketplace", "product_id", "price_minor", "currency", "list_price_minor", "available", "sizes",
    "prime", "rating", "rating_count", "popularity", "listed_on",
)  # fmt: skip

Cell = str | int | float | bytes | None


def product_row(product: Product) -> tuple[Cell, ...]:
    """In the order of PRODUCT_COLUMNS."""
    titles = json.dumps(dict(sorted(product.titles.items())), ensure_ascii=False)
    return (
        product.product_id,
        product.concept,
        titles,
        product.colour,
        product.gender,
        product.brand,
        product.season,
        product.occasion,
        product.image,
        product.group_id,
        product.source,
        int(product.generated),
    )


def product_of(row: sqlite3.Row) -> Product:
    return Product(
        product_id=row["product_id"],
        concept=row["concept"],
        titles=json.loads(row["titles"]),
        colour=row["colour"],
        gender=row["gender"],
        brand=row["brand"],
        season=row["season"],
        occasion=row["occasion"],
        image=row["image"],
        group_id=row["group_id"],
        source=row["source"],
        generated=bool(row["generated"]),
    )


def offer_row(product_id: str, offer: Offer) -> tuple[Cell, ...]:
    """In the order of OFFER_COLUMNS. ValueError when the two prices differ in currency."""
    list_price = offer.list_price
    if list_price is not None and list_price.currency != offer.price.currency:
        raise ValueError(
            f"offer of {product_id!r} in {offer.marketplace!r} has its price in "
            f"{offer.price.currency} and its list price in {list_price.currency}. Use one currency."
        )
    return (
        offer.marketplace,
        product_id,
        offer.price.amount_minor,
        offer.price.currency,
        None if list_price is None else list_price.amount_minor,
        int(offer.available),
        json.dumps(offer.sizes, ensure_ascii=False),
        int(offer.prime),
        offer.rating,
        offer.rating_count,
        offer.popularity,
        offer.listed_on,
    )


def offer_of(row: sqlite3.Row) -> Offer:
    currency = row["currency"]
    list_minor = row["list_price_minor"]
    return Offer(
        marketplace=row["marketplace"],
        price=Money(amount_minor=row["price_minor"], currency=currency),
        list_price=(
            None if list_minor is None else Money(amount_minor=list_minor, currency=currency)
        ),
        available=bool(row["available"]),
        sizes=tuple(json.loads(row["sizes"])),
        prime=bool(row["prime"]),
        rating=row["rating"],
        rating_count=row["rating_count"],
        popularity=row["popularity"],
        listed_on=row["listed_on"],
    )


def array_bytes(values: NDArray[np.float32]) -> bytes:
    """Little-endian float32. ValueError when a value is not finite."""
    flat = np.ascontiguousarray(values, dtype="<f4")
    if flat.ndim != 1 or not np.isfinite(flat).all():
        raise ValueError(
            f"expected one row of finite numbers, found shape {flat.shape} or not finite"
        )
    return flat.tobytes()


def array_of(data: bytes) -> NDArray[np.float32]:
    return np.frombuffer(data, dtype="<f4")
