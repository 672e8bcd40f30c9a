"""Seeded catalogues for measuring retrieval: vectors that cluster like those of real pictures.

Uniform random vectors would mislead: in 128 dimensions all of them are equally far from a query. Here a
leaf has a few kinds of thing, a kind has its own centre, and the spectrum falls as that of principal
components does. The sizes of the leaves follow Zipf's law.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog.money import Money
from catalog.products import COLOURS, Listing, Offer, Product
from catalog.store import IndexRecord

LEAVES = 40
_KINDS = 12
_WIDTH = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchCatalogue:
    """Columns of n listings of one marketplace, and queries near some of them."""

    vectors: NDArray[np.float32]
    leaf: NDArray[np.int64]
    """0 is the largest."""
    price: NDArray[np.int64]
    available: NDArray[np.bool_]
    queries: NDArray[np.float32]

    def records(self, marketplace: str = "in") -> Iterator[IndexRecord]:
        appearance = np.full(32, 1 / 24, np.float32)
        for i, vector in enumerate(self.vectors):
            yield IndexRecord(
                listing=self._listing(i, marketplace), vector=vector, appearance=appearance
            )

    def _listing(self, i: int, marketplace: str) -> Listing:
        product = Product(
            product_id=product_id(i),
            concept=f"concept{self.leaf[i]}",
            titles={"en": f"A product of some kind, number {i}", "hi": "कुर्ती"},
            colour=COLOURS[i % len(COLOURS)],
            gender="women",
            brand="Brand",
            image=f"{i}.jpg",
        )
        offer = Offer(
            marketplace=marketplace,
            price=Money(amount_minor=int(self.price[i]), currency="INR"),
            available=bool(self.available[i]),
            sizes=("S", "M", "L"),
            prime=i % 2 == 0,
            rating=4.1,
            rating_count=i % 500,
            popularity=(i * 7919 % 10_000) / 10_000,
        )
        return Listing(product=product, offer=offer, category=leaf_name(int(self.leaf[i])))


def product_id(row: int) -> str:
    return f"B{row:08d}"


def row_of(product: str) -> int:
    return int(product[1:])


def leaf_name(leaf: int) -> str:
    return f"department{leaf % 4}.leaf{leaf:02d}"


def make_catalogue(products: int, *, queries: int, seed: int) -> BenchCatalogue:
    """The same for the same arguments. A query is a product's vector, seen again from elsewhere."""
    rng = np.random.default_rng(seed)
    spectrum = (np.arange(1, _WIDTH + 1) ** -0.5).astype(np.float32)
    centres = rng.normal(size=(LEAVES, _KINDS, _WIDTH)).astype(np.float32)
    shares = 1 / np.arange(1, LEAVES + 1)
    leaf = rng.choice(LEAVES, size=products, p=shares / shares.sum())
    vectors = centres[leaf, rng.integers(_KINDS, size=products)]
    vectors += 0.9 * rng.standard_normal((products, _WIDTH), dtype=np.float32)
    seen = rng.integers(products, size=queries)
    asked = vectors[seen] + 0.5 * rng.standard_normal((queries, _WIDTH), dtype=np.float32)
    return BenchCatalogue(
        vectors=_unit(vectors * spectrum),
        leaf=leaf,
        price=rng.integers(10_000, 500_000, size=products),
        available=rng.random(products) < 0.9,
        queries=_unit(asked * spectrum),
    )


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths: NDArray[np.float32] = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / lengths, np.float32)
