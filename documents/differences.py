"""Where the text of one entry differs from a value: the spans to replace, and with what.

Marks are those of the round-trip library. Whatever is equal keeps its own writing: comments, quotes,
spaces and order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from documents.writing import Written, entry_lines, inline, item_lines, quoted


class EditError(ValueError):
    """The text cannot be edited so; the message says why, and what to do instead."""


class Edit(NamedTuple):
    """A span of the text and what takes its place."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Block:
    """The whole lines of one entry of a list, from `start` of the file on."""

    start: int
    dash: int
    """The column of its dash; in `text` it is a space, so that its keys stand alone."""
    text: str
    """Up to its last written sign and the comment behind that."""
    newline: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @cached_property
    def root(self) -> Node:
        """The entry with marks in `text`."""
        return composed(self.text)


def composed(text: str) -> Node:
    """The one node of the text, with its marks."""
    node = YAML().compose(text)
    if not isinstance(node, Node):
        raise EditError("This entry holds nothing. Mend it in the text.")
    return node


def value_of(node: Node) -> Written:
    """The node's value without marks."""
    if isinstance(node, MappingNode):
        return {str(key.value): value_of(value) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return tuple(value_of(item) for item in node.value)
    text = str(node.value)
    return (
        text.replace("\a", "") if getattr(node, "style", None) == ">" else text
    )  # its mark of a fold


def end_of(node: Node, text: str) -> int:
    """Behind the node's last written sign."""
    if isinstance(node, MappingNode) and not node.flow_style and node.value:
        return max(end_of(one, text) for one in node.value[-1])
    if isinstance(node, SequenceNode) and not node.flow_style and node.value:
        return end_of(node.value[-1], text)
    start, end = node.start_mark.index, node.end_mark.index
    return int(start + len(text[start:end].rstrip()))


def line_start(text: str, at: int) -> int:
    """The start of the line that holds the place."""
    return text.rfind("\n", 0, at) + 1


def line_end(text: str, at: int) -> int:
    """The end of the line that holds the place, before its break."""
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    return end - text[:end].endswith("\r")


@dataclass(frozen=True, slots=True)
class Differences:
    """The spans in which one entry's text differs from a value."""

    block: Block

    def of(self, node: Node, value: Written) -> Iterator[Edit]:
        """The edits, in no order, that never overlap. Raises EditError where a comment would be lost."""
        if value_of(node) == value:
            return
        if isinstance(node, MappingNode) and isinstance(value, Mapping) and _is_block(node):
            yield from self._keys(node, value)
        elif isinstance(node, SequenceNode) and isinstance(value, tuple) and _is_block(node):
            yield from self._items(node, value)
        else:
            if not isinstance(node, ScalarNode) and re.search(r"\s#.*\n", self._source(node)):
                raise EditError("A comment stands inside the brackets. Edit them in the text.")
            is_plain = isinstance(node, ScalarNode) and node.style is None
            text = inline(value, in_brackets=False) if is_plain else self._inline(node, value)
            yield self._instead(node, text)

    def _keys(self, node: MappingNode, value: Mapping[str, Written]) -> Iterator[Edit]:
        old = {str(key.value): (key, one) for key, one in node.value}
        gone = [name for name in old if name not in value]
        new = [name for name in value if name not in old]
        renamed = dict(zip(new, gone, strict=False))
        for name, one in value.items():
            if name in renamed:
                yield self._instead(old[renamed[name]][0], inline(name))
            if name in renamed or name in old:
                key, before = old[renamed.get(name, name)]
                yield from self._entry(key, before, name, one)
        yield from self._removed(node, frozenset(gone[len(renamed) :]))
        yield from self._added(node, value, new[len(renamed) :])

    def _entry(self, key: Node, node: Node, name: str, value: Written) -> Iterator[Edit]:
        """A key's value; written anew below its key where it changes between a block and a line."""
        if value_of(node) == value:
            return
        listed = isinstance(value, tuple) and any(isinstance(item, Mapping) for item in value)
        if (_is_block(node) and not (_is_alike(node, value) and value)) or (
            listed and not _is_block(node)
        ):
            lines = entry_lines(name, value, " " * key.start_mark.column, self.block.newline)
            yield self._span(key.start_mark.index, end_of(node, self.block.text), lines.lstrip(" "))
        elif node.start_mark.index == node.end_mark.index:
            end = self.block.text.index(":", key.end_mark.index) + 1
            yield self._span(end, end, f" {inline(value, in_brackets=False)}")
        else:
            yield from self.of(node, value)

    def _removed(self, node: MappingNode, gone: AbstractSet[str]) -> Iterator[Edit]:
        """The lines of keys; the first of them give their line, behind the dash, to the next key."""
        stays = [n for n, (key, _) in enumerate(node.value) if key.value not in gone]
        first = stays[0] if stays else 0
        if first:
            begins = (node.value[n][0].start_mark.index for n in (0, first))
            yield self._span(*begins)
        for key, one in node.value[first:]:
            if key.value in gone:
                yield self._lines(key, max(end_of(one, self.block.text), key.end_mark.index))

    def _added(
        self, node: MappingNode, value: Mapping[str, Written], new: Sequence[str]
    ) -> Iterator[Edit]:
        """Each below the nearest key before it in the value's order."""
        present = {str(key.value): one for key, one in node.value}
        indent = " " * node.value[0][0].start_mark.column
        first, order = str(node.value[0][0].value), list(value)
        below: dict[int, list[str]] = {}
        for name in new:
            above = [key for key in order[: order.index(name)] if key in present]
            end = end_of(present[above[-1] if above else first], self.block.text)
            lines = entry_lines(name, value[name], indent, self.block.newline)
            below.setdefault(line_end(self.block.text, end), []).append(lines)
        for end, parts in below.items():
            yield self._span(end, end, "".join(self.block.newline + one for one in parts))

    def _items(self, node: SequenceNode, value: tuple[Written, ...]) -> Iterator[Edit]:
        """Equal items stay; others change in their places, and the rest goes or comes."""
        old, new = ([repr(one) for one in ones] for ones in (map(value_of, node.value), value))
        matcher = SequenceMatcher(None, old, new, autojunk=False)
        for tag, i, i_end, j, j_end in matcher.get_opcodes():
            if tag == "equal":
                continue
            both = min(i_end - i, j_end - j)
            for item, one in zip(node.value[i : i + both], value[j : j + both], strict=True):
                yield from self.of(item, one)
            for item in node.value[i + both : i_end]:
                yield self._lines(item, end_of(item, self.block.text))
            if j + both < j_end:
                yield self._more(node, i + both, value[j + both : j_end])

    def _more(self, node: SequenceNode, before: int, items: Sequence[Written]) -> Edit:
        newline, dash = self.block.newline, " " * node.start_mark.column
        made = [item_lines(item, dash, newline) for item in items]
        if before:
            end = line_end(self.block.text, end_of(node.value[before - 1], self.block.text))
            return self._span(end, end, "".join(newline + one for one in made))
        start = line_start(self.block.text, node.value[0].start_mark.index)
        return self._span(start, start, "".join(one + newline for one in made))

    def _inline(self, node: Node, value: Written) -> str:
        """The value on one line; what stays of the node keeps its own writing."""
        if isinstance(node, SequenceNode) and isinstance(value, tuple):
            had = {repr(value_of(item)): self._source(item) for item in node.value}
            return f"[{', '.join(had.get(repr(one)) or inline(one) for one in value)}]"
        if isinstance(node, MappingNode) and isinstance(value, Mapping):
            old = {str(key.value): (key, one) for key, one in node.value}
            return "{" + ", ".join(self._pair(old.get(k), k, one) for k, one in value.items()) + "}"
        if isinstance(node, ScalarNode) and isinstance(value, str) and node.style == '"':
            return quoted(value)
        if isinstance(node, ScalarNode) and isinstance(value, str) and node.style == "'":
            return quoted(value) if re.search(r"[^\S ]|'", value) else f"'{value}'"
        return inline(value)

    def _pair(self, old: tuple[Node, Node] | None, key: str, value: Written) -> str:
        if old is None:
            return f"{inline(key)}: {inline(value)}"
        name, one = old
        same = value_of(one) == value
        return f"{self._source(name)}: {self._source(one) if same else self._inline(one, value)}"

    def _source(self, node: Node) -> str:
        return self.block.text[node.start_mark.index : end_of(node, self.block.text)]

    def _instead(self, node: Node, text: str) -> Edit:
        return self._span(node.start_mark.index, end_of(node, self.block.text), text)

    def _lines(self, first: Node, end: int) -> Edit:
        """Whole lines go, with the break before them, so that what follows keeps its place."""
        start = line_start(self.block.text, first.start_mark.index)
        start = max(0, start - len(self.block.newline))
        return self._span(start, line_end(self.block.text, end))

    def _span(self, start: int, end: int, text: str = "") -> Edit:
        return Edit(self.block.start + start, self.block.start + end, text)


def _is_block(node: Node) -> bool:
    """Whether it is a list or keys, each on a line of its own."""
    return isinstance(node, MappingNode | SequenceNode) and not node.flow_style


def _is_alike(node: Node, value: Written) -> bool:
    """Whether both are keys, both a list, or both a text."""
    listed, keyed = isinstance(value, tuple), isinstance(value, Mapping)
    return (isinstance(node, SequenceNode), isinstance(node, MappingNode)) == (listed, keyed)
