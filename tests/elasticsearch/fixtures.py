"""The Elasticsearch that tests share; a conftest takes the fixtures from here by importing them."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch

from tests.elasticsearch.nodes import running_node


@pytest.fixture(scope="session")
def elasticsearch_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Of SOUK_ELASTICSEARCH_URL, or of a node that lives as long as the session."""
    given = os.environ.get("SOUK_ELASTICSEARCH_URL")
    if given:
        yield given
        return
    with running_node(tmp_path_factory.mktemp("elasticsearch")) as node:
        yield node.url


@pytest.fixture(scope="session")
def elasticsearch_client(elasticsearch_url: str) -> Iterator[Elasticsearch]:
    """Without tight deadlines, for setting up; whatever it finds of `souktest-*` it removes."""
    with Elasticsearch(elasticsearch_url.split(","), request_timeout=60) as client:
        _clean(client)
        yield client
        _clean(client)


def _clean(client: Elasticsearch) -> None:
    for index in client.indices.get(index="souktest*", expand_wildcards="all"):
        client.indices.delete(index=index)
