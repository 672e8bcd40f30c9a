"""A hundred re-ranked pages in each marketplace while products come, go and change their price."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from catalog.money import Money
from catalog.store import IndexRecord
from retrieval.changes import Changed
from retrieval.embedded import EmbeddedIndex
from retrieval.index import Record
from retrieval.versions import build_embedded
from rules.loading import load_locales
from tests.service.fakes import ROOT, JsonClient, fake_services, records

MARKETPLACES = ("in", "us", "gb", "de", "fr", "it", "es")
EACH = 310
PAGE = 3
PAGES = 100


class Writes:
    """A catalogue in memory of one marketplace, written to while it is read."""

    def __init__(self, marketplace: str, listed: Sequence[IndexRecord]) -> None:
        self.marketplace = marketplace
        self.records = {r.listing.product.product_id: r for r in listed}
        self.log: list[str] = []

    def put(self, record: IndexRecord) -> None:
        self.records[record.listing.product.product_id] = record
        self.log.append(record.listing.product.product_id)

    def drop(self, product_id: str) -> None:
        self.records.pop(product_id, None)
        self.log.append(product_id)

    def change_counter(self) -> int:
        return len(self.log)

    def changed(self, since: int, model: str) -> Changed:
        assert model == "fake-1"
        counter = len(self.log)
        found: Mapping[str, Record | None] = {
            i: self.records.get(i) for i in self.log[since:counter]
        }
        return Changed(counter=counter, records={self.marketplace: found})


def write(source: Writes, turn: int) -> None:
    """A saree is withdrawn, another is new, a third gets cheaper."""
    source.drop(f"saree-{1 + turn}")
    fresh = source.records[f"saree-{200 + turn % 100}"]
    product = replace(fresh.listing.product, product_id=f"new-{turn}")
    source.put(replace(fresh, listing=replace(fresh.listing, product=product)))
    cheap = source.records[f"saree-{110 + turn % 90}"]
    price = Money(amount_minor=500 + turn, currency=cheap.listing.offer.price.currency)
    offer = replace(cheap.listing.offer, price=price)
    source.put(replace(cheap, listing=replace(cheap.listing, offer=offer)))


@pytest.mark.slow
@pytest.mark.parametrize("marketplace", MARKETPLACES)
def test_a_hundred_pages_neither_repeat_nor_skip_under_writes(
    tmp_path: Path, marketplace: str
) -> None:
    market = load_locales(ROOT / "locales").marketplaces[marketplace]
    listed = records(marketplace, market.tree, market.marketplace.currency, EACH)
    source = Writes(marketplace, listed)
    build_embedded({marketplace: listed}, tmp_path, id="v1", model="fake-1", taxonomy="t")
    index = EmbeddedIndex.open(tmp_path, changes=source, refresh_s=0.0)
    client = JsonClient(fake_services(tmp_path, index=index))
    turned, stop = threading.Semaphore(0), threading.Event()

    def keep_writing() -> None:
        for turn in range(PAGES):
            turned.acquire()  # writes never outrun the pages, and stay under way beside them
            if stop.is_set():
                return
            write(source, turn)

    writer = threading.Thread(target=keep_writing)
    writer.start()
    seen: list[str] = []
    try:
        first = client.search(marketplace, "saree", f"limit={PAGE}&accessories=false").json
        seen += [item["product_id"] for item in first["results"]]
        cursor, pages = first["next"], 1
        while cursor and pages < 2 * PAGES:
            turned.release()
            page = client.post(
                f"/v1/{marketplace}/search", json={"cursor": cursor, "limit": PAGE}
            ).json
            assert page["query_id"] == first["query_id"]
            seen += [item["product_id"] for item in page["results"]]
            cursor, pages = page["next"], pages + 1
    finally:
        stop.set()
        turned.release()
        writer.join(30)
    assert pages >= PAGES
    assert len(seen) == len(set(seen))
    stood = {f"saree-{n}" for n in range(1 + PAGES, EACH + 1)}
    assert stood <= set(seen)
