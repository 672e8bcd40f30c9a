"""Which campaigns hold for a search, and in what order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.products import COLOURS
from documents.nodes import Place
from rules.calendar import Calendar, FestivalWindow, Span, Timing
from rules.campaigns import Campaign, CompiledCampaigns, Trigger, When, leading_colours
from tests.rules.values import AT, SampleLocale, seen

SAREE = Trigger(prediction=seen("saree", "women.ethnic"), at=AT, colours=("red", "gold"))


def held(base: CompiledCampaigns, trigger: Trigger, *campaigns: Campaign) -> list[str]:
    made = tuple(replace(c, place=Place("f", n, 1)) for n, c in enumerate(campaigns, start=1))
    compiled = replace(base, campaigns=made, _active={}, _compiled={})
    return [match.campaign.id for match in compiled.matching(trigger)]


def campaign(id_: str = "c", **values: object) -> Campaign:
    return Campaign(id=id_, owner="o", reason="r", actions=(), **values)  # type: ignore[arg-type]  # test values


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        (When(), True),
        (When(concepts=("saree",)), True),
        (When(concepts=("fashion",)), True),
        (When(concepts=("kurti",)), False),
        (When(categories=("women",)), True),
        (When(categories=("wom",)), False),
        (When(categories=("men",)), False),
        (When(concepts=("saree",), categories=("women.shoes",)), False),
        (When(colours=("gold",)), True),
        (When(colours=("blue",)), False),
        (When(products=("p",)), False),
        (When(occasions=("wedding",)), False),
        (When(genders=("women",)), False),
    ],
)
def test_all_that_a_trigger_states_must_hold(
    base: CompiledCampaigns, when: When, *, holds: bool
) -> None:
    assert held(base, SAREE, campaign(when=when)) == (["c"] if holds else [])


def test_details_of_the_search_meet_their_triggers(base: CompiledCampaigns) -> None:
    from decimal import Decimal

    asked = replace(SAREE, product_id="p", gender="women", occasion="wedding", price_minor=50_000)
    for when in (
        When(products=("p",)), When(genders=("women", "girls")), When(occasions=("wedding",)),
        When(min_price=Decimal(500), max_price=Decimal(500)),
    ):  # fmt: skip
        assert held(base, asked, campaign(when=when)) == ["c"]
    assert held(base, asked, campaign(when=When(min_price=Decimal("500.01")))) == []
    assert held(base, SAREE, campaign(when=When(min_price=Decimal(1)))) == []


def test_the_product_named_beats_the_deeper_concept_beats_conditions_beats_priority(
    base: CompiledCampaigns,
) -> None:
    asked = replace(SAREE, product_id="p")
    order = held(
        base, asked,
        campaign("anything", priority=1000),
        campaign("group", when=When(concepts=("fashion",)), priority=900),
        campaign("concept", when=When(concepts=("saree",)), priority=1),
        campaign("concept-and-colour", when=When(concepts=("saree",), colours=("red",)), priority=0),
        campaign("product", when=When(products=("p",)), priority=0),
        campaign("low", when=When(concepts=("saree",)), priority=0),
        campaign("later", when=When(concepts=("saree",)), priority=1),
    )  # fmt: skip
    assert order == [
        "product",
        "concept-and-colour",
        "later",
        "concept",
        "low",
        "group",
        "anything",
    ]


def test_days_are_the_marketplace_s_and_both_inside(base: CompiledCampaigns) -> None:
    one = campaign(timing=Timing(first=date(2026, 11, 1), last=date(2026, 11, 2)))

    def on(*clock: int) -> list[str]:
        return held(base, replace(SAREE, at=datetime(*clock, tzinfo=UTC)), one)  # type: ignore[misc,arg-type]  # a clock reading

    assert on(2026, 10, 31, 18, 29) == []
    assert on(2026, 10, 31, 18, 30) == ["c"]
    assert on(2026, 11, 2, 18, 29) == ["c"]
    assert on(2026, 11, 2, 18, 30) == []


def test_a_campaign_switches_on_and_off_in_one_compiled_set(base: CompiledCampaigns) -> None:
    """No reload: the same value answers differently as the time that is passed moves on."""
    one = campaign(timing=Timing(first=date(2026, 11, 1), last=date(2026, 11, 2)))
    compiled = replace(base, campaigns=(one,), _active={}, _compiled={})
    days = [31, 1, 2, 3]
    months = [10, 11, 11, 11]
    found = [
        len(compiled.matching(replace(SAREE, at=datetime(2026, m, d, 12, tzinfo=UTC))))
        for m, d in zip(months, days, strict=True)
    ]
    assert found == [0, 1, 1, 0]


def test_a_festival_s_window_comes_back_every_year() -> None:
    calendar = Calendar(
        time_zone="Asia/Kolkata",
        festivals={"diwali": tuple(Span(day, day) for day in (date(2026, 11, 8), date(2027, 10, 29)))},
    )  # fmt: skip
    timing = Timing(festival=FestivalWindow(name="diwali", days_before=7, days_after=1))
    on = [date(2026, 11, 1), date(2026, 11, 9), date(2027, 10, 22)]
    off = [date(2026, 10, 31), date(2026, 11, 10), date(2028, 10, 20)]
    assert all(timing.holds(day, calendar) for day in on)
    assert not any(timing.holds(day, calendar) for day in off)
    assert timing.ends_before(date(2027, 10, 31), calendar)
    assert not timing.ends_before(date(2027, 10, 30), calendar)


def test_seasons_may_be_the_marketplace_s_own() -> None:
    south = Calendar(time_zone="UTC", seasons={"winter": (6, 7, 8)})
    assert Timing(season="winter").holds(date(2026, 7, 1), south)
    assert not Timing(season="winter").holds(date(2026, 7, 1), Calendar(time_zone="UTC"))


@pytest.mark.parametrize(
    ("shares", "leading"),
    [
        ({"red": 0.6, "gold": 0.3, "blue": 0.1}, ("red", "gold")),
        ({"red": 0.2, "gold": 0.1}, ("red",)),
        ({}, ()),
    ],
)
def test_the_leading_colours(shares: dict[str, float], leading: tuple[str, ...]) -> None:
    assert leading_colours(shares) == leading


@settings(max_examples=200, deadline=None)
@given(
    drawn=st.lists(
        st.builds(
            When,
            concepts=st.lists(st.sampled_from(("saree", "kurti", "fashion", "shoes")), max_size=2,
                              unique=True).map(tuple),
            categories=st.lists(st.sampled_from(("women", "women.ethnic", "men")), max_size=2,
                                unique=True).map(tuple),
            colours=st.lists(st.sampled_from(COLOURS), max_size=len(COLOURS), unique=True).map(tuple),
            genders=st.sampled_from(((), ("women",), ("women", "men", "girls"))),
            products=st.sampled_from(((), ("p",), ("q",))),
        ),
        max_size=12,
    ),
    colours=st.lists(st.sampled_from(COLOURS), max_size=3, unique=True).map(tuple),
    gender=st.sampled_from((None, "women", "men")),
    product_id=st.sampled_from((None, "p")),
)  # fmt: skip
def test_the_index_finds_what_testing_every_campaign_finds(
    base: CompiledCampaigns, drawn: list[When], colours: tuple[str, ...], gender: str | None,
    product_id: str | None,
) -> None:  # fmt: skip
    trigger = replace(SAREE, colours=colours, gender=gender, product_id=product_id)
    chain, categories = {"saree", "fashion"}, {"women", "women.ethnic"}

    def holds(when: When) -> bool:
        return (
            (not when.concepts or not chain.isdisjoint(when.concepts))
            and (not when.categories or not categories.isdisjoint(when.categories))
            and (not when.colours or not set(colours).isdisjoint(when.colours))
            and (not when.genders or gender in when.genders)
            and (not when.products or product_id in when.products)
        )

    found = held(base, trigger, *(campaign(str(n), when=when) for n, when in enumerate(drawn)))
    assert sorted(found) == sorted(str(n) for n, when in enumerate(drawn) if holds(when))


def test_the_sample_loads_with_its_campaigns(sample: SampleLocale) -> None:
    assert sample().marketplaces["in"].campaigns.campaigns == ()
