"""The stages of one marketplace, made of its parts and a ranking configuration.

Everything that an experiment may vary is a field of `RankingConfiguration`; a variant is a value of
it, so no stage asks which variant it serves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from catalog.categories import CategoryTree
from catalog.concepts import ConceptTree
from catalog.marketplaces import Marketplace
from catalog.products import Listing, Vector
from catalog.search import (
    AppliedRule,
    Box,
    Candidate,
    Filters,
    Hits,
    Look,
    Prediction,
    RankedItem,
    Slot,
    Sort,
)
from catalog.size_tables import comes_in
from ranking.query import RankingQuery
from ranking.reranker import Reranker
from ranking.statistics import MarketStatistics
from retrieval.filtering import passes
from retrieval.index import After, BrowseQuery, CandidateIndex, NearestQuery
from rules.accessories import AccessoryRules
from rules.campaigns import CompiledCampaigns, Trigger, leading_colours
from rules.pages import pinned_products, ruled_page
from rules.readings import Doubt
from service.facets import DEPTH, Facets, count_facets
from service.pipeline import Detection, FilledSlot, Query, Ranking, Shopper, Stages
from vision.models import VisionModels
from vision.photos import Photo


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingConfiguration:
    """What a ranking does; the defaults are the shipped ranking."""

    candidates: int = 200
    """How many candidates the re-ranker sees."""
    neighbours: int = 24
    """How many nearest products vote on the category."""
    searched_mass: float = 0.9
    """Concepts are searched, likeliest first, until they hold this much of the probability."""
    searched_least: float = 0.04
    """A concept less likely than this is not searched."""
    slot_candidates: int = 40
    """How many products the re-ranker sees for one accessory slot."""
    reranker: str = "shipped"
    """`shipped`, `similarity` or `linear`."""
    diversity: float | None = None
    """None: the marketplace's own."""
    explore: float = 0.0
    """Share of searches whose first places are shuffled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """One marketplace as a version of the locale files states it."""

    marketplace: Marketplace
    tree: CategoryTree
    concepts: ConceptTree
    accessories: AccessoryRules
    campaigns: CompiledCampaigns
    rules_version: str
    region: str | None = None
    """A part of the marketplace whose rules differ; None: the marketplace as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engines:
    """What answers: networks, index, re-ranker and the marketplace's statistics."""

    models: Callable[[], VisionModels]
    """Made on first use: a product's similar ones need no network."""
    index: CandidateIndex
    reranker: Reranker
    statistics: MarketStatistics


def make_stages(market: Market, engines: Engines, configuration: RankingConfiguration) -> Stages:
    """Bind the parts; the result is what `service.pipeline.search` consumes."""
    bound = _Bound(market=market, engines=engines, configuration=configuration)
    return Stages(
        detect=bound.detect,
        look=bound.look,
        neighbours=bound.neighbours,
        classify=bound.classify,
        retrieve=bound.retrieve,
        rank=bound.rank,
        rules=bound.rules,
        slots=bound.slots,
        fill=bound.fill,
        explain=bound.explain,
        facets=bound.facets,
    )


def searched_concepts(
    prediction: Prediction, tree: CategoryTree, configuration: RankingConfiguration
) -> tuple[str, ...]:
    """What a shopper here would accept for the likely concepts, the likeliest first."""
    found: dict[str, None] = {}
    mass = 0.0
    for concept, probability in prediction.concepts.items():
        if found and (
            mass >= configuration.searched_mass or probability < configuration.searched_least
        ):
            break
        found.update(dict.fromkeys(tree.accepted(concept)))
        mass += probability
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bound:
    market: Market
    engines: Engines
    configuration: RankingConfiguration

    def detect(self, photo: Photo) -> Detection:
        found = self.engines.models().detect(photo)
        return Detection(objects=tuple(found.objects), degraded=tuple(found.degraded))

    def look(self, photo: Photo, box: Box) -> Look:
        return self.engines.models().look(photo, box)

    def neighbours(self, vector: Vector, shopper: Shopper) -> Hits:
        everything = Filters(
            marketplace=shopper.marketplace.id,
            exclude_products=shopper.filters.exclude_products,
        )
        return self.engines.index.nearest(vector, everything, self.configuration.neighbours)

    def classify(self, look: Look, neighbours: Sequence[Candidate], shopper: Shopper) -> Prediction:
        del shopper
        return self.engines.models().classify(look, neighbours, self.market.tree)

    def retrieve(self, query: Query, shopper: Shopper) -> Hits:
        filters = shopper.filters
        if not filters.categories:
            filters = self._accepted(query.prediction, filters)
        if shopper.after is not None:
            pinned = pinned_products(self.market.campaigns, self._trigger(query, shopper))
            filters = replace(filters, exclude_products=(*filters.exclude_products, *pinned))
        hits = self.engines.index.nearest(
            query.look.vector, filters, self.configuration.candidates, after=shopper.after
        )
        return self._widened(hits, query, shopper)

    def _widened(self, hits: Hits, query: Query, shopper: Shopper) -> Hits:
        """A first page that what is accepted does not fill goes on with what looks most alike.

        Only souk's own guess is widened, never a restriction that the shopper asked for.
        """
        lacking = min(shopper.limit, self.configuration.candidates - 1) - len(hits.candidates)
        if lacking <= 0 or shopper.after is not None or shopper.filters.categories:
            return hits
        known = tuple(candidate.product_id for candidate in hits.candidates)
        others = replace(
            shopper.filters, exclude_products=(*shopper.filters.exclude_products, *known)
        )
        more = self.engines.index.nearest(query.look.vector, others, lacking)
        return replace(hits, candidates=hits.candidates + more.candidates)

    def _accepted(self, prediction: Prediction, filters: Filters) -> Filters:
        """Only what is accepted for what was seen, in the leaves that may hold it."""
        tree, below = self.market.tree, self.market.concepts.below
        named = searched_concepts(prediction, tree, self.configuration)
        concepts = tuple(dict.fromkeys(c for accepted in named for c in below(accepted)))
        leaves = dict.fromkeys(leaf for c in concepts for leaf in tree.leaves_of(c))
        return replace(filters, categories=tuple(leaves), concepts=concepts)

    def rank(self, hits: Hits, query: Query, shopper: Shopper) -> Ranking:
        items = self.engines.reranker.rank(
            tuple(c for c in hits.candidates if self._comes_in(c.listing, shopper)),
            self._ranking_query(query, shopper, slot=None),
            limit=len(hits.candidates),
            sort=shopper.sort,
        )
        return Ranking(
            items=items,
            total=hits.total,
            shortfall=hits.shortfall,
            degraded=self.engines.reranker.degraded,
            next_block=self._block_end(hits, shopper),
        )

    def rules(self, ranking: Ranking, query: Query, shopper: Shopper) -> Ranking:
        trigger = self._trigger(query, shopper)
        page = ruled_page(
            ranking.items,
            self.market.campaigns,
            trigger,
            self._pinned(ranking, query, shopper, trigger),
            reorder=shopper.sort is Sort.RELEVANCE,
        )
        withheld = self._withheld(query, shopper) if shopper.explain else ()
        return replace(ranking, items=page.items, applied=page.applied, lost=page.lost + withheld)

    def slots(self, query: Query, shopper: Shopper) -> tuple[Slot, ...]:
        return self._doubt(query, shopper).slots()

    def _withheld(self, query: Query, shopper: Shopper) -> tuple[AppliedRule, ...]:
        """What accessory rules offer with the likeliest reading, and another reading forbids."""
        return tuple(
            AppliedRule(
                id=kept.rule,
                action=f"offer of {kept.concept}",
                reason=f"the photo may show {kept.may_be} ({kept.probability:.2f}), "
                "whose rules forbid it",
            )
            for kept in self._doubt(query, shopper).withheld()
        )

    def _doubt(self, query: Query, shopper: Shopper) -> Doubt:
        return Doubt(
            objects=query.objects,
            prediction=query.prediction,
            rules=self.market.accessories,
            at=shopper.now,
            gender=_single(shopper.filters.genders),
        )

    def fill(self, slots: Sequence[Slot], query: Query, shopper: Shopper) -> tuple[FilledSlot, ...]:
        searches = [
            BrowseQuery(
                filters=self._slot_filters(slot, shopper), k=self.configuration.slot_candidates
            )
            for slot in slots
        ]
        answers = self.engines.index.browse_many(searches) if searches else ()
        return tuple(
            FilledSlot(slot=slot, items=self._filled(slot, hits, query, shopper))
            for slot, hits in zip(slots, answers, strict=True)
        )

    def explain(
        self, items: Sequence[RankedItem], hits: Hits, query: Query, shopper: Shopper
    ) -> tuple[RankedItem, ...]:
        asked = self._ranking_query(query, shopper, slot=None)
        return self.engines.reranker.explain(items, hits.candidates, asked)

    def facets(self, query: Query, shopper: Shopper) -> Facets:
        bare = Filters(
            marketplace=shopper.marketplace.id,
            exclude_products=shopper.filters.exclude_products,
        )
        accepted = self._accepted(query.prediction, bare)
        chosen = replace(bare, categories=shopper.filters.categories)
        scopes = [chosen, accepted] if chosen.categories else [accepted]
        answers = self.engines.index.nearest_many(
            [NearestQuery(vector=query.look.vector, filters=scope, k=DEPTH) for scope in scopes]
        )
        return count_facets(
            answers[0],
            answers[-1],
            shopper.filters,
            shopper.marketplace,
            comes_in=lambda listing: self._comes_in(listing, shopper),
        )

    def _comes_in(self, listing: Listing, shopper: Shopper) -> bool:
        """In the size asked for: an index knows not what kind of thing a size in another system is of."""
        size = shopper.filters.size
        return size is None or comes_in(listing, size, self.market.concepts)

    def _filled(
        self, slot: Slot, hits: Hits, query: Query, shopper: Shopper
    ) -> tuple[RankedItem, ...]:
        fitting = tuple(c for c in hits.candidates if not self._barred(slot, c))
        return self.engines.reranker.rank(
            fitting, self._ranking_query(query, shopper, slot=slot), limit=slot.count
        )

    def _barred(self, slot: Slot, candidate: Candidate) -> bool:
        ancestry = self.market.concepts.ancestors(candidate.listing.product.concept)
        return any(concept in ancestry for concept in slot.never)

    def _slot_filters(self, slot: Slot, shopper: Shopper) -> Filters:
        wanted = [below for c in slot.concepts for below in self.market.concepts.below(c)]
        return Filters(
            marketplace=shopper.marketplace.id,
            categories=slot.categories,
            concepts=tuple(dict.fromkeys(wanted)),
            genders=slot.genders,
            available=True,
            exclude_products=shopper.filters.exclude_products,
        )

    def _pinned(
        self, ranking: Ranking, query: Query, shopper: Shopper, trigger: Trigger
    ) -> tuple[RankedItem, ...]:
        """Products that campaigns want to show and retrieval did not find; on the first block only."""
        known = {i for item in ranking.items for i in (item.product_id, *item.duplicates)}
        wanted = pinned_products(self.market.campaigns, trigger)
        missing = [product for product in wanted if product not in known]
        if not missing or shopper.after is not None:
            return ()
        found = self.engines.index.get(shopper.marketplace.id, missing)
        kept = tuple(
            replace(c, similarity=float(np.dot(c.vector, query.look.vector)))
            for c in found
            if passes(c.listing, shopper.filters) and self._comes_in(c.listing, shopper)
        )
        asked = self._ranking_query(query, shopper, slot=None)
        return self.engines.reranker.rank(kept, asked, limit=len(kept))

    def _block_end(self, hits: Hits, shopper: Shopper) -> After | None:
        """Where the next block of candidates starts; None when this one was not full."""
        size = self.configuration.candidates
        if len(hits.candidates) < size:
            return None
        last = hits.candidates[size - 1]
        depth = size + (shopper.after.depth if shopper.after else 0)
        return After(
            marketplace=shopper.marketplace.id,
            score=last.similarity,
            product_id=last.product_id,
            depth=depth,
        )

    def _trigger(self, query: Query, shopper: Shopper) -> Trigger:
        prices = sorted(c.listing.offer.price.amount_minor for c in query.neighbours)
        return Trigger(
            prediction=query.prediction,
            at=shopper.now,
            colours=leading_colours(query.look.colours),
            product_id=query.product_id,
            gender=_single(shopper.filters.genders),
            price_minor=prices[len(prices) // 2] if prices else None,
        )

    def _ranking_query(self, query: Query, shopper: Shopper, slot: Slot | None) -> RankingQuery:
        marketplace = self.market.marketplace
        if self.configuration.diversity is not None:
            ranking = replace(marketplace.ranking, diversity=self.configuration.diversity)
            marketplace = replace(marketplace, ranking=ranking)
        return RankingQuery(
            look=query.look,
            prediction=query.prediction,
            neighbours=query.neighbours,
            marketplace=marketplace,
            tree=self.market.tree,
            statistics=self.engines.statistics,
            size=None if shopper.filters.sizes_alike else shopper.filters.size,
            today=shopper.now.date(),
            slot=slot,
        )


def _single(genders: tuple[str, ...]) -> str | None:
    """The one gender that the shopper asked for; several leave it open."""
    return genders[0] if len(genders) == 1 else None
