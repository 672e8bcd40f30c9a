"""What each filter would leave: counts beside the choices of a search, without asking once a choice.

A facet's counts obey every other filter and ignore its own, so that choosing a value leaves as many
listings as it says. They are counted over the listings nearest to the photo, at most `DEPTH`; where
the scope of the search holds more, `Facets.exact` is false and the answer says how many were looked at.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from catalog.marketplaces import Marketplace
from catalog.money import Money
from catalog.products import GENDERS, Listing, any_size
from catalog.search import Filters, Hits
from catalog.sizes import LETTERS
from retrieval.filtering import UNISEX

DEPTH = 1000
"""The most listings that facets are counted over."""
STEPS = 4
"""The most price ranges."""

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRange:
    """Prices from and to, both included; None is open. `count` listings stand in it."""

    low_minor: int | None
    high_minor: int | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """Listings by what choosing a value would leave, before folding duplicates."""

    counted: int
    total: int
    """Listings in the scope: what is accepted for the photo, or the chosen category."""
    prime: int
    available: int
    prices: tuple[PriceRange, ...]
    sizes: Counts
    colours: Counts
    genders: Counts
    categories: Counts

    @property
    def exact(self) -> bool:
        """Everything in the scope was counted."""
        return self.counted >= self.total


def count_facets(
    scope: Hits,
    accepted: Hits,
    filters: Filters,
    marketplace: Marketplace,
    *,
    comes_in: Callable[[Listing], bool],
) -> Facets:
    """`scope` holds what the search could show; `accepted` what it could without a chosen category.

    `comes_in`: whether a listing is sold in the size asked for. Categories are those of both, so that
    a chosen one that is not accepted still shows its count.
    """
    failing = [(c.listing, _failing(c.listing, filters, comes_in)) for c in scope.candidates]
    wider = [(c.listing, _failing(c.listing, filters, comes_in)) for c in accepted.candidates]

    def leaving(facet: str, among: Sequence[tuple[Listing, frozenset[str]]]) -> list[Listing]:
        return [listing for listing, failed in among if failed <= {facet}]

    prices = [one.offer.price.amount_minor for one in leaving("price", failing)]
    return Facets(
        counted=len(scope.candidates),
        total=max(scope.total, len(scope.candidates)),
        prime=sum(one.offer.prime for one in leaving("prime", failing)),
        available=sum(one.offer.available for one in leaving("available", failing)),
        prices=price_ranges(prices, marketplace.currency),
        sizes=_sizes(leaving("size", failing)),
        colours=_most_first(
            Counter(one.product.colour for one in leaving("colour", failing) if one.product.colour)
        ),
        genders=_genders(leaving("gender", failing)),
        categories=_most_first(
            Counter(one.category for one in leaving("category", failing))
            | Counter(one.category for one in leaving("category", wider))
        ),
    )


def price_ranges(prices_minor: Iterable[int], currency: str) -> tuple[PriceRange, ...]:
    """At most `STEPS` ranges of about equal counts, cut at round prices; none for equal prices."""
    ordered = sorted(prices_minor)
    if len(ordered) < 2:
        return ()
    unit = Money.from_major(Decimal(1), currency).amount_minor
    quantiles = (ordered[len(ordered) * i // STEPS] for i in range(1, STEPS))
    cuts = sorted({_round(price, unit) for price in quantiles})
    cuts = [cut for cut in cuts if ordered[0] < cut <= ordered[-1]]
    if not cuts:
        return ()
    edges: list[int | None] = [None, *cuts, None]
    return tuple(
        PriceRange(
            low_minor=low,
            high_minor=None if high is None else high - 1,
            count=sum(
                (low is None or price >= low) and (high is None or price < high)
                for price in ordered
            ),
        )
        for low, high in pairwise(edges)
    )


def _round(price_minor: int, unit: int) -> int:
    """To one and a half significant digits of whole money: 1, 1.5, 2, 2.5, 3, 4, 5, 7.5 × 10^n."""
    major = max(1.0, price_minor / unit)
    scale = float(f"1e{len(str(int(major))) - 1}")
    step = min((1, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5, 10), key=lambda s: abs(s * scale - major))
    return max(1, round(step * scale)) * unit


def _failing(
    listing: Listing, filters: Filters, comes_in: Callable[[Listing], bool]
) -> frozenset[str]:
    """The facets whose filter the listing does not pass."""
    product, offer = listing.product, listing.offer
    price = offer.price.amount_minor
    low, high = filters.min_price_minor, filters.max_price_minor
    checks = {
        "price": (low is None or price >= low) and (high is None or price <= high),
        "prime": filters.prime is None or offer.prime is filters.prime,
        "available": filters.available is None or offer.available is filters.available,
        "size": comes_in(listing),
        "colour": not filters.colours or product.colour in filters.colours,
        "gender": not filters.genders or product.gender in (*filters.genders, UNISEX),
    }
    return frozenset(name for name, passed in checks.items() if not passed)


def _sizes(listings: Sequence[Listing]) -> Counts:
    """In the order of a size run; what fits everybody counts under every size."""
    named: Counter[str] = Counter()
    for one in listings:
        if not any_size(one.offer.sizes):
            named.update(one.offer.sizes)
    free = sum(any_size(one.offer.sizes) for one in listings)
    return {size: named[size] + free for size in sorted(named, key=_size_order)}


def _size_order(size: str) -> tuple[int, float, str]:
    """Letters by the run, then numbers by their value: `UK 9` before `UK 10`."""
    if size in LETTERS:
        return 0, LETTERS.index(size), size
    digits = re.search(r"\d+(\.\d+)?", size)
    return 1, float(digits.group()) if digits else 0.0, size


def _genders(listings: Sequence[Listing]) -> Counts:
    """What is for everybody counts under every gender that is stocked."""
    named = Counter(one.product.gender for one in listings)
    everybody = named[UNISEX]
    return {g: named[g] + everybody for g in GENDERS if g != UNISEX and named[g]}


def _most_first(counts: Mapping[str, int]) -> Counts:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
