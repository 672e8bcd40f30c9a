"""Logged searches asked again under a ranking that was never shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from experiments.events import SearchShown
from experiments.exploration import DEPTH
from service.parameters import SearchParameters
from service.problems import Problem
from service.searching import Asked, run_search
from service.services import Services
from service.variants import Chosen


def replayed_orders(
    services: Services,
    searches: Iterable[SearchShown],
    chosen: Chosen,
    tick: Callable[[int], None] = lambda _: None,
) -> dict[str, tuple[str, ...]]:
    """By query id, what `chosen` puts on the first places, at the time of the search.

    Searches whose product is no longer stocked are left out. The catalogue is today's.
    """
    found = {}
    for shown in searches:
        market = services.market(shown.marketplace)
        asked = Asked(
            market=market,
            parameters=SearchParameters(
                product_id=shown.query_product, limit=DEPTH, accessories=False
            ),
            language=market.marketplace.default_language,
            now=shown.at,
            chosen=chosen,
        )
        try:
            answer = run_search(asked, services).answer
        except Problem as problem:
            if problem.slug != "unknown-product":
                raise
        else:
            found[shown.query_id] = tuple(item.product_id for item in answer.results)
        tick(1)
    return found
