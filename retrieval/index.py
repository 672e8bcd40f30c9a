"""What every index promises, so that the service never knows which engine answers.

Invariants, held by one contract test over all engines: candidates are distinct products of the asked
marketplace that pass every filter; they are ordered by similarity (popularity when browsing), highest
first, equal ones by product id; an answer with fewer than k says why in `Hits.shortfall`; the same bad
query is refused with the same `QueryRefused`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from catalog.products import Listing, Vector
from catalog.search import Candidate, Filters, Hits

VECTOR_WIDTH = 128
APPEARANCE_WIDTH = 32
MAX_K = 10_000
"""The most candidates that one query may ask for; Elasticsearch's own bound on `num_candidates`."""

EXHAUSTED = "exhausted"
"""The marketplace itself holds fewer listings than were asked for."""
FILTERED_OUT = "filtered_out"
"""The marketplace holds more, but the filters left fewer than were asked for."""


class IndexUnavailable(Exception):  # noqa: N818 - named for what the caller meets, as in `QueryRefused`
    """The engine cannot answer now: down, late, red, or nothing is built. The message names the fix."""


class IndexBuildError(Exception):
    """An index could not be built or failed its check; the one in use is untouched."""


class QueryRefused(ValueError):  # noqa: N818 - the outcome is the name; the service turns it into a 4xx
    """A query that no engine answers. `code` is stable; `message` says what to send instead."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def __eq__(self, other: object) -> bool:
        return isinstance(other, QueryRefused) and (self.code, self.message) == (
            other.code,
            other.message,
        )

    def __hash__(self) -> int:
        return hash((self.code, self.message))


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexVersion:
    """Which index answers. `id` changes with every build: a cursor that carries it names its snapshot."""

    engine: str
    id: str
    model: str
    """Version of the embedder whose vectors it holds."""
    taxonomy: str
    """Version of the locale files that gave the listings their leaves."""
    products: int
    """Listings over all marketplaces."""


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """Where the page before ended: the next answer starts strictly behind it.

    `score` is that candidate's similarity (its popularity when browsing), unrounded. A position in the
    order rather than a count: products written meanwhile neither repeat nor push anything out.
    """

    marketplace: str
    score: float
    product_id: str
    depth: int = 0
    """How many candidates came before; a hint for engines that cannot start in the middle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearestQuery:
    """The k listings most similar to `vector`, shape (128,), unit length."""

    vector: Vector = field(repr=False)
    filters: Filters
    k: int
    model: str | None = None
    """The embedder that made the vector; another than the index's is refused. None: not checked."""
    after: After | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowseQuery:
    """The k most popular listings that pass the filters."""

    filters: Filters
    k: int
    after: After | None = None


class Record(Protocol):
    """What an index is built from; `catalog.store.IndexRecord` is one."""

    @property
    def listing(self) -> Listing: ...
    @property
    def vector(self) -> Vector: ...
    @property
    def appearance(self) -> NDArray[np.float32]: ...


class CandidateIndex(Protocol):
    """Retrieval as the service sees it. Every read may raise `IndexUnavailable` or `QueryRefused`."""

    @property
    def version(self) -> IndexVersion: ...

    def nearest(
        self,
        vector: Vector,
        filters: Filters,
        k: int,
        *,
        model: str | None = None,
        after: After | None = None,
    ) -> Hits:
        """The k most similar listings that pass the filters."""

    def browse(self, filters: Filters, k: int, *, after: After | None = None) -> Hits:
        """The k most popular listings that pass the filters; similarity is 0."""

    def nearest_many(self, queries: Sequence[NearestQuery]) -> tuple[Hits, ...]:
        """One answer a query, in order, all from the same state of the index."""

    def browse_many(self, queries: Sequence[BrowseQuery]) -> tuple[Hits, ...]:
        """One answer a query, in order, all from the same state of the index."""

    def get(self, marketplace: str, product_ids: Sequence[str]) -> tuple[Candidate, ...]:
        """The known ones among the products, in the order asked, each once; similarity is 0."""


def shortfall(*, found: int, asked: int, total: int, listed: int) -> str | None:
    """Why fewer than `asked` came back: `listed` stand in the marketplace, `total` pass the filters."""
    if found >= asked:
        return None
    return FILTERED_OUT if total < listed else EXHAUSTED
