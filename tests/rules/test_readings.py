"""A photo that may show either of two things is offered what goes with both."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalog.search import Prediction, Slot
from rules.accessories import accessory_slots
from rules.loading import MarketplaceLocale, load_locales
from rules.readings import readings, slots_of_readings
from tests.rules.values import AT, LOCALES, seen


@pytest.fixture(scope="module")
def india() -> MarketplaceLocale:
    return load_locales(LOCALES).marketplaces["in"]


def leaf_of(concept: str, gender: str, here: MarketplaceLocale) -> str:
    return here.tree.leaf_of(concept, gender) or ""


def slots(prediction: Prediction, here: MarketplaceLocale) -> tuple[Slot, ...]:
    return slots_of_readings(
        lambda reading: accessory_slots((), reading, here.accessories, AT),
        prediction,
        here.tree,
        here.accessories.concepts,
    )


def unsure(here: MarketplaceLocale, **shares: float) -> Prediction:
    """Of women's things, the likeliest first."""
    first = next(iter(shares))
    leaves = {leaf_of(concept, "women", here): share for concept, share in shares.items()}
    return replace(
        seen(first, next(iter(leaves))), confidence=0.5, concepts=shares, categories=leaves
    )


def test_a_sure_prediction_has_one_reading_and_its_own_slots(india: MarketplaceLocale) -> None:
    sure = unsure(india, saree=0.9, gown=0.1)
    assert readings(sure, india.tree) == (sure,)
    assert slots(sure, india) == accessory_slots((), sure, india.accessories, AT)


def test_what_is_nearly_as_likely_adds_its_slots_after_the_first_ones(
    india: MarketplaceLocale,
) -> None:
    both = unsure(india, shirt=0.4, saree=0.3)
    first = accessory_slots((), both, india.accessories, AT)
    found = slots(both, india)
    assert [s.id for s in found[: len(first)]] == [s.id for s in first]
    assert len(found) > len(first)
    offered = {c for s in found for c in s.concepts}
    assert "saree_blouse" in offered


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
    offered = [c for s in found for c in s.concepts]
    assert len(offered) == len(set(offered))
    assert len({s.id for s in found}) == len(found)


def test_one_concept_for_two_genders_is_read_for_both(india: MarketplaceLocale) -> None:
    girls, women = (leaf_of("kurti", gender, india) for gender in ("girls", "women"))
    assert girls != women
    torn = replace(
        seen("kurti", girls), concepts={"kurti": 0.7}, categories={girls: 0.35, women: 0.33}
    )
    assert [one.category for one in readings(torn, india.tree)] == [girls, women]
    assert slots(torn, india)
