"""Why an item stands where it does, in a shopper's words, from the model's own contributions.

Invariants: a sentence is said only when its features raised this item's score (or when a rule acted,
or it is out of stock); sentences come with the greatest contribution first; numbers are the offer's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from babel.numbers import format_decimal

from catalog.search import RankedItem
from ranking.features import FEATURES
from ranking.phrases import PHRASES

REASONS = 3
"""At most so many sentences from contributions."""
LEAST = 1e-3
"""A contribution below it is no reason."""

_GROUP_OF = {feature.name: feature.group for feature in FEATURES}
_RATING = frozenset({"policy_rating", "shrunk_rating", "log_reviews"})
_PRICE = frozenset({"policy_price", "price_position", "discount", "price_to_neighbours"})
_PRIME = frozenset({"policy_prime", "prime"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A kind of reason with what it added to the score; `kind` is a family of features."""

    kind: str
    contribution: float


def reasons(contributions: Mapping[str, float]) -> tuple[Reason, ...]:
    """Contributions by family, greatest first; they and the bias sum to the score."""
    sums: dict[str, float] = {}
    for name, value in contributions.items():
        if name != "bias":
            kind = _family(name)
            sums[kind] = sums.get(kind, 0.0) + value
    ordered = sorted(sums.items(), key=lambda pair: -pair[1])
    return tuple(Reason(kind=kind, contribution=value) for kind, value in ordered)


def sentences(item: RankedItem, language: str, prime_name: str = "Prime") -> tuple[str, ...]:
    """Short sentences in the language of a BCP 47 tag; English when it has none of its own.

    Without contributions (a pinned product, an item not explained) only stock and rules speak.
    """
    base = language.split("-", maxsplit=1)[0].lower()
    words = PHRASES.get(base, PHRASES["en"])
    locale = base if base in PHRASES else "en"
    said = _from_contributions(item, words, locale, prime_name)
    if not item.candidate.listing.offer.available:
        said.append(words["gone"])
    for rule in item.rules:
        phrase = words.get(rule.action, words["rule"])
        said.append(phrase.format(rule=rule.id, reason=rule.reason))
    return tuple(said)


def _from_contributions(
    item: RankedItem, words: Mapping[str, str], locale: str, prime_name: str
) -> list[str]:
    found = reasons(item.contributions or {})
    by_kind = {reason.kind: reason.contribution for reason in found}
    said: list[str] = []
    for reason in found:
        if reason.contribution < LEAST or len(said) == REASONS:
            break
        phrase = _phrase(reason.kind, item, by_kind, words, locale, prime_name)
        if phrase is not None and phrase not in said:
            said.append(phrase)
    return said


def _phrase(
    kind: str,
    item: RankedItem,
    by_kind: Mapping[str, float],
    words: Mapping[str, str],
    locale: str,
    prime_name: str,
) -> str | None:
    if kind in {"visual", "appearance"}:
        return words[_likeness(by_kind)]
    if kind == "rating":
        return _rated(item, words, locale)
    if kind == "category":
        return words["kind"]
    if kind == "prime":
        return (
            words["prime"].format(prime=prime_name) if item.candidate.listing.offer.prime else None
        )
    return words[kind] if kind in {"person", "price", "slot"} else None


def _likeness(by_kind: Mapping[str, float]) -> str:
    """Shape from the visual family's sign, colour from the appearance family's."""
    near = "near" if by_kind.get("visual", 0.0) >= LEAST else "far"
    appearance = by_kind.get("appearance", 0.0)
    if abs(appearance) < LEAST:
        return near
    return f"{near}_same" if appearance > 0 else f"{near}_other"


def _rated(item: RankedItem, words: Mapping[str, str], locale: str) -> str | None:
    offer = item.candidate.listing.offer
    if offer.rating is None or offer.rating_count < 1:
        return None
    rating = format_decimal(offer.rating, format="0.0", locale=locale)
    if offer.rating_count == 1:
        return words["rated_once"].format(rating=rating)
    count = format_decimal(offer.rating_count, locale=locale)
    return words["rated"].format(rating=rating, count=count)


def _family(name: str) -> str:
    for kind, members in (("rating", _RATING), ("price", _PRICE), ("prime", _PRIME)):
        if name in members:
            return kind
    return _GROUP_OF.get(name, "other")
