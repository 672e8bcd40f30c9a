"""Elasticsearch dies, hangs, lies or comes back; the shopper always gets k products."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from elasticsearch import Elasticsearch

from catalog.search import Filters
from retrieval.elastic import ElasticsearchIndex, connect
from retrieval.elastic_versions import build_elasticsearch
from retrieval.exact import ExactIndex
from retrieval.index import CandidateIndex
from retrieval.resilience import Patience, ResilientIndex
from retrieval.snapshot import snapshot_opener, write_snapshot
from tests.elasticsearch.nodes import Node, running_node
from tests.elasticsearch.proxy import Mood, Proxy
from tests.retrieval.listings import catalogue, random_unit

pytestmark = [pytest.mark.elasticsearch, pytest.mark.slow]

RECORDS = catalogue({"in": 1200})
ORACLE = ExactIndex(RECORDS)
FILTERS = Filters(marketplace="in", available=True)
K = 20
RNG = np.random.default_rng(3)
PATIENCE = Patience(deadline_ms=1000, attempts=2, failures_to_open=3, probe_after_s=1.0)
WORST_S = 2.0
"""Deadline, and as much again for a loaded machine."""


@dataclass
class Load:
    """Shoppers who ask without pause, and what they got."""

    index: CandidateIndex
    answered: int = 0
    degraded: int = 0
    slowest_s: float = 0.0
    overlaps: list[float] = field(default_factory=list)
    _rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(17))

    def ask(self) -> bool:
        """One search; returns whether the snapshot answered. An exception fails the test."""
        vector = random_unit(self._rng)
        start = time.monotonic()
        hits = self.index.nearest(vector, FILTERS, K)
        self.slowest_s = max(self.slowest_s, time.monotonic() - start)
        truth = {c.product_id for c in ORACLE.nearest(vector, FILTERS, 10).candidates}
        shared = truth & {c.product_id for c in hits.candidates[:10]}
        self.overlaps.append(len(shared) / len(truth))
        assert len(hits.candidates) == K
        self.answered += 1
        self.degraded += bool(hits.degraded)
        return bool(hits.degraded)

    def ask_until(self, wanted: Callable[[bool], bool], within_s: float) -> float:
        """Ask until the answer is degraded as wanted; how long that took."""
        start = time.monotonic()
        while not wanted(self.ask()):
            assert time.monotonic() - start < within_s, "still the same after all that time"
        return time.monotonic() - start

    def ask_for(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.ask()


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


@pytest.mark.parametrize("mood", ["late", "silent", "cut", "corrupt"])
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
