"""Pairs of duplicates → groups, with a guard against chains.

Pairs are taken strongest first. Two groups become one only when at least half of the pairs across
them (at most SAMPLED are looked at) hold by themselves at a lower threshold: A like B and B like C
never puts A and C together when these two differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice, product

SAMPLED = 9


def group_pairs(
    pairs: Iterable[tuple[float, str, str]],
    together: Callable[[str, str], bool],
    groups: Mapping[str, Iterable[str]] | None = None,
) -> list[tuple[str, ...]]:
    """Groups of two or more ids, each sorted, in order of their first.

    Args:
        pairs: (score, id, id); the order of equal scores is that of their ids.
        together: Whether two ids may stand in one group; asked for pairs across groups only.
        groups: Groups that exist already; they grow and join, and are never split here.
    """
    members: dict[str, list[str]] = {}
    for ids in (groups or {}).values():
        joined = sorted(ids)
        for id_ in joined:
            members[id_] = joined
    for _, first, second in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        left = members.setdefault(first, [first])
        right = members.setdefault(second, [second])
        if left is right or not _may_join(left, right, together):
            continue
        left += right
        for id_ in right:
            members[id_] = left
    found = {id(ids): tuple(sorted(ids)) for ids in members.values() if len(ids) > 1}
    return sorted(found.values())


def _may_join(left: list[str], right: list[str], together: Callable[[str, str], bool]) -> bool:
    if len(left) == len(right) == 1:
        return True
    across = list(islice(product(left, right), SAMPLED))
    return 2 * sum(together(a, b) for a, b in across) >= len(across)
