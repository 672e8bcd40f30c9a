"""The workspace's SQLite file: schema, one connection per process and thread, acknowledged writes.

Invariants: WAL mode, so that readers never wait for a writer; one writer at a time (BEGIN IMMEDIATE);
`synchronous=FULL`, so that a write that returned survives a killed process and a power cut. NORMAL
would survive the former only; writes come in batches, so that FULL costs one fsync a batch.
Connections do not survive a fork: each process and thread opens its own on first use.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SCHEMA_VERSION = 3
BUSY_TIMEOUT_MS = 30_000

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('counter', '0');
CREATE TABLE products (
    product_id TEXT PRIMARY KEY, concept TEXT NOT NULL, titles TEXT NOT NULL, colour TEXT, gender TEXT,
    brand TEXT, season TEXT, occasion TEXT, image TEXT, group_id TEXT, source TEXT NOT NULL,
    generated INTEGER NOT NULL, changed INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX products_by_change ON products (changed);
CREATE INDEX products_by_group ON products (group_id) WHERE group_id IS NOT NULL;
CREATE TABLE offers (
    marketplace TEXT NOT NULL, product_id TEXT NOT NULL REFERENCES products ON DELETE CASCADE,
    price_minor INTEGER NOT NULL, currency TEXT NOT NULL, list_price_minor INTEGER,
    available INTEGER NOT NULL, sizes TEXT NOT NULL, prime INTEGER NOT NULL, rating REAL,
    rating_count INTEGER NOT NULL, popularity REAL NOT NULL, listed_on TEXT,
    PRIMARY KEY (marketplace, product_id)
) WITHOUT ROWID;
CREATE INDEX offers_by_product ON offers (product_id);
CREATE TABLE vectors (
    model_version TEXT NOT NULL, product_id TEXT NOT NULL REFERENCES products ON DELETE CASCADE,
    image TEXT NOT NULL, vector BLOB NOT NULL, appearance BLOB NOT NULL,
    PRIMARY KEY (model_version, product_id)
) WITHOUT ROWID;
CREATE INDEX vectors_by_product ON vectors (product_id);
CREATE TABLE unusable_pictures (
    model_version TEXT NOT NULL, product_id TEXT NOT NULL REFERENCES products ON DELETE CASCADE,
    image TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (model_version, product_id)
) WITHOUT ROWID;
CREATE TABLE removed (product_id TEXT PRIMARY KEY, changed INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX removed_by_change ON removed (changed);
CREATE TABLE imports (
    source TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, next_row INTEGER NOT NULL,
    accepted INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE refused_rows (
    source TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (source, file, line)
) WITHOUT ROWID;
CREATE TABLE representatives (
    group_id TEXT NOT NULL, marketplace TEXT NOT NULL, product_id TEXT NOT NULL,
    PRIMARY KEY (group_id, marketplace)
) WITHOUT ROWID;
"""
FINGERPRINTS = """
CREATE TABLE fingerprints (
    product_id TEXT PRIMARY KEY REFERENCES products ON DELETE CASCADE, image TEXT NOT NULL,
    hashes BLOB NOT NULL, look BLOB NOT NULL, colour BLOB NOT NULL,
    grouped INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE thumbnails (
    product_id TEXT PRIMARY KEY REFERENCES fingerprints ON DELETE CASCADE, pixels BLOB NOT NULL
) WITHOUT ROWID;
"""
_AGAIN = "DROP TABLE IF EXISTS thumbnails;\nDROP TABLE fingerprints;\n" + FINGERPRINTS
UPGRADES = {0: SCHEMA + FINGERPRINTS, 1: _AGAIN, 2: _AGAIN}
"""What makes a file of each older version one of the present.

Version 1 kept no looks and version 2 no colours: all pictures are fingerprinted again at the next
`souk catalog duplicates`.
"""


class StoreError(RuntimeError):
    """The catalogue cannot do what was asked; the message names the file or product and the fix."""


@dataclass(slots=True)
class Write:
    """One transaction that is being written; `touch` makes it count as a change."""

    connection: sqlite3.Connection
    counter: int
    """The value of the change counter if this write changes anything."""
    changed: bool = False

    def touch(self) -> None:
        self.changed = True


class Database:
    """Opens connections where they are used; the file and its schema are made on first use."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._inherited: list[sqlite3.Connection] = []

    def connection(self) -> sqlite3.Connection:
        """This thread's connection in this process."""
        held: tuple[int, sqlite3.Connection] | None = getattr(self._local, "held", None)
        if held is not None and held[0] == os.getpid():
            return held[1]
        if held is not None:
            # Opened before a fork: closing it here could disturb the parent's, so it is only kept.
            self._inherited.append(held[1])
        connection = self._open()
        self._local.held = (os.getpid(), connection)
        return connection

    @contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """A connection of its own whose reads all see one moment of the catalogue."""
        connection = self._open()
        try:
            connection.execute("BEGIN")
            yield connection
        finally:
            connection.close()

    @contextmanager
    def write(self) -> Iterator[Write]:
        """One transaction: all of it is on disk when the block ends, none of it when it raises."""
        connection = self.connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            write = Write(connection, self._counter(connection) + 1)
            yield write
            if write.changed:
                connection.execute(
                    "UPDATE meta SET value = ? WHERE key = 'counter'", (str(write.counter),)
                )
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def counter(self) -> int:
        """How many changes the catalogue has seen; 0 when it is new."""
        return self._counter(self.connection())

    def close(self) -> None:
        """Close this thread's connection; the next use opens another."""
        held: tuple[int, sqlite3.Connection] | None = getattr(self._local, "held", None)
        if held is not None and held[0] == os.getpid():
            held[1].close()
            del self._local.held

    @staticmethod
    def _counter(connection: sqlite3.Connection) -> int:
        row = connection.execute("SELECT value FROM meta WHERE key = 'counter'").fetchone()
        return int(row[0])

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            connection = sqlite3.connect(
                self.path, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None
            )
            connection.row_factory = sqlite3.Row
            self._prepare(connection)
        except sqlite3.DatabaseError as error:
            raise StoreError(
                f"{self.path} cannot be opened as a catalogue: {error}. "
                "Check the path and its permissions, or move the file away and import again."
            ) from error
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        if self._version(connection) in UPGRADES:
            connection.execute("BEGIN IMMEDIATE")
            # another process may have been quicker
            for statement in UPGRADES.get(self._version(connection), "").split(";\n"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            connection.execute("COMMIT")
        found = self._version(connection)
        if found != SCHEMA_VERSION:
            raise StoreError(
                f"{self.path} has catalogue version {found}, this souk reads {SCHEMA_VERSION}. "
                "Export it with the souk that wrote it, or import the source files again."
            )

    @staticmethod
    def _version(connection: sqlite3.Connection) -> int:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
