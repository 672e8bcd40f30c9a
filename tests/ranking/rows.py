"""How these tests change one thing about a candidate, a query or an item."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias

import numpy as np

from catalog.search import Candidate, RankedItem

Found: TypeAlias = tuple[Candidate, ...]


def with_offer(candidate: Candidate, **changes: object) -> Candidate:
    offer = replace(candidate.listing.offer, **changes)  # type: ignore[arg-type]  # names are the test's
    return replace(candidate, listing=replace(candidate.listing, offer=offer))


def with_product(candidate: Candidate, **changes: object) -> Candidate:
    product = replace(candidate.listing.product, **changes)  # type: ignore[arg-type]  # names are the test's
    return replace(candidate, listing=replace(candidate.listing, product=product))


def without_anything(candidate: Candidate) -> Candidate:
    """Everything optional missing, and numbers that are none."""
    bare = with_product(
        candidate,
        colour=None,
        gender=None,
        occasion=None,
        season=None,
        group_id=None,
        concept="unheard of",
    )
    bare = with_offer(bare, rating=None, list_price=None, listed_on=None, popularity=float("nan"))
    listing = replace(bare.listing, category="nowhere")
    return replace(
        bare,
        listing=listing,
        similarity=float("nan"),
        appearance=np.full(32, np.nan, dtype=np.float32),
    )


def item(candidate: Candidate, score: float) -> RankedItem:
    return RankedItem(candidate=candidate, score=score, organic_position=0)
