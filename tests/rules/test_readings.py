"""A photo that may show either of two things is offered what goes with both."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalog.search import Prediction, Slot
from rules.accessories import accessory_slots
from rules.loading import MarketplaceLocale, load_locales
from rules.readings import Doubt, Withheld, readings
from tests.rules.values import AT, LOCALES, seen


@pytest.fixture(scope="module")
def india() -> MarketplaceLocale:
    return load_locales(LOCALES).marketplaces["in"]


def leaf_of(concept: str, gender: str, here: MarketplaceLocale) -> str:
    return here.tree.leaf_of(concept, gender) or ""


def doubt(prediction: Prediction, here: MarketplaceLocale) -> Doubt:
    return Doubt(objects=(), prediction=prediction, rules=here.accessories, at=AT)


def slots(prediction: Prediction, here: MarketplaceLocale) -> tuple[Slot, ...]:
    return doubt(prediction, here).slots()


def offered(prediction: Prediction, here: MarketplaceLocale) -> set[str]:
    return {c for slot in slots(prediction, here) for c in slot.concepts}


def unsure(here: MarketplaceLocale, **shares: float) -> Prediction:
    """Of women's things, the likeliest first."""
    first = next(iter(shares))
    leaves = {leaf_of(concept, "women", here): share for concept, share in shares.items()}
    return replace(
        seen(first, next(iter(leaves))), confidence=0.5, concepts=shares, categories=leaves
    )


def test_a_sure_prediction_has_one_reading_and_its_own_slots(india: MarketplaceLocale) -> None:
    sure = unsure(india, saree=0.9, gown=0.1)
    assert readings(sure, india.accessories) == (sure,)
    assert slots(sure, india) == accessory_slots((), sure, india.accessories, AT)


def test_what_is_nearly_as_likely_adds_its_slots_after_the_first_ones(
    india: MarketplaceLocale,
) -> None:
    both = unsure(india, shirt=0.4, saree=0.3)
    first = accessory_slots((), both, india.accessories, AT)
    found = slots(both, india)
    own = [s.id for s in found if s.rule in {slot.rule for slot in first}]
    assert own == [s.id for s in found[: len(own)]]
    assert len(found) > len(own)
    assert "saree_blouse" in offered(both, india)


def test_what_the_likeliest_reading_bars_stays_barred(india: MarketplaceLocale) -> None:
    both = unsure(india, saree=0.4, shirt=0.3)
    barred = {c for s in accessory_slots((), both, india.accessories, AT) for c in s.never}
    assert "necktie" in barred
    below = {
        c for s in slots(both, india) for named in s.concepts
        for c in india.accessories.concepts.below(named)
    }  # fmt: skip
    assert not below & barred


def test_nothing_is_offered_twice(india: MarketplaceLocale) -> None:
    found = slots(unsure(india, kurti=0.35, tunic=0.3, kurta_women=0.3), india)
    named = [c for s in found for c in s.concepts]
    assert len(named) == len(set(named))
    assert len({s.id for s in found}) == len(found)


def test_one_concept_for_two_genders_is_read_for_both(india: MarketplaceLocale) -> None:
    girls, women = (leaf_of("kurti", gender, india) for gender in ("girls", "women"))
    assert girls != women
    torn = replace(
        seen("kurti", girls), concepts={"kurti": 0.7}, categories={girls: 0.35, women: 0.33}
    )
    assert [one.category for one in readings(torn, india.accessories)] == [girls, women]
    assert slots(torn, india)


def test_no_tie_is_offered_while_the_shirt_may_be_a_tshirt(india: MarketplaceLocale) -> None:
    assert "necktie" in offered(unsure(india, shirt=0.8, tshirt=0.1), india)
    torn = unsure(india, shirt=0.5, tshirt=0.2)
    assert "necktie" not in offered(torn, india)
    assert {"belt", "formal_shoes", "watch"} <= offered(torn, india)
    assert all("necktie" in slot.never for slot in slots(torn, india) if slot.id == "belt")


def test_what_is_kept_back_is_told_with_the_reading_that_forbids_it(
    india: MarketplaceLocale,
) -> None:
    told = list(doubt(unsure(india, shirt=0.5, tshirt=0.2), india).withheld())
    assert Withheld(rule="shirt-suit-everyday", concept="necktie", may_be="tshirt",
                    probability=0.2) in told  # fmt: skip
    assert not list(doubt(unsure(india, saree=0.9, gown=0.1), india).withheld())


def test_what_both_readings_offer_comes_before_what_one_does(india: MarketplaceLocale) -> None:
    torn = unsure(india, kurti=0.4, dress=0.3)
    either = {c for slot in accessory_slots((), unsure(india, dress=1.0), india.accessories, AT)
              for c in slot.concepts}  # fmt: skip
    shared = [not either.isdisjoint(slot.concepts) for slot in slots(torn, india)]
    assert any(shared)
    assert shared == sorted(shared, reverse=True)


def test_a_group_without_rules_is_read_as_its_likeliest_kinds(india: MarketplaceLocale) -> None:
    table = seen("table", leaf_of("table", "unisex", india))
    torn = replace(
        table,
        concepts={"table": 0.5, "desk": 0.1, "dining_table": 0.09, "side_table": 0.02},
        categories={},
    )
    assert not accessory_slots((), torn, india.accessories, AT)
    torn = replace(torn, categories={india.tree.leaves_of(c)[0]: p for c, p in torn.concepts.items()
                                     if india.tree.leaves_of(c)})  # fmt: skip
    assert [one.concept for one in readings(torn, india.accessories)][1:] == [
        "desk",
        "dining_table",
    ]
    assert {"office_chair", "desk_lamp", "dining_chair"} <= offered(torn, india)
