"""The demo catalogue: drawn fashion and rendered furniture, the same for the same seed.

The first n products of a longer catalogue are the catalogue of n. About one in twelve is a
near-duplicate: another seller's copy of an earlier picture; `truth_group` says so.
"""

from __future__ import annotations

import csv
import io
import json
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from PIL import Image

from catalog.demo.drawing import DRAWABLE, draw
from catalog.demo.drawing_fabrics import nearest_word
from catalog.demo.pictures import PRODUCT_SIDE, jpeg, other_seller, studio
from catalog.demo.titles import noun, product_titles
from catalog.products import Product

SOURCE = "demo"
RENDERS = Path(__file__).with_name("renders")


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoProduct:
    """A product and its picture. `product.image` is the file name that the bytes want."""

    product: Product
    picture: bytes
    """A JPEG."""
    truth_group: str
    """The id of the product whose picture this is, possibly recoded; its own id for an original."""
    attributes: Mapping[str, str]
    """What the drawing varied, or the model, creator and licence of a render."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Render:
    """A committed picture of a 3D model."""

    file: str
    concept: str
    names: Mapping[str, str]
    creator: str
    licence: str


_WEIGHTS: Mapping[str, float] = {
    **dict.fromkeys(("kurti", "tunic", "kurta_women", "saree", "dupatta"), 2.6),
    **dict.fromkeys(("churidar", "leggings", "scarf", "dress", "kurta_men", "lehenga_choli"), 2.0),
    **dict.fromkeys(
        (
            "dhoti",
            "lungi",
            "mundu",
            "sherwani",
            "salwar_suit",
            "nehru_jacket",
            "jutti",
            "mojari",
            "bangle",
            "jhumka",
        ),
        1.6,
    ),
    **dict.fromkeys(
        ("shirt", "tshirt", "trousers", "jeans", "sneakers", "handbag", "top", "skirt", "dirndl"),
        1.3,
    ),
    **dict.fromkeys(
        ("bindi", "petticoat", "vest", "gamcha", "angavastram", "socks", "fan", "wallet"), 0.6
    ),
}
"""How often a concept is stocked beside the others; 1 where it is not here."""
_HOME_WEIGHT = 15.0
"""All renders together; they end when the committed pictures do."""
_COPY_EVERY = 12
_BOTH = frozenset(
    {
        "shirt",
        "checked_shirt",
        "tshirt",
        "jacket",
        "blazer",
        "sweater",
        "trousers",
        "jeans",
        "shorts",
        "scarf",
    }
)
"""Concepts whose English title says for whom they are."""
_BRANDS = (
    "Kesavi",
    "Tarunika",
    "Sitarang",
    "Chandril",
    "Ruhvan",
    "Meherlane",
    "Ombraline",
    "Velmora",
    "Nordlich",
    "Hirschtal",
    "Bellacorda",
    "Solevar",
    "Feriana",
    "Marigold Row",
    "Juniper Cut",
    "Cotton Lantern",
    "Lumeral",
)
_HOME_BRANDS = ("Hemvik", "Casa Nuvola", "Tallgrove", "Wohnfeld", "Atelier Brume", "Gharana Home")
_SERIES = (
    "Alma",
    "Birke",
    "Corvo",
    "Dune",
    "Elio",
    "Fjella",
    "Gaia",
    "Hasel",
    "Isola",
    "Jora",
    "Kiri",
    "Lago",
    "Mira",
    "Nilo",
    "Olmo",
    "Pera",
)
_OCCASIONS = {
    "sherwani": "wedding",
    "lehenga_choli": "wedding",
    "saree": "festive",
    "jewellery_set": "wedding",
    "turban": "wedding",
    "maang_tikka": "wedding",
    "suit": "formal",
    "formal_shoes": "formal",
    "necktie": "formal",
    "traje_de_flamenca": "festive",
    "dirndl": "festive",
    "lederhosen": "festive",
    "potli": "festive",
}
_SEASONS = {
    "sweater": "winter",
    "scarf": "winter",
    "jacket": "winter",
    "boots": "winter",
    "stole": "winter",
    "sandals": "summer",
    "flip_flops": "summer",
    "shorts": "summer",
    "hat": "summer",
}


def demo_products(count: int, seed: int = 1) -> Iterator[DemoProduct]:
    """`count` products, each drawn when it is asked for (about 20 ms each)."""
    recent: deque[tuple[DemoProduct, Image.Image]] = deque(maxlen=40)
    kinds = _schedule()
    renders = iter(_shuffled(committed_renders(), seed))
    for number in range(count):
        rng = Random(f"{seed}/{number}")
        product_id = f"DM{number + 1:05d}"
        if number % _COPY_EVERY == _COPY_EVERY - 1:
            yield _copied(product_id, *rng.choice(recent), rng)
            continue
        concept = next(kinds)
        render = next(renders, None) if concept is None else None
        if concept is None and render is None:
            concept = next(kind for kind in kinds if kind is not None)
        made = (
            _furniture(product_id, render, rng)
            if render
            else _drawn(product_id, concept or "", rng)
        )
        recent.append(made)
        yield made[0]


def committed_renders() -> tuple[Render, ...]:
    """The pictures of 3D models that come with the project."""
    with (RENDERS / "renders.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(
            Render(
                file=row["file"],
                concept=row["concept"],
                names=json.loads(row["names"]),
                creator=row["creator"],
                licence=row["licence"],
            )
            for row in csv.DictReader(lines)
        )


def _schedule() -> Iterator[str | None]:
    """Concepts without end, each in its share at every point; None stands for a render."""
    weights: dict[str | None, float] = {c: _WEIGHTS.get(c, 1.0) for c in DRAWABLE}
    weights[None] = _HOME_WEIGHT
    total = sum(weights.values())
    # Starting points spread by the golden ratio: no concept has to wait until the others are done.
    owed: dict[str | None, float] = {c: (k * 0.618034) % 1 for k, c in enumerate(weights)}
    while True:
        for kind, weight in weights.items():
            owed[kind] += weight / total
        due = max(owed, key=lambda kind: owed[kind])
        owed[due] -= 1
        yield due


def _shuffled(renders: tuple[Render, ...], seed: int) -> list[Render]:
    mixed = list(renders)
    Random(seed).shuffle(mixed)
    return mixed


def _drawn(product_id: str, concept: str, rng: Random) -> tuple[DemoProduct, Image.Image]:
    drawing = draw(concept, rng.getrandbits(40), PRODUCT_SIDE)
    worn = drawing.attributes["worn"] == "yes"
    picture = studio(drawing.image, rng, worn=worn)
    pattern = drawing.attributes.get("print")
    if concept in ("checked_shirt", "lungi", "gamcha", "manton"):
        pattern = None
    whom = drawing.gender if concept in _BOTH else None
    product = Product(
        product_id=product_id,
        concept=concept,
        titles=product_titles(concept, colour=drawing.colour, print_=pattern, gender=whom),
        colour=drawing.colour,
        gender=drawing.gender,
        brand=rng.choice(_BRANDS),
        season=_SEASONS.get(concept),
        occasion=_OCCASIONS.get(concept),
        image=f"{product_id}.jpg",
        source=SOURCE,
        generated=True,
    )
    return _entry(product, picture, drawing.attributes), picture


def _furniture(product_id: str, render: Render, rng: Random) -> tuple[DemoProduct, Image.Image]:
    data = (RENDERS / render.file).read_bytes()
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    series = rng.choice(_SERIES)
    titles = {language: f"{name} {series}" for language, name in render.names.items()}
    titles["en"] = f"{series} {render.names['en'][:1].lower()}{render.names['en'][1:]}"
    titles["hi"] = f"{series} {noun(render.concept, 'hi')}"
    product = Product(
        product_id=product_id,
        concept=render.concept,
        titles=titles,
        colour=_colour_of(picture),
        brand=rng.choice(_HOME_BRANDS),
        image=f"{product_id}.jpg",
        source=SOURCE,
        generated=True,
    )
    credit = {"creator": render.creator, "licence": render.licence, "render": render.file}
    entry = DemoProduct(product=product, picture=data, truth_group=product_id, attributes=credit)
    return entry, picture


def _colour_of(picture: Image.Image) -> str:
    """The word for the middle colour of what is not ground."""
    small = picture.resize((48, 48), Image.Resampling.BOX)
    raw = small.tobytes()
    ground = (raw[0], raw[1], raw[2])
    pixels = [(raw[k], raw[k + 1], raw[k + 2]) for k in range(0, len(raw), 3)]
    seen = [p for p in pixels if sum(abs(a - b) for a, b in zip(p, ground, strict=True)) > 60]
    if not seen:
        return "white"
    middle = [sorted(channel)[len(seen) // 2] for channel in zip(*seen, strict=True)]
    return nearest_word((middle[0], middle[1], middle[2]))


def _copied(
    product_id: str, original: DemoProduct, picture: Image.Image, rng: Random
) -> DemoProduct:
    """Another seller's listing of the same thing."""
    copy, kind, quality = other_seller(picture, rng)
    product = replace(
        original.product,
        product_id=product_id,
        brand=rng.choice(_BRANDS if original.product.gender else _HOME_BRANDS),
        image=f"{product_id}.jpg",
    )
    return DemoProduct(
        product=product,
        picture=jpeg(copy, quality),
        truth_group=original.truth_group,
        attributes={**original.attributes, "copy": kind},
    )


def _entry(product: Product, picture: Image.Image, attributes: Mapping[str, str]) -> DemoProduct:
    return DemoProduct(
        product=product,
        picture=jpeg(picture),
        truth_group=product.product_id,
        attributes=attributes,
    )
