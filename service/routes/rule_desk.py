"""What an editor of rules needs beside reading and publishing: schemas, old versions, previews."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response
from flask_openapi3 import OpenAPI, Tag
from pydantic import BaseModel, ConfigDict, Field

from catalog.marketplaces import localized
from catalog.search import Filters
from documents.findings import DocumentError
from rules.editor_schema import FILES as SCHEMAS
from rules.editor_schema import editor_schema
from rules.versions import UnknownVersionError, load_contents
from service.parameters import SearchParameters
from service.problems import Problem
from service.routes.admin import (
    Files,
    RulesAnswer,
    authorize,
    current_contents,
    drafted_contents,
    of_marketplace,
    refused,
)
from service.routes.reading import MarketplacePath, answered, documented, language_of, services
from service.rules_replay import Replayed, logged_queries, popular_queries
from service.searching import Asked, run_search
from service.services import Services, resolve_market
from service.stages import Market
from service.uploads import decoded_photo
from service.wire import ItemAnswer, SearchAnswer, SlotAnswer, places_changed

TAG = Tag(name="admin", description="Rules, products and the index; needs a token.")
PAGE = 12
"""Products of one previewed page."""
MOST_REPLAYED = 24
"""Pages of one preview."""
MOST_LOGGED = 200
"""Logged searches that are looked through for one preview."""


class VersionPath(MarketplacePath):
    version: str = Field(max_length=64)


class SchemaPath(MarketplacePath):
    file: str = Field(max_length=64)


class Preview(Files):
    """A draft, and what to search with under it: a photo, a product, popular or logged searches."""

    model_config = ConfigDict(extra="forbid")

    photo: str | None = Field(default=None, description="A picture in base64.")
    product_id: str | None = Field(default=None, max_length=128)
    popular: int = Field(
        default=0, ge=0, le=MOST_REPLAYED, description="Replay this many popular products."
    )
    category: str | None = Field(
        default=None,
        max_length=128,
        description="Search with the most popular product of this category.",
    )
    day: date | None = Field(
        default=None, description="The page as of this day in the marketplace; null: now."
    )
    logged: int = Field(
        default=0,
        ge=0,
        le=MOST_LOGGED,
        description="Replay the last logged searches, this many, by the product that each searched "
        f"with or showed first; the {MOST_REPLAYED} most frequent of them.",
    )


class PreviewSide(BaseModel):
    results: list[ItemAnswer]
    accessories: list[SlotAnswer]


class PreviewPage(BaseModel):
    """One search under the rules that serve and under the draft."""

    query: str = Field(description="The product searched with; empty for a photo.")
    title: str
    times: int = Field(description="How often it was searched; 1 where nothing was logged.")
    before: PreviewSide
    after: PreviewSide
    changed: int = Field(description="Positions of the page, and accessory slots, that differ.")


class PreviewAnswer(BaseModel):
    pages: list[PreviewPage]
    changed: int = Field(description="Pages that differ.")


class SchemaAnswer(BaseModel):
    file: str
    definition: dict[str, Any] = Field(description="JSON Schema of the file.")


def register(app: OpenAPI) -> None:
    guarded: dict[str, Any] = {"tags": [TAG], "security": [{"token": []}]}
    refusals = ("unauthorized", "forbidden", "unknown-marketplace")
    root = "/v1/admin/<string:marketplace>/rules"
    app.get(
        f"{root}/versions/<version>",
        responses=documented(RulesAnswer, *refusals, "conflict"),
        **guarded,
    )(read_version)
    app.get(
        f"{root}/schemas/<file>",
        responses=documented(SchemaAnswer, *refusals, "not-found"),
        **guarded,
    )(schema)
    app.post(
        f"{root}:preview",
        responses=documented(
            PreviewAnswer,
            *refusals,
            "invalid-body",
            "rules-refused",
            "unknown-product",
            "unknown-category",
            "no-photo",
            "not-an-image",
            "bad-image",
            "photo-too-large",
            "busy",
        ),
        **guarded,
    )(preview)


def read_version(path: VersionPath) -> Response:
    """The marketplace's files as an older version held them."""
    found = services()
    market = found.market(path.marketplace).marketplace.id
    authorize("read", market)
    try:
        contents = dict(found.rules.contents(path.version))
    except UnknownVersionError as error:
        raise Problem("conflict", str(error)) from None
    files = of_marketplace(contents, market)
    return answered(RulesAnswer(marketplace=market, version=path.version, files=files))


def schema(path: SchemaPath) -> Response:
    """What a file may hold, for completion in an editor."""
    found = services()
    authorize("read", found.market(path.marketplace).marketplace.id)
    if path.file not in SCHEMAS:
        raise Problem("not-found", f"{path.file!r} is no locale file. Use {', '.join(SCHEMAS)}.")
    definition = dict(editor_schema(path.file, found.locales()))
    return answered(SchemaAnswer(file=path.file, definition=definition))


def preview(path: MarketplacePath, body: Preview) -> Response:
    """The same searches under the rules that serve and under the draft; nothing is published."""
    found = services()
    before = found.market(path.marketplace)
    authorize("rules", before.marketplace.id)
    after = _drafted_market(found, before.marketplace.id, body.files)
    sides = _Sides(
        services=found, before=before, after=after, now=_instant(found, before, body.day)
    )
    with found.door.enter():
        if body.photo is not None:
            pages = [_page(sides, "", photo=decoded_photo(body.photo))]
        else:
            pages = [
                _page(sides, query.product_id, times=query.weight)
                for query in _queries(found, before, body)
            ]
    return answered(PreviewAnswer(pages=pages, changed=sum(page.changed > 0 for page in pages)))


def _drafted_market(found: Services, market: str, files: Mapping[str, str]) -> Market:
    """Problem `rules-refused` where the draft has errors."""
    _, contents = current_contents(found)
    try:
        locales = load_contents(drafted_contents(contents, market, dict(files)))
    except DocumentError as error:
        raise refused(error) from None
    return replace(resolve_market(locales, market), rules_version="draft")


def _queries(found: Services, market: Market, body: Preview) -> Sequence[Replayed]:
    """The products to search with; of the logged ones those that are still stocked."""
    name = market.marketplace.id
    if body.product_id is not None:
        return [Replayed(marketplace=name, product_id=body.product_id)]
    if body.category is not None:
        return [Replayed(marketplace=name, product_id=_leader(found, market, body.category))]
    if body.popular:
        popular = popular_queries(found, [name], body.popular)
        return [replace(query, weight=1) for query in popular]
    if body.logged:
        logged = sorted(
            logged_queries(found.events(), [name], body.logged), key=lambda q: -q.weight
        )
        known = found.index.get().get(name, [query.product_id for query in logged])
        stocked = {candidate.product_id for candidate in known}
        return [query for query in logged if query.product_id in stocked][:MOST_REPLAYED]
    raise Problem(
        "no-photo", "A preview needs a photo, a product_id, a category, popular or logged."
    )


def _leader(found: Services, market: Market, category: str) -> str:
    """The most popular product of the category or below. Problem `unknown-category`."""
    leaves = market.tree.leaves_below(category) if category in market.tree.categories else ()
    wanted = Filters(marketplace=market.marketplace.id, categories=tuple(leaves))
    hits = found.index.get().browse(wanted, 1) if leaves else None
    if hits is None or not hits.candidates:
        raise Problem("unknown-category", f"Nothing of the category {category!r} is on sale here.")
    return hits.candidates[0].product_id


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sides:
    """What serves, the draft, and the instant at which both are asked."""

    services: Services
    before: Market
    after: Market
    now: datetime


def _instant(found: Services, market: Market, day: date | None) -> datetime:
    """Now, or noon of the day where the marketplace is."""
    if day is None:
        return found.clock()
    return datetime.combine(day, time(12), ZoneInfo(market.marketplace.time_zone))


def _page(
    sides: _Sides, product: str, *, photo: bytes | None = None, times: int = 1
) -> PreviewPage:
    answers = [_answer(sides, market, product, photo) for market in (sides.before, sides.after)]
    before, after = (PreviewSide(results=a.results, accessories=a.accessories) for a in answers)
    return PreviewPage(
        query=product,
        title=_title(sides.services, sides.before, product),
        times=times,
        before=before,
        after=after,
        changed=_differences(before, after),
    )


def _answer(sides: _Sides, market: Market, product: str, photo: bytes | None) -> SearchAnswer:
    parameters = SearchParameters(product_id=product or None, limit=PAGE, explain=False)
    asked = Asked(
        market=market,
        parameters=parameters,
        language=language_of(market, None),
        now=sides.now,
        photo=photo,
    )
    return run_search(asked, sides.services).answer


def _title(found: Services, market: Market, product: str) -> str:
    if not product:
        return ""
    known = found.index.get().get(market.marketplace.id, [product])
    titles = dict(known[0].listing.product.titles) if known else {}
    chain = market.marketplace.language_chain(language_of(market, None))
    return localized(titles, chain) or product


def _differences(before: PreviewSide, after: PreviewSide) -> int:
    moved = places_changed(before.results, after.results)
    slots = [
        {s.slot: tuple(i.product_id for i in s.results) for s in side.accessories}
        for side in (before, after)
    ]
    changed = len([s for s in {*slots[0], *slots[1]} if slots[0].get(s) != slots[1].get(s)])
    reordered = list(slots[0]) != list(slots[1]) and not changed
    return moved + changed + int(reordered)
