"""One request from parameters to answer, free of HTTP: the pages, the API and `souk search` share it."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from catalog.search import WHOLE, Candidate, DetectedObject, Filters, Look, Prediction
from ranking.explanation import sentences
from retrieval.index import IndexUnavailable, QueryRefused
from rules.loaded_versions import VersionUnavailableError
from service.cursors import Cursor, open_cursor, sign_cursor
from service.explored import explored_stages
from service.interleaved import interleaved_stages
from service.parameters import SearchParameters
from service.pipeline import (
    Query,
    SearchResult,
    Shopper,
    Stages,
    Stopwatch,
    UnknownObject,
    answer,
    search,
)
from service.problems import Problem
from service.services import Services
from service.stages import Market, RankingConfiguration
from service.uploads import decode_upload
from service.variants import Chosen, choose_variants
from service.wire import (
    RulesOutcome,
    SearchAnswer,
    Versions,
    category_path,
    experiment_answers,
    item_answer,
    object_answers,
    rule_answer,
    slot_answer,
)
from service.wire_facets import facets_answer

LOG = logging.getLogger("souk.search")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A search request, read and checked."""

    market: Market
    parameters: SearchParameters
    language: str
    now: datetime
    unit: str | None = None
    """None: no experiment takes part."""
    photo: bytes | None = None
    chosen: Chosen | None = None
    """What ranks, where it is not the unit's own variants that decide: a variant looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The wire answer, and the values that events are logged from."""

    answer: SearchAnswer
    result: SearchResult
    shopper: Shopper
    chosen: Chosen


def run_search(asked: Asked, services: Services) -> Answered:
    """A photo, a product or a cursor → an answer. Raises Problem for whatever the caller can mend.

    An index that cannot answer, and a query that none answers, are problems too.
    """
    try:
        return _run_search(asked, services)
    except IndexUnavailable as error:
        raise Problem("not-ready", f"index: {error}", headers={"Retry-After": "2"}) from None
    except QueryRefused as error:
        slug = "invalid-cursor" if "cursor" in error.code else "invalid-parameter"
        raise Problem(slug, error.message) from None


def _run_search(asked: Asked, services: Services) -> Answered:
    watch = Stopwatch()
    cursor = _cursor_asked(asked, services)
    if cursor is not None and cursor.region != asked.market.region:
        market = services.market(asked.market.marketplace.id, region=cursor.region)
        asked = replace(asked, market=market)
    query_id = cursor.query_id if cursor else secrets.token_hex(12)
    chosen = _chosen(asked, services, query_id)
    stages, asked, unruled = _stages(asked, chosen, services, query_id)
    stages = services.tracing.stages(watch.timed(stages))
    if cursor is not None:
        result, shopper = _next_page(asked, stages, cursor)
    elif asked.photo is not None:
        decode = services.tracing.stage("decode", watch.wrap("decode", decode_upload))
        photo = decode(asked.photo)
        _same_model(services)
        shopper = make_shopper(asked)
        result = _refused_object(lambda: search(photo, shopper, stages))
    elif asked.parameters.product_id is not None:
        shopper = make_shopper(asked)
        result = answer_product(asked, services, stages, shopper, asked.parameters.product_id)
    else:
        raise Problem("no-photo", "The request has neither a photo nor a product_id.")
    result = replace(result, degraded=(*result.degraded, *unruled))
    body = search_answer(asked, services, result, shopper, query_id=query_id)
    body.experiments = experiment_answers({a.experiment: a.variant.key for a in chosen.assignments})
    body.timings_ms = watch.total()
    services.tracing.searched(body, services.settings.engine)
    return Answered(answer=body, result=result, shopper=shopper, chosen=chosen)


def _same_model(services: Services) -> None:
    """Vectors of two networks do not compare. Problem `not-ready` says what to run."""
    other = services.other_model()
    if other is not None:
        raise Problem("not-ready", f"index: {other}", headers={"Retry-After": "60"})


def _cursor_asked(asked: Asked, services: Services) -> Cursor | None:
    text = asked.parameters.cursor
    if text is None:
        return None
    index = services.index.get().version.id
    return open_cursor(text, services.secret, asked.market.marketplace.id, index, services.clock())


def _chosen(asked: Asked, services: Services, query_id: str) -> Chosen:
    if asked.chosen is not None:
        return asked.chosen
    if asked.unit is None:
        return Chosen(configuration=RankingConfiguration())
    marketplace = asked.market.marketplace.id
    return choose_variants(services.experiments(), asked.unit, marketplace, query_id, asked.now)


def _stages(
    asked: Asked, chosen: Chosen, services: Services, query_id: str
) -> tuple[Stages, Asked, tuple[str, ...]]:
    """The stages that were chosen, the request under their rules, and what could not be done."""
    merged = chosen.interleaved
    if merged is None:
        market, notes = _under_rules(asked.market, chosen.rules, services)
        stages = services.stages(market, chosen.configuration)
        if chosen.configuration.explore:
            stages = explored_stages(stages, rate=chosen.configuration.explore, seed=query_id)
        return stages, replace(asked, market=market), notes
    pairs = [_under_rules(asked.market, rules, services) for rules in merged.rules]
    (first, _), (second, _) = pairs
    both = interleaved_stages(
        services.stages(first, merged.configurations[0]),
        services.stages(second, merged.configurations[1]),
        names=merged.names,
        seed=f"{merged.salt}.{query_id}",
    )
    notes = tuple(dict.fromkeys(note for _, notes in pairs for note in notes))
    return both, replace(asked, market=first), notes


def _under_rules(
    market: Market, rules: str | None, services: Services
) -> tuple[Market, tuple[str, ...]]:
    """The marketplace under the rules version that a variant asks for.

    A version that cannot serve leaves the rules that serve, and says so in `degraded`; the unit still
    counts for its variant, so that a fault never moves units between them.
    """
    if rules is None:
        return market, ()
    try:
        return services.market(market.marketplace.id, rules, market.region), ()
    except VersionUnavailableError:
        LOG.exception("a variant's rules version cannot serve")
        return market, ("experiments:rules-unavailable",)


def make_shopper(asked: Asked) -> Shopper:
    parameters = asked.parameters
    return Shopper(
        marketplace=asked.market.marketplace,
        language=asked.language,
        filters=parameters.filters(asked.market.marketplace, asked_leaves(asked)),
        now=asked.now,
        tap=parameters.tap(),
        sort=parameters.sort,
        limit=parameters.limit,
        explain=parameters.explain,
        accessories=parameters.accessories,
        facets=parameters.facets,
    )


def asked_leaves(asked: Asked) -> tuple[str, ...]:
    """The leaves below the asked category; all when none is asked."""
    category, tree = asked.parameters.category, asked.market.tree
    if category is None:
        return ()
    if category not in tree.categories:
        raise Problem(
            "unknown-category",
            f"Marketplace {tree.marketplace!r} has no category {category!r}.",
        )
    return tree.leaves_below(category)


def product_query(candidate: Candidate, stages: Stages, shopper: Shopper) -> Query:
    """What is known of a product without looking at its picture again."""
    listing = candidate.listing
    look = Look(
        box=WHOLE,
        vector=candidate.vector,
        features=np.zeros(0, dtype=np.float32),
        appearance=candidate.appearance,
        colours={listing.product.colour: 1.0} if listing.product.colour else {},
    )
    prediction = Prediction(
        category=listing.category,
        confidence=1.0,
        concept=listing.product.concept,
        concepts={listing.product.concept: 1.0},
        categories={listing.category: 1.0},
    )
    return Query(
        objects=(),
        focus=DetectedObject(id=0, box=WHOLE, confidence=1.0, concept=listing.product.concept),
        look=look,
        neighbours=stages.neighbours(look.vector, shopper).candidates,
        prediction=prediction,
        product_id=listing.product.product_id,
    )


def find_product(services: Services, market: Market, product_id: str) -> Candidate:
    """Problem `unknown-product` when this marketplace does not stock it."""
    found = services.index.get().get(market.marketplace.id, [product_id])
    if not found:
        raise Problem(
            "unknown-product",
            f"Marketplace {market.marketplace.id!r} stocks no product {product_id!r}.",
        )
    return found[0]


def answer_product(
    asked: Asked, services: Services, stages: Stages, shopper: Shopper, product_id: str
) -> SearchResult:
    """Similar products and accessories of a product; the product never answers itself."""
    candidate = find_product(services, asked.market, product_id)
    alone = replace(shopper, filters=excluding(shopper.filters, product_id))
    return answer(product_query(candidate, stages, alone), alone, stages)


def excluding(filters: Filters, product_id: str) -> Filters:
    return replace(filters, exclude_products=(*filters.exclude_products, product_id))


def _next_page(asked: Asked, stages: Stages, cursor: Cursor) -> tuple[SearchResult, Shopper]:
    shopper = Shopper(
        marketplace=asked.market.marketplace,
        language=asked.language,
        filters=cursor.filters,
        now=cursor.asked_at,
        sort=cursor.sort,
        after=cursor.place.after,
        shown=cursor.place.shown,
        limit=asked.parameters.limit,
        explain=asked.parameters.explain,
        accessories=False,
    )
    neighbours = stages.neighbours(cursor.query.look.vector, shopper).candidates
    return answer(replace(cursor.query, neighbours=neighbours), shopper, stages), shopper


def search_answer(
    asked: Asked, services: Services, result: SearchResult, shopper: Shopper, *, query_id: str
) -> SearchAnswer:
    """The wire form, with a signed cursor when there is more."""
    market, language = asked.market, asked.language
    tree, marketplace = market.tree, market.marketplace
    chain = marketplace.language_chain(language)
    index = services.index.get().version.id
    photo = result.query.product_id is None and asked.parameters.cursor is None
    return SearchAnswer(
        query_id=query_id,
        marketplace=marketplace.id,
        language=language,
        currency=marketplace.currency,
        objects=object_answers(result, tree, chain) if photo else [],
        focus=result.query.focus.id if photo else None,
        results=[
            item_answer(
                item,
                tree,
                marketplace,
                language,
                sentences(item, language) if shopper.explain else None,
            )
            for item in result.items
        ],
        total=result.total,
        shortfall="exhausted"
        if result.shortfall == "exhausted"
        else "filtered_out"
        if result.shortfall
        else None,
        accessories=[slot_answer(s, tree, marketplace, language) for s in result.accessories],
        facets=facets_answer(
            result.facets, marketplace.currency, lambda leaf: category_path(tree, leaf, chain)
        )
        if result.facets
        else None,
        next=_cursor_of(result, shopper, services, index, market, query_id),
        versions=Versions(
            model=services.models.get().version if photo else services.index.get().version.model,
            index=index,
            rules=market.rules_version,
        ),
        experiments=[],
        rules=RulesOutcome(
            applied=[rule_answer(one) for one in result.applied],
            lost=[rule_answer(one) for one in result.lost],
        )
        if shopper.explain
        else None,
        degraded=list(result.degraded),
        timings_ms={},
    )


def _cursor_of(
    result: SearchResult,
    shopper: Shopper,
    services: Services,
    index: str,
    market: Market,
    query_id: str,
) -> str | None:
    if result.next_page is None:
        return None
    cursor = Cursor(
        query_id=query_id,
        marketplace=shopper.marketplace.id,
        index=index,
        rules=market.rules_version,
        place=result.next_page,
        query=result.query,
        filters=shopper.filters,
        sort=shopper.sort,
        asked_at=shopper.now,
        region=market.region,
    )
    return sign_cursor(cursor, services.secret, services.clock())


def _refused_object(run: Callable[[], SearchResult]) -> SearchResult:
    try:
        return run()
    except UnknownObject as error:
        raise Problem("unknown-object", str(error)) from None
