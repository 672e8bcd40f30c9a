"""The arithmetic behind the feature table: families of columns, each by name, NaN where unknown.

Vectorised: attributes are read once into tuples, words are looked up once per distinct value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from catalog.products import any_size
from catalog.search import Candidate
from ranking.colours import colour_fit
from ranking.query import RankingQuery

Column = NDArray[np.float64]
Columns = Mapping[str, Column | float]

ACCEPTANCE_DECAY = 0.8
"""What each further place in `accepts` is worth of the one before."""
VOTERS = 20
"""How many neighbours vote."""
VOTE_SHARPNESS = 8.0
"""A neighbour's weight falls by e^(−8 × lost cosine)."""
FRESH_DAYS = 180.0
LEAST_PROBABILITY = 1e-3
"""Concepts below it are left out of the acceptance sum."""

_READ = attrgetter(
    "similarity",
    "listing.category",
    "listing.product.concept",
    "listing.product.colour",
    "listing.product.gender",
    "listing.product.occasion",
    "listing.product.season",
    "listing.product.group_id",
    "listing.offer.price.amount_minor",
    "listing.offer.list_price",
    "listing.offer.rating",
    "listing.offer.rating_count",
    "listing.offer.prime",
    "listing.offer.available",
    "listing.offer.sizes",
    "listing.offer.listed_on",
    "listing.offer.popularity",
)


class _Read:
    """The candidates' attributes as one tuple a column."""

    __slots__ = (
        "available", "categories", "colours", "concepts", "genders", "groups", "list_prices", "listed",
        "occasions", "popularity", "prices", "prime", "rating_counts", "ratings", "seasons", "similarity",
        "sizes",
    )  # fmt: skip

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        (
            similarity, self.categories, self.concepts, self.colours, self.genders, self.occasions,
            self.seasons, self.groups, prices, self.list_prices, ratings, counts, prime, available,
            self.sizes, self.listed, popularity,
        ) = zip(*map(_READ, candidates), strict=True)  # fmt: skip
        self.similarity = np.array(similarity, dtype=np.float64)
        self.prices = np.array(prices, dtype=np.float64)
        self.ratings = np.array(ratings, dtype=np.float64)
        self.rating_counts = np.array(counts, dtype=np.float64)
        self.prime = np.array(prime, dtype=np.float64)
        self.available = np.array(available, dtype=np.float64)
        self.popularity = np.array(popularity, dtype=np.float64)


def columns(candidates: Sequence[Candidate], query: RankingQuery) -> dict[str, Column | float]:
    """Every column of the table, by name; scalars hold for all candidates alike."""
    read = _Read(candidates)
    voters = query.neighbours[:VOTERS]
    rows = query.statistics.rows_of(read.categories)
    offer = _offer(read, query, rows)
    found: dict[str, Column | float] = {}
    found |= _visual(read, candidates, query)
    found |= _appearance(read, candidates, query, voters)
    found |= _category(read, query, voters)
    found |= _person(read, voters)
    found |= offer
    found |= _policy(read, query, offer, query.statistics.rating_mean[rows])
    found["duplicates"] = _duplicates(read.groups)
    if query.slot is not None:
        found |= _slot(read, query, offer["price_to_neighbours"])
    return found


def _visual(read: _Read, candidates: Sequence[Candidate], query: RankingQuery) -> Columns:
    similarity = read.similarity
    known = np.where(np.isfinite(similarity), similarity, -np.inf)
    order = np.argsort(-known, kind="stable")
    rank = np.empty(len(known))
    rank[order] = np.log1p(np.arange(len(known)))
    best = known[order[0]]
    return {
        "similarity": similarity,
        "similarity_rank": np.where(np.isfinite(similarity), rank, np.nan),
        "similarity_gap": best - known if np.isfinite(best) else np.nan,
        "neighbour_similarity": _to_neighbours(candidates, query.neighbours[:10]),
    }


def _to_neighbours(candidates: Sequence[Candidate], near: Sequence[Candidate]) -> Column | float:
    if not near:
        return np.nan
    centre = np.mean([n.vector for n in near], axis=0)
    return np.asarray(_rows([c.vector for c in candidates]) @ centre, dtype=np.float64)


def _appearance(
    read: _Read, candidates: Sequence[Candidate], query: RankingQuery, voters: Sequence[Candidate]
) -> Columns:
    seen = query.look.appearance
    looks = _rows([c.appearance for c in candidates])
    colours, textures = looks[:, :24], looks[:, 24:]
    known = (looks.sum(axis=1) > 0) & bool(np.any(seen))
    intersection = np.minimum(colours, seen[:24]).sum(axis=1)
    words = query.look.colours
    vote = _vote(voters, lambda n: n.listing.product.colour)
    return {
        "colour_intersection": np.where(known, intersection, np.nan),
        "texture_cosine": np.where(known, textures @ seen[24:], np.nan),
        "colour_word_share": _by_word(
            read.colours, lambda c: words.get(c, 0.0) if words else np.nan
        ),
        "colour_vote": _by_word(read.colours, vote),
    }


def _category(read: _Read, query: RankingQuery, voters: Sequence[Candidate]) -> Columns:
    prediction, tree = query.prediction, query.tree
    expected: dict[str, float] = {}
    for concept, probability in prediction.concepts.items():
        if probability >= LEAST_PROBABILITY:
            for place, accepted in enumerate(tree.accepted(concept)):
                gain = probability * ACCEPTANCE_DECAY**place
                expected[accepted] = expected.get(accepted, 0.0) + gain
    best = {c: ACCEPTANCE_DECAY**i for i, c in enumerate(tree.accepted(prediction.concept))}

    def distance(category: str) -> float:
        if category not in tree.categories or prediction.category not in tree.categories:
            return math.nan
        return float(tree.distance(category, prediction.category))

    return {
        "cultural_acceptance": _by_word(read.concepts, lambda c: expected.get(c, 0.0)),
        "acceptance_of_best": _by_word(read.concepts, lambda c: best.get(c, 0.0)),
        "concept_probability": _by_word(read.concepts, lambda c: prediction.concepts.get(c, 0.0)),
        "category_probability": _by_word(
            read.categories, lambda c: prediction.categories.get(c, 0.0)
        ),
        "tree_distance": _by_word(read.categories, distance),
        "concept_vote": _by_word(read.concepts, _vote(voters, lambda n: n.listing.product.concept)),
        "category_vote": _by_word(read.categories, _vote(voters, lambda n: n.listing.category)),
        "prediction_confidence": prediction.confidence,
        "abstained": float(prediction.abstained),
    }


def _person(read: _Read, voters: Sequence[Candidate]) -> Columns:
    share = _vote(voters, lambda n: n.listing.product.gender)

    def agreement(gender: str) -> float:
        return 1.0 if gender == "unisex" else share(gender) + share("unisex")

    return {
        "gender_agreement": _by_word(read.genders, agreement),
        "occasion_vote": _by_word(
            read.occasions, _vote(voters, lambda n: n.listing.product.occasion)
        ),
        "season_vote": _by_word(read.seasons, _vote(voters, lambda n: n.listing.product.season)),
    }


def _offer(read: _Read, query: RankingQuery, rows: NDArray[np.intp]) -> dict[str, Column]:
    statistics = query.statistics
    median_price = _median_price(query.neighbours)
    full = np.array(
        [np.nan if p is None else p.amount_minor for p in read.list_prices], dtype=np.float64
    )
    off = np.where(full > 0, 1.0 - read.prices / np.where(full > 0, full, 1.0), 0.0)
    priced = read.prices > 0
    ratio = np.log(np.where(priced, read.prices, 1.0)) - math.log(median_price)
    today = query.today.toordinal()
    listed = np.array(
        [math.nan if d is None else day_number(d) for d in read.listed], dtype=np.float64
    )
    return {
        "shrunk_rating": statistics.shrunk_rating(rows, read.ratings, read.rating_counts),
        "log_reviews": np.log1p(np.maximum(read.rating_counts, 0.0)),
        "price_position": statistics.price_position(rows, read.prices),
        "price_to_neighbours": np.where(priced & np.isfinite(ratio), ratio, np.nan),
        "discount": np.maximum(off, 0.0),
        "prime": read.prime,
        "available": read.available,
        "size_available": _sizes(read.sizes, query.size),
        "freshness": np.exp(-np.maximum(today - listed, 0.0) / FRESH_DAYS),
        "popularity": read.popularity,
    }


def _policy(
    read: _Read, query: RankingQuery, offer: Mapping[str, Column], usual_rating: Column
) -> Columns:
    stated = query.marketplace.ranking
    return {
        "policy_rating": stated.policy_rating * (offer["shrunk_rating"] - usual_rating),
        "policy_price": stated.policy_price * (0.5 - offer["price_position"]),
        "policy_prime": stated.policy_prime * read.prime,
        "policy_availability": stated.policy_availability * (read.available - 1.0),
    }


def _slot(read: _Read, query: RankingQuery, ratio: Column) -> Columns:
    slot = query.slot
    if slot is None:
        return {}
    places = {concept: 1.0 / (1 + place) for place, concept in enumerate(slot.concepts)}
    seen, relation = query.look.colours, slot.colour
    return {
        "slot_colour": _by_word(read.colours, lambda c: colour_fit(relation, c, seen)),
        "slot_price": _price_fit(slot.price, ratio),
        "slot_concept": _by_word(read.concepts, lambda c: places.get(c, 0.0)),
        "slot_priority": float(slot.priority),
    }


def price_fit(candidates: Sequence[Candidate], query: RankingQuery) -> Column:
    """How the candidates' prices stand to the focus's as the slot asks, 0 to 1; shape (n,)."""
    median = _median_price(query.neighbours)
    prices = [max(c.listing.offer.price.amount_minor, 1) for c in candidates]
    ratio = np.log(np.array(prices, dtype=np.float64)) - math.log(median)
    relation = query.slot.price if query.slot is not None else "any"
    fits = np.broadcast_to(_price_fit(relation, ratio), ratio.shape)
    return np.where(np.isfinite(fits), fits, 0.5)


def _price_fit(relation: str, ratio: Column) -> Column | float:
    if relation == "lower":
        return np.exp(-np.maximum(ratio, 0.0))
    return np.exp(-np.abs(ratio)) if relation == "similar" else np.nan


def _vote(
    voters: Sequence[Candidate], word_of: Callable[[Candidate], str | None]
) -> Callable[[str], float]:
    """Weighed share of the voters by word; NaN for every word when none of them has one."""
    weights: dict[str, float] = {}
    best = max((v.similarity for v in voters), default=0.0)
    for voter in voters:
        word = word_of(voter)
        weight = math.exp(VOTE_SHARPNESS * (voter.similarity - best))
        if word is not None and math.isfinite(weight):
            weights[word] = weights.get(word, 0.0) + weight
    total = sum(weights.values())
    return lambda word: weights.get(word, 0.0) / total if total > 0 else math.nan


def _by_word(words: Sequence[str | None], value_of: Callable[[str], float]) -> Column:
    """`value_of` once per distinct word; NaN for a missing one."""
    known = {word: math.nan if word is None else value_of(word) for word in set(words)}
    return np.array([known[word] for word in words], dtype=np.float64)


def _rows(arrays: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Stacked; concatenation is several times quicker than np.stack for many short arrays."""
    return np.concatenate(arrays).reshape(len(arrays), -1)


def _median_price(neighbours: Iterable[Candidate]) -> float:
    prices = sorted(n.listing.offer.price.amount_minor for n in neighbours)
    return float(prices[len(prices) // 2]) if prices and prices[len(prices) // 2] > 0 else math.nan


def _sizes(sizes: Sequence[tuple[str, ...]], asked: str | None) -> Column:
    if asked is None:
        return np.full(len(sizes), 0.5)
    fits = [any_size(have) or asked in have for have in sizes]
    return np.array(fits, dtype=np.float64)


def _duplicates(groups: Sequence[str | None]) -> Column:
    counts: dict[str, int] = {}
    for group in groups:
        if group is not None:
            counts[group] = counts.get(group, 0) + 1
    return np.array([0 if g is None else counts[g] - 1 for g in groups], dtype=np.float64)


@lru_cache(maxsize=8192)
def day_number(day: str) -> float:
    """Days since year 1; NaN for what is no ISO date."""
    try:
        return float(date.fromisoformat(day).toordinal())
    except ValueError:
        return math.nan
