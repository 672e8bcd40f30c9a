"""`POST /v1/{marketplace}/events`: what shoppers did; durable before the 202, counted once."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from flask import Response, request
from flask_openapi3 import OpenAPI, Tag
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from experiments.event_log import EventLog, LogFailure
from experiments.events import Event
from service.parameters import invalid_parameters
from service.problems import Problem
from service.routes.reading import MarketplacePath, documented, services
from service.units import read_unit

LOG = logging.getLogger("souk.events")
TAG = Tag(name="events", description="Impressions, clicks, carts and purchases.")
MOST = 1000
"""Events of one request."""
MAX_BYTES = 512 * 1024
CLOCK_SKEW = timedelta(minutes=10)
"""A shopper's clock may be this far ahead; it may be behind by any time (offline apps)."""
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""Before it a time is no shopper's, and the first days of the calendar cannot become UTC."""


class EventBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    event_id: str = Field(pattern=r"^[A-Za-z0-9._:-]{1,64}$")
    type: Literal["impression", "click", "cart", "purchase"]
    query_id: str = Field(pattern=r"^[A-Za-z0-9._:-]{1,64}$")
    product_id: str = Field(min_length=1, max_length=128)
    position: int | None = Field(default=None, ge=1, le=10_000)
    value_minor: int | None = Field(default=None, ge=0, le=10**12)
    at: AwareDatetime = Field(ge=EARLIEST)


class EventsAnswer(BaseModel):
    accepted: int
    new: int = Field(description="Without those whose event_id was known.")


_EVENTS = TypeAdapter(list[EventBody])

BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "array",
                    "items": EventBody.model_json_schema(),
                    "maxItems": MOST,
                }
            }
        },
    }
}


def register(app: OpenAPI) -> None:
    responses = documented(
        EventsAnswer, "unknown-marketplace", "invalid-body", "photo-too-large", "busy"
    )
    responses["202"] = responses.pop("200")
    app.post("/v1/<marketplace>/events", tags=[TAG], responses=responses, openapi_extensions=BODY)(
        events
    )


def events(path: MarketplacePath) -> Response:
    """Log events; sending one again changes nothing."""
    found = services()
    market = found.market(path.marketplace)
    unit = read_unit(request, found.secret)
    received = found.clock()
    bodies = _read(request.get_data(), received)
    try:
        _refuse_foreign(bodies, market.marketplace.id, found.events())
        new = found.events().record_events(
            Event(
                **body.model_dump(),
                marketplace=market.marketplace.id,
                unit=unit.id,
                received_at=received,
            )
            for body in bodies
        )
    except LogFailure:
        LOG.exception("events could not be logged")
        raise Problem(
            "busy",
            "The event log does not answer. Nothing of this request was kept: send it again.",
            headers={"Retry-After": "5"},
        ) from None
    answer = EventsAnswer(accepted=len(bodies), new=new)
    return Response(answer.model_dump_json(), status=202, content_type="application/json")


def _refuse_foreign(bodies: Sequence[EventBody], marketplace: str, log: EventLog) -> None:
    """A search that is known belongs to its marketplace; one that is not yet known may be late."""
    of = log.marketplaces_of({body.query_id for body in bodies})
    wrong = [
        (number, of[body.query_id], body.query_id)
        for number, body in enumerate(bodies)
        if of.get(body.query_id, marketplace) != marketplace
    ]
    if wrong:
        raise Problem(
            "invalid-parameter",
            f"{len(wrong)} events belong to searches of another marketplace; nothing was kept.",
            errors=tuple(
                {
                    "field": f"{number}.query_id",
                    "found": query_id,
                    "fix": f"send it to /v1/{belongs}/events",
                }
                for number, belongs, query_id in wrong[:20]
            ),
        )


def _read(data: bytes, received: datetime) -> list[EventBody]:
    if len(data) > MAX_BYTES:
        raise Problem(
            "invalid-body",
            f"{len(data) // 1024} KiB; a request has at most {MAX_BYTES // 1024} KiB of events. "
            "Nothing was kept: send them in smaller parts.",
        )
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Problem("invalid-body", f"The body is no JSON: {error}.") from None
    if not isinstance(document, list):
        raise Problem("invalid-body", "The body must be a JSON list of events.")
    if len(document) > MOST:
        parts = -(-len(document) // MOST)
        raise Problem(
            "invalid-body",
            f"{len(document)} events; send at most {MOST} at once. Nothing was kept: send them in "
            f"{parts} requests. Their event_id lets a part be sent again.",
        )
    try:
        bodies = _EVENTS.validate_python(document)
    except ValidationError as error:
        raise invalid_parameters(error) from None
    for number, body in enumerate(bodies):
        if body.at > received + CLOCK_SKEW:
            raise Problem(
                "invalid-parameter",
                f"{number}.at: {body.at.isoformat()} lies more than {CLOCK_SKEW.seconds // 60} minutes "
                "in the future, so nothing was kept; send the time of the event.",
                errors=(
                    {"field": f"{number}.at", "found": body.at.isoformat(), "fix": "a past time"},
                ),
            )
    return bodies
