"""A living catalogue in the embedded index: what changed shows within the refresh, in every reader."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time
import tracemalloc
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.categories import Category, CategoryTree
from catalog.money import Money
from catalog.search import Filters
from catalog.store import CatalogStore, IndexRecord
from retrieval.changes import CatalogChanges, Changed
from retrieval.embedded import EmbeddedIndex
from retrieval.exact import ExactIndex
from retrieval.index import After, IndexUnavailable, Record
from retrieval.versions import build_embedded
from tests.retrieval.listings import catalogue, random_unit, record

QUERY = random_unit(np.random.default_rng(5))
ALL = Filters(marketplace="in")
BASE = catalogue({"in": 120}, seed=1)["in"]
OTHERS = catalogue({"in": 120}, seed=2)["in"]


LOADED_S = 3.0
"""What a machine with a dozen other jobs may add to the promised second."""


class FakeCatalogue:
    """A catalogue in memory that logs its changes."""

    def __init__(self, records: Sequence[IndexRecord]) -> None:
        self.records = {r.listing.product.product_id: r for r in records}
        self.log: list[str] = []
        self.down = False

    def put(self, record: IndexRecord) -> None:
        self.records[record.listing.product.product_id] = record
        self.log.append(record.listing.product.product_id)

    def drop(self, product_id: str) -> None:
        self.records.pop(product_id, None)
        self.log.append(product_id)

    def change_counter(self) -> int:
        if self.down:
            raise IndexUnavailable("the catalogue is locked")
        return len(self.log)

    def changed(self, since: int, model: str) -> Changed:
        assert model == "m"
        found: Mapping[str, Record | None] = {i: self.records.get(i) for i in self.log[since:]}
        return Changed(counter=len(self.log), records={"in": found})


def opened(folder: Path, source: FakeCatalogue) -> EmbeddedIndex:
    records = {"in": list(source.records.values())}
    build_embedded(records, folder, id="v1", model="m", taxonomy="t", counter=len(source.log))
    return EmbeddedIndex.open(folder, changes=source, refresh_s=0.0)


def test_a_price_change_is_found_at_once(tmp_path: Path) -> None:
    source = FakeCatalogue(BASE)
    index = opened(tmp_path, source)
    dear = replace(ALL, min_price_minor=5_000_000)
    assert index.nearest(QUERY, dear, 5).total == 0
    first = BASE[0].listing
    offer = replace(first.offer, price=Money(amount_minor=5_000_000, currency="INR"))
    source.put(replace(BASE[0], listing=replace(first, offer=offer)))
    hits = index.nearest(QUERY, dear, 5)
    assert [c.product_id for c in hits.candidates] == [first.product.product_id]
    assert index.version.products == len(BASE)


def test_changes_wait_for_the_refresh_interval(tmp_path: Path) -> None:
    source, now = FakeCatalogue(BASE), 100.0
    build_embedded({"in": BASE}, tmp_path, id="v1", model="m", taxonomy="t")
    index = EmbeddedIndex.open(tmp_path, changes=source, refresh_s=0.5, clock=lambda: now)
    source.put(record("NEW", vector=QUERY))
    assert index.get("in", ["NEW"]) == ()
    now += 0.5
    assert index.get("in", ["NEW"])[0].product_id == "NEW"


def test_a_catalogue_that_cannot_be_read_delays_changes_but_fails_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source = FakeCatalogue(BASE)
    index = opened(tmp_path, source)
    source.put(record("NEW", vector=QUERY))
    source.down = True
    assert index.nearest(QUERY, ALL, 3).total == len(BASE)
    assert "wait" in caplog.text
    source.down = False
    assert index.nearest(QUERY, ALL, 3).candidates[0].product_id == "NEW"


def test_a_marketplace_that_the_base_lacks_appears_with_its_first_product(tmp_path: Path) -> None:
    build_embedded({"us": []}, tmp_path, id="v1", model="m", taxonomy="t")
    source = FakeCatalogue([])
    index = EmbeddedIndex.open(tmp_path, changes=source, refresh_s=0.0)
    source.put(record("NEW", vector=QUERY))
    assert index.nearest(QUERY, ALL, 3).candidates[0].product_id == "NEW"


def test_a_new_version_starts_from_its_own_counter(tmp_path: Path) -> None:
    source = FakeCatalogue(BASE)
    index = opened(tmp_path, source)
    source.drop(BASE[0].listing.product.product_id)
    assert index.nearest(QUERY, ALL, 1).total == len(BASE) - 1
    build_embedded(
        {"in": list(source.records.values())},
        tmp_path, id="v2", model="m", taxonomy="t", counter=len(source.log),
    )  # fmt: skip
    source.put(record("NEW", vector=QUERY))
    assert index.nearest(QUERY, ALL, 1).total == len(BASE)
    assert index.version.id == "v2"


edits = st.lists(st.tuples(st.integers(0, 140), st.booleans()), max_size=25)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rounds=st.lists(edits, max_size=4),
    filters=st.builds(replace, st.just(ALL), prime=st.none() | st.booleans()),
    k=st.integers(1, 150),
)
def test_after_any_changes_it_answers_as_if_built_anew(
    tmp_path_factory: pytest.TempPathFactory,
    rounds: list[list[tuple[int, bool]]],
    filters: Filters,
    k: int,
) -> None:
    source = FakeCatalogue(BASE)
    index = opened(tmp_path_factory.mktemp("index"), source)
    for edits_ in rounds:
        for number, keep in edits_:
            fresh = OTHERS[number % len(OTHERS)]
            product = replace(fresh.listing.product, product_id=f"SK{number:06d}")
            made = replace(fresh, listing=replace(fresh.listing, product=product))
            source.put(made) if keep else source.drop(f"SK{number:06d}")
        anew = ExactIndex({"in": list(source.records.values())})
        assert index.nearest(QUERY, filters, k) == anew.nearest(QUERY, filters, k)
        assert index.browse(filters, k) == anew.browse(filters, k)


def test_pages_under_concurrent_writes_neither_repeat_nor_skip(tmp_path: Path) -> None:
    """What was listed throughout is seen exactly once, whatever comes and goes between pages."""
    source = FakeCatalogue(BASE)
    index = opened(tmp_path, source)
    rng = np.random.default_rng(8)
    kept = {r.listing.product.product_id for r in BASE[60:]}
    pages: list[str] = []
    after = None
    for page in range(100):
        hits = index.nearest(QUERY, ALL, 3, after=after)
        pages += [c.product_id for c in hits.candidates]
        if not hits.candidates:
            break
        last = hits.candidates[-1]
        after = After(marketplace="in", score=last.similarity, product_id=last.product_id)
        source.drop(BASE[page % 60].listing.product.product_id)
        source.put(record(f"NEW{page}", vector=random_unit(rng)))
    assert len(pages) == len(set(pages))
    assert kept <= set(pages)


TREE = CategoryTree(
    marketplace="in",
    categories={"women": Category(id="women", parent=None, names={}, concepts=("kurti",))},
)
READER = """
import sys, time
from pathlib import Path
from catalog.categories import Category, CategoryTree
from catalog.search import Filters
from catalog.store import CatalogStore
from retrieval.changes import CatalogChanges
from retrieval.embedded import EmbeddedIndex
tree = CategoryTree(marketplace="in", categories={
    "women": Category(id="women", parent=None, names={}, concepts=("kurti",))})
home = Path(sys.argv[1])
changes = CatalogChanges(CatalogStore(home / "c.sqlite"), {"in": tree})
index = EmbeddedIndex.open(home / "index", changes=changes)
dear = Filters(marketplace="in", min_price_minor=1_000_000)
print("ready", flush=True)
end = time.monotonic() + 10
while not index.browse(dear, 1).total and time.monotonic() < end:
    time.sleep(0.01)
print(time.time(), flush=True)
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CatalogStore]:
    """A catalogue of 20 kurtis, and an index built from it beside."""
    made = CatalogStore(tmp_path / "c.sqlite")
    rows = BASE[:20]
    products = [replace(r.listing.product, concept="kurti") for r in rows]
    offers = {r.listing.product.product_id: [r.listing.offer] for r in rows}
    made.upsert(products, offers)
    made.set_vectors([(r.listing.product.product_id, r.vector, r.appearance) for r in rows], "m")
    build_embedded(
        {"in": made.records("in", TREE)},
        tmp_path / "index", id="v1", model="m", taxonomy="t", counter=made.change_counter(),
    )  # fmt: skip
    yield made
    made.close()


def test_a_change_is_visible_within_a_second_in_every_process(
    tmp_path: Path, store: CatalogStore
) -> None:
    command = [sys.executable, "-c", textwrap.dedent(READER), str(tmp_path)]
    readers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    try:
        for reader in readers:
            assert reader.stdout is not None
            assert reader.stdout.readline() == "ready\n"
        price = Money(amount_minor=2_000_000, currency="INR")
        (offer,) = store.offers("SK000003")
        store.upsert((), {"SK000003": [replace(offer, price=price)]})
        written = time.time()
        for reader in readers:
            said, _ = reader.communicate(timeout=20)
            assert float(said) - written < 1.0 + LOADED_S
    finally:
        for reader in readers:
            reader.kill()
            reader.communicate()


def test_a_withdrawn_offer_and_a_deleted_product_are_gone(
    tmp_path: Path, store: CatalogStore
) -> None:
    changes = CatalogChanges(store, {"in": TREE})
    index = EmbeddedIndex.open(tmp_path / "index", changes=changes, refresh_s=0.0)
    assert index.browse(ALL, 99).total == 20
    store.replace_offers({"SK000000": []})
    store.delete(["SK000001"])
    left = {c.product_id for c in index.browse(ALL, 99).candidates}
    assert left == {f"SK{i:06d}" for i in range(2, 20)}


def test_reading_a_whole_marketplace_leaves_no_listing_in_memory(tmp_path: Path) -> None:
    """Statistics read thousands of listings once; every worker would keep them for ever."""
    build_embedded(catalogue({"in": 1500}), tmp_path, id="v1", model="m", taxonomy="t")
    index = EmbeddedIndex.open(tmp_path)
    index.browse(ALL, 10)
    tracemalloc.start()
    try:
        assert len(index.browse(ALL, 1500).candidates) == 1500
        assert tracemalloc.get_traced_memory()[0] < 200_000
    finally:
        tracemalloc.stop()
