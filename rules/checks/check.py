"""What a check is: its code, its documentation, its two examples and its function, in one module."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from documents.findings import Finding, Severity
from documents.nodes import Node, Place, Series, Table, descend
from rules.loading import ReadLocales
from rules.yardstick import Yardstick


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What the checks look at. Nothing reads the clock: `today` is given."""

    locales: ReadLocales
    yardstick: Yardstick
    today: date
    horizon_days: int = 365
    """How far the festival table must reach."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check. `passing` and `failing` are files that replace those of the sample locale."""

    code: str
    title: str
    doc: str
    """For merchandisers: what is looked at, why it matters, what to do."""
    passing: Mapping[str, str]
    failing: Mapping[str, str]
    run: Callable[[Subject], Iterator[Finding]]
    severity: Severity = "error"
    options: Mapping[str, str] | None = None
    """Command-line options that change it, with what they do."""


def finding_at(
    place: Place | tuple[str, Node],
    code: str,
    found: str,
    fix: str,
    *,
    rule: str = "",
    severity: Severity = "error",
) -> Finding:
    """A finding at a place, or at a node of a file."""
    if not isinstance(place, Place):
        file, node = place
        place = Place(file, node.line, node.column)
    return Finding(file=place.file, line=place.line, column=place.column, code=code, rule=rule,
                   found=found, fix=fix, severity=severity)  # fmt: skip


def key_at(node: Node, key: str) -> Node:
    """The written key of a table, for its place; the table itself when it lacks the key."""
    written = node.key(key) if isinstance(node, Table) else None
    return written if written is not None else node


def item_at(node: Node, key: str, word: str) -> Node:
    """The item `word` of the list under `key`, or the nearest node above it."""
    below = descend(node, key)
    if isinstance(below, Series):
        for item in below.items:
            if getattr(item, "text", None) == word:
                return item
    return below
