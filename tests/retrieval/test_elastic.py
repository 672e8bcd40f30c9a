"""Elasticsearch behind the contract, on a real server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch

from retrieval.elastic import ElasticsearchIndex, connect
from retrieval.elastic_mapping import IndexType
from retrieval.elastic_versions import build_elasticsearch
from retrieval.index import CandidateIndex
from tests.retrieval.contract import RECORDS, Contract
from tests.retrieval.engines import MODEL, TAXONOMY, exact

pytestmark = pytest.mark.elasticsearch

RECALL: dict[IndexType, float] = {"flat": 1.0, "int8_hnsw": 0.99}


@pytest.fixture(scope="module")
def _oracle(tmp_path_factory: pytest.TempPathFactory) -> CandidateIndex:
    return exact(RECORDS, tmp_path_factory.mktemp("exact"))


@pytest.fixture(scope="module", params=RECALL)
def _built(
    request: pytest.FixtureRequest, elasticsearch_url: str, elasticsearch_client: Elasticsearch
) -> Iterator[tuple[CandidateIndex, float]]:
    index_type: IndexType = request.param
    prefix = f"souktest-{index_type}"
    build_elasticsearch(
        elasticsearch_client,
        RECORDS,
        id="v1",
        model=MODEL,
        taxonomy=TAXONOMY,
        index_type=index_type,
        prefix=prefix,
    )
    with connect(elasticsearch_url, timeout_ms=20_000) as client:
        yield ElasticsearchIndex(client, prefix=prefix, timeout_ms=20_000), RECALL[index_type]


class TestElasticsearch(Contract):
    @pytest.fixture
    def index(self, _built: tuple[CandidateIndex, float]) -> CandidateIndex:
        return _built[0]

    @pytest.fixture
    def recall(self, _built: tuple[CandidateIndex, float]) -> float:
        return _built[1]

    @pytest.fixture
    def oracle(self, _oracle: CandidateIndex) -> CandidateIndex:
        return _oracle
