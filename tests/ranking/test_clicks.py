from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ranking.clicks import propensities, simulated_clicks
from ranking.features import POSITION
from ranking.judged import RankingData
from ranking.training import TrainingSettings, mean_ndcg, train_plain
from tests.ranking.trained import held_out, judged_queries

PAGES = judged_queries(range(100, 160)) * 8
RANDOM = [np.random.default_rng(i).permutation(len(p.candidates)) for i, p in enumerate(PAGES)]


def test_higher_places_are_clicked_more_though_no_better() -> None:
    clicks = simulated_clicks(PAGES, RANDOM, seed=1)
    assert clicks.positions is not None
    first, last = (clicks.grades[clicks.positions == p].mean() for p in (0, 19))
    assert first > last * 2


def test_propensities_of_randomised_pages_come_near_the_truth() -> None:
    """The simulated shopper looks at position p with chance 1 / (p + 1)."""
    found = propensities(simulated_clicks(PAGES, RANDOM, seed=2))
    assert found[0] == 1.0
    assert found[1] == pytest.approx(0.5, abs=0.15)
    assert found[4] == pytest.approx(0.2, abs=0.1)


def test_the_same_seed_gives_the_same_clicks() -> None:
    ours, theirs = (simulated_clicks(PAGES[:40], RANDOM[:40], seed=3) for _ in range(2))
    np.testing.assert_array_equal(ours.grades, theirs.grades)


def test_lightgbms_position_correction_learns_from_the_clicks() -> None:
    """Pages shown by a poor order: a model of corrected clicks beats that order on true grades."""
    poor = [np.argsort(-np.array([c.similarity for c in p.candidates])) for p in PAGES]
    clicks = simulated_clicks(PAGES, poor, seed=4)
    valid = replace(simulated_clicks(PAGES[:60], RANDOM[:60], seed=5), positions=None)
    settings = TrainingSettings(trees=30, leaves=7, least_rows=20, threads=1)
    model = train_plain(clicks, valid, settings, highest=1)
    truth = RankingData.from_judged(held_out())
    learned = np.asarray(model.predict(truth.features, num_threads=1), dtype=np.float64)
    shown = truth.features[:, POSITION["similarity"]].astype(np.float64)
    assert mean_ndcg(learned, truth, 10) > mean_ndcg(shown, truth, 10)


def test_what_nobody_clicked_is_refused() -> None:
    blank = [replace(p, grades=np.zeros_like(p.grades)) for p in PAGES[:3]]
    with pytest.raises(ValueError, match="none of 3 pages"):
        simulated_clicks(blank, RANDOM[:3], seed=6, noise=0.0)
    bare = simulated_clicks(PAGES[:40], RANDOM[:40], seed=3)
    with pytest.raises(ValueError, match="no positions"):
        propensities(replace(bare, positions=None))
