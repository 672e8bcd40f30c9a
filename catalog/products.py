"""Products and their offers: a thing with a picture, and what one marketplace asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog.money import Money

Vector = NDArray[np.float32]
"""Shape (128,), unit length."""

GENDERS = ("women", "men", "girls", "boys", "unisex")

FREE_SIZE = "free"
"""Fits all, and is never hidden by a size filter."""

COLOURS = (
    "black", "white", "grey", "beige", "brown", "red", "maroon", "pink", "magenta", "purple",
    "lavender", "blue", "navy", "teal", "green", "olive", "yellow", "mustard", "gold", "orange",
    "rust", "peach", "silver", "copper", "multi",
)  # fmt: skip
"""The colours that products, filters and colour relations name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A thing in the catalogue. `titles` is keyed by language; `concept` never by marketplace."""

    product_id: str
    concept: str
    titles: Mapping[str, str]
    colour: str | None = None
    gender: str | None = None
    brand: str | None = None
    season: str | None = None
    occasion: str | None = None
    image: str | None = None
    """File name inside the workspace's picture store; None: no picture."""
    group_id: str | None = None
    """The duplicate group; None: a group of its own."""
    source: str = ""
    """The import it came from."""
    generated: bool = False
    """True when its offers were made by the seeded generator, not by a shop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One product in one marketplace. `rating` is 1 to 5, None when nobody rated it."""

    marketplace: str
    price: Money
    list_price: Money | None = None
    available: bool = True
    sizes: tuple[str, ...] = ()
    """Empty: the product has no sizes. ("free",): free size, never hidden by a size filter."""
    prime: bool = False
    rating: float | None = None
    rating_count: int = 0
    popularity: float = 0.0
    """Smoothed share of the marketplace's demand, 0 to 1."""
    listed_on: str | None = None
    """ISO date of the first listing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What an index stores and returns: the product, its offer here, and its leaf here."""

    product: Product
    offer: Offer
    category: str


def any_size(sizes: tuple[str, ...]) -> bool:
    """True for what no size filter hides: without sizes, or free size."""
    return not sizes or FREE_SIZE in sizes
