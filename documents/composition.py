"""libyaml's events → nodes, with an explicit stack: depth costs no recursion, nothing is expanded."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, NoReturn

import yaml

from documents.findings import DocumentError, Finding
from documents.nodes import Node, Scalar, Series, Table

_MAX_REFUSALS = 50
"""A hostile file is refused once; nobody reads a million findings about it."""


class _Open(NamedTuple):
    """A collection whose end is not read yet."""

    is_table: bool
    line: int
    column: int
    outer: list[Node]
    """Where it goes when it is closed."""


class Composer:
    """Builds one file's node tree; `findings` leave the rest readable, a refusal raises."""

    def __init__(self, file: str, *, depth: int, events: int) -> None:
        self._file = file
        self._depth = depth
        self._events = events
        self._stack: list[_Open] = []
        self._top: list[Node] = []
        self._refusals: list[Finding] = []
        self.findings: list[Finding] = []

    def compose(self, text: str) -> Node | None:
        """The root node, None for an empty file.

        Raises DocumentError for what is refused, yaml.YAMLError for broken syntax.
        """
        parser = yaml.CSafeLoader(text)
        try:
            with collection_paused():
                self._read(parser.get_event)
        finally:
            parser.dispose()
        if self._refusals:
            raise DocumentError(self._refusals)
        return self._top[0] if self._top else None

    def _read(self, get_event: Callable[[], Any]) -> None:
        # Half the time of reading a large file is spent here: what is plain is taken without a call.
        scalar_event, table_event, new = yaml.ScalarEvent, yaml.MappingStartEvent, tuple.__new__
        starts = (table_event, yaml.SequenceStartEvent)
        ends = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
        parts, stack, closed, deepest = self._top, self._stack, self._closed, self._depth
        event = None
        for _ in range(self._events):
            if (event := get_event()) is None:
                return
            kind = type(event)
            if kind is scalar_event and event.tag is None and event.anchor is None:
                mark = event.start_mark
                parts.append(
                    new(Scalar, (event.value, mark.line + 1, mark.column + 1, event.style != ""))
                )
            elif kind in ends:
                done = stack.pop()
                done.outer.append(closed(done, parts))
                parts = done.outer
            elif kind in starts and event.flow_style and len(stack) < deepest and (
                event.tag is None and event.anchor is None
            ):  # fmt: skip
                mark = event.start_mark
                stack.append(
                    new(_Open, (kind is table_event, mark.line + 1, mark.column + 1, parts))
                )
                parts = []
            else:
                parts = self._take(event, parts)
        if event is not None:
            self._stop(
                event, "Y002", f"the file holds more than {self._events:,} values", "Split it."
            )

    def _take(self, event: Any, parts: list[Node]) -> list[Node]:
        """Whatever is no plain scalar and no end; returns the list that the next node belongs to."""
        kind = type(event)
        if kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            return self._open(event, parts)
        if isinstance(event, yaml.ScalarEvent):
            self._refuse_marking(event)
            parts.append(Scalar(event.value, *_where(event), quoted=True))
        elif isinstance(event, yaml.AliasEvent):
            self._refuse(
                event, f"the alias '*{event.anchor}' is not allowed", "Write the value out."
            )
            parts.append(Scalar("", *_where(event), quoted=True))
        elif isinstance(event, yaml.DocumentStartEvent) and self._top:
            self._stop(event, "Y004", "a second document starts here",
                       "Remove the line '---', or make it a file of its own.")  # fmt: skip
        return parts

    def _open(self, event: yaml.CollectionStartEvent, parts: list[Node]) -> list[Node]:
        if event.anchor is not None or event.tag is not None:
            self._refuse_marking(event)
        if len(self._stack) >= self._depth:
            self._stop(
                event, "Y002", f"values are nested deeper than {self._depth}", "Flatten them."
            )
        line, column = _where(event)
        if column % 2 == 0 and not event.flow_style:
            self._note_odd_indent(line, column)
        self._stack.append(_Open(type(event) is yaml.MappingStartEvent, line, column, parts))
        return []

    def _note_odd_indent(self, line: int, column: int) -> None:
        spaces = "1 space" if column == 2 else f"{column - 1} spaces"
        self.findings.append(self._finding(
            (line, column), "Y008", f"the line is indented by {spaces}, an odd number",
            "Indent by two spaces a level."))  # fmt: skip

    def _closed(self, done: _Open, parts: list[Node]) -> Node:
        if not done.is_table:
            return tuple.__new__(Series, (tuple(parts), done[1], done[2]))
        keys = parts[::2]
        words = {key[0] for key in keys if type(key) is Scalar}
        if len(words) == len(keys) and "<<" not in words:
            entries = tuple(zip(keys, parts[1::2], strict=True))
            return tuple.__new__(Table, (entries, done[1], done[2]))
        return self._table(done, parts)

    def _table(self, done: _Open, parts: list[Node]) -> Table:
        entries: list[tuple[Scalar, Node]] = []
        seen: dict[str, int] = {}
        for key, value in zip(parts[::2], parts[1::2], strict=True):
            place = (key.line, key.column)
            if not isinstance(key, Scalar):
                self.findings.append(self._finding(
                    place, "Y006", "a key must be one word, and this is a list or holds keys",
                    "Put quotes around a text that starts with [ or {."))  # fmt: skip
            elif key.text == "<<" and not key.quoted:
                self._refusals.append(self._finding(
                    place, "Y004", "the merge key '<<' is not allowed", "Write the keys out."))  # fmt: skip
            elif key.text in seen:
                self.findings.append(self._finding(
                    place, "Y007",
                    f"the key '{key.text}' is written twice; the first stands on line {seen[key.text]}",
                    "Remove one of the two."))  # fmt: skip
            else:
                seen[key.text] = key.line
                entries.append((key, value))
        return Table(tuple(entries), done.line, done.column)

    def _refuse_marking(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if event.anchor is not None:
            self._refuse(event, f"the anchor '&{event.anchor}' is not allowed",
                         "Remove it, and write the value out where it is needed.")  # fmt: skip
        if event.tag is not None:
            self._refuse(event, f"the tag '{event.tag}' is not allowed",
                         "Remove it; every value is read by its key.")  # fmt: skip

    def _refuse(self, event: yaml.Event, found: str, fix: str) -> None:
        self._refusals.append(self._finding(_where(event), "Y004", found, fix))
        if len(self._refusals) >= _MAX_REFUSALS:
            raise DocumentError(self._refusals)

    def _stop(self, event: yaml.Event, code: str, found: str, fix: str) -> NoReturn:
        raise DocumentError([*self._refusals, self._finding(_where(event), code, found, fix)])

    def _finding(self, place: tuple[int, int], code: str, found: str, fix: str) -> Finding:
        return Finding(file=self._file, line=place[0], column=place[1], code=code, found=found,
                       fix=fix)  # fmt: skip


def _where(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)


@contextmanager
def collection_paused() -> Iterator[None]:
    """No garbage collection meanwhile; the former state comes back, whatever happens.

    400,000 new tuples without a cycle would be scanned again and again, which doubles the time. What
    was made meanwhile counts as old at the end, or the next collection would scan it all at once. A
    process that has set objects aside for good, as a server does before it forks, keeps them aside.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            if gc.get_freeze_count() == 0:
                gc.freeze()
                gc.unfreeze()
            gc.enable()
