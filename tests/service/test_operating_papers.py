"""docs/operations.md and docs/security.md say what the code does: settings, problems, named tests."""

from __future__ import annotations

import re

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
