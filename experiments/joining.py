"""From the log to one table: what each exposed unit searched and did since its first exposure.

An event belongs to its search (`query_id`) and so to the search's unit, in whatever order the two
arrive. Searches before the first exposure give the covariate of CUPED. Positions, pages and repeated
sends never count twice: a search is one search however many of its pages were shown.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from experiments.assignment import unit_of
from experiments.definitions import Experiment
from experiments.events import Event, Exposure, SearchShown
from experiments.moments import Moments

ATTRIBUTION = timedelta(days=7)
"""An event counts for its search so long after it; by a shopper's clock that may be 10 minutes off."""
CLOCK_SKEW = timedelta(minutes=10)


@dataclass(slots=True)
class Search:
    """One search with what followed it."""

    marketplace: str
    unit: str
    at: datetime
    clicks: int = 0
    carts: int = 0
    purchases: int = 0
    value_minor: int = 0
    teams: dict[str, str] = field(default_factory=dict)
    """Of an interleaved search: the variant that placed each product."""
    credits: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Events by the variant that placed their product, and their type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """By marketplace and unit."""

    variants: Mapping[tuple[str, str], str]
    first: Mapping[tuple[str, str], datetime]
    """When each unit was first exposed."""
    after: Mapping[tuple[str, str], list[Search]]
    before: Mapping[tuple[str, str], list[Search]]
    twice: frozenset[tuple[str, str]]
    """Units that saw more than one variant; they are left out."""
    unjoined: int
    """Events whose search is not known, or which lie outside the time that counts."""


def _searches_with_clicks(searches: list[Search]) -> float:
    return sum(s.clicks > 0 for s in searches)


Count = Callable[[list[Search]], float]
NUMERATORS: Mapping[str, Count] = {
    "click_through": _searches_with_clicks,
    "clicks_per_search": lambda found: sum(s.clicks for s in found),
    "cart_rate": lambda found: sum(s.carts > 0 for s in found),
    "purchase_rate": lambda found: sum(s.purchases > 0 for s in found),
    "revenue_per_search": lambda found: sum(s.value_minor for s in found),
    "conversion": lambda found: float(any(s.purchases for s in found)),
    "revenue_per_unit": lambda found: sum(s.value_minor for s in found),
}
"""Per search of a unit, but `conversion` and `revenue_per_unit`, which are per unit."""
PER_UNIT = frozenset({"conversion", "revenue_per_unit"})


def join(
    experiment: Experiment,
    exposures: Iterable[Exposure],
    searches: Iterable[SearchShown],
    events: Iterable[Event],
) -> Joined:
    """Everything that the log knows of the experiment's units."""
    first: dict[tuple[str, str], Exposure] = {}
    seen: dict[tuple[str, str], set[str]] = defaultdict(set)
    for exposure in exposures:
        key = (exposure.marketplace, exposure.unit)
        seen[key].add(exposure.variant)
        if key not in first or exposure.at < first[key].at:
            first[key] = exposure
    twice = frozenset(key for key, variants in seen.items() if len(variants) > 1)
    found = _searches(experiment, searches)
    unjoined = _add_events(found, events)
    after: dict[tuple[str, str], list[Search]] = defaultdict(list)
    before: dict[tuple[str, str], list[Search]] = defaultdict(list)
    for search in found.values():
        key = (search.marketplace, search.unit)
        if key in twice or key not in first:
            continue
        (after if search.at >= first[key].at else before)[key].append(search)
    counted = {key: e for key, e in first.items() if key not in twice}
    return Joined(
        variants={key: e.variant for key, e in counted.items()},
        first={key: e.at for key, e in counted.items()},
        after=after,
        before=before,
        twice=twice,
        unjoined=unjoined,
    )


def _searches(
    experiment: Experiment,
    searches: Iterable[SearchShown],
) -> dict[str, Search]:
    """By query id; the pages of one search are one, at the first page's time."""
    found: dict[str, Search] = {}
    for shown in searches:
        unit = unit_of(experiment.unit, shown.unit, shown.query_id, shown.at.date())
        known = found.get(shown.query_id)
        if known is None:
            known = found[shown.query_id] = Search(shown.marketplace, unit, shown.at)
        elif shown.at < known.at:
            known.at = shown.at
        for team, products in (shown.teams or {}).items():
            known.teams.update(dict.fromkeys(products, team))
    return found


def _add_events(searches: Mapping[str, Search], events: Iterable[Event]) -> int:
    unjoined = 0
    for event in events:
        search = searches.get(event.query_id)
        if (
            search is None
            or search.marketplace != event.marketplace
            or not search.at - CLOCK_SKEW <= event.at <= search.at + ATTRIBUTION
        ):
            unjoined += 1
        else:
            _count(search, event)
    return unjoined


def _count(search: Search, event: Event) -> None:
    team = search.teams.get(event.product_id)
    if team is not None:
        search.credits[team, event.type] += 1
    if event.type == "click":
        search.clicks += 1
    elif event.type == "cart":
        search.carts += 1
    elif event.type == "purchase":
        search.purchases += 1
        search.value_minor += event.value_minor or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One metric's moments by marketplace and variant."""

    metric: str
    moments: Mapping[tuple[str, str], Moments] = field(default_factory=dict)


def measure(joined: Joined, metric: str) -> Measured:
    """With the unit's own past as covariate: the metric's mean before its first exposure, else 0."""
    count, per_unit = NUMERATORS[metric], metric in PER_UNIT
    rows: dict[tuple[str, str], list[tuple[float, float, float]]] = defaultdict(list)
    for key, variant in joined.variants.items():
        after, before = joined.after.get(key, []), joined.before.get(key, [])
        past = count(before) / (1 if per_unit else max(1, len(before)))
        row = (count(after), 1.0 if per_unit else float(len(after)), past)
        rows[key[0], variant].append(row)
    moments = {}
    for key, values in rows.items():
        table = np.asarray(values, dtype=np.float64)
        moments[key] = Moments.of(table[:, 0], table[:, 1], table[:, 2])
    return Measured(metric=metric, moments=moments)
