"""`souk index`: build a version beside the one in use, check it, swap, and plan for more products."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import get_args

import click
from elastic_transport import TransportError
from elasticsearch import ApiError

from catalog.locale_files import load_marketplaces
from catalog.store import CatalogStore
from retrieval import elastic_versions, versions
from retrieval.elastic import connect
from retrieval.elastic_mapping import IndexType
from retrieval.index import IndexBuildError, IndexUnavailable, IndexVersion
from retrieval.planning import (
    BUSY_SHARE,
    MEASURED,
    MEASURED_UP_TO,
    MEMORY_BYTES_PER_LISTING,
    SHARD_LISTINGS,
    plan_cluster,
)
from service.cli import CommandError
from service.commands.catalog_workspace import print_json, progress, workspace
from service.indexing import LOADING_TIMEOUT_MS, Engine, build_version, plan_build, taxonomy_version
from service.settings import Settings

as_json_option = click.option(
    "--json", "as_json", is_flag=True, help="One JSON object on standard output."
)
engine_option = click.option(
    "--engine",
    type=click.Choice(["embedded", "elasticsearch"]),
    help="Default: elasticsearch when SOUK_ELASTICSEARCH_URL is set, else embedded.",
)


@click.group()
def index() -> None:
    """Build, check and swap versions of the index."""


@index.command()
@engine_option
@click.option(
    "--type",
    "index_type",
    type=click.Choice(get_args(IndexType)),
    help="Elasticsearch's vector index (default: SOUK_INDEX_TYPE).",
)
@click.option("--no-swap", is_flag=True, help="Build and check, and leave the present one in use.")
@as_json_option
def build(
    engine: Engine | None, index_type: IndexType | None, *, no_swap: bool, as_json: bool
) -> None:
    """Write a new version of the whole catalogue, check it, and put it in use."""
    with _opened() as (settings, store):
        trees = load_marketplaces(settings.locales).trees
        start = time.perf_counter()
        plan = plan_build(
            settings, store, trees, engine=engine or _default(settings), now=datetime.now(UTC)
        )
        with progress("listings", None) as tick:
            made = build_version(
                plan,
                settings,
                store,
                trees,
                index_type=index_type or settings.index_type,
                activate=not no_swap,
                tick=tick,
            )
        seconds = time.perf_counter() - start
        if as_json:
            print_json({**asdict(made), "in_use": not no_swap, "seconds": round(seconds, 2)})
            return
        state = f"written; put it in use: souk index swap --to {made.id}" if no_swap else "in use"
        click.echo(f"{made.engine} index {made.id}: {made.products:,} listings, {state}.")


@index.command()
@as_json_option
def status(*, as_json: bool) -> None:
    """Which versions there are, which one answers, and whether they fit the catalogue."""
    with _opened() as (settings, store):
        found = {"embedded": _embedded_versions(settings)}
        if settings.elasticsearch_url is not None:
            found["elasticsearch"] = _elastic_versions(settings.elasticsearch_url)
        catalogue = {
            "model": store.model_version(),
            "taxonomy": taxonomy_version(load_marketplaces(settings.locales).trees),
            "changes": store.change_counter(),
        }
        answering = found[settings.engine].get("current")
        notes = _notes(answering, catalogue)
        if as_json:
            described = {
                name: {which: asdict(version) for which, version in kept.items()}
                for name, kept in found.items()
            }
            print_json(
                {"engine": settings.engine, **described, "catalogue": catalogue, "notes": notes}
            )
            return
        for name, kept in found.items():
            for which, version in kept.items():
                click.echo(
                    f"{name} {which}: {version.id}, {version.products:,} listings, "
                    f"model {version.model}, taxonomy {version.taxonomy}"
                )
        for note in notes:
            click.echo(note)


@index.command()
@engine_option
@click.option("--back", is_flag=True, help="To the version before the present one.")
@click.option("--to", "wanted", help="To this version.")
def swap(engine: Engine | None, wanted: str | None, *, back: bool) -> None:
    """Put another version in use, in one step."""
    if back == bool(wanted):
        raise CommandError("Say where to: --back, or --to VERSION.")
    with _opened() as (settings, _):
        if (engine or _default(settings)) == "embedded":
            if wanted:
                pointer = versions.swap(settings.index_folder, wanted)
            else:
                pointer = versions.swap_back(settings.index_folder)
            click.echo(f"In use: {pointer.current}; before it: {pointer.previous}.")
            return
        if settings.elasticsearch_url is None:
            raise CommandError("SOUK_ELASTICSEARCH_URL is not set. Set it to the server's URL.")
        with connect(settings.elasticsearch_url, timeout_ms=LOADING_TIMEOUT_MS) as client:
            if wanted:
                elastic_versions.swap_to(client, wanted)
            else:
                elastic_versions.swap_back(client)
            found = elastic_versions.find_version(client)
        click.echo(f"In use: {found.version.id if found else 'nothing'}.")


@index.command()
@click.option("--products", type=click.IntRange(1), required=True, help="Of one marketplace.")
@click.option("--queries", type=click.FloatRange(0.1), default=50.0, show_default=True)
@click.option("--memory", type=click.IntRange(1), default=64, show_default=True)
@click.option("--cores", type=click.IntRange(1), default=16, show_default=True)
@as_json_option
def plan(products: int, queries: float, memory: int, cores: int, *, as_json: bool) -> None:
    """What Elasticsearch needs for that many listings, roughly.

    --queries are searches a second; --memory (GiB) and --cores are those of one node.
    """
    needed = plan_cluster(
        products=products,
        queries_per_s=queries,
        node_memory_gib=memory,
        node_cores=cores,
        fit=MEASURED,
    )
    if as_json:
        print_json(asdict(needed))
        return
    click.echo(
        f"{products:,} listings: {needed.shards} shards with a replica each, "
        f"{needed.memory_gib:,.1f} GiB of memory for vectors and graph, "
        f"{needed.disk_gib:,.1f} GiB of disk, {needed.nodes} nodes. A search takes "
        f"{needed.search_processor_ms:,.0f} ms of processor time over all nodes and at least "
        f"{needed.search_ms:.0f} ms on idle ones; a build {needed.build_h:,.1f} hours."
    )
    click.echo(needed.first_limit)
    click.echo(
        f"Assumed: shards of {SHARD_LISTINGS:,} listings, one replica, {MEMORY_BYTES_PER_LISTING} bytes "
        f"of memory a listing, searches on {BUSY_SHARE:.0%} of the cores, and that a search grows as it was "
        f"measured up to {MEASURED_UP_TO:,} listings in a shard. See docs/scale.md."
    )


@contextmanager
def _opened() -> Iterator[tuple[Settings, CatalogStore]]:
    with workspace() as opened:
        try:
            yield opened
        except (IndexBuildError, IndexUnavailable) as error:
            raise CommandError(str(error)) from None
        except (ApiError, TransportError) as error:
            raise CommandError(
                f"Elasticsearch does not answer as it should: {error}. Check SOUK_ELASTICSEARCH_URL."
            ) from None


def _default(settings: Settings) -> Engine:
    return "elasticsearch" if settings.elasticsearch_url else "embedded"


def _embedded_versions(settings: Settings) -> dict[str, IndexVersion]:
    pointer = versions.read_pointer(settings.index_folder)
    if pointer is None:
        return {}
    named = {"current": pointer.current, "previous": pointer.previous}
    return {
        which: versions.read_version(settings.index_folder / id_).version
        for which, id_ in named.items()
        if id_ is not None
    }


def _elastic_versions(url: str) -> dict[str, IndexVersion]:
    with connect(url, timeout_ms=LOADING_TIMEOUT_MS) as client:
        found = {
            which: elastic_versions.find_version(client, which=which)
            for which in ("current", "previous")
        }
    return {which: version.version for which, version in found.items() if version is not None}


def _notes(answering: IndexVersion | None, catalogue: dict[str, str | int | None]) -> list[str]:
    """What the reader should do, if anything."""
    if answering is None:
        return ["No index is in use. Build one: souk index build."]
    notes = []
    if answering.model != catalogue["model"]:
        notes.append(
            f"The index holds vectors of {answering.model}, the catalogue of {catalogue['model']}. "
            "Build it again: souk index build."
        )
    if answering.taxonomy != catalogue["taxonomy"]:
        notes.append(
            "The categories changed since the index was built. Build it again: souk index build."
        )
    return notes
