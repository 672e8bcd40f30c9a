"""Seeded catalogues for the tests of retrieval: clustered vectors, like those of real pictures."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from catalog.money import Money
from catalog.products import COLOURS, GENDERS, Listing, Offer, Product, Vector
from catalog.store import IndexRecord

CURRENCIES = {"in": "INR", "us": "USD"}
LEAVES = ("women.kurti", "women.saree", "men.kurta", "home.lamp", "home.chair", "women.bag")
SIZES = ("S", "M", "L", "XL", "UK 7", "32B", "free")


def unit(vector: NDArray[np.floating]) -> Vector:
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def random_unit(rng: np.random.Generator) -> Vector:
    return unit(rng.normal(size=128))


def record(
    product_id: str,
    *,
    vector: Vector,
    marketplace: str = "in",
    category: str = "women.kurti",
    concept: str = "kurti",
    colour: str | None = "red",
    gender: str | None = "women",
    price: int = 100_00,
    sizes: tuple[str, ...] = ("M",),
    prime: bool = True,
    available: bool = True,
    popularity: float = 0.5,
) -> IndexRecord:
    product = Product(
        product_id=product_id,
        concept=concept,
        titles={"en": f"A {concept} – {product_id}", "hi": "कुर्ती"},
        colour=colour,
        gender=gender,
        image=f"{product_id}.jpg",
    )
    offer = Offer(
        marketplace=marketplace,
        price=Money(amount_minor=price, currency=CURRENCIES[marketplace]),
        list_price=Money(amount_minor=price + 1, currency=CURRENCIES[marketplace]),
        available=available,
        sizes=sizes,
        prime=prime,
        rating=4.5,
        rating_count=7,
        popularity=popularity,
        listed_on="2026-01-31",
    )
    appearance = np.abs(vector[:32])
    return IndexRecord(
        listing=Listing(product=product, offer=offer, category=category),
        vector=vector,
        appearance=appearance,
    )


def catalogue(listed: Mapping[str, int], seed: int = 7) -> dict[str, list[IndexRecord]]:
    """By marketplace, as many records as asked; one in fifty shares its vector with another."""
    rng = np.random.default_rng(seed)
    centres = {leaf: rng.normal(size=(4, 128)) for leaf in LEAVES}
    made = {}
    for marketplace, count in listed.items():
        of_marketplace: list[IndexRecord] = []
        for i in range(count):
            of_marketplace.append(_random(rng, marketplace, f"SK{i:06d}", centres))
            if i % 50 == 49:
                twin = of_marketplace[int(rng.integers(i))].vector
                of_marketplace[-1] = _random(rng, marketplace, f"SK{i:06d}", centres, twin)
        made[marketplace] = of_marketplace
    return made


def _random(
    rng: np.random.Generator,
    marketplace: str,
    product_id: str,
    centres: Mapping[str, NDArray[np.float64]],
    vector: Vector | None = None,
) -> IndexRecord:
    leaf = LEAVES[int(rng.integers(len(LEAVES)))]
    near = centres[leaf][int(rng.integers(4))] + rng.normal(size=128) * 0.6
    return record(
        product_id,
        vector=unit(near) if vector is None else vector,
        marketplace=marketplace,
        category=leaf,
        concept=f"{leaf.split('.')[1]}{int(rng.integers(2))}",
        colour=[*COLOURS[:5], None][int(rng.integers(6))],
        gender=[*GENDERS, None][int(rng.integers(6))],
        price=int(rng.integers(1, 1000)),
        sizes=tuple(str(s) for s in rng.choice(SIZES, size=int(rng.integers(3)), replace=False)),
        prime=bool(rng.integers(2)),
        available=bool(rng.random() < 0.8),
        popularity=float(rng.integers(20)) / 20,
    )
