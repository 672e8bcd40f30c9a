"""The index in Elasticsearch: the same answers as the embedded one, from documents alone.

Similarities are computed again from the vectors that come back, in the one way that all engines share;
`_score` = (1 + cosine) / 2 only checks that the answer is no garbage. Every request has a deadline, on
this side and on the server's; an answer that a shard is missing from is no answer.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from elasticsearch import Elasticsearch
from elasticsearch.serializer import OrjsonSerializer

from catalog.products import Vector
from catalog.search import Candidate, Filters, Hits
from retrieval.checking import check_browse, check_marketplace, check_nearest
from retrieval.elastic_answers import (
    Ask,
    Body,
    Found,
    IndexGoneError,
    answering,
    body_of,
    check_whole,
    hits_of,
    intact,
    read_nearest,
    total_of,
    wider,
)
from retrieval.elastic_mapping import FETCHED, Documents, damaged
from retrieval.elastic_queries import browse_body, count_body, nearest_body
from retrieval.elastic_versions import PREFIX, ElasticVersion, find_version
from retrieval.index import (
    After,
    BrowseQuery,
    IndexUnavailable,
    IndexVersion,
    NearestQuery,
)

Answer = TypeVar("Answer")
_JSON = {"accept": "application/json", "content-type": "application/json"}
_LINES = {"accept": "application/json", "content-type": "application/x-ndjson"}


def connect(url: str, *, timeout_ms: int = 1000) -> Elasticsearch:
    """A client of the nodes at `url` (several: separated by commas). Make it after the fork.

    It does not retry: how often and how long is decided in one place, `resilience`. Answers are read by
    orjson: a hundred documents are 130 kB of JSON, which the standard library takes three times as long for.
    """
    return Elasticsearch(
        [node.strip() for node in url.split(",") if node.strip()],
        request_timeout=timeout_ms / 1000,
        serializer=OrjsonSerializer(),
        max_retries=0,
        retry_on_timeout=False,
        dead_node_backoff_factor=0.5,
        max_dead_node_backoff=2.0,
    )


@dataclass(frozen=True, slots=True)
class _Call:
    """One request of ours: the version that answers it, and the clock's time when it must be over."""

    present: ElasticVersion
    until: float


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
        self._timeout_s = timeout_ms / 1000
        self._prefix = prefix
        self._refresh_s = refresh_s
        self._clock = clock
        self._documents = Documents()
        self._lock = threading.Lock()
        self._looked = 0.0
        self._known: ElasticVersion | None = None

    @property
    def version(self) -> IndexVersion:
        return self._answer(lambda call: call.present.version)

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
        return self._answer(lambda call: self._nearest_of(call, queries))

    def browse_many(self, queries: Sequence[BrowseQuery]) -> tuple[Hits, ...]:
        return self._answer(lambda call: self._browse_of(call, queries))

    def get(self, marketplace: str, product_ids: Sequence[str]) -> tuple[Candidate, ...]:
        return self._answer(lambda call: self._get_of(call, marketplace, product_ids))

    def leaves(self) -> Mapping[str, Mapping[str, int]]:
        """Marketplace → leaf → listings, as of the last refresh."""
        return self._answer(self._leaves_of)

    def _leaves_of(self, call: _Call) -> Mapping[str, Mapping[str, int]]:
        found: dict[str, Mapping[str, int]] = {}
        for marketplace, index in call.present.indices.items():
            with answering():
                by_leaf = self._within(call).search(
                    index=index,
                    size=0,
                    aggs={"leaves": {"terms": {"field": "category", "size": 10_000}}},
                    allow_partial_search_results=False,
                )["aggregations"]["leaves"]["buckets"]
            found[marketplace] = {b["key"]: int(b["doc_count"]) for b in by_leaf}
        return found

    def _nearest_of(self, call: _Call, queries: Sequence[NearestQuery]) -> tuple[Hits, ...]:
        for query in queries:
            check_nearest(query, call.present.version, call.present.indices)
        answers: dict[int, Hits] = {}
        listings = call.present.listings
        asks = {
            i: Ask.first(query, listings[query.filters.marketplace])
            for i, query in enumerate(queries)
        }
        while asks:
            bodies = [
                (ask.query.filters.marketplace, nearest_body(ask.query, ask.wanted, ask.beam))
                for ask in asks.values()
            ]
            again: dict[int, Ask] = {}
            for (i, ask), response in zip(asks.items(), self._search(call, bodies), strict=True):
                found = read_nearest(ask.query, response)
                more = wider(ask, found, response)
                if more is None:
                    answers[i] = self._nearest_hits(call, ask.query, found, response)
                else:
                    again[i] = more
            asks = again
        return tuple(answers[i] for i in range(len(queries)))

    def _browse_of(self, call: _Call, queries: Sequence[BrowseQuery]) -> tuple[Hits, ...]:
        for query in queries:
            check_browse(query, call.present.indices)
        bodies = [(query.filters.marketplace, browse_body(query)) for query in queries]
        responses = self._search(call, bodies)
        return tuple(map(partial(self._browse_hits, call), queries, responses))

    def _get_of(
        self, call: _Call, marketplace: str, product_ids: Sequence[str]
    ) -> tuple[Candidate, ...]:
        check_marketplace(marketplace, call.present.indices)
        wanted = list(dict.fromkeys(product_ids))
        if not wanted:
            return ()
        with answering():
            documents = self._within(call).mget(
                index=call.present.indices[marketplace],
                ids=wanted,
                source_includes=FETCHED,
                realtime=False,
            )["docs"]
        if any("error" in found for found in documents):
            raise IndexUnavailable("A shard of Elasticsearch did not answer for a product.")
        return tuple(self._documents.candidates([d["_source"] for d in documents if d["found"]]))

    def _nearest_hits(self, call: _Call, query: NearestQuery, found: Found, response: Body) -> Hits:
        best = found.best[: query.k]
        candidates = self._documents.candidates(
            [found.sources[i] for i in best], found.looks[best], found.scores[best].tolist()
        )
        listed = partial(self._listed, call, query.filters.marketplace)
        return hits_of(query, candidates, response, listed)

    def _browse_hits(self, call: _Call, query: BrowseQuery, response: Body) -> Hits:
        with intact():
            sources = [hit["_source"] for hit in response["hits"]["hits"]]
        listed = partial(self._listed, call, query.filters.marketplace)
        return hits_of(query, self._documents.candidates(sources), response, listed)

    def _listed(self, call: _Call, marketplace: str) -> int:
        """How many the marketplace lists. None where the build wrote some: its shards lost their data."""
        response = self._post(call, f"{call.present.indices[marketplace]}/_search", count_body())
        check_whole(response)
        listed = total_of(response)
        if call.present.listings[marketplace] and not listed:
            raise IndexUnavailable("The index in Elasticsearch lost its documents. Build it again.")
        return listed

    def _search(self, call: _Call, bodies: Sequence[tuple[str, Body]]) -> list[Body]:
        """The responses of the version's indices; one search, or one multi-search."""
        if not bodies:
            return []
        if len(bodies) == 1:
            marketplace, body = bodies[0]
            responses = [self._post(call, f"{call.present.indices[marketplace]}/_search", body)]
        else:
            lines = [
                line
                for marketplace, body in bodies
                for line in (_header(call.present.indices[marketplace]), body)
            ]
            with intact():
                responses = self._post(call, "_msearch", lines)["responses"]
                if len(responses) != len(bodies):
                    raise damaged(f"{len(responses)} answers to {len(bodies)} searches")
        for (marketplace, _), response in zip(bodies, responses, strict=True):
            check_whole(response)
            if not total_of(response):
                self._listed(call, marketplace)
        return responses

    def _post(self, call: _Call, path: str, body: Body | Sequence[Body]) -> Body:
        """One request on the client's transport, held to what is left of the call's time.

        `Elasticsearch.options`, its way to a timeout of one's own, makes a new client each time: half
        a millisecond, a fifth of what this adapter may cost.
        """
        many = not isinstance(body, dict)
        with answering():
            answer = self._client.transport.perform_request(
                "POST",
                f"/{path}" if many else f"/{path}?allow_partial_search_results=false",
                headers=_LINES if many else _JSON,
                body=body,
                request_timeout=self._left(call.until),
            )
        return body_of(answer.meta.status, answer.body)

    def _answer(self, ask: Callable[[_Call], Answer]) -> Answer:
        """The answer of the present version; asked again once when its indices were removed."""
        until = self._clock() + self._timeout_s
        try:
            return ask(_Call(self._present(until), until))
        except IndexGoneError:
            self._known = None
        try:
            return ask(_Call(self._present(until), until))
        except IndexGoneError as error:
            raise IndexUnavailable(
                f"The index was removed while it was asked: {error}. See souk index status."
            ) from error

    def _within(self, call: _Call) -> Elasticsearch:
        """The client, held to what is left of the call's time."""
        return self._client.options(request_timeout=self._left(call.until))

    def _left(self, until: float) -> float:
        left = until - self._clock()
        if left <= 0:
            raise IndexUnavailable(f"Elasticsearch took longer than {self._timeout_s:.3g} s.")
        return left

    def _present(self, until: float) -> ElasticVersion:
        """The current version; looked up again when it is time and nobody else does."""
        known = self._known
        if known is not None and self._clock() - self._looked < self._refresh_s:
            return known
        if known is not None and not self._lock.acquire(blocking=False):
            return known
        if known is None and not self._lock.acquire(timeout=self._left(until)):
            raise IndexUnavailable("Elasticsearch does not say which index is current.")
        try:
            known = self._known = self._look_up(until)
            self._looked = self._clock()
            return known
        finally:
            self._lock.release()

    def _look_up(self, until: float) -> ElasticVersion:
        client = self._client.options(request_timeout=self._left(until))
        try:
            with answering():
                found = find_version(client, prefix=self._prefix)
        except IndexGoneError:
            found = None
        if found is None:
            raise IndexUnavailable(
                "No index is built in Elasticsearch. "
                "Build one: souk index build --engine elasticsearch."
            )
        return found


def _header(index: str) -> Body:
    return {"index": index, "allow_partial_search_results": False}
