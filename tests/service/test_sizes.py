"""Sizes over HTTP: equals in other systems, and what no size filter hides."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalog.store import IndexRecord
from retrieval.exact import ExactIndex
from tests.service.fakes import JsonClient, fake_services, records

SIZES = {
    "saree": ("free",), "dupatta": ("free",), "flats": ("UK 5", "UK 6"), "kurti": ("S", "M"),
}  # fmt: skip


def sized(record: IndexRecord) -> IndexRecord:
    sizes = SIZES.get(record.listing.product.concept, ())
    offer = replace(record.listing.offer, sizes=sizes)
    return replace(record, listing=replace(record.listing, offer=offer))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> JsonClient:
    tmp_path = tmp_path_factory.mktemp("sizes")
    found = fake_services(tmp_path).locales().marketplaces["in"]
    made = [sized(r) for r in records("in", found.tree, found.marketplace.currency, 4)]
    return JsonClient(fake_services(tmp_path, index=ExactIndex({"in": made}, model="fake-1")))


@pytest.mark.parametrize("size", ["S", "UK 5", "XXL", "EU 38"])
def test_a_size_filter_never_hides_what_fits_everybody(client: JsonClient, size: str) -> None:
    answer = client.search("in", "saree", f"size={size}")
    found = [item["product_id"] for item in answer.json["results"]]
    assert {"saree-1", "saree-2", "saree-3", "saree-4"} <= set(found)


def test_a_size_filter_hides_other_sizes(client: JsonClient) -> None:
    answer = client.search("in", "kurti", "size=XXL")
    assert not [i for i in answer.json["results"] if i["product_id"].startswith("kurti")]


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        ("UK 5", True), ("US 7", True), ("EU 38", True), ("IT 39", True), ("IN 6", True),
        ("US 6", False), ("US 12", False), ("UK 12", False), ("EU 46", False), ("US", False),
    ],
)  # fmt: skip
def test_a_shopper_asks_in_the_system_of_home(
    client: JsonClient, *, asked: str, fits: bool
) -> None:
    """Women's shoes marked UK 5 and UK 6; a US 6 is a UK 5 among men's alone."""
    body = {"product_id": "flats-1", "size": asked, "limit": 40}
    answer = client.post("/v1/in/search", json=body)
    found = {i["product_id"] for i in answer.json["results"] if "flats" in i["product_id"]}
    assert found == ({"flats-2", "flats-3", "flats-4"} if fits else set())


def test_every_page_is_in_the_size_that_was_asked_for(client: JsonClient) -> None:
    first = client.post("/v1/in/search", json={"product_id": "flats-1", "size": "US 7", "limit": 2})
    cursor = first.json["next"]
    second = client.post("/v1/in/search", json={"cursor": cursor, "limit": 40})
    found = [i["product_id"] for page in (first, second) for i in page.json["results"]]
    assert len(found) == len(set(found))
    assert {"flats-2", "flats-3", "flats-4"} <= set(found)


def test_a_product_tells_its_sizes_in_the_other_systems(client: JsonClient) -> None:
    guide = client.get("/v1/in/products/flats-1").json["size_guide"]
    assert [entry["size"] for entry in guide] == ["UK 5", "UK 6"]
    assert guide[0]["equals"] == {
        "US": "7", "IN": "5", "EU": "37–38", "DE": "37–38", "FR": "37–38", "IT": "37–38",
    }  # fmt: skip
    assert client.get("/v1/in/products/saree-1").json["size_guide"] == []
