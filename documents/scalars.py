"""Schemas of single values, each read from the written text by its own grammar."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from documents.nodes import Node, Scalar
from documents.reading import Reading, kind_of, shortened
from documents.schema import INVALID, Invalid, JsonSchema, Schema, T
from documents.suggestions import suggestion

_WHOLE = re.compile(r"-?(0|[1-9]\d{0,17})", re.ASCII)
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,11})(\.\d{1,12})?", re.ASCII)
_AMOUNT = re.compile(r"(0|[1-9]\d{0,9})(\.\d{1,2})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Single(Schema[T]):
    """A value written as one word or line: a list, a table and nothing at all are refused alike."""

    __slots__ = ()
    kind: str
    example: str

    def read(self, node: Node, reading: Reading, name: str) -> T | Invalid:
        if isinstance(node, Scalar) and (node[0] or node[3]):
            return self.parse(node, reading, name)
        reading.report(node, "S003", f"'{name}' must be {self.kind}, and {kind_of(node)}",
                       f"Write {self.kind}, such as {self.example}.")  # fmt: skip
        return INVALID

    @abstractmethod
    def parse(self, node: Scalar, reading: Reading, name: str) -> T | Invalid:
        """The value of the text."""

    def mistyped(self, node: Scalar, reading: Reading, name: str) -> Invalid:
        """Report that the text is not of this kind."""
        reading.report(node, "S003", f"'{name}' must be {self.kind}, and {kind_of(node)}",
                       f"Write {self.kind}, such as {self.example}.")  # fmt: skip
        return INVALID


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Single[str]):
    """A line of text; `pattern` narrows it, and `kind` says so in words."""

    kind: str = "a text"
    example: str = "Dupattas"
    pattern: re.Pattern[str] | None = None
    longest: int = 500

    def parse(self, node: Scalar, reading: Reading, name: str) -> str | Invalid:
        text = node[0]
        if not text or text.isspace():
            return self.mistyped(node, reading, name)
        if len(text) > self.longest:
            reading.report(node, "S004", f"'{name}' has {len(text)} characters",
                           f"Use at most {self.longest}.")  # fmt: skip
            return INVALID
        if self.pattern is not None and self.pattern.fullmatch(text) is None:
            return self.mistyped(node, reading, name)
        return text

    def json_schema(self) -> JsonSchema:
        pattern = {"pattern": f"^(?:{self.pattern.pattern})$"} if self.pattern else {}
        return {"type": "string", "maxLength": self.longest, **pattern}


IDENTIFIER = Text(
    kind="a short name of small letters, digits, hyphens and underscores",
    example="kurti-everyday",
    pattern=re.compile(r"[a-z0-9][a-z0-9_-]*"),
    longest=80,
)
"""An id that messages, responses and histories quote."""

LANGUAGE = Text(
    kind="a language such as en or en-IN",
    example="en-IN",
    pattern=re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?"),
    longest=12,
)
"""A BCP 47 tag: language, script, region."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known(Single[str]):
    """A word of the vocabulary that the reading knows under `vocabulary`."""

    vocabulary: str
    kind: str = "one word"
    example: str = "saree"

    def parse(self, node: Scalar, reading: Reading, name: str) -> str | Invalid:
        del name
        vocabulary = reading.known[self.vocabulary]
        if node.text not in vocabulary.words:
            reading.report_unknown(node, vocabulary)
            return INVALID
        return node.text

    def json_schema(self) -> JsonSchema:
        return {"$ref": f"#/$defs/{self.vocabulary}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Single[str]):
    """One of a few fixed words."""

    words: tuple[str, ...]
    kind: str = "one word"
    example: str = "any"

    def parse(self, node: Scalar, reading: Reading, name: str) -> str | Invalid:
        if node.text not in self.words:
            reading.report(node, "S005", f"'{name}' cannot be '{shortened(node.text)}'",
                           suggestion(node.text, self.words, "word"))  # fmt: skip
            return INVALID
        return node.text

    def json_schema(self) -> JsonSchema:
        return {"enum": list(self.words)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole(Single[int]):
    """A whole number within bounds, written without leading zeros."""

    low: int
    high: int
    kind: str = "a whole number"
    example: str = "4"

    def parse(self, node: Scalar, reading: Reading, name: str) -> int | Invalid:
        if not _WHOLE.fullmatch(node.text):
            return self.mistyped(node, reading, name)
        value = int(node.text)
        if not self.low <= value <= self.high:
            reading.report(node, "S004", f"'{name}' is {value}",
                           f"Use a whole number from {self.low} to {self.high}.")  # fmt: skip
            return INVALID
        return value

    def json_schema(self) -> JsonSchema:
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Single[float]):
    """A decimal number within bounds; never infinity, never a time of day."""

    low: float
    high: float
    kind: str = "a number"
    example: str = "0.3"

    def parse(self, node: Scalar, reading: Reading, name: str) -> float | Invalid:
        if not _NUMBER.fullmatch(node.text):
            return self.mistyped(node, reading, name)
        value = float(node.text)
        if not self.low <= value <= self.high:
            reading.report(node, "S004", f"'{name}' is {node.text}",
                           f"Use a number from {self.low:g} to {self.high:g}.")  # fmt: skip
            return INVALID
        return value

    def json_schema(self) -> JsonSchema:
        return {"type": "number", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount(Single[Decimal]):
    """Money in major units, at most two decimals, exact."""

    kind: str = "an amount of money"
    example: str = '"1299.00"'

    def parse(self, node: Scalar, reading: Reading, name: str) -> Decimal | Invalid:
        if not _AMOUNT.fullmatch(node.text):
            return self.mistyped(node, reading, name)
        return Decimal(node.text)

    def json_schema(self) -> JsonSchema:
        return {"anyOf": [{"type": "string", "pattern": r"^(0|[1-9]\d{0,9})(\.\d{1,2})?$"},
                          {"type": "number", "minimum": 0}]}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(Single[bool]):
    """true or false, in these words only."""

    kind: str = "true or false"
    example: str = "true"

    def parse(self, node: Scalar, reading: Reading, name: str) -> bool | Invalid:
        if node.text not in ("true", "false"):
            return self.mistyped(node, reading, name)
        return node.text == "true"

    def json_schema(self) -> JsonSchema:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Day(Single[date]):
    """A day of the calendar, year-month-day."""

    kind: str = "a date (year-month-day)"
    example: str = '"2026-11-08"'

    def parse(self, node: Scalar, reading: Reading, name: str) -> date | Invalid:
        if not _DAY.fullmatch(node.text):
            return self.mistyped(node, reading, name)
        try:
            return date.fromisoformat(node.text)
        except ValueError:
            reading.report(node, "S004", f"'{name}' is {node.text}, a day that no calendar has",
                           "Use a day that exists.")  # fmt: skip
            return INVALID

    def json_schema(self) -> JsonSchema:
        return {"type": "string", "format": "date"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked(Single[str]):
    """A text that a function must find, such as a time zone; the function returns a fix or None."""

    noun: str
    problem: Callable[[str], str | None]
    kind: str = "a text"
    example: str = "Asia/Kolkata"

    def parse(self, node: Scalar, reading: Reading, name: str) -> str | Invalid:
        del name
        fix = self.problem(node.text)
        if fix is not None:
            reading.report(node, "S005", f"{self.noun} '{shortened(node.text)}' is not known", fix)
            return INVALID
        return node.text

    def json_schema(self) -> JsonSchema:
        return {"type": "string"}
