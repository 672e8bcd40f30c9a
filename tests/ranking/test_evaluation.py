from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ranking.evaluation import by_reranker, by_scorer, by_similarity, measure, without_policy
from ranking.reranker import Reranker
from ranking.scorers import LinearScorer
from tests.ranking.trained import held_out

LINEAR = LinearScorer()


def test_every_system_is_measured_on_the_same_queries() -> None:
    systems = {
        "similarity": by_similarity,
        "model": by_scorer(LINEAR),
        "relevance": without_policy(LINEAR),
        "final": by_reranker(Reranker(LINEAR)),
    }
    found = measure(held_out(), systems)
    orders = {name: [m.query_id for m in values] for name, values in found.items()}
    assert len(set(map(tuple, orders.values()))) == 1
    mean = {name: np.mean([m.ndcg[10] for m in values]) for name, values in found.items()}
    assert mean["model"] > mean["similarity"]
    assert all(m.duplicates20 == 0.0 for m in found["final"])
    assert any(m.duplicates20 > 0.0 for m in found["similarity"])


def test_silenced_policy_gives_up_rating() -> None:
    found = measure(held_out(), {"with": by_scorer(LINEAR), "without": without_policy(LINEAR)})
    rating = {name: np.mean([m.rating10 for m in values]) for name, values in found.items()}
    assert rating["with"] > rating["without"]


def test_a_query_with_nothing_relevant_is_left_out() -> None:
    one = held_out()[0]
    empty = replace(one, ideal=np.zeros_like(one.ideal))
    assert len(measure([one, empty], {"s": by_similarity})["s"]) == 1


def test_a_query_without_candidates_scores_nothing() -> None:
    one = held_out()[0]
    bare = replace(one, candidates=(), grades=one.grades[:0])
    (found,) = measure([bare], {"s": by_similarity})["s"]
    assert found.ndcg[10] == 0.0
    assert found.precision10 == pytest.approx(0.0)
    assert found.order == ()
