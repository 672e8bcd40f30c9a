"""docs/operations.md and docs/security.md say what the code does: settings, problems, named tests."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from service.cli import COMMANDS, LazyGroup
from service.problems import TYPES
from service.settings import KNOWN
from tests.service.fakes import ROOT

OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
SECURITY = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def test_every_setting_stands_in_the_table_with_its_meaning() -> None:
    for name, meaning in KNOWN.items():
        assert f"| `{name}` | {meaning} |" in OPERATIONS
    named = set(re.findall(r"\bSOUK_[A-Z_]+[A-Z]", OPERATIONS))
    assert named <= set(KNOWN)


def test_every_problem_stands_in_the_table_with_its_fix() -> None:
    for kind in TYPES.values():
        assert f"| `{kind.slug}` | {kind.status} | {kind.title} | {kind.fix} |" in OPERATIONS


def test_every_promise_names_a_test_that_exists() -> None:
    named = re.findall(r"`(tests/[a-z_/]+\.py)(?:::(\w+))?`", SECURITY)
    assert len(named) >= 10
    for path, function in named:
        assert (ROOT / path).is_file(), path
        text = (ROOT / path).read_text(encoding="utf-8")
        assert not function or f"def {function}(" in text, (path, function)


PAPERS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
COMMAND = re.compile(
    r"(?:^ {4}[^#\n]*?|`)\bsouk ((?:[a-z][a-z-]*\b ?)+)([^`\n#&|;]*)", re.MULTILINE
)


def commands(text: str) -> set[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Words and options of each `souk …` in code."""
    return {
        (tuple(words.split()), tuple(re.findall(r"(?<![\w-])--[a-z][a-z-]*", rest)))
        for words, rest in COMMAND.findall(text)
    }


def found(words: tuple[str, ...]) -> click.Command | None:
    """The command that the words lead to; words behind a command are its arguments."""
    at: click.Command = LazyGroup("souk", COMMANDS, "")
    for word in words:
        if not isinstance(at, click.Group):
            return at
        following = at.get_command(click.Context(at), word)
        if following is None:
            return None
        at = following
    return at


@pytest.mark.parametrize("paper", PAPERS, ids=lambda p: p.name)
def test_every_command_of_a_paper_exists_with_its_options(paper: Path) -> None:
    for words, options in commands(paper.read_text(encoding="utf-8")):
        command = found(words)
        assert command is not None, words
        if isinstance(command, click.Group):
            continue  # an ellipsis follows: any of its commands
        known = {name for parameter in command.params for name in parameter.opts}
        known |= {name for p in command.params for name in p.secondary_opts} | {"--help"}
        assert set(options) <= known, (words, options)
