"""One marketplace's category tree: department, group, leaf; a leaf takes concepts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A node of one marketplace's tree. `concepts` is empty on inner nodes."""

    id: str
    parent: str | None
    names: Mapping[str, str]
    concepts: tuple[str, ...] = ()
    gender: str | None = None
    """Of two leaves that take the same concept, the one for this gender (women, men, girls, boys)."""


@dataclass(frozen=True, kw_only=True)
class CategoryTree:
    """Immutable tree over `categories`, in file order."""

    marketplace: str
    categories: Mapping[str, Category]
    accepts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Concept seen → concepts that a shopper here would accept, best first."""

    def path(self, category_id: str) -> tuple[Category, ...]:
        """From the department down to the category itself. KeyError when it is unknown."""
        node: str | None = category_id
        path: list[Category] = []
        while node is not None:
            path.append(self.categories[node])
            node = self.categories[node].parent
        return tuple(reversed(path))

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """Ids of the categories that take concepts, in file order."""
        return tuple(c.id for c in self.categories.values() if c.concepts)

    def leaves_below(self, category_id: str) -> tuple[str, ...]:
        """The leaves at or below the category, in file order."""
        return tuple(leaf for leaf in self.leaves if category_id in self._ancestry(leaf))

    def leaf_of(self, concept: str, gender: str | None = None) -> str | None:
        """The leaf that takes the concept; of several, the one of the gender, else the first."""
        leaves = self._leaves_by_concept.get(concept, ())
        for leaf in leaves:
            if gender is not None and self.categories[leaf].gender == gender:
                return leaf
        return leaves[0] if leaves else None

    def leaves_of(self, concept: str) -> tuple[str, ...]:
        """Every leaf that takes the concept, in file order."""
        return self._leaves_by_concept.get(concept, ())

    def accepted(self, concept: str) -> tuple[str, ...]:
        """What may be shown for the concept, best first; a concept without a row accepts itself."""
        return self.accepts.get(concept, (concept,))

    def distance(self, a: str, b: str) -> int:
        """Edges between two categories; through the root when they share no ancestor."""
        up_a, up_b = self._ancestry(a), self._ancestry(b)
        shared = len(set(up_a) & set(up_b))
        return len(up_a) + len(up_b) - 2 * shared

    def __iter__(self) -> Iterator[Category]:
        return iter(self.categories.values())

    def _ancestry(self, category_id: str) -> tuple[str, ...]:
        return self._paths[category_id]

    @cached_property
    def _paths(self) -> dict[str, tuple[str, ...]]:
        return {c: tuple(node.id for node in self.path(c)) for c in self.categories}

    @cached_property
    def _leaves_by_concept(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for category in self.categories.values():
            for concept in category.concepts:
                found.setdefault(concept, []).append(category.id)
        return {concept: tuple(ids) for concept, ids in found.items()}
