"""The command line as a stranger meets it: help everywhere, one sentence on failure, JSON alone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from service.cli import COMMANDS, Command, Group, LazyGroup


def targets() -> Iterator[tuple[str, ...]]:
    for name, member in COMMANDS.items():
        if isinstance(member, Group):
            yield from ((name, below) for below in member.members)
        else:
            yield (name,)


@pytest.fixture
def souk() -> LazyGroup:
    return LazyGroup("souk", COMMANDS, "")


@pytest.mark.parametrize("words", list(targets()), ids=" ".join)
def test_every_command_is_there_and_explains_itself(
    souk: LazyGroup, words: tuple[str, ...]
) -> None:
    result = CliRunner().invoke(souk, [*words, "--help"])
    assert result.exit_code == 0, result.output
    assert result.output.startswith("Usage: ")


def test_help_imports_no_command(souk: LazyGroup) -> None:
    result = CliRunner().invoke(souk, ["--help"])
    assert all(name in result.output for name in COMMANDS)


@pytest.mark.parametrize(
    "words",
    [
        "doctor", "serve", "demo", "tokens list", "experiments list", "rules history", "catalog stats",
        "index build --engine embedded", "evaluate foreign --drawn 1", "bench rerank",
    ],
)  # fmt: skip
def test_a_wrong_setting_is_one_sentence_and_exit_code_1(
    souk: LazyGroup, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.setenv("SOUK_THREADS", "many")
    result = CliRunner().invoke(souk, words.split())
    assert result.exit_code == 1
    assert (
        result.stderr.strip() == "souk: SOUK_THREADS is 'many'. It must be a whole number above 0."
    )
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("variable", "missing"),
    [("SOUK_MODELS", "manifest.json is missing"), ("SOUK_HOME", "No index")],
)
def test_a_part_that_is_not_there_is_one_sentence_and_exit_code_1(
    souk: LazyGroup, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, missing: str
) -> None:
    monkeypatch.setenv("SOUK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv(variable, str(tmp_path / "nothing"))
    result = CliRunner().invoke(souk, ["evaluate", "foreign", "--drawn", "1"])
    assert result.exit_code == 1
    assert missing in result.stderr.splitlines()[-1]
    assert result.stderr.splitlines()[-1].startswith("souk: ")
    assert result.stdout == ""


def test_data_that_cannot_be_read_is_one_sentence(
    souk: LazyGroup, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whatever the command: where it lies and what to do, never a stack trace."""
    monkeypatch.setenv("SOUK_HOME", str(tmp_path / "home"))
    (tmp_path / "catalog").mkdir()
    header, row = "id,label,file,brand,colour,gender", "1,Sarees,1.jpg,X,red,women"
    (tmp_path / "catalog" / "products.csv").write_text(f"{header}\n{row}\n")
    (tmp_path / "catalog" / "images.zip").write_text("not a zip")
    for words in ("evaluate retrieval", "evaluate culture", "evaluate ranking"):
        result = CliRunner().invoke(souk, [*words.split(), "--data", str(tmp_path)])
        assert result.exit_code == 1
        assert result.stderr.splitlines()[-1].startswith("souk: ")
        assert "images.zip" in result.stderr.splitlines()[-1]
    broken = tmp_path / "locales"
    shutil.copytree(Path("locales"), broken)
    (broken / "concepts.yaml").write_text("concepts: [")
    monkeypatch.setenv("SOUK_LOCALES", str(broken))
    result = CliRunner().invoke(souk, ["experiments", "list"])
    assert result.exit_code == 1
    assert result.stderr.startswith(f"souk: {broken}/concepts.yaml:2:1: Y005")


def test_nothing_is_taught_from_an_empty_folder(
    souk: LazyGroup, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("torch", reason="the extra `train` is not installed")
    models = tmp_path / "models"
    shutil.copytree(Path("models"), models)
    monkeypatch.setenv("SOUK_MODELS", str(models))
    before = (models / "heads.npz").read_bytes()
    (tmp_path / "data").mkdir()
    words = f"train concepts --data {tmp_path / 'data'} --version 1"
    result = CliRunner().invoke(souk, words.split())
    assert result.exit_code == 1
    assert "holds no labelled picture to learn from" in result.stderr
    assert (models / "heads.npz").read_bytes() == before


def test_models_are_not_chosen_for_what_souk_puts_together(souk: LazyGroup, tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="the extra `train` is not installed")
    out = tmp_path / "out"
    words = f"train renders --out {out} --furnishings 1 --limit 2".split()
    result = CliRunner().invoke(souk, words)
    assert result.exit_code == 1
    assert "--furnishings takes none of them" in result.output
    assert not out.exists()


def test_doctor_names_what_is_missing_and_how_to_mend_it(
    souk: LazyGroup, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SOUK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SOUK_MODELS", str(tmp_path / "no-models"))
    result = CliRunner().invoke(souk, ["doctor", "--json"])
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert not document["ok"]
    assert document["parts"]["rules"]["ok"]
    assert "no-models" in document["parts"]["models"]["detail"]
    assert "souk index build" in document["parts"]["index"]["detail"]


def test_search_without_an_index_says_what_to_run(
    souk: LazyGroup, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"nothing")
    monkeypatch.setenv("SOUK_HOME", str(tmp_path / "home"))
    result = CliRunner().invoke(souk, ["search", str(photo), "--marketplace", "in"])
    assert result.exit_code == 1
    assert "souk index build" in result.stderr
    unknown = CliRunner().invoke(souk, ["search", str(photo), "--marketplace", "atlantis"])
    assert "The known are" in unknown.stderr


def test_the_table_of_commands_is_well_formed() -> None:
    for member in COMMANDS.values():
        assert isinstance(member, Command | Group)
        assert member.help.endswith((".", "?", ")."))
    assert issubclass(LazyGroup, click.Group)
