"""What a photo may show when nobody is sure: the likeliest reading, and what is nearly as likely.

A kurti that may as well be a tunic, or may be a girl's, is offered what goes with both; what the
likeliest reading bars stays barred.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from catalog.categories import CategoryTree
from catalog.concepts import ConceptTree
from catalog.search import Prediction, Slot

NEARLY = 0.5
"""Share of the likeliest concept's, or leaf's, probability from which another is thought of too."""
MOST = 3
"""Readings at most."""
ENOUGH = 8
"""Slots from which another reading adds none."""


def readings(prediction: Prediction, tree: CategoryTree) -> tuple[Prediction, ...]:
    """The prediction itself first; then its concept for another gender; then the next concept.

    Each is certain of its concept and category. A prediction that is sure has one reading.
    """
    found = [prediction]
    own = _leaves(prediction, prediction.concept, tree)
    found += [_read(prediction, prediction.concept, leaf) for leaf in own]
    top = prediction.concepts.get(prediction.concept, 0.0)
    for concept, share in prediction.concepts.items():
        if concept != prediction.concept and share >= NEARLY * top:
            found += [
                _read(prediction, concept, leaf) for leaf in _leaves(prediction, concept, tree)
            ]
    distinct: dict[tuple[str, str], Prediction] = {}
    for one in found:
        distinct.setdefault((one.concept, one.category), one)
    return tuple(distinct.values())[:MOST]


def slots_of_readings(
    slots_of: Callable[[Prediction], Sequence[Slot]],
    prediction: Prediction,
    tree: CategoryTree,
    concepts: ConceptTree,
) -> tuple[Slot, ...]:
    """The first reading's slots, then what the others add: nothing twice, nothing that it bars."""
    first, *others = readings(prediction, tree)
    merged = {slot.id: slot for slot in slots_of(first)}
    barred = {concept for slot in merged.values() for concept in slot.never}
    offered = {c for slot in merged.values() for c in _below(slot.concepts, concepts)}
    for reading in others:
        for slot in slots_of(reading):
            more = tuple(
                c
                for c in slot.concepts
                if barred.isdisjoint(concepts.below(c))
                and not offered.issuperset(concepts.below(c))
            )
            if more and (slot.id in merged or len(merged) < ENOUGH):
                below = _below(more, concepts)
                offered |= below
                leaves = {leaf for concept in below for leaf in tree.leaves_of(concept)}
                added = replace(
                    slot,
                    concepts=more,
                    categories=tuple(leaf for leaf in slot.categories if leaf in leaves),
                )
                merged[slot.id] = _joined(merged.get(slot.id), added)
    return tuple(merged.values())


def _read(prediction: Prediction, concept: str, leaf: str) -> Prediction:
    return replace(
        prediction, concept=concept, category=leaf, concepts={concept: 1.0}, categories={leaf: 1.0}
    )


def _leaves(prediction: Prediction, concept: str, tree: CategoryTree) -> tuple[str, ...]:
    """The concept's likeliest leaf and those nearly as likely."""
    shares = {leaf: prediction.categories.get(leaf, 0.0) for leaf in tree.leaves_of(concept)}
    most = max(shares.values(), default=0.0)
    ordered = sorted(shares, key=lambda leaf: -shares[leaf])
    return tuple(leaf for leaf in ordered if most > 0 and shares[leaf] >= NEARLY * most)


def _below(named: Sequence[str], concepts: ConceptTree) -> set[str]:
    return {below for concept in named for below in concepts.below(concept)}


def _joined(kept: Slot | None, more: Slot) -> Slot:
    """One slot of an id: the later one adds its concepts and leaves to it."""
    if kept is None:
        return more
    return replace(
        kept,
        concepts=tuple(dict.fromkeys((*kept.concepts, *more.concepts))),
        categories=tuple(dict.fromkeys((*kept.categories, *more.categories))),
        genders=tuple(dict.fromkeys((*kept.genders, *more.genders)))
        if kept.genders and more.genders
        else (),
    )
