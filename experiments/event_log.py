"""The durable log of searches, exposures and events, in SQLite or PostgreSQL.

`record_events` returns when its events are durable: they survive `kill -9` and a power cut (SQLite:
WAL, `synchronous=FULL`). `record_search` hands over to one background writer and waits `patience_s`
for its commit: an answered search is then in the operating system's hands (it survives `kill -9`),
and a database that is slow or gone delays a search by that time and no more. An event id, and a page
of a search, are kept once, whatever is sent again.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table, create_engine, delete, event, func, make_url, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from experiments.background import BackgroundWriter
from experiments.event_tables import (
    EVENTS,
    EXPOSURES,
    SEARCHES,
    create_tables,
    event_of,
    event_row,
    exposure_of,
    exposure_row,
    instant,
    search_of,
    search_row,
)
from experiments.events import Event, Exposure, SearchShown

LogFailure = SQLAlchemyError
"""What `record_events` and the reads raise when the database does not answer."""
CAPACITY = 10_000
"""Searches that wait to be written; more are refused."""
TABLES = ("searches", "exposures", "events")
_TABLES = {"exposures": EXPOSURES, "searches": SEARCHES, "events": EVENTS}
_READ_AT_ONCE = 5000


class Logged(Enum):
    """What became of a search's record."""

    WRITTEN = "written"
    DELAYED = "delayed"
    """It is queued; the writer keeps trying."""
    REFUSED = "refused"
    """The queue is full: this search is not logged."""


@dataclass(frozen=True, slots=True)
class _Page:
    search: SearchShown
    exposures: tuple[Exposure, ...]


def log_url(database_url: str | None, home: Path) -> str:
    """Where events stand: the stated database, else a file of the workspace."""
    if database_url is None:
        return f"sqlite:///{home / 'events.sqlite'}"
    return database_url.replace("postgresql://", "postgresql+psycopg://", 1)


class EventLog:
    """Made anywhere, connected on first use, and again after a fork."""

    def __init__(self, url: str, *, patience_s: float = 0.05, capacity: int = CAPACITY) -> None:
        """`url` is SQLAlchemy's: `sqlite:////path/events.sqlite` or `postgresql+psycopg://…`."""
        self._url = make_url(url)
        self._patience_s = patience_s
        self._capacity = capacity
        self._lock = threading.Lock()
        self._pid = 0
        self._tables_made = False
        self._durable: Engine | None = None
        self._quick: Engine | None = None
        """The writer's own."""
        self._writer: BackgroundWriter[_Page] | None = None

    def record_search(self, search: SearchShown, exposures: Iterable[Exposure]) -> Logged:
        """One page and its exposures; each unit's exposure is kept once. Never raises."""
        self._opened()
        writer = self._writer
        written = writer.submit(_Page(search, tuple(exposures))) if writer is not None else None
        if written is None:
            return Logged.REFUSED
        return Logged.WRITTEN if written.wait(self._patience_s) else Logged.DELAYED

    def record_events(self, events: Iterable[Event]) -> int:
        """All in one transaction, durable on return; how many were new. Raises LogFailure."""
        rows = [event_row(one) for one in events]
        if not rows:
            return 0
        with self._connect().begin() as connection:
            new = self._insert(EVENTS).returning(EVENTS.c.event_id)
            return len(connection.execute(new, rows).all())

    def marketplaces_of(self, query_ids: Collection[str]) -> Mapping[str, str]:
        """The marketplace of each search that is known; late searches are missing."""
        query = select(SEARCHES.c.query_id, SEARCHES.c.marketplace).distinct()
        with self._connect().connect() as connection:
            found = connection.execute(query.where(SEARCHES.c.query_id.in_(list(query_ids))))
            return {row.query_id: row.marketplace for row in found}

    def exposures(self, experiment: str) -> Iterator[Exposure]:
        """In the order of time."""
        query = select(EXPOSURES).where(EXPOSURES.c.experiment == experiment)
        return map(exposure_of, self._rows(query.order_by(EXPOSURES.c.at, EXPOSURES.c.unit)))

    def searches(self, marketplaces: Collection[str]) -> Iterator[SearchShown]:
        """Every page shown in these marketplaces, in no order."""
        query = select(SEARCHES).where(SEARCHES.c.marketplace.in_(list(marketplaces)))
        return map(search_of, self._rows(query))

    def last_searches(self, marketplaces: Collection[str], count: int) -> Iterator[SearchShown]:
        """The first pages of the latest searches, newest first."""
        query = select(SEARCHES).where(
            SEARCHES.c.marketplace.in_(list(marketplaces)), SEARCHES.c.first_position == 1
        )
        latest = query.order_by(SEARCHES.c.at.desc(), SEARCHES.c.query_id).limit(count)
        return map(search_of, self._rows(latest))

    def events(self, marketplaces: Collection[str]) -> Iterator[Event]:
        """Every event of these marketplaces, in no order."""
        query = select(EVENTS).where(EVENTS.c.marketplace.in_(list(marketplaces)))
        return map(event_of, self._rows(query))

    def rows(self, table: str) -> Iterator[Mapping[str, Any]]:
        """A table's rows as they are kept, for an export."""
        return self._rows(select(_TABLES[table]))

    def columns(self, table: str) -> Mapping[str, type]:
        """A table's columns and whether they hold text or whole numbers."""
        return {column.name: column.type.python_type for column in _TABLES[table].columns}

    def counts(self) -> Mapping[str, int]:
        """How many rows each table holds."""
        with self._connect().connect() as connection:
            return {
                name: int(connection.execute(select(func.count()).select_from(table)).scalar_one())
                for name, table in _TABLES.items()
            }

    def forget(self, before: datetime) -> Mapping[str, int]:
        """Delete what is older, in one transaction; how many rows of each table went."""
        with self._connect().begin() as connection:
            return {
                name: int(
                    connection.execute(delete(table).where(table.c.at < instant(before))).rowcount
                )
                for name, table in _TABLES.items()
            }

    def close(self) -> None:
        """Write what waits, and let the connections go."""
        if self._writer is not None and self._pid == os.getpid():
            self._writer.close()
        for engine in (self._durable, self._quick):
            if engine is not None:
                engine.dispose()
        self._pid, self._durable, self._quick, self._writer = 0, None, None, None

    def _rows(self, query: Any) -> Iterator[Mapping[str, Any]]:
        with self._connect().connect() as connection:
            found = connection.execution_options(yield_per=_READ_AT_ONCE).execute(query)
            for row in found.mappings():
                yield dict(row)

    def _insert(self, table: Table) -> Any:
        """An insert that leaves a known row as it is."""
        kind = sqlite if self._url.get_backend_name() == "sqlite" else postgresql
        return kind.insert(table).on_conflict_do_nothing()

    def _write_pages(self, quick: Engine, pages: Sequence[_Page]) -> None:
        self._make_tables(quick)
        exposed = [exposure_row(e) for page in pages for e in page.exposures]
        with quick.begin() as connection:
            connection.execute(self._insert(SEARCHES), [search_row(p.search) for p in pages])
            if exposed:
                connection.execute(self._insert(EXPOSURES), exposed)

    def _connect(self) -> Engine:
        """The durable engine, its tables made."""
        engine = self._opened()
        self._make_tables(engine)
        return engine

    def _make_tables(self, engine: Engine) -> None:
        if self._tables_made:
            return
        try:
            create_tables(engine)
        except SQLAlchemyError:
            create_tables(engine)  # another process may have made one at the same moment
        self._tables_made = True

    def _opened(self) -> Engine:
        """The durable engine and the writer of this process; nothing is connected yet."""
        with self._lock:
            if self._durable is None or self._pid != os.getpid():
                database = self._url.database
                if self._url.get_backend_name() == "sqlite" and database:
                    Path(database).parent.mkdir(parents=True, exist_ok=True)
                self._durable, self._pid = self._engine("FULL"), os.getpid()
                self._quick = quick = self._engine("NORMAL")
                self._writer = BackgroundWriter(
                    lambda pages: self._write_pages(quick, pages),
                    failures=SQLAlchemyError,
                    capacity=self._capacity,
                )
                atexit.register(self.close)
            return self._durable

    def _engine(self, synchronous: str) -> Engine:
        if self._url.get_backend_name() != "sqlite":
            limits = {"connect_timeout": 5, "options": "-c statement_timeout=10000"}
            return create_engine(self._url, pool_pre_ping=True, connect_args=limits)
        engine = create_engine(self._url, connect_args={"timeout": 5.0})

        def prepare(connection: Any, record: object) -> None:
            del record
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA synchronous = {synchronous}")

        event.listen(engine, "connect", prepare)
        return engine
