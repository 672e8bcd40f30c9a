"""Rules by form: one campaign of a draft read and written, and the calendar of all of them."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from flask import Response
from flask_openapi3 import OpenAPI, Tag
from pydantic import BaseModel, ConfigDict, Field

from documents.differences import EditError
from documents.findings import DocumentError
from documents.writing import Written
from rules.calendar import Span
from rules.campaign_forms import FILE, campaigns_of, with_campaign, without_campaign
from rules.loading import read_locales
from rules.schedule import FestivalDays, Scheduled, schedule
from rules.versions import write_contents
from service.problems import Problem
from service.routes.admin import Files, authorize, current_contents, drafted_contents, refused
from service.routes.reading import MarketplacePath, answered, documented, services

TAG = Tag(name="admin", description="Rules, products and the index; needs a token.")
MOST_DAYS = 800
"""Days of one calendar: two years and some."""
MOST_VALUES = 5_000
"""Texts of one campaign."""
MOST_NESTED = 20
"""Lists and tables of a campaign inside one another; a document itself may nest a little deeper."""


class FormEdit(Files):
    """A draft, and what a form did to one of its campaigns; without `campaign` it is only read."""

    model_config = ConfigDict(extra="forbid")

    id: str | None = Field(
        default=None,
        max_length=80,
        description="The campaign as the draft calls it; null: a new one.",
    )
    campaign: dict[str, Any] | None = Field(
        default=None,
        description="Its keys as the file writes them: texts, lists and keys with texts.",
    )
    remove: bool = Field(default=False, description="Take the campaign `id` away instead.")


class FieldAnswer(BaseModel):
    path: str = Field(
        description="A key or value, such as actions.0.by; empty: the whole campaign."
    )
    line: int
    column: int


class CampaignAnswer(BaseModel):
    id: str
    campaign: dict[str, Any] = Field(description="Its keys as written.")
    fields: list[FieldAnswer] = Field(description="Where each key and value begins.")


class FormAnswer(BaseModel):
    file: str
    text: str = Field(description="The whole file; nothing outside the campaign differs.")
    campaigns: list[CampaignAnswer] = Field(description="All of the file, in its order.")


class CalendarAsked(Files):
    """A draft and the days that are looked at."""

    model_config = ConfigDict(extra="forbid")

    first: date
    last: date


class DaysAnswer(BaseModel):
    first: date
    last: date


class ScheduledAnswer(BaseModel):
    id: str
    owner: str
    reason: str
    priority: int
    dated: bool = Field(description="Whether it has days of its own or a festival's.")
    festival: str | None
    spans: list[DaysAnswer] = Field(description="Its days among those looked at.")
    own: bool = Field(description="Whether the marketplace's own file states it.")
    meets: list[str] = Field(
        description="Campaigns that hold for one and the same search on one of these days."
    )


class FestivalAnswer(BaseModel):
    id: str
    names: dict[str, str]
    spans: list[DaysAnswer]


class CalendarAnswer(BaseModel):
    time_zone: str
    today: date = Field(description="The day in the marketplace's time zone.")
    campaigns: list[ScheduledAnswer]
    festivals: list[FestivalAnswer]


def register(app: OpenAPI) -> None:
    guarded: dict[str, Any] = {"tags": [TAG], "security": [{"token": []}]}
    refusals = ("unauthorized", "forbidden", "unknown-marketplace", "invalid-body")
    root = "/v1/admin/<string:marketplace>/rules"
    app.post(
        f"{root}:form",
        responses=documented(FormAnswer, *refusals, "rules-refused", "photo-too-large"),
        **guarded,
    )(form)
    app.post(
        f"{root}:calendar",
        responses=documented(CalendarAnswer, *refusals, "photo-too-large"),
        **guarded,
    )(calendar)


def form(path: MarketplacePath, body: FormEdit) -> Response:
    """The draft's campaigns as a form shows them, after the edit; nothing is published."""
    found = services()
    market = found.market(path.marketplace).marketplace.id
    authorize("rules", market)
    _, contents = current_contents(found)
    drafted = drafted_contents(contents, market, body.files)
    text = drafted.get(f"{market}/{FILE}", b"").decode("utf-8", "replace")
    try:
        text = _edited(text, body)
        campaigns = campaigns_of(text)
    except EditError as error:
        raise Problem("invalid-body", str(error)) from None
    except DocumentError as error:
        raise refused(error) from None
    rows = [
        CampaignAnswer(
            id=one.id,
            campaign=dict(one.values),
            fields=[FieldAnswer(path=f.path, line=f.line, column=f.column) for f in one.fields],
        )
        for one in campaigns
    ]
    return answered(FormAnswer(file=FILE, text=text, campaigns=rows))


def calendar(path: MarketplacePath, body: CalendarAsked) -> Response:
    """Which campaigns of the draft hold on which days, and which of them meet."""
    found = services()
    market = found.market(path.marketplace).marketplace
    authorize("rules", market.id)
    if not 0 <= (body.last - body.first).days < MOST_DAYS:
        raise Problem(
            "invalid-body", f"`last` must not be before `first`, nor {MOST_DAYS} days after it."
        )
    _, contents = current_contents(found)
    drafted = drafted_contents(contents, market.id, body.files)
    with tempfile.TemporaryDirectory(prefix="souk-draft-") as place:
        read = read_locales(write_contents(drafted, Path(place)))
        shown = schedule(read, market.id, Span(body.first, body.last))
    today = found.locales().marketplaces[market.id].accessories.calendar.day(found.clock())
    return answered(
        CalendarAnswer(
            time_zone=market.time_zone,
            today=today,
            campaigns=[_scheduled(row) for row in shown.campaigns],
            festivals=[_festival(row) for row in shown.festivals],
        )
    )


def _edited(text: str, body: FormEdit) -> str:
    if body.remove:
        if body.id is None:
            raise Problem("invalid-body", "`remove` needs the `id` of a campaign.")
        return without_campaign(text, body.id)
    if body.campaign is None:
        return text
    values = _written(body.campaign, [MOST_VALUES])
    if not isinstance(values, Mapping) or not values:
        raise Problem("invalid-body", "`campaign` must hold keys.")
    return with_campaign(text, body.id, values)


def _written(value: object, left: list[int], depth: int = 0) -> Written:
    """JSON → what a file can hold. Problem `invalid-body` for numbers and the like, too many or too deep."""
    if depth > MOST_NESTED:
        raise Problem("invalid-body", f"`campaign` is nested deeper than {MOST_NESTED}.")
    left[0] -= 1
    if left[0] < 0:
        raise Problem("invalid-body", f"`campaign` holds more than {MOST_VALUES} values.")
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return tuple(_written(one, left, depth + 1) for one in value)
    if isinstance(value, dict):
        return {str(key): _written(one, left, depth + 1) for key, one in value.items()}
    raise Problem("invalid-body", f"`campaign` holds {value!r}. Write it as a text.")


def _scheduled(row: Scheduled) -> ScheduledAnswer:
    campaign = row.campaign
    festival = campaign.timing.festival
    return ScheduledAnswer(
        id=campaign.id,
        owner=campaign.owner,
        reason=campaign.reason,
        priority=campaign.priority,
        dated=campaign.timing.is_dated,
        festival=festival.name if festival else None,
        spans=[DaysAnswer(first=s.first, last=s.last) for s in row.spans],
        own=row.is_own,
        meets=list(row.meets),
    )


def _festival(row: FestivalDays) -> FestivalAnswer:
    spans = [DaysAnswer(first=s.first, last=s.last) for s in row.spans]
    return FestivalAnswer(id=row.id, names=dict(row.names), spans=spans)
