"""Which campaigns can hold for one and the same search: the ground of every conflict check.

A search shows one concept in one of its leaves, has one gender, one occasion, at most one product
and at most one price, and may show several colours. Two campaigns coincide when some search on some
day meets both.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from catalog.categories import CategoryTree
from catalog.concepts import ConceptTree
from rules.calendar import Calendar, Span
from rules.campaigns import Action, Campaign, When
from rules.selectors import Selector

Pair = tuple[str, str]
"""A concept and a leaf that takes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """An action with all that decides when it is made."""

    campaign: Campaign
    action: Action
    pairs: frozenset[Pair]
    spans: tuple[Span, ...]

    @property
    def strength(self) -> tuple[int, int, int]:
        """What decides before the line does, as far as the files can tell."""
        return (self.campaign.when.conditions, self.campaign.priority, self.campaign.level)


@dataclass(frozen=True, kw_only=True)
class Reach:
    """One marketplace's searches, so that triggers and selectors can be compared."""

    concepts: ConceptTree
    tree: CategoryTree
    calendar: Calendar
    _known: dict[tuple[tuple[str, ...], tuple[str, ...]], frozenset[Pair]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @cached_property
    def everything(self) -> frozenset[Pair]:
        """Every concept in every leaf that takes it."""
        return frozenset(
            (concept, leaf)
            for concept in self.concepts.concepts
            for leaf in self.tree.leaves_of(concept)
        )

    def pairs(self, concepts: tuple[str, ...], categories: tuple[str, ...]) -> frozenset[Pair]:
        """The searches, or products, that the concepts and categories admit together."""
        key = (concepts, categories)
        found = self._known.get(key)
        if found is None:
            below = {c for named in concepts for c in self.concepts.below(named)}
            leaves = {leaf for named in categories for leaf in self._leaves_below(named)}
            found = frozenset(
                (concept, leaf)
                for concept, leaf in self.everything
                if (not concepts or concept in below) and (not categories or leaf in leaves)
            )
            self._known[key] = found
        return found

    def _leaves_below(self, category: str) -> tuple[str, ...]:
        return self.tree.leaves_below(category) if category in self.tree.categories else ()

    def moves(self, campaigns: Iterable[Campaign], known: Sequence[Move] = ()) -> Iterator[Move]:
        """Every action of every campaign, in file order; `known` ones are the very same again."""
        made: dict[int, list[Move]] = {}
        for move in known:
            made.setdefault(id(move.campaign), []).append(move)
        for campaign in campaigns:
            if id(campaign) in made:
                yield from made[id(campaign)]
                continue
            pairs = self.pairs(campaign.when.concepts, campaign.when.categories)
            spans = campaign.timing.spans(self.calendar)
            for action in campaign.actions:
                yield Move(campaign=campaign, action=action, pairs=pairs, spans=spans)

    def products_overlap(self, a: Selector, b: Selector) -> bool:
        """Whether some product may be meant by both."""
        return (
            _meet(a.products, b.products)
            and _meet(a.colours, b.colours)
            and _meet(tuple(x.casefold() for x in a.brands), tuple(x.casefold() for x in b.brands))
            and _genders_meet(a.genders, b.genders)
            and _ranges_meet((a.min_price, a.max_price), (b.min_price, b.max_price))
            and (None in (a.prime, b.prime) or a.prime == b.prime)
            and (None in (a.available, b.available) or a.available == b.available)
            and not self.pairs(a.concepts, a.categories).isdisjoint(
                self.pairs(b.concepts, b.categories)
            )
        )


def coincide(a: Move, b: Move) -> bool:
    """Whether some search on some day meets both campaigns."""
    return (
        triggers_meet(a.campaign.when, b.campaign.when)
        and any(x.first <= y.last and y.first <= x.last for x in a.spans for y in b.spans)
        and not a.pairs.isdisjoint(b.pairs)
    )


def triggers_meet(a: When, b: When) -> bool:
    """Whether the details of both triggers can hold at once; concepts and categories apart."""
    return (
        _meet(a.products, b.products)
        and _meet(a.genders, b.genders)
        and _meet(a.occasions, b.occasions)
        and _ranges_meet((a.min_price, a.max_price), (b.min_price, b.max_price))
    )


def coinciding(
    moves: Sequence[Move],
    side: Callable[[Move], Hashable],
    concerns: Callable[[Move], bool] | None = None,
) -> Iterator[tuple[Move, Move]]:
    """Every pair from different sides that can be made together, each once, the earlier line first.

    With `concerns`, only pairs of which it holds for one or both.

    A campaign that names the product searched with is meant to win over those that do not, so these
    two kinds are never paired. Moves are compared only within a shared bucket and while their days
    overlap: ten thousand of them take well under a second unless they truly meet.
    """
    if concerns is not None:
        moves = _around([move for move in moves if concerns(move)], moves)
    ordered = sorted(moves, key=lambda move: (move.campaign.level, move.action.place))
    tested: set[tuple[int, int]] = set()
    for bucket in _buckets(ordered).values():
        for i, j in _overlapping_days(bucket, ordered, side):
            if (i, j) not in tested:
                tested.add((i, j))
                a, b = ordered[i], ordered[j]
                if (concerns is None or concerns(a) or concerns(b)) and coincide(a, b):
                    yield a, b


def _around(chosen: Sequence[Move], moves: Sequence[Move]) -> list[Move]:
    """The moves that share a bucket with a chosen one."""
    keys = frozenset(key for move in chosen for key in _keys(move))
    return [move for move in moves if not keys.isdisjoint(_keys(move))]


def _buckets(moves: list[Move]) -> dict[Hashable, list[int]]:
    """By product searched with where the trigger names some, else by concept and leaf."""
    buckets: dict[Hashable, list[int]] = {}
    for number, move in enumerate(moves):
        for key in _keys(move):
            buckets.setdefault(key, []).append(number)
    return buckets


def _keys(move: Move) -> Collection[Hashable]:
    return move.campaign.when.products or move.pairs


def _overlapping_days(
    bucket: list[int], moves: list[Move], side: Callable[[Move], Hashable]
) -> Iterator[tuple[int, int]]:
    """Pairs of the bucket from different sides whose outer days overlap, the earlier line first."""
    if len({side(moves[number]) for number in bucket}) < 2:
        return
    outer = sorted(
        (min(s.first for s in moves[n].spans), max(s.last for s in moves[n].spans), n)
        for n in bucket
        if moves[n].spans
    )
    running: list[tuple[date, int]] = []
    for first, last, number in outer:
        running = [(end, other) for end, other in running if end >= first]
        for _, other in running:
            if side(moves[other]) != side(moves[number]):
                yield min(number, other), max(number, other)
        running.append((last, number))


def _meet(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    return not a or not b or not set(a).isdisjoint(b)


def _genders_meet(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Products for everybody are meant by each gender."""
    return True if a and b else _meet(a, b)


def _ranges_meet(
    a: tuple[Decimal | None, Decimal | None], b: tuple[Decimal | None, Decimal | None]
) -> bool:
    low = max((x for x in (a[0], b[0]) if x is not None), default=None)
    high = min((x for x in (a[1], b[1]) if x is not None), default=None)
    return low is None or high is None or low <= high
