"""What shoppers saw and did, durable before it is acknowledged, counted once.

SQLite in WAL mode with `synchronous=FULL`: an event that was acknowledged survives `kill -9` and a
power cut. An event id is counted once, whatever is sent again. Nothing personal is kept beyond the
pseudonymous unit.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

TYPES = ("impression", "click", "cart", "purchase")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS exposures (
  experiment TEXT NOT NULL, unit TEXT NOT NULL, variant TEXT NOT NULL, marketplace TEXT NOT NULL,
  query_id TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (experiment, unit, variant)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS searches (
  query_id TEXT PRIMARY KEY, marketplace TEXT NOT NULL, unit TEXT NOT NULL, at TEXT NOT NULL,
  variants TEXT NOT NULL, shown TEXT NOT NULL, features TEXT NOT NULL, rules TEXT NOT NULL
  ) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS events (
  event_id TEXT PRIMARY KEY, type TEXT NOT NULL, marketplace TEXT NOT NULL, query_id TEXT NOT NULL,
  product_id TEXT NOT NULL, position INTEGER, value_minor INTEGER, unit TEXT NOT NULL,
  at TEXT NOT NULL, received_at TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS events_query ON events (query_id);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """The logged fact that a unit saw output that the variant could change."""

    experiment: str
    variant: str
    unit: str
    marketplace: str
    query_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchShown:
    """One answered search: what was shown where, and under which versions."""

    query_id: str
    marketplace: str
    unit: str
    at: datetime
    product_ids: tuple[str, ...]
    features: str
    rules: str
    variants: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something a shopper did; `at` is the shopper's clock, `received_at` ours."""

    event_id: str
    type: str
    marketplace: str
    query_id: str
    product_id: str
    unit: str
    at: datetime
    received_at: datetime
    position: int | None = None
    value_minor: int | None = None


class EventLog:
    """The durable log. Connections are made per process and thread, after any fork."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()

    def record_search(self, search: SearchShown, exposures: Iterable[Exposure]) -> None:
        """The search and its exposures, each unit's exposure once an experiment and variant."""
        with self._connection() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO searches VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    search.query_id,
                    search.marketplace,
                    search.unit,
                    search.at.isoformat(),
                    json.dumps(dict(search.variants)),
                    json.dumps(search.product_ids),
                    search.features,
                    search.rules,
                ),
            )
            connection.executemany(
                "INSERT OR IGNORE INTO exposures VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (e.experiment, e.unit, e.variant, e.marketplace, e.query_id, e.at.isoformat())
                    for e in exposures
                ],
            )

    def record_events(self, events: Iterable[Event]) -> int:
        """All in one transaction, durable on return; returns how many were new."""
        with self._connection() as connection:
            before = connection.total_changes
            connection.executemany(
                "INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        e.event_id,
                        e.type,
                        e.marketplace,
                        e.query_id,
                        e.product_id,
                        e.position,
                        e.value_minor,
                        e.unit,
                        e.at.isoformat(),
                        e.received_at.isoformat(),
                    )
                    for e in events
                ],
            )
            return connection.total_changes - before

    def exposures(self, experiment: str) -> Iterator[Exposure]:
        rows = self._connection().execute(
            "SELECT * FROM exposures WHERE experiment = ? ORDER BY at, unit", (experiment,)
        )
        for key, unit, variant, marketplace, query_id, at in rows:
            yield Exposure(
                experiment=key,
                unit=unit,
                variant=variant,
                marketplace=marketplace,
                query_id=query_id,
                at=datetime.fromisoformat(at),
            )

    def counts(self) -> Mapping[str, int]:
        """How many rows each table holds."""
        connection = self._connection()
        return {
            table: int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608  fixed names
            for table in ("exposures", "searches", "events")
        }

    def _connection(self) -> sqlite3.Connection:
        known: tuple[int, sqlite3.Connection] | None = getattr(self._local, "connection", None)
        if known is not None and known[0] == os.getpid():
            return known[1]
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=5.0)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.executescript(_SCHEMA)
        self._local.connection = (os.getpid(), connection)
        return connection
