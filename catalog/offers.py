"""The seeded offer generator, for products that come without prices: real distributions, no real offer.

Every value of an offer is a pure function of (seed, product id, marketplace) and the product: the
order of products, and which others there are, change nothing. What is fitted and what is assumed:

- price: a quantile of the concept's price list (`offer_quantiles.json`). One product is dear or cheap
  everywhere (correlation 0.95). The list's currency is carried over by PRICE_FACTORS, which stand for
  what a shop asks there, not for the exchange rate; then rounded to a price as shops write it.
- list price: none for the fitted share without discount, else price / (1 - fitted discount).
- rating and rating count: fitted quantiles; of one product correlated 0.7 and 0.5 between marketplaces.
- assumed: Prime for 60 %, available 93 %, each size of the run for 80 % (never none), listed on any day
  of the three years before LISTED_UNTIL, popularity the logarithmic share of the fitted largest
  rating count.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import NormalDist

from catalog.concepts import ConceptTree
from catalog.marketplaces import Marketplace
from catalog.money import Money, minor_digits
from catalog.offer_model import OfferModel, at
from catalog.products import Offer, Product
from catalog.sizes import FREE, size_run

PRICE_FACTORS = {
    ("INR", "INR"): 1.0, ("INR", "USD"): 1 / 45, ("INR", "GBP"): 1 / 58, ("INR", "EUR"): 1 / 50,
    ("SAR", "INR"): 22.0, ("SAR", "USD"): 0.27, ("SAR", "GBP"): 0.215, ("SAR", "EUR"): 0.25,
}  # fmt: skip
"""(currency of the list, currency of the offer) → factor. From INR they are about twice the exchange
rate of 2023 (82, 102, 89): the same kind of garment costs about twice as much there. From SAR they are
about the exchange rate: the chain prices alike."""
PRIME_SHARE = 0.6
AVAILABLE_SHARE = 0.93
SIZE_SHARE = 0.8
LISTED_UNTIL = date(2026, 10, 31)
LISTED_DAYS = 3 * 365

_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferGenerator:
    """Makes offers from a fitted model."""

    model: OfferModel
    concepts: ConceptTree
    seed: int = 0

    def offer(self, product: Product, marketplace: Marketplace) -> Offer:
        """The product's offer there. ValueError when no factor leads to the currency."""
        draw = self._draws(product.product_id, marketplace.id)
        rated = next(draw) >= self.model.unrated_share
        rating = at(self.model.rating, self._shared(product, "rating", 0.7, next(draw)))
        count = at(self.model.rating_count, self._shared(product, "count", 0.5, next(draw)))
        price, list_price = self._prices(product, marketplace, draw)
        return Offer(
            marketplace=marketplace.id,
            price=price,
            list_price=list_price,
            available=next(draw) < AVAILABLE_SHARE,
            prime=next(draw) < PRIME_SHARE,
            rating=round(min(5.0, max(1.0, rating)), 1) if rated else None,
            rating_count=max(1, int(count)) if rated else 0,
            popularity=self._popularity(count) if rated else 0.0,
            listed_on=(LISTED_UNTIL - timedelta(days=int(next(draw) * LISTED_DAYS))).isoformat(),
            sizes=self._sizes(product, marketplace, draw),
        )

    def _prices(
        self, product: Product, marketplace: Marketplace, draw: Iterator[float]
    ) -> tuple[Money, Money | None]:
        table = self.model.price_table(product.concept, self.concepts)
        factor = PRICE_FACTORS.get((table.currency, marketplace.currency))
        if factor is None:
            raise ValueError(
                f"no price factor leads from {table.currency} to {marketplace.currency}. "
                "Add one to PRICE_FACTORS."
            )
        amount = at(table.quantiles, self._shared(product, "price", 0.95, next(draw))) * factor
        price = shop_price(amount, marketplace.currency)
        discount = at(self.model.discount, next(draw))
        if next(draw) < self.model.undiscounted_share:
            return price, None
        list_price = shop_price(float(price.major) / max(1 - discount, 0.05), marketplace.currency)
        return price, list_price if list_price.amount_minor > price.amount_minor else None

    def _sizes(
        self, product: Product, marketplace: Marketplace, draw: Iterator[float]
    ) -> tuple[str, ...]:
        run = size_run(product.concept, product.gender, marketplace.size_systems, self.concepts)
        if run == FREE:
            return FREE
        kept = tuple(size for size in run if next(draw) < SIZE_SHARE)
        return kept or (run[len(run) // 2],)

    def _popularity(self, count: float) -> float:
        return round(math.log1p(count) / math.log1p(self.model.rating_count[-1]), 4)

    def _shared(self, product: Product, what: str, correlation: float, own: float) -> float:
        """A probability that the product's offers elsewhere share in part (Gaussian copula)."""
        common = next(self._draws(product.product_id, f"*{what}"))
        mixed = math.sqrt(correlation) * _NORMAL.inv_cdf(common) + math.sqrt(
            1 - correlation
        ) * _NORMAL.inv_cdf(own)
        return _NORMAL.cdf(mixed)

    def _draws(self, product_id: str, stream: str) -> Iterator[float]:
        """Uniform numbers strictly between 0 and 1, for ever."""
        block = 0
        while True:
            text = f"{self.seed}\x1f{stream}\x1f{product_id}\x1f{block}"
            digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=64).digest()
            for start in range(0, 64, 8):
                yield (int.from_bytes(digest[start : start + 8], "big") + 1) / (2**64 + 2)
            block += 1


def shop_price(amount: float, currency: str) -> Money:
    """The nearest price as shops write it: rupees end in 9 from ₹49, other currencies in .99."""
    whole_only = currency == "INR" or minor_digits(currency) == 0
    if whole_only:
        major = Decimal(max(49, round(amount / 10) * 10 - 1))
    else:
        major = Decimal(max(0, math.floor(amount))) + Decimal("0.99")
    return Money.from_major(major, currency)
