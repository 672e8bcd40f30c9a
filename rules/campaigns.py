"""Campaigns of one marketplace, compiled so that ten thousand are matched in well under 1 ms.

What wins, everywhere: specific before general (a trigger that names the product; then the deeper
concept or category; then more conditions), then the higher priority, then the nearer level (region,
marketplace, language, root), then the later line.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import product

from catalog.categories import CategoryTree
from catalog.concepts import ConceptTree
from catalog.search import Prediction
from documents.nodes import NOWHERE, UNWRITTEN, Place, Table
from rules.calendar import EVERY_DAY, Calendar, Timing
from rules.selectors import CompiledSelector, Selector, compile_selector, minor_units


class Verb(StrEnum):
    """What an action does to a page."""

    PIN = "pin"
    BOOST = "boost"
    BURY = "bury"
    HIDE = "hide"
    FILTER = "filter"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One move of a campaign. `at` belongs to pin, `by` to boost and bury, `other` to replace."""

    verb: Verb
    selector: Selector
    at: int = 1
    by: float = 0.0
    other: str | None = None
    """The product that takes the place of the replaced one."""
    place: Place = NOWHERE

    @property
    def product(self) -> str:
        """The one product that a pin or a replacement names."""
        return self.selector.products[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """The trigger, as written: what the photo must show. All that is stated must hold."""

    products: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    genders: tuple[str, ...] = ()
    occasions: tuple[str, ...] = ()
    min_price: Decimal | None = None
    max_price: Decimal | None = None
    source: Table = field(repr=False, compare=False, default=UNWRITTEN)

    @property
    def conditions(self) -> int:
        """How many kinds of condition are stated."""
        stated = (self.products, self.concepts, self.categories, self.colours, self.genders,
                  self.occasions, self.min_price is not None or self.max_price is not None)  # fmt: skip
        return sum(bool(one) for one in stated)


ANYTHING = When()


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A set of actions with a trigger, an owner and dates."""

    id: str
    owner: str
    reason: str
    actions: tuple[Action, ...]
    when: When = ANYTHING
    priority: int = 50
    timing: Timing = EVERY_DAY
    place: Place = NOWHERE
    source: Table = field(repr=False, compare=False, default=UNWRITTEN)
    level: int = 2
    """Of campaigns that are else equal the nearer one wins: see `rules.inheritance.Level`."""
    layers: tuple[tuple[str, Table], ...] = field(repr=False, compare=False, default=())
    """File and table of each change of it, the nearest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """What one search shows to the campaigns. `at` must carry a time zone."""

    prediction: Prediction
    at: datetime
    colours: tuple[str, ...] = ()
    """The colours that lead in the focus; see `leading_colours`."""
    product_id: str | None = None
    """The product that was searched with, where it was no photo."""
    gender: str | None = None
    """The shopper's filter; None: the gender of the predicted leaf."""
    price_minor: int | None = None
    """The price of that product, or the median of the neighbours'; None: unknown."""
    occasion: str | None = None


def leading_colours(shares: Mapping[str, float], least: float = 0.25) -> tuple[str, ...]:
    """The colours with at least this share of the object, and always the first."""
    ordered = sorted(shares, key=lambda colour: -shares[colour])
    return tuple(c for i, c in enumerate(ordered) if i == 0 or shares[c] >= least)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """A campaign that holds for a trigger, with what decides who wins."""

    campaign: Campaign
    strength: tuple[int, ...]
    """Names the product, depth of concept or category, conditions, priority, level, line."""
    selectors: tuple[CompiledSelector, ...]
    """One an action, in the actions' order."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A campaign with its windows of time in seconds since 1970."""

    number: int
    campaign: Campaign
    windows: tuple[tuple[float, float], ...]
    min_price_minor: int | None
    max_price_minor: int | None


_Index = Mapping[str | None, Mapping[tuple[str | None, str | None], tuple[_Entry, ...]]]
"""By product, concept or category (ids never meet: each has its prefix), then colour and gender."""

_MOST_PAIRS = 64
"""Above so many pairs of colour and gender a campaign is filed once and tested instead."""


@dataclass(frozen=True, kw_only=True)
class CompiledCampaigns:
    """One marketplace's campaigns, ready to match; immutable but for two caches."""

    campaigns: tuple[Campaign, ...]
    concepts: ConceptTree
    tree: CategoryTree
    calendar: Calendar
    currency: str
    _active: dict[int, _Index] = field(default_factory=dict, repr=False, compare=False)
    _compiled: dict[int, tuple[CompiledSelector, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def with_campaigns(self, campaigns: tuple[Campaign, ...]) -> CompiledCampaigns:
        """The same marketplace with other campaigns, and caches of its own."""
        return replace(self, campaigns=campaigns, _active={}, _compiled={})

    def matching(self, trigger: Trigger) -> tuple[Matched, ...]:
        """The campaigns that hold for the trigger, strongest first."""
        if not self.campaigns:
            return ()
        now = trigger.at.timestamp()
        gender = trigger.gender or self._leaf_gender(trigger.prediction)
        index = self._index_at(now)
        found: dict[int, Matched] = {}
        for entry in self._candidates(index, trigger, gender):
            if entry.number not in found:
                strength = self._strength(entry, trigger, gender)
                if strength is not None:
                    found[entry.number] = Matched(
                        campaign=entry.campaign,
                        strength=strength,
                        selectors=self._selectors(entry),
                    )
        return tuple(sorted(found.values(), key=lambda match: match.strength, reverse=True))

    def _selectors(self, entry: _Entry) -> tuple[CompiledSelector, ...]:
        compiled = self._compiled.get(entry.number)
        if compiled is None:
            compiled = tuple(
                compile_selector(action.selector, self.concepts, self.tree, self.currency)
                for action in entry.campaign.actions
            )
            self._compiled[entry.number] = compiled
        return compiled

    @cached_property
    def _entries(self) -> tuple[_Entry, ...]:
        return tuple(
            _Entry(
                number,
                campaign,
                tuple(self.calendar.instants(s) for s in campaign.timing.spans(self.calendar)),
                minor_units(campaign.when.min_price, self.currency),
                minor_units(campaign.when.max_price, self.currency),
            )
            for number, campaign in enumerate(self.campaigns)
        )

    @cached_property
    def _changes(self) -> tuple[float, ...]:
        """The instants at which a campaign begins or ends, in order."""
        return tuple(
            sorted({at for entry in self._entries for window in entry.windows for at in window})
        )

    def _index_at(self, now: float) -> _Index:
        """The index of what is on now; rebuilt when a campaign begins or ends, never in between."""
        segment = bisect_right(self._changes, now)
        index = self._active.get(segment)
        if index is None:
            index = _build_index(e for e in self._entries if _is_on(e, now))
            if len(self._active) > 8:
                self._active.clear()
            self._active[segment] = index
        return index

    def _leaf_gender(self, prediction: Prediction) -> str | None:
        category = self.tree.categories.get(prediction.category)
        return category.gender if category is not None else None

    def _candidates(self, index: _Index, trigger: Trigger, gender: str | None) -> Iterator[_Entry]:
        pairs = tuple(product((None, *trigger.colours), (None, gender) if gender else (None,)))
        for what in (None, *self._whats(trigger)):
            filed = index.get(what)
            if filed:
                for pair in pairs:
                    yield from filed.get(pair, ())

    def _whats(self, trigger: Trigger) -> Iterator[str]:
        if trigger.product_id is not None:
            yield f"p:{trigger.product_id}"
        for concept in self._concept_chain(trigger.prediction.concept):
            yield f"c:{concept}"
        for category in _category_chain(trigger.prediction.category):
            yield f"k:{category}"

    def _concept_chain(self, concept: str) -> tuple[str, ...]:
        return self.concepts.ancestors(concept) if concept in self.concepts.concepts else ()

    def _strength(
        self, entry: _Entry, trigger: Trigger, gender: str | None
    ) -> tuple[int, ...] | None:
        """What decides who wins, or None when the campaign does not hold for the trigger."""
        when = entry.campaign.when
        if not _details_fit(entry, trigger, gender):
            return None
        chain = self._concept_chain(trigger.prediction.concept)
        depth = depth_of(when, chain, trigger.prediction.category)
        if depth is None:
            return None
        named = bool(when.products)
        campaign = entry.campaign
        return (int(named), depth, when.conditions, campaign.priority, campaign.level,
                campaign.place.line)  # fmt: skip


def depth_of(when: When, concepts: tuple[str, ...], category: str) -> int | None:
    """How deep the trigger's nearest concept or category lies; 0 without any, None outside them.

    `concepts` go from the one that is seen up to its department.
    """
    depth = 0
    if when.concepts:
        depth = _deepest(when.concepts, concepts)
        if depth == 0:
            return None
    if when.categories:
        below = _deepest(when.categories, _category_chain(category))
        if below == 0:
            return None
        depth = max(depth, below)
    return depth


def _category_chain(category: str) -> tuple[str, ...]:
    """From the category up to its department; the ids themselves say it."""
    parts = category.split(".")
    return tuple(".".join(parts[:n]) for n in range(len(parts), 0, -1))


def _deepest(named: tuple[str, ...], chain: tuple[str, ...]) -> int:
    """Depth of the nearest link of the chain that is named; 0 for none."""
    for steps, link in enumerate(chain):
        if link in named:
            return len(chain) - steps
    return 0


def _details_fit(entry: _Entry, trigger: Trigger, gender: str | None) -> bool:
    when = entry.campaign.when
    return (
        (not when.products or trigger.product_id in when.products)
        and (not when.colours or any(colour in when.colours for colour in trigger.colours))
        and (not when.genders or gender in when.genders)
        and (not when.occasions or trigger.occasion in when.occasions)
        and _price_fits(entry, trigger.price_minor)
    )


def _price_fits(entry: _Entry, price_minor: int | None) -> bool:
    low, high = entry.min_price_minor, entry.max_price_minor
    if low is None and high is None:
        return True
    if price_minor is None:
        return False
    return (low is None or price_minor >= low) and (high is None or price_minor <= high)


def _is_on(entry: _Entry, now: float) -> bool:
    return any(start <= now < end for start, end in entry.windows)


def _build_index(entries: Iterator[_Entry]) -> _Index:
    index: dict[str | None, dict[tuple[str | None, str | None], list[_Entry]]] = {}
    for entry in entries:
        when = entry.campaign.when
        colours: tuple[str | None, ...] = when.colours or (None,)
        genders: tuple[str | None, ...] = when.genders or (None,)
        if len(colours) * len(genders) > _MOST_PAIRS:
            colours = genders = (None,)
        for what in _filed_under(when):
            filed = index.setdefault(what, {})
            for pair in product(colours, genders):
                filed.setdefault(pair, []).append(entry)
    return {
        what: {pair: tuple(found) for pair, found in filed.items()} for what, filed in index.items()
    }


def _filed_under(when: When) -> tuple[str | None, ...]:
    """The most selective condition: products, else concepts, else categories, else nothing."""
    if when.products:
        return tuple(f"p:{one}" for one in when.products)
    if when.concepts:
        return tuple(f"c:{one}" for one in when.concepts)
    if when.categories:
        return tuple(f"k:{one}" for one in when.categories)
    return (None,)
