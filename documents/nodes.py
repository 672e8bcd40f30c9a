"""YAML as text with positions: nothing is typed here, so `NO`, `0123` and `12:30` stay what they are.

Lines and columns count from 1. Nodes are tuples: they never change, and 400,000 of them are made in
a fraction of a second.
"""

from __future__ import annotations

from typing import NamedTuple


class Scalar(NamedTuple):
    """A written value; `quoted` tells "" (an empty text) from nothing at all."""

    text: str
    line: int
    column: int
    quoted: bool


class Series(NamedTuple):
    """A written list."""

    items: tuple[Node, ...]
    line: int
    column: int


class Table(NamedTuple):
    """Written keys with their values, in file order; the first of a repeated key is kept."""

    entries: tuple[tuple[Scalar, Node], ...]
    line: int
    column: int

    def get(self, key: str) -> Node | None:
        """The value of the key; None when it is not written."""
        for written, value in self.entries:
            if written.text == key:
                return value
        return None

    def key(self, key: str) -> Scalar | None:
        """The key itself, for its place."""
        for written, _ in self.entries:
            if written.text == key:
                return written
        return None


Node = Scalar | Series | Table


class Place(NamedTuple):
    """Where something stands."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


UNWRITTEN = Table((), 1, 1)
"""The source of a value that no file states, such as one made by a program."""

NOWHERE = Place("", 1, 1)
"""The place of such a value."""


def descend(node: Node, *path: str | int) -> Node:
    """The node at the end of the path, or the nearest above it that is written."""
    for step in path:
        below: Node | None = None
        if isinstance(step, str) and isinstance(node, Table):
            below = node.get(step)
        elif isinstance(step, int) and isinstance(node, Series) and step < len(node.items):
            below = node.items[step]
        if below is None:
            return node
        node = below
    return node


def texts(node: Node | None) -> tuple[str, ...]:
    """The scalars of a list, or the one scalar; empty for anything else."""
    if isinstance(node, Scalar):
        return (node.text,)
    if isinstance(node, Series):
        return tuple(item.text for item in node.items if isinstance(item, Scalar))
    return ()
