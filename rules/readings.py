"""What to offer where nobody is sure: the likeliest reading of a photo, and what is nearly as likely.

A kurti that may as well be a tunic, or may be a girl's, is offered what goes with both, and that
first. A table is offered what goes with the likeliest kinds of table. What would be wrong with another
reading is offered only while that reading is far less likely: no tie while the shirt may be a T-shirt.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from catalog.categories import CategoryTree
from catalog.concepts import ConceptTree
from catalog.search import DetectedObject, Prediction, Slot
from rules.accessories import AccessoryRules, accessory_slots, barred_concepts

NEARLY = 0.5
"""Share of the likeliest concept's, or leaf's, probability from which another is thought of too."""
MOST = 3
"""Readings at most."""
ENOUGH = 8
"""Slots from which another reading adds none."""
PLAUSIBLE = 0.02
"""A concept less likely than this is no reading at all."""
EMBARRASSING = 0.25
"""A thing is kept back where readings that forbid it are so likely, as a share of those that offer it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """What a rule offers with the likeliest reading, and another reading forbids."""

    rule: str
    concept: str
    may_be: str
    """The likeliest concept whose rules forbid it."""
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One photo under one marketplace's rules: slots and nevers of any reading of it."""

    objects: Sequence[DetectedObject]
    prediction: Prediction
    rules: AccessoryRules
    at: datetime
    gender: str | None = None
    """The shopper's filter; None: the gender of each reading's own leaf."""

    def slots(self) -> tuple[Slot, ...]:
        """What all readings offer, then the likeliest one's own, then what the others add.

        Nothing twice, nothing that the likeliest bars, nothing that is `embarrassing`. A prediction
        that is sure has the slots of its rules, unchanged.
        """
        barred = self.embarrassing()
        read = readings(self.prediction, self.rules)
        offers = [self._slots_of(reading, barred) for reading in read]
        merged = _merged(offers, self.rules.tree, self.rules.concepts)
        shared = [_below(offer, self.rules.concepts) for offer in offers if offer]
        return tuple(
            sorted(merged, key=lambda slot: not _in_all(slot, shared, self.rules.concepts))
        )

    def embarrassing(self) -> frozenset[str]:
        """What likely enough readings forbid, down to the leaves, among what others offer."""
        suits: dict[str, float] = defaultdict(float)
        forbids: dict[str, float] = defaultdict(float)
        for reading, share in self._all_readings():
            for concept in _below(self._slots_of(reading), self.rules.concepts):
                suits[concept] += share
            for concept in self._barred_of(reading):
                forbids[concept] += share
        return frozenset(
            concept for concept, share in suits.items() if forbids[concept] >= EMBARRASSING * share
        )

    def withheld(self) -> Iterator[Withheld]:
        """What the likeliest reading's rules offer and its slots lack, each with the reason."""
        barred = self.embarrassing()
        for slot in self._slots_of(self.prediction):
            for concept in slot.concepts:
                if concept in barred:
                    yield self._withheld(slot, concept)

    def _withheld(self, slot: Slot, concept: str) -> Withheld:
        reading, share = max(
            (one for one in self._all_readings() if concept in self._barred_of(one[0])),
            key=lambda one: one[1],
        )
        return Withheld(rule=slot.rule, concept=concept, may_be=reading.concept, probability=share)

    def _all_readings(self) -> Iterator[tuple[Prediction, float]]:
        """Every plausible concept of the prediction, in its likeliest leaf, with its probability."""
        for concept, share in self.prediction.concepts.items():
            if share >= PLAUSIBLE:
                leaves = _leaves(self.prediction, concept, self.rules.tree)
                yield _read(self.prediction, concept, leaves[0] if leaves else ""), share

    def _slots_of(
        self, reading: Prediction, barred: frozenset[str] = frozenset()
    ) -> tuple[Slot, ...]:
        return accessory_slots(
            self.objects, reading, self.rules, self.at, gender=self.gender, barred=barred
        )

    def _barred_of(self, reading: Prediction) -> frozenset[str]:
        return barred_concepts(reading, self.rules, self.at, gender=self.gender)


def readings(prediction: Prediction, rules: AccessoryRules) -> tuple[Prediction, ...]:
    """The prediction itself first; then its concept for another gender; then the next concepts.

    A group for which no rule stands, such as tables, is read as its likeliest kinds before those. Each
    is certain of its concept and category. A prediction that is sure has one reading.
    """
    shares = prediction.concepts
    kinds = {} if prediction.concept in rules.by_concept else _kinds(prediction, rules.concepts)
    named = [prediction.concept, *_likely(kinds, max(kinds.values(), default=0.0))]
    named += _likely(shares, shares.get(prediction.concept, 0.0))
    found = [prediction]
    for concept in named:
        found += [
            _read(prediction, concept, leaf) for leaf in _leaves(prediction, concept, rules.tree)
        ]
    distinct: dict[tuple[str, str], Prediction] = {}
    for one in found:
        distinct.setdefault((one.concept, one.category), one)
    return tuple(distinct.values())[:MOST]


def _kinds(prediction: Prediction, concepts: ConceptTree) -> dict[str, float]:
    """What stands below the predicted concept, with its probability."""
    return {
        c: share
        for c, share in prediction.concepts.items()
        if c != prediction.concept and concepts.is_a(c, prediction.concept)
    }


def _likely(shares: Mapping[str, float], most: float) -> list[str]:
    """Those nearly as likely as the likeliest, in order."""
    return [c for c, share in shares.items() if share >= NEARLY * most]


def _merged(
    offers: Sequence[Sequence[Slot]], tree: CategoryTree, concepts: ConceptTree
) -> list[Slot]:
    """The first reading's slots, then what the others add: nothing twice, nothing that the first bars."""
    first, *others = offers
    merged = {slot.id: slot for slot in first}
    barred = {concept for slot in first for concept in slot.never}
    offered = _below(first, concepts)
    for slot in (slot for offer in others for slot in offer):
        more = tuple(
            c
            for c in slot.concepts
            if barred.isdisjoint(concepts.below(c)) and not offered.issuperset(concepts.below(c))
        )
        if more and (slot.id in merged or len(merged) < ENOUGH):
            added = replace(slot, concepts=more)
            below = _below([added], concepts)
            offered |= below
            leaves = {leaf for concept in below for leaf in tree.leaves_of(concept)}
            added = replace(
                added, categories=tuple(leaf for leaf in slot.categories if leaf in leaves)
            )
            merged[slot.id] = _joined(merged.get(slot.id), added)
    return list(merged.values())


def _in_all(slot: Slot, offers: Sequence[set[str]], concepts: ConceptTree) -> bool:
    own = _below([slot], concepts)
    return all(not own.isdisjoint(offer) for offer in offers)


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


def _below(slots: Sequence[Slot], concepts: ConceptTree) -> set[str]:
    return {below for slot in slots for named in slot.concepts for below in concepts.below(named)}


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
