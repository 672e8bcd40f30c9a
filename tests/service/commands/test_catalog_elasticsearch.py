"""`souk catalog` and the admin endpoint with Elasticsearch: what they change is found in it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from catalog.pictures import PictureStore
from catalog.store import CatalogStore
from retrieval.elastic import ElasticsearchIndex, connect
from service.app import build_app
from service.clock import utc_now
from service.commands.catalog import catalog
from service.commands.index import index
from service.settings import load_settings
from service.tokens import Role
from service.wiring import build_services
from tests.elasticsearch.nodes import Node, running_node
from tests.retrieval.listings import random_unit

pytestmark = [pytest.mark.elasticsearch, pytest.mark.slow]

MODEL = "model-1"
MARKETPLACES = 7
"""A product is written where it is offered, and deleted where it is not."""
SOON_S = 20.0
"""Under a second on a quiet machine."""


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """Of its own: the commands write the indices that a real service reads."""
    with running_node(tmp_path_factory.mktemp("catalog-node")) as running:
        yield running


@pytest.fixture
def home(tmp_path: Path, node: Node, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with three sarees, in an index of the node."""
    monkeypatch.setenv("SOUK_HOME", str(tmp_path))
    monkeypatch.setenv("SOUK_ELASTICSEARCH_URL", node.url)
    souk(catalog, "upsert", lines(tmp_path, saree("S1"), saree("S2"), saree("S3")))
    give_vectors(tmp_path, "S1", "S2", "S3")
    assert souk(index, "build", "--type", "flat")["products"] == 3
    return tmp_path


def saree(product_id: str, price: str = "900.00") -> dict[str, object]:
    offers = [{"marketplace": "in", "price": price, "available": True, "popularity": 0.5}]
    return {
        "product_id": product_id,
        "concept": "saree",
        "titles": {"en": "A saree"},
        "offers": offers,
    }


def lines(folder: Path, *documents: dict[str, object]) -> Path:
    path = folder / "lines.jsonl"
    path.write_text("\n".join(map(json.dumps, documents)), encoding="utf-8")
    return path


def give_vectors(home: Path, *product_ids: str) -> None:
    """As `souk catalog embed` does, without networks."""
    rng = np.random.default_rng(len(product_ids))
    store = CatalogStore(home / "catalog.sqlite")
    picture = BytesIO()
    Image.new("RGB", (60, 80), "red").save(picture, "JPEG")
    image = PictureStore(home / "pictures").put(picture.getvalue())
    with store.database.write() as write:
        for product_id in product_ids:
            write.connection.execute(
                "UPDATE products SET image = ? WHERE product_id = ?", (image, product_id)
            )
    look = np.zeros(32, np.float32)
    store.set_vectors([(i, random_unit(rng), look) for i in product_ids], MODEL)
    store.close()


def souk(command: object, *arguments: object) -> dict[str, object]:
    result = CliRunner().invoke(command, [*map(str, arguments), "--json"])  # type: ignore[arg-type]
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert isinstance(found, dict)
    return found


def found(node: Node, *product_ids: str) -> dict[str, int]:
    """Price by product, of those that a new reader finds."""
    with connect(node.url, timeout_ms=20_000) as client:
        known = ElasticsearchIndex(client, timeout_ms=20_000).get("in", product_ids)
    return {c.product_id: c.listing.offer.price.amount_minor for c in known}


def soon(what: Callable[[], bool]) -> bool:
    end = time.monotonic() + SOON_S
    while not what() and time.monotonic() < end:
        time.sleep(0.1)
    return what()


def test_changes_and_deletions_by_command_reach_elasticsearch(home: Path, node: Node) -> None:
    assert found(node, "S1", "S2") == {"S1": 90_000, "S2": 90_000}
    changed = souk(catalog, "upsert", lines(home, saree("S1", "450.00")))
    assert changed["lines"] == {"updated": 1}
    assert changed["forwarded"] == MARKETPLACES
    assert souk(catalog, "delete", "S2")["forwarded"] == MARKETPLACES
    assert found(node, "S1", "S2") == {"S1": 45_000}


def test_the_same_lines_again_write_nothing(home: Path) -> None:
    again = souk(catalog, "upsert", lines(home, saree("S1"), saree("S2")))
    assert (again["lines"], again["forwarded"]) == ({"unchanged": 2}, 0)


@pytest.mark.usefixtures("home")
def test_bulk_lines_of_the_endpoint_are_forwarded_by_the_service(node: Node) -> None:
    services = build_services(load_settings())
    made = services.tokens.create(
        name="A", role=Role.ADMIN, marketplaces=("*",), now=utc_now(), days=1
    )
    assert services.index.get().version.products == 3
    body = b"\n".join(
        json.dumps(line).encode()
        for line in (saree("S3", "120.00"), {"product_id": "S1", "delete": True}, {"product": "?"})
    )
    answer = (
        build_app(services)
        .test_client()
        .post("/v1/admin/in/products:bulk", data=body, headers={"Authorization": f"Bearer {made}"})
    )
    assert [line["status"] for line in json.loads(answer.data)["lines"]] == [
        "updated",
        "deleted",
        "refused",
    ]
    assert soon(lambda: found(node, "S1", "S3") == {"S3": 12_000})


def test_a_change_is_kept_while_elasticsearch_is_down(
    home: Path, node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOUK_ELASTICSEARCH_URL", "http://127.0.0.1:9")
    result = CliRunner().invoke(catalog, ["upsert", str(lines(home, saree("S2", "77.00")))])
    assert result.exit_code == 0
    assert "tries again" in result.output
    monkeypatch.setenv("SOUK_ELASTICSEARCH_URL", node.url)
    assert souk(catalog, "delete", "nobody")["forwarded"] == MARKETPLACES
    assert found(node, "S2") == {"S2": 7_700}
