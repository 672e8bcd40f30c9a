"""What the pictures were taken for, counted: top-1 and top-3 by concept, by leaf, by class, calibrated.

A label that names several concepts is met by any of them; an inner concept by whatever stands below.
A prediction that abstains to a parent category counts as wrong in every top-1.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from catalog.categories import CategoryTree
from catalog.concepts import ConceptTree
from catalog.search import Prediction
from ranking.measures import bootstrap_mean
from vision.training.samples import Sample

SEED = 11
SAME_GROUP = {"kurti": "kurta_women"}
"""Concepts that `group_top1` counts as one with another: sellers themselves do not agree on them."""
ECE_BINS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One labelled picture and what was predicted for it."""

    dataset: str
    id: str
    label: str
    kind: str
    concepts: tuple[str, ...]
    group: str
    """Its brand, sender or source."""
    prediction: Prediction
    hit: bool
    hit3: bool
    group_hit: bool
    leaf_hit: bool


def judge(
    prediction: Prediction, sample: Sample, concept_tree: ConceptTree, tree: CategoryTree
) -> Judged:
    """Compare a prediction with the concepts that the label allows."""
    concepts = sample.concepts
    ranked = list(prediction.concepts)[:3]
    answered = not prediction.abstained
    known = [c for c in ranked if c in concept_tree.concepts]
    met = [concept_tree.meets(c, concepts) for c in known]
    grouped = {SAME_GROUP.get(c, c) for c in concepts}
    leaves = {
        leaf for c in concepts for below in concept_tree.below(c) for leaf in tree.leaves_of(below)
    }
    hit = bool(met and met[0]) and answered
    same = bool(known) and SAME_GROUP.get(known[0], known[0]) in grouped
    return Judged(
        dataset=sample.dataset,
        id=sample.id,
        label=sample.label,
        kind=sample.kind,
        concepts=concepts,
        group=sample.group,
        prediction=prediction,
        hit=hit,
        hit3=any(met),
        group_hit=hit or (same and answered),
        leaf_hit=answered and prediction.category in leaves,
    )


def judge_alone(
    concepts: Mapping[str, float], sample: Sample, concept_tree: ConceptTree, tree: CategoryTree
) -> Judged:
    """As `judge`, for a network's own probabilities, likeliest first, which never abstain."""
    prediction = Prediction(
        category="",
        confidence=0.0,
        concept=next(iter(concepts)),
        concepts=dict(concepts),
        categories={},
        abstained=False,
    )
    return judge(prediction, sample, concept_tree, tree)


def vision_document(
    marketplace: str, judged: Sequence[Judged], unmapped: Mapping[str, int]
) -> dict[str, object]:
    """The JSON of `souk evaluate vision`, without the detector."""
    catalogue = [j for j in judged if j.dataset == "catalog"]
    wild = [j for j in judged if j.dataset == "street"]
    ethnic = [j for j in judged if j.dataset in ("ethnic_extra", "street_ethnic")]
    home = [j for j in judged if j.dataset == "home"]
    ci: dict[str, list[float]] = {}
    document: dict[str, object] = {
        "marketplace": marketplace,
        "n": len(catalogue),
        "top1": _mean(catalogue, lambda j: j.hit, "top1", ci),
        "top3": _mean(catalogue, lambda j: j.hit3, "top3", ci),
        "group_top1": _mean(catalogue, lambda j: j.group_hit, "group_top1", ci),
        "leaf_top1": _mean(catalogue, lambda j: j.leaf_hit, "leaf_top1", ci),
        "unmapped": dict(unmapped),
        "macro_f1": macro_f1(catalogue),
        "macro_recall": macro_recall(catalogue),
        "ece": calibration_error(catalogue),
        "coverage": _mean(catalogue, lambda j: not j.prediction.abstained, "coverage", ci),
        "classes": by_class(catalogue),
        "wild": {
            "n": len(wild),
            "top1": _mean(wild, lambda j: j.hit, "wild.top1", ci),
            "top3": _mean(wild, lambda j: j.hit3, "wild.top3", ci),
            "classes": by_class(wild),
        },
        "wild_ethnic": wild_ethnic_document(ethnic, ci),
        "home": {
            "n": len(home),
            "top1": _mean(home, lambda j: j.hit, "home.top1", ci),
            "top3": _mean(home, lambda j: j.hit3, "home.top3", ci),
            "classes": by_class(home),
        },
        "ethnic": ethnic_document(catalogue, ci),
        "baselines": baselines(catalogue),
    }
    document["ci"] = ci
    return document


def wild_ethnic_document(ethnic: Sequence[Judged], ci: dict[str, list[float]]) -> dict[str, object]:
    """Photos of Indian wear outside any shop, worn and laid out."""
    return {
        "n": len(ethnic),
        "top1": _mean(ethnic, lambda j: j.hit, "wild_ethnic.top1", ci),
        "top3": _mean(ethnic, lambda j: j.hit3, "wild_ethnic.top3", ci),
        "by_kind": {
            kind: _short([j for j in ethnic if j.kind == kind]) for kind in ("worn", "product")
        },
        "classes": by_class(ethnic),
    }


def ethnic_document(catalogue: Sequence[Judged], ci: dict[str, list[float]]) -> dict[str, object]:
    """The Indian classes and tunics of the catalogue alone, where brands mislead most."""
    chosen = [j for j in catalogue if set(j.concepts) & ETHNIC]
    kurtas = [j for j in chosen if set(j.concepts) & {"kurta_women", "kurti"}]
    tunics = [j for j in chosen if "tunic" in j.concepts]
    balanced = None
    if kurtas and tunics:
        right = (
            [_preferred(j) == "kurta" for j in kurtas],
            [_preferred(j) == "tunic" for j in tunics],
        )
        balanced = round(float(np.mean([np.mean(r) for r in right])), 4)
    return {
        "n": len(chosen),
        "group_top1": _mean(chosen, lambda j: j.group_hit, "ethnic.group_top1", ci),
        "top3": _mean(chosen, lambda j: j.hit3, "ethnic.top3", ci),
        "macro_recall": macro_recall(chosen),
        "kurta_or_kurti_against_tunic": balanced,
    }


ETHNIC = frozenset(
    {
        "kurta_women", "kurta_men", "kurti", "saree", "dupatta", "stole", "kurta_set", "bangle",
        "jewellery_set", "patiala", "churidar", "salwar", "lehenga_choli", "nehru_jacket", "tunic",
    }
)  # fmt: skip
"""The data's fifteen classes of Indian wear (it counts tunics among them)."""


def by_class(judged: Iterable[Judged]) -> dict[str, object]:
    """Keyed by the data's label: count, top-1, top-3 and what it was taken for instead."""
    groups: dict[str, list[Judged]] = defaultdict(list)
    for j in judged:
        groups[j.label].append(j)
    classes: dict[str, object] = {}
    for label, members in sorted(groups.items(), key=lambda item: -len(item[1])):
        wrong = Counter(j.prediction.concept for j in members if not j.hit)
        classes[label] = {**_short(members), "confused_with": dict(wrong.most_common(5))}
    return classes


def macro_f1(judged: Sequence[Judged]) -> float | None:
    """Mean F1 over the concepts that stand as a truth; a label of several counts as the met one."""
    truths: Counter[str] = Counter()
    answers: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for j in judged:
        truth = j.concepts[0]
        answer = truth if j.hit else j.prediction.concept
        truths[truth] += 1
        answers[answer] += 1
        right[truth] += j.hit
    if not truths:
        return None
    scores = [2 * right[c] / (truths[c] + answers[c]) for c in truths]
    return round(float(np.mean(scores)), 4)


def macro_recall(judged: Sequence[Judged]) -> float | None:
    """Mean over concepts of the share recognised."""
    groups: dict[str, list[bool]] = defaultdict(list)
    for j in judged:
        groups[j.concepts[0]].append(j.hit)
    return round(float(np.mean([np.mean(g) for g in groups.values()])), 4) if groups else None


def calibration_error(judged: Sequence[Judged]) -> float | None:
    """Expected calibration error of the leaf's confidence: 15 equal bins, weighted by their counts."""
    if not judged:
        return None
    confidence = np.array([next(iter(j.prediction.categories.values()), 0.0) for j in judged])
    correct = np.array([j.leaf_hit for j in judged], dtype=float)
    bins = np.minimum((confidence * ECE_BINS).astype(int), ECE_BINS - 1)
    gaps = [
        abs(confidence[bins == b].mean() - correct[bins == b].mean()) * (bins == b).mean()
        for b in np.unique(bins)
    ]
    return round(float(np.sum(gaps)), 4)


def baselines(judged: Sequence[Judged]) -> dict[str, object]:
    """The stupidest things that could reach the figure: the brand's name alone, the commonest class.

    The brand lookup leaves out the picture itself and answers the brand's most frequent concept.
    """
    if not judged:
        return {}
    overall = Counter(j.concepts[0] for j in judged)
    brands: dict[str, Counter[str]] = defaultdict(Counter)
    for j in judged:
        brands[j.group][j.concepts[0]] += 1
    right = 0
    for j in judged:
        others = brands[j.group] - Counter({j.concepts[0]: 1})
        guess = others.most_common(1)[0][0] if others else overall.most_common(1)[0][0]
        right += guess == j.concepts[0]
    return {
        "brand_lookup_top1": round(right / len(judged), 4),
        "most_frequent_top1": round(overall.most_common(1)[0][1] / len(judged), 4),
    }


def risk_coverage(judged: Sequence[Judged], points: int = 11) -> list[dict[str, float]]:
    """Share of errors among the most confident answers, by how many are answered."""
    if not judged:
        return []
    confidence = np.array([next(iter(j.prediction.categories.values()), 0.0) for j in judged])
    wrong = np.array([not j.hit for j in judged], dtype=float)[np.argsort(-confidence)]
    curve = []
    for share in np.linspace(0, 1, points)[1:]:
        count = max(1, round(share * len(wrong)))
        curve.append(
            {"coverage": round(float(share), 2), "risk": round(float(wrong[:count].mean()), 4)}
        )
    return curve


def _preferred(judged: Judged) -> str:
    shares = judged.prediction.concepts
    kurta = max(shares.get("kurta_women", 0.0), shares.get("kurti", 0.0))
    return "kurta" if kurta > shares.get("tunic", 0.0) else "tunic"


def _short(judged: Sequence[Judged]) -> dict[str, object]:
    if not judged:
        return {"n": 0}
    return {
        "n": len(judged),
        "top1": round(float(np.mean([j.hit for j in judged])), 4),
        "top3": round(float(np.mean([j.hit3 for j in judged])), 4),
    }


def _mean(
    judged: Sequence[Judged],
    value: Callable[[Judged], bool],
    name: str,
    ci: dict[str, list[float]],
) -> float | None:
    if not judged:
        return None
    values = [float(value(j)) for j in judged]
    interval = bootstrap_mean(values, seed=SEED)
    ci[name] = [round(interval.low, 4), round(interval.high, 4)]
    return round(float(np.mean(values)), 4)
