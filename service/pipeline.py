"""A search as one straight line, and the stages that it consumes.

Read `search` first. Which stages run (engine, re-ranker, rules version, experiment variant) is
decided before it, by wiring; nothing inside asks which variant or marketplace this is.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

from catalog.marketplaces import Marketplace
from catalog.products import Vector
from catalog.search import (
    WHOLE,
    AppliedRule,
    Box,
    Candidate,
    DetectedObject,
    Filters,
    Hits,
    Look,
    Prediction,
    RankedItem,
    Slot,
    Sort,
)
from retrieval.index import After
from service.facets import Facets
from vision.photos import Photo

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shopper:
    """Who asks, where, and for what; the clock arrives here as data."""

    marketplace: Marketplace
    language: str
    filters: Filters
    now: datetime
    """Aware."""
    tap: int | Box | None = None
    """The object's id or a drawn box; None: the best object is the focus."""
    sort: Sort = Sort.RELEVANCE
    after: After | None = None
    """Where the block of candidates starts; None: with the best."""
    shown: frozenset[int] = frozenset()
    """Marks of products that earlier pages showed and that this block may hold."""
    limit: int = 24
    explain: bool = False
    accessories: bool = True
    facets: bool = False
    """Count what each filter would leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """The objects of a photo, the whole picture last, and what could not be done."""

    objects: tuple[DetectedObject, ...]
    degraded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Everything known about the focus before anything is retrieved for it."""

    objects: tuple[DetectedObject, ...]
    focus: DetectedObject
    look: Look
    neighbours: tuple[Candidate, ...]
    prediction: Prediction
    product_id: str | None = None
    """Set when the query is a product of the catalogue, which then never answers itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledSlot:
    """An accessory slot with what is stocked for it; empty when nothing is."""

    slot: Slot
    items: tuple[RankedItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a page starts: a block of candidates, and what of it was shown.

    Not a position in its ranking: while pages are turned, products come and go, and positions move.
    """

    after: After | None
    shown: frozenset[int]
    """Marks of products, as `mark_of` makes them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    query: Query
    items: tuple[RankedItem, ...]
    """One page, in order."""
    total: int
    next_page: Place | None
    shortfall: str | None
    accessories: tuple[FilledSlot, ...]
    degraded: tuple[str, ...]
    facets: Facets | None = None
    """None: not asked for."""
    teams: Mapping[str, str] = field(default_factory=dict)
    """Of an interleaved page: the variant that placed each product."""
    propensities: tuple[float, ...] | None = None
    """Of each item to stand where it stands; None: no place was drawn."""
    applied: tuple[AppliedRule, ...] = ()
    """What each campaign that holds for the search did, strongest first."""
    lost: tuple[AppliedRule, ...] = ()
    """What campaigns that hold could not do; the reason says why."""
    timings_ms: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The ordered candidates down to the asked depth, before the page is cut out."""

    items: tuple[RankedItem, ...]
    total: int
    shortfall: str | None
    degraded: tuple[str, ...] = ()
    next_block: After | None = None
    """Where the next block of candidates starts; None when there are no more."""
    teams: Mapping[str, str] = field(default_factory=dict)
    """Of two rankings merged: the variant that placed each product; pins belong to none."""
    propensities: Mapping[str, float] = field(default_factory=dict)
    """Of an order that was drawn: the probability of each product to stand where it stands."""
    applied: tuple[AppliedRule, ...] = ()
    lost: tuple[AppliedRule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """The parts of a search as plain callables; a variant is another value of this class."""

    detect: Callable[[Photo], Detection]
    look: Callable[[Photo, Box], Look]
    neighbours: Callable[[Vector, Shopper], Hits]
    """Unfiltered by category: the catalogue's vote."""
    classify: Callable[[Look, Sequence[Candidate], Shopper], Prediction]
    retrieve: Callable[[Query, Shopper], Hits]
    rank: Callable[[Hits, Query, Shopper], Ranking]
    """Features, score, fold, diversify."""
    rules: Callable[[Ranking, Query, Shopper], Ranking]
    slots: Callable[[Query, Shopper], tuple[Slot, ...]]
    fill: Callable[[Sequence[Slot], Query, Shopper], tuple[FilledSlot, ...]]
    """One multi-search, the same re-ranker."""
    explain: Callable[[Sequence[RankedItem], Hits, Query, Shopper], tuple[RankedItem, ...]]
    facets: Callable[[Query, Shopper], Facets]


def search(photo: Photo, shopper: Shopper, stages: Stages) -> SearchResult:
    """Answer a photo in one marketplace."""
    detection = stages.detect(photo)
    focus = choose_focus(detection.objects, shopper.tap)
    look = stages.look(photo, focus.box)
    vote = stages.neighbours(look.vector, shopper)
    prediction = stages.classify(look, vote.candidates, shopper)
    query = Query(
        objects=detection.objects,
        focus=focus,
        look=look,
        neighbours=vote.candidates,
        prediction=settled(prediction),
    )
    result = answer(query, shopper, stages)
    return replace(result, degraded=_once(detection.degraded + vote.degraded + result.degraded))


def answer(query: Query, shopper: Shopper, stages: Stages) -> SearchResult:
    """From a seen focus to a page: the same for photos, products and further pages."""
    hits = stages.retrieve(query, shopper)
    ranking = stages.rank(hits, query, shopper)
    ranking = stages.rules(ranking, query, shopper)
    left = _left(ranking.items, shopper.shown)
    page = left[: shopper.limit]
    next_page = _next_page(ranking, hits, shopper, left)
    if shopper.explain:
        page = stages.explain(page, hits, query, shopper)
    accessories: tuple[FilledSlot, ...] = ()
    if shopper.accessories:
        slots = stages.slots(query, shopper)
        accessories = stages.fill(slots, query, shopper)
    return SearchResult(
        query=query,
        items=page,
        total=ranking.total,
        next_page=next_page,
        shortfall=ranking.shortfall if next_page is None else None,
        accessories=accessories,
        degraded=_once(hits.degraded + ranking.degraded),
        facets=stages.facets(query, shopper) if shopper.facets else None,
        teams={
            i.product_id: ranking.teams[i.product_id] for i in page if i.product_id in ranking.teams
        },
        propensities=tuple(ranking.propensities[i.product_id] for i in page)
        if ranking.propensities
        else None,
        applied=ranking.applied,
        lost=ranking.lost,
    )


def _left(items: tuple[RankedItem, ...], shown: frozenset[int]) -> tuple[RankedItem, ...]:
    """What no earlier page showed: of a first page everything, without making marks."""
    return tuple(i for i in items if mark_of(i.product_id) not in shown) if shown else items


MARK_BYTES = 5
"""Two of two hundred products share a mark once in fifty million blocks."""


def mark_of(product_id: str) -> int:
    """A short number that stands for a product in a cursor."""
    digest = hashlib.blake2b(product_id.encode(), digest_size=MARK_BYTES).digest()
    return int.from_bytes(digest, "big")


def _next_page(
    ranking: Ranking, hits: Hits, shopper: Shopper, left: Sequence[RankedItem]
) -> Place | None:
    shown = shopper.shown | {mark_of(i.candidate.product_id) for i in left[: shopper.limit]}
    if len(left) > shopper.limit:
        return Place(after=shopper.after, shown=shown)
    if ranking.next_block is not None:
        # new products may have pushed what was shown out of this block: the next one meets it again
        held = {mark_of(candidate.product_id) for candidate in hits.candidates}
        return Place(after=ranking.next_block, shown=shown - held)
    return None


class UnknownObject(LookupError):  # noqa: N818  what the caller did, as in UnknownProduct
    """The tapped id is none of the photo's objects; the message lists them."""


SMALL = 0.05
"""Share of the picture under which a thing is looked at alone."""


def choose_focus(objects: Sequence[DetectedObject], tap: int | Box | None) -> DetectedObject:
    """The tapped object, the drawn box, or the whole picture; a lone small thing instead of it.

    Untapped, a photo is classified best as a whole (0.86 against 0.73 top-1 on products set aside for
    choosing), unless the most prominent object would be lost in it. Prominence is confidence × √area ×
    closeness of the centre to the picture's. Raises UnknownObject when no object has the tapped id.
    """
    if isinstance(tap, Box):
        return DetectedObject(id=len(objects), box=tap, confidence=1.0)
    if tap is not None:
        for found in objects:
            if found.id == tap:
                return found
        known = ", ".join(str(o.id) for o in objects)
        raise UnknownObject(f"object {tap} is not in this photo. Its objects are {known}.")
    seen = [o for o in objects if o.concept is not None]
    if not seen:
        return objects[-1] if objects else DetectedObject(id=0, box=WHOLE, confidence=1.0)
    best = max(seen, key=_prominence)
    whole = objects[-1]
    return best if best.box.area < SMALL or whole.concept is not None else whole


def settled(prediction: Prediction) -> Prediction:
    """The prediction as a cursor carries it, so that every page ranks by the same numbers."""
    return replace(
        prediction,
        concepts=_leading(prediction.concepts),
        categories=_leading(prediction.categories),
    )


def _leading(shares: Mapping[str, float], most: int = 8) -> dict[str, float]:
    ordered = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    return {name: round(float(share), 5) for name, share in ordered[:most]}


def _prominence(found: DetectedObject) -> float:
    box = found.box
    off_x = abs((box.left + box.right) / 2 - 0.5)
    off_y = abs((box.top + box.bottom) / 2 - 0.5)
    return found.confidence * float(box.area**0.5) * (1.0 - 0.5 * (off_x + off_y))


def each_stage(stages: Stages, wrap: Callable[[str, Callable[..., Any]], Any]) -> Stages:
    """The same stages, each wrapped under its own name."""
    names = [f.name for f in fields(stages)]
    return replace(stages, **{name: wrap(name, getattr(stages, name)) for name in names})


class Stopwatch:
    """Milliseconds by stage, for one request."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._started = clock()
        self.timings_ms: dict[str, float] = {}

    def timed(self, stages: Stages) -> Stages:
        """The same stages, each adding its duration under its own name."""
        return each_stage(stages, self.wrap)

    def wrap(self, name: str, stage: Callable[P, R]) -> Callable[P, R]:
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            begun = self._clock()
            try:
                return stage(*args, **kwargs)
            finally:
                spent = (self._clock() - begun) * 1000
                self.timings_ms[name] = self.timings_ms.get(name, 0.0) + spent

        return run

    def total(self) -> dict[str, float]:
        """All stages and `total`, rounded to a hundredth of a millisecond."""
        timings = {**self.timings_ms, "total": (self._clock() - self._started) * 1000}
        return {name: round(ms, 2) for name, ms in timings.items()}


def _once(notes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(notes))
