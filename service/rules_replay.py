"""The same searches under two versions of the rules: what would be served, without serving it.

A page is made by the very stages that serve it. What two versions have in common is done once: the
candidates and their order while trees and settings are equal, and each slot that both offer alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from catalog.search import Filters, Slot
from experiments.event_log import EventLog
from rules.loading import Locales
from rules.page_changes import Page, PagePair
from service.languages import choose_language
from service.parameters import SearchParameters
from service.pipeline import FilledSlot, Query, SearchResult, Shopper, Stages, answer
from service.problems import Problem
from service.searching import Asked, excluding, find_product, make_shopper, product_query
from service.services import Services, resolve_market
from service.stages import Market, RankingConfiguration

REPLAYED = SearchParameters(limit=24)
"""The page that a shopper sees first, with its accessories."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A search with a product, and how often it is meant."""

    marketplace: str
    product_id: str
    weight: int = 1


def logged_queries(log: EventLog, marketplaces: Sequence[str], count: int) -> tuple[Replayed, ...]:
    """The last logged searches, each by its product: the one searched with, else the one shown first.

    A log keeps no photo: the product on top stands for what was looked for.
    """
    shown = log.last_searches(marketplaces, count)
    return _counted(
        (search.marketplace, search.query_product or search.product_ids[0])
        for search in shown
        if search.query_product or search.product_ids
    )


def popular_queries(
    services: Services, marketplaces: Sequence[str], count: int
) -> tuple[Replayed, ...]:
    """The most popular products of each marketplace, in equal parts; again from the first when few."""
    index = services.index.get()
    each = -(-count // len(marketplaces))
    chosen: list[tuple[str, str]] = []
    for marketplace in marketplaces:
        hits = index.browse(Filters(marketplace=marketplace), each)
        found = [candidate.product_id for candidate in hits.candidates]
        if found:
            chosen += [(marketplace, found[n % len(found)]) for n in range(each)]
    return _counted(chosen[:count])


def _counted(keys: Iterable[tuple[str, str]]) -> tuple[Replayed, ...]:
    return tuple(
        Replayed(marketplace=marketplace, product_id=product, weight=weight)
        for (marketplace, product), weight in Counter(keys).items()
    )


def replay(
    services: Services,
    before: Locales,
    after: Locales,
    queries: Iterable[Replayed],
    now: datetime,
    region: str | None = None,
) -> Iterator[PagePair]:
    """Both pages of each query. One whose product is no longer stocked is left out."""
    lanes: dict[str, _Lanes] = {}
    for query in queries:
        lane = lanes.get(query.marketplace)
        if lane is None:
            markets = [resolve_market(one, query.marketplace, region) for one in (before, after)]
            lane = lanes[query.marketplace] = _Lanes(services, markets[0], markets[1], now)
        try:
            pages = lane.pages(query.product_id)
        except Problem:
            continue
        yield PagePair(
            marketplace=query.marketplace, before=pages[0], after=pages[1], weight=query.weight
        )


class _Lanes:
    """One marketplace under both versions."""

    def __init__(self, services: Services, before: Market, after: Market, now: datetime) -> None:
        self._services = services
        self._markets = (before, after)
        self._asked = tuple(
            Asked(
                market=market,
                parameters=REPLAYED,
                language=choose_language(market.marketplace, None),
                now=now,
            )
            for market in self._markets
        )
        configuration = RankingConfiguration()
        self._stages = tuple(services.stages(market, configuration) for market in self._markets)
        self._alike = _rank_alike(before, after)

    def pages(self, product_id: str) -> tuple[Page, Page]:
        """Both pages; Problem `unknown-product` when it is not stocked."""
        candidate = find_product(self._services, self._markets[0], product_id)
        shoppers = [self._shopper(asked, product_id) for asked in self._asked]
        query = product_query(candidate, self._stages[0], shoppers[0])
        alike = self._alike
        lanes = _ranked_once(self._stages, query, shoppers[0]) if alike else self._stages
        before, after = (
            answer(query, shopper, stages) for shopper, stages in zip(shoppers, lanes, strict=True)
        )
        return page_of(before), page_of(after)

    @staticmethod
    def _shopper(asked: Asked, product_id: str) -> Shopper:
        """The product never answers itself."""
        shopper = make_shopper(asked)
        return replace(shopper, filters=excluding(shopper.filters, product_id))


def _rank_alike(before: Market, after: Market) -> bool:
    """Whether candidates, their order and the filling of a slot are the same under both."""
    return (
        before.tree == after.tree
        and before.concepts == after.concepts
        and before.marketplace == after.marketplace
    )


def _ranked_once(lanes: Sequence[Stages], query: Query, shopper: Shopper) -> tuple[Stages, ...]:
    """The stages of versions that rank alike: candidates and equal slots are the same values."""
    hits = lanes[0].retrieve(query, shopper)
    ranking = lanes[0].rank(hits, query, shopper)
    filled: list[FilledSlot] = []

    def fill(slots: Sequence[Slot], query: Query, shopper: Shopper) -> tuple[FilledSlot, ...]:
        known = [one.slot for one in filled]
        filled.extend(lanes[0].fill([s for s in slots if s not in known], query, shopper))
        return tuple(next(one for one in filled if one.slot == slot) for slot in slots)

    return tuple(
        replace(stages, retrieve=lambda *_: hits, rank=lambda *_: ranking, fill=fill)
        for stages in lanes
    )


def page_of(result: SearchResult) -> Page:
    """The part of an answer that is compared."""
    return Page(
        products=tuple(item.product_id for item in result.items),
        prices_minor=tuple(i.candidate.listing.offer.price.amount_minor for i in result.items),
        slots=tuple(
            (one.slot.id, tuple(item.product_id for item in one.items))
            for one in result.accessories
        ),
    )
