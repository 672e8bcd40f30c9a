"""How a search grows with the listings of a shard and with shards and nodes, on nodes of this machine.

    python -m benchmarks.elasticsearch_scale [--sizes 2000,8000,32000] [--nodes 1,2,3] [--type int8_hnsw]

Clusters of the test kit's server on the loopback (Maven and a JDK of 21 or newer), a shard a node, no
replicas, clustered vectors of seed 0, searches for 100 one at a time. Prints one JSON object: every row, and
the least-squares fit that `retrieval/planning.py` carries on:

    ms = a + per_doubling · log2(listings in a shard / the smallest) + per_shard · (shards - 1)
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from retrieval.elastic import ElasticsearchIndex, connect
from retrieval.elastic_mapping import IndexType
from retrieval.elastic_versions import build_elasticsearch
from service.bench_catalogue import make_catalogue, row_of
from service.bench_timing import load, machine, percentiles
from service.bench_truth import TASKS, recall, truth
from tests.elasticsearch.nodes import running_cluster, running_node

K = 100
QUERIES = 30
ROUNDS = 4
PREFIX = "soukscale"
FITTED = "leaves"
Row = dict[str, float | int | str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="2000,8000,32000")
    parser.add_argument("--nodes", default="1,2,3")
    parser.add_argument("--type", default="int8_hnsw", dest="index_type")
    given = parser.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")]
    rows: list[Row] = []
    for count in map(int, given.nodes.split(",")):
        with TemporaryDirectory(prefix="souk-scale-") as home:
            rows += measure_cluster(Path(home), count, sizes, given.index_type)
    fitted = [row for row in rows if row["task"] == FITTED]
    print(json.dumps({"machine": machine(), "load": load(), "type": given.index_type, "k": K,
                      "rows": rows, "fit": fit(fitted)}))  # fmt: skip


def measure_cluster(home: Path, count: int, sizes: list[int], index_type: IndexType) -> list[Row]:
    if count == 1:
        with running_node(home) as node:
            return [row for size in sizes for row in measure(node.url, 1, size, index_type)]
    with running_cluster(home, [f"n{i}" for i in range(count)]) as nodes:
        url = ",".join(node.url for node in nodes.values())
        return [row for size in sizes for row in measure(url, count, size, index_type)]


def measure(url: str, nodes: int, listings: int, index_type: IndexType) -> list[Row]:
    made = make_catalogue(listings, queries=QUERIES, seed=0)
    with connect(url, timeout_ms=600_000) as client:
        start = time.perf_counter()
        built = build_elasticsearch(
            client, {"in": made.records()}, id=f"n{listings}", model="m", taxonomy="t",
            index_type=index_type, prefix=PREFIX, shards=nodes,
        )  # fmt: skip
        seconds = time.perf_counter() - start
        name = built.indices["in"]
        stored = client.indices.stats(index=name)["_all"]["primaries"]["store"]["size_in_bytes"]
        index = ElasticsearchIndex(client, timeout_ms=600_000, prefix=PREFIX)
        rows: list[Row] = []
        for task in TASKS:
            times: list[float] = []
            found: list[list[int]] = []
            for turn in range(ROUNDS + 1):
                found = []
                for query in made.queries:
                    start = time.perf_counter()
                    hits = index.nearest(query, task.filters, K)
                    if turn:
                        times.append((time.perf_counter() - start) * 1e3)
                    found.append([row_of(c.product_id) for c in hits.candidates])
            rows.append({
                "nodes": nodes, "listings": listings, "task": task.name, **percentiles(times),
                "recall": round(recall(found, truth(made, task, K)), 4),
                "build_s": round(seconds, 1), "bytes_per_listing": round(stored / listings),
            })  # fmt: skip
        return rows


def fit(rows: list[Row]) -> dict[str, float]:
    """Of the medians; the residual is the root of their mean square."""
    shard = np.array([float(row["listings"]) / float(row["nodes"]) for row in rows])
    nodes = np.array([float(row["nodes"]) for row in rows])
    columns = np.stack([np.ones(len(rows)), np.log2(shard / shard.min()), nodes - 1], axis=1)
    measured = np.array([float(row["p50_ms"]) for row in rows])
    solved = np.linalg.lstsq(columns, measured, rcond=None)[0]
    left = float(np.sqrt(np.mean((columns @ solved - measured) ** 2)))
    return {
        "at_listings": float(shard.min()), "search_ms": round(float(solved[0]), 2),
        "ms_per_doubling": round(float(solved[1]), 2), "ms_per_shard": round(float(solved[2]), 2),
        "residual_ms": round(left, 2),
    }  # fmt: skip


if __name__ == "__main__":
    main()
