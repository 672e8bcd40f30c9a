"""Labelled photos through the served pipeline: looked at once, asked in every marketplace.

Their own product and its duplicate group are left out of the answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from catalog.search import Candidate, Filters, Look
from catalog.store import CatalogStore
from service.evaluation.labelled import LabelledPhoto
from service.pipeline import (
    Detection,
    SearchResult,
    Shopper,
    Stages,
    choose_focus,
    search,
)
from service.services import Services
from service.stages import Market, RankingConfiguration
from vision.photos import Photo, decode_photo


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPhoto:
    """A labelled photo after the forward passes."""

    labelled: LabelledPhoto
    photo: Photo
    detection: Detection
    look: Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Which products are folded together, so that none of them answers for its twin."""

    by_product: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, store: CatalogStore) -> Groups:
        members: dict[str, list[str]] = defaultdict(list)
        for product in store.products():
            members[product.group_id or product.product_id].append(product.product_id)
        return cls(by_product={p: tuple(ids) for ids in members.values() for p in ids})

    def with_twins(self, product_id: str) -> tuple[str, ...]:
        return self.by_product.get(product_id, (product_id,))


def see(labelled: LabelledPhoto, stages: Stages) -> SeenPhoto:
    """Decode, detect and look, as serving does."""
    photo = decode_photo(labelled.photo)
    detection = stages.detect(photo)
    look = stages.look(photo, choose_focus(detection.objects, None).box)
    return SeenPhoto(labelled=labelled, photo=photo, detection=detection, look=look)


class Asker:
    """Asks one marketplace about photos that were seen already."""

    def __init__(
        self,
        services: Services,
        market: Market,
        groups: Groups,
        now: datetime,
        limit: int = 10,
        *,
        change: Callable[[Stages], Stages] = lambda stages: stages,
    ) -> None:
        self._stages = change(services.stages(market, RankingConfiguration()))
        self._index = services.index.get()
        self._market = market
        self._groups = groups
        self._now = now
        self._limit = limit

    def excluded(self, product_id: str) -> tuple[str, ...]:
        """The query's own product and its duplicate group."""
        return self._groups.with_twins(product_id)

    def shopper(self, product_id: str, *, accessories: bool = False) -> Shopper:
        marketplace = self._market.marketplace
        return Shopper(
            marketplace=marketplace,
            language=marketplace.default_language,
            filters=Filters(marketplace=marketplace.id, exclude_products=self.excluded(product_id)),
            now=self._now,
            limit=self._limit,
            accessories=accessories,
        )

    def answer(self, seen: SeenPhoto, *, accessories: bool = False) -> SearchResult:
        """The served page."""
        stages = replace(
            self._stages, detect=lambda _: seen.detection, look=lambda _, __: seen.look
        )
        shopper = self.shopper(seen.labelled.id, accessories=accessories)
        return search(seen.photo, shopper, stages)

    def plain(self, seen: SeenPhoto) -> tuple[Candidate, ...]:
        """The baseline: the same vector in plain kNN with only the marketplace's filter."""
        filters = self.shopper(seen.labelled.id).filters
        return self._index.nearest(seen.look.vector, filters, self._limit).candidates

    def nearest_among(self, seen: SeenPhoto, concepts: tuple[str, ...]) -> tuple[Candidate, ...]:
        """Exact kNN inside the given concepts: what `kept` is held against."""
        filters = replace(self.shopper(seen.labelled.id).filters, concepts=concepts)
        return self._index.nearest(seen.look.vector, filters, self._limit).candidates
