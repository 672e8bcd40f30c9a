"""What a marketplace stocks of a catalogue that comes without offers, by concept and seeded.

Of the n products of a concept whose tradition the marketplace's file names under `stocking`, it stocks
max(⌈n / share⌉, least), never more than n; of every other concept all. Which ones depends on the
seed, the marketplace and the product ids alone, not on their order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalog.concepts import ConceptTree
from catalog.locale_schemas import Stocking


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """A marketplace's choice."""

    limited: Mapping[str, frozenset[str]]
    """Product ids by concept, for the concepts that are not stocked in full."""

    def holds(self, product_id: str, concept: str) -> bool:
        chosen = self.limited.get(concept)
        return chosen is None or product_id in chosen


def stocked_count(products: int, share: int, least: int) -> int:
    """How many of a concept's products are stocked: one in `share`, at least `least`."""
    return min(products, max(-(-products // share), least))


def choose_stock(
    products: Iterable[tuple[str, str]],
    marketplace: str,
    rules: Mapping[str, Stocking],
    tree: ConceptTree,
    seed: int = 0,
) -> Stock:
    """Choose among (product id, concept) by the marketplace's rules, by tradition."""
    by_concept: dict[str, list[str]] = {}
    for product_id, concept in products:
        if tree.concepts[concept].tradition in rules:
            by_concept.setdefault(concept, []).append(product_id)
    limited = {}
    for concept, ids in by_concept.items():
        rule = rules[tree.concepts[concept].tradition or ""]
        count = stocked_count(len(ids), rule.share, rule.least)
        if count < len(ids):
            ids.sort(key=lambda product_id: _lot(seed, marketplace, product_id))
            limited[concept] = frozenset(ids[:count])
    return Stock(limited=limited)


def _lot(seed: int, marketplace: str, product_id: str) -> bytes:
    text = f"{seed}\x1f{marketplace}\x1f{product_id}"
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()
