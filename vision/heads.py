"""From features to a prediction: the concept head, the vote, calibration, the marketplace's words.

    head ──► probabilities by concept ──┐
    nearest catalogue products (vote) ──┴─► fused ──► concept (the same in every marketplace)
                                                 └──► leaves of this marketplace's tree ──► abstain?

A new marketplace needs its YAML only: the projection follows the concepts that each leaf takes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog.categories import CategoryTree
from catalog.products import GENDERS
from catalog.search import Candidate, Prediction

Floats = NDArray[np.float32]

KEPT = 12
"""How many concepts and leaves a prediction names at least, where so many are likely at all."""
LEAST = 1e-4
NEAREST = 5
"""Neighbours whose likeness says whether the vote is worth anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadSettings:
    """What is fitted for one marketplace, or for all that have no fit of their own."""

    temperature: float = 1.0
    """Divides the logits."""
    vote_weight: float = 0.3
    """Share of the neighbours' vote in the fused probabilities."""
    vote_sharpness: float = 18.0
    """Multiplies cosine before the softmax over neighbours."""
    vote_far: float = 0.0
    """Mean cosine of the nearest up to which they do not count at all."""
    vote_near: float = 0.0
    """Mean cosine of the nearest from which on their vote has its whole weight."""
    prior_weight: float = 0.0
    """Exponent of what the marketplace stocks, on leaves only."""
    threshold: float = 0.35
    """A leaf less likely than this is not answered; the first ancestor that reaches it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptHead:
    """Linear layers on the same features: concepts, genders, and whether there is anything at all."""

    classes: tuple[str, ...]
    weight: Floats
    """Shape (features, classes)."""
    bias: Floats
    gender_weight: Floats
    """Shape (features, len(GENDERS))."""
    gender_bias: Floats
    presence_weight: Floats
    """Shape (features, 1)."""
    presence_bias: Floats

    def logits(self, features: Floats) -> Floats:
        return np.asarray(features @ self.weight + self.bias, dtype=np.float32)

    def probabilities(self, features: Floats, temperature: float = 1.0) -> Floats:
        """By class, in the order of `classes`; sums to 1."""
        return softmax(self.logits(features) / temperature)

    def presence(self, features: Floats) -> float:
        """How likely the picture shows something that the head knows at all, 0 to 1."""
        logit = float((features @ self.presence_weight + self.presence_bias)[0])
        return float(1.0 / (1.0 + np.exp(-np.clip(logit, -30.0, 30.0))))

    def genders(self, features: Floats) -> dict[str, float]:
        """Whom the thing is made for; sums to 1."""
        shares = softmax(np.asarray(features @ self.gender_weight + self.gender_bias))
        return dict(zip(GENDERS, map(float, shares), strict=True))


def classify(
    head: ConceptHead,
    features: Floats,
    neighbours: Sequence[Candidate],
    tree: CategoryTree,
    settings: HeadSettings,
    stocked: Mapping[str, float] | None = None,
) -> Prediction:
    """What the features show, in the tree's words. Without neighbours the head answers alone."""
    fused = fused_concepts(head, features, neighbours, settings)
    leaves = project(fused, tree, head.genders(features))
    if stocked is not None and settings.prior_weight > 0:
        leaves = with_prior(leaves, tree, stocked, settings.prior_weight)
    category, confidence, abstained = decide(leaves, tree, settings.threshold)
    ranked = most_likely(fused)
    return Prediction(
        category=category,
        confidence=confidence,
        concept=next(iter(ranked)),
        concepts=ranked,
        categories=most_likely(leaves),
        abstained=abstained,
    )


def fused_concepts(
    head: ConceptHead,
    features: Floats,
    neighbours: Sequence[Candidate],
    settings: HeadSettings,
) -> dict[str, float]:
    """Probability by concept: the head's and the neighbours', as far as there is anything to see."""
    own = head.probabilities(features, settings.temperature)
    concepts = dict(zip(head.classes, map(float, own), strict=True))
    weight = settings.vote_weight * trust(neighbours, settings.vote_far, settings.vote_near)
    fused = fuse(concepts, vote(neighbours, settings.vote_sharpness), weight)
    present = head.presence(features)
    return {concept: share * present for concept, share in fused.items()}


def vote(neighbours: Sequence[Candidate], sharpness: float) -> dict[str, float]:
    """The neighbours' concepts, weighted by the softmax of their cosine; empty without neighbours.

    Products of one duplicate group speak once.
    """
    chosen = _speakers(neighbours)
    if not chosen:
        return {}
    weights = softmax(np.array([c.similarity * sharpness for c in chosen], dtype=np.float32))
    shares: dict[str, float] = {}
    for candidate, weight in zip(chosen, weights, strict=True):
        concept = candidate.listing.product.concept
        shares[concept] = shares.get(concept, 0.0) + float(weight)
    return shares


def trust(neighbours: Sequence[Candidate], far: float, near: float) -> float:
    """How much the vote counts, 0 to 1: strangers' products say little about a photo unlike them.

    It rises evenly from `far` to `near`, both mean cosines of the nearest `NEAREST` that speak.
    """
    if near <= far:
        return 1.0
    nearest = sorted((c.similarity for c in _speakers(neighbours)), reverse=True)[:NEAREST]
    if not nearest:
        return 0.0
    return float(np.clip((np.mean(nearest) - far) / (near - far), 0.0, 1.0))


def _speakers(neighbours: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """One product of each duplicate group, the first that is named."""
    spoken: dict[str, Candidate] = {}
    for candidate in neighbours:
        product = candidate.listing.product
        spoken.setdefault(product.group_id or product.product_id, candidate)
    return tuple(spoken.values())


def fuse(head: Mapping[str, float], voted: Mapping[str, float], weight: float) -> dict[str, float]:
    """A weighted mean; the head alone when nobody voted."""
    if not voted:
        return dict(head)
    both = {**head, **voted}
    return {c: (1 - weight) * head.get(c, 0.0) + weight * voted.get(c, 0.0) for c in both}


def project(
    concepts: Mapping[str, float], tree: CategoryTree, genders: Mapping[str, float]
) -> dict[str, float]:
    """Probability by leaf. A concept that stands in several leaves is shared out by gender."""
    leaves: dict[str, float] = {}
    for concept, probability in concepts.items():
        takers = tree.leaves_of(concept)
        if not takers:
            continue
        shares = [genders.get(tree.categories[t].gender or "", 0.0) for t in takers]
        if sum(shares) <= 0:
            shares = [1.0] + [0.0] * (len(takers) - 1)
        for taker, share in zip(takers, shares, strict=True):
            leaves[taker] = leaves.get(taker, 0.0) + probability * share / sum(shares)
    return leaves


def with_prior(
    leaves: Mapping[str, float], tree: CategoryTree, stocked: Mapping[str, float], weight: float
) -> dict[str, float]:
    """Leaves re-weighted by how much of each the marketplace stocks, to the power of `weight`."""
    share = {
        leaf: sum(stocked.get(c, 0.0) for c in tree.categories[leaf].concepts) + 1e-3
        for leaf in leaves
    }
    weighted = {leaf: p * share[leaf] ** weight for leaf, p in leaves.items()}
    scale = sum(leaves.values()) / max(sum(weighted.values()), 1e-12)
    return {leaf: p * scale for leaf, p in weighted.items()}


def decide(
    leaves: Mapping[str, float], tree: CategoryTree, threshold: float
) -> tuple[str, float, bool]:
    """The likeliest leaf, or its first ancestor that is likely enough: category, confidence, abstained.

    A tree without any leaf for what is seen answers its first category with confidence 0.
    """
    if not leaves:
        return next(iter(tree.categories)), 0.0, True
    best = max(leaves, key=lambda leaf: leaves[leaf])
    if leaves[best] >= threshold:
        return best, leaves[best], False
    path = tree.path(best)
    for category in reversed(path[:-1]):
        below = sum(leaves.get(leaf, 0.0) for leaf in tree.leaves_below(category.id))
        if below >= threshold:
            return category.id, below, True
    return path[0].id, sum(leaves.get(x, 0.0) for x in tree.leaves_below(path[0].id)), True


def most_likely(shares: Mapping[str, float]) -> dict[str, float]:
    """The shares, most likely first, without the negligible ones; never empty unless given nothing."""
    ranked = sorted(shares.items(), key=lambda item: (-item[1], item[0]))
    kept = [item for item in ranked if item[1] >= LEAST][: 3 * KEPT]
    return dict(kept or ranked[:1])


def softmax(logits: Floats) -> Floats:
    """Along the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float32)
