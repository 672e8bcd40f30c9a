"""A page under its campaigns."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.search import RankedItem
from rules.campaigns import Action, Campaign, CompiledCampaigns, Trigger, Verb, When
from rules.pages import apply_rules, pinned_products, ruled_page
from rules.selectors import Selector
from tests.rules.values import AT, SampleLocale, ids, item, page, seen

SAREE = Trigger(prediction=seen("saree", "women.ethnic"), at=AT)


def campaigns(sample: SampleLocale, *actions: str, more: str = "") -> CompiledCampaigns:
    listed = "".join(f"      - {action}\n" for action in actions)
    text = f"campaigns:\n  - id: one\n    owner: team\n    reason: A reason.\n    actions:\n{listed}{more}"
    return sample(merchandising=text).marketplaces["in"].campaigns


def second(
    *actions: str, when: str = "{concepts: [saree]}", priority: int = 50, id_: str = "two"
) -> str:
    listed = "".join(f"      - {action}\n" for action in actions)
    return (f"  - id: {id_}\n    owner: team\n    reason: Another.\n    priority: {priority}\n"
            f"    when: {when}\n    actions:\n{listed}")  # fmt: skip


def test_no_matching_campaign_is_the_identity(sample: SampleLocale) -> None:
    items = page("a", "b")
    rules = campaigns(sample, "{pin: {product: b}, at: 1}", more="")
    tie = Trigger(prediction=seen("necktie", "men.ties"), at=AT)
    only_sarees = replace(
        rules, campaigns=(replace(rules.campaigns[0], when=When(concepts=("saree",))),)
    )
    assert apply_rules(items, only_sarees, tie) is items
    assert apply_rules(items, replace(rules, campaigns=()), SAREE) is items


def test_a_pin_lands_at_its_place_and_says_why(sample: SampleLocale) -> None:
    rules = campaigns(sample, "{pin: {product: d}, at: 2}")
    found = ruled_page(page("a", "b", "c", "d"), rules, SAREE)
    assert ids(found.items) == ["a", "d", "b", "c"]
    assert [(r.id, r.action, r.reason) for r in found.items[1].rules] == [
        ("one", "pin to 2", "A reason.")
    ]
    assert [r.action for r in found.applied] == ["pin to 2"]


def test_several_pins_each_land_where_asked(sample: SampleLocale) -> None:
    rules = campaigns(sample, "{pin: {product: d}, at: 1}", "{pin: {product: a}, at: 3}")
    assert ids(apply_rules(page("a", "b", "c", "d"), rules, SAREE)) == ["d", "b", "a", "c"]


def test_a_pin_beyond_the_page_stands_last(sample: SampleLocale) -> None:
    rules = campaigns(sample, "{pin: {product: a}, at: 50}")
    assert ids(apply_rules(page("a", "b", "c"), rules, SAREE)) == ["b", "c", "a"]


def test_a_pin_of_a_folded_duplicate_pins_its_representative(sample: SampleLocale) -> None:
    rules = campaigns(sample, "{pin: {product: twin}, at: 1}")
    items = (item("a"), item("b", duplicates=("twin",)))
    assert ids(apply_rules(items, rules, SAREE)) == ["b", "a"]


def test_a_pinned_product_that_retrieval_missed_comes_from_the_extras(sample: SampleLocale) -> None:
    rules = campaigns(sample, "{pin: {product: x}, at: 2}")
    assert pinned_products(rules, SAREE) == ("x",)
    assert ids(apply_rules(page("a", "b"), rules, SAREE, page("x"))) == ["a", "x", "b"]


def test_extras_that_nothing_pins_are_never_shown(sample: SampleLocale) -> None:
    rules = campaigns(sample, "{boost: {concepts: [saree]}, by: 0.5}")
    assert ids(apply_rules(page("a", "b"), rules, SAREE, page("x", "a"))) == ["a", "b"]


@pytest.mark.parametrize(
    ("action", "extras", "why"),
    [
        ("{pin: {product: ghost}, at: 1}", (), "ghost is not offered for this search"),
        ("{pin: {product: sold}, at: 1}", (item("sold", available=False),), "sold is out of stock"),
        ("{hide: {products: [ghost]}}", (), "nothing on the page is meant"),
        ("{filter: {prime: true}}", (), "nothing on the page passes the filter"),
        ("{replace: {product: ghost}, with: {product: a}}", (), "ghost is not on the page"),
        (
            "{replace: {product: a}, with: {product: ghost}}",
            (),
            "ghost is not offered for this search",
        ),
    ],
)
def test_what_has_no_effect_is_recorded_with_its_reason(
    sample: SampleLocale, action: str, extras: tuple[RankedItem, ...], why: str
) -> None:
    found = ruled_page(page("a", "b"), campaigns(sample, action), SAREE, extras)
    assert ids(found.items) == ["a", "b"]
    assert [lost.reason for lost in found.lost] == [why]
    assert found.applied == ()


def test_hide_takes_away_and_filter_keeps(sample: SampleLocale) -> None:
    items = (item("a", colour="red"), item("b", colour="blue"), item("c", colour="red"))
    assert ids(apply_rules(items, campaigns(sample, "{hide: {colours: [red]}}"), SAREE)) == ["b"]
    assert ids(apply_rules(items, campaigns(sample, "{filter: {colours: [red]}}"), SAREE)) == [
        "a",
        "c",
    ]


def test_a_replacement_takes_the_place_of_the_replaced(sample: SampleLocale) -> None:
    rules = campaigns(sample, "{replace: {product: b}, with: {product: x}}")
    assert pinned_products(rules, SAREE) == ("x",)
    assert ids(apply_rules(page("a", "b", "c"), rules, SAREE, page("x"))) == ["a", "x", "c"]
    assert ids(apply_rules(page("a", "b", "x"), rules, SAREE)) == ["a", "x"]


def test_a_boost_of_three_tenths_passes_three_of_ten(sample: SampleLocale) -> None:
    items = (*page(*"abcdefghi"), item("z", colour="gold", position=10))
    found = apply_rules(items, campaigns(sample, "{boost: {colours: [gold]}, by: 0.31}"), SAREE)
    assert ids(found) == [*"abcdef", "z", *"ghi"]


def test_a_bury_moves_down_by_its_share(sample: SampleLocale) -> None:
    items = (item("z", colour="gold"), *page(*"abcdefghi"))
    found = apply_rules(items, campaigns(sample, "{bury: {colours: [gold]}, by: 0.31}"), SAREE)
    assert ids(found) == [*"abc", "z", *"defghi"]


def test_what_is_out_of_stock_passes_nothing_that_is_in_stock(sample: SampleLocale) -> None:
    items = (item("a"), item("b"), item("gone", colour="gold", available=False))
    rules = campaigns(sample, "{boost: {colours: [gold]}, by: 1.0}")
    assert ids(apply_rules(items, rules, SAREE)) == ["a", "b", "gone"]


def test_the_more_specific_campaign_wins_and_the_other_is_recorded(sample: SampleLocale) -> None:
    rules = campaigns(
        sample, "{pin: {product: a}, at: 1}", more=second("{pin: {product: b}, at: 1}")
    )
    found = ruled_page(page("c", "a", "b"), rules, SAREE)
    assert ids(found.items) == ["b", "c", "a"]
    assert [(lost.id, lost.reason) for lost in found.lost] == [("one", "'two' fills place 1")]


def test_of_equally_specific_campaigns_the_priority_decides_then_the_later_line(
    sample: SampleLocale,
) -> None:
    lines = [second("{pin: {product: a}, at: 1}", id_="low", priority=10),
             second("{pin: {product: b}, at: 1}", id_="high", priority=90)]  # fmt: skip
    for order in (lines, lines[::-1]):
        rules = campaigns(sample, "{hide: {products: [z]}}", more="".join(order))
        assert ids(apply_rules(page("c", "a", "b"), rules, SAREE))[0] == "b"
    rules = campaigns(
        sample, "{hide: {products: [z]}}",
        more=second("{pin: {product: a}, at: 1}", id_="x") + second("{pin: {product: b}, at: 1}", id_="y"),
    )  # fmt: skip
    assert ids(apply_rules(page("c", "a", "b"), rules, SAREE))[0] == "b"


def test_a_stronger_hide_beats_a_pin_and_a_stronger_pin_beats_a_hide(sample: SampleLocale) -> None:
    hide = campaigns(sample, "{pin: {product: a}, at: 1}", more=second("{hide: {products: [a]}}"))
    assert ids(apply_rules(page("b", "a"), hide, SAREE)) == ["b"]
    pin = campaigns(sample, "{hide: {products: [a]}}", more=second("{pin: {product: a}, at: 1}"))
    assert ids(apply_rules(page("b", "a"), pin, SAREE)) == ["a", "b"]


def test_in_another_order_only_hide_and_filter_work(sample: SampleLocale) -> None:
    rules = campaigns(sample, "{pin: {product: b}, at: 1}", "{hide: {products: [c]}}")
    found = ruled_page(page("a", "b", "c"), rules, SAREE, reorder=False)
    assert ids(found.items) == ["a", "b"]
    assert [lost.reason for lost in found.lost] == ["the shopper chose another order"]


# ---- properties

PRODUCTS = ("a", "b", "c", "d", "e", "f", "g", "h")
selectors = st.builds(
    Selector,
    products=st.lists(st.sampled_from(PRODUCTS), max_size=2, unique=True).map(tuple),
    colours=st.lists(st.sampled_from(("red", "blue")), max_size=1).map(tuple),
)
one_product = st.sampled_from(PRODUCTS).map(lambda p: Selector(products=(p,)))
actions = st.one_of(
    st.builds(Action, verb=st.just(Verb.PIN), selector=one_product, at=st.integers(1, 6)),
    st.builds(Action, verb=st.sampled_from((Verb.BOOST, Verb.BURY)), selector=selectors,
              by=st.floats(0.05, 1.0)),
    st.builds(Action, verb=st.sampled_from((Verb.HIDE, Verb.FILTER)), selector=selectors),
    st.builds(Action, verb=st.just(Verb.REPLACE), selector=one_product, other=st.sampled_from(PRODUCTS)),
)  # fmt: skip
items_drawn = st.builds(
    lambda names, colours, stock, folded: tuple(
        item(name, colour=colour, available=available, position=n,
             duplicates=(f"{name}-twin",) if twin else ())
        for n, (name, colour, available, twin) in enumerate(
            zip(names, colours, stock, folded, strict=True), start=1)
    ),
    st.permutations(PRODUCTS).map(lambda p: p[:6]),
    st.lists(st.sampled_from(("red", "blue", None)), min_size=6, max_size=6),
    st.lists(st.booleans(), min_size=6, max_size=6).map(lambda flags: sorted(flags, reverse=True)),
    st.lists(st.booleans(), min_size=6, max_size=6),
)  # fmt: skip
rule_sets = st.lists(
    st.builds(
        lambda acts, priority, concepts: (tuple(acts), priority, concepts),
        st.lists(actions, min_size=1, max_size=3),
        st.integers(0, 3),
        st.sampled_from(((), ("saree",), ("fashion",))),
    ),
    max_size=5,
)


Drawn = tuple[tuple[Action, ...], int, tuple[str, ...]]
"""Actions, priority and concepts of one campaign."""


def compiled(base: CompiledCampaigns, drawn: list[Drawn]) -> CompiledCampaigns:
    made = tuple(
        Campaign(
            id=f"c{n}",
            owner="o",
            reason="r",
            actions=acts,
            priority=priority,
            when=When(concepts=concepts),
        )
        for n, (acts, priority, concepts) in enumerate(drawn)
    )
    return replace(base, campaigns=made, _active={}, _compiled={})


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(items=items_drawn, drawn=rule_sets, extra=st.sampled_from(PRODUCTS))
def test_rules_never_invent_or_repeat_a_product(
    base: CompiledCampaigns, items: tuple[RankedItem, ...],
    drawn: list[Drawn], extra: str,
) -> None:  # fmt: skip
    rules = compiled(base, drawn)
    extras = (item(extra),)
    found = ruled_page(items, rules, SAREE, extras)
    shown = ids(found.items)
    assert len(shown) == len(set(shown))
    assert set(shown) <= {*ids(items), extra}
    wanted = pinned_products(rules, SAREE)
    assert all(one in ids(items) or one in wanted for one in shown)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(items=items_drawn, drawn=rule_sets)
def test_every_action_is_applied_or_lost_and_every_applied_pin_stands_where_asked(
    base: CompiledCampaigns, items: tuple[RankedItem, ...],
    drawn: list[Drawn],
) -> None:  # fmt: skip
    found = ruled_page(items, compiled(base, drawn), SAREE)
    assert len(found.applied) + len(found.lost) == sum(len(acts) for acts, _, _ in drawn)
    for place, one in enumerate(found.items, start=1):
        for rule in one.rules:
            if rule.action.startswith("pin to "):
                at = int(rule.action.removeprefix("pin to "))
                pins = sum(r.action.startswith("pin") for i in found.items for r in i.rules)
                assert place == at or (at > len(found.items) - pins and place <= at)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(items=items_drawn, drawn=rule_sets)
def test_the_same_page_under_the_same_rules_is_the_same(
    base: CompiledCampaigns, items: tuple[RankedItem, ...],
    drawn: list[Drawn],
) -> None:  # fmt: skip
    rules = compiled(base, drawn)
    assert ids(apply_rules(items, rules, SAREE)) == ids(apply_rules(items, rules, SAREE))


def test_the_clock_must_carry_a_zone(sample: SampleLocale) -> None:
    locale = sample().marketplaces["in"]
    with pytest.raises(ValueError, match="Pass a datetime with tzinfo"):
        locale.accessories.calendar.day(datetime(2026, 1, 1))  # noqa: DTZ001 - this is the mistake
    assert locale.accessories.calendar.day(datetime(2026, 1, 1, 20, tzinfo=UTC)).day == 2
