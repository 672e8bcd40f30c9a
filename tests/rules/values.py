"""The values that searches bring to the rules, made short for tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from catalog.money import Money
from catalog.products import Listing, Offer, Product
from catalog.search import Candidate, Prediction, RankedItem
from rules.loading import Locales

LOCALES = Path(__file__).resolve().parents[2] / "locales"
AT = datetime(2026, 6, 1, 12, tzinfo=UTC)

SampleLocale = Callable[..., Locales]


def seen(concept: str, category: str) -> Prediction:
    return Prediction(category=category, confidence=1.0, concept=concept, concepts={concept: 1.0},
                      categories={category: 1.0})  # fmt: skip


def item(
    product_id: str,
    *,
    concept: str = "saree",
    category: str = "women.ethnic",
    colour: str | None = None,
    available: bool = True,
    prime: bool = False,
    price_minor: int = 100_000,
    duplicates: tuple[str, ...] = (),
    position: int = 1,
) -> RankedItem:
    listing = Listing(
        product=Product(product_id=product_id, concept=concept, titles={"en": product_id}, colour=colour),
        offer=Offer(marketplace="in", price=Money(amount_minor=price_minor, currency="INR"),
                    available=available, prime=prime, rating=4.5),
        category=category,
    )  # fmt: skip
    candidate = Candidate(
        listing=listing,
        similarity=0.5,
        vector=np.zeros(128, np.float32),
        appearance=np.zeros(32, np.float32),
    )
    return RankedItem(candidate=candidate, score=1.0 / position, organic_position=position,
                      duplicates=duplicates)  # fmt: skip


def page(*ids: str, **values: object) -> tuple[RankedItem, ...]:
    return tuple(item(id_, position=n, **values) for n, id_ in enumerate(ids, start=1))  # type: ignore[arg-type]  # test values


def ids(items: tuple[RankedItem, ...]) -> list[str]:
    return [one.product_id for one in items]
