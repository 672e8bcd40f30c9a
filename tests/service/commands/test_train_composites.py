"""`souk train composites`: writes scenes with boxes and a sheet, and says what is missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from service.commands.train_composites import composites
from tests.vision.training.drawn_data import write_drawn_data


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data")
    write_drawn_data(path)
    return path


def run(folder: Path, *extra: str) -> tuple[int, str, str]:
    arguments = ["--data", str(folder), "--splits", str(folder / "splits.csv"), *extra]
    result = CliRunner().invoke(composites, arguments)
    return result.exit_code, result.stdout, result.stderr


def test_scenes_boxes_and_sheet_are_written(folder: Path, tmp_path: Path) -> None:
    out, sheet = tmp_path / "scenes", tmp_path / "sheet.png"
    code, printed, _ = run(
        folder, "--count", "6", "--out", str(out), "--sheet", str(sheet), "--json"
    )
    assert code == 0
    lines = [json.loads(line) for line in (out / "boxes.jsonl").read_text().splitlines()]
    assert json.loads(printed) == {
        "scenes": 6, "objects": sum(len(line["objects"]) for line in lines), "seed": 1,
    }  # fmt: skip
    assert all((out / line["file"]).exists() for line in lines)
    with Image.open(sheet) as image:
        assert image.size == (1600, 200)


def test_writing_again_replaces_what_was_there(folder: Path, tmp_path: Path) -> None:
    for _ in range(2):
        run(folder, "--count", "3", "--out", str(tmp_path))
    assert len((tmp_path / "boxes.jsonl").read_text().splitlines()) == 3


def test_without_anything_to_write_it_says_what_to_give(folder: Path) -> None:
    code, _, error = run(folder)
    assert code == 1
    assert "--out" in error


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    code, _, error = run(tmp_path / "nowhere", "--sheet", str(tmp_path / "x.png"))
    assert code == 1
    assert "nowhere" in error
