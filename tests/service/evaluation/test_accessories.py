"""The yardstick's rows are judged by what is offered, what is worn, and what leads."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.concepts import ConceptTree
from catalog.locale_files import load_concepts
from catalog.search import Slot
from service.evaluation.accessories import AccessoriesReport, Offered
from service.evaluation.yardstick import ExpectedAccessories
from service.pipeline import FilledSlot

CONCEPTS = Path(__file__).parents[3] / "locales" / "concepts.yaml"
JEANS = ExpectedAccessories(
    line=13, marketplace="in", seen="jeans", slots=(("sneakers",), ("cap",)), never_first=("necktie",)
)  # fmt: skip
NOTHING = {"answers_broken": 0, "precision": None, "recall": None}


@pytest.fixture(scope="module")
def tree() -> ConceptTree:
    return load_concepts(CONCEPTS)


def slots(*concepts: str) -> tuple[Slot, ...]:
    return tuple(
        Slot(rule="r", id=concept, titles={"en": concept}, concepts=(concept,), categories=())
        for concept in concepts
    )


def offered(*concepts: str, worn: tuple[str, ...] = (), by_rules: tuple[str, ...] = ()) -> Offered:
    filled = tuple(FilledSlot(slot=slot, items=()) for slot in slots(*concepts))
    return Offered(slots=filled, worn=worn, by_rules=slots(*by_rules))


def judged(tree: ConceptTree, *answers: Offered) -> dict[str, object]:
    report = AccessoriesReport(tree=tree)
    report.judge(JEANS, "photo", answers)
    return report.rows[0]


def test_a_row_passes_when_most_answers_offer_each_slot(tree: ConceptTree) -> None:
    whole, half = offered("sneakers", "cap"), offered("sneakers")
    assert judged(tree, whole, whole, half)["slots_missing"] == []
    assert judged(tree, whole, half, half)["slots_missing"] == ["cap"]
    assert judged(tree, whole, half, half)["met"] == 1


def test_what_is_worn_is_left_out_rightly_by_a_coarser_name_too(tree: ConceptTree) -> None:
    assert judged(tree, offered("cap", worn=("sneakers",)))["slots_missing"] == []
    assert judged(tree, offered("cap", worn=("shoes",)))["slots_missing"] == []
    assert judged(tree, offered("cap", worn=("bag",)))["slots_missing"] == ["sneakers"]


def test_the_document_counts_rows_and_answers_by_source(tree: ConceptTree) -> None:
    report = AccessoriesReport(tree=tree)
    report.judge(JEANS, "photo", [offered("sneakers"), offered("sneakers", "cap")])
    report.judge(JEANS, "product", [offered("sneakers")])
    document = report.document()
    assert (document["passed"], document["n"]) == (1, 2)
    assert document["by_source"] == {
        "photo": {"n": 1, "passed": 1, "answers": 2, "answers_met": 1, **NOTHING},
        "product": {"n": 1, "passed": 0, "answers": 1, "answers_met": 0, **NOTHING},
        "concept": {"n": 0, "passed": 0, "answers": 0, "answers_met": 0, **NOTHING},
    }


def test_slots_are_held_against_those_of_the_true_concepts_rules(tree: ConceptTree) -> None:
    """A coarser name has its kinds in common; an answer without rules to hold against is left out."""
    report = AccessoriesReport(tree=tree)
    answers = [
        offered("shoes", "necktie", by_rules=("sneakers", "cap", "watch")),
        offered("bag"),
    ]
    report.judge(JEANS, "photo", answers)
    by_source = report.document()["by_source"]
    assert isinstance(by_source, dict)
    assert by_source["photo"]["precision"] == 0.5
    assert by_source["photo"]["recall"] == 0.3333
