"""How much Elasticsearch a catalogue needs: an order of magnitude, and what breaks first.

Disk and the time of one search were measured on one node with ten and twenty thousand listings; memory
follows from the format. How the time grows with a shard, and how nodes share the work, is assumed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

SHARD_LISTINGS = 10_000_000
"""More make a merge, a recovery and the graph's build take hours."""
MEMORY_BYTES_PER_LISTING = 128 + 8 + 2 * 16 * 4 + 32
"""int8 vector, its correction, the graph's neighbours at m = 16 and their layers; must stay in memory."""
MEMORY_SHARE = 0.5
"""Of a node's memory; the rest is the Java heap and the operating system."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """One node, index type int8_hnsw."""

    disk_bytes_per_listing: float
    search_ms: float
    """Median of a filtered search for 100 in one shard of `at_listings`."""
    at_listings: int
    ms_per_doubling: float
    """What twice the listings in a shard add."""
    ms_per_shard: float = 0.0
    """What every further shard adds to one search: its answer is fetched and merged."""


ONE_NODE = Fit(disk_bytes_per_listing=1574, search_ms=13.0, at_listings=20_000, ms_per_doubling=1.0)
"""The first two from docs/benchmarks.md; the growth is an assumption until more sizes are measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterPlan:
    """For one marketplace, with one replica of every shard."""

    products: int
    shards: int
    memory_gib: float
    disk_gib: float
    nodes: int
    search_ms: float
    """All shards of a marketplace are searched at once, then their answers are merged."""
    first_limit: str


def plan_cluster(
    *, products: int, queries_per_s: float, node_memory_gib: int, node_cores: int, fit: Fit
) -> ClusterPlan:
    """Shards, memory and nodes, and which of them runs out first."""
    copies = 2
    shards = math.ceil(products / SHARD_LISTINGS)
    memory = products * MEMORY_BYTES_PER_LISTING * copies / 2**30
    disk = products * fit.disk_bytes_per_listing * copies / 2**30
    doublings = math.log2(max(1.0, products / shards / fit.at_listings))
    shard_ms = fit.search_ms + doublings * fit.ms_per_doubling
    search_ms = shard_ms + (shards - 1) * fit.ms_per_shard
    # each search occupies one core of one copy of every shard
    cores = queries_per_s * shards * shard_ms / 1000
    by_memory = math.ceil(memory / (node_memory_gib * MEMORY_SHARE))
    by_cores = math.ceil(cores / node_cores)
    return ClusterPlan(
        products=products,
        shards=shards,
        memory_gib=round(memory, 2),
        disk_gib=round(disk, 2),
        nodes=max(copies, by_memory, by_cores),
        search_ms=round(search_ms, 1),
        first_limit=_limit(by_memory, by_cores, copies),
    )


def _limit(by_memory: int, by_cores: int, copies: int) -> str:
    if max(by_memory, by_cores) <= copies:
        return "Nothing runs out: the two nodes are for the replica."
    if by_memory >= by_cores:
        return f"Memory for vectors and graph runs out first: it asks for {by_memory} nodes."
    return f"Cores run out first: {by_cores} nodes answer that many searches a second."
