"""Versions in Elasticsearch: built beside, checked, swapped by alias under load, and changed in place."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import numpy as np
import pytest
from elasticsearch import BadRequestError, ConnectionTimeout, Elasticsearch

from catalog.search import Filters
from retrieval.elastic import ElasticsearchIndex, connect
from retrieval.elastic_mapping import document
from retrieval.elastic_versions import (
    ElasticVersion,
    _merge,
    build_elasticsearch,
    find_version,
    swap_back,
    write_changes,
)
from retrieval.index import IndexBuildError, IndexUnavailable
from tests.retrieval.listings import catalogue, random_unit, record, unit

pytestmark = pytest.mark.elasticsearch

PREFIX = "souktest-versions"
QUERY = random_unit(np.random.default_rng(3))
ALL = Filters(marketplace="in")


@pytest.fixture
def server(elasticsearch_client: Elasticsearch) -> Iterator[Elasticsearch]:
    yield elasticsearch_client
    for index in elasticsearch_client.indices.get(index=f"{PREFIX}-*"):
        elasticsearch_client.indices.delete(index=index)


def build(server: Elasticsearch, id: str, listed: int = 30) -> ElasticVersion:  # noqa: A002
    records = catalogue({"in": listed})
    return build_elasticsearch(
        server, records, id=id, model="m", taxonomy="t", index_type="flat", prefix=PREFIX
    )


def index_of(server: Elasticsearch, refresh_s: float = 0.0) -> ElasticsearchIndex:
    return ElasticsearchIndex(server, timeout_ms=30_000, prefix=PREFIX, refresh_s=refresh_s)


def names(server: Elasticsearch) -> list[str]:
    return sorted(server.indices.get(index=f"{PREFIX}-*"))


def test_a_version_says_what_built_it(server: Elasticsearch) -> None:
    made = build(server, "v1")
    assert find_version(server, prefix=PREFIX) == made
    version = index_of(server).version
    assert (version.engine, version.id, version.products) == ("elasticsearch", "v1", 30)
    assert (version.model, version.taxonomy) == ("m", "t")


def test_nothing_built_names_the_command(server: Elasticsearch) -> None:
    with pytest.raises(IndexUnavailable, match="souk index build --engine elasticsearch"):
        index_of(server).browse(ALL, 1)


def test_the_previous_version_is_kept_for_the_way_back_and_older_ones_go(
    server: Elasticsearch,
) -> None:
    with pytest.raises(IndexBuildError, match="no previous"):
        swap_back(server, prefix=PREFIX)
    index = index_of(server)
    for id_ in ("v1", "v2", "v3"):
        build(server, id_)
    assert names(server) == [f"{PREFIX}-in-v2", f"{PREFIX}-in-v3"]
    assert index.version.id == "v3"
    swap_back(server, prefix=PREFIX)
    assert index.version.id == "v2"
    swap_back(server, prefix=PREFIX)
    assert index.version.id == "v3"


def test_a_refused_record_leaves_the_version_in_use_and_nothing_behind(
    server: Elasticsearch,
) -> None:
    build(server, "v1")
    zero = replace(record("SK9", vector=QUERY), vector=np.zeros(128, np.float32))
    with pytest.raises(IndexBuildError, match="product SK9: Elasticsearch refused it"):
        build_elasticsearch(server, {"in": [zero]}, id="v2", model="m", taxonomy="t", prefix=PREFIX)
    assert names(server) == [f"{PREFIX}-in-v1"]
    assert index_of(server).version.id == "v1"


def test_a_product_listed_twice_is_refused(server: Elasticsearch) -> None:
    twice = [record("SK1", vector=QUERY), record("SK1", vector=QUERY)]
    with pytest.raises(IndexBuildError, match="1 listings in Elasticsearch, 2 were given"):
        build_elasticsearch(server, {"in": twice}, id="v1", model="m", taxonomy="t", prefix=PREFIX)


def test_the_mapping_is_strict(server: Elasticsearch) -> None:
    build(server, "v1")
    stray = {**document(record("SK9", vector=QUERY)), "discount": 5}
    with pytest.raises(BadRequestError, match="strict_dynamic_mapping_exception"):
        server.index(index=f"{PREFIX}-current-in", id="SK9", document=stray)


def test_another_format_is_refused_with_the_fix(server: Elasticsearch) -> None:
    build(server, "v1")
    server.indices.put_mapping(index=f"{PREFIX}-in-v1", meta={"souk": {"format": 0}})
    with pytest.raises(IndexUnavailable, match=r"format 0.*souk index build"):
        index_of(server).browse(ALL, 1)


def test_changes_are_visible_after_the_refresh_and_may_be_written_again(
    server: Elasticsearch,
) -> None:
    build(server, "v1")
    changes = {"in": {"NEW": record("NEW", vector=QUERY), "SK000000": None, "never": None}}
    for _ in range(2):
        assert write_changes(server, changes, prefix=PREFIX, refresh=True) == 3
    index = index_of(server)
    assert index.nearest(QUERY, ALL, 1).candidates[0].product_id == "NEW"
    assert index.get("in", ["SK000000"]) == ()
    assert index.browse(ALL, 1).total == 30


def test_an_index_that_lost_its_documents_does_not_answer(server: Elasticsearch) -> None:
    build(server, "v1")
    gone = {"in": {f"SK{i:06d}": None for i in range(30)}}
    write_changes(server, gone, prefix=PREFIX, refresh=True)
    with pytest.raises(IndexUnavailable, match="lost its documents"):
        index_of(server).nearest(QUERY, ALL, 1)


def test_a_reader_survives_that_its_index_is_removed(server: Elasticsearch) -> None:
    """Two swaps between two looks: the version at hand is gone, the next answer is of the new one."""
    build(server, "v1")
    index = index_of(server, refresh_s=3600)
    assert index.browse(ALL, 1).total == 30
    build(server, "v2", listed=31)
    build(server, "v3", listed=32)
    assert index.nearest(QUERY, ALL, 1).total == 32
    assert index.get("in", ["SK000031"])


def test_a_swap_under_load_fails_no_request_and_mixes_no_versions(
    server: Elasticsearch, elasticsearch_url: str
) -> None:
    rng = np.random.default_rng(11)
    for id_, popularity in (("v1", 0.25), ("v2", 0.75)):
        records = [
            record(f"SK{i}", vector=unit(rng.normal(size=128)), popularity=popularity)
            for i in range(60)
        ]
        build_elasticsearch(server, {"in": records}, id=id_, model="m", taxonomy="t", prefix=PREFIX)
    stop, seen, bad = threading.Event(), set(), []

    def ask(index: ElasticsearchIndex) -> None:
        while not stop.is_set():
            hits = index.nearest(QUERY, ALL, 40)
            found = {c.listing.offer.popularity for c in hits.candidates}
            seen.update(found)
            if len(found) != 1 or len(hits.candidates) != 40:
                bad.append(found)

    with connect(elasticsearch_url, timeout_ms=30_000) as client:
        asker = threading.Thread(target=ask, args=(index_of(client),))
        asker.start()
        for _ in range(10):
            swap_back(server, prefix=PREFIX)
        stop.set()
        asker.join(60)
    assert not asker.is_alive()
    assert not bad
    assert seen == {0.25, 0.75}


class MergingServer:
    """Answers a merge after so many requests have waited in vain; meanwhile it merges, or does nothing."""

    def __init__(self, waits: int, *, merging: bool) -> None:
        self.indices = self
        self.asked = 0
        self._waits = waits
        self._merging = merging

    def options(self, *, request_timeout: float) -> MergingServer:
        assert request_timeout > 0
        return self

    def forcemerge(self, *, index: str, max_num_segments: int) -> None:
        assert (index, max_num_segments) == ("large", 1)
        self.asked += 1
        if self.asked <= self._waits:
            raise ConnectionTimeout("timed out")

    def stats(self, *, index: str, metric: str) -> dict[str, object]:
        assert (index, metric) == ("large", "merge")
        return {"_all": {"total": {"merges": {"current": int(self._merging)}}}}


def test_a_merge_of_hours_is_waited_for_by_one_request_after_another() -> None:
    server = MergingServer(waits=5, merging=True)
    _merge(cast("Elasticsearch", server), "large")
    assert server.asked == 6


def test_a_merge_that_ended_between_two_looks_is_done_and_a_dead_server_is_not() -> None:
    _merge(cast("Elasticsearch", MergingServer(waits=1, merging=False)), "large")
    with pytest.raises(ConnectionTimeout):
        _merge(cast("Elasticsearch", MergingServer(waits=9, merging=False)), "large")
