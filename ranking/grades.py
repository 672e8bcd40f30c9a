"""Graded relevance of a product for a photo whose true attributes are known, for training and measuring.

Grades prove relevance only: they read catalogue attributes, never an offer. They are labels; no
feature row ever sees them or the truth behind them.

    0  a concept that shoppers of this marketplace do not accept for the one shown
    1  an accepted concept
    +1 it is the first of the accepted ones
    +1 the photo's colour
    +1 the photo's gender and occasion

A product for the other gender has at most grade 1. What the truth does not know earns nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog.categories import CategoryTree
from catalog.products import Product
from catalog.search import Slot
from ranking.colours import colour_fit

HIGHEST = 4
GAINS = tuple(float(2**grade - 1) for grade in range(HIGHEST + 1))

_OPPOSITE = {
    "women": {"men", "boys"},
    "men": {"women", "girls"},
    "girls": {"men", "boys"},
    "boys": {"women", "girls"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What a photo is known to show. Several concepts: the label allows each of them."""

    concepts: tuple[str, ...]
    colour: str | None = None
    gender: str | None = None
    occasion: str | None = None


def accepted_places(truth: Truth, tree: CategoryTree) -> dict[str, int]:
    """Concept → its place in what is accepted for the truth, the best of several."""
    places: dict[str, int] = {}
    for concept in truth.concepts:
        for place, accepted in enumerate(tree.accepted(concept)):
            places[accepted] = min(place, places.get(accepted, place))
    return places


def grade(truth: Truth, product: Product, places: dict[str, int]) -> int:
    """0 to HIGHEST; `places` is `accepted_places` of the same truth."""
    if product.concept not in places:
        return 0
    if truth.gender is not None and product.gender in _OPPOSITE.get(truth.gender, ()):
        return 1
    points = 1 + (places[product.concept] == 0)
    points += truth.colour is not None and product.colour == truth.colour
    same_person = truth.gender is not None and product.gender in (truth.gender, "unisex")
    points += same_person and truth.occasion in (None, product.occasion)
    return points


def grades(truth: Truth, products: Sequence[Product], tree: CategoryTree) -> NDArray[np.int8]:
    """Shape (len(products),)."""
    places = accepted_places(truth, tree)
    return np.array([grade(truth, product, places) for product in products], dtype=np.int8)


COLOUR_FITS = 0.7
PRICE_FITS = 0.7
"""From here a relation that a slot asks for counts as met."""


def slot_grades(
    truth: Truth, slot: Slot, products: Sequence[Product], price_fits: NDArray[np.float64]
) -> NDArray[np.int8]:
    """How well products fill a slot beside the true thing; shape (len(products),).

    0 outside the slot's concepts or in what it must never hold; else 1, +1 for its first concept,
    +1 where the colour stands to the true colour as asked, +1 where the price does. A relation that
    is not asked for, or a true colour that is not known, earns nothing.
    """
    seen = {truth.colour: 1.0} if truth.colour is not None else {}
    found = []
    for product, price in zip(products, price_fits, strict=True):
        if product.concept not in slot.concepts or product.concept in slot.never:
            found.append(0)
            continue
        points = 1 + (product.concept == slot.concepts[0])
        if slot.colour != "any" and seen and product.colour is not None:
            points += colour_fit(slot.colour, product.colour, seen) >= COLOUR_FITS
        points += slot.price != "any" and float(price) >= PRICE_FITS
        found.append(int(points))
    return np.array(found, dtype=np.int8)
