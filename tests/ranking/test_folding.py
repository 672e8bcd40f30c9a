from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from catalog.search import RankedItem
from ranking.folding import fold
from ranking.simulation import simulated_market
from tests.ranking.rows import item, with_offer, with_product

CANDIDATES = simulated_market(products=12, seed=1).candidates


@st.composite
def lists(draw: st.DrawFn) -> list[RankedItem]:
    groups = draw(st.lists(st.sampled_from([None, "a", "b", "c"]), min_size=0, max_size=12))
    items = []
    for number, group in enumerate(groups):
        candidate = with_product(CANDIDATES[number], group_id=group)
        candidate = with_offer(candidate, available=draw(st.booleans()))
        items.append(item(candidate, draw(st.floats(-3, 3))))
    return items


@given(lists())
def test_folding_twice_is_folding_once(items: list[RankedItem]) -> None:
    once = fold(items)
    assert fold(once) == once


@given(lists())
def test_no_id_is_lost_and_none_appears_twice(items: list[RankedItem]) -> None:
    ids = [i for kept in fold(items) for i in (kept.product_id, *kept.duplicates)]
    assert sorted(ids) == sorted(i.product_id for i in items)


@given(lists())
def test_the_representative_is_in_stock_if_any_is_and_has_the_best_score(
    items: list[RankedItem],
) -> None:
    for kept in fold(items):
        group = kept.candidate.listing.product.group_id
        members = [i for i in items if group and i.candidate.listing.product.group_id == group] or [
            kept
        ]
        stocked = [i for i in members if i.candidate.listing.offer.available] or members
        assert kept.score == max(i.score for i in stocked)


def test_representatives_keep_their_order() -> None:
    items = [item(with_product(c, group_id=None), float(n)) for n, c in enumerate(CANDIDATES)]
    assert [i.product_id for i in fold(items)] == [i.product_id for i in items]


def test_ids_folded_before_move_with_their_item() -> None:
    first = item(with_product(CANDIDATES[0], group_id="g"), 1.0)
    second = item(with_product(CANDIDATES[1], group_id="g"), 2.0)
    third = item(with_product(CANDIDATES[2], group_id="g"), 3.0)
    (kept,) = fold([*fold([first, second]), third])
    assert kept.product_id == third.product_id
    assert set(kept.duplicates) == {first.product_id, second.product_id}
