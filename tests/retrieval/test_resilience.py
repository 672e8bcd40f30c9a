"""The breaker and the fallback, with a clock and an index that fail on demand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from catalog.search import Filters, Hits
from retrieval.exact import ExactIndex
from retrieval.index import CandidateIndex, IndexUnavailable, NearestQuery, QueryRefused
from retrieval.resilience import LOCAL_SNAPSHOT, Patience, ResilientIndex
from tests.retrieval.listings import catalogue, random_unit

RECORDS = catalogue({"in": 40})
QUERY = random_unit(np.random.default_rng(2))
ALL = Filters(marketplace="in")
PATIENCE = Patience(deadline_ms=1000, attempts=2, failures_to_open=3, probe_after_s=1.0)


class Flaky(ExactIndex):
    """Fails while `failures` are left; each call takes `takes_s` of the fake time."""

    failures = 0
    calls = 0
    takes_s = 0.0
    now = 0.0

    def nearest_many(self, queries: Sequence[NearestQuery]) -> tuple[Hits, ...]:
        self.calls += 1
        self.now += self.takes_s
        if self.failures > 0:
            self.failures -= 1
            raise IndexUnavailable("down")
        return super().nearest_many(queries)


@pytest.fixture
def primary() -> Flaky:
    return Flaky(RECORDS)


@pytest.fixture
def index(primary: Flaky) -> ResilientIndex:
    return ResilientIndex(
        primary, lambda: ExactIndex(RECORDS), patience=PATIENCE, clock=lambda: primary.now
    )


def degraded(index: CandidateIndex) -> bool:
    hits = index.nearest(QUERY, ALL, 5)
    assert len(hits.candidates) == 5
    return hits.degraded == (LOCAL_SNAPSHOT,)


def test_a_healthy_primary_answers_unmarked(index: ResilientIndex, primary: Flaky) -> None:
    assert not degraded(index)
    assert primary.calls == 1


def test_one_failure_is_tried_again(index: ResilientIndex, primary: Flaky) -> None:
    primary.failures = 1
    assert not degraded(index)
    assert primary.calls == 2


def test_after_the_last_try_the_snapshot_answers_and_says_so(
    index: ResilientIndex, primary: Flaky
) -> None:
    primary.failures = 2
    assert degraded(index)
    assert not degraded(index)


def test_no_further_try_starts_behind_the_deadline(index: ResilientIndex, primary: Flaky) -> None:
    primary.failures, primary.takes_s = 1, 1.1
    assert degraded(index)
    assert primary.calls == 1


def test_after_failures_in_a_row_the_primary_is_left_alone(
    index: ResilientIndex, primary: Flaky
) -> None:
    primary.failures = 99
    for _ in range(3):
        assert degraded(index)
    asked = primary.calls
    for _ in range(10):
        assert degraded(index)
    assert primary.calls == asked
    assert not index.breaker.closed


def test_one_probe_a_second_asks_the_primary_and_its_success_closes_the_breaker(
    index: ResilientIndex, primary: Flaky
) -> None:
    primary.failures = 99
    for _ in range(3):
        degraded(index)
    asked = primary.calls
    primary.now += 1.0
    for _ in range(5):
        assert degraded(index)
    assert primary.calls == asked + PATIENCE.attempts
    primary.failures = 0
    primary.now += 1.0
    assert not degraded(index)
    assert not degraded(index)


def test_successes_between_failures_keep_it_closed(index: ResilientIndex, primary: Flaky) -> None:
    for _ in range(5):
        primary.failures = 2
        assert degraded(index)
        assert not degraded(index)


def test_a_refused_query_is_no_failure(index: ResilientIndex) -> None:
    for _ in range(5):
        with pytest.raises(QueryRefused):
            index.nearest(QUERY, ALL, 0)
    assert index.breaker.closed


def test_without_a_snapshot_the_primary_s_own_failure_is_told(primary: Flaky) -> None:
    def none() -> CandidateIndex:
        raise IndexUnavailable("no snapshot")

    primary.failures = 99
    index = ResilientIndex(primary, none, patience=PATIENCE, clock=lambda: primary.now)
    with pytest.raises(IndexUnavailable, match="down"):
        index.nearest(QUERY, ALL, 1)


def test_the_version_last_seen_stays_while_the_snapshot_answers(
    index: ResilientIndex, primary: Flaky
) -> None:
    seen = index.version
    primary.failures = 99
    for _ in range(4):
        degraded(index)
    assert index.version is seen
