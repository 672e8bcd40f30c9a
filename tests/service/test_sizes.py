"""Sizes over HTTP: equals in other systems, and what no size filter hides."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

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


@pytest.fixture
def client(tmp_path: Path) -> JsonClient:
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


def test_a_product_tells_its_sizes_in_the_other_systems(client: JsonClient) -> None:
    guide = client.get("/v1/in/products/flats-1").json["size_guide"]
    assert [entry["size"] for entry in guide] == ["UK 5", "UK 6"]
    assert guide[0]["equals"] == {
        "US": "7", "IN": "5", "EU": "37–38", "DE": "37–38", "FR": "37–38", "IT": "37–38",
    }  # fmt: skip
    assert client.get("/v1/in/products/saree-1").json["size_guide"] == []
