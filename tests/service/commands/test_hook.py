"""The pre-commit hook: its entry refuses a folder with an error, and its pattern meets every locale file."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from documents.nodes import descend, texts
from documents.source import parse_document
from rules.loading import locale_files
from service.cli import COMMANDS, LazyGroup

ROOT = Path(__file__).parents[3]
HOOK = parse_document((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"), "hook").root


SOUK = LazyGroup("souk", COMMANDS, "")


def said(key: str) -> tuple[str, ...]:
    return texts(descend(HOOK, 0, key))


def test_the_hook_meets_every_locale_file() -> None:
    pattern = re.compile(said("files")[0])
    names = [str(path.relative_to(ROOT)) for path in locale_files(ROOT / "locales")]
    assert all(pattern.search(name) for name in (*names, "locales/yardstick/culture.csv"))
    assert not pattern.search("docs/locales.md")


def test_the_hook_refuses_a_commit_with_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program, *command = said("entry")[0].split()
    assert program == "souk"
    shutil.copytree(ROOT / "locales", tmp_path / "locales")
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(SOUK, [*command, *said("args")]).exit_code == 0
    file = tmp_path / "locales" / "de" / "merchandising.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("owner:", "ownr:", 1), encoding="utf-8"
    )
    refused = CliRunner().invoke(SOUK, [*command, *said("args")])
    assert refused.exit_code == 1
    assert "Did you mean 'owner'?" in refused.output
