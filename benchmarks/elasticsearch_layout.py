"""One index with a marketplace filter, or an index a marketplace? Measured on a server at hand.

    python benchmarks/elasticsearch_layout.py URL [LISTINGS_A_MARKETPLACE] [MARKETPLACES]

Both hold the same listings (seed 0, clustered vectors). Prints p50 and p95 of a search for 100 in one
marketplace, the server's processor time for it (which other work on the machine hardly touches), its recall,
and what each takes to build and on disk, as one JSON object. Some two thousand searches come before the
first that counts: until then the virtual machine compiles.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk

from retrieval.elastic_mapping import document, mappings, wire_vector
from retrieval.elastic_queries import beam_of, filter_query
from service.bench_catalogue import BenchCatalogue, make_catalogue, row_of
from service.bench_timing import load, machine, percentiles
from service.bench_truth import TASKS, Task, recall, truth

K = 100
ROUNDS = 6
WARMING = 8
ONE = "soukbench-layout-one"


def documents(made: BenchCatalogue, marketplace: str, index: str) -> Iterator[dict[str, Any]]:
    for record in made.records():
        source = document(record)
        source["department"] = marketplace
        product = record.listing.product.product_id
        yield {"_index": index, "_id": f"{marketplace}/{product}", "_source": source}


def build(
    client: Elasticsearch, index: str, catalogues: dict[str, BenchCatalogue]
) -> dict[str, float]:
    mapping = mappings("int8_hnsw")
    mapping["properties"]["department"] = {"type": "keyword"}
    client.options(ignore_status=404).indices.delete(index=index)
    settings = {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": "-1"}
    client.indices.create(index=index, settings=settings, mappings=mapping)
    before, start = processor_ms(client), time.perf_counter()
    for marketplace, made in catalogues.items():
        bulk(client, documents(made, marketplace, index))
    client.indices.refresh(index=index)
    client.indices.forcemerge(index=index, max_num_segments=1)
    size = client.indices.stats(index=index)["_all"]["primaries"]["store"]["size_in_bytes"]
    seconds = time.perf_counter() - start
    worked = (processor_ms(client) - before) / 1e3
    return {"seconds": round(seconds, 1), "processor_s": round(worked, 1), "disk_bytes": size}


def search(
    client: Elasticsearch,
    index: str,
    task: Task,
    query: np.ndarray,
    marketplace: str | None,
    listings: int,
) -> list[int]:
    wanted: dict[str, Any] = {"bool": {"filter": [filter_query(task.filters)]}}
    if marketplace is not None:
        wanted["bool"]["filter"].append({"term": {"department": marketplace}})
    knn = {
        "field": "vector",
        "query_vector": wire_vector(query),
        "k": K,
        "num_candidates": beam_of(K, listings),
        "filter": wanted,
    }
    hits = client.search(index=index, knn=knn, size=K, source=False)["hits"]["hits"]
    return [row_of(hit["_id"].split("/")[1]) for hit in hits]


def measure(
    client: Elasticsearch, catalogues: dict[str, BenchCatalogue], task: Task, rounds: int
) -> dict[str, dict[str, float]]:
    """Round by round in turn, so that other work falls on both layouts alike."""
    first = next(iter(catalogues))
    made = catalogues[first]
    layouts = {"one index": (ONE, first), "an index each": (f"soukbench-layout-{first}", None)}
    times: dict[str, list[float]] = {name: [] for name in layouts}
    worked: dict[str, list[float]] = {name: [] for name in layouts}
    found: dict[str, list[list[int]]] = {}
    for _ in range(rounds):
        for name, (index, marketplace) in layouts.items():
            found[name], before = [], processor_ms(client)
            for query in made.queries:
                start = time.perf_counter()
                found[name].append(search(client, index, task, query, marketplace, len(made.leaf)))
                times[name].append((time.perf_counter() - start) * 1e3)
            worked[name].append((processor_ms(client) - before) / len(made.queries))
    exact = truth(made, task, K)
    return {
        name: {
            **percentiles(times[name]), "processor_ms": round(float(np.median(worked[name])), 2),
            "recall": round(recall(found[name], exact), 4),
        }
        for name in layouts
    }  # fmt: skip


def processor_ms(client: Elasticsearch) -> float:
    """Of the servers until now; they take it once a second."""
    time.sleep(1.2)
    nodes = client.nodes.stats(metric="process")["nodes"].values()
    return float(sum(node["process"]["cpu"]["total_in_millis"] for node in nodes))


def main() -> None:
    url = sys.argv[1]
    listings = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 4
    catalogues = {
        f"m{seed}": make_catalogue(listings, queries=30, seed=seed) for seed in range(count)
    }
    with Elasticsearch(url, request_timeout=600) as client:
        built = {"one index": build(client, ONE, catalogues)}
        for name, made in catalogues.items():
            built[name] = build(client, f"soukbench-layout-{name}", {name: made})
        for task in TASKS:
            measure(client, catalogues, task, WARMING)
        tasks = {task.name: measure(client, catalogues, task, ROUNDS) for task in TASKS}
        for index in client.indices.get(index="soukbench-layout-*"):
            client.indices.delete(index=index)
    figures = {"listings": listings, "marketplaces": count, "built": built, "tasks": tasks}
    print(json.dumps({"machine": machine(), "load": load(), **figures}))


if __name__ == "__main__":
    main()
