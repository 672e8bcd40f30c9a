from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.locale_files import load_marketplaces
from catalog.stocking import choose_stock, stocked_count

LOADED = load_marketplaces(Path(__file__).resolve().parents[2] / "locales")
KURTIS = [(f"k{n}", "kurti") for n in range(60)]


@pytest.mark.parametrize(
    ("products", "in_", "us", "gb", "de"),
    [
        (0, 0, 0, 0, 0),
        (3, 3, 3, 3, 3),
        (8, 8, 8, 8, 5),
        (25, 25, 25, 25, 5),
        (26, 26, 25, 25, 5),
        (128, 128, 25, 25, 5),
        (150, 150, 25, 25, 5),
        (151, 151, 25, 25, 6),
        (176, 176, 26, 26, 6),
        (291, 291, 42, 42, 10),
        (485, 485, 70, 70, 17),
    ],
)
def test_indian_wear_is_stocked_by_the_marketplaces_share(
    products: int, in_: int, us: int, gb: int, de: int
) -> None:
    kurtis = [(f"k{n}", "kurti") for n in range(products)]
    for marketplace, wanted in {
        "in": in_,
        "us": us,
        "gb": gb,
        "de": de,
        "fr": de,
        "it": de,
        "es": de,
    }.items():
        stock = choose_stock(kurtis, marketplace, LOADED.stocking[marketplace], LOADED.concepts)
        assert sum(stock.holds(*kurti) for kurti in kurtis) == wanted, marketplace


@pytest.mark.parametrize("concept", ["tunic", "leggings", "earrings", "tshirt", "sofa", "lamp"])
def test_western_wear_and_home_are_stocked_in_full_everywhere(concept: str) -> None:
    products = [(f"p{n}", concept) for n in range(100)]
    for marketplace, rules in LOADED.stocking.items():
        stock = choose_stock(products, marketplace, rules, LOADED.concepts)
        assert all(stock.holds(*product) for product in products), marketplace


@given(st.permutations(KURTIS))
def test_the_order_of_products_changes_nothing(shuffled: list[tuple[str, str]]) -> None:
    rules = LOADED.stocking["us"]
    chosen = choose_stock(KURTIS, "us", rules, LOADED.concepts, seed=3)
    assert choose_stock(shuffled, "us", rules, LOADED.concepts, seed=3) == chosen


def test_marketplaces_and_seeds_choose_differently() -> None:
    rules = LOADED.stocking["us"]
    chosen = [
        choose_stock(KURTIS, marketplace, rules, LOADED.concepts, seed=seed).limited["kurti"]
        for marketplace, seed in (("us", 1), ("gb", 1), ("us", 2))
    ]
    assert len(set(chosen)) == 3


@given(st.integers(0, 10_000), st.integers(1, 50), st.integers(0, 100))
def test_never_more_than_there_are(products: int, share: int, least: int) -> None:
    count = stocked_count(products, share, least)
    assert 0 <= count <= products
    assert count >= min(products, least)
    assert count * share >= products or count == products
