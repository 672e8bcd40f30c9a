"""`POST /v1/admin/{marketplace}/products:bulk`: JSON lines in, one answer a line out."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Response, json, request
from flask_openapi3 import OpenAPI, Tag
from pydantic import BaseModel

from catalog.bulk import BulkWriter, LineAnswer
from catalog.pictures import PictureStore
from catalog.store import CatalogStore
from service.problems import Problem
from service.routes.admin import audit, authorize
from service.routes.reading import MarketplacePath, answered, documented, services
from service.services import Services

TAG = Tag(name="admin")
MOST_LINES = 10_000

BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
    }
}


class BulkLine(BaseModel):
    line: int
    product_id: str | None
    status: str
    reason: str


class BulkAnswer(BaseModel):
    counts: dict[str, int]
    lines: list[BulkLine]


def register(app: OpenAPI) -> None:
    app.post(
        "/v1/admin/<string:marketplace>/products:bulk",
        tags=[TAG],
        security=[{"token": []}],
        openapi_extensions=BODY,
        responses=documented(
            BulkAnswer,
            "unauthorized",
            "forbidden",
            "unknown-marketplace",
            "invalid-body",
            "photo-too-large",
        ),
    )(bulk)


def bulk(path: MarketplacePath) -> Response:
    """Create, change, withdraw or delete products; sending the same lines again changes nothing."""
    found = services()
    market = found.market(path.marketplace).marketplace.id
    holder = authorize("products", market)
    lines = request.get_data().splitlines()
    if len(lines) > MOST_LINES:
        raise Problem("invalid-body", f"{len(lines)} lines; send at most {MOST_LINES} at once.")
    answers = list(_writer(found).apply([_of_marketplace(line, market) for line in lines]))
    counts: dict[str, int] = {}
    for answer in answers:
        counts[answer.status] = counts.get(answer.status, 0) + 1
    detail = ", ".join(f"{n} {status}" for status, n in counts.items())
    audit(holder, "products:bulk", market, detail)
    return answered(BulkAnswer(counts=counts, lines=[_line(answer) for answer in answers]))


def _writer(found: Services) -> BulkWriter:
    locales = found.locales()
    return BulkWriter(
        store=CatalogStore(found.settings.catalog_path),
        concepts=locales.concepts,
        currencies={m: x.marketplace.currency for m, x in locales.marketplaces.items()},
        pictures=PictureStore(found.settings.pictures),
    )


def _of_marketplace(line: bytes, marketplace: str) -> bytes:
    """Offers without a marketplace are of the one in the address."""
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):  # the writer names the line's fault
        return line
    if isinstance(document, dict) and isinstance(document.get("offers"), list):
        for offer in document["offers"]:
            if isinstance(offer, dict):
                offer.setdefault("marketplace", marketplace)
        return json.dumps(document).encode()
    return line


def _line(answer: LineAnswer) -> BulkLine:
    return BulkLine(**asdict(answer))
