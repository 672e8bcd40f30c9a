"""One entry of a written list gets another value; all else in the text stays byte for byte.

A file that people write by hand is never printed anew: only the spans that differ are replaced (see
`documents.differences`). What was edited is read again before it is returned.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise

from documents.differences import (
    Block,
    Differences,
    Edit,
    EditError,
    composed,
    end_of,
    line_end,
)
from documents.nodes import Node, Series, Table
from documents.source import parse_document
from documents.writing import Written, item_lines, written

_NOTHING = re.compile(r"(\s*(#.*)?\n?)*\Z")
_FIRST = "  "
"""How far the first entry of a list is indented."""


def tables_of(text: str, file: str, key: str) -> tuple[Table, ...]:
    """The tables of the list below the root's `key`. Raises DocumentError where nothing can be read."""
    return tuple(item for item in _listed(_root(text, file), key) if isinstance(item, Table))


def with_entry(text: str, key: str, name: str, value: Mapping[str, Written]) -> str:
    """The text with the entry called `name` (by its `id`) holding `value`. Raises EditError."""
    block = _block_called(text, key, name)
    made = _applied(text, Differences(block).of(block.root, value))
    return _read_again(text, made, key, name, value)


def with_new_entry(text: str, key: str, value: Mapping[str, Written]) -> str:
    """The text with one more entry at the end of the list; the list is begun where there is none."""
    root = _root(text, key)
    newline = _newline_of(text)
    limits = _limits(text, key)
    if limits:
        last = _block(text, *limits[-1])
        lines = item_lines(value, " " * last.dash, newline)
        made = _applied(text, [Edit(last.end, last.end, newline + newline + lines)])
    elif isinstance(root, Table) and root.key(key) is not None:
        made = _begun(text, key, item_lines(value, _FIRST, newline), newline)
    else:
        lines = f"{key}:{newline}{item_lines(value, _FIRST, newline)}{newline}"
        ended = text if not text or text.endswith("\n") else text + newline
        made = f"{ended}{newline if ended.strip() else ''}{lines}"
    return _read_again(text, made, key, None, value)


def without_entry(text: str, key: str, name: str) -> str:
    """The text without the entry; comments above it stay. Raises EditError."""
    block = _block_called(text, key, name)
    end = block.end + len(block.newline) if block.end < len(text) else block.end
    if len(_limits(text, key)) > 1:
        blank = re.compile(r"[ \t]*\r?\n").match(text, end)
        end = end if blank is None else blank.end()
        is_last = not text[end:].strip()
        start = len(text[: block.start].rstrip()) + len(block.newline) if is_last else block.start
        edits = [Edit(start, end, "")]
    else:
        begins = re.compile(rf"^{key}:", re.MULTILINE).search(text)
        if begins is None:
            raise EditError(f"'{key}' cannot be found in the text. Edit it there.")
        edits = [Edit(begins.end(), begins.end(), " []"), Edit(block.start, end, "")]
    return _read_again(text, _applied(text, edits), key, name, None)


def _root(text: str, file: str) -> Node | None:
    return None if _NOTHING.match(text) else parse_document(text, file).root


def _listed(root: Node | None, key: str) -> tuple[Node, ...]:
    listed = root.get(key) if isinstance(root, Table) else None
    return listed.items if isinstance(listed, Series) else ()


def _block_called(text: str, key: str, name: str) -> Block:
    items = _listed(_root(text, key), key)
    named = [n for n, one in enumerate(items) if _name_of(written(one)) == name]
    if len(named) != 1:
        how = "stands twice" if named else "is not"
        raise EditError(f"'{name}' {how} in '{key}'. Mend the text, then open it again.")
    return _block(text, *_limits(text, key)[named[0]])


def _limits(text: str, key: str) -> tuple[tuple[int, int], ...]:
    """From each entry's first line to the next one's, or to the next key of the file."""
    root = _root(text, key)
    items = _listed(root, key)
    if not isinstance(root, Table) or not items:
        return ()
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    dashes = (text[starts[one.line - 1] :][: one.column - 1] for one in items)
    if not all(re.fullmatch(r" *- +", before) for before in dashes):
        raise EditError(
            f"The list '{key}' does not begin each entry with '- ' on a line of its own. "
            "Write it so, or edit it in the text."
        )
    below = [k.line for k, _ in root.entries if k.line > items[-1].line]
    end = starts[min(below) - 1] if below else len(text)
    return tuple(pairwise([*(starts[one.line - 1] for one in items), end]))


def _block(text: str, start: int, limit: int) -> Block:
    dash = text.index("-", start) - start
    inside = f"{text[start : start + dash]} {text[start + dash + 1 : limit]}"
    end = line_end(inside, end_of(composed(inside), inside))
    return Block(start=start, dash=dash, text=inside[:end], newline=_newline_of(text))


def _begun(text: str, key: str, lines: str, newline: str) -> str:
    """The text with lines below a key that holds an empty list, or nothing."""
    found = re.compile(rf"^{key}:[ \t]*(\[[ \t]*\])?", re.MULTILINE).search(text)
    if found is None:
        raise EditError(f"'{key}' cannot be found in the text. Edit it there.")
    end = line_end(text, found.end())
    rest = text[found.end() : end]
    return f"{text[: found.start()]}{key}:{rest}{newline}{lines}{text[end:] or newline}"


def _read_again(
    before: str, after: str, key: str, name: str | None, value: Mapping[str, Written] | None
) -> str:
    """The edited text, when it reads as asked and everything else as before. Raises EditError."""
    old, new = _everything(before, key), _everything(after, key)
    others = [one for one in old[1] if name is None or _name_of(one) != name]
    left = list(new[1])
    if value is not None:
        if value not in left:
            raise EditError(_NOT_BY_FORM)
        left.remove(value)
    if left != others or old[0] != new[0]:
        raise EditError(_NOT_BY_FORM)
    return after


_NOT_BY_FORM = "This entry is written so that a form cannot edit it. Edit it in the text."


def _everything(text: str, key: str) -> tuple[Mapping[str, Written], tuple[Written, ...]]:
    """The file's other keys, and the list."""
    root = _root(text, key)
    table = written(root) if root is not None else {}
    others = {k: v for k, v in table.items() if k != key} if isinstance(table, Mapping) else {}
    return others, tuple(written(item) for item in _listed(root, key))


def _name_of(entry: Written) -> Written | None:
    return entry.get("id") if isinstance(entry, Mapping) else None


def _applied(text: str, edits: Iterable[Edit]) -> str:
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def _newline_of(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
