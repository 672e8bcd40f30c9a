"""From the log to what a counterfactual estimate reads: drawn searches beside a target's orders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from experiments.counterfactual import Logged, place_means
from experiments.events import Event, SearchShown
from experiments.exploration import DEPTH
from experiments.joining import ATTRIBUTION, CLOCK_SKEW


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnSearch:
    """The first page of a search whose first places were drawn, and what was done with them."""

    search: SearchShown
    rewarded: frozenset[str]
    """Products with an event of the asked type."""


def drawn_searches(
    searches: Iterable[SearchShown], events: Iterable[Event], credit: str
) -> tuple[DrawnSearch, ...]:
    """Those that can be asked again: by a product, with propensities; in the order of their ids."""
    found = {
        s.query_id: s
        for s in searches
        if s.propensities is not None and s.first_position == 1 and s.query_product is not None
    }
    rewarded: dict[str, set[str]] = defaultdict(set)
    for event in events:
        search = found.get(event.query_id)
        if (
            search is not None
            and event.type == credit
            and event.marketplace == search.marketplace
            and search.at - CLOCK_SKEW <= event.at <= search.at + ATTRIBUTION
        ):
            rewarded[event.query_id].add(event.product_id)
    return tuple(
        DrawnSearch(search=found[query_id], rewarded=frozenset(rewarded[query_id]))
        for query_id in sorted(found)
    )


def beside(drawn: Sequence[DrawnSearch], orders: Mapping[str, Sequence[str]]) -> Logged:
    """The searches for which the target has an order, place by place; short pages are filled up.

    A filled place earns nothing and is sure for log and target alike.
    """
    kept = [d for d in drawn if d.search.query_id in orders]
    shape = (len(kept), DEPTH)
    reward, propensity, target = np.zeros(shape), np.ones(shape), np.ones(shape)
    supported = np.ones(shape, dtype=bool)
    for row, one in enumerate(kept):
        shown = one.search.product_ids[:DEPTH]
        chances = (one.search.propensities or ())[:DEPTH]
        wanted = [*orders[one.search.query_id][: len(shown)]]
        wanted += [""] * (len(shown) - len(wanted))
        free = {product for product, p in zip(shown, chances, strict=True) if p < 1}
        for place, (product, chance, other) in enumerate(zip(shown, chances, wanted, strict=True)):
            reward[row, place] = product in one.rewarded
            propensity[row, place] = chance
            target[row, place] = product == other
            supported[row, place] = other in free if chance < 1 else product == other
    numbers = {unit: n for n, unit in enumerate(sorted({d.search.unit for d in kept}))}
    units = np.asarray([numbers[d.search.unit] for d in kept], dtype=np.int64)
    expected = place_means(reward, units)
    return Logged(
        reward=reward,
        propensity=propensity,
        target=target,
        supported=supported,
        units=units,
        expected_logged=expected,
        expected_target=expected,
    )
