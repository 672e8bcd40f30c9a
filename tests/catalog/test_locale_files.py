"""Concepts, marketplaces and trees from their files."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.likeness import Thresholds
from catalog.locale_files import load_concepts, load_marketplaces
from documents.findings import DocumentError

LOCALES = Path(__file__).resolve().parents[2] / "locales"


def test_the_real_concepts_load_with_their_labels() -> None:
    tree = load_concepts(LOCALES / "concepts.yaml")
    assert tree.is_a("kurti", "ethnic_wear")
    assert tree.labels["catalog"].concepts({"article_type": "Kurtas", "gender": "Men"}) == (
        "kurta_men",
    )
    assert tree.labels["street_ethnic"].rows == tree.labels["ethnic_extra"].rows


def test_the_real_marketplaces_load_with_their_trees() -> None:
    loaded = load_marketplaces(LOCALES)
    assert (
        set(loaded.marketplaces) == set(loaded.trees) >= {"in", "us", "gb", "de", "fr", "it", "es"}
    )
    assert loaded.trees["us"].accepted("kurti")[0] == "tunic"


def test_the_thresholds_of_duplicates_are_read(tmp_path: Path) -> None:
    (tmp_path / "concepts.yaml").write_text("concepts: {a: {}}\nduplicates: {score: 2.5}\n")
    assert load_marketplaces(tmp_path).duplicates == Thresholds(score=2.5)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("concepts:\n  a: {parent: b}\n  b: {parent: a}\n", "L002 in 'a': 'a' stands below itself"),
        ("concepts:\n  kurta: {}\n  kurti: {parent: kutra}\n", "Did you mean 'kurta'?"),
        ("concepts: {a: {}}\nduplicates: {neighbours: 0}\n", "number from 1 to 100"),
        ("concepts: {a: {}}\nduplicates: {scores: 2}\n", "Did you mean 'score'?"),
        ("concepts: {a: {}}\nlabels: {x: {same_as: y}}\n", "L003 in 'x': data set 'y' has no rows"),
    ],
)
def test_a_wrong_concept_file_is_refused_at_its_place(
    tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / "concepts.yaml").write_text(text)
    with pytest.raises(DocumentError) as raised:
        load_concepts(tmp_path / "concepts.yaml")
    assert message in str(raised.value)
