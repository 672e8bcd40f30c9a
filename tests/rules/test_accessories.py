"""What is offered with what is seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.search import WHOLE, DetectedObject, Slot
from rules.accessories import AccessoryRule, accessory_slots
from rules.expectations import seen_alone, takes
from rules.loading import Locales, MarketplaceLocale, load_locales
from tests.rules.values import AT, LOCALES, SampleLocale, seen

KURTI = seen("kurti", "women.ethnic")
EVERYDAY = """\
  - id: everyday
    owner: womens
    reason: r
    seen: [kurti]
    slots:
      - {id: dupatta, titles: {en: Dupattas}, concepts: [dupatta]}
      - {id: jutti, titles: {en: Juttis}, concepts: [jutti, heels]}
"""


def rule(id_: str, slots: str, **keys: str) -> str:
    more = "".join(f"    {key}: {value}\n" for key, value in {"seen": "[kurti]", **keys}.items())
    return f"  - id: {id_}\n    owner: womens\n    reason: r\n{more}    slots:\n{slots}"


def slot(id_: str, concepts: str, more: str = "") -> str:
    return f"      - {{id: {id_}, titles: {{en: {id_.title()}}}, concepts: {concepts}{more}}}\n"


def market(sample: SampleLocale, *rules: str) -> MarketplaceLocale:
    return sample(accessories="rules:\n" + "".join(rules)).marketplaces["in"]


def thing(concept: str | None, confidence: float = 0.9) -> DetectedObject:
    return DetectedObject(id=1, box=WHOLE, confidence=confidence, concept=concept)


def offered(slots: tuple[Slot, ...]) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.id, one.concepts) for one in slots]


def test_the_slots_come_in_the_file_s_order_with_their_leaves(sample: SampleLocale) -> None:
    here = market(sample, EVERYDAY)
    slots = accessory_slots((), KURTI, here.accessories, AT)
    assert offered(slots) == [("dupatta", ("dupatta",)), ("jutti", ("jutti", "heels"))]
    assert [one.categories for one in slots] == [("women.ethnic",), ("women.shoes",)]
    assert slots[0].rule == "everyday"


def test_a_group_in_seen_stands_for_all_below_it(sample: SampleLocale) -> None:
    here = market(sample, rule("shoes", slot("dupatta", "[dupatta]"), seen="[shoes]"))
    found = accessory_slots((), seen("heels", "women.shoes"), here.accessories, AT)
    assert offered(found) == [("dupatta", ("dupatta",))]
    assert accessory_slots((), KURTI, here.accessories, AT) == ()


@pytest.mark.parametrize(
    ("worn", "left"),
    [
        ("dupatta", ["jutti"]), ("heels", ["dupatta"]), ("jutti", ["dupatta"]), ("shoes", ["dupatta"]),
        ("necktie", ["dupatta", "jutti"]), (None, ["dupatta", "jutti"]), ("unheard_of", ["dupatta", "jutti"]),
        ("fashion", ["dupatta", "jutti"]), ("kurti", ["dupatta", "jutti"]),
    ],
)  # fmt: skip
def test_what_is_worn_is_not_offered_again(
    sample: SampleLocale, worn: str | None, left: list[str]
) -> None:
    here = market(sample, EVERYDAY)
    found = accessory_slots((thing("kurti"), thing(worn)), KURTI, here.accessories, AT)
    assert [one.id for one in found] == left


def test_an_unsure_object_is_not_worn(sample: SampleLocale) -> None:
    here = market(sample, EVERYDAY)
    found = accessory_slots((thing("dupatta", confidence=0.2),), KURTI, here.accessories, AT)
    assert [one.id for one in found] == ["dupatta", "jutti"]


def test_a_festival_leads_while_it_lasts_and_loses_no_everyday_slot(sample: SampleLocale) -> None:
    festive = rule("festive", slot("jutti", "[jutti]"), festival="{name: diwali, days_before: 7}")
    here = market(sample, EVERYDAY, festive)
    on = accessory_slots((), KURTI, here.accessories, datetime(2026, 11, 3, tzinfo=UTC))
    off = accessory_slots((), KURTI, here.accessories, AT)
    assert offered(on) == [("jutti", ("jutti", "heels")), ("dupatta", ("dupatta",))]
    assert offered(off) == [("dupatta", ("dupatta",)), ("jutti", ("jutti", "heels"))]


def test_days_begin_at_midnight_in_the_marketplace(sample: SampleLocale) -> None:
    here = market(sample, rule("day", slot("dupatta", "[dupatta]"), **{"from": '"2026-11-08"'}))
    before = datetime(2026, 11, 7, 18, 29, tzinfo=UTC)
    after = datetime(2026, 11, 7, 18, 31, tzinfo=UTC)
    assert accessory_slots((), KURTI, here.accessories, before) == ()
    assert len(accessory_slots((), KURTI, here.accessories, after)) == 1


def test_seasons_lead_after_dates_and_before_everyday(sample: SampleLocale) -> None:
    here = market(
        sample, EVERYDAY, rule("rain", slot("heels", "[heels]"), season="monsoon"),
        rule("june", slot("ties", "[necktie]"), **{"from": '"2026-06-01"', "until": '"2026-06-30"'}),
    )  # fmt: skip
    assert [one.id for one in accessory_slots((), KURTI, here.accessories, AT)] == [
        "ties", "heels", "dupatta", "jutti",
    ]  # fmt: skip


def test_an_unknown_occasion_comes_last_a_known_one_leads_another_is_left_out(
    sample: SampleLocale,
) -> None:
    here = market(sample, rule("wedding", slot("ties", "[necktie]"), occasion="wedding"), EVERYDAY)

    def on(occasion: str | None) -> list[str]:
        found = accessory_slots((), KURTI, here.accessories, AT, occasion=occasion)
        return [one.id for one in found]

    assert on(None) == ["dupatta", "jutti", "ties"]
    assert on("wedding") == ["ties", "dupatta", "jutti"]
    assert on("sport") == ["dupatta", "jutti"]


def test_the_more_specific_rule_goes_first_then_priority(sample: SampleLocale) -> None:
    here = market(
        sample, rule("general", slot("ties", "[necktie]"), seen="[fashion]"), EVERYDAY,
        rule("first", slot("heels", "[heels]"), priority="5"),
    )  # fmt: skip
    found = accessory_slots((), KURTI, here.accessories, AT)
    assert [one.id for one in found] == ["heels", "dupatta", "jutti", "ties"]


def test_never_of_any_rule_holds_for_all_slots(sample: SampleLocale) -> None:
    here = market(sample, EVERYDAY, rule("strict", slot("ties", "[necktie]"), never="[shoes]"))
    found = accessory_slots((), KURTI, here.accessories, AT)
    assert [one.id for one in found] == ["ties", "dupatta"]
    assert all("heels" in one.never for one in found)


def test_a_rule_for_another_gender_is_left_out(sample: SampleLocale) -> None:
    here = market(sample, rule("men", slot("ties", "[necktie]"), gender="men"))
    assert accessory_slots((), KURTI, here.accessories, AT, gender="women") == ()
    assert accessory_slots((), KURTI, here.accessories, AT, gender="men")[0].genders == ("men",)
    assert len(accessory_slots((), KURTI, here.accessories, AT)) == 1


@pytest.fixture(scope="module")
def real() -> Locales:
    return load_locales(LOCALES)


def test_every_row_of_the_accessory_yardstick_is_met(real: Locales) -> None:
    from rules.checking import check_folder

    found = check_folder(LOCALES, AT.date()).findings
    assert [f for f in found if f.code == "R007"] == []
    assert set(real.marketplaces) >= {"in", "us", "gb", "de", "fr", "it", "es"}


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_slots_are_pure_unique_unworn_and_never_forbidden(
    real: Locales, data: st.DataObject
) -> None:
    here = real.marketplaces[data.draw(st.sampled_from(sorted(real.marketplaces)))]
    concepts = sorted(real.concepts.concepts)
    concept = data.draw(st.sampled_from(concepts))
    worn = data.draw(st.lists(st.sampled_from(concepts), max_size=3))
    hours = data.draw(st.integers(0, 500 * 24))
    day = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    objects = tuple(thing(one) for one in worn)
    focus = seen_alone(concept, here.accessories)
    slots = accessory_slots(objects, focus, here.accessories, day)
    assert slots == accessory_slots(objects, focus, here.accessories, day)
    assert len({one.id for one in slots}) == len(slots)
    tree = real.concepts
    focus_and_kin = {*tree.ancestors(concept), *tree.below(concept)}
    for one in slots:
        assert not any(named in one.never for named in one.concepts)
        for seen_there in worn:
            if seen_there not in focus_and_kin:
                assert not takes(one, seen_there, tree)


def is_everyday(one: AccessoryRule) -> bool:
    return not one.timing.is_dated and not one.timing.is_seasonal and one.occasion is None


@pytest.mark.parametrize("marketplace", ["in", "us", "gb", "de", "fr", "it", "es"])
def test_no_day_of_the_year_loses_an_everyday_slot(real: Locales, marketplace: str) -> None:
    """Festivals, seasons and dates change the order and add; what is offered every day stays."""
    here = real.marketplaces[marketplace].accessories
    for concept in ("kurti", "saree", "shirt", "dress", "sofa", "dhoti"):
        focus = seen_alone(concept, here)
        for month in range(1, 13):
            for day in (1, 8, 15, 22):
                at = datetime(2027, month, day, 12, tzinfo=UTC)
                slots = accessory_slots((), focus, here, at)
                rules = [r for r in here.by_concept[concept] if is_everyday(r)]
                plain = {c for r in rules for s in r.slots for c in s.concepts}
                assert all(any(takes(s, c, real.concepts) for s in slots) for c in plain)
