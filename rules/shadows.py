"""Which actions and slots can never do anything, because a stronger one always does it first.

Only what is certain is told: one stronger campaign holds for every search, on every day, on which the
weaker one holds, and means every product that the weaker one means. A weaker pin, filter or
replacement is no shadow of a stronger one: it works where the stronger one's product is out of stock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import product

from rules.accessories import AccessoryRule, AccessoryRules, SlotRule, leads
from rules.calendar import Span, Timing
from rules.campaigns import Campaign, Verb, When, depth_of
from rules.overlap import Move, Pair, Reach
from rules.selectors import Selector

_SHADOWED_BY: Mapping[Verb, frozenset[Verb]] = {
    Verb.BOOST: frozenset({Verb.BOOST, Verb.BURY, Verb.HIDE}),
    Verb.BURY: frozenset({Verb.BOOST, Verb.BURY, Verb.HIDE}),
    Verb.HIDE: frozenset({Verb.HIDE}),
}
"""The first verdict on a product stands: these verbs leave nothing for the weaker one to do."""

_Filed = tuple[str | Pair, str | None]


def shadowed_moves(moves: Sequence[Move], reach: Reach) -> Iterator[tuple[Move, Move]]:
    """Each action that never has an effect, with one that always goes before it."""
    shadows = _Shadows(reach)
    able = [move for move in moves if move.action.verb in _SHADOWED_BY]
    filed: dict[_Filed, list[Move]] = {}
    for move in able:
        for key in product(_whats(move), move.campaign.when.colours or (None,)):
            filed.setdefault(key, []).append(move)
    for move in able:
        verbs = _SHADOWED_BY[move.action.verb]
        for one in _holding_with(move, filed):
            if one.action.verb in verbs and shadows.casts(one, move):
                yield move, one
                break


def _whats(move: Move) -> Iterable[str | Pair]:
    return move.campaign.when.products or move.pairs


def _holding_with(move: Move, filed: Mapping[_Filed, list[Move]]) -> Iterator[Move]:
    """Every action that may hold whenever this one does: such a one is filed under its first search."""
    what = next(iter(_whats(move)), None)
    if what is not None and move.spans:
        for colour in dict.fromkeys((*move.campaign.when.colours[:1], None)):
            yield from filed.get((what, colour), ())


@dataclass(frozen=True, slots=True)
class _Shadows:
    """One marketplace's searches, abstaining predictions among them: a category may be no leaf."""

    reach: Reach
    _seen: dict[tuple[tuple[str, ...], tuple[str, ...]], frozenset[Pair]] = field(
        default_factory=dict
    )

    def casts(self, strong: Move, weak: Move) -> bool:
        """Whether the strong action leaves the weak one nothing to do, ever."""
        return (
            strong is not weak
            and _days_cover(strong.spans, weak.spans)
            and _details_cover(strong.campaign.when, weak.campaign.when)
            and self._products_cover(strong.action.selector, weak.action.selector)
            and self._searches(weak.campaign.when) <= self._searches(strong.campaign.when)
            and self._always_first(strong, weak)
        )

    def _always_first(self, strong: Move, weak: Move) -> bool:
        a, b = strong.campaign, weak.campaign
        if a is b:
            order = [id(action) for action in a.actions]
            return order.index(id(strong.action)) > order.index(id(weak.action))
        after_depth = _rest_of_strength(a) > _rest_of_strength(b)
        if (a.when.concepts, a.when.categories) == (b.when.concepts, b.when.categories):
            return after_depth
        depths = (
            (self._depth(a.when, pair), self._depth(b.when, pair))
            for pair in self._searches(b.when)
        )
        return all(x > y or (x == y and after_depth) for x, y in depths)  # fmt: skip

    def _depth(self, when: When, pair: Pair) -> int:
        return depth_of(when, self.reach.concepts.ancestors(pair[0]), pair[1]) or 0

    def _searches(self, when: When) -> frozenset[Pair]:
        """A concept, and a leaf that takes it or a category above that leaf."""
        key = (when.concepts, when.categories)
        found = self._seen.get(key)
        if found is None:
            below = {c for named in when.concepts for c in self.reach.concepts.below(named)}
            found = frozenset(
                (concept, above)
                for concept, leaf in self.reach.everything
                if not below or concept in below
                for above in _with_those_above(leaf)
                if not when.categories or any(_is_below(above, named) for named in when.categories)
            )
            self._seen[key] = found
        return found

    def _products_cover(self, wide: Selector, narrow: Selector) -> bool:
        """Whether every product that `narrow` means is meant by `wide`."""
        return (
            _covers(wide.products, narrow.products)
            and _covers(wide.colours, narrow.colours)
            and _covers(wide.genders, narrow.genders)
            and _covers(_folded(wide.brands), _folded(narrow.brands))
            and _range_covers(
                (wide.min_price, wide.max_price), (narrow.min_price, narrow.max_price)
            )
            and (wide.min_rating is None or (narrow.min_rating or 0.0) >= wide.min_rating)
            and wide.prime in (None, narrow.prime)
            and wide.available in (None, narrow.available)
            and self.reach.pairs(narrow.concepts, narrow.categories)
            <= self.reach.pairs(wide.concepts, wide.categories)
        )


def _rest_of_strength(campaign: Campaign) -> tuple[int, int, int, int]:
    return (campaign.when.conditions, campaign.priority, campaign.level, campaign.place.line)


def _details_cover(wide: When, narrow: When) -> bool:
    """Whether `wide` holds whenever `narrow` does, concepts and categories apart.

    Both or neither name the product searched with: else the one that does always goes first.
    """
    return (
        bool(wide.products) == bool(narrow.products)
        and _covers(wide.products, narrow.products)
        and _covers(wide.colours, narrow.colours)
        and _covers(wide.genders, narrow.genders)
        and _covers(wide.occasions, narrow.occasions)
        and _range_covers((wide.min_price, wide.max_price), (narrow.min_price, narrow.max_price))
        and (bool(narrow.concepts or narrow.categories) or not (wide.concepts or wide.categories))
    )


def _covers(wide: Collection[str], narrow: Collection[str]) -> bool:
    return not wide or (bool(narrow) and set(narrow).issubset(wide))


def _folded(brands: Iterable[str]) -> tuple[str, ...]:
    return tuple(brand.casefold() for brand in brands)


def _range_covers(
    wide: tuple[Decimal | None, Decimal | None], narrow: tuple[Decimal | None, Decimal | None]
) -> bool:
    low, high = wide
    return (low is None or (narrow[0] is not None and narrow[0] >= low)) and (
        high is None or (narrow[1] is not None and narrow[1] <= high)
    )


def _days_cover(wide: Sequence[Span], narrow: Sequence[Span]) -> bool:
    if len(wide) == 1:
        return all(wide[0].first <= span.first and span.last <= wide[0].last for span in narrow)
    joined: list[Span] = []
    for span in sorted(wide):
        if joined and span.first <= joined[-1].last + timedelta(days=1):
            joined[-1] = Span(joined[-1].first, max(joined[-1].last, span.last))
        else:
            joined.append(span)
    return all(any(j.first <= s.first and s.last <= j.last for j in joined) for s in narrow)


def _with_those_above(category: str) -> Iterator[str]:
    parts = category.split(".")
    return (".".join(parts[:n]) for n in range(1, len(parts) + 1))


def _is_below(category: str, named: str) -> bool:
    return category == named or category.startswith(f"{named}.")


def shadowed_slots(
    rules: AccessoryRules, chosen: Iterable[AccessoryRule]
) -> Iterator[tuple[AccessoryRule, SlotRule, tuple[str, ...]]]:
    """Each slot of the chosen rules that never adds anything, and the rules that offer all of it first."""
    filed = _filed_rules(rules)
    for rule in chosen:
        before = _before(rule, filed, rules)
        for number, slot in enumerate(rule.slots if before else ()):
            if all(_offered_already(rule, slot, number, found, rules) for found in before):
                others = sorted({(r.place, r.id) for found in before for r in found})
                yield rule, slot, tuple(dict.fromkeys(id_ for _, id_ in others))


def _before(
    rule: AccessoryRule,
    filed: Mapping[_Occurrence, Sequence[AccessoryRule]],
    rules: AccessoryRules,
) -> list[list[AccessoryRule]]:
    """For each concept that calls the rule, those that always lead it; empty where one has none."""
    found: list[list[AccessoryRule]] = []
    for concept in dict.fromkeys(c for named in rule.seen for c in rules.concepts.below(named)):
        beside = _holding_beside(rule, concept, filed)
        leading = [other for other in beside if _always_leads(other, rule, concept, rules)]
        if not leading:
            return []
        found.append(leading)
    return found


_Occurrence = tuple[str, Timing | None, str | None, str | None]
"""Concept, days (None: every day), gender and occasion."""


def _filed_rules(rules: AccessoryRules) -> Mapping[_Occurrence, Sequence[AccessoryRule]]:
    filed: dict[_Occurrence, list[AccessoryRule]] = {}
    for concept, held in rules.by_concept.items():
        for rule in held:
            filed.setdefault((concept, _days(rule), rule.gender, rule.occasion), []).append(rule)
    return filed


def _holding_beside(
    rule: AccessoryRule, concept: str, filed: Mapping[_Occurrence, Sequence[AccessoryRule]]
) -> Iterator[AccessoryRule]:
    """Every rule that may hold whenever this one does: none states other days, gender or occasion."""
    for days in {None, _days(rule)}:
        for gender in {None, rule.gender}:
            for occasion in {None, rule.occasion}:
                yield from filed.get((concept, days, gender, occasion), ())


def _days(rule: AccessoryRule) -> Timing | None:
    return rule.timing if rule.timing.is_dated or rule.timing.is_seasonal else None


def _always_leads(
    other: AccessoryRule, rule: AccessoryRule, concept: str, rules: AccessoryRules
) -> bool:
    """Whether one that holds beside it holds in all its categories, and goes before it."""
    return (
        other is not rule
        and (not other.categories or (bool(rule.categories) and all(
            any(_is_below(one, named) for named in other.categories) for one in rule.categories)))
        and all(
            leads(other, rule, concept, occasion, rules)
            for occasion in dict.fromkeys((None, rule.occasion))
        )
    )  # fmt: skip


def _offered_already(
    rule: AccessoryRule, slot: SlotRule, number: int, before: Sequence[AccessoryRule],
    rules: AccessoryRules,
) -> bool:  # fmt: skip
    never = {
        c for one in (*before, rule) for named in one.never for c in rules.concepts.below(named)
    }
    slots = [*(s for one in before for s in one.slots), *rule.slots[:number]]
    offered = {c for one in slots for named in one.concepts if named not in never
               for c in rules.concepts.below(named)}  # fmt: skip
    wanted = [named for named in slot.concepts if named not in never]
    return all(offered.issuperset(rules.concepts.below(c)) for c in wanted)
