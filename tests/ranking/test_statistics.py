from __future__ import annotations

import numpy as np
import pytest

from catalog.marketplaces import RankingDefaults
from catalog.products import Listing
from ranking.simulation import SimulatedMarket
from ranking.statistics import MarketStatistics


def listings(market: SimulatedMarket) -> list[Listing]:
    return [candidate.listing for candidate in market.candidates]


def test_a_category_without_listings_answers_with_the_marketplace(market: SimulatedMarket) -> None:
    rows = market.statistics.rows_of(["all.kurti", "all.sofa"])
    assert rows[1] == 0
    assert rows[0] > 0


def test_a_rating_without_reviews_is_the_categorys_mean(market: SimulatedMarket) -> None:
    rows = market.statistics.rows_of(["all.kurti", "all.kurti"])
    shrunk = market.statistics.shrunk_rating(rows, np.array([np.nan, 5.0]), np.array([50.0, 0.0]))
    assert shrunk == pytest.approx([market.statistics.rating_mean[rows[0]]] * 2)


def test_many_reviews_outweigh_the_prior(market: SimulatedMarket) -> None:
    rows = market.statistics.rows_of(["all.kurti"])
    many = market.statistics.shrunk_rating(rows, np.array([4.9]), np.array([1e6]))
    assert many == pytest.approx([4.9], abs=1e-3)


def test_price_positions_rise_with_the_price(market: SimulatedMarket) -> None:
    prices = np.linspace(0, 1e6, 50)
    rows = np.zeros(50, dtype=np.intp)
    positions = market.statistics.price_position(rows, prices)
    assert (np.diff(positions) >= 0).all()
    assert positions[0] == 0.0
    assert positions[-1] == 1.0


def test_no_listings_answer_with_the_prior() -> None:
    nothing = MarketStatistics.from_listings("in", [], RankingDefaults(rating_prior=3.7))
    rows = nothing.rows_of(["anything"])
    assert nothing.shrunk_rating(rows, np.array([np.nan]), np.array([0.0])) == pytest.approx([3.7])
    assert nothing.listings == 0


def test_the_order_of_listings_does_not_matter(market: SimulatedMarket) -> None:
    turned = MarketStatistics.from_listings(
        "in", reversed(listings(market)), market.marketplace.ranking
    )
    for category in ("all.kurti", "all.saree"):
        ours, theirs = market.statistics.rows[category], turned.rows[category]
        assert market.statistics.rating_mean[ours] == pytest.approx(turned.rating_mean[theirs])
        assert market.statistics.price_quantiles[ours] == pytest.approx(
            turned.price_quantiles[theirs]
        )
