"""The plan's arithmetic; its figures are measured elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.planning import SHARD_LISTINGS, ClusterPlan, Fit, plan_cluster

FIT = Fit(
    fixed_ms=4.0, shard_ms=6.0, at_listings=100_000, doubling_ms=1.0, disk_bytes_per_listing=2**10,
    build_ms_per_listing=1.0,
)  # fmt: skip


def plan(products: int, queries: float, fit: Fit = FIT) -> ClusterPlan:
    return plan_cluster(
        products=products, queries_per_s=queries, node_memory_gib=64, node_cores=16, fit=fit
    )


def test_a_small_catalogue_needs_two_nodes_for_its_replica() -> None:
    small = plan(100_000, 10)
    assert (small.shards, small.nodes, small.search_processor_ms) == (1, 2, 10.0)
    assert small.disk_gib == pytest.approx(100_000 * 2 / 2**20, abs=0.01)
    assert "Nothing breaks" in small.first_limit


def test_many_searches_a_second_run_out_of_cores() -> None:
    busy = plan(100_000, 4_000)
    assert busy.nodes == 5
    assert busy.first_limit.startswith("Cores run out first: 5 nodes")


def test_many_listings_run_out_of_memory() -> None:
    large = plan(10**9, 1)
    assert large.shards == 100
    assert large.first_limit.startswith("Memory for vectors and graph runs out first")


def test_a_build_of_more_than_a_day_breaks_first() -> None:
    slow = plan(10**9, 1, replace(FIT, build_ms_per_listing=30.0))
    assert slow.build_h == pytest.approx(2 * 3e10 / 3.6e6 / (slow.nodes * 16), rel=0.01)
    assert slow.first_limit.startswith("Building breaks first")


def test_every_shard_costs_processor_time_and_one_of_them_the_least_time() -> None:
    one, five = plan(10**7, 1), plan(5 * 10**7, 1)
    of_a_shard = FIT.one_shard_ms(10**7)
    assert five.search_processor_ms == pytest.approx(4.0 + 5 * of_a_shard, abs=0.06)
    assert five.search_ms == one.search_ms == pytest.approx(4.0 + of_a_shard, abs=0.06)


@given(products=st.integers(1, 10**10), queries=st.floats(0.1, 10**5))
def test_more_never_needs_less(products: int, queries: float) -> None:
    nodes = plan(products, queries).nodes
    assert plan(products + SHARD_LISTINGS, queries).nodes >= nodes
    assert plan(products, queries * 2).nodes >= nodes
    assert plan(products, queries, replace(FIT, shard_ms=FIT.shard_ms * 2)).nodes >= nodes
