"""What a file may hold, declared once; reading yields a value and every problem at its place.

A schema reads a node's text, never YAML's guess at its type. It returns INVALID after reporting, so
that one mistake hides no other. The same declarations give the JSON Schema for editors.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Generic, TypeVar

from documents.nodes import Node, Place, Scalar, Series, Table
from documents.reading import Reading, kind_of, shortened
from documents.suggestions import did_you_mean, suggestion

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Invalid(Enum):
    """The one value that stands for what could not be read."""

    INVALID = "invalid"


INVALID: Final = Invalid.INVALID

JsonSchema = Mapping[str, object]
"""A fragment of JSON Schema, draft 2020-12."""


class Schema(ABC, Generic[T_co]):
    """How one kind of value is read and described."""

    @abstractmethod
    def read(self, node: Node, reading: Reading, name: str) -> T_co | Invalid:
        """The value, or INVALID after reporting why; `name` is the key that messages quote."""

    @abstractmethod
    def json_schema(self) -> JsonSchema:
        """The same, for editors."""


@dataclass(frozen=True, slots=True)
class Field:
    """A key of a record. Without a default it must be written. `doc` is shown in editors."""

    schema: Schema[object]
    doc: str
    required: bool = False
    default: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Schema[T]):
    """A table with known keys; `build` gets one keyword a key, and `source`, the table itself."""

    noun: str
    fields: Mapping[str, Field]
    build: Callable[..., T]
    identified_by: str | None = None
    """The key whose value names the rule in messages."""
    placed: bool = False
    """Whether `build` also gets `place`: file, line and column of the table."""
    _defaults: Mapping[str, object] = field(init=False, repr=False, compare=False)
    _required: frozenset[str] = field(init=False, repr=False, compare=False)
    _readers: Mapping[str, Callable[[Node, Reading, str], object]] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        defaults = {name: one.default for name, one in self.fields.items()}
        required = frozenset(name for name, one in self.fields.items() if one.required)
        object.__setattr__(self, "_defaults", defaults)
        object.__setattr__(self, "_required", required)
        object.__setattr__(self, "_readers", {n: one.schema.read for n, one in self.fields.items()})

    def read(self, node: Node, reading: Reading, name: str) -> T | Invalid:
        if not isinstance(node, Table):
            reading.report(node, "S003", f"'{name}' must hold keys ({self.noun}), and {kind_of(node)}",
                           f"Write its keys below it, such as {self._examples()}.")  # fmt: skip
            return INVALID
        outer = reading.rule
        if self.identified_by is not None:
            identity = node.get(self.identified_by)
            reading.rule = identity.text if isinstance(identity, Scalar) else outer
        try:
            return self._read(node, reading)
        finally:
            reading.rule = outer

    def _read(self, node: Table, reading: Reading) -> T | Invalid:
        written: dict[str, object] = {}
        valid = True
        meant: set[str] = set()
        readers = self._readers
        for key, value in node[0]:
            name = key[0]
            if name in readers:
                written[name] = read = readers[name](value, reading, name)
                if read is INVALID:
                    valid = False
            else:
                meant.add(self._report_unknown_key(key, node, reading))
                valid = False
        if not written.keys() >= self._required:
            self._report_missing_keys(written.keys() | meant, node, reading)
            return INVALID
        if not valid:
            return INVALID
        if self.placed:
            written["place"] = Place(reading.file, node.line, node.column)
        return self.build(**{**self._defaults, **written}, source=node)

    def _report_missing_keys(self, known: AbstractSet[str], node: Table, reading: Reading) -> None:
        """Report each required key that is not written; `known` holds what an unknown one meant, too."""
        for name, one in self.fields.items():
            if one.required and name not in known:
                self._report_missing(name, one, node, reading)

    def _report_unknown_key(self, key: Scalar, node: Table, reading: Reading) -> str:
        open_keys = [k for k in self.fields if node.get(k) is None]
        nearest = did_you_mean(key.text, open_keys)
        fix = f"Did you mean '{nearest}'?" if nearest else suggestion(key.text, self.fields, "key")
        reading.report(key, "S002", f"{self.noun} has no key '{shortened(key.text)}'", fix)
        return nearest or ""

    def _report_missing(self, key: str, field: Field, node: Table, reading: Reading) -> None:
        reading.report(node, "S001", f"{self.noun} lacks the key '{key}'",
                       f"Add '{key}:' ({field.doc[0].lower()}{field.doc[1:].rstrip('.')}).")  # fmt: skip

    def _examples(self) -> str:
        wanted = [k for k, f in self.fields.items() if f.required] or list(self.fields)
        return ", ".join(f"'{key}:'" for key in wanted[:3])

    def json_schema(self) -> JsonSchema:
        return {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                key: {**field.schema.json_schema(), "description": field.doc}
                for key, field in self.fields.items()
            },
            "required": [key for key, field in self.fields.items() if field.required],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOf(Schema[tuple[T, ...]]):
    """A list, without repetition unless `repeats`; `least` items at the fewest."""

    item: Schema[T]
    least: int = 1
    repeats: bool = False
    lenient: bool = False
    """Whether items that cannot be read are left out, so that the others are still checked."""

    def read(self, node: Node, reading: Reading, name: str) -> tuple[T, ...] | Invalid:
        if not isinstance(node, Series):
            example = node.text if isinstance(node, Scalar) and node.text else "…"
            reading.report(node, "S003", f"'{name}' must be a list, and {kind_of(node)}",
                           f"Write [{shortened(example)}], or one item a line after '- '.")  # fmt: skip
            return INVALID
        if len(node.items) < self.least:
            reading.report(node, "S004", f"'{name}' is an empty list",
                           "Add an item, or remove the key.")  # fmt: skip
            return INVALID
        values = [self.item.read(item, reading, name) for item in node.items]
        if not self.repeats and len(node.items) > 1:
            self._report_repeated(node, reading, name)
        valid = [value for value in values if value is not INVALID]
        return tuple(valid) if self.lenient or len(valid) == len(values) else INVALID

    def _report_repeated(self, node: Series, reading: Reading, name: str) -> None:
        seen: set[str] = set()
        for item in node.items:
            if isinstance(item, Scalar):
                if item.text in seen:
                    reading.report(item, "S006", f"'{item.text}' stands twice in '{name}'",
                                   "Remove one of the two.")  # fmt: skip
                seen.add(item.text)

    def json_schema(self) -> JsonSchema:
        return {"type": "array", "items": self.item.json_schema(), "minItems": self.least,
                "uniqueItems": not self.repeats}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TableOf(Schema[Mapping[str, T]]):
    """A table whose keys are free words of one kind, such as languages or category ids."""

    key: Schema[str]
    value: Schema[T]
    least: int = 1
    names_rules: bool = False
    """Whether each key names the rule in messages about its value."""
    lenient: bool = False
    """Whether values that cannot be read are left out, so that the others are still checked."""

    def read(self, node: Node, reading: Reading, name: str) -> Mapping[str, T] | Invalid:
        if not isinstance(node, Table):
            reading.report(node, "S003", f"'{name}' must hold keys, and {kind_of(node)}",
                           "Write one 'key: value' a line below it.")  # fmt: skip
            return INVALID
        if len(node.entries) < self.least:
            reading.report(node, "S004", f"'{name}' is empty", "Add a key, or remove it.")
            return INVALID
        values: dict[str, T] = {}
        valid = True
        outer = reading.rule
        for key, value in node.entries:
            word = self.key.read(key, reading, name)
            reading.rule = key.text if self.names_rules else outer
            read = self.value.read(value, reading, key.text)
            reading.rule = outer
            if isinstance(word, Invalid) or isinstance(read, Invalid):
                valid = False
            else:
                values[word] = read
        return values if valid or self.lenient else INVALID

    def json_schema(self) -> JsonSchema:
        return {"type": "object", "propertyNames": self.key.json_schema(),
                "additionalProperties": self.value.json_schema()}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortOr(Schema[T]):
    """One word for short, or the whole table."""

    short: Schema[T]
    full: Schema[T]

    def read(self, node: Node, reading: Reading, name: str) -> T | Invalid:
        schema = self.full if isinstance(node, Table) else self.short
        return schema.read(node, reading, name)

    def json_schema(self) -> JsonSchema:
        return {"anyOf": [self.short.json_schema(), self.full.json_schema()]}
