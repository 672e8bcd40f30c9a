"""What changes in the catalogue reaches Elasticsearch, once it answers, whatever dies in between."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from elasticsearch import Elasticsearch

from catalog.categories import Category, CategoryTree
from catalog.money import Money
from catalog.products import Offer, Product
from catalog.search import Filters
from catalog.store import CatalogStore
from retrieval.changes import CatalogChanges
from retrieval.elastic import ElasticsearchIndex, connect
from retrieval.elastic_versions import build_elasticsearch, swap_back
from retrieval.forwarding import PLACE, Forwarder, ForwardingKeeper
from retrieval.index import IndexUnavailable
from tests.retrieval.listings import random_unit

pytestmark = pytest.mark.elasticsearch

PREFIX = "souktest-forward"
MODEL = "m1"
TREES = {
    "in": CategoryTree(
        marketplace="in",
        categories={"women": Category(id="women", parent=None, names={}, concepts=("kurti",))},
        accepts={},
    )
}
ALL = Filters(marketplace="in")
RNG = np.random.default_rng(7)


def offer(price: int, *, available: bool = True) -> Offer:
    return Offer(
        marketplace="in", price=Money(amount_minor=price, currency="INR"), available=available
    )


def put(store: CatalogStore, prices: Mapping[str, int]) -> None:
    products = [Product(product_id=i, concept="kurti", titles={}, image="x") for i in prices]
    store.upsert(products, {i: [offer(price)] for i, price in prices.items()})
    look = np.zeros(32, np.float32)
    store.set_vectors([(i, random_unit(RNG), look) for i in prices], MODEL)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CatalogStore]:
    made = CatalogStore(tmp_path / "catalog.sqlite")
    put(made, {f"P{i:03d}": 100 + i for i in range(30)})
    yield made
    made.close()


@pytest.fixture
def server(elasticsearch_client: Elasticsearch) -> Iterator[Elasticsearch]:
    yield elasticsearch_client
    for index in elasticsearch_client.indices.get(index=f"{PREFIX}-*"):
        elasticsearch_client.indices.delete(index=index)


def build(server: Elasticsearch, store: CatalogStore, id_: str) -> None:
    build_elasticsearch(
        server,
        {"in": store.records("in", TREES["in"])},
        id=id_,
        model=MODEL,
        taxonomy="t",
        counter=store.change_counter(),
        prefix=PREFIX,
    )


def forwarder(server: Elasticsearch, store: CatalogStore, folder: Path) -> Forwarder:
    return Forwarder(server, CatalogChanges(store, TREES), folder, prefix=PREFIX)


def listed(server: Elasticsearch) -> dict[str, int]:
    """Price by product, as the index tells it now."""
    server.indices.refresh(index=f"{PREFIX}-current-in")
    found = ElasticsearchIndex(server, timeout_ms=20_000, prefix=PREFIX).browse(ALL, 500)
    return {c.product_id: c.listing.offer.price.amount_minor for c in found.candidates}


def truth(store: CatalogStore) -> dict[str, int]:
    return {
        record.listing.product.product_id: record.listing.offer.price.amount_minor
        for record in store.records("in", TREES["in"])
    }


def test_new_changed_and_deleted_products_are_forwarded_once(
    server: Elasticsearch, store: CatalogStore, tmp_path: Path
) -> None:
    build(server, store, "v1")
    forward = forwarder(server, store, tmp_path).forward
    assert forward() == 0
    put(store, {"NEW": 5})
    store.replace_offers({"P001": [offer(7)]})
    store.delete(["P002"])
    assert forward(refresh=True) == 3
    assert listed(server) == truth(store)
    assert listed(server)["P001"] == 7
    assert forward() == 0
    assert forwarder(server, store, tmp_path).forward() == 0  # another process knows it too


def test_what_changed_while_a_version_was_built_or_stood_aside_is_made_up_for(
    server: Elasticsearch, store: CatalogStore, tmp_path: Path
) -> None:
    build(server, store, "v1")
    forward = forwarder(server, store, tmp_path).forward
    put(store, {"SECOND": 5})
    forward()
    build(server, store, "v2")
    put(store, {"THIRD": 6})
    forward()
    swap_back(server, prefix=PREFIX)
    assert "THIRD" not in listed(server)
    forward()
    assert listed(server) == truth(store)


def test_a_killed_forwarder_loses_nothing(
    server: Elasticsearch, store: CatalogStore, elasticsearch_url: str, tmp_path: Path
) -> None:
    """Killed when Elasticsearch has taken the changes and the host has not yet remembered it."""
    build(server, store, "v1")
    put(store, {f"N{i}": i for i in range(20)})
    store.delete(["P000"])
    script = f"""
        import os, pathlib, signal
        from elasticsearch import Elasticsearch
        from catalog.store import CatalogStore
        from retrieval.changes import CatalogChanges
        from retrieval.forwarding import Forwarder
        from tests.retrieval.test_forwarding import PREFIX, TREES
        class Dying(Forwarder):
            def _remember(self, version, counter):
                os.kill(os.getpid(), signal.SIGKILL)
        place = pathlib.Path({str(tmp_path)!r})
        store = CatalogStore(place / "catalog.sqlite")
        client = Elasticsearch({elasticsearch_url!r}.split(","), request_timeout=60)
        Dying(client, CatalogChanges(store, TREES), place, prefix=PREFIX).forward()
    """
    died = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], check=False, timeout=120, cwd=ROOT
    )
    assert died.returncode == -9
    assert not (tmp_path / PLACE).exists()
    assert forwarder(server, store, tmp_path).forward(refresh=True) == 21
    assert listed(server) == truth(store)


def test_changes_wait_while_the_server_does_not_answer(
    server: Elasticsearch, store: CatalogStore, tmp_path: Path
) -> None:
    build(server, store, "v1")
    put(store, {"LATER": 1})
    with (
        connect("http://127.0.0.1:9", timeout_ms=200) as nobody,
        pytest.raises(IndexUnavailable, match="did not take the changes"),
    ):
        forwarder(nobody, store, tmp_path).forward()
    assert forwarder(server, store, tmp_path).forward(refresh=True) == 1
    assert listed(server) == truth(store)


def test_without_an_index_nothing_is_forwarded_or_forgotten(
    server: Elasticsearch, store: CatalogStore, tmp_path: Path
) -> None:
    assert forwarder(server, store, tmp_path).forward() == 0
    build(server, store, "v1")
    put(store, {"NEW": 5})
    assert forwarder(server, store, tmp_path).forward() == 1


def test_a_damaged_place_is_written_again_from_the_build(
    server: Elasticsearch, store: CatalogStore, tmp_path: Path
) -> None:
    build(server, store, "v1")
    put(store, {"NEW": 5})
    (tmp_path / PLACE).write_text("{")
    assert forwarder(server, store, tmp_path).forward() == 1
    assert json.loads((tmp_path / PLACE).read_text())["counter"] == store.change_counter()


def test_a_keeper_forwards_soon_after_the_change(
    server: Elasticsearch, store: CatalogStore, tmp_path: Path
) -> None:
    build(server, store, "v1")
    own = CatalogStore(tmp_path / "catalog.sqlite")  # the thread opens a connection of its own
    keeper = ForwardingKeeper(forwarder(server, own, tmp_path), tmp_path, every_s=0.05)
    keeper.start()
    try:
        for price in (11, 12):
            store.replace_offers({"P003": [replace(offer(price), available=False)]})
            end = time.monotonic() + 20
            while listed(server)["P003"] != price and time.monotonic() < end:
                time.sleep(0.05)
            assert listed(server)["P003"] == price
    finally:
        keeper.stop()


ROOT = Path(__file__).resolve().parents[2]
