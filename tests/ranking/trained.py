"""Judged simulated queries and one small model, made once a session."""

from __future__ import annotations

from functools import cache

from ranking.judged import JudgedQuery, RankingData, judge
from ranking.simulation import SimulatedMarket, nearest, simulated_market, simulated_query
from ranking.training import TrainedTrees, TrainingSettings, train_trees

SMALL = TrainingSettings(trees=40, leaves=15, least_rows=20, threads=1, patience=10)


@cache
def training_market() -> SimulatedMarket:
    return simulated_market(products=700, seed=11)


def judged_queries(seeds: range) -> tuple[JudgedQuery, ...]:
    market = training_market()
    found = []
    for seed in seeds:
        query, truth = simulated_query(market, seed=seed)
        candidates = nearest(market.candidates, query.look.vector, 120)
        found.append(judge(f"q{seed}", query, candidates, truth, market.candidates))
    return tuple(found)


@cache
def held_out() -> tuple[JudgedQuery, ...]:
    return judged_queries(range(5000, 5060))


@cache
def training_data() -> RankingData:
    return RankingData.from_judged(judged_queries(range(100, 220)))


@cache
def trained() -> TrainedTrees:
    valid = RankingData.from_judged(judged_queries(range(900, 940)))
    return train_trees(training_data(), valid, SMALL)
