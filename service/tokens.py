"""Tokens of those who administer: made once, shown once, stored as digests, expiring, revocable.

A token is `souk_<id>_<secret>`; the secret has 256 bits, so a plain SHA-256 of it cannot be guessed.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path


class Role(StrEnum):
    VIEWER = "viewer"
    MERCHANDISER = "merchandiser"
    ANALYST = "analyst"
    ADMIN = "admin"


MAY: dict[Role, frozenset[str]] = {
    Role.VIEWER: frozenset({"read"}),
    Role.MERCHANDISER: frozenset({"read", "rules"}),
    Role.ANALYST: frozenset({"read", "experiments"}),
    Role.ADMIN: frozenset({"read", "rules", "experiments", "products", "index"}),
}
"""What each role may do; the last word of every admin route."""

EVERYWHERE = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who holds a token, and where it counts."""

    id: str
    name: str
    role: Role
    marketplaces: tuple[str, ...]
    expires_at: datetime

    def may(self, what: str, marketplace: str | None) -> bool:
        """Whether the role covers `what` and the token the marketplace; None: all of them."""
        everywhere = EVERYWHERE in self.marketplaces
        placed = everywhere or (marketplace is not None and marketplace in self.marketplaces)
        return what in MAY[self.role] and (placed or (what == "read" and marketplace is None))


_SCHEMA = """
CREATE TABLE IF NOT EXISTS tokens (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, marketplaces TEXT NOT NULL,
  digest TEXT NOT NULL, created_at TEXT NOT NULL, expires_at TEXT NOT NULL, revoked_at TEXT);
CREATE TABLE IF NOT EXISTS audit (
  number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, token TEXT NOT NULL, name TEXT NOT NULL,
  action TEXT NOT NULL, marketplace TEXT NOT NULL, detail TEXT NOT NULL);
"""


class TokenStore:
    """Tokens and the audit log in one SQLite file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def create(
        self, *, name: str, role: Role, marketplaces: tuple[str, ...], now: datetime, days: int
    ) -> str:
        """A new token; this is the only time that it can be read."""
        identity, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
        expires = now + timedelta(days=days)
        with closing(self._connect()) as connection, connection:
            connection.execute(
                "INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?, ?, NULL)",
                (identity, name, role, " ".join(marketplaces), _digest(secret), now.isoformat(),
                 expires.isoformat()),
            )  # fmt: skip
        return f"souk_{identity}_{secret}"

    def holder(self, token: str, now: datetime) -> Holder | None:
        """Who holds it; None for a token that is unknown, altered, expired or revoked."""
        parts = token.split("_", 2)
        if len(parts) != 3 or parts[0] != "souk":
            return None
        with closing(self._connect()) as connection:
            row = connection.execute(
                "SELECT id, name, role, marketplaces, digest, expires_at, revoked_at"
                " FROM tokens WHERE id = ?",
                (parts[1],),
            ).fetchone()
        if row is None or not hmac.compare_digest(row[4], _digest(parts[2])):
            return None
        expires = datetime.fromisoformat(row[5])
        if row[6] is not None or expires <= now:
            return None
        return Holder(
            id=row[0],
            name=row[1],
            role=Role(row[2]),
            marketplaces=tuple(row[3].split()),
            expires_at=expires,
        )

    def revoke(self, identity: str, now: datetime) -> bool:
        """False when there is no such token, or it is revoked already."""
        with closing(self._connect()) as connection, connection:
            changed = connection.execute(
                "UPDATE tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL",
                (now.isoformat(), identity),
            ).rowcount
        return bool(changed)

    def listed(self) -> tuple[tuple[str, ...], ...]:
        """Id, name, role, marketplaces, expiry and revocation of every token, newest first."""
        with closing(self._connect()) as connection:
            rows = connection.execute(
                "SELECT id, name, role, marketplaces, expires_at, coalesce(revoked_at, '')"
                " FROM tokens ORDER BY created_at DESC"
            ).fetchall()
        return tuple(tuple(str(value) for value in row) for row in rows)

    def record(
        self, holder: Holder, action: str, marketplace: str, detail: str, now: datetime
    ) -> None:
        """One line of the audit log: who did what where."""
        with closing(self._connect()) as connection, connection:
            connection.execute(
                "INSERT INTO audit (at, token, name, action, marketplace, detail)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (now.isoformat(), holder.id, holder.name, action, marketplace, detail[:500]),
            )

    def audited(self, limit: int = 100) -> tuple[tuple[str, ...], ...]:
        """The last lines of the audit log: at, token, name, action, marketplace, detail."""
        with closing(self._connect()) as connection:
            rows = connection.execute(
                "SELECT at, token, name, action, marketplace, detail FROM audit"
                " ORDER BY number DESC LIMIT ?",
                (limit,),
            ).fetchall()
        return tuple(tuple(str(value) for value in row) for row in rows)

    def _connect(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=5.0)
        # no WAL: reading a token must not make a file, which a full disk would refuse
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.executescript(_SCHEMA)
        return connection


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
