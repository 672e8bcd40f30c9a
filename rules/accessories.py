"""What to offer with what is seen: rules of one marketplace → slots, before anything is retrieved.

`accessory_slots` is pure: the same objects, prediction, rules and time give the same slots. Dates,
festivals, seasons and occasions lead with more or other slots; they never drop the everyday ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

from catalog.categories import CategoryTree
from catalog.concepts import ConceptTree
from catalog.search import DetectedObject, Prediction, Slot
from documents.nodes import NOWHERE, UNWRITTEN, Place, Table
from rules.calendar import EVERY_DAY, Calendar, Timing

WORN_ONCE: tuple[frozenset[str], ...] = tuple(
    frozenset(kinds)
    for kinds in (
        ("shoes",), ("bottomwear", "ethnic_bottom"), ("headwear",), ("bag",), ("belt",),
        ("sunglasses",), ("watch",), ("necktie",), ("outerwear",),
    )
)  # fmt: skip
"""Kinds of which a body wears one: seeing any of the kind means that the place is taken."""

MIN_WORN_CONFIDENCE = 0.5
"""From which confidence a detected object counts as worn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRule:
    """One slot as the file states it."""

    id: str
    titles: Mapping[str, str]
    concepts: tuple[str, ...]
    count: int = 4
    colour: str = "any"
    price: str = "any"
    gender: str | None = None
    source: Table = field(repr=False, compare=False, default=UNWRITTEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessoryRule:
    """What is offered with what is seen, and when."""

    id: str
    owner: str
    reason: str
    seen: tuple[str, ...]
    slots: tuple[SlotRule, ...]
    never: tuple[str, ...] = ()
    gender: str | None = None
    categories: tuple[str, ...] = ()
    occasion: str | None = None
    timing: Timing = EVERY_DAY
    priority: int = 0
    place: Place = NOWHERE
    source: Table = field(repr=False, compare=False, default=UNWRITTEN)
    level: int = 2
    """Of rules that are else equal the nearer one leads: see `rules.inheritance.Level`."""
    layers: tuple[tuple[str, Table], ...] = field(repr=False, compare=False, default=())
    """File and table of each change of it, the nearest first."""


@dataclass(frozen=True, kw_only=True)
class AccessoryRules:
    """One marketplace's accessory rules, compiled: by concept seen, which rules may apply."""

    rules: tuple[AccessoryRule, ...]
    concepts: ConceptTree
    tree: CategoryTree
    calendar: Calendar

    @cached_property
    def by_concept(self) -> Mapping[str, tuple[AccessoryRule, ...]]:
        """The rules whose `seen` covers the concept, in file order."""
        found: dict[str, list[AccessoryRule]] = {}
        for rule in self.rules:
            covered = dict.fromkeys(c for seen in rule.seen for c in self.concepts.below(seen))
            for concept in covered:
                found.setdefault(concept, []).append(rule)
        return {concept: tuple(rules) for concept, rules in found.items()}

    def depth(self, rule: AccessoryRule, concept: str) -> int:
        """How specific the rule is for the concept: the depth of the nearest concept that it names."""
        chain = self.concepts.ancestors(concept)
        return max(len(chain) - chain.index(seen) for seen in rule.seen if seen in chain)


def accessory_slots(
    objects: Iterable[DetectedObject],
    prediction: Prediction,
    rules: AccessoryRules,
    at: datetime,
    *,
    gender: str | None = None,
    occasion: str | None = None,
    barred: frozenset[str] = frozenset(),
) -> tuple[Slot, ...]:
    """The slots to offer with the focus, best first, none twice and none that is worn already.

    `objects` are all objects of the photo, the focus among them; `gender` is the shopper's filter,
    else the gender of the predicted leaf. `at` must carry a time zone. `barred` concepts, down to
    the leaves, are left out beside those of the rules' own `never`.
    """
    worn = tuple(
        o.concept
        for o in objects
        if o.concept in rules.concepts.concepts and o.confidence >= MIN_WORN_CONFIDENCE
    )
    asked = gender or _leaf_gender(prediction, rules.tree)
    applicable = _in_order(prediction, rules, rules.calendar.day(at), asked, occasion)
    never = _never(applicable, rules) | barred
    merged = _merge(applicable, never, rules)
    others = tuple(c for c in worn if c is not None and not _same_thing(c, prediction, rules))
    return tuple(
        _finish(slot, rule, never, asked, rules)
        for rule, slot in merged
        if not _is_worn(slot.concepts, others, rules.concepts)
    )


def barred_concepts(
    prediction: Prediction,
    rules: AccessoryRules,
    at: datetime,
    *,
    gender: str | None = None,
    occasion: str | None = None,
) -> frozenset[str]:
    """What no slot may hold with the prediction, down to the leaves."""
    asked = gender or _leaf_gender(prediction, rules.tree)
    return _never(_in_order(prediction, rules, rules.calendar.day(at), asked, occasion), rules)


def _never(applicable: Iterable[AccessoryRule], rules: AccessoryRules) -> frozenset[str]:
    return frozenset(
        c for rule in applicable for named in rule.never for c in rules.concepts.below(named)
    )


def _leaf_gender(prediction: Prediction, tree: CategoryTree) -> str | None:
    leaf = tree.categories.get(prediction.category)
    return leaf.gender if leaf is not None else None


def _in_order(
    prediction: Prediction,
    rules: AccessoryRules,
    day: date,
    gender: str | None,
    occasion: str | None,
) -> tuple[AccessoryRule, ...]:
    """The rules that hold, leading first."""
    held = [
        rule
        for rule in rules.by_concept.get(prediction.concept, ())
        if gender_fits(rule.gender, gender)
        and _category_fits(rule, prediction.category)
        and rule.timing.holds(day, rules.calendar)
        and (rule.occasion is None or occasion in (None, rule.occasion))
    ]
    return tuple(
        sorted(held, key=lambda rule: leading_key(rule, prediction.concept, occasion, rules))
    )


def leading_key(
    rule: AccessoryRule, concept: str, occasion: str | None, rules: AccessoryRules
) -> tuple[int, ...]:
    """What decides which of two rules that hold leads: the smaller one."""
    return (
        _rank(rule, occasion),
        -rules.depth(rule, concept),
        -rule.priority,
        -rule.level,
        -rule.place.line,
    )


def leads(
    one: AccessoryRule,
    other: AccessoryRule,
    concept: str,
    occasion: str | None,
    rules: AccessoryRules,
) -> bool:
    """Whether of two rules that hold the first leads; quicker than two keys, where their kinds tell."""
    ranks = _rank(one, occasion), _rank(other, occasion)
    if ranks[0] != ranks[1]:
        return ranks[0] < ranks[1]
    return leading_key(one, concept, occasion, rules) < leading_key(other, concept, occasion, rules)


def _rank(rule: AccessoryRule, occasion: str | None) -> int:
    """Dated rules lead, then seasonal, then a known occasion, everyday, an occasion nobody told."""
    if rule.occasion is not None and occasion is None:
        return 4
    if rule.timing.is_dated:
        return 0
    if rule.timing.is_seasonal:
        return 1
    return 2 if rule.occasion is not None else 3


def gender_fits(stated: str | None, asked: str | None) -> bool:
    return stated is None or asked is None or "unisex" in (stated, asked) or stated == asked


def _category_fits(rule: AccessoryRule, category: str) -> bool:
    return not rule.categories or any(
        category == named or category.startswith(f"{named}.") for named in rule.categories
    )


def _merge(
    applicable: tuple[AccessoryRule, ...], never: frozenset[str], rules: AccessoryRules
) -> tuple[tuple[AccessoryRule, SlotRule], ...]:
    """One slot an id; a later rule adds its concepts to it. Nothing that is offered comes again."""
    merged: dict[str, tuple[AccessoryRule, SlotRule]] = {}
    offered: set[str] = set()
    for rule in applicable:
        for slot in rule.slots:
            wanted = tuple(c for c in slot.concepts if c not in never)
            new = tuple(c for c in wanted if not offered.issuperset(rules.concepts.below(c)))
            if not new:
                continue
            offered.update(c for named in new for c in rules.concepts.below(named))
            if slot.id in merged:
                leading, kept = merged[slot.id]
                merged[slot.id] = (leading, replace(kept, concepts=(*kept.concepts, *new)))
            else:
                merged[slot.id] = (rule, replace(slot, concepts=new))
    return tuple(merged.values())


def _same_thing(concept: str, prediction: Prediction, rules: AccessoryRules) -> bool:
    """Whether an object may be the focus itself, under a coarser or finer name."""
    focus = prediction.concept
    if focus not in rules.concepts.concepts:
        return False
    return rules.concepts.is_a(focus, concept) or rules.concepts.is_a(concept, focus)


def _is_worn(concepts: tuple[str, ...], worn: tuple[str, ...], tree: ConceptTree) -> bool:
    return any(
        any(tree.is_a(seen, concept) for concept in concepts)
        or _takes_the_place(seen, concepts, tree)
        for seen in worn
    )


def _takes_the_place(seen: str, concepts: tuple[str, ...], tree: ConceptTree) -> bool:
    for kinds in WORN_ONCE:
        if not kinds.isdisjoint(tree.ancestors(seen)):
            return all(not kinds.isdisjoint(tree.ancestors(concept)) for concept in concepts)
    return False


def _finish(
    slot: SlotRule,
    rule: AccessoryRule,
    never: frozenset[str],
    gender: str | None,
    rules: AccessoryRules,
) -> Slot:
    shown = slot.gender or rule.gender or gender
    wanted = dict.fromkeys(c for named in slot.concepts for c in rules.concepts.below(named))
    leaves = dict.fromkeys(
        leaf
        for concept in wanted
        if concept not in never
        for leaf in rules.tree.leaves_of(concept)
        if gender_fits(rules.tree.categories[leaf].gender, shown)
    )
    return Slot(
        rule=rule.id,
        id=slot.id,
        titles=slot.titles,
        concepts=slot.concepts,
        categories=tuple(leaves),
        count=slot.count,
        colour=slot.colour,
        price=slot.price,
        genders=(shown,) if shown is not None and shown != "unisex" else (),
        never=tuple(c for c in rules.concepts.concepts if c in never),
        priority=rule.priority,
    )
