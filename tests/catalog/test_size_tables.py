"""Sizes in other systems, as the published tables print them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from catalog.concepts import ConceptTree
from catalog.locale_files import load_concepts
from catalog.size_tables import TABLES, equal_sizes

ROOT = Path(__file__).resolve().parents[2]
CASES = list(csv.DictReader((ROOT / "tests/cases/sizes.csv").read_text("utf-8").splitlines()))


@pytest.fixture(scope="module")
def tree() -> ConceptTree:
    return load_concepts(ROOT / "locales" / "concepts.yaml")


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['gender']} {c['size']} {c['system']}")
def test_a_size_is_what_its_source_prints(tree: ConceptTree, case: dict[str, str]) -> None:
    found = equal_sizes(case["size"], case["concept"], case["gender"], tree)
    assert found[case["system"]] == case["equals"]


def spread(text: str) -> tuple[float, float]:
    """A size, or the two that it lies between."""
    low, _, high = text.partition("–")
    return float(low), float(high or low)


@pytest.mark.parametrize(
    ("concept", "kind", "gender"),
    [("flats", "shoes", "women"), ("sneakers", "shoes", "men"), ("dress", "clothing", "women")],
)
def test_there_and_back_again_never_loses_the_size_that_one_began_with(
    tree: ConceptTree, concept: str, kind: str, gender: str
) -> None:
    table = TABLES[kind, gender]
    for row in table.rows:
        for number in row[table.systems.index("EU")].split("-"):
            there = equal_sizes(f"EU {number}", concept, gender, tree)["US"]
            for step in there.split("–"):
                back = equal_sizes(f"US {step}", concept, gender, tree)["EU"]
                low, high = spread(back)
                assert low <= float(number) <= high


@pytest.mark.parametrize(
    ("size", "concept", "gender"),
    [("free", "saree", "women"), ("M", "kurti", "women"), ("US 99", "flats", "women"),
     ("JP 23", "flats", "women"), ("UK 5", "sofa", None), ("6-7Y", "dress", "girls")],
)  # fmt: skip
def test_what_no_table_converts_has_no_equals(
    tree: ConceptTree, size: str, concept: str, gender: str | None
) -> None:
    assert equal_sizes(size, concept, gender, tree) == {}
