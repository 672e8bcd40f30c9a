"""Elasticsearch dies, hangs, lies or comes back; the shopper always gets k products."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from elasticsearch import Elasticsearch

from retrieval.elastic import ElasticsearchIndex, connect
from retrieval.elastic_versions import build_elasticsearch
from retrieval.resilience import ResilientIndex
from retrieval.snapshot import snapshot_opener, write_snapshot
from tests.elasticsearch.nodes import Node, running_node
from tests.elasticsearch.proxy import Mood, Proxy
from tests.retrieval.listings import random_unit
from tests.retrieval.shoppers import FILTERS, PATIENCE, RECORDS, WORST_S, K, Load

pytestmark = [pytest.mark.elasticsearch, pytest.mark.slow]

RNG = np.random.default_rng(3)


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """A node of its own: it is about to be mistreated."""
    with running_node(tmp_path_factory.mktemp("chaos")) as running:
        with Elasticsearch(running.url, request_timeout=60) as client:
            build_elasticsearch(client, RECORDS, id="v1", model="m", taxonomy="t")
        yield running


@pytest.fixture(scope="module")
def snapshot(node: Node, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("snapshot")
    with connect(node.url, timeout_ms=30_000) as client:
        write_snapshot(ElasticsearchIndex(client, timeout_ms=30_000), folder, limit=200_000)
    return folder


def load_on(url: str, snapshot: Path) -> Iterator[Load]:
    with connect(url, timeout_ms=500) as client:
        primary = ElasticsearchIndex(client, timeout_ms=500)
        index = ResilientIndex(primary, snapshot_opener(snapshot), patience=PATIENCE)
        load = Load(index)
        load.ask_until(lambda degraded: not degraded, within_s=20)
        load.slowest_s = 0.0
        yield load


@pytest.fixture
def load(node: Node, snapshot: Path) -> Iterator[Load]:
    yield from load_on(node.url, snapshot)


@pytest.fixture
def proxy(node: Node) -> Iterator[Proxy]:
    with Proxy(node.http) as running:
        yield running


@pytest.fixture
def load_by_proxy(proxy: Proxy, snapshot: Path) -> Iterator[Load]:
    yield from load_on(proxy.url, snapshot)


def wait_until_quick(url: str) -> None:
    """Recovery counts from when the node itself answers in time: a cold or starved one takes seconds."""
    with Elasticsearch(url, request_timeout=30) as client:
        end = time.monotonic() + 60
        took_s = 1.0
        while took_s > 0.4 and time.monotonic() < end:
            start = time.monotonic()
            ElasticsearchIndex(client, timeout_ms=30_000).nearest(random_unit(RNG), FILTERS, K)
            took_s = time.monotonic() - start


def served_well(load: Load) -> None:
    assert load.degraded > 0
    assert load.slowest_s < WORST_S
    assert float(np.mean(load.overlaps)) >= 0.95


@pytest.mark.parametrize("mood", ["late", "silent", "cut", "corrupt", "busy"])
def test_a_wire_that_misbehaves_is_survived(
    node: Node, proxy: Proxy, load_by_proxy: Load, mood: Mood
) -> None:
    load_by_proxy.ask_for(0.3)
    proxy.mood = mood
    load_by_proxy.ask_until(lambda degraded: degraded, within_s=10)
    load_by_proxy.ask_for(2.5)
    proxy.mood = "honest"
    wait_until_quick(node.url)
    assert load_by_proxy.ask_until(lambda degraded: not degraded, within_s=10) < 5
    served_well(load_by_proxy)


def test_a_node_that_hangs_is_survived(node: Node, load: Load) -> None:
    node.pause()
    try:
        load.ask_until(lambda degraded: degraded, within_s=10)
        load.ask_for(2.5)
    finally:
        node.resume()
    wait_until_quick(node.url)
    assert load.ask_until(lambda degraded: not degraded, within_s=10) < 5
    served_well(load)


def test_a_closed_index_is_survived(node: Node, load: Load) -> None:
    """Its shards are gone, the node is well: a red index answers with an error, or with nothing."""
    with Elasticsearch(node.url, request_timeout=60) as client:
        client.indices.close(index="souk-in-v1")
        load.ask_until(lambda degraded: degraded, within_s=10)
        load.ask_for(1.5)
        client.indices.open(index="souk-in-v1")
    wait_until_quick(node.url)
    assert load.ask_until(lambda degraded: not degraded, within_s=10) < 5
    served_well(load)


def test_a_node_that_is_killed_and_comes_back_is_survived(node: Node, load: Load) -> None:
    load.ask_for(0.3)
    node.kill()
    load.ask_until(lambda degraded: degraded, within_s=10)
    load.ask_for(2.0)
    node.start_again()
    wait_until_quick(node.url)
    assert load.ask_until(lambda degraded: not degraded, within_s=10) < 5
    served_well(load)
