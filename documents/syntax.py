"""libyaml's syntax errors in the words of somebody who edits a file, at the line that is wrong."""

from __future__ import annotations

import yaml

from documents.findings import Finding


def explain_syntax_error(error: yaml.YAMLError, text: str, file: str) -> Finding:
    """One finding for the error: where a bracket or quote opens, else where libyaml stumbled."""
    opened = str(getattr(error, "context", "") or "").startswith(_LEFT_OPEN)
    mark = getattr(error, "context_mark" if opened else "problem_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else _place_of(error, text)
    if (lost := _lost_quote(text, line)) is not None:
        return Finding(file=file, line=lost[0], column=lost[1], code="Y005",
                       found="a quote is opened and never closed", fix="Close the quote.")  # fmt: skip
    if not opened and (odd := _odd_indent(text, line)) is not None:
        return Finding(file=file, line=odd[0], column=odd[1], code="Y005",
                       found="the line is indented by an odd number of spaces",
                       fix="Indent this line like the keys beside it, by two spaces a level.")  # fmt: skip
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    found, fix = _in_plain_words(problem)
    return Finding(file=file, line=line, column=column, code="Y005", found=found, fix=fix)


_LEFT_OPEN = ("while parsing a flow", "while scanning a quoted")
"""What libyaml was in the middle of when the mistake is the opening, not the place it gave up."""

_WORDS = (
    ("mapping values are not allowed", "a second ':' or a wrong indentation",
     "Indent this line like the keys beside it, or put quotes around a text that holds ': '."),
    ("did not find expected key", "a key was expected here",
     "Indent this line like the keys beside it, and close every quote and bracket above it."),
    ("did not find expected '-' indicator", "an item of a list ('- …') was expected here",
     "Indent this line like the items beside it."),
    ("could not find expected ':'", "a key without ':'",
     "Write a colon and a space after the key, or indent the line like the text it belongs to."),
    ("did not find expected ',' or ']'", "a list in brackets is not closed",
     "Put a comma between its items and close it with ']'."),
    ("did not find expected ',' or '}'", "keys in braces are not closed",
     "Put a comma between the keys and close them with '}'."),
    ("found unexpected end of stream", "a quote is opened and never closed", "Close the quote."),
    ("cannot start any token", "a character that cannot stand here (a tab or a reserved sign)",
     "Indent with spaces, and put quotes around texts that start with @, %, ` or a tab."),
    ("block sequence entries are not allowed", "an item of a list ('- ') that cannot stand here",
     "Begin the list on a line of its own, indented below its key."),
    ("tab character", "a tab", "Indent with spaces: put two of them a level in place of the tab."),
    ("control characters are not allowed", "a control character", "Remove it."),
    ("undefined alias", "an alias that is not allowed", "Write the value out."),
)  # fmt: skip


def _in_plain_words(problem: str) -> tuple[str, str]:
    for words, found, fix in _WORDS:
        if words in problem:
            return found, fix
    return f"this cannot be read ({problem})", "Compare it with the lines beside it."


def _place_of(error: yaml.YAMLError, text: str) -> tuple[int, int]:
    position = getattr(error, "position", None)
    if not isinstance(position, int):
        return 1, 1
    before = text[:position]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _lost_quote(text: str, last: int) -> tuple[int, int] | None:
    """The first line up to the error with an odd number of double quotes, at its last one.

    libyaml takes such a quote to run to the next one, lines below, and stumbles there.
    """
    for number, line in enumerate(text.splitlines()[:last], start=1):
        written = line.split(" #", 1)[0] if not line.lstrip().startswith("#") else ""
        if written.replace('\\"', "").count('"') % 2:
            return number, written.rindex('"') + 1
    return None


def _odd_indent(text: str, last: int) -> tuple[int, int] | None:
    """The line of the error, or the one above it, when an odd number of spaces is before it."""
    lines = text.splitlines()
    for number in (last, last - 1):
        line = lines[number - 1] if 0 < number <= len(lines) else ""
        spaces = len(line) - len(line.lstrip(" "))
        if line.strip() and not line.lstrip().startswith("#") and spaces % 2:
            return number, spaces + 1
    return None
