"""The yardstick of `locales/yardstick/`: what a shopper of each marketplace accepts and expects."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Culture:
    """Concept seen → accepted concepts, best first, by marketplace. No row: only itself."""

    rows: Mapping[tuple[str, str], tuple[str, ...]]

    def accepted(self, marketplace: str, concept: str) -> tuple[str, ...]:
        return self.rows.get((marketplace, concept), (concept,))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedAccessories:
    """One line of `accessories.csv` for one marketplace and one concept seen."""

    line: int
    marketplace: str
    seen: str
    slots: tuple[tuple[str, ...], ...]
    """Any concept of a tuple fills that slot."""
    never_first: tuple[str, ...]


def read_culture(folder: Path) -> Culture:
    """`culture.csv`: its columns name the marketplaces that share a list."""
    rows: dict[tuple[str, str], tuple[str, ...]] = {}
    with (folder / "culture.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            concept = row.pop("concept")
            for marketplaces, accepted in row.items():
                for marketplace in marketplaces.split():
                    rows[marketplace, concept] = tuple(accepted.split("|"))
    return Culture(rows=rows)


def read_accessories(folder: Path) -> tuple[ExpectedAccessories, ...]:
    """`accessories.csv`, a row for each marketplace and concept of a line; line 1 is the header."""
    rows: list[ExpectedAccessories] = []
    with (folder / "accessories.csv").open(newline="", encoding="utf-8") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            slots = tuple(tuple(slot.split("|")) for slot in row["offer_at_least"].split(";"))
            never = tuple(c for c in (row["never_first"] or "").split("|") if c)
            rows += [
                ExpectedAccessories(
                    line=line, marketplace=marketplace, seen=seen, slots=slots, never_first=never
                )
                for marketplace in row["marketplaces"].split()
                for seen in row["seen"].split("|")
            ]
    return tuple(rows)
