"""The index in Elasticsearch: the same answers as the embedded one, from documents alone.

Similarities are computed again from the vectors that come back, in the one way that all engines share;
`_score` = (1 + cosine) / 2 only checks that the answer is no garbage. Every request has a deadline, on
this side and on the server's; an answer that a shard is missing from is no answer.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, TypeVar

import numpy as np
from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch, NotFoundError
from numpy.typing import NDArray

from catalog.products import Vector
from catalog.search import Candidate, Filters, Hits
from retrieval.checking import check_browse, check_marketplace, check_nearest
from retrieval.elastic_mapping import FETCHED, Documents, damaged
from retrieval.elastic_queries import beam_of, browse_body, nearest_body
from retrieval.elastic_versions import PREFIX, ElasticVersion, find_version
from retrieval.index import (
    MAX_K,
    VECTOR_WIDTH,
    After,
    BrowseQuery,
    IndexUnavailable,
    IndexVersion,
    NearestQuery,
    shortfall,
)
from retrieval.ordering import SLACK, best_first, similarities

_SCORE_TOLERANCE = 0.02
"""How far `_score` may lie from the cosine of the document's own vector before it counts as garbage."""

_TIES = 8
"""How many more than k are asked for, so that equal ones at the edge are ordered by id, not by chance."""

Body = dict[str, Any]
Answer = TypeVar("Answer")


def connect(url: str, *, timeout_ms: int = 1000) -> Elasticsearch:
    """A client of the nodes at `url` (several: separated by commas). Make it after the fork.

    It does not retry: how often and how long is decided in one place, `resilience`.
    """
    return Elasticsearch(
        [node.strip() for node in url.split(",") if node.strip()],
        request_timeout=timeout_ms / 1000,
        max_retries=0,
        retry_on_timeout=False,
        dead_node_backoff_factor=0.5,
        max_dead_node_backoff=2.0,
    )


class _IndexGoneError(Exception):
    """The index of the version at hand was removed by later swaps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ask:
    """One search for the nearest: how many are wanted, and the beam of the graph search."""

    query: NearestQuery
    wanted: int
    beam: int

    @classmethod
    def first(cls, query: NearestQuery) -> _Ask:
        depth = 0 if query.after is None else query.after.depth
        wanted = min(MAX_K, depth + query.k + _TIES)
        return cls(query=query, wanted=wanted, beam=beam_of(wanted))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What one search gave, in the shared order, from the cursor on."""

    sources: Sequence[Mapping[str, str]]
    scores: NDArray[np.float64]
    best: Sequence[int]
    """Positions in the two, best first, k and all that tie or follow."""


class ElasticsearchIndex:
    """A `CandidateIndex` over the current version's indices. Make it after the fork; threads share it."""

    def __init__(
        self,
        client: Elasticsearch,
        *,
        timeout_ms: int = 1000,
        prefix: str = PREFIX,
        refresh_s: float = 2.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._timeout_ms = timeout_ms
        self._prefix = prefix
        self._refresh_s = refresh_s
        self._clock = clock
        self._documents = Documents()
        self._lock = threading.Lock()
        self._looked = 0.0
        self._known: ElasticVersion | None = None

    @property
    def version(self) -> IndexVersion:
        return self._present().version

    def nearest(
        self,
        vector: Vector,
        filters: Filters,
        k: int,
        *,
        model: str | None = None,
        after: After | None = None,
    ) -> Hits:
        return self.nearest_many(
            (NearestQuery(vector=vector, filters=filters, k=k, model=model, after=after),)
        )[0]

    def browse(self, filters: Filters, k: int, *, after: After | None = None) -> Hits:
        return self.browse_many((BrowseQuery(filters=filters, k=k, after=after),))[0]

    def nearest_many(self, queries: Sequence[NearestQuery]) -> tuple[Hits, ...]:
        return self._answer(lambda present: self._nearest_of(present, queries))

    def browse_many(self, queries: Sequence[BrowseQuery]) -> tuple[Hits, ...]:
        return self._answer(lambda present: self._browse_of(present, queries))

    def get(self, marketplace: str, product_ids: Sequence[str]) -> tuple[Candidate, ...]:
        return self._answer(lambda present: self._get_of(present, marketplace, product_ids))

    def _nearest_of(
        self, present: ElasticVersion, queries: Sequence[NearestQuery]
    ) -> tuple[Hits, ...]:
        for query in queries:
            check_nearest(query, present.version, present.indices)
        answers: dict[int, Hits] = {}
        asks = {i: _Ask.first(query) for i, query in enumerate(queries)}
        while asks:
            responses = self._search(present, [self._body(ask) for ask in asks.values()])
            wider: dict[int, _Ask] = {}
            for (i, ask), response in zip(asks.items(), responses, strict=True):
                found = self._read(ask.query, response)
                again = _wider(ask, found, response)
                if again is None:
                    answers[i] = self._nearest_hits(ask.query, found, response)
                else:
                    wider[i] = again
            asks = wider
        return tuple(answers[i] for i in range(len(queries)))

    def _browse_of(
        self, present: ElasticVersion, queries: Sequence[BrowseQuery]
    ) -> tuple[Hits, ...]:
        for query in queries:
            check_browse(query, present.indices)
        bodies = [
            (query.filters.marketplace, browse_body(query, timeout_ms=self._timeout_ms))
            for query in queries
        ]
        return tuple(map(self._browse_hits, queries, self._search(present, bodies)))

    def _get_of(
        self, present: ElasticVersion, marketplace: str, product_ids: Sequence[str]
    ) -> tuple[Candidate, ...]:
        check_marketplace(marketplace, present.indices)
        wanted = list(dict.fromkeys(product_ids))
        if not wanted:
            return ()
        with _answering():
            documents = self._client.mget(
                index=present.indices[marketplace],
                ids=wanted,
                source_includes=FETCHED,
                realtime=False,
            )["docs"]
        if any("error" in found for found in documents):
            raise IndexUnavailable("A shard of Elasticsearch did not answer for a product.")
        return tuple(self._documents.candidates([d["_source"] for d in documents if d["found"]]))

    def _body(self, ask: _Ask) -> tuple[str, Body]:
        body = nearest_body(
            ask.query, wanted=ask.wanted, beam=ask.beam, timeout_ms=self._timeout_ms
        )
        return ask.query.filters.marketplace, body

    def _read(self, query: NearestQuery, response: Body) -> _Found:
        with _intact():
            hits = response["hits"]["hits"]
            sources = [hit["_source"] for hit in hits]
            vectors = self._documents.looks(sources)[:, :VECTOR_WIDTH]
            scores = similarities(vectors, query.vector)
            for hit, score in zip(hits, scores, strict=True):
                if abs(2 * hit["_score"] - 1 - score) > _SCORE_TOLERANCE:
                    raise damaged(f"the score of {hit['_id']}")
            best = best_first(scores, [hit["_id"] for hit in hits], len(hits), query.after)
        return _Found(sources=sources, scores=scores, best=best)

    def _nearest_hits(self, query: NearestQuery, found: _Found, response: Body) -> Hits:
        best = found.best[: query.k]
        candidates = self._documents.candidates(
            [found.sources[i] for i in best], [float(found.scores[i]) for i in best]
        )
        return _hits(query, candidates, response)

    def _browse_hits(self, query: BrowseQuery, response: Body) -> Hits:
        with _intact():
            sources = [hit["_source"] for hit in response["hits"]["hits"]]
        return _hits(query, self._documents.candidates(sources), response)

    def _search(self, present: ElasticVersion, bodies: Sequence[tuple[str, Body]]) -> list[Body]:
        """The responses of the version's indices; one search, or one multi-search."""
        if not bodies:
            return []
        with _answering():
            if len(bodies) == 1:
                marketplace, body = bodies[0]
                index = present.indices[marketplace]
                responses = [
                    self._client.search(
                        index=index, body=body, allow_partial_search_results=False
                    ).body
                ]
            else:
                lines = [
                    line
                    for marketplace, body in bodies
                    for line in (_header(present.indices[marketplace]), body)
                ]
                responses = self._client.msearch(searches=lines)["responses"]
        if len(responses) != len(bodies):
            raise damaged(f"{len(responses)} answers to {len(bodies)} searches")
        for response in responses:
            _check_whole(response)
        return responses

    def _answer(self, ask: Callable[[ElasticVersion], Answer]) -> Answer:
        """The answer of the present version; asked again once when its indices were removed."""
        try:
            return ask(self._present())
        except _IndexGoneError:
            self._known = None
        try:
            return ask(self._present())
        except _IndexGoneError as error:
            raise IndexUnavailable(
                f"The index was removed while it was asked: {error}. See souk index status."
            ) from error

    def _present(self) -> ElasticVersion:
        """The current version; looked up again when it is time and nobody else does."""
        known = self._known
        if known is not None and self._clock() - self._looked < self._refresh_s:
            return known
        if not self._lock.acquire(blocking=known is None) and known is not None:
            return known
        try:
            known = self._known = self._look_up()
            self._looked = self._clock()
            return known
        finally:
            self._lock.release()

    def _look_up(self) -> ElasticVersion:
        try:
            with _answering():
                found = find_version(self._client, prefix=self._prefix)
        except _IndexGoneError:
            found = None
        if found is None:
            raise IndexUnavailable(
                "No index is built in Elasticsearch. "
                "Build one: souk index build --engine elasticsearch."
            )
        return found


def _wider(ask: _Ask, found: _Found, response: Body) -> _Ask | None:
    """What to ask instead, when more was to be had or equals stand at the edge; None: it is enough."""
    got, total = len(found.sources), _counts(response)[0]
    if got < min(ask.wanted, total):
        # the graph lost some; a beam as wide as what passes makes the search exhaustive
        beam = min(MAX_K, max(total, ask.beam))
        return None if beam == ask.beam else replace(ask, beam=beam)
    if got >= total or ask.wanted >= MAX_K or _edge_is_clear(ask.query, found):
        return None
    wanted = min(MAX_K, 2 * ask.wanted)
    return replace(ask, wanted=wanted, beam=beam_of(wanted))


def _edge_is_clear(query: NearestQuery, found: _Found) -> bool:
    """Whether k lie behind the cursor, and the k-th is farther from what was not fetched than a tie."""
    if len(found.best) < query.k:
        return False
    return float(found.scores[found.best[query.k - 1]] - found.scores.min()) > SLACK


def _hits(
    query: NearestQuery | BrowseQuery, candidates: Sequence[Candidate], response: Body
) -> Hits:
    total, listed = _counts(response)
    return Hits(
        candidates=tuple(candidates),
        total=total,
        shortfall=shortfall(found=len(candidates), asked=query.k, total=total, listed=listed),
    )


def _counts(response: Body) -> tuple[int, int]:
    """How many pass the filters, and how many the marketplace lists."""
    with _intact():
        listed = response["aggregations"]["listed"]
        return int(listed["matching"]["doc_count"]), int(listed["doc_count"])


def _header(index: str) -> Body:
    return {"index": index, "allow_partial_search_results": False}


def _check_whole(response: Body) -> None:
    """An answer that a shard is missing from, or that time cut short, counts as none."""
    if response.get("status") == HTTPStatus.NOT_FOUND:
        raise _IndexGoneError(str(response.get("error"))[:200])
    shards = response.get("_shards", {})
    if "error" in response or shards.get("failed", 1) or response.get("timed_out", True):
        raise IndexUnavailable(
            f"Elasticsearch answered in part only: {str(response.get('error', shards))[:200]}. "
            "See its cluster health."
        )


@contextmanager
def _answering() -> Iterator[None]:
    """Turns what the client raises into `IndexUnavailable`, with what to look at."""
    try:
        yield
    except NotFoundError as error:
        raise _IndexGoneError(str(error)) from error
    except ApiError as error:
        raise IndexUnavailable(
            f"Elasticsearch refused with status {error.status_code}: {error.message}."
        ) from error
    except TransportError as error:
        raise IndexUnavailable(
            f"Elasticsearch does not answer ({type(error).__name__}). "
            "Check SOUK_ELASTICSEARCH_URL and souk doctor."
        ) from error
    except (KeyError, TypeError, ValueError) as error:
        raise damaged(error) from error


@contextmanager
def _intact() -> Iterator[None]:
    """Turns a response of another shape into `IndexUnavailable`."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise damaged(error) from error
