"""Planted copies of drawn pictures; the figures on real pictures come from `benchmarks/duplicates.py`."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import imagehash
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from catalog.alignment import compare
from catalog.blocking import nearest_rows
from catalog.demo.drawing import draw
from catalog.duplicates import find_duplicates, forget_groups
from catalog.fingerprints import fingerprint, hamming
from catalog.grouping import group_pairs
from catalog.likeness import (
    Statement,
    Thresholds,
    conflicting,
    picture_score,
    worth_comparing,
    worth_in_spite,
)
from catalog.marketplaces import Marketplace, RankingDefaults
from catalog.money import Money
from catalog.pictures import PictureStore
from catalog.products import Offer, Product
from catalog.representatives import best_offer, choose_representatives, representatives
from catalog.store import CatalogStore


def garment(concept: str, seed: int, colour: str) -> Image.Image:
    drawn = draw(concept, seed, 192, colour=colour, worn=False).image
    ground = Image.new("RGBA", drawn.size, "white")
    ground.alpha_composite(drawn)
    return ground.convert("RGB")


def encoded(image: Image.Image, quality: int = 90) -> bytes:
    stream = BytesIO()
    image.save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def cropped(image: Image.Image) -> Image.Image:
    width, height = image.size
    left, top = round(0.1 * width), round(0.05 * height)
    return image.crop((left, top, left + round(0.85 * width), top + round(0.85 * height)))


def watermarked(image: Image.Image) -> Image.Image:
    copy = image.copy()
    ImageDraw.Draw(copy).text((20, 150), "shop.example", fill=(150, 150, 150), font_size=16)
    return copy


COPIES: dict[str, Callable[[Image.Image], bytes]] = {
    "crop": lambda image: encoded(cropped(image)),
    "jpeg": lambda image: encoded(image, 30),
    "watermark": lambda image: encoded(watermarked(image)),
    "mirror": lambda image: encoded(ImageOps.mirror(image)),
    "darker": lambda image: encoded(ImageEnhance.Brightness(image).enhance(0.8)),
    "brighter": lambda image: encoded(ImageEnhance.Brightness(image).enhance(1.12)),
    "border": lambda image: encoded(ImageOps.expand(image, 14, (220, 40, 60))),
}
GARMENTS = [
    ("kurti", 3, "blue"),
    ("shirt", 5, "red"),
    ("saree", 8, "green"),
    ("handbag", 2, "brown"),
]


def likeness(first: bytes, second: bytes) -> float:
    return picture_score(compare(fingerprint(first).thumbnail, fingerprint(second).thumbnail))


@pytest.mark.parametrize("copy", list(COPIES))
@pytest.mark.parametrize("what", GARMENTS, ids=[g[0] for g in GARMENTS])
def test_a_copy_is_recognised(what: tuple[str, int, str], copy: str) -> None:
    image = garment(*what)
    assert likeness(encoded(image), COPIES[copy](image)) >= Thresholds().score


@pytest.mark.parametrize("what", GARMENTS, ids=[g[0] for g in GARMENTS])
def test_another_colour_or_another_print_in_the_same_pose_is_not(
    what: tuple[str, int, str],
) -> None:
    concept, seed, colour = what
    image = encoded(garment(*what))
    other_colour = encoded(garment(concept, seed, "purple" if colour != "purple" else "teal"))
    other_piece = encoded(garment(concept, seed + 40, colour))
    assert likeness(image, other_colour) < Thresholds().score
    assert likeness(image, other_piece) < Thresholds().score


def test_blank_corners_are_no_evidence() -> None:
    blank = Image.new("RGB", (96, 128), "white")
    ImageDraw.Draw(blank).rectangle((70, 100, 90, 120), fill="black")
    other = Image.new("RGB", (96, 128), "white")
    ImageDraw.Draw(other).ellipse((5, 5, 25, 40), fill="red")
    assert likeness(encoded(blank), encoded(other)) < 0


@pytest.mark.parametrize("what", GARMENTS, ids=[g[0] for g in GARMENTS])
def test_the_hash_is_imagehashs(what: tuple[str, int, str]) -> None:
    data = encoded(garment(*what))
    theirs = int(str(imagehash.phash(Image.open(BytesIO(data)))), 16)
    ours = fingerprint(data)
    assert (int(ours.hashes[0]) ^ theirs).bit_count() <= 1
    assert hamming(ours.hashes, fingerprint(encoded(ImageOps.mirror(garment(*what)))).hashes) <= 4


CONFLICTS = [
    ({"colour": "red"}, {"colour": "blue"}, True),
    ({"colour": "red"}, {"colour": None}, False),
    ({"concept": "shirt"}, {"concept": "tshirt"}, True),
    ({"brand": "Acme"}, {"brand": "ACME"}, False),
    ({"brand": "Acme"}, {"brand": "Bolt"}, True),
    ({"titles": {"en": "Sunglasses AS205-C1"}}, {"titles": {"en": "Sunglasses AS205-C3"}}, True),
    ({"titles": {"en": "Red leggings"}}, {"titles": {"en": "Orange leggings"}}, True),
    ({"titles": {"en": "Red leggings"}}, {"titles": {"en": "Leggings, cotton"}}, False),
    ({"titles": {"en": "Red leggings"}}, {"titles": {"de": "Leggings orange"}}, False),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second", "conflict"), CONFLICTS)
def test_what_is_written_may_contradict(
    first: dict[str, object], second: dict[str, object], *, conflict: bool
) -> None:
    fields: dict[str, object] = {"product_id": "p", "concept": "shirt", "titles": {}}
    a, b = (
        Statement.of(Product(**{**fields, **own}))  # type: ignore[arg-type]
        for own in (first, second)
    )
    assert conflicting(a, b) is conflict
    assert conflicting(b, a) is conflict


def test_a_chain_is_not_one_group() -> None:
    """a-b and b-c are alike, a-c is not: the strongest pair stands, c stays outside."""
    alike = {("a", "b"), ("b", "c")}
    pairs = [(2.0, "a", "b"), (1.0, "b", "c")]
    assert group_pairs(pairs, lambda x, y: tuple(sorted((x, y))) in alike) == [("a", "b")] or (
        group_pairs(pairs, lambda x, y: tuple(sorted((x, y))) in alike) == [("a", "b", "c")]
    )
    long = [(3.0, "a", "b"), (2.9, "c", "d"), (1.0, "b", "c")]
    assert group_pairs(long, lambda x, y: {x, y} == {"b", "c"}) == [("a", "b"), ("c", "d")]


@given(
    st.lists(
        st.tuples(st.floats(0, 9), st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")).filter(
            lambda pair: pair[1] != pair[2]
        )
    )
)
def test_groups_are_disjoint_and_hold_paired_ids_only(pairs: list[tuple[float, str, str]]) -> None:
    groups = group_pairs(pairs, lambda _a, _b: True)
    members = [id_ for group in groups for id_ in group]
    assert len(members) == len(set(members))
    assert set(members) == {id_ for _, *ids in pairs for id_ in ids}
    assert group_pairs(list(reversed(pairs)), lambda _a, _b: True) == groups


def test_cells_find_nearly_what_comparing_everything_finds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(4)
    centres = rng.normal(size=(60, 32))
    vectors = np.repeat(centres, 50, axis=0) + 0.3 * rng.normal(size=(3000, 32))
    unit = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    queries = np.arange(0, 3000, 7)
    exact = nearest_rows(unit, queries, 5)
    monkeypatch.setattr("catalog.blocking.EXACT", 100)
    cells = nearest_rows(unit, queries, 5)
    found = [len(set(a) & set(b)) for a, b in zip(exact.tolist(), cells.tolist(), strict=True)]
    assert np.mean(found) >= 4.8
    assert not any(q in row for q, row in zip(queries.tolist(), cells.tolist(), strict=True))


@pytest.fixture
def pictures(tmp_path: Path) -> PictureStore:
    return PictureStore(tmp_path / "pictures")


def add(store: CatalogStore, pictures: PictureStore, product_id: str, data: bytes) -> None:
    store.upsert([
        Product(product_id=product_id, concept="kurti", titles={}, image=pictures.put(data))
    ])  # fmt: skip


def groups_of(store: CatalogStore) -> set[frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for product in store.products():
        if product.group_id is not None:
            groups.setdefault(product.group_id, set()).add(product.product_id)
    return {frozenset(ids) for ids in groups.values()}


def test_copies_are_grouped_bit_by_bit_as_in_one_run(
    store: CatalogStore, pictures: PictureStore
) -> None:
    images = {what[0]: garment(*what) for what in GARMENTS}
    for name, image in images.items():
        add(store, pictures, name, encoded(image))
    first = find_duplicates(store, pictures)
    assert (first.pictures, first.groups) == (4, 0)
    add(store, pictures, "kurti-copy", COPIES["mirror"](images["kurti"]))
    add(store, pictures, "saree-copy", COPIES["jpeg"](images["saree"]))
    second = find_duplicates(store, pictures)
    assert (second.pictures, second.groups, second.changed) == (2, 2, 4)
    add(store, pictures, "kurti-third", COPIES["darker"](images["kurti"]))
    find_duplicates(store, pictures)
    grown = groups_of(store)
    assert grown == {
        frozenset({"kurti", "kurti-copy", "kurti-third"}),
        frozenset({"saree", "saree-copy"}),
    }
    assert find_duplicates(store, pictures).changed == 0
    forget_groups(store)
    find_duplicates(store, pictures)
    assert groups_of(store) == grown


def test_several_processes_find_what_one_finds(
    store: CatalogStore, pictures: PictureStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Portions of one, so that there is enough to spread."""
    monkeypatch.setattr("catalog.duplicates.PORTION", 1)
    monkeypatch.setattr("catalog.judging.PORTION", 1)
    for concept, seed, colour in GARMENTS:
        image = garment(concept, seed, colour)
        add(store, pictures, concept, encoded(image))
        add(store, pictures, f"{concept}-copy", COPIES["mirror"](image))
    find_duplicates(store, pictures, processes=2)
    assert groups_of(store) == {frozenset({c, f"{c}-copy"}) for c, _, _ in GARMENTS}


def test_contradicting_words_leave_only_near_copies_worth_comparing() -> None:
    look = np.array([0.4, 0.6, 0.95, 0.4, 0.4], np.float32)
    bits = np.array([30, 30, 30, 14, 8], np.uint8)
    alike = np.ones(5, np.float32)
    asked = (alike, look, bits, Thresholds())
    assert worth_comparing(*asked).tolist() == [False, True, True, True, True]
    same, other = np.full(5, 0.01, np.float32), np.full(5, 0.03, np.float32)
    assert worth_in_spite(look, bits, same).tolist() == [False, False, True, False, True]
    assert not worth_in_spite(look, bits, other).any()
    assert not worth_comparing(0.5 * alike, look, bits, Thresholds()).any()


def test_a_stricter_threshold_folds_less(store: CatalogStore, pictures: PictureStore) -> None:
    image = garment("kurti", 3, "blue")
    add(store, pictures, "a", encoded(image))
    add(store, pictures, "b", COPIES["crop"](image))
    find_duplicates(store, pictures, Thresholds(score=7.0))
    assert groups_of(store) == set()
    forget_groups(store)
    find_duplicates(store, pictures)
    assert groups_of(store) == {frozenset("ab")}


def test_a_new_picture_leaves_its_group(store: CatalogStore, pictures: PictureStore) -> None:
    image = garment("kurti", 3, "blue")
    add(store, pictures, "a", encoded(image))
    add(store, pictures, "b", COPIES["jpeg"](image))
    find_duplicates(store, pictures)
    assert groups_of(store) == {frozenset("ab")}
    add(store, pictures, "b", encoded(garment("shirt", 5, "red")))
    find_duplicates(store, pictures)
    assert groups_of(store) == set()


def test_a_picture_that_cannot_be_read_is_counted(
    store: CatalogStore, pictures: PictureStore
) -> None:
    store.upsert([Product(product_id="p", concept="kurti", titles={}, image="gone.jpg")])
    assert find_duplicates(store, pictures).unreadable == 1


def offer(price: int, rating: float, *, prime: bool = False, available: bool = True) -> Offer:
    return Offer(
        marketplace="in", price=Money(amount_minor=price, currency="INR"), rating=rating,
        rating_count=100, prime=prime, available=available,
    )  # fmt: skip


def test_the_representative_is_well_rated_cheap_prime_and_in_stock() -> None:
    ranking = RankingDefaults()
    plain = offer(1000, 4.0)
    assert best_offer({"a": plain, "b": offer(1000, 4.6)}, ranking) == "b"
    assert best_offer({"a": offer(1900, 4.0), "b": plain}, ranking) == "b"
    assert best_offer({"a": plain, "b": offer(1000, 4.0, prime=True)}, ranking) == "b"
    assert best_offer({"a": offer(1000, 4.9, available=False), "b": plain}, ranking) == "b"
    assert best_offer({"b": plain, "a": plain}, ranking) == "a"


def test_representatives_are_chosen_by_marketplace(store: CatalogStore) -> None:
    market = Marketplace(
        id="in", names={}, languages=("en-IN",), default_language="en-IN", currency="INR",
        time_zone="Asia/Kolkata", size_systems=("IN",), prime_name="Prime",
    )  # fmt: skip
    products = [Product(product_id=i, concept="kurti", titles={}, group_id="g") for i in "ab"]
    store.upsert(products, {"a": [offer(900, 3.0)], "b": [offer(1000, 4.8)]})
    assert choose_representatives(store, [market]) == 1
    assert representatives(store, "in") == {"g": "b"}
    assert representatives(store, "us") == {}
