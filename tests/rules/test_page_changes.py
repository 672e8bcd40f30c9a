"""What two versions of the rules do to the same searches, added up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rules.page_changes import Mover, Page, PagePair, compare


def page(
    *products: str, slots: tuple[tuple[str, tuple[str, ...]], ...] = (), price: int = 100
) -> Page:
    return Page(products=products, prices_minor=(price,) * len(products), slots=slots)


def pair(before: Page, after: Page, weight: int = 1) -> PagePair:
    return PagePair(marketplace="in", before=before, after=after, weight=weight)


def test_products_rise_and_fall_by_places_and_a_new_one_comes_from_behind_the_page() -> None:
    found = compare([pair(page("a", "b", "c"), page("d", "a", "b"), weight=2)])
    assert (found.queries, found.changed, found.slots_changed) == (2, 2, 0)
    assert found.risen == (Mover(marketplace="in", product_id="d", pages=2, places=6),)
    assert found.fallen == tuple(
        Mover(marketplace="in", product_id=p, pages=2, places=2) for p in ("a", "b", "c")
    )


def test_slots_count_where_they_are_offered_and_where_they_hold_something() -> None:
    before = page("a", slots=(("shoes", ("s",)), ("bags", ())))
    after = page("a", slots=(("bags", ("b",)),))
    found = compare([pair(before, after), pair(after, after)])
    assert (found.changed, found.slots_changed) == (0, 1)
    assert [(c.offered, c.filled, c.share) for c in found.coverage] == [(3, 2, 2 / 3), (2, 2, 1.0)]
    assert found.slots == ((("in", "shoes"), -1),)


def test_the_price_shift_is_that_of_the_mean_product_on_the_pages() -> None:
    found = compare(
        [pair(page("a", price=100), page("a", price=150)), pair(page("a"), page("a"), 3)]
    )
    shift = found.prices["in"]
    assert (shift.before_minor, shift.after_minor, shift.share) == (100.0, 112.5, 0.125)


pages = st.lists(st.sampled_from("abcdef"), unique=True, max_size=6).map(lambda ids: page(*ids))


@given(st.lists(st.tuples(pages, pages, st.integers(1, 3)), max_size=8))
def test_going_back_turns_rises_into_falls(drawn: list[tuple[Page, Page, int]]) -> None:
    there = compare(pair(a, b, n) for a, b, n in drawn)
    back = compare(pair(b, a, n) for a, b, n in drawn)
    assert (there.risen, there.fallen, there.changed) == (back.fallen, back.risen, back.changed)


@given(st.lists(pages, max_size=5))
def test_equal_versions_change_nothing(drawn: list[Page]) -> None:
    found = compare(pair(one, one) for one in drawn)
    assert (found.changed, found.risen, found.fallen, found.slots) == (0, (), (), ())
