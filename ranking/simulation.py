"""A seeded, simulated marketplace: products, looks and predictions with noise, for tests and timing.

Nothing measured on it says anything about real photos; it is never evidence of quality.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from catalog.categories import Category, CategoryTree
from catalog.marketplaces import Marketplace
from catalog.money import Money
from catalog.products import Listing, Offer, Product, Vector
from catalog.search import WHOLE, Candidate, Look, Prediction
from ranking.grades import Truth
from ranking.query import RankingQuery
from ranking.statistics import MarketStatistics

DUPLICATE_EVERY = 12
"""One in so many products is a duplicate of the one before it, with an offer of its own."""
TODAY = date(2026, 11, 1)
CONCEPTS = (
    "kurti",
    "kurta_women",
    "tunic",
    "saree",
    "dress",
    "shirt",
    "jeans",
    "heels",
    "flats",
    "handbag",
)
COLOURS = ("red", "blue", "green", "black", "white", "yellow")
GENDERS = ("women", "women", "men", "unisex")
ACCEPTS = {"kurti": ("kurti", "kurta_women"), "kurta_women": ("kurta_women", "kurti"),
           "tunic": ("tunic", "kurti")}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedMarket:
    """One marketplace with its products' pictures as the networks would see them."""

    marketplace: Marketplace
    tree: CategoryTree
    candidates: tuple[Candidate, ...]
    """Every listing, similarity 0."""
    statistics: MarketStatistics
    centres: Mapping[tuple[str, str], Vector]


def simulated_market(*, products: int, seed: int, marketplace_id: str = "in") -> SimulatedMarket:
    """`products` listings over ten concepts and six colours; one in twelve has a duplicate."""
    rng = np.random.default_rng(seed)
    marketplace = Marketplace(
        id=marketplace_id, names={"en": "Simulated"}, languages=("en-IN",), default_language="en-IN",
        currency="INR", time_zone="Asia/Kolkata", size_systems=("IN",), prime_name="Prime",
    )  # fmt: skip
    tree = _tree(marketplace_id)
    centres = _centres(rng)
    made = [_candidate(i, rng, tree, centres, marketplace_id) for i in range(products)]
    candidates = tuple(
        _twin(c, made[i - 1]) if i % DUPLICATE_EVERY == 1 else c for i, c in enumerate(made)
    )
    listings = [candidate.listing for candidate in candidates]
    statistics = MarketStatistics.from_listings(marketplace_id, listings, marketplace.ranking)
    return SimulatedMarket(
        marketplace=marketplace,
        tree=tree,
        candidates=candidates,
        statistics=statistics,
        centres=centres,
    )


def simulated_query(market: SimulatedMarket, *, seed: int) -> tuple[RankingQuery, Truth]:
    """A photo with a domain gap: a noisy vector, a noisy prediction; and what it truly shows."""
    rng = np.random.default_rng(seed)
    truth = Truth(
        concepts=(str(rng.choice(CONCEPTS)),),
        colour=str(rng.choice(COLOURS)),
        gender=str(rng.choice(["women", "men"])),
    )
    look = _look(rng, market.centres[truth.concepts[0], truth.colour or ""], truth.colour or "")
    query = RankingQuery(
        look=look,
        prediction=_prediction(rng, market, look),
        neighbours=nearest(market.candidates, look.vector, 30),
        marketplace=market.marketplace,
        tree=market.tree,
        statistics=market.statistics,
        size=None,
        today=TODAY,
    )
    return query, truth


def nearest(candidates: tuple[Candidate, ...], vector: Vector, k: int) -> tuple[Candidate, ...]:
    """The k most similar, best first, each with its cosine."""
    matrix = np.stack([candidate.vector for candidate in candidates])
    cosine = matrix @ vector
    order = np.argsort(-cosine, kind="stable")[:k]
    return tuple(replace(candidates[i], similarity=float(cosine[i])) for i in order)


def _tree(marketplace_id: str) -> CategoryTree:
    nodes = [Category(id="all", parent=None, names={"en": "All"})]
    nodes += [
        Category(id=f"all.{c}", parent="all", names={"en": c}, concepts=(c,)) for c in CONCEPTS
    ]
    categories = {node.id: node for node in nodes}
    return CategoryTree(marketplace=marketplace_id, categories=categories, accepts=ACCEPTS)


def _centres(rng: np.random.Generator) -> dict[tuple[str, str], Vector]:
    shapes = {concept: rng.normal(size=128) for concept in CONCEPTS}
    shapes["kurta_women"] = shapes["kurti"] + 0.5 * rng.normal(size=128)
    shapes["tunic"] = shapes["kurti"] + 0.7 * rng.normal(size=128)
    tints = {colour: rng.normal(size=128) for colour in COLOURS}
    return {(c, t): _unit(shapes[c] + 0.5 * tints[t]) for c in CONCEPTS for t in COLOURS}


def _candidate(
    number: int,
    rng: np.random.Generator,
    tree: CategoryTree,
    centres: Mapping[tuple[str, str], Vector],
    marketplace_id: str,
) -> Candidate:
    concept, colour = str(rng.choice(CONCEPTS)), str(rng.choice(COLOURS))
    product = Product(
        product_id=f"P{number:06d}", concept=concept, titles={"en": f"{colour} {concept}"}, colour=colour,
        gender=str(rng.choice(GENDERS)), brand=f"brand{rng.integers(40)}",
        season=str(rng.choice(["summer", "winter"])), occasion=str(rng.choice(["casual", "festive"])),
        group_id=f"G{number // DUPLICATE_EVERY}" if number % DUPLICATE_EVERY < 2 else None, generated=True,
    )  # fmt: skip
    vector = _unit(centres[concept, colour] + 0.06 * rng.normal(size=128))
    return Candidate(
        listing=Listing(
            product=product,
            offer=_offer(rng, marketplace_id),
            category=tree.leaf_of(concept) or "all",
        ),
        similarity=0.0,
        vector=vector,
        appearance=_appearance(rng, colour),
    )


def _twin(candidate: Candidate, original: Candidate) -> Candidate:
    """The same thing listed twice: its own id and offer, the other's picture and attributes."""
    product = replace(original.listing.product, product_id=candidate.product_id)
    listing = replace(original.listing, product=product, offer=candidate.listing.offer)
    return replace(original, listing=listing)


def _offer(rng: np.random.Generator, marketplace_id: str) -> Offer:
    price = int(np.exp(rng.normal(11.2, 0.5)))
    count = int(rng.geometric(0.01)) - 1
    return Offer(
        marketplace=marketplace_id,
        price=Money(amount_minor=price, currency="INR"),
        list_price=Money(amount_minor=int(price * rng.uniform(1.0, 1.8)), currency="INR"),
        available=bool(rng.random() < 0.9),
        sizes=("S", "M", "L")[: int(rng.integers(1, 4))],
        prime=bool(rng.random() < 0.5),
        rating=float(np.clip(rng.normal(4.0, 0.5), 1, 5).round(1)) if count else None,
        rating_count=count,
        popularity=float(rng.beta(1, 20)),
        listed_on=(TODAY - timedelta(days=int(rng.integers(0, 900)))).isoformat(),
    )


def _look(rng: np.random.Generator, centre: Vector, colour: str) -> Look:
    share = float(rng.uniform(0.4, 0.9))
    return Look(
        box=WHOLE,
        vector=_unit(centre + 0.11 * rng.normal(size=128)),
        features=np.zeros(4, dtype=np.float32),
        appearance=_appearance(rng, colour),
        colours={colour: share, "grey": 1 - share},
    )


def _prediction(rng: np.random.Generator, market: SimulatedMarket, look: Look) -> Prediction:
    """A softmax over noisy closeness to each concept's centres: right about two times in three."""
    closeness = {
        concept: max(float(market.centres[concept, colour] @ look.vector) for colour in COLOURS)
        for concept in CONCEPTS
    }
    logits = np.array(list(closeness.values())) * 9 + rng.normal(0, 0.6, len(closeness))
    share = np.exp(logits - logits.max())
    share /= share.sum()
    ranked = sorted(zip(CONCEPTS, share.tolist(), strict=True), key=lambda pair: -pair[1])
    concepts = dict(ranked)
    best, confidence = ranked[0]
    categories = {market.tree.leaf_of(concept) or "all": p for concept, p in ranked}
    return Prediction(
        category=f"all.{best}",
        confidence=confidence,
        concept=best,
        concepts=concepts,
        categories=categories,
    )


def _appearance(rng: np.random.Generator, colour: str) -> NDArray[np.float32]:
    histogram = rng.dirichlet(np.full(24, 0.3)) * 0.4
    histogram[COLOURS.index(colour) * 4] += 0.6
    texture = np.abs(rng.normal(1.0, 0.4, 8))
    return np.concatenate([histogram, _unit(texture)]).astype(np.float32)


def _unit(vector: NDArray[np.float64]) -> Vector:
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)
