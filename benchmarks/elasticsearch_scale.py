"""What a search costs as listings, shards, nodes and the beam grow, on nodes of this machine.

    python -m benchmarks.elasticsearch_scale [--layouts 1x1,1x4,2x2] [--sizes 12000,100000] [--beams 400,1600]
    python -m benchmarks.elasticsearch_scale --fit ROWS.json ROWS.json     # of earlier runs together

Clusters of the test kit's server on the loopback (Maven and a JDK of 21 or newer; `ES_HEAP` is the heap of
each node), clustered vectors of seed 0, searches for 100 one at a time. A layout is nodes x shards, with a
replica of every shard where there are several nodes. Before the first size an index that is thrown away is
searched a few thousand times: until then the virtual machine compiles. Processor time is that of all the
servers (Linux), divided by the searches: unlike the clock it hardly depends on what else the machine does.
The beam is that of decision 43, unless `--beams` names others. With `--home DIR` the nodes keep their data
there, and an index that is found is not built again.

Prints one JSON object: every row, and the fit that `retrieval/planning.py` carries on.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from elasticsearch import Elasticsearch
from scipy.optimize import nnls

from retrieval.elastic import connect
from retrieval.elastic_answers import Ask, read_nearest
from retrieval.elastic_mapping import IndexType
from retrieval.elastic_queries import nearest_body
from retrieval.elastic_versions import build_elasticsearch, find_version
from retrieval.index import NearestQuery
from service.bench_catalogue import BenchCatalogue, make_catalogue, row_of
from service.bench_timing import load, machine, percentiles
from service.bench_truth import TASKS, Task, recall, truth
from tests.elasticsearch.nodes import Node, running_cluster, running_node, wait_until_ready

K = 100
QUERIES = 50
ROUNDS = 4
WARMING = 1
"""Rounds over each index that are not counted."""
WARM_LISTINGS = 12_000
WARM_SEARCHES = 3_000
SETTLED_MS = 30.0
"""Of processor time in a second: less is a server that does nothing."""
TICKS_A_MS = os.sysconf("SC_CLK_TCK") / 1000
PREFIX = "soukscale"
WARM_PREFIX = "soukwarm"
FITTED = "leaves"
Row = dict[str, float | int | str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How an index is spread."""

    nodes: int
    shards: int

    @classmethod
    def of(cls, text: str) -> Layout:
        """From "2x4": two nodes, four shards."""
        nodes, shards = text.split("x")
        return cls(nodes=int(nodes), shards=int(shards))

    @property
    def replicas(self) -> int:
        return min(1, self.nodes - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Running nodes, and a client of all of them."""

    nodes: Sequence[Node]
    client: Elasticsearch
    index_type: IndexType
    counted: bool

    def processor_ms(self) -> float:
        """Of all servers until now."""
        ticks = 0
        for node in self.nodes:
            stat = Path(f"/proc/{node.process.pid}/stat").read_text(encoding="utf-8")
            user, system = stat.rsplit(")", 1)[1].split()[11:13]
            ticks += int(user) + int(system)
        return ticks / TICKS_A_MS

    def settle(self) -> None:
        """Wait until every copy is there and the servers do nothing of their own."""
        for node in self.nodes:
            wait_until_ready(node, "green")
        for _ in range(60):
            before = self.processor_ms()
            time.sleep(1)
            if self.processor_ms() - before < SETTLED_MS:
                return


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--layouts", default="1x1")
    parser.add_argument("--sizes", default="12000,25000,50000,100000")
    parser.add_argument("--beams", default="")
    parser.add_argument("--type", default="int8_hnsw", dest="index_type")
    parser.add_argument("--uncounted", action="store_true", help="nobody learns how many pass")
    parser.add_argument("--home", type=Path)
    parser.add_argument("--fit", nargs="+", type=Path, metavar="ROWS")
    given = parser.parse_args()
    if given.fit:
        rows = [row for path in given.fit for row in json.loads(path.read_text())["rows"]]
        print(json.dumps({"search": fit_search(rows), "build": fit_build(rows)}))
        return
    sizes = [int(size) for size in given.sizes.split(",")]
    beams: list[int | None] = [int(beam) for beam in given.beams.split(",") if beam]
    rows = []
    for layout in map(Layout.of, given.layouts.split(",")):
        with at_home(given.home, layout) as home, running(home, layout, given) as nodes:
            warm(nodes, layout)
            for size in sizes:
                rows += measure(nodes, layout, size, beams or [None])
                print(json.dumps(rows), file=sys.stderr, flush=True)
    print(json.dumps({"machine": machine(), "load": load(), "type": given.index_type, "k": K,
                      "heap": os.environ.get("ES_HEAP", "512m"), "rows": rows}))  # fmt: skip


@contextmanager
def at_home(home: Path | None, layout: Layout) -> Iterator[Path]:
    if home is not None:
        yield home / f"{layout.nodes}x{layout.shards}"
        return
    with TemporaryDirectory(prefix="souk-scale-") as folder:
        yield Path(folder)


@contextmanager
def running(home: Path, layout: Layout, given: argparse.Namespace) -> Iterator[Cluster]:
    with (
        nodes_at(home, layout.nodes) as nodes,
        connect(",".join(node.url for node in nodes), timeout_ms=7_200_000) as client,
    ):
        yield Cluster(
            nodes=nodes, client=client, index_type=given.index_type, counted=not given.uncounted
        )


@contextmanager
def nodes_at(home: Path, count: int) -> Iterator[Sequence[Node]]:
    if count == 1:
        with running_node(home) as node:
            yield [node]
        return
    with running_cluster(home, [f"n{i}" for i in range(count)]) as nodes:
        yield list(nodes.values())


def warm(cluster: Cluster, layout: Layout) -> None:
    """Load and search an index that is thrown away."""
    made = make_catalogue(WARM_LISTINGS, queries=QUERIES, seed=1)
    index = build(cluster, made, layout, WARM_PREFIX)
    for _ in range(WARM_SEARCHES // (len(TASKS) * QUERIES)):
        for task in TASKS:
            for query in made.queries:
                found_by(cluster, index, made, task, query, None)
    cluster.client.indices.delete(index=index)


def build(cluster: Cluster, made: BenchCatalogue, layout: Layout, prefix: str) -> str:
    """The index's name; a version of that size and layout which is there is taken as it is."""
    id_ = f"n{len(made.leaf)}s{layout.shards}"
    found = find_version(cluster.client, prefix=prefix)
    if found is None or found.version.id != id_:
        found = build_elasticsearch(
            cluster.client, {"in": made.records()}, id=id_, model="m", taxonomy="t",
            index_type=cluster.index_type, prefix=prefix, shards=layout.shards,
            replicas=layout.replicas,
        )  # fmt: skip
    return found.indices["in"]


def measure(
    cluster: Cluster, layout: Layout, listings: int, beams: Sequence[int | None]
) -> list[Row]:
    made = make_catalogue(listings, queries=QUERIES, seed=0)
    start, worked = time.perf_counter(), cluster.processor_ms()
    index = build(cluster, made, layout, PREFIX)
    seconds, spent_s = time.perf_counter() - start, (cluster.processor_ms() - worked) / 1e3
    stored = cluster.client.indices.stats(index=index)["_all"]["primaries"]["store"]
    of_index = {
        "nodes": layout.nodes, "shards": layout.shards, "listings": listings,
        "build_s": round(seconds, 1), "build_processor_s": round(spent_s, 1),
        "bytes_per_listing": round(stored["size_in_bytes"] / listings),
    }  # fmt: skip
    cluster.settle()
    return [
        {**of_index, **search(cluster, index, made, task, beam)} for task in TASKS for beam in beams
    ]


def search(cluster: Cluster, index: str, made: BenchCatalogue, task: Task, beam: int | None) -> Row:
    """Rounds over all queries; in the first ones caches fill and the rest is compiled."""
    times: list[float] = []
    worked: list[float] = []
    found: list[list[int]] = []
    for turn in range(WARMING + ROUNDS):
        found, before = [], cluster.processor_ms()
        for query in made.queries:
            start = time.perf_counter()
            rows = found_by(cluster, index, made, task, query, beam)
            if turn >= WARMING:
                times.append((time.perf_counter() - start) * 1e3)
            found.append(rows)
        if turn >= WARMING:
            worked.append((cluster.processor_ms() - before) / len(made.queries))
    asked = asked_of(made, task, made.queries[0], beam)
    return {
        "task": task.name, "beam": asked.beam, "counted": cluster.counted, **percentiles(times),
        "processor_ms": round(float(np.median(worked)), 2),
        "recall": round(recall(found, truth(made, task, K)), 4), "load": load(),
    }  # fmt: skip


def asked_of(made: BenchCatalogue, task: Task, vector: np.ndarray, beam: int | None) -> Ask:
    """What the adapter asks first, with another beam if one is given."""
    ask = Ask.first(NearestQuery(vector=vector, filters=task.filters, k=K), len(made.leaf))
    return ask if beam is None else Ask(query=ask.query, wanted=ask.wanted, beam=beam)


def found_by(
    cluster: Cluster,
    index: str,
    made: BenchCatalogue,
    task: Task,
    vector: np.ndarray,
    beam: int | None,
) -> list[int]:
    """Rows of the k nearest, in the order that the adapter gives them."""
    ask = asked_of(made, task, vector, beam)
    body = nearest_body(ask.query, ask.wanted, ask.beam)
    if not cluster.counted:
        del body["query"], body["track_total_hits"]
    response = cluster.client.search(index=index, body=body)
    hits = [hit for hit in response["hits"]["hits"] if hit["_score"] > 0]
    return [row_of(hits[i]["_id"]) for i in read_nearest(ask.query, response.body).best[:K]]


def fit_search(rows: Sequence[Row]) -> dict[str, object]:
    """Of the searches that the service makes, no term below 0, each row counting by its relative error.

    ms = fixed + shards · (shard + candidate · beam) + million · listings + remote · shards on other nodes
    """
    fitted = [row for row in rows if row["task"] == FITTED and row.get("counted", True)]
    nodes, shards, beam, listings, measured = (
        np.array([float(row[name]) for row in fitted])
        for name in ("nodes", "shards", "beam", "listings", "processor_ms")
    )
    remote = shards * (1 - 1 / nodes)
    terms = (np.ones(len(fitted)), shards, shards * beam / 1e3, listings / 1e6, remote)
    columns = np.stack(terms, axis=1)
    solved, _ = nnls(columns / measured[:, None], np.ones(len(fitted)))
    off = (columns @ solved) / measured - 1
    names = ("fixed_ms", "shard_ms", "candidate_us", "million_ms", "remote_ms")
    return {
        **{name: round(float(value), 3) for name, value in zip(names, solved, strict=True)},
        "residual": round(float(np.sqrt(np.mean(off**2))), 3),
        "residuals": [
            f"{row['nodes']}x{row['shards']} {row['listings']} beam {row['beam']}: "
            f"{row['processor_ms']} ms, {share:+.0%}"
            for row, share in zip(fitted, off.tolist(), strict=True)
        ],
    }


def fit_build(rows: Sequence[Row]) -> dict[str, float]:
    """Of one copy: ms a listing = build + doubling · log2(listings in a shard / the least)."""
    built = {
        (row["nodes"], row["shards"], row["listings"], row["build_processor_s"]): row
        for row in rows
        if float(row["build_processor_s"]) > 1
    }
    shard = np.array([float(r["listings"]) / float(r["shards"]) for r in built.values()])
    copies = np.array([1 + min(1, int(r["nodes"]) - 1) for r in built.values()])
    spent = np.array([float(r["build_processor_s"]) * 1e3 for r in built.values()])
    each = spent / copies / np.array([float(r["listings"]) for r in built.values()])
    columns = np.stack([np.ones(len(built)), np.log2(shard / shard.min())], axis=1)
    solved = np.linalg.lstsq(columns, each, rcond=None)[0]
    return {
        "build_ms": round(float(solved[0]), 3), "build_at_listings": float(shard.min()),
        "build_doubling_ms": round(float(solved[1]), 3),
        "residual_ms": round(float(np.sqrt(np.mean((columns @ solved - each) ** 2))), 3),
    }  # fmt: skip


if __name__ == "__main__":
    main()
