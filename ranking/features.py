"""The one feature table: what the re-ranker knows of a candidate, in training, serving and documents.

Invariants: the order of `FEATURES` is the order of the matrix's columns; a row is computed from the
photo's look, the prediction made of it and the candidate's own listing, never from what the photo
truly shows; every value is finite and inside its feature's range, the stated default where the
input is missing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog.search import Candidate
from ranking.columns import columns
from ranking.query import RankingQuery

__all__ = [
    "DEFAULTS",
    "FEATURES",
    "GROUPS",
    "HIGHS",
    "LOWS",
    "NAMES",
    "POSITION",
    "Feature",
    "RankingQuery",
    "feature_matrix",
    "feature_names",
    "table_version",
]


@dataclass(frozen=True, slots=True)
class Feature:
    """One column. `monotone` is +1 or -1 where a higher value must never lower or raise the score."""

    name: str
    group: str
    unit: str
    low: float
    high: float
    monotone: int
    default: float
    source: str
    doc: str


F = Feature
FEATURES: tuple[Feature, ...] = (
    # ---- visual: photo against picture
    F("similarity", "visual", "cosine", -1, 1, 1, 0.0, "Candidate.similarity",
      "The embedder's cosine between the photo's object and the product's picture."),
    F("similarity_rank", "visual", "ln(1 + rank)", 0, 10, -1, 5.3, "rank by similarity in the list",
      "0 for the most similar candidate."),
    F("similarity_gap", "visual", "cosine", 0, 2, -1, 0.5, "best similarity in the list",
      "What the candidate lacks to the most similar one."),
    F("neighbour_similarity", "visual", "cosine", -1, 1, 0, 0.0, "Candidate.vector, neighbours",
      "Mean cosine to the ten nearest products: near to what is near to the photo."),
    F("colour_intersection", "appearance", "share", 0, 1, 1, 0.3, "appearance[:24]",
      "Intersection of the two soft colour histograms."),
    F("texture_cosine", "appearance", "cosine", -1, 1, 1, 0.7, "appearance[24:]",
      "Cosine of the two texture energies."),
    F("colour_word_share", "appearance", "share", 0, 1, 1, 0.1, "Look.colours, Product.colour",
      "Share of the photo's object that has the product's colour word."),
    F("colour_vote", "appearance", "share", 0, 1, 1, 0.1, "neighbours' Product.colour",
      "Weighed share of the neighbours that have the product's colour word."),
    # ---- category: what the photo is taken to show, here
    F("cultural_acceptance", "category", "expected gain", 0, 1, 1, 0.0, "Prediction.concepts, tree",
      "Sum over seen concepts of probability × 0.8^position of the candidate's concept in `accepts`."),
    F("acceptance_of_best", "category", "gain", 0, 1, 1, 0.0, "Prediction.concept, tree",
      "0.8^position in what is accepted for the likeliest concept; 0 when it is not accepted."),
    F("concept_probability", "category", "probability", 0, 1, 1, 0.0, "Prediction.concepts",
      "The head's confidence that the photo shows the candidate's own concept."),
    F("category_probability", "category", "probability", 0, 1, 1, 0.0, "Prediction.categories",
      "The head's confidence in the candidate's leaf."),
    F("tree_distance", "category", "edges", 0, 12, -1, 6.0, "CategoryTree.distance",
      "Edges between the candidate's leaf and the predicted category."),
    F("concept_vote", "category", "share", 0, 1, 1, 0.0, "neighbours' Product.concept",
      "Weighed share of the neighbours that have the candidate's concept."),
    F("category_vote", "category", "share", 0, 1, 1, 0.0, "neighbours' Listing.category",
      "Weighed share of the neighbours that stand in the candidate's leaf."),
    F("prediction_confidence", "category", "probability", 0, 1, 0, 0.0, "Prediction.confidence",
      "The same for all candidates: how far the category may be trusted."),
    F("abstained", "category", "0 or 1", 0, 1, 0, 0.0, "Prediction.abstained",
      "The same for all candidates: the head answered with an inner category."),
    # ---- person: for whom and when
    F("gender_agreement", "person", "share", 0, 1, 1, 0.5, "neighbours' Product.gender",
      "Weighed share of the neighbours whose gender the product suits; unisex suits all."),
    F("occasion_vote", "person", "share", 0, 1, 1, 0.3, "neighbours' Product.occasion",
      "Weighed share of the neighbours made for the product's occasion."),
    F("season_vote", "person", "share", 0, 1, 1, 0.3, "neighbours' Product.season",
      "Weighed share of the neighbours of the product's season."),
    # ---- offer: the marketplace's own figures
    F("shrunk_rating", "offer", "stars", 1, 5, 1, 4.0, "Offer.rating, rating_count",
      "Rating drawn to the category's mean, which weighs as `rating_prior_count` reviews."),
    F("log_reviews", "offer", "ln(1 + n)", 0, 20, 1, 0.0, "Offer.rating_count",
      "How many people rated it."),
    F("price_position", "offer", "share", 0, 1, -1, 0.5, "Offer.price, MarketStatistics",
      "Share of the category that is cheaper."),
    F("price_to_neighbours", "offer", "ln ratio", -5, 5, 0, 0.0, "Offer.price, neighbours",
      "Price against the neighbours' median; 0 is equal."),
    F("discount", "offer", "share", 0, 1, 1, 0.0, "Offer.list_price",
      "What is taken off the list price."),
    F("prime", "offer", "0 or 1", 0, 1, 1, 0.0, "Offer.prime", "Prime eligibility."),
    F("available", "offer", "0 or 1", 0, 1, 1, 1.0, "Offer.available", "In stock here."),
    F("size_available", "offer", "0, ½ or 1", 0, 1, 1, 0.5, "Offer.sizes, asked size",
      "1: in the asked size, free size or without sizes; 0: not; ½: no size asked."),
    F("freshness", "offer", "share", 0, 1, 1, 0.2, "Offer.listed_on, today",
      "e^(−days since the first listing / 180)."),
    F("popularity", "offer", "share", 0, 1, 1, 0.0, "Offer.popularity",
      "Smoothed share of this marketplace's demand."),
    # ---- policy: the same figures weighed by this marketplace's locale file
    F("policy_rating", "policy", "points", -20, 20, 1, 0.0, "policy_rating × (shrunk_rating − category mean)",
      "Stars above the category's mean × the stated weight."),
    F("policy_price", "policy", "points", -5, 5, 1, 0.0, "policy_price × (½ − price_position)",
      "Cheapness in the category × the stated weight."),
    F("policy_prime", "policy", "points", -10, 10, 1, 0.0, "policy_prime × prime",
      "Prime eligibility × the stated weight."),
    F("policy_availability", "policy", "points", -10, 10, 1, 0.0, "policy_availability × (available − 1)",
      "Minus the stated weight for what is out of stock."),
    # ---- list
    F("duplicates", "list", "count", 0, 200, 0, 0.0, "Product.group_id",
      "Other candidates of the same duplicate group."),
    # ---- slot: an accessory beside the focus
    F("slot_colour", "slot", "share", 0, 1, 1, 0.5, "Slot.colour, Look.colours, Product.colour",
      "How well the product's colour stands to the photo's as the slot asks; ½ outside a slot."),
    F("slot_price", "slot", "share", 0, 1, 1, 0.5, "Slot.price, neighbours",
      "How well the price stands to the focus's neighbours as the slot asks; ½ outside a slot."),
    F("slot_concept", "slot", "share", 0, 1, 1, 0.5, "Slot.concepts",
      "1 / (1 + position of the concept in the slot); 0: not in it; ½ outside a slot."),
    F("slot_priority", "slot", "count", 0, 100, 0, 0.0, "Slot.priority",
      "The slot's own priority; 0 outside a slot."),
)  # fmt: skip

NAMES: tuple[str, ...] = tuple(feature.name for feature in FEATURES)
GROUPS: tuple[str, ...] = tuple(dict.fromkeys(feature.group for feature in FEATURES))
DEFAULTS = np.array([feature.default for feature in FEATURES], dtype=np.float32)
LOWS = np.array([feature.low for feature in FEATURES], dtype=np.float32)
HIGHS = np.array([feature.high for feature in FEATURES], dtype=np.float32)
POSITION = {name: column for column, name in enumerate(NAMES)}


def feature_names(group: str) -> frozenset[str]:
    """The features of a group."""
    return frozenset(feature.name for feature in FEATURES if feature.group == group)


def table_version(features: Sequence[Feature] = FEATURES) -> str:
    """Twelve hexadecimal digits that change with any name, order, direction, range or default."""
    lines = "\n".join(f"{f.name} {f.monotone} {f.low} {f.high} {f.default}" for f in features)
    return hashlib.sha256(lines.encode()).hexdigest()[:12]


def feature_matrix(candidates: Sequence[Candidate], query: RankingQuery) -> NDArray[np.float32]:
    """Shape (len(candidates), len(FEATURES)), finite; row i belongs to candidates[i]."""
    matrix = np.empty((len(candidates), len(FEATURES)), dtype=np.float32)
    if not candidates:
        return matrix
    matrix[:] = np.nan
    for name, values in columns(candidates, query).items():
        matrix[:, POSITION[name]] = values
    np.copyto(matrix, DEFAULTS, where=~np.isfinite(matrix))
    return np.clip(matrix, LOWS, HIGHS, out=matrix)
