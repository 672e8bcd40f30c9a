from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import tarfile
import textwrap
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from catalog.concepts import ConceptTree
from catalog.importing import (
    Importer,
    ImportRefusedError,
    ImportSummary,
    RefusedRow,
    plan_import,
)
from catalog.mapping import ColumnRule, ConceptRule, ImportMapping, OfferRule
from catalog.money import Money
from catalog.pictures import PictureStore
from catalog.store import CatalogStore

Jpeg = Callable[..., bytes]

MAPPING = ImportMapping(
    name="shop",
    tables=("products.csv",),
    pictures=("images.zip", "images", "images.tar"),
    product_id=ColumnRule(column="id"),
    concept=ConceptRule(labels="shop"),
    titles={"en": ColumnRule(column="title")},
    image=ColumnRule(column="file"),
    colour=ColumnRule(column="colour", values={"Navy Blue": "navy"}),
    gender=ColumnRule(column="gender"),
    brand=ColumnRule(column="title", first_word=True),
    offers=(
        OfferRule(
            marketplace="in",
            price=ColumnRule(column="price"),
            list_price=ColumnRule(column="mrp"),
            sizes=ColumnRule(column="sizes"),
            rating=ColumnRule(column="stars"),
            prime=ColumnRule(column="prime"),
        ),
    ),
)
HEADER = (
    "id", "file", "title", "kind", "colour", "gender", "price", "mrp", "sizes", "stars", "prime",
)  # fmt: skip


def cells(number: int, **values: str) -> tuple[str, ...]:
    row = {
        "id": f"p{number}",
        "file": f"{number}.jpg",
        "title": f"Acme kurti {number}",
        "kind": "Kurtis",
        "colour": "Navy Blue",
        "gender": "Women",
        "price": "1,299.50",
        "mrp": "",
        "sizes": "S|M",
        "stars": "4.5",
        "prime": "yes",
    }
    return tuple({**row, **values}[name] for name in HEADER)


def a_shop(folder: Path, jpeg: Jpeg, rows: Sequence[Sequence[str]]) -> Path:
    folder.mkdir(exist_ok=True)
    with (folder / "products.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows([HEADER, *rows])
    with zipfile.ZipFile(folder / "images.zip", "w") as archive:
        for number in range(len(rows) + 1):
            archive.writestr(f"{number}.jpg", jpeg((number % 256, number // 256, 0)))
        archive.writestr("broken.jpg", jpeg(size=(400, 400))[:300])
        archive.writestr("text.jpg", b"no picture at all")
    return folder


@pytest.fixture
def importer(store: CatalogStore, concepts: ConceptTree, tmp_path: Path) -> Importer:
    return Importer(
        store, PictureStore(tmp_path / "pictures"), concepts, {"in": "INR", "us": "USD"}
    )


def run(importer: Importer, folder: Path, mapping: ImportMapping = MAPPING) -> ImportSummary:
    return importer.run(plan_import(folder, mapping))


def test_a_row_becomes_a_product_with_its_picture_and_offer(
    importer: Importer, tmp_path: Path, jpeg: Jpeg
) -> None:
    summary = run(importer, a_shop(tmp_path / "shop", jpeg, [cells(1)]))
    assert (summary.accepted, summary.refused, summary.changed) == (1, 0, 2)
    product = importer.store.product("p1")
    assert product is not None
    assert product.concept == "kurti"
    assert product.titles == {"en": "Acme kurti 1"}
    assert (product.colour, product.gender, product.brand) == ("navy", "women", "Acme")
    assert (product.source, product.generated) == ("shop", False)
    assert product.image is not None
    assert importer.pictures.path(product.image).read_bytes() == jpeg((1, 0, 0))
    (offer,) = importer.store.offers("p1")
    assert offer.price == Money(amount_minor=129950, currency="INR")
    assert (offer.sizes, offer.rating, offer.prime) == (("S", "M"), 4.5, True)


REFUSALS = [
    ({"kind": "Sofas"}, "kind 'Sofas' has no row under labels: shop: in concepts.yaml"),
    ({"id": ""}, "column 'id' is empty, so the product has no id"),
    ({"id": "a/b"}, "id 'a/b' cannot be used: at most 128 printable letters, no '/'"),
    ({"id": "p1"}, "id 'p1' stands on an earlier line already"),
    ({"file": ""}, "column 'file' is empty, so the product has no picture"),
    ({"file": "9.jpg"}, "picture '9.jpg' is not among the pictures"),
    ({"file": "../../etc/passwd"}, "picture '../../etc/passwd' is not among the pictures"),
    (
        {"file": "text.jpg"},
        "picture 'text.jpg' cannot be used: it is no JPEG, PNG, WebP, GIF or BMP",
    ),
    ({"price": "-3"}, "price is '-3'; a price must be above 0"),
    ({"price": "cheap"}, "price is 'cheap', which is no number such as 1299.00"),
    ({"price": "12,5"}, "price is '12,5', which is no number such as 1299.00"),
    ({"price": "1e40"}, "price is '1e40', more than any price"),
    ({"price": "NaN"}, "price is 'NaN', which is no number such as 1299.00"),
    ({"mrp": "10"}, "list price 10.00 is below the price 1299.50 in 'in'"),
    ({"stars": "7"}, "stars is '7'; a rating lies from 1 to 5"),
    ({"prime": "maybe"}, "prime is 'maybe'; write yes or no"),
]


@pytest.mark.parametrize(("bad", "reason"), REFUSALS, ids=lambda v: str(v)[:40])
def test_a_bad_row_is_refused_with_file_line_and_reason_and_the_rest_goes_in(
    importer: Importer, tmp_path: Path, jpeg: Jpeg, bad: dict[str, str], reason: str
) -> None:
    told: list[RefusedRow] = []
    importer.on_refused = told.append
    shop = a_shop(tmp_path / "shop", jpeg, [cells(1), cells(2, **bad), cells(3)])
    summary = run(importer, shop)
    assert [str(row) for row in told] == [f"products.csv:3: {reason}."]
    assert (summary.accepted, summary.refused) == (2, 1)
    assert [p.product_id for p in importer.store.products()] == ["p1", "p3"]
    assert list(importer.refused_rows(plan_import(shop, MAPPING))) == told


def test_a_truncated_picture_refuses_its_row(
    importer: Importer, tmp_path: Path, jpeg: Jpeg
) -> None:
    told: list[RefusedRow] = []
    importer.on_refused = told.append
    run(importer, a_shop(tmp_path / "shop", jpeg, [cells(1, file="broken.jpg")]))
    assert "picture 'broken.jpg' cannot be used: it is broken" in told[0].reason


def test_malformed_lines_are_refused_at_their_line(
    importer: Importer, tmp_path: Path, jpeg: Jpeg
) -> None:
    shop = a_shop(tmp_path / "shop", jpeg, [cells(1), cells(2), cells(3)])
    lines = (shop / "products.csv").read_bytes().split(b"\r\n")
    lines[1] = b'p1,1.jpg,"two\nlines",Kurtis,Navy Blue,Women,5,,S,4,yes'
    lines[2] = b"only,three,values"
    lines.insert(3, lines[3].replace(b"Acme", b"\xff\xfe"))
    (shop / "products.csv").write_bytes(b"\r\n".join(lines))
    told: list[RefusedRow] = []
    importer.on_refused = told.append
    summary = run(importer, shop)
    assert [str(row) for row in told] == [
        "products.csv:4: the row has 3 values and the header 11 columns.",
        "products.csv:5: the row is not UTF-8 text.",
    ]
    assert summary.accepted == 2
    product = importer.store.product("p1")
    assert product is not None
    assert product.titles == {"en": "two\nlines"}


def test_importing_twice_changes_nothing(importer: Importer, tmp_path: Path, jpeg: Jpeg) -> None:
    shop = a_shop(tmp_path / "shop", jpeg, [cells(n) for n in range(1, 6)])
    run(importer, shop)
    counter = importer.store.change_counter()
    again = run(importer, shop)
    assert (again.accepted, again.changed, again.resumed_at) == (5, 0, 0)
    assert importer.store.change_counter() == counter


def test_values_that_no_rule_names_are_left_out_and_counted(
    importer: Importer, tmp_path: Path, jpeg: Jpeg
) -> None:
    rows = [cells(1, colour="Octarine"), cells(2, colour="Octarine"), cells(3, colour="Red")]
    summary = run(importer, a_shop(tmp_path / "shop", jpeg, rows))
    assert summary.unmapped == {("colour", "Octarine"): 2}
    assert [p.colour for p in importer.store.products()] == [None, None, "red"]


def test_an_empty_price_is_no_offer(importer: Importer, tmp_path: Path, jpeg: Jpeg) -> None:
    run(importer, a_shop(tmp_path / "shop", jpeg, [cells(1, price="")]))
    assert importer.store.offers("p1") == ()


def test_an_unknown_marketplace_in_the_mapping_refuses_the_rows(
    importer: Importer, tmp_path: Path, jpeg: Jpeg
) -> None:
    mapping = replace(MAPPING, offers=(replace(MAPPING.offers[0], marketplace="ni"),))
    told: list[RefusedRow] = []
    importer.on_refused = told.append
    run(importer, a_shop(tmp_path / "shop", jpeg, [cells(1)]), mapping)
    assert told[0].reason == "marketplace 'ni' of the mapping is not known. Did you mean 'in'?"


@pytest.mark.parametrize("kind", ["folder", "tar", "tar.gz"])
def test_pictures_come_from_a_folder_or_a_tar_as_well(
    importer: Importer, tmp_path: Path, jpeg: Jpeg, kind: str
) -> None:
    shop = a_shop(tmp_path / "shop", jpeg, [cells(1)])
    (shop / "images.zip").unlink()
    if kind == "folder":
        (shop / "images").mkdir()
        (shop / "images" / "1.jpg").write_bytes(jpeg())
    else:
        with tarfile.open(shop / "images.tar", "w:gz" if kind == "tar.gz" else "w") as archive:
            info = tarfile.TarInfo("deep/inside/1.jpg")
            info.size = len(jpeg())
            archive.addfile(info, BytesIO(jpeg()))
    assert run(importer, shop).accepted == 1


def test_json_lines_and_parquet_read_like_csv(
    importer: Importer, tmp_path: Path, jpeg: Jpeg
) -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    shop = a_shop(tmp_path / "shop", jpeg, [cells(1), cells(2)])
    run(importer, shop)
    products = list(importer.store.products())
    offers = [importer.store.offers(p.product_id) for p in products]
    rows: list[dict[str, object]] = [dict(zip(HEADER, cells(n), strict=True)) for n in (1, 2)]
    for row in rows:
        row |= {"price": 1299.5, "sizes": ["S", "M"], "prime": True, "mrp": None}
    (shop / "products.csv").unlink()
    (shop / "products.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\nnot json\n[]\n")
    told: list[RefusedRow] = []
    importer.on_refused = told.append
    summary = run(importer, shop)
    assert (summary.accepted, summary.refused, summary.changed) == (2, 2, 0)
    assert [(row.line, row.reason[:16]) for row in told] == [
        (3, "this is no JSON:"),
        (4, "this is no JSON "),
    ]
    (shop / "products.jsonl").unlink()
    pq.write_table(pa.Table.from_pylist(rows), shop / "products.parquet")
    assert run(importer, shop).changed == 0
    assert list(importer.store.products()) == products
    assert [importer.store.offers(p.product_id) for p in products] == offers


def test_kill_9_in_the_middle_loses_nothing_and_the_next_run_goes_on(
    tmp_path: Path, jpeg: Jpeg, concepts: ConceptTree
) -> None:
    rows = [cells(n, kind="Sofas" if n % 10 == 7 else "Kurtis") for n in range(1, 1501)]
    shop = a_shop(tmp_path / "shop", jpeg, rows)
    script = f"""
        import os, sys
        from pathlib import Path
        from catalog.concepts import *
        from catalog.importing import Importer, plan_import
        from catalog.mapping import *
        from catalog.pictures import PictureStore
        from catalog.store import CatalogStore
        home = Path({str(tmp_path / "home")!r})
        mapping = {MAPPING!r}
        concepts = {concepts!r}
        finished = []
        def on_rows(rows):
            finished.append(rows)
            print(sum(finished), flush=True)
        importer = Importer(CatalogStore(home / "c.sqlite"), PictureStore(home / "pictures"), concepts,
                            {{"in": "INR"}}, on_rows)
        importer.run(plan_import(Path({str(shop)!r}), mapping))
        print("finished", flush=True)
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) >= 500:
                os.kill(process.pid, signal.SIGKILL)
                break
        told = [500, *(int(x) for x in process.stdout.read().split() if x != "finished")]
    assert max(told) < 1500
    store = CatalogStore(tmp_path / "home" / "c.sqlite")
    kept = store.count()
    assert kept >= max(told) * 0.9
    importer = Importer(
        store, PictureStore(tmp_path / "home" / "pictures"), concepts, {"in": "INR"}
    )
    summary = importer.run(plan_import(shop, MAPPING))
    assert summary.resumed_at >= max(told)
    assert (summary.accepted, summary.refused) == (1350, 150)
    assert store.count() == 1350
    assert all(
        p.image is not None and importer.pictures.path(p.image).is_file() for p in store.products()
    )
    store.close()


def test_a_changed_table_starts_from_the_front(
    importer: Importer, tmp_path: Path, jpeg: Jpeg
) -> None:
    shop = a_shop(tmp_path / "shop", jpeg, [cells(1), cells(2)])
    plan = plan_import(shop, MAPPING)
    with importer.store.database.write() as write:
        write.connection.execute(
            "INSERT INTO imports VALUES (?, ?, 2, 2)", (plan.source, plan.fingerprint())
        )
    assert importer.run(plan).resumed_at == 2
    assert importer.run(plan).resumed_at == 0
    assert importer.store.count() == 2


def test_what_is_missing_in_a_folder_is_named(tmp_path: Path, jpeg: Jpeg) -> None:
    with pytest.raises(ImportRefusedError, match=r"nowhere is no folder"):
        plan_import(tmp_path / "nowhere", MAPPING)
    shop = a_shop(tmp_path / "shop", jpeg, [cells(1)])
    (shop / "images.zip").unlink()
    with pytest.raises(ImportRefusedError, match=r"has no pictures: the mapping 'shop' looks for"):
        plan_import(shop, MAPPING)
    (shop / "products.csv").rename(shop / "a.csv")
    (shop / "b.jsonl").touch()
    with pytest.raises(
        ImportRefusedError, match=r"should hold one table, and holds a.csv, b.jsonl"
    ):
        plan_import(shop, MAPPING)


def test_an_unknown_label_map_is_named(importer: Importer, tmp_path: Path, jpeg: Jpeg) -> None:
    mapping = replace(MAPPING, concept=ConceptRule(labels="bazaar"))
    with pytest.raises(ImportRefusedError, match=r"labels 'bazaar', which concepts\.yaml does"):
        run(importer, a_shop(tmp_path / "shop", jpeg, [cells(1)]), mapping)


def test_an_archive_that_is_none_is_named(importer: Importer, tmp_path: Path, jpeg: Jpeg) -> None:
    shop = a_shop(tmp_path / "shop", jpeg, [cells(1)])
    (shop / "images.zip").write_bytes(b"rubbish")
    with pytest.raises(ImportRefusedError, match=r"images\.zip is no folder, zip or tar"):
        run(importer, shop)
