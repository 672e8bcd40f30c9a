"""Sizes of one system in the others, by published tables; a range where a size has no single equal.

Sources (shops differ; the tables are what they print):

- women's shoes: the chart of Indian, UK, US and European sizes at
  indiatravelforum.in/threads/us-shoe-size-to-india.3516; Indian sizes are the UK's
- men's shoes: menshoefactory.com/us-shoe-size-to-india, likewise
- women's clothing: lazytools.io/blog/clothing-size-guide (US, UK, Germany, France, Italy)

French and Italian shoes count in the EU's Paris points. Indian clothing has no numbers of its own that a
published table converts: letters stand there, which are the same everywhere and not converted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from catalog.concepts import ConceptTree
from catalog.products import Listing, any_size

SYSTEMS = ("US", "UK", "IN", "EU", "DE", "FR", "IT")
"""In the order in which they are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SizeTable:
    """Rows of equal sizes. A cell such as `37-38` lies between two sizes of its system."""

    systems: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    same: Mapping[str, str]
    """Systems that count as another one does."""

    def equals(self, system: str, number: str) -> dict[str, str]:
        """The size in every other system; empty when the table has no such size."""
        cells = self._cells(system, number)
        return {n: _between(cells[n]) for n in SYSTEMS if n in cells and n != system}

    def labels(self, system: str, number: str) -> frozenset[str]:
        """Every size, written as products are marked, that is equal or bounds the equal range."""
        cells = self._cells(system, number)
        return frozenset(f"{n} {one}" for n, numbers in cells.items() for one in numbers)

    def _cells(self, system: str, number: str) -> dict[str, list[str]]:
        """Rising numbers by system, of the rows that have the size."""
        counted = self.same.get(system, system)
        if counted not in self.systems:
            return {}
        at = self.systems.index(counted)
        found = [row for row in self.rows if number in row[at].split("-")]
        if not found:
            return {}
        named = {
            name: sorted({n for row in found for n in row[place].split("-")}, key=float)
            for place, name in enumerate(self.systems)
        }
        return named | {name: named[like] for name, like in self.same.items()}


def _between(numbers: list[str]) -> str:
    """One size, or from the smallest to the largest."""
    return numbers[0] if len(numbers) == 1 else f"{numbers[0]}–{numbers[-1]}"


def _rows(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(line.split()) for line in text.strip().splitlines())


_PARIS_POINTS = {"IN": "UK", "DE": "EU", "FR": "EU", "IT": "EU"}
_WOMENS_SHOES = """
4    2    35
4.5  2.5  35
5    3    35-36
5.5  3.5  36
6    4    36-37
6.5  4.5  37
7    5    37-38
7.5  5.5  38
8    6    38-39
8.5  6.5  39
9    7    39-40
9.5  7.5  40
"""
_MENS_SHOES = """
6    5    39
6.5  5.5  39
7    6    40
7.5  6.5  40-41
8    7    41
8.5  7.5  41-42
9    8    42
9.5  8.5  42-43
10   9    43
10.5 9.5  43-44
11   10   44
11.5 10.5 44-45
12   11   45
13   12   46
14   13   47
15   14   48
16   15   49
"""
_WOMENS_CLOTHING = """
2  6  32 34 38
4  8  34 36 40
6  10 36 38 42
8  12 38 40 44
10 14 40 42 46
12 16 42 44 48
14 18 44 46 50
16 20 46 48 52
"""
TABLES: Mapping[tuple[str, str], SizeTable] = {
    ("shoes", "women"): SizeTable(
        systems=("US", "UK", "EU"), rows=_rows(_WOMENS_SHOES), same=_PARIS_POINTS
    ),
    ("shoes", "men"): SizeTable(
        systems=("US", "UK", "EU"), rows=_rows(_MENS_SHOES), same=_PARIS_POINTS
    ),
    ("clothing", "women"): SizeTable(
        systems=("US", "UK", "EU", "FR", "IT"), rows=_rows(_WOMENS_CLOTHING), same={"DE": "EU"}
    ),
}
"""By the kind of thing and who wears it."""


def equal_sizes(size: str, concept: str, gender: str | None, tree: ConceptTree) -> dict[str, str]:
    """`UK 5` of women's shoes → `{"US": "7", "IN": "5", "EU": "37–38", …}`; empty without a table."""
    system, _, number = size.partition(" ")
    tables = _tables(concept, gender, tree)
    return next((TABLES[key].equals(system, number) for key in tables), {})


def sizes_alike(size: str) -> tuple[str, ...]:
    """Everything that the size may be marked as in another system, whatever kind of thing it is of."""
    found = {label for table in TABLES for label in _labels(table, size)}
    return tuple(sorted(found - {size}))


def comes_in(listing: Listing, size: str, tree: ConceptTree) -> bool:
    """Whether the product is sold in the size, as marked here or in another system; free size fits all."""
    product, sizes = listing.product, listing.offer.sizes
    if any_size(sizes) or size in sizes:
        return True
    table = next(_tables(product.concept, product.gender, tree), None)
    return table is not None and not _labels(table, size).isdisjoint(sizes)


def _tables(concept: str, gender: str | None, tree: ConceptTree) -> Iterator[tuple[str, str]]:
    """The keys of the tables for a thing, the nearest kind first."""
    for kind in tree.ancestors(concept):
        key = (kind, gender or "women")
        if key in TABLES:
            yield key


@lru_cache(maxsize=256)
def _labels(table: tuple[str, str], size: str) -> frozenset[str]:
    """Asked for each product of a search, which are many of few tables."""
    system, _, number = size.partition(" ")
    return TABLES[table].labels(system, number)
