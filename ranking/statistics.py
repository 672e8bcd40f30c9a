"""What is usual in one marketplace: ratings and prices by category, computed once from its listings.

Invariants: a value of `MarketStatistics` never changes after `from_listings`; a category without
listings answers with the marketplace's own figures; no listings at all answer with the prior.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog.marketplaces import RankingDefaults
from catalog.products import Listing

Floats = NDArray[np.float64]

QUANTILES = 33
"""Points of a category's price distribution; a position is known to about 3 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketStatistics:
    """Row 0 stands for the whole marketplace; `rows` gives a category's own row."""

    marketplace: str
    listings: int
    rows: Mapping[str, int]
    rating_mean: Floats
    """Shape (rows,), stars: the category's mean rating, itself shrunk to the marketplace's prior."""
    price_quantiles: Floats
    """Shape (rows, QUANTILES), minor units, rising."""
    rating_prior_count: float

    @classmethod
    def from_listings(
        cls, marketplace: str, listings: Iterable[Listing], ranking: RankingDefaults
    ) -> MarketStatistics:
        """Statistics of the listings of one marketplace; those of others must not be among them."""
        by_category: dict[str, list[Listing]] = {}
        for listing in listings:
            by_category.setdefault(listing.category, []).append(listing)
        everything = [listing for group in by_category.values() for listing in group]
        groups = [everything, *by_category.values()]
        market_mean = _shrunk_mean(everything, ranking.rating_prior, ranking.rating_prior_count)
        means = [_shrunk_mean(g, market_mean, ranking.rating_prior_count) for g in groups]
        return cls(
            marketplace=marketplace,
            listings=len(everything),
            rows={category: row for row, category in enumerate(by_category, start=1)},
            rating_mean=np.array(means),
            price_quantiles=np.stack([_quantiles(group) for group in groups]),
            rating_prior_count=ranking.rating_prior_count,
        )

    def rows_of(self, categories: Iterable[str]) -> NDArray[np.intp]:
        """Row by category; 0, the whole marketplace, for one that has no listings."""
        known = self.rows
        return np.array([known.get(category, 0) for category in categories], dtype=np.intp)

    def shrunk_rating(self, rows: NDArray[np.intp], rating: Floats, count: Floats) -> Floats:
        """Bayesian mean: the category's mean weighs as `rating_prior_count` reviews. NaN: unrated."""
        votes = np.where(np.isfinite(rating), np.maximum(count, 0.0), 0.0)
        prior = self.rating_mean[rows]
        summed = self.rating_prior_count * prior + votes * np.nan_to_num(rating)
        total = self.rating_prior_count + votes
        return np.where(total > 0, summed / np.maximum(total, 1e-9), prior)

    def price_position(self, rows: NDArray[np.intp], price_minor: Floats) -> Floats:
        """Share of the category that is cheaper, 0 to 1; half of what costs the same counts."""
        quantiles = self.price_quantiles[rows]
        prices = price_minor[:, None]
        return np.asarray(
            ((quantiles < prices).mean(axis=1) + (quantiles <= prices).mean(axis=1)) / 2
        )


def _shrunk_mean(listings: list[Listing], prior: float, weight: float) -> float:
    """Mean of the listings' ratings, each one vote, with the prior as `weight` votes."""
    ratings = [listing.offer.rating for listing in listings if listing.offer.rating is not None]
    total = weight + len(ratings)
    return (prior * weight + sum(ratings)) / total if total > 0 else prior


def _quantiles(listings: list[Listing]) -> Floats:
    if not listings:
        return np.zeros(QUANTILES)
    prices = np.array([listing.offer.price.amount_minor for listing in listings], dtype=np.float64)
    return np.asarray(np.quantile(prices, np.linspace(0.0, 1.0, QUANTILES)))
