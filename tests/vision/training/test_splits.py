"""The splits are drawn once, by whole brands, senders and sources; nothing measured is trained on."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from catalog.locale_files import load_concepts
from vision.training.samples import read_samples, read_table
from vision.training.splits import assign_groups, brand_of, load_splits, split_catalog, write_splits

ROOT = Path(__file__).resolve().parents[3]
TABLE = ROOT / "tests" / "cases" / "splits.csv"


def row(id_: str, title: str, label: str = "Kurtas") -> dict[str, str]:
    return {"id": id_, "title": title, "article_type": label}


def test_a_brand_is_the_first_word_of_the_title() -> None:
    assert brand_of(row("1", "Fabindia Women Red Kurta")) == "Fabindia"
    assert brand_of(row("1", "")) == "?"


def test_a_group_goes_nowhere_in_parts() -> None:
    groups = {f"brand{i}": ["shirt"] * 5 for i in range(40)}
    assigned = assign_groups(groups, seed=1, shares={"test": 0.2, "val": 0.1}, fixed={})
    assert sorted(assigned) == sorted(groups)
    assert sum(split == "test" for split in assigned.values()) == 8


def test_a_class_keeps_most_of_its_pictures_for_training() -> None:
    groups = {"one": ["saree"] * 9, "two": ["saree"] * 9, "three": ["shirt"] * 80}
    assigned = assign_groups(groups, seed=3, shares={"test": 0.9}, fixed={})
    assert [assigned["one"], assigned["two"]] == ["train", "train"]


def test_ids_of_one_photo_stay_together() -> None:
    rows = [row(str(i), f"Brand{i} thing") for i in range(60)]
    pairs = [{"id_a": str(i), "id_b": str(i + 1), "verdict": "same photo"} for i in range(0, 60, 2)]
    splits = split_catalog(rows, pairs, seed=2)
    for i in range(0, 60, 2):
        assert splits[str(i)] == splits[str(i + 1)]


def test_look_alikes_are_not_tied() -> None:
    rows = [row(str(i), "Zed thing") for i in range(80)]
    pairs = [{"id_a": "0", "id_b": str(i), "verdict": "look-alike"} for i in range(1, 80)]
    assert len({s.product for s in split_catalog(rows, pairs, seed=2).values()}) > 1


def test_the_written_table_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "splits.csv").write_text("kept")
    with pytest.raises(FileExistsError):
        write_splits(tmp_path, tmp_path / "splits.csv")
    assert (tmp_path / "splits.csv").read_text() == "kept"


@pytest.mark.realdata
def test_no_brand_sender_or_source_is_both_trained_and_measured(data: Path) -> None:
    tree = load_concepts(ROOT / "locales" / "concepts.yaml")
    groups: dict[tuple[str, str], set[str]] = defaultdict(set)
    for sample in read_samples(data, tree, load_splits(TABLE)).samples:
        if sample.dataset in ("catalog", "street", "ethnic_extra"):
            groups[sample.dataset, sample.group].add(sample.split.brand)
    mixed = {key for key, splits in groups.items() if "test" in splits and len(splits) > 1}
    # One photo stands under ids of two brands; it is kept in one split with its twin.
    assert len(mixed) <= 2


@pytest.mark.realdata
def test_every_picture_stands_in_the_table(data: Path) -> None:
    known = load_splits(TABLE)
    for dataset, table in (("catalog", "products.csv"), ("ethnic_extra", "photos.csv")):
        for record in read_table(data / dataset / table):
            assert (dataset, record["id"]) in known


@pytest.mark.realdata
def test_non_commercial_pictures_are_measured_only(data: Path) -> None:
    for (_, id_), split in load_splits(TABLE).items():
        if id_.startswith("ikea_"):
            assert split.brand == split.product == "test"
    assert data.is_dir()
