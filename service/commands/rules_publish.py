"""`souk rules publish | history | rollback`: one store of versions, one current version."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import click
from sqlalchemy.exc import SQLAlchemyError

from documents.findings import DocumentError
from rules.versions import Published, RuleStore, StaleBaseError, UnknownVersionError, store_url
from service.cli import CommandError
from service.settings import load_settings

T = TypeVar("T")

_BY = click.option("--by", required=True, help="Who does it: a name or an address.")
_REASON = click.option("--reason", required=True, help="Why, in a sentence.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


def open_store() -> RuleStore:
    """The store that the settings name."""
    settings = load_settings()
    return RuleStore(store_url(settings.database_url, settings.home))


def mended(work: Callable[[], T]) -> T:
    """Turn every failure that the user can mend into its sentence."""
    try:
        return work()
    except DocumentError as error:
        count = len(error.findings)
        shown = "\n".join(str(finding) for finding in error.findings[:20])
        raise CommandError(f"{count} findings; nothing has changed.\n{shown}") from None
    except (UnknownVersionError, StaleBaseError) as error:
        raise CommandError(str(error)) from None
    except SQLAlchemyError as error:
        raise CommandError(
            f"the database of rule versions does not answer ({type(error).__name__}). "
            "Check SOUK_DATABASE_URL or SOUK_HOME."
        ) from None


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default="locales")
@_BY
@_REASON
@click.option(
    "--base", default=None, help="Only while this version serves: the one you began with."
)
@_JSON
def publish(folder: Path, by: str, reason: str, base: str | None, *, as_json: bool) -> None:
    """Check FOLDER and make it the version that serves. With errors nothing changes."""
    at = datetime.now(UTC)
    with closing(open_store()) as store:
        published = mended(lambda: store.publish(folder, by=by, reason=reason, at=at, base=base))
    _print(published, as_json=as_json)


@click.command()
@_BY
@_REASON
@click.option("--to", default=None, help="A version of the history; default: the one before.")
@_JSON
def rollback(by: str, reason: str, to: str | None, *, as_json: bool) -> None:
    """Make an earlier version serve again."""
    with closing(open_store()) as store:
        row = mended(lambda: store.rollback(by=by, reason=reason, at=datetime.now(UTC), to=to))
    _print(row, as_json=as_json)


@click.command()
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
@click.option("--diff", "diffs", is_flag=True, help="Print what each version changed.")
@_JSON
def history(limit: int, *, diffs: bool, as_json: bool) -> None:
    """Who published what, when and why, newest first."""
    with closing(open_store()) as store:
        rows = mended(lambda: store.history(limit))
        changes = [
            _changes(store, before, after) if diffs else "" for after, before in pairwise(rows)
        ]
    if as_json:
        click.echo(json.dumps({"versions": [_as_json(row) for row in rows]}, ensure_ascii=False))
        return
    if not rows:
        click.echo("No version is published; the files of SOUK_LOCALES serve.")
    for row, change in zip(rows, [*changes, ""], strict=True) if rows else ():
        click.echo(line(row))
        if change:
            click.echo(change)


def _changes(store: RuleStore, before: Published, after: Published) -> str:
    return mended(lambda: store.difference(before.version, after.version))


def line(row: Published) -> str:
    """One row for a person."""
    when = f"{row.at:%Y-%m-%d %H:%M:%S}"
    return f"{row.number:>4}  {row.version}  {when}  {row.kind:<8}  {row.by}: {row.reason}"


def _print(row: Published, *, as_json: bool) -> None:
    click.echo(json.dumps(_as_json(row), ensure_ascii=False) if as_json else line(row))


def _as_json(row: Published) -> dict[str, object]:
    return {**asdict(row), "at": row.at.isoformat()}
