"""`souk doctor`: what is configured, what answers, what is missing, and how to mend it."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import sqlite3
from pathlib import Path

import click
from elastic_transport import ConnectionTimeout, TransportError
from elasticsearch import ApiError
from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError

from catalog.database import StoreError
from catalog.store import CatalogStore
from experiments.event_log import log_url
from retrieval.elastic import connect
from retrieval.elastic_versions import ElasticVersion, find_version
from service.parts import PartState
from service.settings import Settings, given, load_settings
from service.wiring import build_services

PATIENCE_MS = 3000
ENOUGH_BYTES = 64 * 2**20
"""SQLite's log of writes grows by megabytes before it is folded in."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:
    """Check every part; exit code 1 when one is not well."""
    parts = examine(load_settings())
    ok = all(part.ok for part in parts.values())
    if as_json:
        document = {name: {"ok": p.ok, "detail": p.detail} for name, p in parts.items()}
        click.echo(json.dumps({"ok": ok, "parts": document}, ensure_ascii=False))
    else:
        for name, part in parts.items():
            click.echo(f"{'ok  ' if part.ok else 'FAIL'}  {name:14} {part.detail}")
        for name, value in given().items():
            click.echo(f"      {name}={value}")
    context.exit(0 if ok else 1)


def examine(settings: Settings) -> dict[str, PartState]:
    """Every part by name, those of `/readyz` first."""
    services = build_services(settings)
    servers = {}
    if settings.elasticsearch_url is not None:
        servers["elasticsearch"] = elasticsearch_state(settings.elasticsearch_url)
    if settings.database_url is not None:
        servers["database"] = database_state(log_url(settings.database_url, settings.home))
    return {
        **services.readiness().parts,
        **servers,
        "catalog": catalog_state(settings.catalog_path),
        "libgomp": _libgomp(),
        "workspace": workspace_state(settings.home, _free_bytes(settings.home)),
    }


def elasticsearch_state(url: str) -> PartState:
    """Whether the server itself answers and holds an index; readiness has a snapshot to fall back to."""
    with connect(url, timeout_ms=PATIENCE_MS) as client:
        try:
            found = find_version(client)
        except ConnectionTimeout:
            failure = f"it does not answer within {PATIENCE_MS / 1000:g} s"
        except TransportError as error:
            failure = f"it cannot be reached ({_cause(error)})"
        except ApiError as error:
            failure = f"it answers {error.status_code} {error.error}"
        else:
            return _indexed(found)
    return PartState(ok=False, detail=f"{failure}. Mend it or SOUK_ELASTICSEARCH_URL.")


def _cause(error: TransportError) -> str:
    """The innermost words: refused, no such host, a certificate."""
    inner: BaseException = error
    while isinstance(inner, TransportError) and inner.errors:
        inner = inner.errors[-1]
    return str(getattr(inner, "message", None) or inner).split(": ")[-1]


def _indexed(found: ElasticVersion | None) -> PartState:
    if found is None:
        return PartState(
            ok=False,
            detail="it answers and holds no index in use. On the host with the catalogue: souk index build.",
        )
    version = found.version
    return PartState(ok=True, detail=f"it holds {version.id}: {version.products} listings")


def database_state(url: str) -> PartState:
    """Whether the database of events and rules takes a connection."""
    engine = create_engine(url)
    try:
        with engine.connect():
            return PartState(ok=True, detail="it takes connections")
    except SQLAlchemyError as error:
        said = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        return PartState(ok=False, detail=f"{said}. Mend it or SOUK_DATABASE_URL.")
    finally:
        engine.dispose()


def catalog_state(path: Path) -> PartState:
    """Whether the catalogue can be read; a host that only serves has none."""
    if not path.exists():
        return PartState(ok=True, detail="none here: products are imported elsewhere, or not yet")
    store = CatalogStore(path)
    try:
        return PartState(ok=True, detail=f"{store.count():,} products")
    except (StoreError, sqlite3.Error) as error:
        return PartState(ok=False, detail=str(error))
    finally:
        store.close()


def _libgomp() -> PartState:
    try:
        ctypes.CDLL("libgomp.so.1")
    except OSError:
        return PartState(
            ok=False, detail="LightGBM needs the system library libgomp1: apt-get install libgomp1."
        )
    return PartState(ok=True, detail="found")


def workspace_state(home: Path, free_bytes: int) -> PartState:
    """Whether the workspace can be written, and will be for a while."""
    if not os.access(home, os.W_OK):
        return PartState(ok=False, detail=f"{home} cannot be written: set SOUK_HOME")
    left = f"{free_bytes // 2**20} MB of its disk are free"
    if free_bytes < ENOUGH_BYTES:
        fix = "events, rules and products cannot be kept: free space (souk index status names versions)"
        return PartState(ok=False, detail=f"{home}: {left}; {fix}")
    return PartState(ok=True, detail=f"{home} is writable; {left}")


def _free_bytes(home: Path) -> int:
    return shutil.disk_usage(home).free if home.exists() else 0
