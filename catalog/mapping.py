"""How the columns of a table become products: the values of one mapping file (`docs/importing.md`).

A row is text by column. Reading a cell never guesses: a value that the mapping does not know is
either left out and counted (colour, gender, season, occasion) or refuses the row (id, concept).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from catalog.concepts import normal_label

Row = Mapping[str, str]
"""One row of a table: text by column; an empty cell is an empty text."""


@dataclass(frozen=True, kw_only=True)
class ColumnRule:
    """Where one field comes from: a column, or a template such as "{name} {item_type}"."""

    column: str = ""
    template: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    """What stands in the table → what the catalogue calls it."""
    words: bool = False
    """Look for the values inside the text ("dark grey, wood" → grey): the one that stands first wins."""
    first_word: bool = False
    prefix: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it reads."""
        return tuple(_HOLES.findall(self.template)) if self.template else (self.column,)

    def text(self, row: Row) -> str:
        """The cell as written, without spaces around it; empty when there is nothing."""
        if self.template:
            filled = _HOLES.sub(lambda hole: row.get(hole.group(1), "").strip(), self.template)
            return re.sub(r"\s+", " ", filled).strip()
        text = row.get(self.column, "").strip()
        if self.first_word:
            text = text.split(maxsplit=1)[0] if text else ""
        return self.prefix + text if text else ""

    def value(self, row: Row, known: tuple[str, ...] = ()) -> str | None:
        """The value after `values`, or the text itself when it is `known` (or nothing is asked).

        None: the cell is empty, or what stands there is neither mapped nor known.
        """
        text = self.text(row)
        if not text:
            return None
        if self.words:
            return self._first_known_word(text, known)
        label = normal_label(text)
        if label in self._by_label:
            return self._by_label[label]
        if not known and not self.values:
            return text
        return label if label in known else None

    def _first_known_word(self, text: str, known: tuple[str, ...]) -> str | None:
        label = f" {_NO_WORD.sub(' ', normal_label(text))} "
        choices = {**{word: word for word in known}, **self._by_label}
        places = [
            (label.find(f" {words} "), -len(words), value)
            for words, value in choices.items()
            if f" {words} " in label
        ]
        return min(places)[2] if places else None

    @cached_property
    def _by_label(self) -> dict[str, str]:
        return {normal_label(written): value for written, value in self.values.items()}


@dataclass(frozen=True, kw_only=True)
class ConceptRule:
    """The concept: by a data set's label map in `concepts.yaml`, or by a column's values."""

    labels: str = ""
    column: ColumnRule | None = None


@dataclass(frozen=True, kw_only=True)
class OfferRule:
    """The columns of one marketplace's offer. A row with an empty price is not offered there."""

    marketplace: str
    price: ColumnRule
    list_price: ColumnRule | None = None
    sizes: ColumnRule | None = None
    separator: str = "|"
    rating: ColumnRule | None = None
    rating_count: ColumnRule | None = None
    prime: ColumnRule | None = None
    available: ColumnRule | None = None
    listed_on: ColumnRule | None = None


@dataclass(frozen=True, kw_only=True)
class ImportMapping:
    """One mapping file."""

    name: str
    """Becomes the source of its products."""
    tables: tuple[str, ...]
    """File names to look for in the folder; the first that is there is read."""
    pictures: tuple[str, ...]
    """Archives (zip, tar) or folders with the pictures, likewise; all that are there are used."""
    product_id: ColumnRule
    concept: ConceptRule
    titles: Mapping[str, ColumnRule]
    detect: tuple[str, ...] = ()
    """Columns by which a table is known to be of this kind."""
    image: ColumnRule | None = None
    colour: ColumnRule | None = None
    gender: ColumnRule | None = None
    brand: ColumnRule | None = None
    season: ColumnRule | None = None
    occasion: ColumnRule | None = None
    offers: tuple[OfferRule, ...] = ()
    generated: bool = False
    """True: the offers are made by the seeded generator."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that a table must have, in the order of the fields."""
        rules = [self.product_id, *self.titles.values()]
        rules += [r for r in (self.concept.column, self.image, self.colour, self.gender) if r]
        rules += [r for r in (self.brand, self.season, self.occasion) if r]
        rules += [offer.price for offer in self.offers]
        named = [column for rule in rules for column in rule.columns]
        return tuple(dict.fromkeys([*self.detect, *named]))


_HOLES = re.compile(r"\{([^{}]+)\}")
_NO_WORD = re.compile(r"[^\w]+")
