"""Who is trained on and who is measured: by brand, product, sender, photo and source repository.

The committed table `tests/cases/splits.csv` was written once by `write_splits` and is never redrawn.
Titles serve the splits, the sampling and the brand baseline; no model reads them.
"""

from __future__ import annotations

import csv
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Row = Mapping[str, str]

COLUMNS = ("dataset", "id", "product_split", "brand_split", "fold")

BRANDS_BY_HAND: Mapping[str, str] = {
    # Every ethnic class that has two brands is trained on one and measured on another.
    **dict.fromkeys(
        ("W", "Vishudh", "Visudh", "Diva", "Folklore", "Fabindia", "FNF", "Sepia", "109F", "Biba",
         "Ayaany", "Ayaanay", "Ayaanay_Women_New_2013_Tunics_Size_Chart.jpg", "Myntra", "Satya",
         "Estelle", "Lucera", "Revv", "Vero", "ALayna", "Sushilas"),
        "train",
    ),
    **dict.fromkeys(("Mother", "Span", "Mineral", "ToniQ", "Shree", "Urban", "ONLY"), "val"),
    **dict.fromkeys(
        ("Aurelia", "Aneri", "Prafful", "Elle", "Fusion", "Femella", "Royal", "Adrika", "Allen",
         "La-Emotio"),
        "test",
    ),
}  # fmt: skip

TEST_REPOSITORIES = frozenset(
    {
        "github:atharva2131/Golden-Thread",
        "github:safooratamkeen/ayyubfashionlane",
        "github:Lingikaushikreddy/ALEESABETHNIC-WEAR",
        "github:rohram04/veshti_store",
        "github:unknownwarrior789/suidhaga",
    }
)
"""Sources of classes that other sources show too; the single-source classes stay trainable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """One record's place. `fold` is 0 to 4 where folds are used, else None."""

    product: str
    brand: str
    fold: int | None = None

    def part(self, by: str) -> str:
        """`train`, `val` or `test` by unseen `brand` or by `product`."""
        return self.brand if by == "brand" else self.product


def brand_of(row: Row) -> str:
    """The first word of the title; `?` when there is none."""
    return (row["title"].split() or ["?"])[0]


def load_splits(path: Path) -> Mapping[tuple[str, str], Split]:
    """By data set and id. Raises FileNotFoundError naming the table when it is missing."""
    with path.open(encoding="utf-8", newline="") as file:
        return {
            (row["dataset"], row["id"]): Split(
                product=row["product_split"],
                brand=row["brand_split"],
                fold=int(row["fold"]) if row["fold"] else None,
            )
            for row in csv.DictReader(file)
        }


def assign_groups(
    groups: Mapping[str, Sequence[str]],
    *,
    seed: int,
    shares: Mapping[str, float],
    fixed: Mapping[str, str],
    class_share: float = 0.35,
) -> dict[str, str]:
    """Give each group (brand, sender) a split.

    `groups` holds the class of each of its rows. A group goes to a split of `shares` while the split
    is not full and none of the group's classes loses more than `class_share` to it; else to `train`.
    """
    totals = Counter(label for labels in groups.values() for label in labels)
    taken: dict[str, Counter[str]] = {split: Counter() for split in shares}
    order = sorted(group for group in groups if group not in fixed)
    random.Random(seed).shuffle(order)
    assigned = {group: fixed[group] for group in groups if group in fixed}
    for group, split in assigned.items():
        if split in taken:
            taken[split].update(groups[group])
    for group in order:
        assigned[group] = "train"
        for split, share in shares.items():
            after = taken[split] + Counter(groups[group])
            room = after.total() <= share * totals.total()
            if room and all(after[c] <= max(1, class_share * totals[c]) for c in groups[group]):
                taken[split] = after
                assigned[group] = split
                break
    return assigned


def split_catalog(rows: Sequence[Row], pairs: Iterable[Row], seed: int) -> dict[str, Split]:
    """Brands first; then products of the trained brands at random, one photo's ids together."""
    by_brand: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        by_brand[brand_of(row)].append(row["article_type"])
    brands = assign_groups(
        by_brand, seed=seed, shares={"test": 0.2, "val": 0.1}, fixed=BRANDS_BY_HAND
    )
    group = {row["id"]: row["id"] for row in rows}
    for pair in pairs:
        if pair["verdict"] == "same photo":
            old, new = group[pair["id_b"]], group[pair["id_a"]]
            group = {key: new if value == old else value for key, value in group.items()}
    of_brand = {row["id"]: brands[brand_of(row)] for row in rows}
    draws = random.Random(seed + 1)
    drawn = {root: draws.random() for root in sorted(set(group.values()))}
    return {
        key: Split(product=_product_split(of_brand[root], drawn[root]), brand=of_brand[root])
        for key, root in group.items()
    }


def split_by_group(rows: Sequence[Row], group: str, label: str, seed: int) -> dict[str, Split]:
    """Whole groups (senders, photos) at random: a quarter to `test`, a tenth to `val`."""
    groups: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        groups[row[group]].append(row[label])
    assigned = assign_groups(
        groups, seed=seed, shares={"test": 0.25, "val": 0.1}, fixed={}, class_share=0.5
    )
    return {
        row["id"]: Split(product=assigned[row[group]], brand=assigned[row[group]]) for row in rows
    }


def split_repositories(rows: Sequence[Row], folds: int = 5) -> dict[str, Split]:
    """Whole source repositories into folds of even size, biggest first; some are `test` for good."""
    sizes = Counter(row["source_repo"] for row in rows)
    filled = [0] * folds
    fold_of: dict[str, int] = {}
    for repository, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        fold_of[repository] = filled.index(min(filled))
        filled[fold_of[repository]] += size
    splits = {}
    for row in rows:
        split = "test" if row["source_repo"] in TEST_REPOSITORIES else "train"
        splits[row["id"]] = Split(product=split, brand=split, fold=fold_of[row["source_repo"]])
    return splits


def write_splits(data: Path, path: Path, *, seed: int = 20261124) -> None:
    """Draw every split of a data folder and write the table; refuses to overwrite one.

    Raises FileExistsError: a redrawn split would mix trained and measured pictures.
    """
    if path.exists():
        raise FileExistsError(f"{path} is drawn already and never redrawn; name another file.")
    street = _rows(data / "street/photos.csv")
    home = _rows(data / "home/items.csv")
    garments = [row for row in street if row["id"].startswith("cd_")]
    worn = [row for row in street if row["id"].startswith("ccp_")]
    pieces = [row for row in home if row["id"].startswith("hk_")]
    measured = Split(product="test", brand="test")
    tables = {
        "catalog": split_catalog(
            _rows(data / "catalog/products.csv"), _rows(data / "neardup/catalog_pairs.csv"), seed
        ),
        "street": split_by_group(garments, "sender", "label", seed)
        | split_by_group(worn, "id", "label", seed),
        "ethnic_extra": split_repositories(_rows(data / "ethnic_extra/photos.csv")),
        "home": split_by_group(pieces, "id", "category", seed)
        | {row["id"]: measured for row in home if row["id"].startswith("ikea_")},
    }
    with path.open("x", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for dataset, splits in tables.items():
            for key in sorted(splits):
                split = splits[key]
                fold = "" if split.fold is None else split.fold
                writer.writerow((dataset, key, split.product, split.brand, fold))


def _product_split(brand_split: str, draw: float) -> str:
    """Products of measured brands are measured there; of the others an eighth is."""
    if brand_split == "test":
        return ""
    return "test" if draw < 0.125 else "val" if draw < 0.175 else "train"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
