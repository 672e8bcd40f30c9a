"""Starting and stopping: one word of the definition's text changes, comments and order stay."""

from __future__ import annotations

from documents.nodes import Scalar
from experiments.definitions import Experiment


def with_state(text: str, experiment: Experiment, state: str) -> str:
    """The file's text with another `state`; written below the key when it was not there."""
    lines = text.splitlines(keepends=True)
    written = experiment.source.get("state")
    if isinstance(written, Scalar):
        row, start = written.line - 1, written.column - 1
        length = len(written.text) + (2 if written.quoted else 0)
        lines[row] = lines[row][:start] + state + lines[row][start + length :]
    else:
        key = experiment.source.key("key")
        row = key.line if key is not None else 1
        lines.insert(row, f"state: {state}\n")
    return "".join(lines)
