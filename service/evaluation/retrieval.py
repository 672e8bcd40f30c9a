"""Precision of plain nearest neighbours, in the catalogue and in the wild, over one gallery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from catalog.concepts import ConceptTree
from ranking.measures import bootstrap_mean
from service.evaluation.seen import Asker, SeenPhoto

DEPTH = 10
SEED = 20260101


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One photo's precision among its ten nearest products."""

    wild: bool
    concepts: tuple[str, ...]
    precision: float


@dataclass(slots=True)
class RetrievalReport:
    """A product is right when its concept is, or stands below, one of the photo's."""

    tree: ConceptTree
    judged: list[Judged] = field(default_factory=list)

    def judge(self, seen: SeenPhoto, asker: Asker, *, wild: bool) -> None:
        found = [c.listing.product.concept for c in asker.plain(seen)]
        self.count(seen.labelled.concepts, found, wild=wild)

    def count(self, concepts: tuple[str, ...], found: Sequence[str], *, wild: bool) -> None:
        """One photo's label and the concepts of its nearest products, of which DEPTH are wanted."""
        right = [self.tree.meets(concept, concepts) for concept in found[:DEPTH]]
        self.judged.append(Judged(wild=wild, concepts=concepts, precision=sum(right) / DEPTH))

    def document(self) -> dict[str, object]:
        """The gap is over the concepts that both the catalogue and the wild photos name."""
        common = self._common()
        catalogue = [j.precision for j in self.judged if not j.wild]
        wild = [j.precision for j in self.judged if j.wild]
        common_catalogue = [j.precision for j in self.judged if not j.wild and j.concepts in common]
        common_wild = [j.precision for j in self.judged if j.wild and j.concepts in common]
        gap = None
        if common_catalogue and common_wild:
            gap = round(float(np.mean(common_catalogue) - np.mean(common_wild)), 4)
        return {
            "queries": len(catalogue),
            "precision@10": _mean(catalogue),
            "wild_queries": len(wild),
            "wild_precision@10": _mean(wild),
            "gap": gap,
            "common": {
                "labels": len(common),
                "queries": len(common_catalogue),
                "precision@10": _mean(common_catalogue),
                "wild_queries": len(common_wild),
                "wild_precision@10": _mean(common_wild),
            },
            "ci": {
                "precision@10": _interval(catalogue),
                "wild_precision@10": _interval(wild),
                "common.precision@10": _interval(common_catalogue),
                "common.wild_precision@10": _interval(common_wild),
            },
        }

    def _common(self) -> set[tuple[str, ...]]:
        """Labels of the one side that a label of the other meets, on both sides."""
        catalogue = {j.concepts for j in self.judged if not j.wild}
        wild = {j.concepts for j in self.judged if j.wild}
        shared: set[tuple[str, ...]] = set()
        for a in catalogue:
            for b in wild:
                if any(self.tree.meets(c, b) for c in a) or any(self.tree.meets(c, a) for c in b):
                    shared |= {a, b}
        return shared


def _mean(values: Sequence[float]) -> float | None:
    return round(float(np.mean(values)), 4) if values else None


def _interval(values: Sequence[float]) -> list[float] | None:
    if not values:
        return None
    interval = bootstrap_mean(values, seed=SEED)
    return [round(interval.low, 4), round(interval.high, 4)]
