"""Heads turn features into a prediction in a marketplace's words."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.categories import Category, CategoryTree
from catalog.money import Money
from catalog.products import GENDERS, Listing, Offer, Product
from catalog.search import Candidate
from vision.heads import (
    ConceptHead,
    HeadSettings,
    classify,
    decide,
    fuse,
    most_likely,
    project,
    softmax,
    trust,
    vote,
    with_prior,
)

CLASSES = ("kurti", "tunic", "tshirt", "office_chair")
EVEN = dict.fromkeys(GENDERS, 1 / len(GENDERS))


def tree(marketplace: str, rows: list[tuple[str, tuple[str, ...], str | None]]) -> CategoryTree:
    categories: dict[str, Category] = {}
    for id_, concepts, gender in rows:
        parent = id_.rpartition(".")[0] or None
        categories[id_] = Category(
            id=id_, parent=parent, names={"en": id_}, concepts=concepts, gender=gender
        )
    return CategoryTree(marketplace=marketplace, categories=categories)


INDIA = tree(
    "in",
    [
        ("women", (), None),
        ("women.ethnic", (), None),
        ("women.ethnic.kurti", ("kurti",), "women"),
        ("women.ethnic.tunic", ("tunic",), "women"),
        ("women.tshirt", ("tshirt",), "women"),
        ("men", (), None),
        ("men.tshirt", ("tshirt",), "men"),
        ("home", (), None),
        ("home.chair", ("office_chair",), None),
    ],
)
STATES = tree(
    "us",
    [
        ("women", (), None),
        ("women.tops", (), None),
        ("women.tops.tunic", ("tunic", "kurti"), "women"),
        ("women.tops.tshirt", ("tshirt",), "women"),
    ],
)


def head(*, presence: float = 20.0) -> ConceptHead:
    """Feature i is the logit of class i."""
    size = len(CLASSES)
    return ConceptHead(
        classes=CLASSES,
        weight=np.eye(size, dtype=np.float32),
        bias=np.zeros(size, dtype=np.float32),
        gender_weight=np.zeros((size, len(GENDERS)), dtype=np.float32),
        gender_bias=np.array([4, 0, 0, 0, 0], dtype=np.float32),
        presence_weight=np.zeros((size, 1), dtype=np.float32),
        presence_bias=np.array([presence], dtype=np.float32),
    )


def neighbour(
    concept: str, similarity: float, product: str = "p", group: str | None = None
) -> Candidate:
    return Candidate(
        listing=Listing(
            product=Product(
                product_id=product, concept=concept, titles={"en": product}, group_id=group
            ),
            offer=Offer(marketplace="in", price=Money(amount_minor=1, currency="INR")),
            category="c",
        ),
        similarity=similarity,
        vector=np.zeros(128, dtype=np.float32),
        appearance=np.zeros(32, dtype=np.float32),
    )


KURTI = np.array([5, 2, 0, 0], dtype=np.float32)


def test_one_photo_is_a_kurti_in_india_and_a_tunic_in_the_states() -> None:
    indian = classify(head(), KURTI, (), INDIA, HeadSettings())
    western = classify(head(), KURTI, (), STATES, HeadSettings())
    assert indian.category == "women.ethnic.kurti"
    assert western.category == "women.tops.tunic"
    assert indian.concept == western.concept == "kurti"


def test_a_picture_of_nothing_has_no_confident_leaf() -> None:
    prediction = classify(head(presence=-8.0), KURTI, (), INDIA, HeadSettings())
    assert prediction.abstained
    assert sum(prediction.concepts.values()) < 0.01


def test_neighbours_can_turn_a_close_call() -> None:
    close = np.array([1.0, 1.1, 0, 0], dtype=np.float32)
    settings = HeadSettings(vote_weight=0.5)
    alone = classify(head(), close, (), INDIA, settings)
    voted = classify(head(), close, (neighbour("kurti", 0.9),), INDIA, settings)
    assert (alone.concept, voted.concept) == ("tunic", "kurti")


def test_duplicates_of_one_product_vote_once() -> None:
    copies = [neighbour("tunic", 0.8, f"t{i}", group="g") for i in range(9)]
    shares = vote([*copies, neighbour("kurti", 0.8, "k")], sharpness=18.0)
    assert shares["kurti"] == pytest.approx(shares["tunic"])


def test_a_nearer_neighbour_counts_more() -> None:
    shares = vote([neighbour("tunic", 0.6, "a"), neighbour("kurti", 0.9, "b")], sharpness=18.0)
    assert shares["kurti"] > 0.9


@pytest.mark.parametrize(
    ("similarity", "counted"), [(0.5, 0.0), (0.7, 0.0), (0.8, 0.5), (0.9, 1.0), (0.99, 1.0)]
)
def test_far_neighbours_are_not_listened_to(similarity: float, counted: float) -> None:
    voters = [neighbour("tunic", similarity, f"t{i}") for i in range(8)]
    assert trust(voters, 0.7, 0.9) == pytest.approx(counted)


def test_the_nearest_say_how_much_the_vote_is_worth_and_twins_speak_once() -> None:
    near = [neighbour("tunic", 1.0, f"t{i}", group="g") for i in range(9)]
    far = [neighbour("kurti", 0.5, f"k{i}") for i in range(9)]
    assert trust([*near, *far], 0.0, 1.0) == pytest.approx((1.0 + 4 * 0.5) / 5)


def test_without_a_reach_the_vote_counts_always_and_without_voters_never() -> None:
    assert trust([neighbour("tunic", 0.1)], 0.0, 0.0) == 1.0
    assert trust([], 0.7, 0.9) == 0.0


def test_a_stranger_cannot_turn_what_the_head_knows() -> None:
    close = np.array([1.0, 1.1, 0, 0], dtype=np.float32)
    settings = HeadSettings(vote_weight=0.5, vote_far=0.7, vote_near=0.9)
    stranger = classify(head(), close, (neighbour("kurti", 0.6),), INDIA, settings)
    twin = classify(head(), close, (neighbour("kurti", 0.95),), INDIA, settings)
    assert (stranger.concept, twin.concept) == ("tunic", "kurti")


def test_without_a_vote_the_head_answers_alone() -> None:
    assert fuse({"kurti": 0.7}, {}, 0.9) == {"kurti": 0.7}


def test_a_concept_in_two_leaves_is_shared_by_gender() -> None:
    genders = {**dict.fromkeys(GENDERS, 0.0), "men": 0.75, "women": 0.25}
    leaves = project({"tshirt": 0.8}, INDIA, genders)
    assert leaves == pytest.approx({"women.tshirt": 0.2, "men.tshirt": 0.6})


def test_a_concept_that_no_leaf_takes_is_left_out() -> None:
    assert project({"office_chair": 1.0}, STATES, EVEN) == {}


def test_an_unsure_head_answers_the_parent_that_is_sure_enough() -> None:
    leaves = {"women.ethnic.kurti": 0.3, "women.ethnic.tunic": 0.3, "home.chair": 0.4}
    category, confidence, abstained = decide(leaves, INDIA, threshold=0.5)
    assert (category, abstained) == ("home", True)
    del leaves["home.chair"]
    category, confidence, abstained = decide(leaves, INDIA, threshold=0.5)
    assert (category, abstained) == ("women.ethnic", True)
    assert confidence == pytest.approx(0.6)


def test_a_tree_without_a_fitting_leaf_answers_its_first_department_at_confidence_zero() -> None:
    assert decide({}, INDIA, 0.3) == ("women", 0.0, True)


def test_what_the_marketplace_stocks_can_settle_a_tie() -> None:
    leaves = {"women.ethnic.kurti": 0.5, "women.ethnic.tunic": 0.5}
    weighted = with_prior(leaves, INDIA, {"kurti": 0.2, "tunic": 0.01}, 0.5)
    assert weighted["women.ethnic.kurti"] > weighted["women.ethnic.tunic"]
    assert sum(weighted.values()) == pytest.approx(1.0)


@given(st.lists(st.floats(-30, 30), min_size=4, max_size=4), st.floats(0.0, 1.0))
def test_probabilities_sum_to_at_most_one_and_come_most_likely_first(
    logits: list[float], weight: float
) -> None:
    prediction = classify(
        head(),
        np.array(logits, dtype=np.float32),
        (neighbour("kurti", 0.5),),
        INDIA,
        HeadSettings(vote_weight=weight),
    )
    for shares in (prediction.concepts, prediction.categories):
        values = list(shares.values())
        assert sum(values) <= 1.0001
        assert values == sorted(values, reverse=True)
    assert prediction.concept == next(iter(prediction.concepts))


@given(st.dictionaries(st.sampled_from(CLASSES), st.floats(0, 1), min_size=1))
def test_the_projection_neither_makes_nor_loses_probability(shares: dict[str, float]) -> None:
    assert sum(project(shares, INDIA, EVEN).values()) == pytest.approx(sum(shares.values()))


def test_negligible_concepts_are_dropped_but_never_all() -> None:
    assert most_likely({"kurti": 0.9, "tunic": 1e-6}) == {"kurti": 0.9}
    assert most_likely({"kurti": 1e-9}) == {"kurti": 1e-9}


def test_softmax_survives_large_logits() -> None:
    assert softmax(np.array([1000.0, 0.0], dtype=np.float32)).tolist() == [1.0, 0.0]
