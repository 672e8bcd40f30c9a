"""Root → language → marketplace → region: which rules hold at the end, and which file said what.

A level adds rules, changes inherited ones key by key, and disables inherited ones; each change and
each disabling gives its reason. Nothing is inherited by accident: an id that is taken above is a
finding, and so is a change of what no level above has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Generic, TypeVar

from documents.nodes import NOWHERE, UNWRITTEN, Node, Place, Table, descend
from rules.accessories import AccessoryRule
from rules.calendar import Timing
from rules.campaigns import Campaign

R = TypeVar("R", AccessoryRule, Campaign)

_TIMED = {"from": "first", "until": "last", "festival": "festival", "season": "season",
          "months": "months"}  # fmt: skip
"""Keys of a file that say when a rule holds, and what they are called in a Timing."""


class Level(IntEnum):
    """How near to the shopper a file is; the nearer one is read later and wins."""

    ROOT = 0
    LANGUAGE = 1
    MARKETPLACE = 2
    REGION = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a level says otherwise about an inherited rule: only the written keys."""

    id: str
    values: Mapping[str, object]
    place: Place = NOWHERE
    source: Table = field(repr=False, compare=False, default=UNWRITTEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disabled:
    """An inherited rule that does not hold here."""

    id: str
    reason: str
    place: Place = NOWHERE
    source: Table = field(repr=False, compare=False, default=UNWRITTEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFile(Generic[R]):
    """One `accessories.yaml` or `merchandising.yaml` as written."""

    rules: tuple[R, ...] = ()
    changes: tuple[Change, ...] = ()
    disabled: tuple[Disabled, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Astray:
    """A change or disabling of an id that no level above has."""

    id: str
    place: Place
    source: Table = field(repr=False, compare=False)
    above: tuple[str, ...]
    """The ids that could have been meant."""
    here: bool
    """Whether the same file states the rule, so that nothing needs to be changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inherited(Generic[R]):
    """The rules that hold, the most general level first, and what was said on the way."""

    rules: tuple[R, ...] = ()
    disabled: tuple[Disabled, ...] = ()
    astray: tuple[Astray, ...] = ()


def inherit(levels: Sequence[tuple[Level, RuleFile[R]]]) -> Inherited[R]:
    """Go down the levels, the most general first."""
    if len(levels) == 1 and not (levels[0][1].changes or levels[0][1].disabled):
        return Inherited(rules=levels[0][1].rules)
    rules: list[R] = []
    disabled: list[Disabled] = []
    astray: list[Astray] = []
    stated: RuleFile[R]
    for level, stated in levels:
        above = {rule.id: rule for rule in rules}
        astray += _astray(stated, tuple(above))
        off = {one.id: one for one in stated.disabled if one.id in above}
        disabled += off.values()
        for change in stated.changes:
            if change.id in above:
                above[change.id] = changed(above[change.id], change)
        rules = [above[rule.id] for rule in rules if rule.id not in off]
        rules += at_level(level, stated).rules
    return Inherited(rules=tuple(rules), disabled=tuple(disabled), astray=tuple(astray))


def at_level(level: Level, stated: RuleFile[R]) -> RuleFile[R]:
    """The file with its rules at their level; the very file when they are, so that heirs share them."""
    if all(rule.level == level for rule in stated.rules):
        return stated
    return replace(stated, rules=tuple(replace(rule, level=level) for rule in stated.rules))


def _astray(stated: RuleFile[R], above: tuple[str, ...]) -> Iterator[Astray]:
    own = {rule.id for rule in stated.rules}
    told: tuple[Change | Disabled, ...] = (*stated.changes, *stated.disabled)
    for one in told:
        if one.id not in above:
            yield Astray(id=one.id, place=one.place, source=one.source, above=above,
                         here=one.id in own)  # fmt: skip


def changed(rule: R, change: Change) -> R:
    """The rule with what the change states; each written key replaces the whole value."""
    values = change.values
    timed = {_TIMED[key]: value for key, value in values.items() if key in _TIMED}
    plain = {key: value for key, value in values.items() if key not in _TIMED}
    timing: Timing = replace(rule.timing, **timed)  # type: ignore[arg-type]  # the schema has checked each
    layers = ((change.place.file, change.source), *rule.layers)
    return replace(rule, **plain, timing=timing, layers=layers)  # type: ignore[arg-type]  # the schema has checked each


def written(rule: AccessoryRule | Campaign, key: str, *path: str | int) -> tuple[str, Node]:
    """The file and node that state a key of the rule, or what stands below it there.

    The nearest level that writes the key; the rule itself where nobody does.
    """
    for file, source in (*rule.layers, (rule.place.file, rule.source)):
        if source.get(key) is not None:
            return file, descend(source, key, *path)
    return rule.place.file, rule.source
