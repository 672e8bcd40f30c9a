"""What two versions of the rules do to the same searches: pages, products, slots and prices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Key = tuple[str, str]
"""A marketplace and a product or slot in it."""

SHOWN = 10
"""So many products and slots are named in a report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One answer, as far as it is compared."""

    products: tuple[str, ...]
    prices_minor: tuple[int, ...]
    slots: tuple[tuple[str, tuple[str, ...]], ...]
    """Each accessory slot that is offered, with the products in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePair:
    """One search under both versions; `weight` searches were the same."""

    marketplace: str
    before: Page
    after: Page
    weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """A product that stands elsewhere: on how many pages, and by how many places in all."""

    marketplace: str
    product_id: str
    pages: int
    places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Accessory slots over all pages."""

    offered: int
    filled: int
    """Of those offered, how many hold at least one product."""

    @property
    def share(self) -> float | None:
        """Filled of offered; None when none is offered."""
        return self.filled / self.offered if self.offered else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceShift:
    """Mean price of the products on one marketplace's pages, in minor units."""

    before_minor: float
    after_minor: float

    @property
    def share(self) -> float:
        """By how much it rises: 0.02 is two in a hundred."""
        return self.after_minor / self.before_minor - 1.0 if self.before_minor else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The sum over all searches."""

    queries: int
    changed: int
    """Pages whose products or their order differ."""
    slots_changed: int
    """Pages whose accessory slots, or what is in them, differ."""
    risen: tuple[Mover, ...]
    fallen: tuple[Mover, ...]
    coverage: tuple[Coverage, Coverage]
    """Before and after."""
    slots: tuple[tuple[Key, int], ...]
    """Slots that more pages offer than before, or fewer: the difference in pages."""
    prices: Mapping[str, PriceShift]
    """By marketplace."""


def compare(pairs: Iterable[PagePair]) -> Comparison:
    """Add up the searches; each is looked at once."""
    total = _Sums()
    for pair in pairs:
        total.add(pair)
    return total.result()


@dataclass(slots=True)
class _Sums:
    queries: int = 0
    changed: int = 0
    slots_changed: int = 0
    rises: Counter[Key] = field(default_factory=Counter)
    falls: Counter[Key] = field(default_factory=Counter)
    pages_of: Counter[tuple[Key, bool]] = field(default_factory=Counter)
    offered: list[int] = field(default_factory=lambda: [0, 0])
    filled: list[int] = field(default_factory=lambda: [0, 0])
    slots: Counter[Key] = field(default_factory=Counter)
    prices: dict[str, list[int]] = field(default_factory=dict)

    def add(self, pair: PagePair) -> None:
        weight = pair.weight
        self.queries += weight
        if pair.before.products != pair.after.products:
            self.changed += weight
            self._move(pair)
        if pair.before.slots != pair.after.slots:
            self.slots_changed += weight
        for side, page in enumerate((pair.before, pair.after)):
            self.offered[side] += weight * len(page.slots)
            self.filled[side] += weight * sum(bool(inside) for _, inside in page.slots)
            for slot, _ in page.slots:
                self.slots[pair.marketplace, slot] += weight if side else -weight
            sums = self.prices.setdefault(pair.marketplace, [0, 0, 0, 0])
            sums[2 * side] += weight * sum(page.prices_minor)
            sums[2 * side + 1] += weight * len(page.prices_minor)

    def _move(self, pair: PagePair) -> None:
        """What is not on a page stands, for this sum, just behind its end."""
        before = {product: place for place, product in enumerate(pair.before.products)}
        after = {product: place for place, product in enumerate(pair.after.products)}
        for product in dict.fromkeys((*before, *after)):
            places = before.get(product, len(before)) - after.get(product, len(after))
            key = (pair.marketplace, product)
            if places:
                (self.rises if places > 0 else self.falls)[key] += pair.weight * abs(places)
                self.pages_of[key, places > 0] += pair.weight

    def result(self) -> Comparison:
        moved = [(key, pages) for key, pages in self.slots.items() if pages]
        return Comparison(
            queries=self.queries,
            changed=self.changed,
            slots_changed=self.slots_changed,
            risen=self._movers(self.rises, risen=True),
            fallen=self._movers(self.falls, risen=False),
            coverage=(
                Coverage(offered=self.offered[0], filled=self.filled[0]),
                Coverage(offered=self.offered[1], filled=self.filled[1]),
            ),
            slots=tuple(sorted(moved, key=lambda item: (-abs(item[1]), item[0]))[:SHOWN]),
            prices={
                marketplace: PriceShift(
                    before_minor=sums[0] / max(1, sums[1]), after_minor=sums[2] / max(1, sums[3])
                )
                for marketplace, sums in sorted(self.prices.items())
            },
        )

    def _movers(self, places: Counter[Key], *, risen: bool) -> tuple[Mover, ...]:
        first = sorted(places.items(), key=lambda item: (-item[1], item[0]))[:SHOWN]
        return tuple(
            Mover(marketplace=m, product_id=p, places=n, pages=self.pages_of[(m, p), risen])
            for (m, p), n in first
        )
