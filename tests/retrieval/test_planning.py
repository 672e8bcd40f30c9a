"""The plan's arithmetic; its figures are measured elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.planning import SHARD_LISTINGS, Fit, plan_cluster

FIT = Fit(disk_bytes_per_listing=2**10, search_ms=10.0, at_listings=100_000, ms_per_doubling=1.0)


def test_a_small_catalogue_needs_two_nodes_for_its_replica() -> None:
    plan = plan_cluster(
        products=100_000, queries_per_s=10, node_memory_gib=64, node_cores=16, fit=FIT
    )
    assert (plan.shards, plan.nodes, plan.search_ms) == (1, 2, 10.0)
    assert plan.disk_gib == pytest.approx(100_000 * 2 / 2**20, abs=0.01)
    assert "Nothing runs out" in plan.first_limit


def test_many_searches_a_second_run_out_of_cores() -> None:
    plan = plan_cluster(
        products=100_000, queries_per_s=8_000, node_memory_gib=64, node_cores=16, fit=FIT
    )
    assert plan.nodes == 5
    assert plan.first_limit.startswith("Cores run out first: 5 nodes")


def test_many_listings_run_out_of_memory() -> None:
    plan = plan_cluster(products=10**9, queries_per_s=1, node_memory_gib=64, node_cores=16, fit=FIT)
    assert plan.shards == 100
    assert plan.first_limit.startswith("Memory for vectors and graph runs out first")


def test_every_shard_is_merged_into_the_answer() -> None:
    merging = replace(FIT, ms_per_shard=0.5)
    plans = [
        plan_cluster(products=5 * 10**7, queries_per_s=1, node_memory_gib=64, node_cores=16, fit=f)
        for f in (FIT, merging)
    ]
    assert plans[1].search_ms == pytest.approx(plans[0].search_ms + 4 * 0.5)


@given(products=st.integers(1, 10**10), queries=st.floats(0.1, 10**5))
def test_more_never_needs_less(products: int, queries: float) -> None:
    def nodes(products: int, queries: float, fit: Fit = FIT) -> int:
        return plan_cluster(
            products=products, queries_per_s=queries, node_memory_gib=64, node_cores=16, fit=fit
        ).nodes

    assert nodes(products + SHARD_LISTINGS, queries) >= nodes(products, queries)
    assert nodes(products, queries * 2) >= nodes(products, queries)
    slower = replace(FIT, search_ms=FIT.search_ms * 2)
    assert nodes(products, queries, slower) >= nodes(products, queries)
