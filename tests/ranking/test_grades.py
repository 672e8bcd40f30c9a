from __future__ import annotations

from dataclasses import replace

import pytest

from catalog.products import Product
from ranking.grades import Truth, accepted_places, grade, grades
from ranking.simulation import SimulatedMarket

TRUTH = Truth(concepts=("kurti",), colour="red", gender="women", occasion="festive")
PERFECT = Product(
    product_id="p", concept="kurti", titles={}, colour="red", gender="women", occasion="festive"
)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, 4),
        ({"colour": "blue"}, 3),
        ({"occasion": "casual"}, 3),
        ({"gender": "unisex"}, 4),
        ({"gender": None}, 3),
        ({"concept": "kurta_women"}, 3),
        ({"concept": "kurta_women", "colour": "blue", "occasion": "casual"}, 1),
        ({"gender": "men"}, 1),
        ({"concept": "jeans"}, 0),
    ],
)
def test_grades_of_a_red_festive_kurti(
    changes: dict[str, str], expected: int, market: SimulatedMarket
) -> None:
    product = replace(PERFECT, **changes)  # type: ignore[arg-type]  # names are the case's
    assert grade(TRUTH, product, accepted_places(TRUTH, market.tree)) == expected
    assert grades(TRUTH, [product], market.tree).tolist() == [expected]


def test_an_unknown_colour_earns_nothing(market: SimulatedMarket) -> None:
    street = Truth(concepts=("kurti",))
    assert grades(street, [PERFECT], market.tree).tolist() == [2]


def test_of_several_concepts_the_best_place_counts(market: SimulatedMarket) -> None:
    places = accepted_places(Truth(concepts=("kurti", "kurta_women")), market.tree)
    assert places == {"kurti": 0, "kurta_women": 0}
