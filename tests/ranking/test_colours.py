from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.products import COLOURS
from ranking.colours import HUES, NEUTRAL, colour_fit

SHARES = st.dictionaries(st.sampled_from(COLOURS), st.floats(0, 1), max_size=4)


@given(st.sampled_from(["match", "complement", "neutral", "any"]), st.sampled_from(COLOURS), SHARES)
def test_a_fit_is_a_share(relation: str, colour: str, seen: dict[str, float]) -> None:
    assert -1e-9 <= colour_fit(relation, colour, seen) <= 1 + 1e-9


def test_every_colour_word_has_a_hue_or_none_on_purpose() -> None:
    assert set(HUES) | NEUTRAL | {"multi"} == set(COLOURS) | (NEUTRAL - set(COLOURS))


@pytest.mark.parametrize(
    ("relation", "better", "worse"),
    [("match", "maroon", "green"), ("complement", "teal", "rust"), ("neutral", "gold", "pink")],
)
def test_against_a_red_outfit(relation: str, better: str, worse: str) -> None:
    seen = {"red": 1.0}
    assert colour_fit(relation, better, seen) > colour_fit(relation, worse, seen)


def test_nothing_seen_or_asked_is_indifferent() -> None:
    assert colour_fit("match", "red", {}) == 0.5
    assert colour_fit("any", "red", {"red": 1.0}) == 0.5
