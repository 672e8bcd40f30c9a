"""The oracle: every listing compared, in plain numpy and plain Python, for tests and checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from catalog.products import Vector
from catalog.search import Candidate, Filters, Hits
from retrieval.checking import check_browse, check_marketplace, check_nearest
from retrieval.filtering import passes
from retrieval.index import After, BrowseQuery, IndexVersion, NearestQuery, Record, shortfall
from retrieval.ordering import best_first, similarities


class ExactIndex:
    """A `CandidateIndex` over records in memory; slow, and right by inspection."""

    def __init__(
        self,
        records: Mapping[str, Iterable[Record]],
        *,
        model: str = "exact",
        taxonomy: str = "exact",
    ) -> None:
        self._records = {
            m: {r.listing.product.product_id: r for r in rs} for m, rs in records.items()
        }
        self.version = IndexVersion(
            engine="exact",
            id="exact",
            model=model,
            taxonomy=taxonomy,
            products=sum(map(len, self._records.values())),
        )

    def nearest(
        self,
        vector: Vector,
        filters: Filters,
        k: int,
        *,
        model: str | None = None,
        after: After | None = None,
    ) -> Hits:
        query = NearestQuery(vector=vector, filters=filters, k=k, model=model, after=after)
        check_nearest(query, self.version, self._records)
        return self._answer(
            query, lambda rs: similarities(np.stack([r.vector for r in rs]), vector)
        )

    def browse(self, filters: Filters, k: int, *, after: After | None = None) -> Hits:
        query = BrowseQuery(filters=filters, k=k, after=after)
        check_browse(query, self._records)
        return self._answer(query, lambda rs: np.array([r.listing.offer.popularity for r in rs]))

    def nearest_many(self, queries: Sequence[NearestQuery]) -> tuple[Hits, ...]:
        return tuple(
            self.nearest(q.vector, q.filters, q.k, model=q.model, after=q.after) for q in queries
        )

    def browse_many(self, queries: Sequence[BrowseQuery]) -> tuple[Hits, ...]:
        return tuple(self.browse(q.filters, q.k, after=q.after) for q in queries)

    def get(self, marketplace: str, product_ids: Sequence[str]) -> tuple[Candidate, ...]:
        check_marketplace(marketplace, self._records)
        known = self._records[marketplace]
        return tuple(_candidate(known[i], 0.0) for i in dict.fromkeys(product_ids) if i in known)

    def _answer(
        self,
        query: NearestQuery | BrowseQuery,
        score: Callable[[Sequence[Record]], np.typing.NDArray[np.float64]],
    ) -> Hits:
        listed = self._records[query.filters.marketplace]
        matching = [r for r in listed.values() if passes(r.listing, query.filters)]
        if not matching:
            why = shortfall(found=0, asked=query.k, total=0, listed=len(listed))
            return Hits(candidates=(), total=0, shortfall=why)
        scores = score(matching)
        ids = np.array([r.listing.product.product_id.encode() for r in matching])
        best = best_first(scores, ids, query.k, query.after)
        similar = isinstance(query, NearestQuery)
        return Hits(
            candidates=tuple(
                _candidate(matching[i], float(scores[i]) if similar else 0.0) for i in best
            ),
            total=len(matching),
            shortfall=shortfall(
                found=len(best), asked=query.k, total=len(matching), listed=len(listed)
            ),
        )


def _candidate(record: Record, similarity: float) -> Candidate:
    return Candidate(
        listing=record.listing,
        similarity=similarity,
        vector=record.vector,
        appearance=record.appearance,
    )
