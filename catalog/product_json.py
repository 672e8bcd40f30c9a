"""Products and offers as JSON objects: what `export` writes, and `upsert` and the admin endpoint read.

    {"product_id": "SK1", "concept": "kurti", "titles": {"en": "Blue kurti"}, "colour": "blue",
     "gender": "women", "brand": null, "season": null, "occasion": null, "image": "….jpg",
     "source": "shop", "offers": [{"marketplace": "in", "price": "1299.00", "currency": "INR",
     "list_price": "1799.00", "available": true, "sizes": ["S", "M"], "prime": true, "rating": 4.2,
     "rating_count": 318, "popularity": 0.4, "listed_on": "2026-01-31"}]}

A key that is not written leaves the value as it is; null empties it. Prices are decimals in text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from catalog.concepts import ConceptTree
from catalog.money import Money, minor_digits
from catalog.products import COLOURS, GENDERS, Offer, Product
from documents.suggestions import suggestion

PRODUCT_KEYS = (
    "product_id", "concept", "titles", "colour", "gender", "brand", "season", "occasion", "image",
    "source", "generated", "group_id", "offers",
)  # fmt: skip
OFFER_KEYS = (
    "marketplace", "price", "currency", "list_price", "available", "sizes", "prime", "rating",
    "rating_count", "popularity", "listed_on",
)  # fmt: skip
MAX_TEXT = 2000


class LineError(ValueError):
    """What is wrong with one object: the key, what stands there, what would do."""


def product_document(product: Product, offers: Sequence[Offer]) -> dict[str, object]:
    """The object of a product; reading it back gives the same product and offers."""
    return {
        "product_id": product.product_id,
        "concept": product.concept,
        "titles": dict(product.titles),
        "colour": product.colour,
        "gender": product.gender,
        "brand": product.brand,
        "season": product.season,
        "occasion": product.occasion,
        "image": product.image,
        "source": product.source,
        "generated": product.generated,
        "group_id": product.group_id,
        "offers": [offer_document(offer) for offer in offers],
    }


def offer_document(offer: Offer) -> dict[str, object]:
    return {
        "marketplace": offer.marketplace,
        "price": _price_text(offer.price),
        "currency": offer.price.currency,
        "list_price": None if offer.list_price is None else _price_text(offer.list_price),
        "available": offer.available,
        "sizes": list(offer.sizes),
        "prime": offer.prime,
        "rating": offer.rating,
        "rating_count": offer.rating_count,
        "popularity": offer.popularity,
        "listed_on": offer.listed_on,
    }


def merge_product(
    document: Mapping[str, Any], known: Product | None, concepts: ConceptTree
) -> Product:
    """The product after the object; `known` is what stands there. LineError says what is wrong."""
    _refuse_unknown(document, PRODUCT_KEYS)
    if known is None:
        for key in ("concept", "titles"):
            if document.get(key) is None:
                raise LineError(f"{key} is missing, and a new product needs it")
        known = Product(product_id=document["product_id"], concept="", titles={})
    product = replace(
        known,
        concept=_choice(document, "concept", known.concept, tuple(concepts.concepts)) or "",
        titles=_titles(document, known.titles),
        colour=_choice(document, "colour", known.colour, COLOURS),
        gender=_choice(document, "gender", known.gender, GENDERS),
        brand=_text(document, "brand", known.brand),
        season=_text(document, "season", known.season),
        occasion=_text(document, "occasion", known.occasion),
        image=_text(document, "image", known.image),
        group_id=_text(document, "group_id", known.group_id),
        source=_text(document, "source", known.source) or "",
        generated=_truth(document, "generated", default=known.generated),
    )
    if not product.concept:
        raise LineError("concept is null, and a product needs one")
    return product


def merge_offer(
    document: Mapping[str, Any], known: Offer | None, currencies: Mapping[str, str]
) -> Offer:
    """The offer after the object, as `merge_product`."""
    _refuse_unknown(document, OFFER_KEYS)
    marketplace = document.get("marketplace")
    if not isinstance(marketplace, str) or marketplace not in currencies:
        hint = suggestion(str(marketplace), currencies, "marketplace")
        raise LineError(f"marketplace {marketplace!r} is not known. {hint}")
    currency = currencies[marketplace]
    if document.get("currency", currency) != currency:
        raise LineError(
            f"currency is {document['currency']!r}, and {marketplace!r} sells in {currency}"
        )
    price = _money(document, "price", known.price if known else None, currency)
    if price is None:
        raise LineError(f"price is missing, and the offer in {marketplace!r} needs one")
    list_price = _money(document, "list_price", known.list_price if known else None, currency)
    if list_price is not None and list_price.amount_minor < price.amount_minor:
        raise LineError(f"list_price {list_price.major} is below the price {price.major}")
    base = known or Offer(marketplace=marketplace, price=price)
    return replace(
        base,
        price=price,
        list_price=list_price,
        available=_truth(document, "available", default=base.available),
        sizes=_sizes(document, base.sizes),
        prime=_truth(document, "prime", default=base.prime),
        rating=_number(document, "rating", base.rating, 1, 5),
        rating_count=int(_number(document, "rating_count", base.rating_count, 0, 10**9) or 0),
        popularity=_number(document, "popularity", base.popularity, 0, 1) or 0.0,
        listed_on=_day(document, base.listed_on),
    )


def _price_text(money: Money) -> str:
    return f"{money.major:.{minor_digits(money.currency)}f}"


def _refuse_unknown(document: Mapping[str, Any], keys: tuple[str, ...]) -> None:
    for key in document:
        if key not in keys:
            raise LineError(f"key {key!r} is not known. {suggestion(key, keys, 'key')}")


def _text(document: Mapping[str, Any], key: str, default: str | None) -> str | None:
    value = document.get(key, default)
    if value is not None and (not isinstance(value, str) or len(value) > MAX_TEXT):
        raise LineError(f"{key} is {str(value)[:40]!r}; write a text of at most {MAX_TEXT} letters")
    return value or None


def _choice(
    document: Mapping[str, Any], key: str, default: str | None, known: tuple[str, ...]
) -> str | None:
    value = _text(document, key, default)
    if value is not None and value not in known:
        raise LineError(f"{key} {value!r} is not known. {suggestion(value, known, key)}")
    return value


def _titles(document: Mapping[str, Any], default: Mapping[str, str]) -> Mapping[str, str]:
    titles = document.get("titles", default)
    if not isinstance(titles, Mapping) or not all(
        isinstance(title, str) and len(title) <= MAX_TEXT for title in titles.values()
    ):
        raise LineError('titles must be texts by language, such as {"en": "Blue kurti"}')
    return dict(titles)


def _truth(document: Mapping[str, Any], key: str, *, default: bool) -> bool:
    value = document.get(key, default)
    if not isinstance(value, bool):
        raise LineError(f"{key} is {value!r}; write true or false")
    return value


def _money(
    document: Mapping[str, Any], key: str, default: Money | None, currency: str
) -> Money | None:
    value = document.get(key, default)
    if value is None or isinstance(value, Money):
        return value
    try:
        amount = Decimal(value) if isinstance(value, str | int) else Decimal("NaN")
    except InvalidOperation:
        amount = Decimal("NaN")
    if isinstance(value, bool) or not amount.is_finite() or not 0 < amount < 10**10:
        raise LineError(f'{key} is {value!r}; write a decimal above 0 in quotes, such as "1299.00"')
    money = Money.from_major(amount, currency)
    if money.major != amount:
        raise LineError(f"{key} is {value!r}; {currency} has {minor_digits(currency)} decimals")
    return money


def _sizes(document: Mapping[str, Any], default: tuple[str, ...]) -> tuple[str, ...]:
    value = document.get("sizes", default)
    if value is None:
        return ()
    if not isinstance(value, list | tuple) or not all(
        isinstance(size, str) and 0 < len(size) <= 40 for size in value
    ):
        raise LineError('sizes must be a list of texts, such as ["S", "M"]')
    return tuple(dict.fromkeys(value))


def _number(
    document: Mapping[str, Any], key: str, default: float | None, low: float, high: float
) -> float | None:
    value = document.get(key, default)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise LineError(f"{key} is {value!r}; write a number from {low} to {high}")
    return value


def _day(document: Mapping[str, Any], default: str | None) -> str | None:
    value = document.get("listed_on", default)
    try:
        return None if value is None else date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise LineError(f"listed_on is {value!r}; write a day as 2026-01-31") from None
