"""The bounded copy: the most popular of each leaf, renewed, and opened when it is first needed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.search import Filters
from retrieval.embedded import EmbeddedIndex
from retrieval.exact import ExactIndex
from retrieval.index import IndexUnavailable
from retrieval.snapshot import SnapshotKeeper, quotas, snapshot_opener, write_snapshot
from tests.retrieval.listings import catalogue, random_unit

RECORDS = catalogue({"in": 700, "us": 30})
ALL = Filters(marketplace="in")
QUERY = random_unit(np.random.default_rng(4))


class Listed(ExactIndex):
    """The oracle, which can also say what it holds."""

    down = False

    def leaves(self) -> Mapping[str, Mapping[str, int]]:
        if self.down:
            raise IndexUnavailable("down")
        return {m: Counter(r.listing.category for r in rs) for m, rs in RECORDS.items()}


@given(
    leaves=st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 50), max_size=8),
    limit=st.integers(0, 200),
)
def test_quotas_fill_the_limit_and_spare_small_leaves(leaves: dict[str, int], limit: int) -> None:
    kept = quotas(leaves, limit)
    assert sum(kept.values()) <= limit
    assert all(kept[leaf] <= listed for leaf, listed in leaves.items())
    if sum(leaves.values()) <= limit:
        assert kept == leaves
    elif leaves:
        cut = [kept[leaf] for leaf in leaves if kept[leaf] < leaves[leaf]]
        assert sum(kept.values()) > limit - len(leaves)
        assert max(cut) - min(cut) <= len(leaves)


def test_a_snapshot_that_holds_all_answers_like_the_index(tmp_path: Path) -> None:
    source = Listed(RECORDS)
    write_snapshot(source, tmp_path, limit=1000)
    copy = EmbeddedIndex.open(tmp_path)
    assert copy.nearest(QUERY, ALL, 50) == source.nearest(QUERY, ALL, 50)
    assert copy.version.products == 730


def test_a_bounded_snapshot_keeps_the_most_popular_of_each_leaf(tmp_path: Path) -> None:
    source = Listed(RECORDS)
    write_snapshot(source, tmp_path, limit=60)
    copy = EmbeddedIndex.open(tmp_path)
    assert copy.browse(ALL, 700).total == 60
    for leaf in source.leaves()["in"]:
        of_leaf = Filters(marketplace="in", categories=(leaf,))
        kept = copy.browse(of_leaf, 700).candidates
        assert len(kept) == 10
        assert kept == source.browse(of_leaf, 10).candidates


def test_renewing_replaces_it_under_the_same_version(tmp_path: Path) -> None:
    source = Listed(RECORDS)
    first = write_snapshot(source, tmp_path, limit=50)
    copy = EmbeddedIndex.open(tmp_path, refresh_s=0.0)
    second = write_snapshot(source, tmp_path, limit=90)
    assert copy.browse(ALL, 1).total == 90
    assert first.id.split(".")[0] == second.id.split(".")[0] == source.version.id


def test_the_opener_waits_until_there_is_one(tmp_path: Path) -> None:
    opener = snapshot_opener(tmp_path)
    with pytest.raises(IndexUnavailable):
        opener()
    write_snapshot(Listed(RECORDS), tmp_path, limit=50)
    assert opener().browse(ALL, 1).total == 50


def test_the_keeper_goes_on_after_a_failure(tmp_path: Path) -> None:
    source = Listed(RECORDS)
    source.down = True
    keeper = SnapshotKeeper(source, tmp_path, limit=50, every_s=0.01)
    keeper.start()
    source.down = False
    end = time.monotonic() + 10
    while not (tmp_path / "current").exists() and time.monotonic() < end:
        time.sleep(0.01)
    keeper.stop()
    assert snapshot_opener(tmp_path)().browse(ALL, 1).total == 50


def test_of_two_keepers_one_works(tmp_path: Path) -> None:
    keepers = [SnapshotKeeper(Listed(RECORDS), tmp_path, limit=9, every_s=3600) for _ in range(2)]
    for keeper in keepers:
        keeper.start()
    end = time.monotonic() + 10
    while not (tmp_path / "current").exists() and time.monotonic() < end:
        time.sleep(0.01)
    time.sleep(0.1)
    for keeper in keepers:
        keeper.stop()
    assert [path.name for path in tmp_path.glob("exact.*")] == ["exact.0"]
