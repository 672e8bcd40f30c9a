"""What a search costs as the listings of a shard and the nodes grow, on nodes of this machine.

    python -m benchmarks.elasticsearch_scale [--sizes 2000,8000,32000] [--nodes 1,2,3] [--type int8_hnsw]
    python -m benchmarks.elasticsearch_scale --fit ROWS.json ROWS.json     # of earlier runs together

Clusters of the test kit's server on the loopback (Maven and a JDK of 21 or newer), a shard a node, no
replicas, clustered vectors of seed 0, searches for 100 one at a time. Processor time is that of all the
servers (Linux), divided by the searches: unlike the clock it hardly depends on what else the machine does.
Prints one JSON object: every row, and the least-squares fit that `retrieval/planning.py` carries on:

    ms = fixed + shards · (shard + doubling · log2(listings in a shard / the least))
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from retrieval.elastic import ElasticsearchIndex, connect
from retrieval.elastic_mapping import IndexType
from retrieval.elastic_versions import build_elasticsearch
from service.bench_catalogue import BenchCatalogue, make_catalogue, row_of
from service.bench_timing import load, machine, percentiles
from service.bench_truth import TASKS, Task, recall, truth
from tests.elasticsearch.nodes import Node, running_cluster, running_node

K = 100
QUERIES = 30
ROUNDS = 4
WARMING = 2
TICKS_A_MS = os.sysconf("SC_CLK_TCK") / 1000
PREFIX = "soukscale"
FITTED = "leaves"
Row = dict[str, float | int | str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="2000,8000,32000")
    parser.add_argument("--nodes", default="1,2,3")
    parser.add_argument("--type", default="int8_hnsw", dest="index_type")
    parser.add_argument("--fit", nargs="+", type=Path, metavar="ROWS")
    given = parser.parse_args()
    if given.fit:
        rows = [row for path in given.fit for row in json.loads(path.read_text())["rows"]]
        print(json.dumps({"fit": fit(rows)}))
        return
    rows = []
    for count in map(int, given.nodes.split(",")):
        with TemporaryDirectory(prefix="souk-scale-") as home:
            sizes = [int(size) for size in given.sizes.split(",")]
            rows += measure_cluster(Path(home), count, sizes, given.index_type)
    print(json.dumps({"machine": machine(), "load": load(), "type": given.index_type, "k": K,
                      "rows": rows, "fit": fit(rows)}))  # fmt: skip


def measure_cluster(home: Path, count: int, sizes: list[int], index_type: IndexType) -> list[Row]:
    if count == 1:
        with running_node(home) as node:
            return [row for size in sizes for row in measure([node], size, index_type)]
    with running_cluster(home, [f"n{i}" for i in range(count)]) as nodes:
        given = list(nodes.values())
        return [row for size in sizes for row in measure(given, size, index_type)]


def measure(nodes: Sequence[Node], listings: int, index_type: IndexType) -> list[Row]:
    made = make_catalogue(listings, queries=QUERIES, seed=0)
    with connect(",".join(node.url for node in nodes), timeout_ms=600_000) as client:
        start, worked = time.perf_counter(), servers_ms(nodes)
        built = build_elasticsearch(
            client, {"in": made.records()}, id=f"n{listings}", model="m", taxonomy="t",
            index_type=index_type, prefix=PREFIX, shards=len(nodes),
        )  # fmt: skip
        seconds = time.perf_counter() - start
        spent_s = (servers_ms(nodes) - worked) / 1e3
        name = built.indices["in"]
        stored = client.indices.stats(index=name)["_all"]["primaries"]["store"]["size_in_bytes"]
        index = ElasticsearchIndex(client, timeout_ms=600_000, prefix=PREFIX)
        of_index = {
            "nodes": len(nodes), "listings": listings, "build_s": round(seconds, 1),
            "build_processor_s": round(spent_s, 1), "bytes_per_listing": round(stored / listings),
        }  # fmt: skip
        return [{**of_index, **search(index, made, task, nodes)} for task in TASKS]


def search(
    index: ElasticsearchIndex, made: BenchCatalogue, task: Task, nodes: Sequence[Node]
) -> Row:
    """Rounds over all queries; what the first ones compile is not counted."""
    times: list[float] = []
    worked: list[float] = []
    found: list[list[int]] = []
    for turn in range(WARMING + ROUNDS):
        found, before = [], servers_ms(nodes)
        for query in made.queries:
            start = time.perf_counter()
            hits = index.nearest(query, task.filters, K)
            if turn >= WARMING:
                times.append((time.perf_counter() - start) * 1e3)
            found.append([row_of(c.product_id) for c in hits.candidates])
        if turn >= WARMING:
            worked.append((servers_ms(nodes) - before) / len(made.queries))
    return {
        "task": task.name, **percentiles(times), "processor_ms": round(float(np.median(worked)), 2),
        "recall": round(recall(found, truth(made, task, K)), 4),
    }  # fmt: skip


def servers_ms(nodes: Sequence[Node]) -> float:
    """Processor time of the servers until now."""
    ticks = 0
    for node in nodes:
        stat = Path(f"/proc/{node.process.pid}/stat").read_text(encoding="utf-8")
        user, system = stat.rsplit(")", 1)[1].split()[11:13]
        ticks += int(user) + int(system)
    return ticks / TICKS_A_MS


def fit(rows: Sequence[Row]) -> dict[str, float]:
    """Of the searches that the service makes; the residual is the root of the mean square."""
    fitted = [row for row in rows if row["task"] == FITTED]
    nodes = np.array([float(row["nodes"]) for row in fitted])
    shard = np.array([float(row["listings"]) for row in fitted]) / nodes
    columns = np.stack([np.ones(len(fitted)), nodes, nodes * np.log2(shard / shard.min())], axis=1)
    measured = np.array([float(row["processor_ms"]) for row in fitted])
    solved = np.linalg.lstsq(columns, measured, rcond=None)[0]
    left = float(np.sqrt(np.mean((columns @ solved - measured) ** 2)))
    return {
        "at_listings": float(shard.min()), "fixed_ms": round(float(solved[0]), 2),
        "shard_ms": round(float(solved[1]), 2), "doubling_ms": round(float(solved[2]), 3),
        "residual_ms": round(left, 2),
    }  # fmt: skip


if __name__ == "__main__":
    main()
