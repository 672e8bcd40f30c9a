"""The yardstick: the least that every marketplace's files must know, from `locales/yardstick/*.csv`.

`culture.csv`: for the concept seen, what a shopper accepts, best first, by marketplace.
`accessories.csv`: for what is seen, what some slot must offer, and what must never lead one.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessoryRow:
    """One line of `accessories.csv`; inner tuples are alternatives."""

    line: int
    marketplaces: tuple[str, ...]
    seen: tuple[str, ...]
    offers: tuple[tuple[str, ...], ...]
    never: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Yardstick:
    """Both tables; empty where the files are absent."""

    accepts: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """By marketplace, then by concept seen."""
    accessories: tuple[AccessoryRow, ...] = ()


def load_yardstick(folder: Path) -> Yardstick:
    """Read both tables of the folder; a table that is absent asks for nothing."""
    return Yardstick(
        accepts=_culture(folder / "culture.csv"),
        accessories=_accessories(folder / "accessories.csv"),
    )


def _culture(path: Path) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in _rows(path):
        for column, cell in row.items():
            if column != "concept" and cell:
                for marketplace in column.split():
                    found.setdefault(marketplace, {})[row["concept"]] = tuple(cell.split("|"))
    return found


def _accessories(path: Path) -> tuple[AccessoryRow, ...]:
    return tuple(
        AccessoryRow(
            line=line,
            marketplaces=tuple(row["marketplaces"].split()),
            seen=tuple(row["seen"].split("|")),
            offers=tuple(tuple(one.split("|")) for one in row["offer_at_least"].split(";") if one),
            never=tuple(one for one in row["never_first"].split("|") if one),
        )
        for line, row in enumerate(_rows(path), start=2)
    )


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
