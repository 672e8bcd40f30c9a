"""What a check is: its code, its documentation, its two examples and its function, in one module."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from documents.findings import Finding, Severity
from documents.nodes import Node, Place, Series, Table, descend
from rules.level_files import ReadMarketplace
from rules.loading import ReadLocales
from rules.overlap import Move, Reach
from rules.yardstick import Yardstick

Stock = Mapping[tuple[str, str | None], int]
"""How many products of each concept and gender a marketplace can sell; see `CatalogStore.stocked`."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """One marketplace's or region's campaigns, with all that tells which of them meet."""

    view: ReadMarketplace
    reach: Reach
    moves: tuple[Move, ...]

    @cached_property
    def concerns(self) -> Callable[[Move], bool] | None:
        """Of a region: whether the move is not its marketplace's; pairs of those are told there."""
        if self.view.whole is None:
            return None
        new = {id(campaign) for campaign in self.view.new_campaigns}
        return lambda move: id(move.campaign) in new


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What the checks look at. Nothing reads the clock: `today` is given."""

    locales: ReadLocales
    yardstick: Yardstick
    today: date
    horizon_days: int = 365
    """How far the festival table must reach."""
    stock: Mapping[str, Stock] | None = None
    """By marketplace; None: nobody looked into a catalogue."""

    @cached_property
    def scopes(self) -> tuple[Scope, ...]:
        """Every marketplace with a tree and campaigns, and every region that has some of its own."""
        return tuple(self._scopes())

    def _scopes(self) -> Iterator[Scope]:
        reaches: dict[str, Reach] = {}
        wholes: dict[str, tuple[Move, ...]] = {}
        for one in self.locales.views:
            if one.loaded.tree is None or not one.new_campaigns:
                continue
            reach = reaches.get(one.id) or Reach(
                concepts=self.locales.tree,
                tree=one.loaded.tree,
                calendar=self.locales.calendar(one),
            )
            reaches[one.id] = reach
            moves = tuple(reach.moves(one.campaigns, known=wholes.get(one.id, ())))
            if one.whole is None:
                wholes[one.id] = moves
            yield Scope(view=one, reach=reach, moves=moves)


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
    stock: Stock | None = None
    """What marketplace `in` can sell while the examples are checked."""
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
    view: ReadMarketplace | None = None,
) -> Finding:
    """A finding at a place, or at a node of a file; it names `view` where others share the file."""
    if not isinstance(place, Place):
        file, node = place
        place = Place(file, node.line, node.column)
    return Finding(file=place.file, line=place.line, column=place.column, code=code, rule=rule,
                   found=found, fix=fix, severity=severity,
                   arises_in=() if view is None or view.is_own(place.file) else (view.title,))  # fmt: skip


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
