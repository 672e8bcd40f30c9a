"""One simulated marketplace for all tests of this room; it is read, never changed."""

from __future__ import annotations

import pytest
from hypothesis import settings

from ranking.query import RankingQuery
from ranking.simulation import SimulatedMarket, nearest, simulated_market, simulated_query
from tests.ranking.rows import Found

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def market() -> SimulatedMarket:
    return simulated_market(products=800, seed=3)


@pytest.fixture(scope="session")
def query(market: SimulatedMarket) -> RankingQuery:
    return simulated_query(market, seed=5)[0]


@pytest.fixture(scope="session")
def found(market: SimulatedMarket, query: RankingQuery) -> Found:
    return nearest(market.candidates, query.look.vector, 200)
