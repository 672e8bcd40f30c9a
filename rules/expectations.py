"""What slots must and must not take: one judgement for examples and for the yardstick."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from catalog.concepts import ConceptTree
from catalog.search import Prediction, Slot
from rules.accessories import AccessoryRules, accessory_slots

_ANY_DAY = date(2026, 1, 15)
"""Asked where only everyday rules are left, so that no day makes a difference."""


def slots_for(
    concept: str,
    rules: AccessoryRules,
    *,
    on: date | None = None,
    gender: str | None = None,
    occasion: str | None = None,
) -> tuple[Slot, ...]:
    """The slots for a lone thing of the concept; without a day, by the everyday rules alone."""
    if on is None:
        everyday = tuple(
            rule
            for rule in rules.rules
            if not rule.timing.is_dated and not rule.timing.is_seasonal
        )  # fmt: skip
        rules = replace(rules, rules=everyday)
    noon = datetime.combine(on or _ANY_DAY, time(12), ZoneInfo(rules.calendar.time_zone))
    return accessory_slots((), seen_alone(concept, rules, gender), rules, noon, gender=gender,
                           occasion=occasion)  # fmt: skip


def seen_alone(concept: str, rules: AccessoryRules, gender: str | None = None) -> Prediction:
    """A prediction that is sure of the concept, in the leaf that takes it here."""
    leaf = rules.tree.leaf_of(concept, gender) or ""
    return Prediction(category=leaf, confidence=1.0, concept=concept, concepts={concept: 1.0},
                      categories={leaf: 1.0})  # fmt: skip


def takes(slot: Slot, concept: str, tree: ConceptTree) -> bool:
    """Whether a product of exactly this concept may stand in the slot."""
    return concept not in slot.never and any(tree.is_a(concept, named) for named in slot.concepts)


def missing_offers(
    slots: tuple[Slot, ...], offers: Iterable[tuple[str, ...]], tree: ConceptTree
) -> tuple[tuple[str, ...], ...]:
    """The groups of alternatives that no slot takes."""
    return tuple(
        group for group in offers if not any(takes(s, c, tree) for s in slots for c in group)
    )


def broken_nevers(
    slots: tuple[Slot, ...], never: Iterable[str], tree: ConceptTree
) -> tuple[tuple[str, Slot], ...]:
    """The forbidden concepts that a slot takes, with that slot."""
    return tuple(
        (named, slot)
        for named in never
        for slot in slots
        if any(takes(slot, concept, tree) for concept in tree.below(named))
    )
