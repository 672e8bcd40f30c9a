"""Fits `offer_quantiles.json` from published lists of prices and ratings (`text/` of the data folder).

Prices of fashion: myntra_prices.csv (INR), by the kind that the title names last before "with".
Where that has fewer than MIN_COUNT: amazon_in_products.csv (INR) by sub-category. Furniture:
ikea_sa_prices.csv (SAR) by category. Ratings, rating counts and discounts: amazon_in_products.csv,
whose rows are the first of each sub-category, so that its counts are those of popular products.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from catalog.concepts import ConceptTree
from catalog.offer_model import OfferModel, PriceTable, Quantiles

MIN_COUNT = 8
STEPS = 20
TRIM = 0.01
"""Share cut off at each end of prices: typing errors and jewellery among trinkets."""

KINDS = (
    ("kurta set", "kurta_set"), ("kurta", "kurta"), ("kurti", "kurti"), ("saree", "saree"),
    ("lehenga", "lehenga_choli"), ("sherwani", "sherwani"), ("nehru", "nehru_jacket"),
    ("dhoti", "dhoti"), ("dupatta", "dupatta"), ("churidar", "churidar"), ("salwar", "salwar"),
    ("patiala", "patiala"), ("palazzos?", "palazzo"), ("tunic", "tunic"), ("stole", "stole"),
    ("jhumkas?", "jhumka"), ("maang tikka", "maang_tikka"), ("earrings?", "earrings"),
    ("necklace", "necklace"), ("jewellery set", "jewellery_set"), ("bangles?", "bangle"),
    ("bracelet", "bracelet"), ("ring", "ring"), ("pendant", "pendant"), ("t-shirts?", "tshirt"),
    ("polo", "polo"), ("shirts?", "shirt"), ("top", "top"), ("dress", "dress"), ("jeans", "jeans"),
    ("jeggings", "jeggings"), ("leggings", "leggings"), ("tights", "tights"), ("shorts", "shorts"),
    ("skirt", "skirt"), ("trousers|chinos|pants|cargos", "trousers"), ("joggers|track pants", "track_pants"),
    ("tracksuit", "tracksuit"), ("sweater|pullover", "sweater"), ("cardigan", "cardigan"),
    ("sweatshirt", "sweatshirt"), ("hoodie", "hoodie"), ("jacket", "jacket"), ("blazer", "blazer"),
    ("suit", "suit"), ("shrug", "shrug"), ("jumpsuit", "jumpsuit"), ("playsuit", "romper"),
    ("bras?", "bra"), ("briefs?|trunks?|boxers?", "briefs"), ("nightdress", "nightdress"),
    ("night suit", "night_suit"), ("lounge pants", "lounge_pants"), ("sneakers|slip-ons", "sneakers"),
    ("shoes", "casual_shoes"), ("running shoes|training shoes|walking shoes", "sports_shoes"),
    ("derbys|oxfords|formal shoes", "formal_shoes"), ("loafers", "loafers"), ("boots", "boots"),
    ("heels|pumps|wedges", "heels"), ("flats|ballerinas|mules", "flats"), ("sandals", "sandals"),
    ("flip-flops", "flip_flops"), ("handbag|handheld bag", "handbag"), ("sling bag|shoulder bag|bag", "bag"),
    ("backpack", "backpack"), ("laptop bag", "laptop_bag"), ("trolley bag|trolley", "trolley_bag"),
    ("clutch", "clutch"), ("wallet", "wallet"), ("belt", "belt"), ("cufflinks", "cufflinks"),
    ("tie", "necktie"), ("cap|beanie", "cap"), ("scarf", "scarf"), ("socks", "socks"),
    ("sunglasses", "sunglasses"), ("watch", "watch"), ("cushion covers?|cushion", "cushion"),
    ("curtains?", "curtain"), ("bedsheets?", "bedding"), ("carpet|rug", "rug"), ("lamp", "lamp"),
    ("mug|mugs|plates?|bowls?", "tableware"), ("planter|pot|vase", "plant_pot"),
)  # fmt: skip
"""What a title names → the concept that its price tells about. The last to end in the title wins."""

AMAZON_KINDS = {
    "Rucksacks": "rucksack", "Suitcases & Trolley Bags": "trolley_bag", "Travel Duffles": "duffel_bag",
    "Handbags & Clutches": "handbag", "Fashion & Silver Jewellery": "jewellery",
    "Gold & Diamond Jewellery": "ring", "Ballerinas": "flats", "Fashion Sandals": "heels",
    "Formal Shoes": "formal_shoes", "Sports Shoes": "sports_shoes", "Ethnic Wear": "ethnic_wear",
    "Innerwear": "innerwear", "Home Storage": "storage_box", "Indoor Lighting": "lighting",
    "Bedroom Linen": "bedding", "Home Furnishing": "textiles", "Home Décor": "decoration",
    "Kitchen & Dining": "tableware", "Furniture": "furniture", "Shoes": "shoes", "Sunglasses": "sunglasses",
}  # fmt: skip
IKEA_KINDS = {
    "Bookcases & shelving units": "shelf", "Chairs": "chair", "Sofas & armchairs": "sofa",
    "Tables & desks": "table", "Wardrobes": "wardrobe", "Beds": "bed", "Cabinets & cupboards": "cabinet",
    "Chests of drawers & drawer units": "chest_of_drawers",
}  # fmt: skip

_KIND_PATTERNS = tuple((re.compile(rf"\b({words})\b"), concept) for words, concept in KINDS)


def fit_offers(data: Path, tree: ConceptTree) -> OfferModel:
    """Fit from `data`/text. FileNotFoundError names the list that is missing."""
    text = data / "text"
    amazon = list(_rows(text / "amazon_in_products.csv"))
    myntra = _grouped(
        (kind_of(row["title"]), _number(row["price_inr"]))
        for row in _rows(text / "myntra_prices.csv")
    )
    ikea = _grouped(
        (IKEA_KINDS.get(row["category"]), _number(row["price_sar"]))
        for row in _rows(text / "ikea_sa_prices.csv")
    )
    by_category = _grouped(
        (AMAZON_KINDS.get(row["sub_category"]), _number(row["price_inr"])) for row in amazon
    )
    sources = (
        ("INR", "amazon_in", by_category),
        ("SAR", "ikea_sa", ikea),
        ("INR", "myntra", _with_ancestors(myntra, tree)),
    )
    prices = {
        concept: PriceTable(
            currency=currency, source=source, count=len(values), quantiles=_trimmed(values)
        )
        for currency, source, groups in sources
        for concept, values in sorted(groups.items())
        if len(values) >= MIN_COUNT
    }
    rated = [value for row in amazon if (value := _number(row["rating"])) is not None]
    discounts = [_discount(row) for row in amazon if _number(row["price_inr"])]
    return OfferModel(
        prices=dict(sorted(prices.items())),
        rating=_quantiles(rated),
        rating_count=_quantiles(
            [n for row in amazon if (n := _number(row["ratings_count"])) is not None]
        ),
        discount=_trimmed([d for d in discounts if d], 0.05),
        unrated_share=round(1 - len(rated) / len(amazon), 4),
        undiscounted_share=round(sum(not d for d in discounts) / len(discounts), 4),
    )


def kind_of(title: str) -> str | None:
    """The concept whose price a title tells about; None when it names none of KINDS."""
    head = re.split(r"\bwith\b|\(", title.casefold())[0]
    found = [
        (match.end(), len(match.group()), concept)
        for pattern, concept in _KIND_PATTERNS
        for match in pattern.finditer(head)
    ]
    return max(found)[2] if found else None


def _with_ancestors(groups: Mapping[str, list[float]], tree: ConceptTree) -> dict[str, list[float]]:
    """Each concept's prices, and each inner concept's: all below it together."""
    joined: dict[str, list[float]] = {}
    for concept, values in groups.items():
        for above in tree.ancestors(concept):
            joined.setdefault(above, []).extend(values)
    return joined


def _grouped(pairs: Iterable[tuple[str | None, float | None]]) -> dict[str, list[float]]:
    groups: dict[str, list[float]] = {}
    for concept, value in pairs:
        if concept is not None and value is not None and value > 0:
            groups.setdefault(concept, []).append(value)
    return groups


def _discount(row: Mapping[str, str]) -> float:
    """0 when there is no list price above the price."""
    price, list_price = _number(row["price_inr"]), _number(row["mrp_inr"])
    if price is None or list_price is None or not 0 < price <= list_price:
        return 0.0
    return 1 - price / list_price


def _trimmed(values: list[float], share: float = TRIM) -> Quantiles:
    ordered = sorted(values)
    cut = int(len(ordered) * share)
    return _quantiles(ordered[cut : len(ordered) - cut])


def _quantiles(values: Iterable[float]) -> Quantiles:
    ordered = sorted(values)
    last = len(ordered) - 1
    found = []
    for step in range(STEPS + 1):
        place = last * step / STEPS
        below = math.floor(place)
        above = min(below + 1, last)
        found.append(round(ordered[below] + (place - below) * (ordered[above] - ordered[below]), 4))
    return tuple(found)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _rows(path: Path) -> Iterable[Mapping[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)
