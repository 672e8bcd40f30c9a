import io
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from catalog.demo.catalogue import DemoProduct, committed_renders, demo_products
from catalog.demo.drawing import DRAWABLE
from catalog.demo.titles import LANGUAGES, inflected, product_titles
from catalog.products import COLOURS, GENDERS

CONCEPTS = Path(__file__).parents[3] / "locales" / "concepts.yaml"


@pytest.fixture(scope="module")
def products() -> list[DemoProduct]:
    return list(demo_products(300, seed=4))


def test_ids_are_unique_and_pictures_are_small_jpegs(products: list[DemoProduct]) -> None:
    assert len({p.product.product_id for p in products}) == 300
    for product in products[::10]:
        with Image.open(io.BytesIO(product.picture)) as picture:
            assert picture.format == "JPEG"
            assert max(picture.size) <= 256
        assert product.product.image == f"{product.product.product_id}.jpg"


def test_three_hundred_products_stock_every_drawn_concept_and_furniture(
    products: list[DemoProduct],
) -> None:
    stocked = Counter(p.product.concept for p in products)
    assert set(DRAWABLE) <= set(stocked)
    assert sum(stocked[c] for c in stocked if c not in DRAWABLE) >= 25


def test_a_longer_catalogue_begins_with_the_shorter_one() -> None:
    short, long = list(demo_products(14, seed=2)), list(demo_products(20, seed=2))
    assert [(p.product, p.picture) for p in short] == [(p.product, p.picture) for p in long[:14]]


def test_copies_name_the_product_whose_picture_they_show(products: list[DemoProduct]) -> None:
    by_id = {p.product.product_id: p for p in products}
    copies = [p for p in products if p.truth_group != p.product.product_id]
    assert len(copies) == 25
    for copy in copies:
        original = by_id[copy.truth_group]
        assert original.truth_group == original.product.product_id
        assert original.product.concept == copy.product.concept
        assert original.picture != copy.picture


def test_values_are_words_that_the_catalogue_knows(products: list[DemoProduct]) -> None:
    known = {line.split(":")[0].strip() for line in CONCEPTS.read_text("utf-8").splitlines()}
    for product in (p.product for p in products):
        assert product.concept in known
        assert product.colour in COLOURS
        assert product.gender in (*GENDERS, None)
        assert {"en", "hi", "de", "fr", "it", "es"} == set(product.titles)
        assert all(3 < len(title) < 70 for title in product.titles.values())


def test_every_committed_render_is_small_and_credited() -> None:
    renders = committed_renders()
    assert 120 <= len(renders) <= 170
    folder = Path(__file__).parents[3] / "catalog" / "demo" / "renders"
    for render in renders:
        assert (folder / render.file).stat().st_size <= 12 * 1024
        assert render.creator
        assert render.licence
        assert {"en", "de", "fr", "it", "es"} <= set(render.names)
    assert {r.file for r in renders} == {f.name for f in folder.glob("*.jpg")}


@pytest.mark.parametrize(
    ("form", "gender", "language", "expected"),
    [
        ("vert", "f", "fr", "verte"),
        ("doré", "fp", "fr", "dorées"),
        ("rouge", "mp", "fr", "rouges"),
        ("rosso", "fp", "it", "rosse"),
        ("verde", "mp", "it", "verdi"),
        ("rojo", "f", "es", "roja"),
        ("azul|azul|azules|azules", "fp", "es", "azules"),
        ("काला", "f", "hi", "काली"),
        ("लाल", "mp", "hi", "लाल"),
    ],
)
def test_colours_agree_with_their_noun(
    form: str, gender: str, language: str, expected: str
) -> None:
    assert inflected(form, gender, language) == expected


def test_a_title_reads_like_a_shop_in_each_language() -> None:
    titles = product_titles("kurti", colour="red", print_="floral")
    assert titles == {
        "en": "Red floral kurti",
        "hi": "लाल फूलदार कुर्ती",
        "de": "Kurti in Rot mit Blumenmuster",
        "fr": "Kurti rouge à fleurs",
        "it": "Kurti rosso a fiori",
        "es": "Kurti rojo de flores",
    }


@pytest.mark.parametrize("concept", DRAWABLE)
def test_every_drawn_concept_has_a_noun_in_every_language(concept: str) -> None:
    assert set(product_titles(concept, colour="blue", print_=None)) == set(LANGUAGES)
