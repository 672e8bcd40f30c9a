from __future__ import annotations

import numpy as np

from ranking.blend_search import search_blend
from ranking.features import FEATURES, POSITION
from ranking.judged import RankingData
from ranking.scorers import LinearScorer
from ranking.training import UNLEARNT, mean_ndcg
from tests.ranking.trained import held_out, training_data


def test_the_search_finds_a_blend_that_beats_similarity_and_keeps_the_directions() -> None:
    weights = search_blend(training_data(), seed=1, passes=1, queries=60)
    data = RankingData.from_judged(held_out())
    found = mean_ndcg(LinearScorer(weights).score(data.features), data, 10)
    alone = mean_ndcg(data.features[:, POSITION["similarity"]].astype(np.float64), data, 10)
    assert found > alone
    directions = {feature.name: feature.monotone for feature in FEATURES}
    assert all(weight * directions[name] >= 0 for name, weight in weights.items())
    assert not set(weights) & UNLEARNT


def test_the_search_is_the_same_for_a_seed() -> None:
    ours, theirs = (search_blend(training_data(), seed=2, passes=1, queries=20) for _ in range(2))
    assert ours == theirs
