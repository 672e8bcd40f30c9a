"""Rate limits: how often one caller may ask, counted over all workers of a host in one SQLite file.

A caller is a token in force, else an address; each marketplace has a count of its own. When the file
cannot be written (a full disk), each worker counts alone until it can: a limit never breaks a search.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from math import ceil
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from flask_limiter import Limiter, RequestLimit
from limits.storage import Storage

from catalog.marketplaces import ALIASES
from service.problems import Problem
from service.services import Services

_SCHEMA = """
CREATE TABLE IF NOT EXISTS counts (key TEXT PRIMARY KEY, count INTEGER NOT NULL, until REAL NOT NULL)
"""
_INCREMENT = """
INSERT INTO counts VALUES (:key, :amount, :until)
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN until <= :now OR until > :until THEN :amount ELSE count + :amount END,
  until = CASE WHEN until <= :now OR until > :until THEN :until ELSE until END
RETURNING count
"""
_SWEEP_EVERY = 1000
"""Increments between two removals of counts whose window is over."""


class SqliteStorage(Storage):
    """Counts in a SQLite file, exact over processes: one statement counts and reads.

    A connection is opened for each count, so that the storage may be made before a fork.
    """

    STORAGE_SCHEME = ["sqlite"]  # noqa: RUF012  the library's registry reads it as a plain list

    def __init__(
        self,
        uri: str,
        *,
        wrap_exceptions: bool = False,
        clock: Callable[[], float] = time.time,
        **options: Any,
    ) -> None:
        del options
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._path = Path(uri.removeprefix("sqlite://"))
        self._clock = clock
        self._counted = 0

    @property
    def base_exceptions(self) -> type[Exception]:
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """The count of the key's window, which ends `expiry` seconds after its first count.

        A window that ends later than one that would begin now was counted before the clock was put
        back: it is over.
        """
        now = self._clock()
        values = {"key": key, "amount": amount, "now": now, "until": now + expiry}
        with self._connected() as connection:
            (count,) = connection.execute(_INCREMENT, values).fetchone()
            self._counted += 1
            if self._counted % _SWEEP_EVERY == 0:
                connection.execute("DELETE FROM counts WHERE until <= ?", (now,))
        return int(count)

    def get(self, key: str) -> int:
        row = self._row(key)
        return int(row[0]) if row else 0

    def get_expiry(self, key: str) -> float:
        row = self._row(key)
        return float(row[1]) if row else self._clock()

    def check(self) -> bool:
        """Whether the file can be written now."""
        try:
            with self._connected() as connection:
                connection.execute("DELETE FROM counts WHERE until <= ?", (self._clock(),))
        except sqlite3.Error:
            return False
        return True

    def reset(self) -> int:
        with self._connected() as connection:
            return connection.execute("DELETE FROM counts").rowcount

    def clear(self, key: str) -> None:
        with self._connected() as connection:
            connection.execute("DELETE FROM counts WHERE key = ?", (key,))

    def _row(self, key: str) -> tuple[int, float] | None:
        with self._connected() as connection:
            found: tuple[int, float] | None = connection.execute(
                "SELECT count, until FROM counts WHERE key = ? AND until > ?", (key, self._clock())
            ).fetchone()
        return found

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=1.0)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = OFF")  # a lost count does no harm
            connection.execute(_SCHEMA)
            with connection:
                yield connection


def limit_requests(app: Flask, services: Services, respond: Callable[[Problem], Response]) -> None:
    """Apply SOUK_RATE_LIMIT to every address of the interface; pages and health are free."""
    rate = services.settings.rate_limit
    if rate is None:
        return
    services.settings.home.mkdir(parents=True, exist_ok=True)
    Limiter(
        lambda: caller(services),
        app=app,
        application_limits=[rate],
        application_limits_exempt_when=lambda: not request.path.startswith("/v1/"),
        storage_uri=f"sqlite://{services.settings.home / 'limits.sqlite'}",
        in_memory_fallback=[rate],
        in_memory_fallback_enabled=True,
        on_breach=lambda limit: respond(_refusal(limit)),
    )


def caller(services: Services) -> str:
    """Who asks, and for which marketplace; a bad token counts for its address."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    holder = (
        services.tokens.holder(token.strip(), services.clock())
        if kind.lower() == "bearer"
        else None
    )
    name = f"token-{holder.id}" if holder else f"address-{request.remote_addr}"
    return f"{name}:{_marketplace(services)}"


def _marketplace(services: Services) -> str:
    """Names that do not exist share one count, so that inventing them gains nothing."""
    asked = str((request.view_args or {}).get("marketplace", ""))
    name = ALIASES.get(asked, asked)
    try:
        return name if name in services.locales().marketplaces else "none"
    except Problem:  # no rules: the route itself says so
        return "none"


def _refusal(limit: RequestLimit) -> Problem:
    wait_s = min(max(1, ceil(limit.reset_at - time.time())), limit.limit.get_expiry())
    return Problem(
        "too-many-requests",
        f"A caller may send {limit.limit}; the next request is taken in {wait_s} s.",
        headers={"Retry-After": str(wait_s)},
    )
