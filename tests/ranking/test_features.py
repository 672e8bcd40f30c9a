from __future__ import annotations

import inspect
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from catalog.search import Slot
from ranking.features import (
    DEFAULTS,
    FEATURES,
    HIGHS,
    LOWS,
    NAMES,
    POSITION,
    RankingQuery,
    feature_matrix,
    table_version,
)
from ranking.grades import Truth
from ranking.simulation import SimulatedMarket, simulated_query
from tests.ranking.rows import Found, with_offer, with_product, without_anything


def column(name: str, candidates: Found, query: RankingQuery) -> list[float]:
    return [float(v) for v in feature_matrix(candidates, query)[:, POSITION[name]]]


def slot(**values: object) -> Slot:
    base = Slot(rule="r", id="s", titles={}, concepts=("heels", "flats"), categories=("all.heels",))
    return replace(base, **values)  # type: ignore[arg-type]  # names are the test's


def test_the_table_has_as_many_features_as_it_should_each_named_once() -> None:
    """Between 25 and 40, and a reader of the table finds every fact about each."""
    assert 25 <= len(NAMES) <= 40
    assert len(set(NAMES)) == len(NAMES)
    assert all(f.unit and f.source and f.doc and f.low <= f.default <= f.high for f in FEATURES)
    assert {f.monotone for f in FEATURES} <= {-1, 0, 1}


def test_every_value_is_finite_and_in_its_range(found: Found, query: RankingQuery) -> None:
    matrix = feature_matrix(found, query)
    assert matrix.shape == (200, len(NAMES))
    assert matrix.dtype == np.float32
    assert np.isfinite(matrix).all()
    assert (matrix >= LOWS).all()
    assert (matrix <= HIGHS).all()


def test_no_candidates_give_an_empty_matrix(query: RankingQuery) -> None:
    assert feature_matrix((), query).shape == (0, len(NAMES))


def test_missing_inputs_answer_with_the_stated_defaults(found: Found, query: RankingQuery) -> None:
    """A product of which nothing is known, in a list of its own, has default or neutral values."""
    blind = replace(query, neighbours=())
    row = feature_matrix([without_anything(found[0])], blind)[0]
    known = {  # what follows from the offer itself, or from the photo alone
        "shrunk_rating", "log_reviews", "price_position", "prime", "available", "policy_price",
        "policy_prime", "policy_availability", "policy_rating", "prediction_confidence", "abstained",
        "neighbour_similarity",
    }  # fmt: skip
    for feature, value in zip(FEATURES, row, strict=True):
        if feature.name not in known:
            assert value == pytest.approx(feature.default), feature.name
    assert row[POSITION["shrunk_rating"]] == pytest.approx(
        query.statistics.rating_mean[0], abs=1e-5
    )


def test_the_defaults_stand_in_the_table_order() -> None:
    assert [float(v) for v in DEFAULTS] == pytest.approx([f.default for f in FEATURES])


def test_true_attributes_of_the_photo_cannot_change_its_rows(
    market: SimulatedMarket, found: Found, query: RankingQuery
) -> None:
    """Whatever the photo truly shows, the row is the same: no field of the query can carry a truth."""
    again, truth = simulated_query(market, seed=5)
    matrix = feature_matrix(found, query)
    for other in (
        Truth(concepts=("saree",), colour="red"),
        replace(truth, gender="men", colour="green"),
    ):
        assert other != truth
        np.testing.assert_array_equal(feature_matrix(found, again), matrix)
    assert not set(Truth.__slots__) & {f for f in RankingQuery.__slots__ if f != "concepts"}
    assert list(inspect.signature(feature_matrix).parameters) == ["candidates", "query"]


def test_product_ids_titles_and_brands_have_no_part_in_a_row(
    found: Found, query: RankingQuery
) -> None:
    renamed = [
        with_product(c, product_id=f"X{i}", titles={"en": "same"}, brand="b")
        for i, c in enumerate(found)
    ]
    np.testing.assert_array_equal(feature_matrix(renamed, query), feature_matrix(found, query))


def test_an_accepted_concept_earns_the_probability_of_what_was_seen(
    found: Found, query: RankingQuery
) -> None:
    """A kurta is second best for a kurti: 0.8 × P(kurti) + P(kurta)."""
    prediction = replace(
        query.prediction, concept="kurti", concepts={"kurti": 0.6, "kurta_women": 0.3, "saree": 0.1}
    )
    asked = replace(query, prediction=prediction)
    pair = (with_product(found[0], concept="kurta_women"), with_product(found[1], concept="jeans"))
    assert column("cultural_acceptance", pair, asked) == pytest.approx([0.6 * 0.8 + 0.3, 0.0])
    assert column("acceptance_of_best", pair, asked) == pytest.approx([0.8, 0.0])
    assert column("concept_probability", pair, asked) == pytest.approx([0.3, 0.0])


def test_few_reviews_cannot_dominate(found: Found, query: RankingQuery) -> None:
    """Five stars from one person are less than 4.6 from a thousand."""
    pair = (
        with_offer(found[0], rating=5.0, rating_count=1),
        with_offer(found[0], rating=4.6, rating_count=1204),
    )
    few, many = column("shrunk_rating", pair, query)
    assert few < many
    assert column("log_reviews", pair, query)[1] == pytest.approx(np.log(1205))


def test_price_is_placed_in_its_category(found: Found, query: RankingQuery) -> None:
    price = found[0].listing.offer.price
    cheap, dear = replace(price, amount_minor=1), replace(price, amount_minor=10**9)
    pair = (with_offer(found[0], price=cheap), with_offer(found[0], price=dear))
    assert column("price_position", pair, query) == [0.0, 1.0]
    assert column("policy_price", pair, query) == pytest.approx([0.15, -0.15])


@pytest.mark.parametrize(
    ("sizes", "asked", "fit"),
    [
        (("M", "L"), "M", 1.0),
        (("M", "L"), "S", 0.0),
        (("free",), "S", 1.0),
        ((), "S", 1.0),
        (("M",), None, 0.5),
    ],
)
def test_free_size_and_sizeless_products_fit_every_size(
    sizes: tuple[str, ...], asked: str | None, fit: float, found: Found, query: RankingQuery
) -> None:
    asking = replace(query, size=asked)
    assert column("size_available", (with_offer(found[0], sizes=sizes),), asking) == [fit]


def test_the_stated_policy_weighs_the_offer(found: Found, query: RankingQuery) -> None:
    """Doubling a weight in the locale file doubles its points; zero silences it."""
    stated = query.marketplace.ranking
    for factor in (2.0, 0.0):
        ranking = replace(stated, policy_rating=stated.policy_rating * factor)
        other = replace(query, marketplace=replace(query.marketplace, ranking=ranking))
        usual = np.array(column("policy_rating", found, query))
        assert column("policy_rating", found, other) == pytest.approx(
            list(usual * factor), abs=1e-6
        )


def test_a_slot_asks_for_its_concepts_colour_and_price(found: Found, query: RankingQuery) -> None:
    look = replace(query.look, colours={"red": 1.0})
    asked = replace(query, look=look, slot=slot(colour="match", price="lower"))
    pair = tuple(
        with_product(found[0], colour=c, concept=k)
        for c, k in (("red", "flats"), ("green", "saree"))
    )
    red, green = column("slot_colour", pair, asked)
    assert red == 1.0
    assert green == 0.0
    assert column("slot_concept", pair, asked) == [0.5, 0.0]
    assert column("slot_concept", pair, query) == [0.5, 0.5], "outside a slot nothing is asked"


def test_an_unknown_date_is_as_good_as_none(found: Found, query: RankingQuery) -> None:
    pair = (with_offer(found[0], listed_on="soon"), with_offer(found[0], listed_on=None))
    assert len(set(column("freshness", pair, query))) == 1


def test_the_table_version_changes_with_any_direction() -> None:
    turned = (replace(FEATURES[0], monotone=0), *FEATURES[1:])
    assert table_version(turned) != table_version()
    assert table_version(FEATURES) == table_version()


def test_the_documentation_shows_this_very_table() -> None:
    text = (Path(__file__).parents[2] / "docs" / "ranking.md").read_text(encoding="utf-8")
    assert f"Version `{table_version()}`" in text
    rows = [
        line.split("`")[1] for line in text.splitlines() if line.startswith("| `") and " | " in line
    ]
    assert [name for name in rows if name in NAMES] == list(NAMES)


@pytest.mark.slow
def test_two_hundred_candidates_take_about_a_millisecond(found: Found, query: RankingQuery) -> None:
    """The aim is 1 ms of this thread's own time; twice as much fails, whatever else the machine does."""
    taken = []
    for _ in range(50):
        start = time.thread_time()
        feature_matrix(found, query)
        taken.append(time.thread_time() - start)
    assert float(np.quantile(taken, 0.25)) < 0.002
