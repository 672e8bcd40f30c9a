"""Listings as compact JSON rows: what the embedded index maps from disk and Elasticsearch keeps.

A row is positional and carries no field names; `FORMAT` changes with its shape and an index of another
format is refused, never guessed at.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence

from catalog.money import Money
from catalog.products import Listing, Offer, Product

FORMAT = 1


def encode_listing(listing: Listing) -> bytes:
    """One UTF-8 JSON array without line breaks."""
    p, o = listing.product, listing.offer
    row = [
        [p.product_id, p.concept, dict(p.titles), p.colour, p.gender, p.brand, p.season, p.occasion,
         p.image, p.group_id, p.source, p.generated],
        [o.marketplace, o.price.amount_minor, o.price.currency,
         None if o.list_price is None else o.list_price.amount_minor, o.available, o.sizes, o.prime,
         o.rating, o.rating_count, o.popularity, o.listed_on],
        listing.category,
    ]  # fmt: skip
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def decode_listings(rows: Iterable[bytes]) -> list[Listing]:
    """The listings of many rows at once; ValueError (or TypeError) when one is damaged."""
    return [_listing(row) for row in json.loads(b"[" + b",".join(rows) + b"]")]


def _listing(row: Sequence[Sequence[object]]) -> Listing:
    product, offer, category = row
    return Listing(product=_product(*product), offer=_offer(*offer), category=sys.intern(category))  # type: ignore[arg-type,call-overload]  # positions are the format


def _word(text: str | None) -> str | None:
    """A word that many listings have, kept once in memory."""
    return None if text is None else sys.intern(text)


def _product(
    product_id: str, concept: str, titles: dict[str, str], colour: str | None, gender: str | None,
    brand: str | None, season: str | None, occasion: str | None, image: str | None,
    group_id: str | None, source: str, generated: bool,  # noqa: FBT001
) -> Product:  # fmt: skip
    return Product(
        product_id=product_id, concept=sys.intern(concept), titles=titles, colour=_word(colour),
        gender=_word(gender), brand=_word(brand), season=_word(season), occasion=_word(occasion),
        image=image, group_id=group_id, source=sys.intern(source), generated=generated,
    )  # fmt: skip


def _offer(
    marketplace: str, amount: int, currency: str, list_amount: int | None, available: bool,  # noqa: FBT001
    sizes: Sequence[str], prime: bool, rating: float | None, rating_count: int, popularity: float,  # noqa: FBT001
    listed_on: str | None,
) -> Offer:  # fmt: skip
    currency = sys.intern(currency)
    return Offer(
        marketplace=sys.intern(marketplace),
        price=Money(amount_minor=amount, currency=currency),
        list_price=None if list_amount is None else Money(amount_minor=list_amount, currency=currency),
        available=available, sizes=tuple(map(sys.intern, sizes)), prime=prime, rating=rating,
        rating_count=rating_count, popularity=popularity, listed_on=listed_on,
    )  # fmt: skip
