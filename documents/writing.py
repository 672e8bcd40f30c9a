"""Values → YAML text, for what an edit adds: on one line, or as lines below a key."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import TypeAlias

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from documents.nodes import Node, Scalar, Series

Written: TypeAlias = "str | tuple[Written, ...] | Mapping[str, Written]"
"""A value as it is written, without its place: a text, a list or keys."""

_PLAIN = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?|true|false", re.ASCII)
_WORDS = re.compile(r"\w([\w .;/()+'&%–-]*[\w.;/()+'&%–-])?")
"""What needs no quotes, in brackets either, for any reader of YAML."""
_SENTENCE = re.compile(r"\w([\w .,;/()+'&%–!?-]*[\w.,;/()+'&%–!?-])?")
"""The same beside a key, where a comma is only a comma."""
_TEXT = "tag:yaml.org,2002:str"
_WIDEST = 1_000_000
"""Nothing is folded."""


class Quoted(str):
    """A text that is written in quotes though it could do without."""

    __slots__ = ()


def written(node: Node) -> Written:
    """The node's value without places."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Series):
        return tuple(written(item) for item in node.items)
    return {key.text: written(value) for key, value in node.entries}


def inline(value: Written, *, in_brackets: bool = True) -> str:
    """The value on one line, fit to stand in brackets, or only beside a key."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{inline(k)}: {inline(v)}" for k, v in value.items()) + "}"
    if isinstance(value, tuple):
        return f"[{', '.join(map(inline, value))}]"
    if not isinstance(value, Quoted) and _PLAIN.fullmatch(value):
        return value
    kind = yaml.resolver.Resolver().resolve(yaml.ScalarNode, value, (True, False))  # type: ignore[no-untyped-call]
    words = _WORDS if in_brackets else _SENTENCE
    is_plain = not isinstance(value, Quoted) and kind == _TEXT and words.fullmatch(value)
    return value if is_plain else quoted(value)


def item_lines(value: Written, dash: str, newline: str) -> str:
    """An item of a list, its dash behind the given spaces; without a break at its end."""
    if not isinstance(value, Mapping) or not value:
        return f"{dash}- {inline(value)}"
    lines = newline.join(entry_lines(k, v, f"{dash}  ", newline) for k, v in value.items())
    return f"{dash}- {lines.lstrip(' ')}"


def entry_lines(key: str, value: Written, indent: str, newline: str) -> str:
    """A key with its value: lists of tables below it, all else beside it."""
    if isinstance(value, tuple) and any(isinstance(one, Mapping) for one in value):
        items = newline.join(item_lines(one, f"{indent}  ", newline) for one in value)
        return f"{indent}{inline(key)}:{newline}{items}"
    return f"{indent}{inline(key)}: {inline(value, in_brackets=False)}"


def quoted(value: str) -> str:
    """The text in double quotes, with the emitter's escapes."""
    listed = CommentedSeq([DoubleQuotedScalarString(value)])
    listed.fa.set_flow_style()
    stream = io.StringIO()
    printer = YAML()
    printer.width = _WIDEST
    printer.dump(listed, stream)
    return stream.getvalue().strip()[1:-1]
