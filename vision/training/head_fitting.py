"""Fitting one marketplace's head: temperature and threshold, on pictures that no network learned from.

The concept head is shared; its projection follows the marketplace's YAML. What is fitted here are two
numbers, so a new marketplace costs one command and no pictures of its own. How far the nearest
products' vote counts is fitted once for all of them, where the pictures have neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from catalog.categories import CategoryTree
from catalog.concepts import ConceptTree
from catalog.search import WHOLE, Candidate, Look
from vision.heads import (
    ConceptHead,
    HeadSettings,
    decide,
    fused_concepts,
    project,
    softmax,
    trust,
    vote,
)
from vision.models import VisionModels
from vision.photos import Photo
from vision.training.samples import Sample, read_pictures

TEMPERATURES = np.geomspace(0.4, 2.5, 16)
VOTE_WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
VOTE_SHARPNESS = (9.0, 18.0, 30.0)
VOTE_REACH = ((0.0, 0.0), (0.5, 0.8), (0.6, 0.8), (0.6, 0.9), (0.7, 0.9), (0.75, 0.95), (0.8, 0.95))
"""Cosines from which on the nearest count a little, and fully; the first: always."""
VOTE_COST = 0.03
"""In nats a picture: what the vote may cost on brands that the head learned from. Others need it more."""
COVERAGE = 0.985
"""Least share of the fitting pictures that must get a leaf."""


@dataclass(frozen=True, kw_only=True)
class FittingSet:
    """Looks at pictures set aside for choosing, with what each shows."""

    looks: tuple[Look, ...]
    concepts: tuple[tuple[str, ...], ...]
    rows: tuple[int, ...]
    """Which of the samples each was."""
    neighbours: tuple[tuple[Candidate, ...], ...] = ()
    """The catalogue's nearest products of each, without itself; empty: nobody votes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedHead:
    """The settings and how they do on the fitting pictures."""

    settings: HeadSettings
    n: int
    leaf_top1: float
    ece: float
    coverage: float


def set_aside(sample: Sample) -> bool:
    """Products, senders and photos kept for choosing; never a measured one."""
    if sample.split.brand == "test" or sample.split.product == "test":
        return False
    return sample.split.product == "val"


def fitting_set(data: Path, samples: Sequence[Sample], models: VisionModels) -> FittingSet:
    """Look at the samples' pictures as a whole."""
    pictures = read_pictures(data, samples)
    order = sorted(pictures)
    looks = tuple(models.look(_photo(pictures[i]), WHOLE) for i in order)
    return FittingSet(
        looks=looks, concepts=tuple(samples[i].concepts for i in order), rows=tuple(order)
    )


def fit_vote(
    head: ConceptHead, fitting: FittingSet, concept_tree: ConceptTree, start: HeadSettings
) -> HeadSettings:
    """Weight, reach and sharpness of the vote by the negative log-likelihood of the right concepts.

    The temperature is fitted along with them. Of the fits within `VOTE_COST` of the best the one whose
    votes have the greatest mean weight is kept. Without neighbours the settings stay as they are.
    """
    if not fitting.neighbours:
        return start
    right = [_right_concepts(concepts, concept_tree) for concepts in fitting.concepts]
    logits = np.stack([head.logits(look.features) for look in fitting.looks])
    own = [_mass(softmax(logits / t), head.classes, right) for t in TEMPERATURES]
    trusted = [
        np.array([trust(found, far, near) for found in fitting.neighbours])
        for far, near in VOTE_REACH
    ]
    fits: list[tuple[float, float, HeadSettings]] = []
    for sharpness in VOTE_SHARPNESS:
        voted = np.array(
            [
                sum(share for concept, share in vote(found, sharpness).items() if concept in r)
                for found, r in zip(fitting.neighbours, right, strict=True)
            ]
        )
        for (far, near), reached in zip(VOTE_REACH, trusted, strict=True):
            for temperature, mass in zip(TEMPERATURES, own, strict=True):
                for weight in VOTE_WEIGHTS:
                    fused = mass + weight * reached * (voted - mass)
                    settings = replace(
                        start,
                        temperature=round(float(temperature), 4),
                        vote_weight=weight,
                        vote_sharpness=sharpness,
                        vote_far=far,
                        vote_near=near,
                    )
                    cost = float(-np.log(np.maximum(fused, 1e-6)).mean())
                    fits.append((cost, float(weight * reached.mean()), settings))
    least = min(cost for cost, _, _ in fits)
    good = [fit for fit in fits if fit[0] <= least + VOTE_COST]
    return max(good, key=lambda fit: (fit[1], -fit[0]))[2]


def fit_head(
    head: ConceptHead,
    fitting: FittingSet,
    concept_tree: ConceptTree,
    tree: CategoryTree,
    start: HeadSettings,
) -> FittedHead:
    """The temperature of least negative log-likelihood of the right leaves, then the threshold.

    `start` says how far the neighbours' vote counts.
    """
    right = [_right_leaves(concepts, concept_tree, tree) for concepts in fitting.concepts]
    costs = [
        _cost(head, fitting, tree, right, replace(start, temperature=float(t)))
        for t in TEMPERATURES
    ]
    temperature = float(TEMPERATURES[int(np.argmin(costs))])
    leaves = _leaves(head, fitting, tree, replace(start, temperature=temperature))
    best = np.array([max(found.values(), default=0.0) for found in leaves])
    threshold = float(np.quantile(best, 1 - COVERAGE))
    settings = replace(
        start, temperature=round(temperature, 4), threshold=round(min(threshold, 0.35), 4)
    )
    answers = [decide(found, tree, settings.threshold) for found in leaves]
    hits = np.array([a[0] in r for a, r in zip(answers, right, strict=True)], dtype=float)
    return FittedHead(
        settings=settings,
        n=len(leaves),
        leaf_top1=round(float(hits.mean()), 4),
        ece=round(_ece(best, hits), 4),
        coverage=round(float(np.mean([not a[2] for a in answers])), 4),
    )


def _leaves(
    head: ConceptHead, fitting: FittingSet, tree: CategoryTree, settings: HeadSettings
) -> list[Mapping[str, float]]:
    neighbours = fitting.neighbours or ((),) * len(fitting.looks)
    return [
        project(
            fused_concepts(head, look.features, near, settings), tree, head.genders(look.features)
        )
        for look, near in zip(fitting.looks, neighbours, strict=True)
    ]


def _mass(
    shares: NDArray[np.float32], classes: Sequence[str], right: Sequence[frozenset[str]]
) -> NDArray[np.float64]:
    """The probability on each row's right classes."""
    allowed = np.array([[c in r for c in classes] for r in right])
    return np.asarray((shares * allowed).sum(axis=1), dtype=np.float64)


def _right_concepts(concepts: tuple[str, ...], concept_tree: ConceptTree) -> frozenset[str]:
    return frozenset(below for c in concepts for below in concept_tree.below(c))


def _cost(
    head: ConceptHead,
    fitting: FittingSet,
    tree: CategoryTree,
    right: Sequence[frozenset[str]],
    settings: HeadSettings,
) -> float:
    leaves = _leaves(head, fitting, tree, settings)
    mass = [sum(found.get(x, 0.0) for x in r) for found, r in zip(leaves, right, strict=True)]
    return float(-np.log(np.maximum(mass, 1e-6)).mean())


def _right_leaves(
    concepts: tuple[str, ...], concept_tree: ConceptTree, tree: CategoryTree
) -> frozenset[str]:
    known = _right_concepts(concepts, concept_tree)
    return frozenset(leaf for concept in known for leaf in tree.leaves_of(concept))


def _ece(confidence: NDArray[np.float64], hits: NDArray[np.float64], bins: int = 15) -> float:
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    return float(
        sum(
            abs(confidence[place == b].mean() - hits[place == b].mean()) * (place == b).mean()
            for b in np.unique(place)
        )
    )


def _photo(pixels: NDArray[np.uint8]) -> Photo:
    return Photo(pixels=pixels, width=pixels.shape[1], height=pixels.shape[0])
