"""Reading Elasticsearch's answers: what counts as one, and what to ask again.

Everything that goes wrong between the client and a whole, sane answer becomes `IndexUnavailable` here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

import numpy as np
from elastic_transport import TransportError
from elasticsearch import ApiError
from numpy.typing import NDArray

from catalog.search import Candidate, Filters, Hits
from retrieval.elastic_mapping import damaged, looks_of
from retrieval.elastic_queries import beam_of
from retrieval.index import (
    MAX_K,
    VECTOR_WIDTH,
    BrowseQuery,
    IndexUnavailable,
    NearestQuery,
    shortfall,
)
from retrieval.ordering import SLACK, best_first, similarities

_SCORE_TOLERANCE = 0.02
"""How far `_score` may lie from the cosine of the document's own vector before it counts as garbage."""

_TIES = 3
"""How many more than k are asked for, so that equal ones at the edge are ordered by id, not by chance."""

Body = dict[str, Any]


class IndexGoneError(Exception):
    """The index of the version at hand was removed by later swaps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One search for the nearest: how many are wanted, and the beam of the graph search."""

    query: NearestQuery
    wanted: int
    beam: int

    @classmethod
    def first(cls, query: NearestQuery, listings: int) -> Ask:
        """`listings`: how many the marketplace holds."""
        depth = 0 if query.after is None else query.after.depth
        wanted = min(MAX_K, depth + query.k + _TIES)
        return cls(query=query, wanted=wanted, beam=beam_of(wanted, listings))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one search gave, in the shared order, from the cursor on."""

    sources: Sequence[Mapping[str, str]]
    looks: NDArray[np.float32]
    scores: NDArray[np.float64]
    best: Sequence[int]
    """Positions in them, best first, k and all that tie or follow."""


def read_nearest(query: NearestQuery, response: Body) -> Found:
    """The hits with their exact similarities; refuses scores that do not belong to the vectors.

    A hit with the score 0 only passed the filter: the graph did not find it, and it fills the page.
    """
    with intact():
        hits = [hit for hit in response["hits"]["hits"] if hit["_score"] > 0]
        sources = [hit["_source"] for hit in hits]
        looks = looks_of(sources)
        scores = similarities(looks[:, :VECTOR_WIDTH], query.vector)
        served = np.array([hit["_score"] for hit in hits], np.float64)
        if hits and float(np.abs(2 * served - 1 - scores).max()) > _SCORE_TOLERANCE:
            raise damaged("its score is not that of its vector")
        ids = np.array([hit["_id"].encode() for hit in hits], dtype=np.bytes_)
        best = best_first(scores, ids, len(hits), query.after)
    return Found(sources=sources, looks=looks, scores=scores, best=best.tolist())


def wider(ask: Ask, found: Found, response: Body) -> Ask | None:
    """What to ask instead, when more was to be had or equals stand at the edge; None: it is enough."""
    got, total = len(found.sources), total_of(response)
    if got < min(ask.wanted, total):
        # the graph lost some; a beam as wide as what passes makes the search exhaustive
        beam = min(MAX_K, max(total, ask.beam))
        return None if beam == ask.beam else replace(ask, beam=beam)
    if got >= total or ask.wanted >= MAX_K or _edge_is_clear(ask.query, found):
        return None
    wanted = min(MAX_K, 2 * ask.wanted)
    return replace(ask, wanted=wanted, beam=max(ask.beam, min(MAX_K, 2 * wanted)))


def _edge_is_clear(query: NearestQuery, found: Found) -> bool:
    """Whether k lie behind the cursor, and the k-th is farther from what was not fetched than a tie."""
    if len(found.best) < query.k:
        return False
    return float(found.scores[found.best[query.k - 1]] - found.scores.min()) > SLACK


def hits_of(
    query: NearestQuery | BrowseQuery,
    candidates: Sequence[Candidate],
    response: Body,
    listed: Callable[[], int],
) -> Hits:
    """`listed`: how many the marketplace lists; asked only where fewer than k came back."""
    total, why = total_of(response), None
    if len(candidates) < query.k:
        restricted = query.filters != Filters(marketplace=query.filters.marketplace)
        everything = listed() if restricted else total
        why = shortfall(found=len(candidates), asked=query.k, total=total, listed=everything)
    return Hits(candidates=tuple(candidates), total=total, shortfall=why)


def total_of(response: Body) -> int:
    """How many pass the filters."""
    with intact():
        return int(response["hits"]["total"]["value"])


def check_whole(response: Body) -> None:
    """An answer that a shard is missing from, or that time cut short, counts as none."""
    if response.get("status") == HTTPStatus.NOT_FOUND:
        raise IndexGoneError(str(response.get("error"))[:200])
    shards = response.get("_shards", {})
    if "error" in response or shards.get("failed", 1) or response.get("timed_out", True):
        raise IndexUnavailable(
            f"Elasticsearch answered in part only: {str(response.get('error', shards))[:200]}. "
            "See its cluster health."
        )


def body_of(status: int, body: object) -> Body:
    """The JSON object of an answer with that HTTP status."""
    if status == HTTPStatus.NOT_FOUND:
        raise IndexGoneError(str(body)[:200])
    if status >= HTTPStatus.BAD_REQUEST:
        raise IndexUnavailable(
            f"Elasticsearch refused with status {status}: {str(body)[:200]}. See its log."
        )
    if not isinstance(body, dict):
        raise damaged("no JSON object")
    return body


@contextmanager
def answering() -> Iterator[None]:
    """Turns what the client raises into `IndexUnavailable`, with what to look at."""
    try:
        yield
    except ApiError as error:
        body_of(error.status_code, error.body)
        raise IndexUnavailable(f"Elasticsearch refused: {error}.") from error
    except TransportError as error:
        raise IndexUnavailable(
            f"Elasticsearch does not answer ({type(error).__name__}). "
            "Check SOUK_ELASTICSEARCH_URL and souk doctor."
        ) from error
    except (KeyError, TypeError, ValueError) as error:
        raise damaged(error) from error


@contextmanager
def intact() -> Iterator[None]:
    """Turns a response of another shape into `IndexUnavailable`."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise damaged(error) from error
