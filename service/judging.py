"""From a labelled photo to a judged query, by the very steps that serve: see, vote, classify, retrieve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

import numpy as np

from catalog.categories import CategoryTree
from catalog.marketplaces import RankingDefaults
from catalog.search import Box, Candidate, DetectedObject, Look, Prediction, Slot
from ranking.columns import price_fit
from ranking.grades import Truth, accepted_places, slot_grades
from ranking.judged import JudgedQuery, judge
from ranking.query import RankingQuery
from service.pipeline import choose_focus, settled
from service.shelves import Mask, Shelf
from service.stages import RankingConfiguration, searched_concepts
from vision.photos import Photo

TODAY = date(2026, 11, 1)
"""Freshness counts from here, so that measures do not change with the calendar."""
CONFIGURATION = RankingConfiguration()
SLOT_CANDIDATES = CONFIGURATION.slot_candidates


class Detected(Protocol):
    @property
    def objects(self) -> tuple[DetectedObject, ...]: ...


class Networks(Protocol):
    """What of `VisionModels` a judged query needs."""

    def detect(self, photo: Photo) -> Detected: ...

    def look(self, photo: Photo, box: Box) -> Look: ...

    def classify(
        self, look: Look, neighbours: Sequence[Candidate], tree: CategoryTree
    ) -> Prediction: ...


def seen(photo: Photo, networks: Networks) -> Look:
    """The look of the focus that the service would choose."""
    return networks.look(photo, choose_focus(networks.detect(photo).objects, None).box)


def asked(
    look: Look,
    shelf: Shelf,
    networks: Networks,
    allowed: Mask,
    policy: RankingDefaults | None = None,
) -> tuple[RankingQuery, tuple[Candidate, ...]]:
    """The query and the candidates of a look.

    `allowed` is what may be found; `policy` replaces the marketplace's own.
    """
    neighbours = shelf.nearest(look.vector, CONFIGURATION.neighbours, allowed)
    prediction = settled(networks.classify(look, neighbours, shelf.tree))
    marketplace = shelf.marketplace
    query = RankingQuery(
        look=look,
        prediction=prediction,
        neighbours=neighbours,
        marketplace=replace(marketplace, ranking=policy) if policy is not None else marketplace,
        tree=shelf.tree,
        statistics=shelf.statistics,
        size=None,
        today=TODAY,
    )
    named = searched_concepts(prediction, shelf.tree, CONFIGURATION)
    within = allowed & shelf.of_concepts(named)
    return query, shelf.nearest(look.vector, CONFIGURATION.candidates, within)


def judged_photo(
    query_id: str,
    look: Look,
    truth: Truth,
    shelf: Shelf,
    networks: Networks,
    allowed: Mask,
    policy: RankingDefaults | None = None,
) -> JudgedQuery:
    """A search by photo with its grades; the ideal is that of everything allowed."""
    query, candidates = asked(look, shelf, networks, allowed, policy)
    could_be = shelf.chosen(allowed & shelf.of_concepts(accepted_places(truth, shelf.tree)))
    return judge(query_id, query, candidates, truth, could_be)


def judged_slot(
    search: JudgedQuery, truth: Truth, shelf: Shelf, allowed: Mask, rng: np.random.Generator
) -> JudgedQuery | None:
    """A made-up accessory slot beside a judged photo; None when the draw stocks nothing.

    Slots are browsed, not searched: similarity is 0. The grades ask for the photo's true colour,
    which the row never sees, and for the slot's price relation and order of concepts.
    """
    stocked = sorted(set(shelf.concepts[allowed].tolist()) - set(truth.concepts))
    if len(stocked) < 3:
        return None
    concepts = tuple(str(c) for c in rng.choice(stocked, size=3, replace=False))
    slot = Slot(
        rule="made-up",
        id="made-up",
        titles={},
        concepts=concepts,
        categories=(),
        colour=str(rng.choice(["match", "complement", "neutral", "any"])),
        price=str(rng.choice(["lower", "similar", "any"])),
    )
    offered = shelf.chosen(allowed & shelf.of_concepts(concepts))
    picks = rng.permutation(len(offered))[:SLOT_CANDIDATES]
    candidates = tuple(offered[i] for i in picks)
    if not candidates:
        return None
    query = replace(search.query, slot=slot)
    grades = slot_grades(
        truth, slot, [c.listing.product for c in candidates], price_fit(candidates, query)
    )
    return JudgedQuery(
        query_id=f"{search.query_id}:slot",
        query=query,
        candidates=candidates,
        grades=grades,
        ideal=np.sort(grades)[::-1],
        relevant=int((grades > 0).sum()),
    )
