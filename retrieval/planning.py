"""How much Elasticsearch a catalogue needs, carried on from what nodes were measured to take.

Disk, the processor time of a search and that of building were measured up to a million listings in a shard
(`docs/scale.md`); memory follows from the format of the index. Beyond the measured sizes everything stands on
the form of the fit: a search costs something of its own, something for each shard and each candidate of the
beam there, and something for the listings; a listing costs more to build the larger its shard is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from retrieval.elastic_queries import beam_of

NEIGHBOURS = 100
"""What a search asks for."""
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
    """What each shard adds."""
    candidate_us: float
    """What each candidate of the beam adds, in each shard."""
    million_ms: float
    """What a million listings add, however many shards they lie in: what passes is counted."""
    remote_ms: float
    """What a shard adds that lies on another node than the one that was asked."""
    disk_bytes_per_listing: float
    build_ms: float
    """A listing in a shard of `build_at_listings`: the graph, its merges and the check."""
    build_at_listings: int
    build_doubling_ms: float
    """What twice the listings in a shard add for each of them."""

    def search_ms(self, *, shards: int, remote: float, listings: float, beam: int) -> float:
        """`remote`: how many of the shards lie on other nodes."""
        a_shard = self.shard_ms + self.candidate_us * beam / 1e3
        wire = remote * self.remote_ms
        return self.fixed_ms + shards * a_shard + wire + self.million_ms * listings / 1e6

    def listing_ms(self, in_a_shard: float) -> float:
        doublings = math.log2(max(1.0, in_a_shard / self.build_at_listings))
        return self.build_ms + self.build_doubling_ms * doublings


MEASURED = Fit(
    fixed_ms=1.9,
    shard_ms=1.7,
    candidate_us=1.05,
    million_ms=21.3,
    remote_ms=7.0,
    disk_bytes_per_listing=1571,
    build_ms=0.47,
    build_at_listings=12_000,
    build_doubling_ms=0.091,
)
"""int8_hnsw; see docs/scale.md for the rows it was fitted to and how far it is off them."""
MEASURED_UP_TO = 1_000_000
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
    """Each copy of a shard on one core, as far as there are cores: one thread merges its graph."""
    first_limit: str


def plan_cluster(
    *, products: int, queries_per_s: float, node_memory_gib: int, node_cores: int, fit: Fit
) -> ClusterPlan:
    """Shards, memory and nodes, and which step breaks first."""
    shards = math.ceil(products / SHARD_LISTINGS)
    memory = products * MEMORY_BYTES_PER_LISTING * COPIES / 2**30
    beam = beam_of(NEIGHBOURS, products)
    by_memory = math.ceil(memory / (node_memory_gib * MEMORY_SHARE))
    remote = shards * (1 - 1 / max(COPIES, by_memory))
    search = fit.search_ms(shards=shards, remote=remote, listings=products, beam=beam)
    alone = fit.search_ms(shards=1, remote=1, listings=products / shards, beam=beam)
    by_cores = math.ceil(queries_per_s * search / 1000 / (node_cores * BUSY_SHARE))
    nodes = max(COPIES, by_memory, by_cores)
    build_ms = products * COPIES * fit.listing_ms(products / shards)
    at_once = min(nodes * node_cores, COPIES * shards)
    build_h = build_ms / 3.6e6 / at_once
    return ClusterPlan(
        products=products,
        shards=shards,
        memory_gib=round(memory, 2),
        disk_gib=round(products * fit.disk_bytes_per_listing * COPIES / 2**30, 2),
        nodes=nodes,
        search_processor_ms=round(search, 1),
        search_ms=round(alone, 1),
        build_h=round(build_h, 2),
        first_limit=_limit(by_memory, by_cores, build_h),
    )


def _limit(by_memory: int, by_cores: int, build_h: float) -> str:
    if build_h > LONGEST_BUILD_H:
        return f"Building breaks first: {build_h:.0f} hours, one core a copy of a shard. Make shards smaller."
    if max(by_memory, by_cores) <= COPIES:
        return "Nothing breaks: the two nodes are for the replica."
    if by_memory >= by_cores:
        return f"Memory for vectors and graph runs out first: it asks for {by_memory} nodes."
    return f"Cores run out first: {by_cores} nodes answer that many searches a second."
