"""`POST /v1/{marketplace}/search`: a photo, a product or a cursor in, this marketplace's page out."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_openapi3 import OpenAPI, Tag

from service.parameters import SearchParameters, read_parameters
from service.routes.reading import MarketplacePath, answered, documented, language_of, services
from service.searching import Asked, run_search
from service.stages import RankingConfiguration
from service.uploads import read_upload
from service.wire import SearchAnswer

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
            "application/json": {
                "schema": {"type": "object", "properties": {"product_id": {"type": "string"}}}
            },
        },
    }
}
"""The three forms of a search; parameters go in the query string, the form or the JSON object."""


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
        ),
    )(search)


def search(path: MarketplacePath, query: SearchParameters) -> Response:
    """Search by a photo or a product."""
    del query  # validated by its schema; read again together with the body's values
    found = services()
    market = found.market(path.marketplace)
    upload = read_upload(request)
    values: dict[str, object] = {k: v if len(v) > 1 else v[0] for k, v in request.args.lists()}
    parameters = read_parameters({**values, **upload.values})
    asked = Asked(
        market=market,
        parameters=parameters,
        language=language_of(market, parameters.language),
        now=found.clock(),
        configuration=RankingConfiguration(),
        photo=upload.photo,
    )
    return answered(run_search(asked, found).answer)
