"""The re-ranker beside its baselines, photo by photo, in every marketplace."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from catalog.search import Look
from ranking.evaluation import (
    QueryMeasures,
    System,
    by_reranker,
    by_scorer,
    by_similarity,
    measure,
    without_policy,
)
from ranking.grades import Truth
from ranking.judged import JudgedQuery
from ranking.measures import Interval
from ranking.reranker import Reranker
from ranking.scorers import LinearScorer
from ranking.summaries import interval, lift, means, of_marketplace, wins_losses
from service.judging import Networks, judged_photo
from service.shelves import Shelf

SEED = 20261124


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A photo after the forward passes, with its truth; `item_id` never answers itself."""

    query_id: str
    item_id: str
    look: Look
    truth: Truth


def systems_of(reranker: Reranker, blend: Mapping[str, float]) -> Mapping[str, System]:
    """What is compared: `model` is the score alone, `final` the whole step as shipped."""
    return {
        "model": by_scorer(reranker.scorer),
        "similarity": by_similarity,
        "linear": by_scorer(LinearScorer(blend)),
        "without_policy": without_policy(reranker.scorer),
        "final": by_reranker(reranker),
    }


@dataclass(kw_only=True)
class RankingReport:
    """Collects single queries; candidates are let go as soon as they are measured."""

    systems: Mapping[str, System]
    measures: dict[str, list[QueryMeasures]] = field(default_factory=dict)
    left_out: int = 0
    """Queries for which the gallery holds nothing relevant."""

    def judge(
        self,
        photos: Iterable[Asked],
        shelf: Shelf,
        networks: Networks,
        on_judged: Callable[[JudgedQuery, Truth], None] = lambda _, __: None,
    ) -> None:
        """Ask every photo in one marketplace."""
        everything = shelf.everything()
        for photo in photos:
            allowed = everything & ~shelf.alike(photo.item_id)
            query_id = f"{shelf.marketplace.id}:{photo.query_id}"
            judged = judged_photo(query_id, photo.look, photo.truth, shelf, networks, allowed)
            on_judged(judged, photo.truth)
            found = measure([judged], self.systems)
            self.left_out += not found["model"]
            for name, values in found.items():
                self.measures.setdefault(name, []).extend(values)

    def document(self) -> dict[str, object]:
        """The JSON of `souk evaluate ranking`; keys may be added, never renamed."""
        model = self.measures.get("model", [])
        if not model:
            return {"queries": 0, "left_out": self.left_out}
        markets = list(dict.fromkeys(m.marketplace for m in model))
        final = self.measures["final"]
        balance = wins_losses(model, self.measures["similarity"])
        return {
            "queries": len(model),
            "left_out": self.left_out,
            "marketplaces": {market: self._marketplace(market) for market in markets},
            "pooled": self._pooled(),
            "policy": self._policy(),
            "near_duplicates_first20": sum(m.duplicates20 > 0 for m in final),
            "wins": len(balance.wins),
            "losses": len(balance.losses),
            "ties": balance.ties,
            "systems": {name: _rounded(means(v)) for name, v in self.measures.items()},
            "ci": {
                "ndcg@10": {
                    name: _bounds(interval(values, "ndcg@10", seed=SEED))
                    for name, values in self.measures.items()
                }
            },
        }

    def _marketplace(self, market: str) -> dict[str, object]:
        own = {name: of_marketplace(values, market) for name, values in self.measures.items()}
        summed = {name: means(values) for name, values in own.items()}
        gain = lift(own["model"], own["similarity"], seed=SEED)
        return {
            "queries": len(own["model"]),
            **{
                key: {name: round(values[key], 4) for name, values in summed.items()}
                for key in ("ndcg@5", "ndcg@10", "ndcg@20", "mrr", "precision@10", "recall@100")
            },
            "lift_over_similarity": round(gain.mean, 4),
            "lift_ci": _bounds(gain),
        }

    def _pooled(self) -> dict[str, object]:
        model = self.measures["model"]
        over = lift(model, self.measures["similarity"], seed=SEED)
        against = lift(model, self.measures["linear"], seed=SEED)
        final = lift(self.measures["final"], model, seed=SEED)
        return {
            "lift_over_similarity": round(over.mean, 4),
            "lift_ci": _bounds(over),
            "against_linear": round(against.mean, 4),
            "against_linear_ci": _bounds(against),
            "final_against_model": round(final.mean, 4),
            "final_against_model_ci": _bounds(final),
        }

    def _policy(self) -> dict[str, object]:
        cost = lift(self.measures["model"], self.measures["without_policy"], seed=SEED)
        return {
            "mean_shrunk_rating_first10": {
                name: round(means(values)["mean_shrunk_rating@10"], 4)
                for name, values in self.measures.items()
            },
            "mean_price_position_first10": {
                name: round(means(values)["mean_price_position@10"], 4)
                for name, values in self.measures.items()
            },
            "ndcg@10_against_without_policy": round(cost.mean, 4),
            "ndcg@10_against_without_policy_ci": _bounds(cost),
        }


def _bounds(found: Interval) -> list[float]:
    return [round(found.low, 4), round(found.high, 4)]


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in values.items()}
