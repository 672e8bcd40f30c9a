from __future__ import annotations

import string
from dataclasses import replace

import pytest

from catalog.search import AppliedRule, RankedItem
from ranking.explanation import reasons, sentences
from ranking.phrases import PHRASES
from ranking.simulation import simulated_market
from tests.ranking.rows import item, with_offer

CANDIDATE = with_offer(
    simulated_market(products=1, seed=0).candidates[0],
    rating=4.6, rating_count=1204, prime=True, available=True,
)  # fmt: skip


def explained(**contributions: float) -> RankedItem:
    return replace(item(CANDIDATE, sum(contributions.values())), contributions=contributions)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en-IN", "rated 4.6 by 1,204 people"),
        ("de-DE", "von 1.204 Personen mit 4,6 bewertet"),
        ("fr-FR", "noté 4,6 par 1\u202f204 personnes"),
        ("it-IT", "valutato 4,6 da 1.204 persone"),
        ("es-ES", "valorado con 4,6 por 1.204 personas"),
        ("hi-IN", "1,204 लोगों ने 4.6 की रेटिंग दी"),
        ("pt-BR", "rated 4.6 by 1,204 people"),
    ],
)
def test_a_rating_is_said_in_the_shoppers_language(language: str, expected: str) -> None:
    assert sentences(explained(policy_rating=0.3, bias=1.0), language) == (expected,)


def test_one_review_is_one_person() -> None:
    once = replace(explained(policy_rating=0.3), candidate=with_offer(CANDIDATE, rating_count=1))
    assert sentences(once, "en") == ("rated 4.6 by one person",)


@pytest.mark.parametrize(
    ("visual", "appearance", "expected"),
    [
        (0.5, -0.2, "very similar shape, other colour"),
        (0.5, 0.2, "very similar shape, same colour"),
        (0.5, 0.0, "very similar shape"),
        (-0.5, 0.2, "similar shape, same colour"),
    ],
)
def test_shape_and_colour_make_one_sentence(
    visual: float, appearance: float, expected: str
) -> None:
    said = sentences(explained(similarity=visual, colour_intersection=appearance), "en")
    assert said == (expected,)


def test_the_greatest_contribution_speaks_first_and_at_most_three_do() -> None:
    said = sentences(
        explained(
            policy_prime=0.1,
            concept_vote=0.9,
            similarity=0.5,
            policy_price=0.2,
            gender_agreement=0.05,
        ),
        "en",
        "Prime",
    )
    assert said == (
        "the kind of thing in your photo", "very similar shape", "a low price for its category",
    )  # fmt: skip


def test_what_lowered_the_score_is_no_reason() -> None:
    assert sentences(explained(policy_rating=-0.3, policy_price=-0.1), "en") == ()


def test_rules_and_stock_speak_without_contributions() -> None:
    gone = replace(
        item(with_offer(CANDIDATE, available=False), 0.0),
        rules=(AppliedRule(id="diwali", action="boost", reason="Silk leads."),),
    )
    assert sentences(gone, "en") == (
        "out of stock at the moment",
        "raised by rule diwali: Silk leads.",
    )
    other = replace(gone, rules=(AppliedRule(id="x", action="new kind", reason="Why."),))
    assert sentences(other, "de")[-1] == "Regel x: Why."


def test_reasons_and_the_bias_sum_to_the_score() -> None:
    one = explained(similarity=0.5, policy_price=0.2, duplicates=-0.1, bias=0.25)
    assert sum(r.contribution for r in reasons(one.contributions or {})) + 0.25 == pytest.approx(
        one.score
    )


def test_every_language_has_every_phrase_with_the_same_places() -> None:
    for language, words in PHRASES.items():
        assert words.keys() == PHRASES["en"].keys(), language
        for key, text in words.items():
            assert placeholders(text) == placeholders(PHRASES["en"][key]), (language, key)
