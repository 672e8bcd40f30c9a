"""One marketplace's gallery held in memory, for training and measuring: exact search over its listings.

The same candidates as an exact index gives, with two liberties that an index has no use for: a mask
of what may be found (splits by brand), and the grades' view of everything that could be right.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from catalog.categories import CategoryTree
from catalog.marketplaces import Marketplace
from catalog.products import Vector
from catalog.search import Candidate
from catalog.store import CatalogStore
from ranking.statistics import MarketStatistics

Mask = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """Listings as candidates of similarity 0, by product id; arrays run along them."""

    marketplace: Marketplace
    tree: CategoryTree
    candidates: tuple[Candidate, ...]
    statistics: MarketStatistics
    vectors: NDArray[np.float32] = field(repr=False)
    concepts: NDArray[np.str_] = field(repr=False)
    groups: NDArray[np.str_] = field(repr=False)
    """Duplicate group, or the product's own id."""

    @classmethod
    def of(cls, store: CatalogStore, marketplace: Marketplace, tree: CategoryTree) -> Shelf:
        """Everything the store lists there with a vector."""
        candidates = tuple(
            Candidate(
                listing=record.listing,
                similarity=0.0,
                vector=record.vector,
                appearance=record.appearance,
            )
            for record in store.records(marketplace.id, tree)
        )
        return cls.from_candidates(candidates, marketplace, tree)

    @classmethod
    def from_candidates(
        cls, candidates: tuple[Candidate, ...], marketplace: Marketplace, tree: CategoryTree
    ) -> Shelf:
        listings = [candidate.listing for candidate in candidates]
        return cls(
            marketplace=marketplace,
            tree=tree,
            candidates=candidates,
            statistics=MarketStatistics.from_listings(
                marketplace.id, listings, marketplace.ranking
            ),
            vectors=np.array([c.vector for c in candidates], dtype=np.float32).reshape(
                len(candidates), -1
            ),
            concepts=np.array([listing.product.concept for listing in listings], dtype=np.str_),
            groups=np.array(
                [one.product.group_id or one.product.product_id for one in listings], dtype=np.str_
            ),
        )

    def everything(self) -> Mask:
        return np.ones(len(self.candidates), dtype=bool)

    def products(self, ids: Collection[str]) -> Mask:
        """Which listings are of these products."""
        return np.array([c.product_id in ids for c in self.candidates], dtype=bool)

    def alike(self, product_id: str) -> Mask:
        """The product itself and its duplicate group."""
        own = self.products({product_id})
        return own | np.isin(self.groups, self.groups[own])

    def of_concepts(self, concepts: Iterable[str]) -> Mask:
        return np.isin(self.concepts, list(concepts))

    def chosen(self, mask: Mask) -> tuple[Candidate, ...]:
        return tuple(self.candidates[i] for i in np.flatnonzero(mask))

    def nearest(self, vector: Vector, k: int, allowed: Mask) -> tuple[Candidate, ...]:
        """The k most similar that are allowed, best first; ties by product id."""
        rows = np.flatnonzero(allowed)
        cosine = self.vectors[rows] @ vector
        order = np.argsort(-cosine, kind="stable")[:k]
        return tuple(replace(self.candidates[rows[i]], similarity=float(cosine[i])) for i in order)
