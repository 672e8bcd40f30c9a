"""Starting and stopping: one word of the definition's text changes, comments and order stay."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from documents.findings import Finding, errors
from documents.nodes import Scalar
from experiments.definitions import Experiment, Experiments


class StartRefusedError(Exception):
    """The definitions have errors, so nothing was started; `findings` name them."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings


def version_of(experiment: Experiment) -> str:
    """Of the definition as its file stands now: whoever changes it names what they read."""
    return hashlib.sha256(Path(experiment.file).read_bytes()).hexdigest()[:12]


def change_state(experiment: Experiment, state: str, reread: Callable[[], Experiments]) -> None:
    """Write another state into the definition's file, in one step.

    Raises StartRefusedError, with the file as it was, when a start leaves the definitions with errors.
    """
    path = Path(experiment.file)
    before = path.read_text(encoding="utf-8")
    _write(path, with_state(before, experiment, state))
    if state != "running":
        return
    broken = errors(reread().findings)
    if broken:
        _write(path, before)
        raise StartRefusedError(tuple(broken))


def _write(path: Path, text: str) -> None:
    """A server that reads meanwhile sees the old file or the new one."""
    beside = path.with_suffix(".yaml.new")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)  # noqa: PTH105  atomic, with the intent in its name


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
