"""Judged queries: a photo as the networks saw it, its candidates, and their grades as labels.

Invariant: the grades stand beside the rows and never in them; `RankingData` computes its features
with the very function that serves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog.search import Candidate
from ranking.features import RankingQuery, feature_matrix
from ranking.grades import Truth, grades

IDEAL = 50
"""How many of the gallery's best grades are kept for the ideal order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedQuery:
    """One photo in one marketplace, with what was retrieved for it."""

    query_id: str
    query: RankingQuery
    candidates: tuple[Candidate, ...]
    grades: NDArray[np.int8]
    """By candidate."""
    ideal: NDArray[np.int8]
    """The highest grades that the gallery holds, retrieved or not, falling; at most IDEAL."""
    relevant: int
    """How many products of the gallery have a grade above 0."""


def judge(
    query_id: str,
    query: RankingQuery,
    candidates: Sequence[Candidate],
    truth: Truth,
    gallery: Sequence[Candidate],
) -> JudgedQuery:
    """Grades of the candidates, and the ideal of the whole gallery, from the photo's truth."""
    everything = grades(truth, [c.listing.product for c in gallery], query.tree)
    return JudgedQuery(
        query_id=query_id,
        query=query,
        candidates=tuple(candidates),
        grades=grades(truth, [c.listing.product for c in candidates], query.tree),
        ideal=np.sort(everything)[::-1][:IDEAL],
        relevant=int((everything > 0).sum()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingData:
    """What a trainer reads: rows query by query. `positions`: where a row was shown, for click logs."""

    features: NDArray[np.float32]
    grades: NDArray[np.int64]
    sizes: NDArray[np.int64]
    positions: NDArray[np.int64] | None = None

    @classmethod
    def from_judged(cls, judged: Sequence[JudgedQuery]) -> RankingData:
        """Queries without a relevant candidate teach nothing and are left out; ValueError if all are."""
        kept = [one for one in judged if (one.grades > 0).any()]
        if not kept:
            raise ValueError(
                f"none of {len(judged)} queries has a relevant candidate. Check labels and gallery."
            )
        return cls(
            features=np.concatenate([feature_matrix(one.candidates, one.query) for one in kept]),
            grades=np.concatenate([one.grades for one in kept]).astype(np.int64),
            sizes=np.array([len(one.candidates) for one in kept], dtype=np.int64),
        )

    @property
    def queries(self) -> list[slice]:
        """The rows of each query."""
        ends = np.cumsum(self.sizes)
        return [slice(int(e - s), int(e)) for s, e in zip(self.sizes, ends, strict=True)]
