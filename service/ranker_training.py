"""From judged queries to a shipped ranker: learn, stop, choose the size, measure on brands never seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from ranking.blend_search import search_blend
from ranking.evaluation import System, by_scorer, by_similarity, measure, without_policy
from ranking.features import GROUPS, NAMES, feature_names
from ranking.judged import JudgedQuery, RankingData
from ranking.scorers import LinearScorer, TreeScorer
from ranking.summaries import lift, means, of_marketplace
from ranking.training import TrainedTrees, TrainingSettings, train_trees


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedParts:
    """Searches and made-up slots to learn from, searches to stop by and to measure on."""

    train: tuple[JudgedQuery, ...]
    valid: tuple[JudgedQuery, ...]
    test: tuple[JudgedQuery, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranker:
    """The trees, the best linear blend of the same data, and what was measured."""

    trees: TrainedTrees
    blend: Mapping[str, float]
    facts: Mapping[str, object]


def train_ranker(parts: JudgedParts, settings: TrainingSettings, *, ablate: bool) -> Ranker:
    """Learn and measure; `ablate` learns once more without each group of features."""
    train, valid = RankingData.from_judged(parts.train), RankingData.from_judged(parts.valid)
    trees = train_trees(train, valid, settings)
    scorer = _scorer(trees, "model")
    blend = search_blend(train, seed=settings.seed)
    systems: dict[str, System] = {
        "similarity": by_similarity,
        "linear": by_scorer(LinearScorer(blend)),
        "model": by_scorer(scorer),
        "without_policy": without_policy(scorer),
    }
    if ablate:
        systems |= _ablations(train, valid, settings)
    facts = {
        "trained_on": {
            "queries": len(train.sizes),
            "rows": len(train.grades),
            "stopped_by": len(valid.sizes),
        },
        "settings": {
            name: sorted(value) if isinstance(value, frozenset) else value
            for name, value in asdict(settings).items()
        },
        "trees": trees.trees,
        "curve": [asdict(point) for point in trees.curve],
        "linear": dict(blend),
        "test": measured(parts.test, systems, seed=settings.seed),
    }
    return Ranker(trees=trees, blend=blend, facts=facts)


def measured(
    judged: Sequence[JudgedQuery], systems: Mapping[str, System], *, seed: int
) -> dict[str, object]:
    """Means of every system, lifts of the model over the others, per marketplace and pooled."""
    found = measure(judged, systems)
    model = found["model"]
    if not model:
        return {"queries": 0}
    markets = sorted({m.marketplace for m in model})
    return {
        "queries": len(model),
        "pooled": {name: _rounded(means(values)) for name, values in found.items()},
        "lift_of_model_in_ndcg@10": {
            name: [round(value, 4) for value in (gap.mean, gap.low, gap.high)]
            for name, values in found.items()
            if name != "model"
            for gap in [lift(model, values, seed=seed)]
        },
        "ndcg@10": {
            market: {
                name: round(means(of_marketplace(values, market))["ndcg@10"], 4)
                for name, values in found.items()
            }
            for market in markets
        },
    }


def _ablations(
    train: RankingData, valid: RankingData, settings: TrainingSettings
) -> dict[str, System]:
    """The model without each group of features that it may see."""
    systems: dict[str, System] = {}
    for group in GROUPS:
        names = feature_names(group)
        if names <= settings.hidden or len(names) == len(NAMES):
            continue
        without = train_trees(train, valid, replace(settings, hidden=settings.hidden | names))
        systems[f"without_{group}"] = by_scorer(_scorer(without, group))
    return systems


def _scorer(trees: TrainedTrees, version: str) -> TreeScorer:
    return TreeScorer(
        trees.text,
        version,
        policy_weight=trees.policy_weight,
        acceptance_weight=trees.acceptance_weight,
    )


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in values.items()}
