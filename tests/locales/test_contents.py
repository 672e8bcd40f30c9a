"""The shipped locale files keep what they promise: enough content, read without a finding."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rules.accessories import accessory_slots
from rules.expectations import seen_alone
from rules.loading import Locales, load_locales

LOCALES = Path(__file__).parents[2] / "locales"
MARKETPLACES = ("in", "us", "gb", "de", "fr", "it", "es")


@pytest.fixture(scope="module")
def locales() -> Locales:
    return load_locales(LOCALES)


def test_seven_marketplaces_load_without_a_finding(locales: Locales) -> None:
    assert set(locales.marketplaces) == set(MARKETPLACES)
    assert [str(finding) for finding in locales.findings] == []


@pytest.mark.parametrize("marketplace", MARKETPLACES)
def test_a_marketplace_is_complete_over_fashion_and_home(
    locales: Locales, marketplace: str
) -> None:
    one = locales.marketplaces[marketplace]
    at_home = marketplace == "in"
    assert len(one.tree.leaves) >= 60
    assert len(one.accessories.rules) >= (40 if at_home else 20)
    assert len(one.examples) >= (15 if at_home else 8)
    for department in ("women", "men", "kids", "accessories", "home"):
        assert one.tree.leaves_below(department)


@pytest.mark.parametrize("marketplace", MARKETPLACES)
def test_every_leaf_is_three_deep(locales: Locales, marketplace: str) -> None:
    """Department, group, leaf: the page's path has three words everywhere."""
    tree = locales.marketplaces[marketplace].tree
    assert {len(tree.path(leaf)) for leaf in tree.leaves} == {3}


@pytest.mark.parametrize("marketplace", MARKETPLACES)
def test_two_categories_with_one_parent_have_different_names(
    locales: Locales, marketplace: str
) -> None:
    """A shopper could not tell them apart."""
    tree = locales.marketplaces[marketplace].tree
    named = [
        (category.parent, language, name)
        for category in tree
        for language, name in category.names.items()
    ]
    assert len(named) == len(set(named))


@pytest.mark.parametrize("marketplace", MARKETPLACES)
def test_a_slot_has_one_title_for_the_same_concepts(locales: Locales, marketplace: str) -> None:
    """Two words for one shelf would read like two shelves."""
    titles: dict[tuple[str, tuple[str, ...]], set[str]] = {}
    for rule in locales.marketplaces[marketplace].accessories.rules:
        for slot in rule.slots:
            key = (slot.id, slot.concepts)
            titles.setdefault(key, set()).add(slot.titles["en"])
    assert {key: words for key, words in titles.items() if len(words) > 1} == {}


@pytest.mark.parametrize("marketplace", MARKETPLACES)
def test_no_campaign_boosts_another_kind_than_was_asked_for(
    locales: Locales, marketplace: str
) -> None:
    """A boost that names concepts names only those of its trigger."""
    for entry in locales.marketplaces[marketplace].campaigns.campaigns:
        asked = set(entry.when.concepts)
        for action in entry.actions:
            assert not asked or set(action.selector.concepts) <= asked, entry.id


WORN_EVERY_DAY = (
    "tshirt", "polo", "shirt", "top", "sweater", "sweatshirt", "jeans", "trousers", "shorts",
    "leggings", "tights", "nightdress", "briefs", "heels", "flats", "boots", "sandals", "sneakers",
    "handbag", "backpack", "wallet", "watch", "earrings", "scarf", "rug", "cushion", "mirror",
)  # fmt: skip


@pytest.mark.parametrize("marketplace", MARKETPLACES)
def test_whatever_is_worn_every_day_is_offered_something_by_whomever_it_is_worn(
    locales: Locales, marketplace: str
) -> None:
    one = locales.marketplaces[marketplace]
    at = datetime(2026, 6, 15, 12, tzinfo=UTC)
    left_alone = [
        (concept, leaf)
        for concept in (*WORN_EVERY_DAY, "skirt")
        for leaf in one.tree.leaves_of(concept)
        if not accessory_slots(
            (), replace(seen_alone(concept, one.accessories), category=leaf), one.accessories, at
        )
    ]
    assert left_alone == []
