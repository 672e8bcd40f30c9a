from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalog.bulk import BulkWriter, LineAnswer
from catalog.concepts import ConceptTree
from catalog.export import export_jsonl, export_parquet
from catalog.money import Money
from catalog.pictures import FolderPictures, PictureStore
from catalog.store import CatalogStore

NEW: dict[str, Any] = {
    "product_id": "p1",
    "concept": "kurti",
    "titles": {"en": "Blue kurti"},
    "colour": "blue",
    "offers": [{"marketplace": "in", "price": "1299.00", "list_price": "1799.50", "sizes": ["S"]}],
}


@pytest.fixture
def writer(store: CatalogStore, concepts: ConceptTree, tmp_path: Path) -> BulkWriter:
    return BulkWriter(
        store=store,
        concepts=concepts,
        currencies={"in": "INR", "us": "USD", "jp": "JPY"},
        pictures=PictureStore(tmp_path / "pictures"),
        source=FolderPictures(tmp_path),
    )


def apply(writer: BulkWriter, *documents: object) -> list[LineAnswer]:
    return list(writer.apply([json.dumps(document).encode() for document in documents]))


def test_each_line_is_answered_and_the_same_lines_again_change_nothing(writer: BulkWriter) -> None:
    lines = [
        NEW,
        {**NEW, "product_id": "p2", "concept": "kurty"},
        {"product_id": "p1", "colour": "red"},
    ]
    first, refused, updated = apply(writer, *lines)
    assert first == LineAnswer(line=1, product_id="p1", status="created")
    assert (refused.status, refused.reason) == (
        "refused",
        "concept 'kurty' is not known. Did you mean 'kurti'?",
    )
    assert updated.status == "updated"
    counter = writer.store.change_counter()
    assert apply(writer, lines[2])[0].status == "unchanged"
    assert writer.store.change_counter() == counter


def test_what_a_line_does_not_name_stays_and_null_empties(writer: BulkWriter) -> None:
    apply(writer, NEW, {"product_id": "p1", "brand": "Acme"}, {"product_id": "p1", "colour": None})
    product = writer.store.product("p1")
    assert product is not None
    assert (product.brand, product.colour, product.titles) == ("Acme", None, {"en": "Blue kurti"})


def test_kill_9_in_the_middle_loses_no_answered_line_and_the_lines_may_be_sent_again(
    store: CatalogStore, writer: BulkWriter, tmp_path: Path
) -> None:
    lines = [json.dumps({**NEW, "product_id": f"p{n:05d}"}).encode() for n in range(3000)]
    (tmp_path / "lines").write_bytes(b"\n".join(lines))
    script = f"""
        from catalog.bulk import BulkWriter
        from catalog.concepts import *
        from catalog.pictures import PictureStore
        from catalog.store import CatalogStore
        from pathlib import Path
        writer = BulkWriter(store=CatalogStore(Path({str(store.database.path)!r})),
                            concepts={writer.concepts!r}, currencies={{"in": "INR"}},
                            pictures=PictureStore(Path({str(tmp_path / "pictures")!r})))
        for answer in writer.apply(Path({str(tmp_path / "lines")!r}).read_bytes().splitlines()):
            print(answer.line, flush=True)
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) >= 700:
                os.kill(process.pid, signal.SIGKILL)
                break
        answered = max([700, *map(int, process.stdout.read().split())])
    assert answered < len(lines)
    kept = {product.product_id for product in store.products()}
    assert {f"p{n:05d}" for n in range(answered)} <= kept
    assert len(kept) % 250 == 0  # whole transactions only
    again = [answer.status for answer in writer.apply(lines)]
    assert again == ["unchanged"] * len(kept) + ["created"] * (len(lines) - len(kept))
    assert all(store.offers(f"p{n:05d}") for n in range(0, len(lines), 97))


def test_a_price_changes_alone(writer: BulkWriter) -> None:
    apply(writer, NEW)
    change = {"product_id": "p1", "offers": [{"marketplace": "in", "price": "999.00"}]}
    assert apply(writer, change)[0].status == "updated"
    (offer,) = writer.store.offers("p1")
    assert offer.price == Money(amount_minor=99900, currency="INR")
    assert offer.list_price == Money(amount_minor=179950, currency="INR")
    assert offer.sizes == ("S",)


def test_offers_and_products_are_taken_away(writer: BulkWriter) -> None:
    apply(writer, NEW)
    assert apply(writer, {"product_id": "p1", "withdraw": ["in"]})[0].status == "updated"
    assert writer.store.offers("p1") == ()
    delete = {"product_id": "p1", "delete": True}
    assert [a.status for a in apply(writer, delete, delete)] == ["deleted", "absent"]


REFUSED = [
    ([], "this is no JSON object."),
    ({"product_id": 7}, "product_id is '7'; write a text of 1 to 128 letters without '/'."),
    ({**NEW, "tittles": "x"}, "key 'tittles' is not known. Did you mean 'titles'?"),
    ({"product_id": "new"}, "concept is missing, and a new product needs it."),
    ({**NEW, "concept": None}, "concept is missing, and a new product needs it."),
    ({**NEW, "titles": "x"}, 'titles must be texts by language, such as {"en": "Blue kurti"}.'),
    ({**NEW, "image": "nowhere.jpg"}, "image 'nowhere.jpg' is not in the picture store."),
    ({**NEW, "image": "../x.jpg"}, "image '../x.jpg' is not in the picture store."),
    ({**NEW, "picture": "nowhere.jpg"}, "picture 'nowhere.jpg' is not there."),
    ({**NEW, "generated": "yes"}, "generated is 'yes'; write true or false."),
    ({**NEW, "withdraw": "in"}, 'withdraw must be a list of marketplaces, such as ["us"].'),
    ({**NEW, "offers": {}}, "offers must be a list of objects."),
    ({**NEW, "offers": [{"marketplace": "uss", "price": "1.00"}]},
     "marketplace 'uss' is not known. Did you mean 'us'?"),
    ({**NEW, "offers": [{"marketplace": "us"}]}, "price is missing, and the offer in 'us' needs one."),
    ({**NEW, "offers": [{"marketplace": "us", "price": 1.5}]},
     'price is 1.5; write a decimal above 0 in quotes, such as "1299.00".'),
    ({**NEW, "offers": [{"marketplace": "jp", "price": "1.50"}]},
     "price is '1.50'; JPY has 0 decimals."),
    ({**NEW, "offers": [{"marketplace": "us", "price": "2", "currency": "INR"}]},
     "currency is 'INR', and 'us' sells in USD."),
    ({**NEW, "offers": [{"marketplace": "us", "price": "2", "list_price": "1"}]},
     "list_price 1.00 is below the price 2.00."),
    ({**NEW, "offers": [{"marketplace": "us", "price": "2", "rating": 6}]},
     "rating is 6; write a number from 1 to 5."),
    ({**NEW, "offers": [{"marketplace": "us", "price": "2", "listed_on": "soon"}]},
     "listed_on is 'soon'; write a day as 2026-01-31."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("document", "reason"), REFUSED, ids=[reason[:40] for _, reason in REFUSED]
)
def test_a_refused_line_says_why_and_writes_nothing(
    writer: BulkWriter, document: object, reason: str
) -> None:
    (answer,) = apply(writer, document)
    assert (answer.status, answer.reason) == ("refused", reason)
    assert writer.store.count() == 0


def test_lines_that_are_no_json_are_refused_beside_good_ones(writer: BulkWriter) -> None:
    lines = [b"{oops", b"", json.dumps(NEW).encode(), b"[" * 100_000]
    answers = list(writer.apply(lines))
    assert [(a.line, a.status) for a in answers] == [(1, "refused"), (3, "created"), (4, "refused")]


def test_a_picture_beside_the_lines_is_taken_in(
    writer: BulkWriter, tmp_path: Path, jpeg: Callable[..., bytes]
) -> None:
    (tmp_path / "blue.jpg").write_bytes(jpeg())
    assert apply(writer, {**NEW, "picture": "blue.jpg"})[0].status == "created"
    product = writer.store.product("p1")
    assert product is not None
    assert product.image is not None
    assert writer.pictures.path(product.image).read_bytes() == jpeg()


def test_stated_offers_are_no_longer_generated(writer: BulkWriter) -> None:
    apply(writer, {**NEW, "generated": True, "offers": None})
    apply(writer, {"product_id": "p1", "offers": NEW["offers"]})
    product = writer.store.product("p1")
    assert product is not None
    assert not product.generated


def test_an_export_reads_back_to_the_same_catalogue(
    writer: BulkWriter, tmp_path: Path, concepts: ConceptTree
) -> None:
    apply(writer, NEW, {**NEW, "product_id": "p2", "titles": {"hi": "कुर्ती"}, "offers": []})
    assert export_jsonl(writer.store, tmp_path / "all.jsonl") == 2
    other = CatalogStore(tmp_path / "other.sqlite")
    copy = BulkWriter(
        store=other, concepts=concepts, currencies=writer.currencies, pictures=writer.pictures
    )
    with (tmp_path / "all.jsonl").open("rb") as stream:
        assert [a.status for a in copy.apply(stream)] == ["created", "created"]
    assert list(other.products()) == list(writer.store.products())
    assert other.offers("p1") == writer.store.offers("p1")
    other.close()


def test_parquet_holds_the_same_rows(writer: BulkWriter, tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    apply(writer, NEW)
    assert export_parquet(writer.store, tmp_path / "all.parquet") == 1
    (row,) = pq.read_table(tmp_path / "all.parquet").to_pylist()
    assert (row["product_id"], row["titles"]) == ("p1", [("en", "Blue kurti")])
    assert row["offers"][0]["price"] == "1299.00"
    assert not list(tmp_path.glob(".all*"))
