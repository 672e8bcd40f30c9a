"""Duplicates fold to one representative: what a shopper would call the same product is shown once.

Invariants: folding is idempotent; no id is lost: each is a representative or stands in exactly one
representative's `duplicates`; the representatives keep their order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from catalog.search import RankedItem


def fold(items: Sequence[RankedItem]) -> tuple[RankedItem, ...]:
    """One item a duplicate group; a product without a group is a group of its own.

    The representative is the one in stock with the best score, of equals the earlier; one that is
    out of stock stands for its group only when all of it is. Ids that were folded under an item
    before move with it, in the order of the items.
    """
    groups: dict[str, list[RankedItem]] = {}
    for item in items:
        groups.setdefault(group_of(item), []).append(item)
    if len(groups) == len(items):
        return tuple(items)
    leaders = {group: max(members, key=_merit) for group, members in groups.items()}
    return tuple(
        _with_duplicates(item, groups[group_of(item)])
        for item in items
        if leaders[group_of(item)] is item
    )


def group_of(item: RankedItem) -> str:
    """The duplicate group's id; for a product without one a name that no other product has."""
    product = item.candidate.listing.product
    return f"group {product.group_id}" if product.group_id else f"product {product.product_id}"


def _merit(item: RankedItem) -> tuple[bool, float]:
    return item.candidate.listing.offer.available, item.score


def _with_duplicates(leader: RankedItem, members: list[RankedItem]) -> RankedItem:
    if len(members) == 1:
        return leader
    ids = [i for member in members for i in (member.product_id, *member.duplicates)]
    others = tuple(i for i in dict.fromkeys(ids) if i != leader.product_id)
    return replace(leader, duplicates=others)
