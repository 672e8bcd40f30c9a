"""The nearest known word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.suggestions import did_you_mean, suggestion

CONCEPTS = ("kurti", "kurta_women", "saree", "saree_blouse", "dupatta", "jutti", "earrings", "belt")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("krti", "kurti"), ("kutri", "kurti"), ("Kurtis", "kurti"), ("kurta women", "kurta_women"),
        ("kurta-women", "kurta_women"), ("sarree", "saree"), ("dupata", "dupatta"), ("blet", "belt"),
        ("earing", "earrings"), ("sofa", None), ("x", None), ("", None),
    ],
)  # fmt: skip
def test_slips_of_the_fingers_find_their_word(written: str, meant: str | None) -> None:
    assert did_you_mean(written, CONCEPTS) == meant


def test_of_two_equally_near_words_the_one_with_the_same_start_wins() -> None:
    assert did_you_mean("heals", ("seals", "heels")) == "heels"


def test_without_a_near_word_a_few_are_listed() -> None:
    assert suggestion("zzzzzz", ("any", "match"), "word") == "Use one of: any, match."
    assert suggestion("zzzzzz", (), "festival") == "No festival is known here; remove it."


@given(st.sampled_from(CONCEPTS), st.data())
def test_a_lost_letter_never_loses_a_word_of_four_letters(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(word) - 1))
    assert did_you_mean(word[:at] + word[at + 1 :], CONCEPTS) is not None


@given(st.text(max_size=30))
def test_an_exact_word_means_itself_and_nothing_breaks(text: str) -> None:
    assert did_you_mean(text, CONCEPTS) in (*CONCEPTS, None)
    assert did_you_mean("saree", CONCEPTS) == "saree"
