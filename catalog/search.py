"""What passes between the stages of a search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from catalog.products import Listing, Vector


@dataclass(frozen=True, slots=True)
class Box:
    """Left, top, right, bottom as shares of the picture, 0 to 1."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def area(self) -> float:
        return max(0.0, self.right - self.left) * max(0.0, self.bottom - self.top)

    def iou(self, other: Box) -> float:
        """Intersection over union, 0 to 1."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        shared = max(0.0, width) * max(0.0, height)
        union = self.area + other.area - shared
        return shared / union if union > 0 else 0.0


WHOLE = Box(0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectedObject:
    """A box with the coarse concept that the detector gives it."""

    id: int
    box: Box
    confidence: float
    concept: str | None = None
    """None for the whole picture, which is always a candidate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What the focus is, in one marketplace's words, calibrated."""

    category: str
    """A leaf, or its parent when the head abstains."""
    confidence: float
    concept: str
    """The most likely concept, never projected: the same in every marketplace."""
    concepts: Mapping[str, float]
    """Probability by concept, most likely first; sums to at most 1."""
    categories: Mapping[str, float]
    """Probability by leaf, most likely first."""
    abstained: bool = False


class Sort(StrEnum):
    RELEVANCE = "relevance"
    PRICE_ASC = "price_asc"
    PRICE_DESC = "price_desc"
    RATING = "rating"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Hard restrictions, the same in every engine. None or empty: no restriction."""

    marketplace: str
    categories: tuple[str, ...] = ()
    """Leaves; a product in any of them passes."""
    concepts: tuple[str, ...] = ()
    min_price_minor: int | None = None
    max_price_minor: int | None = None
    size: str | None = None
    """Passes products in this size, in free size and without sizes."""
    sizes_alike: tuple[str, ...] = ()
    """Passes products in these too: what the size may be called in other systems."""
    prime: bool | None = None
    available: bool | None = None
    colours: tuple[str, ...] = ()
    genders: tuple[str, ...] = ()
    """`unisex` products pass every gender."""
    exclude_products: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A listing that retrieval found. `similarity` is cosine in [-1, 1]."""

    listing: Listing
    similarity: float
    vector: Vector = field(repr=False, compare=False)
    appearance: NDArray[np.float32] = field(repr=False, compare=False)
    """As in `Look`."""

    @property
    def product_id(self) -> str:
        return self.listing.product.product_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """An index's answer: at most k candidates, best first, and what it could not do."""

    candidates: tuple[Candidate, ...]
    total: int
    """Listings that match the filters."""
    shortfall: str | None = None
    """`exhausted` or `filtered_out` when fewer than k came back."""
    degraded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the networks and plain arithmetic saw inside one box of a photo."""

    box: Box
    vector: Vector
    """The embedder's, shape (128,), unit length."""
    features: NDArray[np.float32]
    """What the category heads read; its width belongs to the model's version."""
    appearance: NDArray[np.float32]
    """Shape (32,): soft colour histogram (24, sums to 1), then texture energies (8, unit length)."""
    colours: Mapping[str, float]
    """Share of the object by colour word of `COLOURS`, most first; sums to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedRule:
    """A merchandising rule that moved, kept or hid a product, and how."""

    id: str
    action: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedItem:
    """A candidate with the re-ranker's score; `duplicates` are the ids folded under it."""

    candidate: Candidate
    score: float
    organic_position: int
    """1 for the best before merchandising rules."""
    duplicates: tuple[str, ...] = ()
    rules: tuple[AppliedRule, ...] = ()
    contributions: Mapping[str, float] | None = None
    """By feature name, with `bias`; sums to the score. None: not asked for."""

    @property
    def product_id(self) -> str:
        return self.candidate.product_id

    @property
    def pinned(self) -> bool:
        """Whether a rule put it where it stands."""
        return any(rule.action == "pin" for rule in self.rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One kind of accessory to offer, decided by the rules before anything is retrieved."""

    rule: str
    id: str
    titles: Mapping[str, str]
    concepts: tuple[str, ...]
    categories: tuple[str, ...]
    """The leaves of this marketplace that take those concepts; may be empty."""
    count: int = 4
    colour: str = "any"
    """`match`, `complement`, `neutral` or `any`, against the focus."""
    price: str = "any"
    """`lower`, `similar` or `any`, against the neighbours of the focus."""
    genders: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    """Concepts that must never stand in it."""
    priority: int = 0
