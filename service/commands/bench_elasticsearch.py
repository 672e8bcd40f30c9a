"""`souk bench elasticsearch`: the adapter beside the bare client, on indices of its own.

The bare client is `Elasticsearch(url)` as its package comes. It asks for the same: the same neighbours, the
same fields, the same count of what passes; it decodes the JSON and looks at nothing but ids. Two more readers
tell what the comparison owes to the JSON library and to the count.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import click
import numpy as np
from elastic_transport import ObjectApiResponse, TransportError
from elasticsearch import ApiError, Elasticsearch
from numpy.typing import NDArray

from catalog.search import Filters
from retrieval.elastic import ElasticsearchIndex, connect
from retrieval.elastic_mapping import FETCHED, IndexType, wire_vector
from retrieval.elastic_queries import beam_of, filter_query
from retrieval.elastic_versions import build_elasticsearch
from retrieval.index import IndexBuildError, IndexUnavailable
from service.bench_catalogue import BenchCatalogue, make_catalogue, row_of
from service.bench_timing import load, machine, percentiles
from service.bench_truth import TASKS, Task, recall, truth
from service.cli import CommandError
from service.commands.catalog_workspace import print_json, progress
from service.settings import load_settings

PREFIX = "soukbench"
INDEX = f"{PREFIX}-in-bench"
BARE = "bare client"
PRIMARY = "leaves"
TYPES: tuple[IndexType, ...] = ("int8_hnsw", "flat", "hnsw", "bbq_hnsw")
TIMEOUT_MS = 120_000


@dataclass(slots=True)
class Measured:
    """Times of one reader at one task, and what it found last."""

    wall_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    found: Sequence[Sequence[int]] = ()


Reader = Callable[[NDArray[np.float32], Filters], list[int]]


@click.command()
@click.option("--products", default=100_000, show_default=True, type=click.IntRange(1000))
@click.option("--queries", default=50, show_default=True, type=click.IntRange(1))
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1))
@click.option("--k", default=100, show_default=True, type=click.IntRange(1, 1000))
@click.option("--seed", default=0, show_default=True)
@click.option("--types", default="int8_hnsw,flat", show_default=True, help="Comma-separated.")
@click.option("--url", help="The server (default: SOUK_ELASTICSEARCH_URL).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def elasticsearch(
    products: int,
    queries: int,
    rounds: int,
    k: int,
    seed: int,
    types: str,
    url: str | None,
    *,
    as_json: bool,
) -> None:
    """The adapter beside the bare client: the same searches, interleaved."""
    asked = [name for name in TYPES if name in types.split(",")]
    server = url or load_settings().elasticsearch_url
    if server is None:
        raise CommandError("No server is named. Set SOUK_ELASTICSEARCH_URL or give --url.")
    if len(asked) != len(types.split(",")):
        raise CommandError(f"--types is {types!r}. Known: {', '.join(TYPES)}.")
    made = make_catalogue(products, queries=queries, seed=seed)
    try:
        by_type = {name: _of_type(server, made, name, rounds, k) for name in asked}
    except (IndexBuildError, IndexUnavailable, ApiError, TransportError) as error:
        raise CommandError(f"Elasticsearch at {server} failed: {error}") from None
    primary = by_type[asked[0]]["tasks"][PRIMARY]
    document = {
        "machine": machine(),
        "load": load(),
        "products": products,
        "queries": queries,
        "rounds": rounds,
        "k": k,
        "seed": seed,
        "souk": primary["souk"],
        "peers": {BARE: primary[BARE]},
        "ratio_to_best_peer": primary["ratio"],
        "types": by_type,
    }
    if as_json:
        print_json(document)
        return
    click.echo(json.dumps(document, indent=1))


def _of_type(
    server: str, made: BenchCatalogue, index_type: IndexType, rounds: int, k: int
) -> dict[str, dict[str, dict[str, object]]]:
    with (
        connect(server, timeout_ms=TIMEOUT_MS) as client,
        _index(client, made, index_type) as found,
        Elasticsearch(server, request_timeout=TIMEOUT_MS / 1000) as plain,
    ):
        listings = len(made.leaf)
        index = ElasticsearchIndex(client, timeout_ms=TIMEOUT_MS, prefix=PREFIX, refresh_s=3600)
        readers: dict[str, Reader] = {
            "souk": _souk(index, k),
            BARE: _bare(plain, k, listings),
            "bare client with orjson": _bare(client, k, listings),
            "bare client, nothing counted": _bare_uncounted(plain, k, listings),
        }
        tasks = {}
        with progress("rounds", rounds * len(TASKS)) as tick:
            for task in TASKS:
                measured = _measure(readers, made, task, rounds)
                tasks[task.name] = _table(measured, truth(made, task, k))
                tick(rounds)
    return {"index": found, "tasks": tasks}


@contextmanager
def _index(
    client: Elasticsearch, made: BenchCatalogue, index_type: IndexType
) -> Iterator[dict[str, dict[str, object]]]:
    _remove(client)
    start = time.perf_counter()
    build_elasticsearch(
        client,
        {"in": made.records()},
        id="bench",
        model="m",
        taxonomy="t",
        index_type=index_type,
        prefix=PREFIX,
    )
    seconds = time.perf_counter() - start
    stats = client.indices.stats(index=INDEX, metric=["store", "segments"])
    primaries = stats["_all"]["primaries"]
    try:
        yield {
            "built": {
                "seconds": round(seconds, 1),
                "disk_bytes": primaries["store"]["size_in_bytes"],
                "segments": primaries["segments"]["count"],
            }
        }
    finally:
        _remove(client)


def _remove(client: Elasticsearch) -> None:
    for index in client.indices.get(index=f"{PREFIX}-*"):
        client.indices.delete(index=index)


def _souk(index: ElasticsearchIndex, k: int) -> Reader:
    """Whole answers: candidates with listings and vectors, totals and reasons."""

    def read(query: NDArray[np.float32], filters: Filters) -> list[int]:
        return [row_of(c.product_id) for c in index.nearest(query, filters, k).candidates]

    return read


def _bare(client: Elasticsearch, k: int, listings: int) -> Reader:
    """The same answer by the client alone: neighbours with the same fields, and how many pass."""

    def read(query: NDArray[np.float32], filters: Filters) -> list[int]:
        passing = filter_query(filters)
        answer = client.search(
            index=INDEX,
            knn=_knn(query, passing, k, listings),
            query={"bool": {"filter": [passing]}},
            track_total_hits=True,
            size=k,
            source_includes=FETCHED,
        )
        return _rows(answer)

    return read


def _bare_uncounted(client: Elasticsearch, k: int, listings: int) -> Reader:
    """Neighbours with the same fields; nobody learns how many pass."""

    def read(query: NDArray[np.float32], filters: Filters) -> list[int]:
        knn = _knn(query, filter_query(filters), k, listings)
        return _rows(client.search(index=INDEX, knn=knn, size=k, source_includes=FETCHED))

    return read


def _knn(
    query: NDArray[np.float32], passing: Mapping[str, object], k: int, listings: int
) -> dict[str, object]:
    """As wide a search as the adapter's."""
    return {
        "field": "vector",
        "query_vector": wire_vector(query),
        "k": k,
        "num_candidates": beam_of(k, listings),
        "filter": passing,
    }


def _rows(answer: ObjectApiResponse[Any]) -> list[int]:
    return [row_of(hit["_id"]) for hit in answer["hits"]["hits"]]


def _measure(
    readers: Mapping[str, Reader], made: BenchCatalogue, task: Task, rounds: int
) -> dict[str, Measured]:
    """Query by query in turn, the first reader changing, so that other work falls on all alike."""
    measured = {name: Measured() for name in readers}
    order = list(readers)
    for query in made.queries[:10]:
        for read in readers.values():
            read(query, task.filters)
    for turn in range(rounds):
        found: dict[str, list[list[int]]] = {name: [] for name in readers}
        for i, query in enumerate(made.queries):
            at = (i + turn) % len(order)
            for name in (*order[at:], *order[:at]):
                wall, processor = time.perf_counter(), time.process_time()
                found[name].append(readers[name](query, task.filters))
                measured[name].wall_ms.append((time.perf_counter() - wall) * 1e3)
                measured[name].cpu_ms.append((time.process_time() - processor) * 1e3)
        for name in readers:
            measured[name].found = found[name]
    return measured


def _table(measured: Mapping[str, Measured], exact: Sequence[Sequence[int]]) -> dict[str, object]:
    described: dict[str, object] = {
        name: {
            **percentiles(times.wall_ms),
            "client_cpu_p50_ms": round(float(np.median(times.cpu_ms)), 3),
            "recall": round(recall(times.found, exact), 4),
        }
        for name, times in measured.items()
    }
    souk = np.median(measured["souk"].wall_ms)
    ratios = {
        name: round(float(souk / np.median(times.wall_ms)), 3)
        for name, times in measured.items()
        if name != "souk"
    }
    return {**described, "ratio": ratios[BARE], "ratios": ratios}
