"""How much Elasticsearch a catalogue needs, carried on from what nodes were measured to take.

Disk, the processor time of a search and that of building were measured (`docs/scale.md`); memory follows
from the format of the index. That twice the listings in a shard always add the same is the assumption on
which everything beyond the measured sizes stands.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

SHARD_LISTINGS = 10_000_000
"""More make a merge, a recovery and the graph's build take hours."""
COPIES = 2
"""Of every shard: itself and one replica."""
MEMORY_BYTES_PER_LISTING = 128 + 8 + 2 * 16 * 4 + 32
"""int8 vector, its correction, the graph's neighbours at m = 16 and their layers; must stay in memory."""
MEMORY_SHARE = 0.5
"""Of a node's memory; the rest is the Java heap and the operating system."""
BUSY_SHARE = 0.5
"""Of a node's cores that searches may keep busy: above it they wait for one another."""
LONGEST_BUILD_H = 24.0
"""A rebuild that takes longer is the first thing to break: every new model asks for one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Processor time of one search for 100 with filters, and what a listing takes."""

    fixed_ms: float
    """Whatever the shards are: reading the request, merging, fetching, answering."""
    shard_ms: float
    """What each shard of `at_listings` adds."""
    at_listings: int
    doubling_ms: float
    """What twice the listings add in each shard."""
    disk_bytes_per_listing: float
    build_ms_per_listing: float

    def one_shard_ms(self, listings: float) -> float:
        return self.shard_ms + self.doubling_ms * math.log2(max(1.0, listings / self.at_listings))


MEASURED = Fit(
    fixed_ms=0.0,
    shard_ms=16.4,
    at_listings=10_000,
    doubling_ms=1.0,
    disk_bytes_per_listing=1574,
    build_ms_per_listing=1.24,
)
"""int8_hnsw on one node. `shard_ms` and `build_ms_per_listing` are upper bounds: the node served another run
meanwhile. That all of it is a shard's, and what a doubling adds, is assumed. See docs/scale.md."""
MEASURED_UP_TO = 10_000
"""Listings in the largest shard that was measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterPlan:
    """For one marketplace."""

    products: int
    shards: int
    memory_gib: float
    disk_gib: float
    nodes: int
    search_processor_ms: float
    """Over all nodes."""
    search_ms: float
    """On idle cores, where all shards are searched at once; the network is not in it."""
    build_h: float
    """On all cores of all nodes."""
    first_limit: str


def plan_cluster(
    *, products: int, queries_per_s: float, node_memory_gib: int, node_cores: int, fit: Fit
) -> ClusterPlan:
    """Shards, memory and nodes, and which step breaks first."""
    shards = math.ceil(products / SHARD_LISTINGS)
    memory = products * MEMORY_BYTES_PER_LISTING * COPIES / 2**30
    one_shard = fit.one_shard_ms(products / shards)
    search = fit.fixed_ms + shards * one_shard
    by_memory = math.ceil(memory / (node_memory_gib * MEMORY_SHARE))
    by_cores = math.ceil(queries_per_s * search / 1000 / (node_cores * BUSY_SHARE))
    nodes = max(COPIES, by_memory, by_cores)
    build_h = products * COPIES * fit.build_ms_per_listing / 3.6e6 / (nodes * node_cores)
    return ClusterPlan(
        products=products,
        shards=shards,
        memory_gib=round(memory, 2),
        disk_gib=round(products * fit.disk_bytes_per_listing * COPIES / 2**30, 2),
        nodes=nodes,
        search_processor_ms=round(search, 1),
        search_ms=round(fit.fixed_ms + one_shard, 1),
        build_h=round(build_h, 2),
        first_limit=_limit(by_memory, by_cores, build_h),
    )


def _limit(by_memory: int, by_cores: int, build_h: float) -> str:
    if build_h > LONGEST_BUILD_H:
        return f"Building breaks first: {build_h:.0f} hours on all cores; add nodes for it."
    if max(by_memory, by_cores) <= COPIES:
        return "Nothing breaks: the two nodes are for the replica."
    if by_memory >= by_cores:
        return f"Memory for vectors and graph runs out first: it asks for {by_memory} nodes."
    return f"Cores run out first: {by_cores} nodes answer that many searches a second."
