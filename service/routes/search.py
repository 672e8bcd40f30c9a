"""`POST /v1/{marketplace}/search`: a photo, a product or a cursor in, this marketplace's page out."""

from __future__ import annotations

import logging
from typing import Any

from flask import Response, request
from flask_openapi3 import OpenAPI, Tag

from experiments.event_log import Logged
from experiments.events import SearchShown
from ranking.features import table_version
from service.metrics import observe_search
from service.parameters import SearchParameters, read_parameters
from service.pipeline import Shopper
from service.routes.reading import MarketplacePath, answered, documented, language_of, services
from service.searching import Answered, Asked, run_search
from service.services import Services
from service.units import keep_unit, read_unit
from service.uploads import read_upload
from service.variants import exposures
from service.wire import SearchAnswer

LOG = logging.getLogger("souk.search")
TAG = Tag(name="search", description="Visual search.")

_PICTURE: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}

BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"photo": {"type": "string", "format": "binary"}},
                    "required": ["photo"],
                }
            },
            "image/jpeg": _PICTURE,
            "image/png": _PICTURE,
            "image/webp": _PICTURE,
            "image/avif": _PICTURE,
            "image/heic": _PICTURE,
            "application/json": {
                "schema": {"type": "object", "properties": {"product_id": {"type": "string"}}}
            },
        },
    }
}
"""The three forms of a search; parameters go in the query string, the form or the JSON object. A photo's
kind is told by its first bytes, not by its type; HEIC is read where the extra `heif` is installed."""


def register(app: OpenAPI) -> None:
    app.post(
        "/v1/<marketplace>/search",
        tags=[TAG],
        openapi_extensions=BODY,
        responses=documented(
            SearchAnswer,
            "unknown-marketplace",
            "unknown-product",
            "unknown-category",
            "unknown-object",
            "no-photo",
            "not-an-image",
            "bad-image",
            "photo-too-large",
            "invalid-body",
            "invalid-cursor",
            "busy",
        ),
    )(search)


def search(path: MarketplacePath, query: SearchParameters) -> Response:
    """Search by a photo or a product."""
    del query  # validated by its schema; read again together with the body's values
    found = services()
    found.market(path.marketplace)  # an unknown one is refused before the upload is read
    unit = read_unit(request, found.secret)
    upload = read_upload(request)
    values: dict[str, object] = {k: v if len(v) > 1 else v[0] for k, v in request.args.lists()}
    parameters = read_parameters({**values, **upload.values})
    market = found.market(path.marketplace, region=parameters.region)
    asked = Asked(
        market=market,
        parameters=parameters,
        language=language_of(market, parameters.language),
        now=found.clock(),
        unit=unit.id,
        photo=upload.photo,
    )
    with found.door.enter():
        done = run_search(asked, found)
    observe_search(done.answer)
    _log(done, unit.id, found)
    response = answered(done.answer)
    keep_unit(response, unit, found.secret, secure=request.is_secure)
    return response


def first_position(shopper: Shopper) -> int:
    """Where the page starts: a later block's positions count its candidates before folding."""
    return 1 + len(shopper.shown) + (shopper.after.depth if shopper.after else 0)


def _teams(done: Answered) -> dict[str, tuple[str, ...]] | None:
    """Of an interleaved page: the products of each variant, in their order."""
    if done.chosen.interleaved is None:
        return None
    teams = done.result.teams
    shown = [item.product_id for item in done.result.items]
    return {
        name: tuple(p for p in shown if teams.get(p) == name)
        for name in done.chosen.interleaved.names
    }


def _log(done: Answered, unit: str, found: Services) -> None:
    """The search and its exposures; a log that fails never fails the search."""
    answer = done.answer
    shown = SearchShown(
        query_id=answer.query_id,
        marketplace=answer.marketplace,
        unit=unit,
        at=done.shopper.now,
        first_position=first_position(done.shopper),
        product_ids=tuple(item.product_id for item in answer.results),
        features=table_version(),
        rules=answer.versions.rules,
        variants={e.key: e.variant for e in answer.experiments},
        propensities=done.result.propensities,
        query_product=done.result.query.product_id,
        teams=_teams(done),
    )
    logged = found.events().record_search(
        shown, exposures(done.chosen, answer.query_id, done.result, done.shopper)
    )
    if logged is Logged.REFUSED:
        LOG.error("the search could not be logged: too many wait")
        answer.degraded.append("events:not-logged")
