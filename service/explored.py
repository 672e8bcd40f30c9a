"""Stages whose first places are drawn with a small probability, and say with which."""

from __future__ import annotations

from dataclasses import replace

from catalog.search import Sort
from experiments.exploration import explore
from service.pipeline import Query, Ranking, Shopper, Stages


def explored_stages(stages: Stages, *, rate: float, seed: str) -> Stages:
    """The draw comes last, so pins stay; only the first block's order by relevance is drawn.

    The same seed gives the same order on every page.
    """

    def rules(ranking: Ranking, query: Query, shopper: Shopper) -> Ranking:
        ruled = stages.rules(ranking, query, shopper)
        if shopper.sort is not Sort.RELEVANCE or shopper.after is not None:
            return ruled
        pinned = [place for place, item in enumerate(ruled.items) if item.pinned]
        drawn = explore(range(len(ruled.items)), rate, seed, pinned)
        items = tuple(ruled.items[source] for source in drawn.items)
        chances = zip(items, drawn.propensities, strict=True)
        return replace(ruled, items=items, propensities={i.product_id: p for i, p in chances})

    return replace(stages, rules=rules)
