"""The pre-commit hook as pre-commit runs it: a commit that breaks the locale files is refused."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from documents.nodes import descend, texts
from documents.source import parse_document

ROOT = Path(__file__).parents[3]
HOOK = parse_document((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"), "hook").root

pytest.importorskip("pre_commit", reason="the extra dev is not installed")
if shutil.which("git") is None:
    pytest.skip("git is not installed", allow_module_level=True)


def said(key: str) -> str:
    return texts(descend(HOOK, 0, key))[0]


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with souk's locale files, whose hook is this one run by what is installed here.

    As published it installs souk by itself (`language: python`), which needs a network.
    """
    repository = tmp_path_factory.mktemp("repository")
    shutil.copytree(ROOT / "locales", repository / "locales")
    (repository / ".pre-commit-config.yaml").write_text(
        f"""\
repos:
  - repo: local
    hooks:
      - id: {said("id")}
        name: {said("name")}
        language: system
        entry: {said("entry")}
        args: [{said("args")}]
        always_run: {said("always_run")}
        pass_filenames: {said("pass_filenames")}
""",
        encoding="utf-8",
    )
    git(repository, "init", "--quiet")
    git(repository, "add", ".")
    return repository


@pytest.fixture
def repository(start: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(start, tmp_path / "repository"))


def git(repository: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=repository, check=True)


def hooked(repository: Path) -> subprocess.CompletedProcess[str]:
    """What pre-commit says about what is staged; exit 1: refused."""
    git(repository, "add", "--all")
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", "--color=never"],
        cwd=repository,
        env={**os.environ, "PATH": programs, "PRE_COMMIT_HOME": str(repository.parent / "home")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_sound_files_pass(repository: Path) -> None:
    found = hooked(repository)
    assert found.returncode == 0, found.stdout
    assert "Passed" in found.stdout


def test_a_broken_file_is_refused_with_its_place_and_the_fix(repository: Path) -> None:
    file = repository / "locales" / "de" / "merchandising.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("owner:", "ownr:", 1), encoding="utf-8")
    found = hooked(repository)
    assert found.returncode == 1
    assert "locales/de/merchandising.yaml:" in found.stdout
    assert "Did you mean 'owner'?" in found.stdout


def test_a_commit_that_only_deletes_a_file_is_checked_too(repository: Path) -> None:
    (repository / "locales" / "de" / "accessories.yaml").unlink()
    found = hooked(repository)
    assert found.returncode == 1
    assert "the file is missing" in found.stdout
