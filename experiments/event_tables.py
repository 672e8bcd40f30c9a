"""The tables of the event log, alike in SQLite and PostgreSQL, and rows ↔ values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Engine,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    inspect,
    text,
)
from sqlalchemy.schema import CreateIndex, CreateTable

from experiments.events import Event, Exposure, SearchShown

METADATA = MetaData()
EXPOSURES = Table(
    "exposures",
    METADATA,
    Column("experiment", String(80), primary_key=True),
    Column("marketplace", String(16), primary_key=True),
    Column("unit", String(96), primary_key=True),
    Column("variant", String(80), primary_key=True),
    Column("query_id", String(64), nullable=False),
    Column("at", String(40), nullable=False),
)
"""One row a unit, marketplace and variant: a unit with two variants is a fault that reports show."""
SEARCHES = Table(
    "searches",
    METADATA,
    Column("query_id", String(64), primary_key=True),
    Column("first_position", Integer, primary_key=True),
    Column("marketplace", String(16), nullable=False),
    Column("unit", String(64), nullable=False),
    Column("at", String(40), nullable=False),
    Column("variants", Text, nullable=False),
    Column("shown", Text, nullable=False),
    Column("propensities", Text),
    Column("teams", Text),
    Column("query_product", String(128)),
    Column("features", String(80), nullable=False),
    Column("rules", String(80), nullable=False),
    Index("searches_unit", "unit"),
)
EVENTS = Table(
    "events",
    METADATA,
    Column("event_id", String(64), primary_key=True),
    Column("type", String(16), nullable=False),
    Column("marketplace", String(16), nullable=False),
    Column("query_id", String(64), nullable=False),
    Column("product_id", String(128), nullable=False),
    Column("position", Integer),
    Column("value_minor", BigInteger),
    Column("unit", String(64), nullable=False),
    Column("at", String(40), nullable=False),
    Column("received_at", String(40), nullable=False),
    Index("events_query", "query_id"),
)


def create_tables(engine: Engine) -> None:
    """Make those that are missing."""
    with engine.begin() as connection:
        for table in METADATA.sorted_tables:
            connection.execute(CreateTable(table, if_not_exists=True))
            for index in table.indexes:
                connection.execute(CreateIndex(index, if_not_exists=True))
        known = {column["name"] for column in inspect(connection).get_columns("searches")}
        if "query_product" not in known:  # a log of before 0.2
            connection.execute(text("ALTER TABLE searches ADD COLUMN query_product VARCHAR(128)"))


def instant(moment: datetime) -> str:
    """UTC and of one width, so that text order is time order."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment_of(text: str) -> datetime:
    return datetime.fromisoformat(text)


def exposure_row(exposure: Exposure) -> dict[str, object]:
    return {
        "experiment": exposure.experiment,
        "marketplace": exposure.marketplace,
        "unit": exposure.unit,
        "variant": exposure.variant,
        "query_id": exposure.query_id,
        "at": instant(exposure.at),
    }


def exposure_of(row: Mapping[str, Any]) -> Exposure:
    return Exposure(**{**row, "at": moment_of(row["at"])})


def search_row(search: SearchShown) -> dict[str, object]:
    drawn, teams = search.propensities, search.teams
    return {
        "query_id": search.query_id,
        "first_position": search.first_position,
        "marketplace": search.marketplace,
        "unit": search.unit,
        "at": instant(search.at),
        "variants": json.dumps(dict(search.variants)),
        "shown": json.dumps(search.product_ids),
        "propensities": None if drawn is None else json.dumps(drawn),
        "teams": None if teams is None else json.dumps({k: list(v) for k, v in teams.items()}),
        "query_product": search.query_product,
        "features": search.features,
        "rules": search.rules,
    }


def search_of(row: Mapping[str, Any]) -> SearchShown:
    drawn, teams = row["propensities"], row["teams"]
    return SearchShown(
        query_id=row["query_id"],
        first_position=row["first_position"],
        marketplace=row["marketplace"],
        unit=row["unit"],
        at=moment_of(row["at"]),
        variants=json.loads(row["variants"]),
        product_ids=tuple(json.loads(row["shown"])),
        propensities=None if drawn is None else tuple(json.loads(drawn)),
        teams=None if teams is None else {k: tuple(v) for k, v in json.loads(teams).items()},
        query_product=row["query_product"],
        features=row["features"],
        rules=row["rules"],
    )


def event_row(event: Event) -> dict[str, object]:
    return {
        "event_id": event.event_id,
        "type": event.type,
        "marketplace": event.marketplace,
        "query_id": event.query_id,
        "product_id": event.product_id,
        "position": event.position,
        "value_minor": event.value_minor,
        "unit": event.unit,
        "at": instant(event.at),
        "received_at": instant(event.received_at),
    }


def event_of(row: Mapping[str, Any]) -> Event:
    values = {**row, "at": moment_of(row["at"]), "received_at": moment_of(row["received_at"])}
    return Event(**values)
