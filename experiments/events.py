"""What is logged: searches as they were shown, exposures, and what shoppers did.

Nothing personal is kept beyond the pseudonymous unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

TYPES = ("impression", "click", "cart", "purchase")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """The logged fact that a unit saw output that the variant could change."""

    experiment: str
    variant: str
    unit: str
    marketplace: str
    query_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchShown:
    """One page of one answered search: what was shown where, and under which versions.

    All pages of a search share its `query_id`; `first_position` tells them apart.
    """

    query_id: str
    marketplace: str
    unit: str
    at: datetime
    product_ids: tuple[str, ...]
    """In the order shown: the first stands at `first_position`."""
    features: str
    rules: str
    first_position: int = 1
    variants: Mapping[str, str] = field(default_factory=dict)
    propensities: tuple[float, ...] | None = None
    """The probability of each product to stand where it stood; None: the order was not drawn."""
    query_product: str | None = None
    """The product that was searched with; None for a photo, which is not kept."""
    teams: Mapping[str, tuple[str, ...]] | None = None
    """Of an interleaved page: the products that each variant placed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something a shopper did; `at` is the shopper's clock, `received_at` ours."""

    event_id: str
    """The idempotency key: unique for all time, such as a UUID."""
    type: str
    marketplace: str
    query_id: str
    product_id: str
    unit: str
    at: datetime
    received_at: datetime
    position: int | None = None
    value_minor: int | None = None
