from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.search import RankedItem, Sort
from ranking.features import FEATURES, NAMES, RankingQuery
from ranking.reranker import Reranker
from ranking.scorers import LinearScorer
from ranking.simulation import SimulatedMarket
from tests.ranking.rows import Found, with_offer, with_product, without_anything

LINEAR = Reranker(LinearScorer())
QUIET = settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


def undiversified(query: RankingQuery) -> RankingQuery:
    ranking = replace(query.marketplace.ranking, diversity=0.0)
    return replace(query, marketplace=replace(query.marketplace, ranking=ranking))


def ids(items: Sequence[RankedItem]) -> list[str]:
    return [item.product_id for item in items]


@given(n=st.integers(0, 200), limit=st.integers(-1, 210))
@QUIET
def test_no_product_is_lost_or_invented(
    n: int, limit: int, found: Found, query: RankingQuery
) -> None:
    items = LINEAR.rank(found[:n], query, limit=limit)
    shown = [i for item in items for i in (item.product_id, *item.duplicates)]
    assert len(items) <= max(limit, 0)
    assert len(shown) == len(set(shown))
    assert set(shown) <= {c.product_id for c in found[:n]}
    if limit >= n:
        assert sorted(shown) == sorted(c.product_id for c in found[:n])
    assert [item.organic_position for item in items] == list(range(1, len(items) + 1))


def test_out_of_stock_comes_last_in_every_sort(found: Found, query: RankingQuery) -> None:
    for sort in Sort:
        stocked = [
            item.candidate.listing.offer.available
            for item in LINEAR.rank(found, query, limit=200, sort=sort)
        ]
        assert stocked == sorted(stocked, reverse=True)
        assert not all(stocked)


def test_duplicates_never_share_a_page(found: Found, query: RankingQuery) -> None:
    items = LINEAR.rank(found, query, limit=200)
    groups = [g for item in items if (g := item.candidate.listing.product.group_id)]
    assert len(groups) == len(set(groups))
    assert any(item.duplicates for item in items)


@pytest.mark.slow
def test_planted_duplicates_never_share_the_first_twenty(found: Found, query: RankingQuery) -> None:
    """A thousand lists of sixty, each with its own twenty groups of two to six duplicates."""
    for seed in range(1000):
        rng = np.random.default_rng(seed)
        drawn = [found[i] for i in rng.permutation(len(found))[:60]]
        planted = [with_product(c, group_id=f"G{rng.integers(20)}") for c in drawn]
        page = LINEAR.rank(planted, query, limit=20)
        groups = [item.candidate.listing.product.group_id for item in page]
        assert len(groups) == len(set(groups))


def test_the_order_follows_the_score_without_diversity(found: Found, query: RankingQuery) -> None:
    items = LINEAR.rank(found, undiversified(query), limit=200)
    scores = [item.score for item in items if item.candidate.listing.offer.available]
    assert scores == sorted(scores, reverse=True)


def test_permuting_ids_does_not_change_the_order(found: Found, query: RankingQuery) -> None:
    renamed = [with_product(c, product_id=f"X{199 - i:04d}") for i, c in enumerate(found)]
    new_name = {c.product_id: r.product_id for c, r in zip(found, renamed, strict=True)}
    ours, theirs = LINEAR.rank(found, query, limit=200), LINEAR.rank(renamed, query, limit=200)
    assert [new_name[i] for i in ids(ours)] == ids(theirs)


def test_permuting_ratings_and_prices_changes_the_order(found: Found, query: RankingQuery) -> None:
    rng = np.random.default_rng(1)
    offers = [found[i].listing.offer for i in rng.permutation(len(found))]
    other = [
        with_offer(c, rating=o.rating, rating_count=o.rating_count, price=o.price)
        for c, o in zip(found, offers, strict=True)
    ]
    ours, theirs = LINEAR.rank(found, query, limit=50), LINEAR.rank(other, query, limit=50)
    assert ids(ours) != ids(theirs)


def test_of_two_products_alike_the_better_rated_comes_first(
    found: Found, query: RankingQuery
) -> None:
    twin = with_product(with_offer(found[0], available=True), group_id=None)
    worse = with_offer(with_product(twin, product_id="worse"), rating=3.0, rating_count=400)
    better = with_offer(with_product(twin, product_id="better"), rating=4.8, rating_count=400)
    for pair in ((worse, better), (better, worse)):
        assert ids(LINEAR.rank(pair, query, limit=2)) == ["better", "worse"]


def test_the_very_product_of_the_photo_comes_first_whatever_its_offer(
    found: Found, query: RankingQuery
) -> None:
    bad = with_offer(with_product(found[40], product_id="itself"), rating=1.0, rating_count=900)
    itself = replace(bad, similarity=0.999)
    itself = with_offer(itself, available=True, prime=False)
    assert ids(LINEAR.rank((*found[:40], itself), query, limit=5))[0] == "itself"
    almost = replace(itself, similarity=0.7)
    assert ids(LINEAR.rank((*found[:40], almost), query, limit=5))[0] != "itself"


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        (Sort.PRICE_ASC, lambda o: o.price.amount_minor),
        (Sort.PRICE_DESC, lambda o: -o.price.amount_minor),
        (Sort.RATING, lambda o: -(o.rating or 0.0)),
    ],
)
def test_other_sorts_order_by_the_offer(
    sort: Sort, key: Callable[[object], float], found: Found, query: RankingQuery
) -> None:
    items = LINEAR.rank(found, query, limit=200, sort=sort)
    keys = [key(i.candidate.listing.offer) for i in items if i.candidate.listing.offer.available]
    assert keys == sorted(keys)


def test_newest_first_puts_an_unknown_date_last(found: Found, query: RankingQuery) -> None:
    three = [
        with_offer(
            with_product(found[n], product_id=str(day), group_id=None),
            available=True,
            listed_on=day,
        )
        for n, day in enumerate((None, "2026-01-01", "2026-10-01"))
    ]
    assert ids(LINEAR.rank(three, query, limit=3, sort=Sort.NEWEST)) == [
        "2026-10-01",
        "2026-01-01",
        "None",
    ]


def test_contributions_sum_to_the_score(found: Found, query: RankingQuery) -> None:
    for item in LINEAR.rank(found, query, limit=10, explain=True):
        assert item.contributions is not None
        assert set(item.contributions) == {*NAMES, "bias"}
        assert sum(item.contributions.values()) == pytest.approx(item.score, abs=1e-6)


def test_a_page_chosen_later_is_explained_alike(found: Found, query: RankingQuery) -> None:
    whole = LINEAR.rank(found, query, limit=200, explain=True)
    page = [replace(item, contributions=None) for item in whole[40:50]]
    assert LINEAR.explain(page, found, query) == whole[40:50]


def test_a_pinned_stranger_has_no_contributions(found: Found, query: RankingQuery) -> None:
    stranger = RankedItem(
        candidate=with_product(found[0], product_id="pinned"), score=0.0, organic_position=1
    )
    assert LINEAR.explain([stranger], found[1:], query)[0].contributions is None


def test_nothing_is_ranked_to_nothing(query: RankingQuery) -> None:
    for explain in (False, True):
        assert LINEAR.rank((), query, limit=10, explain=explain) == ()


def test_products_of_which_nothing_is_known_are_ranked_and_finite(
    market: SimulatedMarket, found: Found, query: RankingQuery
) -> None:
    blind = [
        with_product(without_anything(c), product_id=f"B{i}") for i, c in enumerate(found[:20])
    ]
    items = LINEAR.rank(blind, replace(query, neighbours=()), limit=20)
    assert len(items) == 20
    assert all(np.isfinite(item.score) for item in items)
    assert market.marketplace.id == "in"


def test_the_linear_blend_keeps_the_tables_directions() -> None:
    """The stand-in never works against a stated direction."""
    scorer = LinearScorer()
    base = np.array([[f.default for f in FEATURES]], dtype=np.float32)
    for column, feature in enumerate(FEATURES):
        higher = base.copy()
        higher[0, column] += 0.1
        change = scorer.score(higher)[0] - scorer.score(base)[0]
        assert feature.monotone == 0 or change * feature.monotone >= 0
