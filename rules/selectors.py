"""Which products an action is about; compiled once to sets, so that a page is tested quickly."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from catalog.categories import CategoryTree
from catalog.concepts import ConceptTree
from catalog.money import Money
from catalog.products import Listing
from documents.nodes import UNWRITTEN, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Selector:
    """Products, as a file names them. All that is stated must hold; in a list, any one."""

    products: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    genders: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    min_price: Decimal | None = None
    max_price: Decimal | None = None
    min_rating: float | None = None
    prime: bool | None = None
    available: bool | None = None
    source: Table = field(repr=False, compare=False, default=UNWRITTEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledSelector:
    """A selector with concepts and categories spelt out down to the leaves; None: no restriction."""

    products: frozenset[str] | None
    leaves: frozenset[str] | None
    concepts: frozenset[str] | None
    colours: frozenset[str] | None
    genders: frozenset[str] | None
    brands: frozenset[str] | None
    min_price_minor: int | None
    max_price_minor: int | None
    min_rating: float | None
    prime: bool | None
    available: bool | None

    def selects(self, listing: Listing) -> bool:
        """Whether the listing is meant."""
        product, offer = listing.product, listing.offer
        return (
            (self.products is None or product.product_id in self.products)
            and (self.concepts is None or product.concept in self.concepts)
            and (self.leaves is None or listing.category in self.leaves)
            and (self.colours is None or product.colour in self.colours)
            and (self.genders is None or product.gender in self.genders)
            and (self.brands is None or (product.brand or "").casefold() in self.brands)
            and self._price_fits(offer.price.amount_minor)
            and (self.min_rating is None or (offer.rating or 0.0) >= self.min_rating)
            and (self.prime is None or offer.prime == self.prime)
            and (self.available is None or offer.available == self.available)
        )

    def _price_fits(self, minor: int) -> bool:
        return (self.min_price_minor is None or minor >= self.min_price_minor) and (
            self.max_price_minor is None or minor <= self.max_price_minor
        )


def compile_selector(
    selector: Selector, concepts: ConceptTree, tree: CategoryTree, currency: str
) -> CompiledSelector:
    """Spell out what stands below the named concepts and categories."""
    return CompiledSelector(
        products=_set(selector.products),
        leaves=_set(tuple(leaf for c in selector.categories for leaf in tree.leaves_below(c))),
        concepts=_set(tuple(below for c in selector.concepts for below in concepts.below(c))),
        colours=_set(selector.colours),
        genders=_set((*selector.genders, "unisex") if selector.genders else ()),
        brands=_set(tuple(brand.casefold() for brand in selector.brands)),
        min_price_minor=minor_units(selector.min_price, currency),
        max_price_minor=minor_units(selector.max_price, currency),
        min_rating=selector.min_rating,
        prime=selector.prime,
        available=selector.available,
    )


def minor_units(amount: Decimal | None, currency: str) -> int | None:
    """The amount in minor units; None stays None."""
    return None if amount is None else Money.from_major(amount, currency).amount_minor


def _set(words: tuple[str, ...]) -> frozenset[str] | None:
    return frozenset(words) if words else None
