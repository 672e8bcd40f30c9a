"""A ranked page under its campaigns: what is pinned, moved, hidden and replaced, and what lost.

Never invents or repeats a product: everything shown stood in `items`, or in `extras` and was pinned
or put in another's place. Without a matching campaign the page is the very tuple that came in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from catalog.search import AppliedRule, RankedItem
from rules.campaigns import Action, Campaign, CompiledCampaigns, Trigger, Verb
from rules.selectors import CompiledSelector

_ORDERING = frozenset({Verb.PIN, Verb.BOOST, Verb.BURY, Verb.REPLACE})


@dataclass(frozen=True, slots=True, kw_only=True)
class RuledPage:
    """The page after its campaigns, and what each of them did."""

    items: tuple[RankedItem, ...]
    applied: tuple[AppliedRule, ...] = ()
    """Every action that had an effect, strongest first."""
    lost: tuple[AppliedRule, ...] = ()
    """Every action of a matching campaign that had none; `reason` says why."""


def pinned_products(campaigns: CompiledCampaigns, trigger: Trigger) -> tuple[str, ...]:
    """The products that pins and replacements want to show, strongest first, each once."""
    wanted: dict[str, None] = {}
    for match in campaigns.matching(trigger):
        for action in reversed(match.campaign.actions):
            if action.verb is Verb.PIN:
                wanted[action.product] = None
            elif action.verb is Verb.REPLACE and action.other is not None:
                wanted[action.other] = None
    return tuple(wanted)


def apply_rules(
    items: tuple[RankedItem, ...],
    campaigns: CompiledCampaigns,
    trigger: Trigger,
    extras: tuple[RankedItem, ...] = (),
) -> tuple[RankedItem, ...]:
    """The items of `ruled_page`."""
    return ruled_page(items, campaigns, trigger, extras).items


def ruled_page(
    items: tuple[RankedItem, ...],
    campaigns: CompiledCampaigns,
    trigger: Trigger,
    extras: tuple[RankedItem, ...] = (),
    *,
    reorder: bool = True,
) -> RuledPage:
    """Apply every matching campaign, strongest first; the first verdict on a product stands.

    `extras` may be shown only by a pin or a replacement. With `reorder` off (the shopper sorts by
    price), only hide and filter work, and the others are recorded as lost.
    """
    matched = campaigns.matching(trigger)
    if not matched:
        return RuledPage(items=items)
    page = _Page(items, extras)
    for match in matched:
        pairs = zip(match.campaign.actions, match.selectors, strict=True)
        for action, selector in reversed(tuple(pairs)):
            if action.verb in _ORDERING and not reorder:
                page.lose(match.campaign, action, "the shopper chose another order")
            else:
                page.take(match.campaign, action, selector)
    return page.result()


@dataclass(slots=True)
class _Page:
    """The verdicts so far, by the id of the representative."""

    items: tuple[RankedItem, ...]
    extras: tuple[RankedItem, ...]
    pool: dict[str, RankedItem] = field(init=False)
    representative: dict[str, str] = field(init=False)
    organic: set[str] = field(init=False)
    removed: dict[str, Campaign] = field(default_factory=dict)
    pinned: dict[str, tuple[int, Campaign]] = field(default_factory=dict)
    stands_in: dict[str, tuple[str, Campaign]] = field(default_factory=dict)
    """Replacement → the product whose place it takes."""
    moved: dict[str, tuple[float, Campaign]] = field(default_factory=dict)
    marks: dict[str, list[AppliedRule]] = field(default_factory=dict)
    applied: list[AppliedRule] = field(default_factory=list)
    lost: list[AppliedRule] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pool, self.representative = {}, {}
        for item in (*self.items, *self.extras):
            if item.product_id not in self.representative:
                self.pool[item.product_id] = item
                for id_ in (item.product_id, *item.duplicates):
                    self.representative.setdefault(id_, item.product_id)
        self.organic = {item.product_id for item in self.items}

    def take(self, campaign: Campaign, action: Action, selector: CompiledSelector) -> None:
        if action.verb is Verb.PIN:
            self._pin(campaign, action)
        elif action.verb is Verb.REPLACE:
            self._replace(campaign, action)
        elif action.verb is Verb.HIDE:
            self._remove(campaign, action, [i for i in self._shown() if self._meant(i, selector)])
        elif action.verb is Verb.FILTER:
            shown = self._shown()
            rejected = [i for i in shown if not self._meant(i, selector)]
            if len(rejected) == len(shown):
                self.lose(campaign, action, "nothing on the page passes the filter")
            else:
                self._remove(campaign, action, rejected)
        else:
            self._move(campaign, action, [i for i in self._shown() if self._meant(i, selector)])

    def lose(self, campaign: Campaign, action: Action, why: str) -> None:
        self.lost.append(AppliedRule(id=campaign.id, action=action.verb, reason=why))

    def _shown(self) -> list[str]:
        """Ids that the page would show now, in organic order, replacements and pins with them."""
        standing = [id_ for id_ in self.organic_order() if id_ not in self.removed]
        added = [i for i in (*self.pinned, *self.stands_in) if i not in self.organic]
        return [*standing, *dict.fromkeys(added)]

    def organic_order(self) -> list[str]:
        return list(
            dict.fromkeys(item.product_id for item in self.items if item.product_id in self.pool)
        )

    def _pin(self, campaign: Campaign, action: Action) -> None:
        id_ = self.representative.get(action.product)
        taken = dict(self.pinned.values())
        if id_ is None:
            self.lose(campaign, action, f"{action.product} is not offered for this search")
        elif not self.pool[id_].candidate.listing.offer.available:
            self.lose(campaign, action, f"{action.product} is out of stock")
        elif (why := self._held(id_)) is not None:
            self.lose(campaign, action, why)
        elif action.at in taken:
            self.lose(campaign, action, f"'{taken[action.at].id}' fills place {action.at}")
        else:
            self.pinned[id_] = (action.at, campaign)
            self._record(campaign, f"pin to {action.at}", id_)

    def _held(self, id_: str) -> str | None:
        """Why a product is no longer free, or None."""
        if id_ in self.removed:
            return f"'{self.removed[id_].id}' takes {id_} away"
        if id_ in self.pinned:
            return f"'{self.pinned[id_][1].id}' pins {id_}"
        if id_ in self.stands_in:
            return f"'{self.stands_in[id_][1].id}' puts {id_} in another's place"
        return None

    def _replace(self, campaign: Campaign, action: Action) -> None:
        old = self.representative.get(action.product)
        new = self.representative.get(action.other or "")
        if old is None or old not in self.organic:
            self.lose(campaign, action, f"{action.product} is not on the page")
        elif new is None:
            self.lose(campaign, action, f"{action.other} is not offered for this search")
        elif old == new:
            self.lose(campaign, action, f"{action.other} is shown already, folded into {old}")
        elif not self.pool[new].candidate.listing.offer.available:
            self.lose(campaign, action, f"{action.other} is out of stock")
        elif (why := self._held(old) or self._held(new)) is not None:
            self.lose(campaign, action, why)
        else:
            self.removed[old] = campaign
            self.stands_in[new] = (old, campaign)
            self._record(campaign, f"replace {action.product}", new)

    def _remove(self, campaign: Campaign, action: Action, ids: Iterable[str]) -> None:
        free, held = [], None
        for id_ in ids:
            why = self._held(id_)
            if why is None:
                free.append(id_)
            held = held or why
        self.removed.update(dict.fromkeys(free, campaign))
        if free:
            self.applied.append(_mark(campaign, f"{action.verb} {len(free)}"))
        else:
            self.lose(campaign, action, held or "nothing on the page is meant")

    def _move(self, campaign: Campaign, action: Action, ids: Iterable[str]) -> None:
        sign = 1.0 if action.verb is Verb.BOOST else -1.0
        moved, why = False, "nothing on the page is meant"
        for id_ in ids:
            if id_ in self.pinned or id_ in self.stands_in:
                why = self._held(id_) or why
            elif id_ in self.moved:
                why = f"'{self.moved[id_][1].id}' moves {id_}"
            else:
                self.moved[id_] = (sign * action.by, campaign)
                self.marks.setdefault(id_, []).append(
                    _mark(campaign, f"{action.verb} by {action.by:g}")
                )
                moved = True
        if moved:
            self.applied.append(_mark(campaign, f"{action.verb} by {action.by:g}"))
        else:
            self.lose(campaign, action, why)

    def _record(self, campaign: Campaign, what: str, id_: str) -> None:
        mark = _mark(campaign, what)
        self.applied.append(mark)
        self.marks.setdefault(id_, []).append(mark)

    def result(self) -> RuledPage:
        order = self._with_pins(self._with_moves(self._with_replacements()))
        return RuledPage(
            items=tuple(self._marked(id_) for id_ in order),
            applied=tuple(self.applied),
            lost=tuple(self.lost),
        )

    def _with_replacements(self) -> list[str]:
        place_of = {old: new for new, (old, _) in self.stands_in.items()}
        order = []
        for id_ in self.organic_order():
            if id_ in place_of:
                order.append(place_of[id_])
            elif id_ not in self.removed and id_ not in self.stands_in:
                order.append(id_)
        return order

    def _with_moves(self, order: list[str]) -> list[str]:
        """`by` is a share of the page: 0.3 lifts a product past three in ten of its neighbours.

        What is out of stock never passes what is in stock.
        """
        if not self.moved:
            return order
        value = {
            id_: -place / len(order) + self.moved.get(id_, (0.0,))[0]
            for place, id_ in enumerate(order)
        }
        return sorted(
            order,
            key=lambda id_: (not self.pool[id_].candidate.listing.offer.available, -value[id_]),
        )

    def _with_pins(self, order: list[str]) -> list[str]:
        """Each pin at its place; on a shorter page the last ones close up to its end."""
        rest = [id_ for id_ in order if id_ not in self.pinned]
        for id_, (place, _) in sorted(self.pinned.items(), key=lambda pin: pin[1][0]):
            rest.insert(place - 1, id_)
        return rest

    def _marked(self, id_: str) -> RankedItem:
        marks = self.marks.get(id_)
        item = self.pool[id_]
        return replace(item, rules=(*item.rules, *marks)) if marks else item

    def _meant(self, id_: str, selector: CompiledSelector) -> bool:
        return selector.selects(self.pool[id_].candidate.listing)


def _mark(campaign: Campaign, what: str) -> AppliedRule:
    return AppliedRule(id=campaign.id, action=what, reason=campaign.reason)
