"""Fitting one marketplace's head: temperature and threshold, on pictures that no network learned from.

The concept head is shared; its projection follows the marketplace's YAML. What is fitted here are two
numbers, so a new marketplace costs one command and no pictures of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from catalog.categories import CategoryTree
from catalog.concepts import ConceptTree
from catalog.search import WHOLE, Look
from vision.heads import ConceptHead, HeadSettings, decide, project
from vision.models import VisionModels
from vision.photos import Photo
from vision.training.samples import Sample, read_pictures

TEMPERATURES = np.geomspace(0.4, 2.5, 16)
COVERAGE = 0.97
"""Least share of the fitting pictures that must get a leaf."""


@dataclass(frozen=True, kw_only=True)
class FittingSet:
    """Looks at pictures set aside for choosing, with what each shows."""

    looks: tuple[Look, ...]
    concepts: tuple[tuple[str, ...], ...]


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
    return FittingSet(looks=looks, concepts=tuple(samples[i].concepts for i in order))


def fit_head(
    head: ConceptHead,
    fitting: FittingSet,
    concept_tree: ConceptTree,
    tree: CategoryTree,
    start: HeadSettings,
) -> FittedHead:
    """The temperature of least negative log-likelihood of the right leaves, then the threshold."""
    right = [_right_leaves(concepts, concept_tree, tree) for concepts in fitting.concepts]
    costs = [_cost(head, fitting, tree, right, t) for t in TEMPERATURES]
    temperature = float(TEMPERATURES[int(np.argmin(costs))])
    leaves = _leaves(head, fitting, tree, temperature)
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
    head: ConceptHead, fitting: FittingSet, tree: CategoryTree, temperature: float
) -> list[Mapping[str, float]]:
    found: list[Mapping[str, float]] = []
    for look in fitting.looks:
        shares = head.probabilities(look.features, temperature) * head.presence(look.features)
        concepts = dict(zip(head.classes, map(float, shares), strict=True))
        found.append(project(concepts, tree, head.genders(look.features)))
    return found


def _cost(
    head: ConceptHead,
    fitting: FittingSet,
    tree: CategoryTree,
    right: Sequence[frozenset[str]],
    temperature: float,
) -> float:
    leaves = _leaves(head, fitting, tree, temperature)
    mass = [sum(found.get(x, 0.0) for x in r) for found, r in zip(leaves, right, strict=True)]
    return float(-np.log(np.maximum(mass, 1e-6)).mean())


def _right_leaves(
    concepts: tuple[str, ...], concept_tree: ConceptTree, tree: CategoryTree
) -> frozenset[str]:
    return frozenset(
        leaf for c in concepts for below in concept_tree.below(c) for leaf in tree.leaves_of(below)
    )


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
