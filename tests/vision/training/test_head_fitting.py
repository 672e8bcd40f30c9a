"""How far the neighbours' vote counts is learned from pictures whose labels are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra `train` is not installed")

from catalog.locale_files import load_concepts
from catalog.money import Money
from catalog.products import GENDERS, Listing, Offer, Product
from catalog.search import WHOLE, Candidate, Look
from vision.heads import ConceptHead, HeadSettings, trust
from vision.training.head_fitting import FittingSet, fit_vote

TREE = load_concepts(Path(__file__).resolve().parents[3] / "locales" / "concepts.yaml")
CLASSES = ("kurti", "tunic")
HEAD = ConceptHead(
    classes=CLASSES,
    weight=np.eye(2, dtype=np.float32),
    bias=np.zeros(2, dtype=np.float32),
    gender_weight=np.zeros((2, len(GENDERS)), dtype=np.float32),
    gender_bias=np.zeros(len(GENDERS), dtype=np.float32),
    presence_weight=np.zeros((2, 1), dtype=np.float32),
    presence_bias=np.full(1, 9.0, dtype=np.float32),
)


def look(logits: tuple[float, float]) -> Look:
    return Look(
        box=WHOLE,
        vector=np.zeros(128, dtype=np.float32),
        features=np.array(logits, dtype=np.float32),
        appearance=np.zeros(32, dtype=np.float32),
        colours={},
    )


def neighbour(concept: str, number: int) -> Candidate:
    name = f"p{number}"
    return Candidate(
        listing=Listing(
            product=Product(product_id=name, concept=concept, titles={"en": name}),
            offer=Offer(marketplace="in", price=Money(amount_minor=100, currency="INR")),
            category="women.ethnic.kurti",
        ),
        similarity=0.8,
        vector=np.zeros(128, dtype=np.float32),
        appearance=np.zeros(32, dtype=np.float32),
    )


def fitted(right_votes: float, *, sure: float) -> HeadSettings:
    """Forty pictures by turns; the head leans to the truth by `sure`, so many neighbours know it."""
    rng = np.random.default_rng(1)
    looks, concepts, neighbours = [], [], []
    for i in range(40):
        truth = i % 2
        looks.append(look((sure, 0.0) if truth == 0 else (0.0, sure)))
        concepts.append((CLASSES[truth],))
        said = [truth if rng.random() < right_votes else 1 - truth for _ in range(8)]
        neighbours.append(tuple(neighbour(CLASSES[s], n) for n, s in enumerate(said)))
    fitting = FittingSet(
        looks=tuple(looks),
        concepts=tuple(concepts),
        rows=tuple(range(40)),
        neighbours=tuple(neighbours),
    )
    return fit_vote(HEAD, fitting, TREE, HeadSettings())


def _weight(settings: HeadSettings) -> float:
    """Of the vote of neighbours as near as those of `neighbour`."""
    voters = tuple(neighbour("kurti", n) for n in range(8))
    return settings.vote_weight * trust(voters, settings.vote_far, settings.vote_near)


def test_neighbours_that_know_better_than_the_head_get_the_greatest_weight() -> None:
    assert _weight(fitted(0.97, sure=0.1)) == 0.8


def test_neighbours_that_guess_beside_a_sure_head_get_next_to_nothing() -> None:
    assert _weight(fitted(0.5, sure=6.0)) <= 0.1


def test_without_neighbours_the_settings_stay() -> None:
    alone = FittingSet(looks=(look((1.0, 0.0)),), concepts=(("kurti",),), rows=(0,))
    start = HeadSettings(vote_weight=0.42, vote_sharpness=7.0)

    assert fit_vote(HEAD, alone, TREE, start) == start
