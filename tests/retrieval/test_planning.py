"""The plan's arithmetic; its figures are measured elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.planning import SHARD_LISTINGS, ClusterPlan, Fit, plan_cluster

FIT = Fit(
    fixed_ms=4.0, shard_ms=2.0, candidate_us=0.4, million_ms=10.0, remote_ms=2.0,
    disk_bytes_per_listing=2**10, build_ms=1.0, build_at_listings=100_000, build_doubling_ms=0.0,
)  # fmt: skip


def plan(products: int, queries: float, fit: Fit = FIT) -> ClusterPlan:
    return plan_cluster(
        products=products, queries_per_s=queries, node_memory_gib=64, node_cores=16, fit=fit
    )


def test_a_small_catalogue_needs_two_nodes_for_its_replica() -> None:
    small = plan(100_000, 10)
    assert (small.shards, small.nodes, small.search_processor_ms) == (1, 2, 9.0)
    assert small.disk_gib == pytest.approx(100_000 * 2 / 2**20, abs=0.01)
    assert "Nothing breaks" in small.first_limit


def test_many_searches_a_second_run_out_of_cores() -> None:
    busy = plan(100_000, 4_400)
    assert busy.nodes == 5
    assert busy.first_limit.startswith("Cores run out first: 5 nodes")


def test_many_listings_run_out_of_memory() -> None:
    large = plan(10**9, 1)
    assert large.shards == 100
    assert large.first_limit.startswith("Memory for vectors and graph runs out first")


def test_a_build_of_more_than_a_day_breaks_first() -> None:
    slow = plan(10**9, 1, replace(FIT, build_ms=30.0))
    assert slow.build_h == pytest.approx(2 * 3e10 / 3.6e6 / 200, rel=0.01)
    assert slow.first_limit.startswith("Building breaks first")


def test_one_core_builds_each_copy_of_a_shard_and_a_larger_shard_costs_more_a_listing() -> None:
    grown = replace(FIT, build_doubling_ms=0.25)
    assert plan(100_000, 1, grown).build_h == pytest.approx(100_000 / 3.6e6, abs=0.01)
    assert plan(1_600_000, 1, grown).build_h == pytest.approx(2 * 1.6e6 / 3.6e6, abs=0.01)


def test_shards_are_searched_at_once_and_all_cost_processor_time() -> None:
    one, five = plan(10**7, 1), plan(5 * 10**7, 1)
    of_a_shard = 2.0 + 0.4 * 10 + 10.0 * 10
    assert five.nodes == 2  # half of the shards are on the other node
    assert five.search_processor_ms == pytest.approx(4.0 + 5 * of_a_shard + 2.0 * 2.5)
    assert five.search_ms == one.search_ms == pytest.approx(4.0 + of_a_shard + 2.0)


def test_the_beam_is_that_of_the_search() -> None:
    """Ten thousand candidates are the most."""
    narrow, wide = plan(16_000, 1), plan(10**7, 1)
    assert narrow.search_processor_ms == pytest.approx(4.0 + 2.0 + 0.4 * 0.4 + 0.16 + 1.0, abs=0.06)
    assert wide.search_processor_ms == pytest.approx(4.0 + 2.0 + 0.4 * 10 + 100.0 + 1.0)


@given(products=st.integers(1, 10**10), queries=st.floats(0.1, 10**5))
def test_more_never_needs_less(products: int, queries: float) -> None:
    nodes = plan(products, queries).nodes
    assert plan(products + SHARD_LISTINGS, queries).nodes >= nodes
    assert plan(products, queries * 2).nodes >= nodes
    assert plan(products, queries, replace(FIT, shard_ms=FIT.shard_ms * 2)).nodes >= nodes
