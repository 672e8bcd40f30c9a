"""What rounded vectors find, by how many times k are scored again with the whole ones.

    python benchmarks/elasticsearch_rescoring.py URL [LISTINGS] [TYPE]

An index of its own on a server at hand, built without the check that souk's own build makes: a type that it
refuses can be measured here. Clustered vectors of seed 0, recall of the 100 nearest, the server's processor
time; `num_candidates` is the adapter's, or as many as are scored again. Prints one JSON object.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import numpy as np
from elasticsearch import Elasticsearch
from elasticsearch.helpers import bulk

from benchmarks.elasticsearch_layout import processor_ms
from retrieval.elastic_mapping import document, mappings, wire_vector
from retrieval.elastic_queries import beam_of, filter_query
from service.bench_catalogue import BenchCatalogue, make_catalogue, row_of
from service.bench_timing import load, machine, percentiles
from service.bench_truth import TASKS, Task, recall, truth

K = 100
QUERIES = 30
TIMES = (1, 2, 3, 5, 10, 20)
INDEX = "soukbench-rescoring"


def build(client: Elasticsearch, made: BenchCatalogue, index_type: Any) -> dict[str, float]:
    client.options(ignore_status=404).indices.delete(index=INDEX)
    settings = {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": "-1"}
    client.indices.create(index=INDEX, settings=settings, mappings=mappings(index_type))
    before, start = processor_ms(client), time.perf_counter()
    bulk(client, ({"_index": INDEX, "_id": r.listing.product.product_id, "_source": document(r)}
                  for r in made.records()))  # fmt: skip
    client.indices.refresh(index=INDEX)
    client.indices.forcemerge(index=INDEX, max_num_segments=1)
    seconds = time.perf_counter() - start
    worked = (processor_ms(client) - before) / 1e3
    return {"seconds": round(seconds, 1), "processor_s": round(worked, 1)}


def measure(
    client: Elasticsearch, made: BenchCatalogue, task: Task, times: int
) -> dict[str, float]:
    wall: list[float] = []
    found: list[list[int]] = []
    before = processor_ms(client)
    for query in made.queries:
        start = time.perf_counter()
        found.append(search(client, made, task, query, times))
        wall.append((time.perf_counter() - start) * 1e3)
    worked = (processor_ms(client) - before) / len(made.queries)
    return {**percentiles(wall), "processor_ms": round(worked, 2),
            "recall": round(recall(found, truth(made, task, K)), 4)}  # fmt: skip


def search(
    client: Elasticsearch, made: BenchCatalogue, task: Task, query: np.ndarray, times: int
) -> list[int]:
    knn = {
        "field": "vector", "query_vector": wire_vector(query), "k": K,
        "num_candidates": max(beam_of(K, len(made.leaf)), K * times),
        "filter": filter_query(task.filters), "rescore_vector": {"oversample": float(times)},
    }  # fmt: skip
    hits = client.search(index=INDEX, knn=knn, size=K, source=False)["hits"]["hits"]
    return [row_of(hit["_id"]) for hit in hits]


def main() -> None:
    url = sys.argv[1]
    listings = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    index_type = sys.argv[3] if len(sys.argv) > 3 else "bbq_hnsw"
    made = make_catalogue(listings, queries=QUERIES, seed=0)
    with Elasticsearch(url, request_timeout=3600) as client:
        built = build(client, made, index_type)
        for task in TASKS:
            for times in TIMES:
                measure(client, made, task, times)
        rows = [
            {"task": task.name, "times": times, **measure(client, made, task, times)}
            for task in TASKS
            for times in TIMES
        ]
        client.indices.delete(index=INDEX)
    print(json.dumps({"machine": machine(), "load": load(), "type": index_type,
                      "listings": listings, "built": built, "rows": rows}))  # fmt: skip


if __name__ == "__main__":
    main()
