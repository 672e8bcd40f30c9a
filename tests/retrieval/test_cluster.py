"""Three nodes and a replica: one node and then the elected master die; no request fails."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from retrieval.elastic import ElasticsearchIndex, connect
from retrieval.elastic_versions import build_elasticsearch
from retrieval.resilience import ResilientIndex
from retrieval.snapshot import snapshot_opener, write_snapshot
from tests.elasticsearch.nodes import Node, running_cluster
from tests.retrieval.shoppers import PATIENCE, RECORDS, WORST_S, Load

pytestmark = [pytest.mark.elasticsearch, pytest.mark.slow]

NAMES = ("n1", "n2", "n3")
SHOPPERS = 2
HEALTHY_S = 120


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Node]]:
    with running_cluster(tmp_path_factory.mktemp("cluster"), NAMES) as nodes:
        with Elasticsearch(urls(nodes), request_timeout=60) as client:
            build_elasticsearch(
                client, RECORDS, id="v1", model="m", taxonomy="t", shards=2, replicas=1
            )
            wait_until_green(client)
        yield nodes


@pytest.fixture(scope="module")
def snapshot(cluster: dict[str, Node], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("snapshot")
    with connect(",".join(urls(cluster)), timeout_ms=30_000) as client:
        write_snapshot(ElasticsearchIndex(client, timeout_ms=30_000), folder, limit=200_000)
    return folder


def urls(nodes: dict[str, Node]) -> list[str]:
    return [node.url for node in nodes.values()]


def wait_until_green(client: Elasticsearch) -> None:
    health = client.options(request_timeout=HEALTHY_S + 10).cluster.health(
        wait_for_status="green", wait_for_nodes=str(len(NAMES)), timeout=f"{HEALTHY_S}s"
    )
    assert not health["timed_out"], health


def master(nodes: dict[str, Node]) -> str:
    with Elasticsearch(urls(nodes), request_timeout=30) as client:
        state = client.cluster.state(metric=["master_node", "nodes"])
    return str(state["nodes"][state["master_node"]]["name"])


@contextmanager
def shopping(nodes: dict[str, Node], snapshot: Path) -> Iterator[list[Load]]:
    """Shoppers ask from threads of their own all the while, so that requests are under way at the kill."""
    stop, failures = threading.Event(), []
    with connect(",".join(urls(nodes)), timeout_ms=500) as client:
        index = ResilientIndex(
            ElasticsearchIndex(client, timeout_ms=500), snapshot_opener(snapshot), patience=PATIENCE
        )
        loads = [Load(index) for _ in range(SHOPPERS)]
        loads[0].ask_until(lambda degraded: not degraded, within_s=30)

        def ask(load: Load) -> None:
            try:
                while not stop.is_set():
                    load.ask()
            except BaseException as error:  # noqa: BLE001 - told to the test below
                failures.append(error)

        threads = [threading.Thread(target=ask, args=(load,)) for load in loads]
        for thread in threads:
            thread.start()
        try:
            yield loads
        finally:
            stop.set()
            for thread in threads:
                thread.join(30)
    assert failures == []


def healthy_again(loads: list[Load], within_s: float) -> bool:
    """Whether the cluster, not the snapshot, answers every shopper again."""
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        before = [(load.answered, load.degraded) for load in loads]
        time.sleep(1.0)
        after = [(load.answered, load.degraded) for load in loads]
        if all(a[0] > b[0] and a[1] == b[1] for a, b in zip(after, before, strict=True)):
            return True
    return False


@pytest.mark.parametrize("role", ["data node", "master"])
def test_a_node_of_three_may_be_killed(cluster: dict[str, Node], snapshot: Path, role: str) -> None:
    leader = master(cluster)
    victim = leader if role == "master" else next(name for name in NAMES if name != leader)
    with shopping(cluster, snapshot) as loads:
        time.sleep(1.0)
        cluster[victim].kill()
        assert healthy_again(loads, within_s=60)
        if role == "master":
            others = {name: node for name, node in cluster.items() if name != victim}
            assert master(others) in others
        cluster[victim].start_again()
        time.sleep(1.0)
    for load in loads:
        assert load.slowest_s < 2 * WORST_S
        assert min(load.overlaps) >= 0.9
    with Elasticsearch(urls(cluster), request_timeout=60) as client:
        wait_until_green(client)
