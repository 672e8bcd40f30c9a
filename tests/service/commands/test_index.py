"""`souk index` on a workspace of a few products, embedded."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from catalog.money import Money
from catalog.products import Offer, Product
from catalog.store import CatalogStore
from service.commands.index import index

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("SOUK_HOME", str(tmp_path))
    monkeypatch.delenv("SOUK_ELASTICSEARCH_URL", raising=False)
    return lambda *arguments: CliRunner().invoke(index, list(arguments))


@pytest.fixture
def store(tmp_path: Path) -> CatalogStore:
    """Twelve kurtis in `in`, with vectors."""
    made = CatalogStore(tmp_path / "catalog.sqlite")
    rng = np.random.default_rng(1)
    products = [
        Product(product_id=f"SK{i}", concept="kurti", titles={"en": "Kurti"}) for i in range(12)
    ]
    offer = Offer(marketplace="in", price=Money(amount_minor=1, currency="INR"))
    made.upsert(products, {p.product_id: [offer] for p in products})
    rows = rng.normal(size=(12, 128))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    appearance = np.zeros(32, np.float32)
    made.set_vectors(
        [
            (p.product_id, v.astype(np.float32), appearance)
            for p, v in zip(products, rows, strict=True)
        ],
        "model-1",
    )
    return made


def test_without_vectors_the_command_to_make_them_is_named(run: Run) -> None:
    result = run("build")
    assert result.exit_code == 1
    assert "souk catalog embed" in result.output


def test_a_build_is_put_in_use_and_told_by_status(run: Run, store: CatalogStore) -> None:
    store.close()
    built = json.loads(run("build", "--json").stdout)
    assert (built["products"], built["model"], built["in_use"]) == (12, "model-1", True)
    status = json.loads(run("status", "--json").stdout)
    assert status["embedded"]["current"]["id"] == built["id"]
    assert status["notes"] == []


def test_status_says_when_the_catalogue_s_model_moved_on(run: Run, store: CatalogStore) -> None:
    run("build")
    vector = np.zeros(128, np.float32)
    vector[0] = 1
    store.set_vectors([("SK1", vector, np.zeros(32, np.float32))], "model-2")
    store.close()
    assert "vectors of model-1, the catalogue of model-2" in run("status").stdout


def test_nothing_built_is_told(run: Run, store: CatalogStore) -> None:
    store.close()
    assert "Build one: souk index build" in run("status").stdout
    result = run("swap", "--back")
    assert result.exit_code == 1
    assert "no previous version" in result.output


def test_a_version_built_aside_is_swapped_in_and_back(run: Run, store: CatalogStore) -> None:
    first = json.loads(run("build", "--json").stdout)["id"]
    product = Product(product_id="SK3", concept="kurti", titles={"en": "Another"})
    store.upsert([product])
    store.close()
    second = json.loads(run("build", "--no-swap", "--json").stdout)["id"]
    assert json.loads(run("status", "--json").stdout)["embedded"]["current"]["id"] == first
    assert f"In use: {second}; before it: {first}" in run("swap", "--to", second).stdout
    assert f"In use: {first}" in run("swap", "--back").stdout
    assert run("swap").exit_code == 1


def test_elasticsearch_without_a_url_names_the_variable(run: Run, store: CatalogStore) -> None:
    store.close()
    result = run("build", "--engine", "elasticsearch")
    assert result.exit_code == 1
    assert "SOUK_ELASTICSEARCH_URL" in result.output


def test_the_plan_is_one_object_of_json(run: Run) -> None:
    plan = json.loads(run("plan", "--products", "1000000000", "--json").stdout)
    assert plan["shards"] == 100
    assert plan["nodes"] > 2
