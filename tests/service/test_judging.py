"""Judged photos: what asks, what may be found, and that a photo's truth stays out of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest

from catalog.categories import CategoryTree
from catalog.marketplaces import RankingDefaults
from catalog.search import WHOLE, Box, Candidate, DetectedObject, Look, Prediction
from ranking.features import feature_matrix
from ranking.grades import Truth
from ranking.simulation import SimulatedMarket, simulated_market, simulated_query
from service.judging import Networks, judged_photo, judged_slot, seen
from service.ranker_data import part_of, varied
from service.shelves import Shelf
from vision.photos import Photo
from vision.training.splits import Split

MARKET: SimulatedMarket = simulated_market(products=300, seed=2)
SHELF = Shelf.from_candidates(MARKET.candidates, MARKET.marketplace, MARKET.tree)
QUERY, TRUTH = simulated_query(MARKET, seed=4)
PHOTO = Photo(pixels=np.zeros((8, 8, 3), dtype=np.uint8), width=8, height=8)


@dataclass(frozen=True)
class Detection:
    objects: tuple[DetectedObject, ...]


@dataclass(frozen=True)
class FakeNetworks:
    """Answers as the simulated query was seen, whatever the photo."""

    def detect(self, photo: Photo) -> Detection:
        del photo
        box = Box(0.45, 0.45, 0.55, 0.55)
        whole = DetectedObject(id=1, box=WHOLE, confidence=1.0)
        return Detection((DetectedObject(id=0, box=box, confidence=0.9, concept="kurti"), whole))

    def look(self, photo: Photo, box: Box) -> Look:
        del photo
        return replace(QUERY.look, box=box)

    def classify(
        self, look: Look, neighbours: Sequence[Candidate], tree: CategoryTree
    ) -> Prediction:
        del look, neighbours, tree
        return QUERY.prediction


NETWORKS: Networks = FakeNetworks()


def test_the_look_is_of_the_focus_that_the_service_would_choose() -> None:
    assert seen(PHOTO, NETWORKS).box == Box(0.45, 0.45, 0.55, 0.55)


def test_a_shelf_finds_the_nearest_of_what_is_allowed() -> None:
    allowed = SHELF.of_concepts(["saree"])
    found = SHELF.nearest(QUERY.look.vector, 10, allowed)
    assert len(found) == 10
    assert {c.listing.product.concept for c in found} == {"saree"}
    cosines = [c.similarity for c in found]
    assert cosines == sorted(cosines, reverse=True)
    assert cosines[0] == pytest.approx(float(found[0].vector @ QUERY.look.vector), abs=1e-6)


def test_a_product_and_its_twins_never_answer_its_own_photo() -> None:
    twin = next(c for c in MARKET.candidates if c.listing.product.group_id)
    alike = SHELF.chosen(SHELF.alike(twin.product_id))
    assert len(alike) == 2
    allowed = SHELF.everything() & ~SHELF.alike(twin.product_id)
    judged = judged_photo("q", QUERY.look, TRUTH, SHELF, NETWORKS, allowed)
    own = {c.product_id for c in alike}
    assert not own & {c.product_id for c in (*judged.candidates, *judged.query.neighbours)}


def test_two_truths_of_one_photo_give_the_same_rows_and_other_grades() -> None:
    everything = SHELF.everything()
    other = Truth(concepts=("handbag", "saree", *TRUTH.concepts), colour="black", gender="boys")
    ours, theirs = (
        judged_photo("q", QUERY.look, truth, SHELF, NETWORKS, everything)
        for truth in (TRUTH, other)
    )
    np.testing.assert_array_equal(
        feature_matrix(ours.candidates, ours.query), feature_matrix(theirs.candidates, theirs.query)
    )
    assert (ours.grades != theirs.grades).any()


def test_a_made_up_slot_is_browsed_and_never_holds_what_was_seen() -> None:
    everything = SHELF.everything()
    judged = judged_photo("q", QUERY.look, TRUTH, SHELF, NETWORKS, everything)
    slot = judged_slot(judged, TRUTH, SHELF, everything, np.random.default_rng(1))
    assert slot is not None
    assert {c.similarity for c in slot.candidates} == {0.0}
    assert not {c.listing.product.concept for c in slot.candidates} & set(TRUTH.concepts)
    assert slot.grades.min() >= 1


@pytest.mark.parametrize(
    ("product", "brand", "part"),
    [
        ("train", "train", None),
        ("test", "train", "train"),
        ("val", "train", "train"),
        ("train", "val", None),
        ("val", "val", "train"),
        ("", "test", "test"),
    ],
)
def test_nobody_asks_whom_the_heads_were_trained_on(
    product: str, brand: str, part: str | None
) -> None:
    assert part_of(Split(product=product, brand=brand)) == part
    assert part_of(None) is None


def test_a_varied_policy_keeps_silence_silent_and_the_rest_within_a_factor_of_two() -> None:
    stated = RankingDefaults(policy_prime=0.0)
    for seed in range(50):
        found = varied(stated, np.random.default_rng(seed))
        assert found.policy_prime == 0.0
        assert 0.5 <= found.policy_rating / stated.policy_rating <= 2.0
        assert found.diversity == stated.diversity
