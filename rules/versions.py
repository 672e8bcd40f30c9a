"""Published rule versions: one append-only table, in SQLite or PostgreSQL.

A version is the digest of the files' names and bytes, so equal files are the same version on every
host. Publishing checks first and appends one row in one transaction; a rollback appends the older
version again. What is current is the last row: nothing is ever rewritten. Rows are numbered by whoever
appends them, one above the last that was seen, so two that saw the same last row cannot both succeed.
"""

from __future__ import annotations

import difflib
import json
import tempfile
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    Text,
    create_engine,
    insert,
    select,
)
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.pool import NullPool

from documents.findings import DocumentError, errors
from rules.checking import check_folder
from rules.loading import Locales, files_version, load_locales, locale_contents


class UnknownVersionError(LookupError):
    """No such version; the message names the ones that exist."""


class StaleBaseError(Exception):
    """Another version serves than the one that the draft began with; nothing has changed."""

    def __init__(self, base: str, current: str) -> None:
        self.base = base
        self.current = current
        super().__init__(
            f"you began with version {base}; version {current} serves now. "
            "Merge your draft with its files and publish again."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One row of the history."""

    number: int
    version: str
    at: datetime
    by: str
    reason: str
    kind: str
    """`publish` or `rollback`."""


_METADATA = MetaData()
_HISTORY = Table(
    "rule_versions",
    _METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("version", String(12), nullable=False),
    Column("at", String(40), nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("kind", String(10), nullable=False),
)
_CONTENTS = Table(
    "rule_contents",
    _METADATA,
    Column("version", String(12), primary_key=True),
    Column("files", LargeBinary, nullable=False),
)
_NEWEST_FIRST = select(_HISTORY).order_by(_HISTORY.c.number.desc())
_TRIES = 20
"""So many others may publish in the same instant before one gives up."""


class RuleStore:
    """The versions behind one database. Connects on first use, so it may be made before a fork."""

    def __init__(self, url: str) -> None:
        """`url` is SQLAlchemy's: `sqlite:////path/rules.sqlite` or `postgresql+psycopg://…`."""
        self._url = url
        self._engine: Engine | None = None

    def publish(
        self, folder: Path, *, by: str, reason: str, at: datetime, base: str | None = None
    ) -> Published:
        """Check the folder and make it current. Raises DocumentError; then nothing has changed.

        With `base`, only while that version, or none, is current; else StaleBaseError. This is
        decided in the transaction that appends, so of two drafts of one base exactly one succeeds.
        """
        report = check_folder(folder, at.date())
        if errors(report.findings):
            raise DocumentError(report.findings)
        contents = locale_contents(folder)
        version = files_version(contents)
        row = {"version": version, "at": at.isoformat(), "by": by, "reason": reason}
        return self._append({**row, "kind": "publish"}, base, contents)

    def rollback(self, *, by: str, reason: str, at: datetime, to: str | None = None) -> Published:
        """Make an older version current again: `to`, or the one before the current one.

        Raises UnknownVersionError.
        """
        history = self.history()
        if to is None:
            current = history[0].version if history else None
            to = next((row.version for row in history if row.version != current), None)
            if to is None:
                raise UnknownVersionError(
                    "there is no earlier version to go back to. Publish one first."
                )
        self.contents(to)
        row = {"version": to, "at": at.isoformat(), "by": by, "reason": reason}
        return self._append({**row, "kind": "rollback"})

    def current(self) -> str | None:
        """The version that serves; None before the first is published."""
        query = select(_HISTORY.c.version).order_by(_HISTORY.c.number.desc()).limit(1)
        with self._connected().connect() as connection:
            row = connection.execute(query).first()
        return None if row is None else str(row.version)

    def history(self, limit: int = 100) -> tuple[Published, ...]:
        """The last rows, newest first."""
        query = _NEWEST_FIRST.limit(limit)
        with self._connected().connect() as connection:
            return tuple(_published(row) for row in connection.execute(query))

    def contents(self, version: str) -> Mapping[str, bytes]:
        """The files of a version by name. Raises UnknownVersionError."""
        query = select(_CONTENTS.c.files).where(_CONTENTS.c.version == version)
        with self._connected().connect() as connection:
            row = connection.execute(query).first()
        if row is None:
            known = ", ".join(dict.fromkeys(one.version for one in self.history(12))) or "none yet"
            raise UnknownVersionError(f"version '{version}' is not known. Known: {known}.")
        return _unpack(bytes(row.files))

    def load(self, version: str) -> Locales:
        """The version's values. Raises UnknownVersionError, or DocumentError when they no longer load."""
        return load_contents(self.contents(version))

    def difference(self, before: str, after: str) -> str:
        """A unified diff of two versions' files; empty when they are the same."""
        return difference(self.contents(before), self.contents(after), before, after)

    def close(self) -> None:
        """Let go of the connections; the next use opens new ones."""
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    def _append(
        self,
        values: Mapping[str, str],
        base: str | None = None,
        contents: Mapping[str, bytes] | None = None,
    ) -> Published:
        """Append a row, and the contents with it unless they are known already.

        Whoever loses the race for a number starts again, and sees the winner's row.
        """
        tries = 0
        while True:
            tries += 1
            try:
                with self._connected().begin() as connection:
                    if contents is not None:
                        _keep(connection, values["version"], contents)
                    return _append_after_last(connection, values, base)
            except IntegrityError:
                if tries == _TRIES:
                    raise

    def _connected(self) -> Engine:
        if self._engine is None:
            if self._url.startswith("sqlite:///"):
                Path(self._url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(self._url, **_pooling(self._url))
            _create_tables(engine)
            self._engine = engine
        return self._engine


def _create_tables(engine: Engine, tries: int = 5) -> None:
    """Several processes may create the tables at once; who comes second finds them there."""
    for left in reversed(range(tries)):
        try:
            _METADATA.create_all(engine)
        except (OperationalError, ProgrammingError, IntegrityError):
            if left == 0:
                raise
        else:
            return


def _keep(connection: Connection, version: str, contents: Mapping[str, bytes]) -> None:
    known = select(_CONTENTS.c.version).where(_CONTENTS.c.version == version)
    if connection.execute(known).first() is None:
        connection.execute(insert(_CONTENTS).values(version=version, files=_pack(contents)))


def _append_after_last(
    connection: Connection, values: Mapping[str, str], base: str | None
) -> Published:
    """IntegrityError when another row has taken the number meanwhile."""
    last = connection.execute(_NEWEST_FIRST.limit(1)).first()
    if base is not None and last is not None and last.version != base:
        raise StaleBaseError(base, str(last.version))
    number = 1 if last is None else int(last.number) + 1
    connection.execute(insert(_HISTORY).values(number=number, **values))
    return _published(connection.execute(_NEWEST_FIRST.limit(1)).one())


def store_url(database_url: str | None, home: Path) -> str:
    """Where the versions stand: the stated database, else a file of the workspace."""
    if database_url is None:
        return f"sqlite:///{home / 'rules.sqlite'}"
    return database_url.replace("postgresql://", "postgresql+psycopg://", 1)


def load_contents(contents: Mapping[str, bytes]) -> Locales:
    """Files by name → values; raises DocumentError."""
    with tempfile.TemporaryDirectory(prefix="souk-rules-") as place:
        return load_locales(write_contents(contents, Path(place)))


def write_contents(contents: Mapping[str, bytes], folder: Path) -> Path:
    """Write the files below the folder; returns it. ValueError for a name that would leave it."""
    for name, data in contents.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise ValueError(f"{name} lies outside the folder. Publish the version again.")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def difference(
    before: Mapping[str, bytes], after: Mapping[str, bytes], old: str = "before", new: str = "after"
) -> str:
    """A unified diff of two sets of files; a file that only one has is compared with nothing."""
    parts: list[str] = []
    for name in sorted({*before, *after}):
        parts += difflib.unified_diff(
            before.get(name, b"").decode("utf-8", "replace").splitlines(keepends=True),
            after.get(name, b"").decode("utf-8", "replace").splitlines(keepends=True),
            fromfile=f"{old}/{name}",
            tofile=f"{new}/{name}",
        )
    return "".join(parts)


def _pooling(url: str) -> dict[str, object]:
    # A file needs no pool, and a pooled SQLite connection must not pass from thread to thread.
    return {"poolclass": NullPool} if url.startswith("sqlite") else {"pool_pre_ping": True}


def _pack(contents: Mapping[str, bytes]) -> bytes:
    text = json.dumps({name: b64encode(data).decode() for name, data in contents.items()})
    return zlib.compress(text.encode(), 6)


def _unpack(packed: bytes) -> Mapping[str, bytes]:
    files = json.loads(zlib.decompress(packed))
    return {str(name): b64decode(data) for name, data in files.items()}


def _published(row: Row[tuple[object, ...]]) -> Published:
    return Published(
        number=int(row.number),
        version=str(row.version),
        at=datetime.fromisoformat(row.at),
        by=str(row.by),
        reason=str(row.reason),
        kind=str(row.kind),
    )
