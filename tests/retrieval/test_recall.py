"""recall@100 of both engines under every combination of filters, over clustered vectors."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from elasticsearch import Elasticsearch

from catalog.search import Filters
from retrieval.elastic import ElasticsearchIndex, connect
from retrieval.elastic_versions import build_elasticsearch
from retrieval.filtering import passes
from retrieval.index import CandidateIndex
from service.bench_catalogue import leaf_name, make_catalogue, product_id
from tests.retrieval.engines import MODEL, TAXONOMY, embedded

MADE = make_catalogue(5000, queries=4, seed=9)
RECORDS = list(MADE.records())
PREFIX = "souktest-recall"
K = 100
CHOICES = {
    "categories": ((), (leaf_name(0), leaf_name(2), leaf_name(5))),
    "available": (None, True),
    "max_price_minor": (None, 200_000),
    "prime": (None, True),
    "size": (None, "M"),
    "colours": ((), ("red", "blue", "black")),
    "genders": ((), ("women",)),
}
COMBINATIONS = [
    Filters(marketplace="in", **dict(zip(CHOICES, chosen, strict=True)))  # type: ignore[arg-type]
    for chosen in product(*CHOICES.values())
]


def mean_recall(index: CandidateIndex, filters: Filters) -> float:
    rows = np.array([i for i, r in enumerate(RECORDS) if passes(r.listing, filters)])
    shares = []
    for query in MADE.queries:
        scores = MADE.vectors[rows].astype(np.float64) @ query
        truth = {product_id(row) for row in rows[np.argsort(-scores)[:K]].tolist()}
        found = {c.product_id for c in index.nearest(query, filters, K).candidates}
        shares.append(len(found & truth) / len(truth))
    return float(np.mean(shares))


def short_of(index: CandidateIndex, wanted: float) -> dict[str, float]:
    measured = {str(filters): mean_recall(index, filters) for filters in COMBINATIONS}
    return {name: recall for name, recall in measured.items() if recall < wanted}


def test_the_embedded_index_is_exact_under_every_combination(tmp_path: Path) -> None:
    assert short_of(embedded({"in": RECORDS}, tmp_path), 1.0) == {}


@pytest.fixture
def built(elasticsearch_url: str, elasticsearch_client: Elasticsearch) -> Iterator[CandidateIndex]:
    build_elasticsearch(
        elasticsearch_client, {"in": RECORDS}, id="v1", model=MODEL, taxonomy=TAXONOMY,
        index_type="int8_hnsw", prefix=PREFIX,
    )  # fmt: skip
    with connect(elasticsearch_url, timeout_ms=60_000) as client:
        yield ElasticsearchIndex(client, prefix=PREFIX, timeout_ms=60_000)


@pytest.mark.elasticsearch
@pytest.mark.slow
def test_elasticsearch_reaches_99_in_100_under_every_combination(built: CandidateIndex) -> None:
    assert short_of(built, 0.99) == {}
