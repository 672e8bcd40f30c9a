"""Concepts: marketplace-neutral kinds of thing that can be seen, with their parents and data labels."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """A kind of thing; `parent` is None for a department."""

    id: str
    parent: str | None = None
    tradition: str | None = None
    free_size: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRow:
    """One line of a data set's vocabulary; the first row that fits a record wins."""

    label: str
    concepts: tuple[str, ...]
    where: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelMap:
    """How one data set names what it shows: the column of its label, and the rows."""

    dataset: str
    column: str
    rows: tuple[LabelRow, ...]

    def concepts(self, record: Mapping[str, str]) -> tuple[str, ...]:
        """The concepts of one record; empty when no row names its label."""
        label = normal_label(record.get(self.column, ""))
        for row in self.rows:
            if normal_label(row.label) == label and all(
                record.get(column, "").casefold() == value.casefold()
                for column, value in row.where.items()
            ):
                return row.concepts
        return ()


@dataclass(frozen=True, kw_only=True)
class ConceptTree:
    """All concepts by id, in file order, and the label maps by data set."""

    concepts: Mapping[str, Concept]
    labels: Mapping[str, LabelMap]

    def ancestors(self, concept: str) -> tuple[str, ...]:
        """From the concept itself up to its department. KeyError when it is unknown."""
        return self._ancestors[concept]

    def is_a(self, concept: str, kind: str) -> bool:
        """True when `concept` is `kind` or stands below it."""
        return kind in self._ancestors[concept]

    def below(self, concept: str) -> tuple[str, ...]:
        """The concept and everything below it, in file order."""
        return self._below.get(concept, ())

    def meets(self, predicted: str, truth: tuple[str, ...]) -> bool:
        """Whether a prediction answers a label: it is, or stands below, one of the truth's concepts."""
        return any(self.is_a(predicted, kind) for kind in truth)

    @cached_property
    def _below(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {concept: [] for concept in self.concepts}
        for concept, chain in self._ancestors.items():
            for kind in chain:
                found[kind].append(concept)
        return {kind: tuple(below) for kind, below in found.items()}

    @cached_property
    def _ancestors(self) -> dict[str, tuple[str, ...]]:
        chains: dict[str, tuple[str, ...]] = {}
        for concept in self.concepts:
            chain = [concept]
            while (parent := self.concepts[chain[-1]].parent) is not None:
                chain.append(parent)
            chains[concept] = tuple(chain)
        return chains


def normal_label(label: str) -> str:
    """Labels compare without case, and with spaces, hyphens and underscores alike."""
    return re.sub(r"[\s_\-]+", " ", label).strip().casefold()
