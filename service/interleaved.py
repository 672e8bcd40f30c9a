"""Two configurations' stages as one: both rank the same candidates, and a team draft merges them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from catalog.search import Hits, RankedItem
from experiments.interleaving import team_draft
from service.pipeline import Query, Ranking, Shopper, Stages


def interleaved_stages(
    first: Stages, second: Stages, *, names: tuple[str, str], seed: str
) -> Stages:
    """Everything but the order comes from `first`; the same seed gives the same page.

    Each ranking is folded and ruled before the draft, so a duplicate group is drafted once, and a
    product that both pin to one place stays there and gives no team credit.
    """

    def rank(hits: Hits, query: Query, shopper: Shopper) -> Ranking:
        ranked = [
            stages.rules(stages.rank(hits, query, shopper), query, shopper)
            for stages in (first, second)
        ]
        return merged(ranked[0], ranked[1], names=names, seed=seed)

    return replace(first, rank=rank, rules=_ruled)


def _ruled(ranking: Ranking, query: Query, shopper: Shopper) -> Ranking:
    """Both were ruled before they were merged."""
    del query, shopper
    return ranking


def merged(first: Ranking, second: Ranking, *, names: tuple[str, str], seed: str) -> Ranking:
    """The first ranking with the merged order and its teams."""
    items: tuple[Mapping[str, RankedItem], Mapping[str, RankedItem]] = (
        _by_group(first.items),
        _by_group(second.items),
    )
    pins = _pinned(first.items).items() & _pinned(second.items).items()
    picked = team_draft((tuple(items[0]), tuple(items[1])), seed, dict(pins))
    return replace(
        first,
        items=tuple(items[p.team or 0][p.item] for p in picked),
        degraded=tuple(dict.fromkeys(first.degraded + second.degraded)),
        teams={
            items[p.team][p.item].product_id: names[p.team] for p in picked if p.team is not None
        },
    )


def _by_group(items: Sequence[RankedItem]) -> dict[str, RankedItem]:
    """By duplicate group, the first of each."""
    found: dict[str, RankedItem] = {}
    for item in items:
        found.setdefault(_group(item), item)
    return found


def _pinned(items: Sequence[RankedItem]) -> dict[int, str]:
    return {place: _group(item) for place, item in enumerate(items) if item.pinned}


def _group(item: RankedItem) -> str:
    return item.candidate.listing.product.group_id or item.product_id
