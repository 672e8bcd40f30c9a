from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.commands.catalog import catalog

ROOT = Path(__file__).resolve().parents[2]
SHOP = ROOT / "tests" / "cases" / "example_shop"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOUK_HOME", str(tmp_path / "home"))
    return tmp_path


def souk(*arguments: object) -> Result:
    return CliRunner().invoke(catalog, [*map(str, arguments)])


def said(*arguments: object) -> dict[str, object]:
    result = souk(*arguments, "--json")
    assert result.exit_code == 0, result.output
    document = json.loads(result.stdout)
    assert isinstance(document, dict)
    return document


def test_import_group_export_and_delete(workspace: Path) -> None:
    imported = said("import", SHOP)
    assert imported["products"] == 20
    assert said("import", SHOP)["imports"][0]["changed"] == 0  # type: ignore[index]
    assert said("duplicates")["groups"] == 0
    stats = said("stats")
    assert stats["by_source"] == {"example_shop": 20}
    assert stats["marketplaces"]["us"]["offers"] == 14  # type: ignore[index]
    out = workspace / "all.jsonl"
    assert said("export", out)["products"] == 20
    assert said("upsert", out)["lines"] == {"unchanged": 20}
    assert said("delete", "EX-001", "nobody") == {"deleted": 1, "absent": 1, "forwarded": None}
    assert said("upsert", out)["lines"] == {"created": 1, "unchanged": 19}


def test_generated_offers_follow_the_import(workspace: Path) -> None:
    mapping = workspace / "mapping.yaml"
    text = (SHOP / "mapping.yaml").read_text(encoding="utf-8").split("offers:")[0]
    mapping.write_text(text + "offers: generated\n", encoding="utf-8")
    first = said("import", SHOP, "--mapping", mapping)
    assert first["offers_changed"] == 20 * 7
    assert said("import", SHOP, "--mapping", mapping)["offers_changed"] == 0


FAILURES = [
    (["import", "nowhere"], "nowhere is no folder"),
    (["import", str(ROOT / "docs")], "should hold one table"),
    (["import", str(SHOP), "--mapping", "nowhere.yaml"], "nowhere.yaml"),
    (["upsert", "nowhere.jsonl"], "nowhere.jsonl"),
    (["export", "all.xlsx"], "neither .jsonl nor .parquet"),
    (["export", "no/folder/all.jsonl"], "is no folder. Make it first"),
]


@pytest.mark.parametrize(("arguments", "sentence"), FAILURES)
@pytest.mark.usefixtures("workspace")
def test_a_failure_is_one_sentence(arguments: list[str], sentence: str) -> None:
    result = souk(*arguments)
    assert result.exit_code == 1
    assert sentence in result.output
    assert "Traceback" not in result.output


@pytest.mark.usefixtures("workspace")
def test_a_table_that_no_mapping_fits_is_told_how_to_go_on(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "a.csv").write_text("x,y\n1,2\n")
    result = souk("import", tmp_path / "shop")
    assert result.exit_code == 1
    assert "no mapping fits" in result.output
    assert "mapping.yaml" in result.output
