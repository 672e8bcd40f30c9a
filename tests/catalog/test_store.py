from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from catalog.categories import CategoryTree
from catalog.duplicates import find_duplicates
from catalog.money import Money
from catalog.pictures import PictureStore
from catalog.products import Offer, Product
from catalog.store import CatalogStore, StoreError

RUPEES = Money(amount_minor=99900, currency="INR")


def a_product(product_id: str = "p1", **values: str | None) -> Product:
    fields: dict[str, str | None] = {"concept": "kurti", "image": f"{product_id}.jpg", **values}
    return Product(product_id=product_id, titles={"en": f"Title of {product_id}"}, **fields)  # type: ignore[arg-type]


def an_offer(marketplace: str = "in", price: Money = RUPEES) -> Offer:
    return Offer(
        marketplace=marketplace,
        price=price,
        list_price=Money(amount_minor=129900, currency=price.currency),
        sizes=("S", "M"),
        prime=True,
        rating=4.2,
        rating_count=318,
        popularity=0.5,
        listed_on="2026-01-31",
    )


def a_vector(seed: int, width: int = 128) -> np.ndarray:
    vector = np.random.default_rng(seed).normal(size=width).astype(np.float32)
    return vector / np.linalg.norm(vector)


def test_what_was_written_is_read_back_equal(store: CatalogStore) -> None:
    product = Product(
        product_id="p1",
        concept="kurti",
        titles={"en": "Blue kurti", "hi": "नीली कुर्ती"},
        colour="blue",
        gender="women",
        brand="Fabindia",
        season="summer",
        occasion="casual",
        image="ab.jpg",
        group_id="g1",
        source="shop",
        generated=True,
    )
    store.upsert([product], {"p1": [an_offer("in"), an_offer("us")]})
    assert store.product("p1") == product
    assert store.offers("p1") == (an_offer("in"), an_offer("us"))
    assert list(store.products()) == [product]
    assert store.product("p2") is None


def test_writing_the_same_again_changes_nothing(store: CatalogStore) -> None:
    assert store.upsert([a_product()], {"p1": [an_offer()]}) == 2
    counter = store.change_counter()
    assert store.upsert([a_product()], {"p1": [an_offer()]}) == 0
    assert store.change_counter() == counter


def test_a_reader_learns_what_changed_since_its_counter(store: CatalogStore) -> None:
    store.upsert([a_product("p1"), a_product("p2"), a_product("p3")])
    seen = store.change_counter()
    store.upsert([a_product("p2", colour="red")])
    store.upsert([], {"p3": [an_offer()]})
    store.delete(["p1", "unknown"])
    changes = store.changes(seen)
    assert changes.products == ("p2", "p3")
    assert changes.removed == ("p1",)
    assert changes.counter == store.change_counter()
    assert store.changes(changes.counter).products == ()


def test_a_product_that_returns_is_no_longer_removed(store: CatalogStore) -> None:
    store.upsert([a_product()])
    store.delete(["p1"])
    store.upsert([a_product()])
    assert store.changes(0).removed == ()
    assert store.changes(0).products == ("p1",)


def test_an_offer_of_an_unknown_product_is_refused_and_nothing_is_written(
    store: CatalogStore,
) -> None:
    with pytest.raises(StoreError, match="'ghost' has an offer in 'in' but is not in"):
        store.upsert([a_product()], {"ghost": [an_offer()]})
    assert store.count() == 0
    assert store.change_counter() == 0


def test_two_currencies_in_one_offer_are_refused(store: CatalogStore) -> None:
    offer = Offer(marketplace="in", price=RUPEES, list_price=Money(amount_minor=1, currency="USD"))
    with pytest.raises(ValueError, match="price in INR and its list price in USD"):
        store.upsert([a_product()], {"p1": [offer]})


def test_price_and_availability_change_alone(store: CatalogStore) -> None:
    store.upsert([a_product()], {"p1": [an_offer()]})
    cheaper = Money(amount_minor=50000, currency="INR")
    seen = store.change_counter()
    store.upsert((), {"p1": [replace(an_offer(), price=cheaper, available=False)]})
    (offer,) = store.offers("p1")
    assert (offer.price, offer.available, offer.rating) == (cheaper, False, 4.2)
    assert store.changes(seen).products == ("p1",)


def test_replacing_offers_withdraws_the_others(store: CatalogStore) -> None:
    store.upsert([a_product()], {"p1": [an_offer("in"), an_offer("us")]})
    assert store.replace_offers({"p1": [an_offer("us")]}) == 1
    assert [offer.marketplace for offer in store.offers("p1")] == ["us"]
    store.replace_offers({"p1": []})
    assert store.offers("p1") == ()


def test_records_hold_the_leaf_of_the_gender_and_the_vector(
    store: CatalogStore, tree: CategoryTree
) -> None:
    products = [
        a_product("a", concept="tshirt", gender="men"),
        a_product("b", concept="kurti"),
        a_product("c", concept="sofa"),
        a_product("d"),
    ]
    store.upsert(products, {p.product_id: [an_offer()] for p in products})
    store.set_vectors([(i, a_vector(1), a_vector(2, 32)) for i in "abc"], "m1")
    records = list(store.records("in", tree))
    assert [(r.listing.product.product_id, r.listing.category) for r in records] == [
        ("a", "men.tops"),
        ("b", "women.kurtis"),
    ]
    np.testing.assert_array_equal(records[0].vector, a_vector(1))
    np.testing.assert_array_equal(records[0].appearance, a_vector(2, 32))
    assert store.records_of("in", tree, ["b", "d", "zz"]) == (records[1],)
    assert [x.product.product_id for x in store.listings("in", tree)] == ["a", "b", "d"]
    assert list(store.records("us", tree)) == []


def test_embedding_resumes_with_what_lacks_a_vector(store: CatalogStore) -> None:
    store.upsert([a_product(i) for i in "abcd"] + [a_product("e", image=None)])
    store.set_vectors([("a", a_vector(1), a_vector(2, 32))], "m1")
    store.set_unusable({"b": "truncated"}, "m1")
    assert [p.product_id for p in store.lacking_vectors("m1")] == ["c", "d"]
    assert [p.product_id for p in store.lacking_vectors("m1", after="c")] == ["d"]
    assert [p.product_id for p in store.lacking_vectors("m1", limit=1)] == ["c"]
    assert store.count_lacking("m1") == 2
    assert store.count_lacking("m2") == 4
    assert store.model_version() == "m1"


def test_a_new_picture_needs_a_new_vector(store: CatalogStore, tree: CategoryTree) -> None:
    store.upsert([a_product()], {"p1": [an_offer()]})
    store.set_vectors([("p1", a_vector(1), a_vector(2, 32))], "m1")
    store.upsert([a_product(image="other.jpg")])
    assert store.count_lacking("m1") == 1
    assert list(store.records("in", tree)) == []


def test_a_vector_of_a_picture_that_was_replaced_meanwhile_does_not_count(
    store: CatalogStore,
) -> None:
    store.upsert([a_product(image="new.jpg")])
    store.set_vectors([("p1", a_vector(1), a_vector(2, 32))], "m1", images={"p1": "old.jpg"})
    assert store.count_lacking("m1") == 1


def test_vectors_of_deleted_products_are_passed_over(store: CatalogStore) -> None:
    store.set_vectors([("gone", a_vector(1), a_vector(2, 32))], "m1")
    assert store.changes(0).products == ()


def test_vectors_that_are_not_finite_are_refused(store: CatalogStore) -> None:
    store.upsert([a_product()])
    with pytest.raises(ValueError, match="finite"):
        store.set_vectors([("p1", np.full(128, np.nan, np.float32), a_vector(2, 32))], "m1")


def test_an_upsert_keeps_the_group_that_the_detector_found(store: CatalogStore) -> None:
    store.upsert([a_product()])
    assert store.set_groups({"p1": "g7"}) == 1
    assert store.set_groups({"p1": "g7"}) == 0
    store.upsert([a_product(colour="red")])
    product = store.product("p1")
    assert product is not None
    assert product.group_id == "g7"


def test_an_iterator_sees_one_moment_while_others_write(store: CatalogStore) -> None:
    store.upsert([a_product(i) for i in "abc"])
    stream = store.products()
    assert next(stream).product_id == "a"
    store.delete(["b"])
    assert [p.product_id for p in stream] == ["b", "c"]


def test_threads_write_beside_each_other(store: CatalogStore) -> None:
    def write(name: str) -> None:
        for number in range(20):
            store.upsert([a_product(f"{name}{number}")])
        store.close()

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.count() == 80


def test_a_forked_child_writes_with_a_connection_of_its_own(tmp_path: Path) -> None:
    script = f"""
        import os
        from catalog.products import Product
        from catalog.store import CatalogStore
        store = CatalogStore(__import__("pathlib").Path({str(tmp_path / "c.sqlite")!r}))
        make = lambda name: Product(product_id=name, concept="kurti", titles={{}})
        store.upsert([make("parent")])
        child = os.fork()
        if child == 0:
            store.upsert([make("child")])
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        store.upsert([make("after")])
        assert [p.product_id for p in store.products()] == ["after", "child", "parent"]
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=True, timeout=60)


def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    script = f"""
        import itertools, pathlib
        from catalog.products import Product
        from catalog.store import CatalogStore
        store = CatalogStore(pathlib.Path({str(tmp_path / "c.sqlite")!r}))
        for n in itertools.count():
            five = [Product(product_id=f"{{n:06d}}-{{k}}", concept="kurti", titles={{}}) for k in range(5)]
            store.upsert(five)
            print(n, flush=True)
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        acknowledged = 0
        for line in process.stdout:
            acknowledged = int(line)
            if acknowledged >= 20:
                os.kill(process.pid, signal.SIGKILL)
                break
        acknowledged = max([acknowledged, *map(int, process.stdout.read().split())])
    found = [p.product_id for p in CatalogStore(tmp_path / "c.sqlite").products()]
    assert len(found) % 5 == 0
    assert len(found) // 5 in {acknowledged + 1, acknowledged + 2}


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    path.write_bytes(b"not a database, really not" * 100)
    with pytest.raises(StoreError, match=r"catalog\.sqlite cannot be opened as a catalogue"):
        CatalogStore(path).count()


def test_a_catalogue_of_the_first_version_is_brought_up_and_keeps_its_products(
    tmp_path: Path,
) -> None:
    path = tmp_path / "catalog.sqlite"
    store = CatalogStore(path)
    store.upsert([Product(product_id="p", concept="kurti", titles={})])
    store.close()
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE thumbnails")
        connection.execute("ALTER TABLE fingerprints DROP COLUMN look")
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    again = CatalogStore(path)
    assert [p.product_id for p in again.products()] == ["p"]
    find_duplicates(again, PictureStore(tmp_path / "pictures"))
    assert again.database.connection().execute("PRAGMA user_version").fetchone()[0] == 3


def test_a_database_of_another_version_is_named(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match="has catalogue version 99, this souk reads 3"):
        CatalogStore(path).count()
